//! New accounts and rooms: the effect of a network entry, a split, or an import.

use super::amend::check_day;
use crate::store::{self, Stamp};
use crate::{
    FactChanged, FactRule, FieldChange, Held, HouseholdChanged, NewAccount, NewPremise, Version,
    account_grams, changes,
};
use kernel::{AccountId, Error, Permission, PremiseId, Result, Tx};
use serde_json::{Value, json};
use uuid::Uuid;

/// The longest number that is printed on bills.
const LONGEST_NO: usize = 20;

/// Opens an account for a room, under the permission of the business that it is the effect of.
pub async fn open_account(tx: &mut Tx, key: Permission, new: NewAccount) -> Result<AccountId> {
    let scope = tx.scope(key)?;
    check_day(tx, new.opened_on)?;
    new.facts.check()?;
    if new.reason.trim().is_empty() {
        return Err(FactRule::WhyMissing.into());
    }
    let no = match new.account_no.as_deref().map(str::trim) {
        Some(no) if no.is_empty() || no.len() > LONGEST_NO || !no.is_ascii() => {
            return Err(Error::invalid("account_no", "户号有误", "not an account number"));
        }
        Some(no) => no.to_owned(),
        None => store::next_account_no(tx).await?,
    };
    store::lock_premise(tx, new.premise_id, &scope).await?;
    let site = store::site(tx, &new, &scope).await?;
    let grams = account_grams(&site.name, &site.address, &site.org_path, &site.phones);
    store::with_versions(tx, true).await?;
    let id = store::insert_account(tx, &new, &no, &site, &grams).await?;
    store::with_versions(tx, false).await?;
    if store::room_is_taken(tx, (id, new.premise_id), new.opened_on, None).await? {
        return Err(FactRule::RoomTaken.into());
    }
    let stamp = Stamp { at: tx.now(), change: tx.new_id::<Uuid>() };
    store::insert_change(tx, stamp, new.reason.trim(), "open", None).await?;
    let first = Version { from: new.opened_on, to: None, facts: new.facts.clone() };
    store::insert_account_version(tx, id, &first, stamp).await?;
    let held = Version { from: new.opened_on, to: None, facts: Held };
    store::insert_room(tx, (id, new.premise_id), &held, stamp).await?;
    tell(tx, id, no, site.org_path, changes(&[], &[first]), (stamp, &new.reason))?;
    Ok(id)
}

fn tell(
    tx: &mut Tx,
    id: AccountId,
    no: String,
    org_path: String,
    changes: Vec<FieldChange>,
    (stamp, reason): (Stamp, &str),
) -> Result<()> {
    tx.emit(&HouseholdChanged {
        account_id: id,
        what: "opened",
        from: Value::Null,
        to: json!({ "account_no": no }),
        org_path: org_path.clone(),
    })?;
    let Some(from) = changes.iter().map(|c| c.valid_from).min() else { return Ok(()) };
    tx.emit(&FactChanged {
        account_ids: vec![id],
        from,
        change_id: stamp.change,
        changes,
        reason: reason.trim().to_owned(),
        org_path,
    })
}

/// Adds a room to a unit, under the permission of the business that it is the effect of.
pub async fn add_premise(tx: &mut Tx, key: Permission, new: NewPremise) -> Result<PremiseId> {
    let scope = tx.scope(key)?;
    check_day(tx, new.from)?;
    new.facts.check()?;
    let room = new.room.trim();
    if room.is_empty() || room.chars().count() > 20 || !(-10..=200).contains(&new.floor) {
        return Err(Error::invalid("room", "房号或楼层有误", "no room has that number or storey"));
    }
    let unit = store::unit(tx, &new, &scope).await?;
    store::with_versions(tx, true).await?;
    let id = store::insert_premise(tx, &new, &unit).await?;
    store::with_versions(tx, false).await?;
    let stamp = Stamp { at: tx.now(), change: tx.new_id::<Uuid>() };
    store::insert_change(tx, stamp, new.reason.trim(), "open", None).await?;
    let first = Version { from: new.from, to: None, facts: new.facts };
    store::insert_premise_version(tx, id, &first, stamp).await?;
    Ok(id)
}
