//! What hangs on a household beside its facts.

use super::amend::check_day;
use crate::permissions::{AMEND, VIEW};
use crate::store;
use crate::{
    Household, HouseholdChanged, HouseholdRule, NewDocument, NewMeter, UtilityAccount,
    normalise_phone,
};
use chrono::NaiveDate;
use kernel::clock::local_date;
use kernel::{AccountId, Permission, Result, Tx};
use serde_json::{Value, json};
use uuid::Uuid;

/// Everything around an account that its first page does not show.
pub async fn household(tx: &mut Tx, id: AccountId) -> Result<Household> {
    let scope = tx.scope(VIEW)?;
    let account = store::account(tx, id, &scope).await?;
    let today = local_date(tx.now());
    let rooms = store::rooms(tx, id, today).await?;
    let premises: Vec<Uuid> = rooms.iter().map(|r| *r.premise_id).collect();
    let now = store::states(tx, id).await?;
    Ok(Household {
        holder: store::person(tx, account.person_id).await?,
        meters: store::meters(tx, &premises).await?,
        utilities: store::utility_accounts(tx, &premises, &scope).await?,
        others: store::other_accounts(tx, account.person_id, id, &scope).await?,
        blacklist: store::listings(tx, id).await?,
        documents: store::documents(tx, id).await?,
        network_state: now.network_state,
        charge_type: now.charge_type,
        low_income: now.low_income,
        rooms,
    })
}

/// Accounts of all utilities in a household's rooms, its own among them.
pub async fn utilities_of(tx: &mut Tx, id: AccountId) -> Result<Vec<UtilityAccount>> {
    let scope = tx.scope(VIEW)?;
    let today = local_date(tx.now());
    let rooms = store::rooms(tx, id, today).await?;
    let premises: Vec<Uuid> = rooms.iter().map(|r| *r.premise_id).collect();
    store::utility_accounts(tx, &premises, &scope).await
}

fn changed(
    tx: &mut Tx,
    account_id: AccountId,
    what: &'static str,
    (from, to): (Value, Value),
    org_path: String,
) -> Result<()> {
    tx.emit(&HouseholdChanged { account_id, what, from, to, org_path })
}

/// Sets a household's tags; each is a word of the dictionary.
pub async fn set_tags(tx: &mut Tx, id: AccountId, mut tags: Vec<String>) -> Result<()> {
    let scope = tx.scope(AMEND)?;
    let org_path = store::org_path(tx, id, &scope).await?;
    tags.sort_unstable();
    tags.dedup();
    if !store::are_terms(tx, "tag", &tags).await? {
        return Err(HouseholdRule::UnknownTerm.into());
    }
    let before = store::set_tags(tx, id, &tags).await?;
    if before == tags {
        Ok(())
    } else {
        changed(tx, id, "tags", (json!(before), json!(tags)), org_path)
    }
}

/// Puts a household on the blacklist, because of a violation.
pub async fn blacklist(
    tx: &mut Tx,
    id: AccountId,
    reason: &str,
    since: Option<NaiveDate>,
) -> Result<()> {
    blacklist_under(tx, AMEND, id, reason, since).await
}

/// The same under the permission of the business that it is the effect of, such as an inspection.
pub async fn blacklist_under(
    tx: &mut Tx,
    key: Permission,
    id: AccountId,
    reason: &str,
    since: Option<NaiveDate>,
) -> Result<()> {
    let scope = tx.scope(key)?;
    let org_path = store::org_path(tx, id, &scope).await?;
    let reason = super::reason(reason)?;
    let since = since.unwrap_or_else(|| local_date(tx.now()));
    check_day(tx, since)?;
    if !store::list(tx, id, &reason, since).await? {
        return Err(HouseholdRule::Listed.into());
    }
    changed(
        tx,
        id,
        "blacklist",
        (Value::Null, json!({ "reason": reason, "since": since })),
        org_path,
    )
}

/// Takes a household from the blacklist.
pub async fn lift_blacklist(tx: &mut Tx, id: AccountId, reason: &str) -> Result<()> {
    let scope = tx.scope(AMEND)?;
    let org_path = store::org_path(tx, id, &scope).await?;
    let reason = super::reason(reason)?;
    if !store::lift(tx, id, &reason).await? {
        return Err(HouseholdRule::NotListed.into());
    }
    changed(tx, id, "blacklist", (json!("listed"), json!({ "lifted": reason })), org_path)
}

