//! Collecting arrears: who owes, who asks them, and what came of it. The money itself is taken at
//! a counter or by a channel, like any other: a collector takes none.

use crate::event::{What, tell};
use crate::permissions::COLLECT;
use crate::store::{self, ContactRow, NewList, ToRemind, Wanted};
use crate::{
    CollectionContact, CollectionDoor, CollectionList, ContactWay, DebtorFilter, Debtors,
    MOST_DOORS, NewCollection, NewContact, PaymentRule, Reminded, VisitResult,
};
use billing::HoldReason;
use channels::template::{ARREARS_REMINDER, Lang};
use channels::{Medium, NewMessage};
use kernel::clock::local_date;
use kernel::{AccountId, Cursor, Error, Fen, Result, Scope, Tx, page};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

/// Households that owe, the largest debt first.
pub async fn debtors(tx: &mut Tx, of: DebtorFilter) -> Result<Debtors> {
    let scope = tx.scope(COLLECT)?;
    let limit = page::limit(of.limit);
    let after: Option<(i64, Uuid)> = Cursor::decode(of.after.as_deref())?;
    let (items, households, owed_fen) = read(tx, &scope, &of, &[], limit + 1, after).await?;
    let page = page::Page::cut(items, limit, |d| (d.owed_fen.get(), *d.account_id));
    Ok(Debtors { households, owed_fen, items: page.items, next: page.next })
}

async fn read(
    tx: &mut Tx,
    scope: &Scope,
    of: &DebtorFilter,
    only: &[AccountId],
    limit: i64,
    after: Option<(i64, Uuid)>,
) -> Result<(Vec<crate::Debtor>, i64, Fen)> {
    if of.years.is_some_and(|y| !(0..=100).contains(&y)) {
        return Err(Error::invalid("years", "请填 0 至 100", "0 to 100"));
    }
    let year = store::current_season(tx).await?;
    let today = local_date(tx.now());
    store::debtors(tx, Wanted { of, scope, only, year, today, limit, after }).await
}

/// Makes a list of who owes for a collector: those chosen, or all that match.
pub async fn make_collection(tx: &mut Tx, new: NewCollection) -> Result<Uuid> {
    let scope = tx.scope(COLLECT)?;
    let user = tx.user()?;
    let title = super::short("title", &new.title)?;
    if new.of.at_least_fen.is_some_and(|least| least < Fen::ZERO) {
        return Err(PaymentRule::NothingToPay.into());
    }
    if new.due_on < local_date(tx.now()) {
        return Err(PaymentRule::DayNotAhead.into());
    }
    let most = i64::try_from(MOST_DOORS).unwrap_or(i64::MAX);
    let (found, ..) = read(tx, &scope, &new.of, &new.account_ids, most + 1, None).await?;
    if found.is_empty() {
        return Err(PaymentRule::NobodyOwes.into());
    }
    if found.len() > MOST_DOORS {
        return Err(PaymentRule::TooManyDoors(MOST_DOORS).into());
    }
    let collector = new.collector_id.unwrap_or(user);
    let (org_path, _) = store::workplace(tx, user).await?;
    let id = tx.new_id();
    let list = NewList {
        id,
        org_path: &org_path,
        place: new.of.place_id,
        title: &title,
        collector,
        due_on: new.due_on,
    };
    let doors: Vec<_> = found.iter().map(|d| (d.account_id, d.owed_fen)).collect();
    let no = store::insert_collection(tx, list, &doors).await?;
    tell(tx, ("collection", id), &org_path, &What::CollectionMade { no, doors: doors.len() })?;
    Ok(id)
}

/// Lists in sight.
pub async fn collections(tx: &mut Tx) -> Result<Vec<CollectionList>> {
    let scope = tx.scope(COLLECT)?;
    store::collections(tx, &scope, 100).await
}