/// Keeps a paper of a household.
pub async fn add_document(tx: &mut Tx, id: AccountId, new: NewDocument) -> Result<Uuid> {
    let scope = tx.scope(AMEND)?;
    let org_path = store::org_path(tx, id, &scope).await?;
    if new.title.trim().is_empty() || new.title.chars().count() > 200 {
        return Err(HouseholdRule::TitleMissing.into());
    }
    if let (Some(signed), Some(until)) = (new.signed_on, new.valid_to)
        && until < signed
    {
        return Err(HouseholdRule::PaperDates.into());
    }
    if !store::are_terms(tx, "document", std::slice::from_ref(&new.kind)).await? {
        return Err(HouseholdRule::UnknownTerm.into());
    }
    let document = store::insert_document(tx, id, &new).await?;
    let to = json!({ "document": document, "kind": new.kind, "title": new.title.trim() });
    changed(tx, id, "document", (Value::Null, to), org_path)?;
    Ok(document)
}

/// Removes a paper from sight.
pub async fn remove_document(tx: &mut Tx, document: Uuid) -> Result<()> {
    let scope = tx.scope(AMEND)?;
    let (id, title) = store::document_of(tx, document).await?;
    let org_path = store::org_path(tx, id, &scope).await?;
    store::remove_document(tx, document).await?;
    let from = json!({ "document": document, "title": title });
    changed(tx, id, "document", (from, Value::Null), org_path)
}

/// Fits a meter in a room.
pub async fn fit_meter(tx: &mut Tx, new: NewMeter) -> Result<Uuid> {
    let scope = tx.scope(AMEND)?;
    store::lock_premise(tx, new.premise_id, &scope).await?;
    check_day(tx, new.from)?;
    let reading = new.start_reading.as_deref().unwrap_or("0").trim().to_owned();
    let number = new.number.trim();
    let plain = (1..=30).contains(&number.len())
        && number.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let units: &[&str] = match new.kind.as_str() {
        "heat" => &["GJ", "kWh", "MWh"],
        "water" | "gas" => &["m3"],
        "power" => &["kWh"],
        _ => &[],
    };
    if !plain || !units.contains(&new.unit.as_str()) || !is_reading(&reading) {
        return Err(HouseholdRule::MeterAbsurd.into());
    }
    if store::meter_hangs(tx, number, new.from).await? {
        return Err(HouseholdRule::MeterTaken.into());
    }
    let id = store::insert_meter(tx, &new, &reading).await?;
    for (account, org_path) in store::accounts_of_premise(tx, new.premise_id).await? {
        changed(tx, account, "meter", (Value::Null, json!({ "number": number })), org_path)?;
    }
    Ok(id)
}

/// Digits with at most three decimals.
fn is_reading(text: &str) -> bool {
    let (whole, part) = text.split_once('.').unwrap_or((text, "0"));
    let digits =
        |s: &str, most| (1..=most).contains(&s.len()) && s.bytes().all(|b| b.is_ascii_digit());
    digits(whole, 10) && digits(part, 3)
}

/// Takes a meter away.
pub async fn remove_meter(tx: &mut Tx, meter: Uuid, on: NaiveDate) -> Result<()> {
    let scope = tx.scope(AMEND)?;
    let (premise, from) = store::meter_place(tx, meter).await?;
    store::lock_premise(tx, premise, &scope).await?;
    check_day(tx, on)?;
    if on <= from {
        return Err(crate::FactRule::DatesReversed.into());
    }
    store::end_meter(tx, meter, on).await?;
    for (account, org_path) in store::accounts_of_premise(tx, premise).await? {
        changed(tx, account, "meter", (json!(meter), json!({ "removed": on })), org_path)?;
    }
    Ok(())
}

/// A number as it is kept, or the refusal.
pub(super) fn number(written: &str) -> Result<String> {
    Ok(normalise_phone(written).ok_or(crate::DirectoryRule::PhoneInvalid)?)
}