/// The doors of one list, in the order of a walk, with what each owes now and the late fee that
/// has grown until today.
pub async fn collection_doors(tx: &mut Tx, list: Uuid) -> Result<Vec<CollectionDoor>> {
    let scope = tx.scope(COLLECT)?;
    let mut doors = store::doors(tx, &scope, list).await?;
    let owing: Vec<_> =
        doors.iter().filter(|d| d.now_fen > Fen::ZERO).map(|d| d.account_id).collect();
    let on = local_date(tx.now());
    let mut late: BTreeMap<AccountId, i64> = BTreeMap::new();
    for fee in billing::late_fee_of(tx, &owing, on).await? {
        let sum = late.entry(fee.account_id).or_default();
        *sum = sum.saturating_add(fee.due_fen.get());
    }
    for door in &mut doors {
        door.late_fen = Fen::new(late.get(&door.account_id).copied().unwrap_or_default());
        door.phone = directory::mask_phone(&door.phone);
    }
    Ok(doors)
}

/// Writes what came of a visit or a call. That he paid is only written when the money is there.
pub async fn visit_door(tx: &mut Tx, list: Uuid, new: NewContact) -> Result<()> {
    let scope = tx.scope(COLLECT)?;
    let note = super::short("note", &new.note)?;
    new.check(local_date(tx.now()))?;
    let (path, paid) = store::lock_door(tx, &scope, list, new.account_id).await?;
    if new.result == VisitResult::Paid && paid <= Fen::ZERO {
        return Err(PaymentRule::NotPaid.into());
    }
    let row = ContactRow {
        list,
        account: new.account_id,
        way: new.way,
        result: Some(new.result),
        note: &note,
        promised_on: new.promised_on,
        next_on: new.next_on,
    };
    store::insert_contact(tx, row).await?;
    let (way, result) = (new.way.into(), new.result.into());
    let what = What::DoorVisited { account_id: new.account_id, way, result };
    tell(tx, ("collection", list), &path, &what)
}

/// What was tried with a household, the newest first.
pub async fn account_contacts(tx: &mut Tx, account: AccountId) -> Result<Vec<CollectionContact>> {
    let scope = tx.scope(COLLECT)?;
    store::contacts(tx, &scope, account).await
}

/// Reminds those of a list who still owe, by a message: each once a day at most, nobody whose bill
/// is disputed or in court, and of what is owed after everything that was paid ahead.
pub async fn remind(tx: &mut Tx, list: Uuid, only: &[AccountId]) -> Result<Reminded> {
    let scope = tx.scope(COLLECT)?;
    let doors = store::to_remind(tx, &scope, list, only).await?;
    if doors.is_empty() {
        return Err(Error::NotFound("collection"));
    }
    let today = local_date(tx.now());
    let accounts: Vec<_> = doors.iter().map(|d| d.account_id).collect();
    let disputed: BTreeSet<AccountId> = billing::holds(tx, &accounts, today)
        .await?
        .iter()
        .filter(|h| matches!(h.reason_class, HoldReason::Dispute | HoldReason::Legal))
        .map(|h| h.account_id)
        .collect();
    let mut done = Reminded::default();
    for door in doors {
        if door.owed <= Fen::ZERO {
            done.settled += 1;
        } else if disputed.contains(&door.account_id) {
            done.held += 1;
        } else if door.told_at.is_some_and(|at| local_date(at) == today)
            || !queued(tx, list, &door).await?
        {
            done.left_out += 1;
        } else {
            done.queued += 1;
        }
    }
    let (path, _) = store::workplace(tx, tx.user()?).await?;
    tell(tx, ("collection", list), &path, &What::Reminded { queued: done.queued })?;
    Ok(done)
}

async fn queued(tx: &mut Tx, list: Uuid, door: &ToRemind) -> Result<bool> {
    let today = local_date(tx.now());
    let (day, amount) = (today.format("%Y-%m-%d").to_string(), door.owed.to_string());
    let values = [("address", &*door.address), ("day", &*day), ("amount", &*amount)];
    let body = ARREARS_REMINDER.fill(Lang::Zh, &values);
    let message = NewMessage {
        reason: format!("arrears/{}/{day}", door.account_id),
        medium: Medium::Sms,
        receiver: door.phone.clone(),
        template: ARREARS_REMINDER.key,
        body: body.clone(),
        matter_id: None,
        org_path: door.org_path.clone(),
    };
    if channels::queue(tx, message).await?.is_none() {
        return Ok(false);
    }
    let row = ContactRow {
        list,
        account: door.account_id,
        way: ContactWay::Message,
        result: None,
        note: &format!("欠费 {amount} 元"),
        promised_on: None,
        next_on: None,
    };
    store::insert_contact(tx, row).await?;
    Ok(true)
}
