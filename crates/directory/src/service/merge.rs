//! Two rows that are one person or one room: what pointed to one points to the other, and all of
//! it can be put back.

use crate::permissions::{CLEANSE, VIEW};
use crate::store::{self, MergeRow, Side, Stamp};
use crate::{AccountFacts, CleanseRule, Held, Merge, MergeTwo, Merged, Version, changes, rewrite};
use chrono::NaiveDate;
use kernel::{AccountId, PremiseId, Result, Scope, Tx};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Days from, to.
type Stretch = (NaiveDate, Option<NaiveDate>);

/// What was moved, so that it can be put back.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Moved {
    /// When each account was the other row's.
    accounts: BTreeMap<Uuid, Vec<Stretch>>,
    /// When each account did not hold the row that stays before.
    added: BTreeMap<Uuid, Vec<Stretch>>,
    phones: Vec<String>,
    meters: Vec<Uuid>,
    mains: Vec<Uuid>,
}

/// The last merges, newest first.
pub async fn merges(tx: &mut Tx) -> Result<Vec<Merge>> {
    let scope = tx.scope(VIEW)?;
    store::merges(tx, &scope).await
}

/// Makes two rows one; the merge's id undoes it.
pub async fn merge(tx: &mut Tx, two: MergeTwo) -> Result<Uuid> {
    let scope = tx.scope(CLEANSE)?;
    let reason = super::reason(&two.reason)?;
    if two.keep == two.gone {
        return Err(CleanseRule::SameRow.into());
    }
    let pair = [two.keep, two.gone];
    let sides = match two.subject.as_str() {
        "person" => store::lock_people(tx, pair, &scope).await?,
        "premise" => store::lock_premises(tx, pair, &scope).await?,
        _ => return Err(kernel::Error::invalid("subject", "对象有误", "person or premise")),
    };
    check(&sides)?;
    let change = tx.new_id::<Uuid>();
    let stamp = Stamp { at: tx.now(), change };
    store::insert_change(tx, stamp, &reason, "merge", Some(two.gone)).await?;
    let moved = if two.subject == "person" {
        move_person(tx, two.gone, two.keep, change).await?
    } else {
        move_premise(tx, two.gone, two.keep, change).await?
    };
    let id = tx.new_id::<Uuid>();
    let accounts: Vec<Uuid> = moved.accounts.keys().copied().collect();
    let moved = serde_json::to_value(&moved).map_err(|e| kernel::Error::Internal(e.into()))?;
    let row = MergeRow {
        id,
        subject: two.subject,
        kept_id: two.keep,
        gone_id: two.gone,
        change_id: change,
        moved,
    };
    store::insert_merge(tx, &row).await?;
    finish(tx, row, sides, accounts, false).await?;
    Ok(id)
}

fn check(sides: &[Side]) -> Result<(), CleanseRule> {
    if sides.iter().any(|s| s.merged_into.is_some()) {
        return Err(CleanseRule::AlreadyMerged);
    }
    let mut numbers: Vec<&String> = sides.iter().filter_map(|s| s.id_number.as_ref()).collect();
    numbers.dedup();
    if numbers.len() > 1 { Err(CleanseRule::TwoPeople) } else { Ok(()) }
}

/// Search pieces, findings, and the news.
async fn finish(
    tx: &mut Tx,
    row: MergeRow,
    sides: Vec<Side>,
    accounts: Vec<Uuid>,
    undone: bool,
) -> Result<()> {
    super::amend::refresh(tx, &accounts).await?;
    store::settle_pair(tx, [row.kept_id, row.gone_id], !undone).await?;
    tx.emit(&Merged {
        merge_id: row.id,
        subject: row.subject,
        kept_id: row.kept_id,
        gone_id: row.gone_id,
        accounts: accounts.len(),
        undone,
        org_path: sides.into_iter().find_map(|s| s.org_path),
    })
}

async fn move_person(tx: &mut Tx, gone: Uuid, keep: Uuid, change: Uuid) -> Result<Moved> {
    let mut moved = Moved::default();
    for account in store::accounts_ever_of(tx, gone).await? {
        let stretches = swap_holder(tx, account, gone, keep, None, change).await?;
        moved.accounts.insert(*account, stretches);
    }
    moved.phones = store::move_phones(tx, gone, keep).await?;
    store::set_person_merged(tx, gone, Some(keep)).await?;
    let kept = store::held_by(tx, keep.into()).await?;
    super::amend::refresh(tx, &store::bare(&kept)).await?;
    Ok(moved)
}

/// Writes one holder for another, always or in these stretches; says when it was so.
async fn swap_holder(
    tx: &mut Tx,
    account: AccountId,
    from: Uuid,
    to: Uuid,
    only: Option<&[Stretch]>,
    change: Uuid,
) -> Result<Vec<Stretch>> {
    store::lock_account(tx, account, &Scope::all()).await?;
    let all = store::account_beliefs(tx, &[*account], None).await?;
    let all: Vec<_> = all.into_iter().map(|(_, b)| b).collect();
    let before = store::known(&all, None);
    let swapped = |f: Option<&AccountFacts>| {
        f.map(|f| {
            let person_id = if *f.person_id == from { to.into() } else { f.person_id };
            AccountFacts { person_id, ..f.clone() }
        })
    };
    let whole: Vec<Stretch> = before.first().map(|v| (v.from, None)).into_iter().collect();
    let after = only
        .unwrap_or(&whole)
        .iter()
        .fold(before.clone(), |versions, (f, t)| rewrite(&versions, *f, *t, swapped));
    let stamp = Stamp { at: store::stamp_after(tx, &[*account], None).await?, change };
    let (gone, added) = store::difference(&before, &after);
    store::supersede_account(tx, account, &gone, stamp).await?;
    for version in added {
        store::insert_account_version(tx, account, version, stamp).await?;
    }
    Ok(changes(&before, &after).iter().map(|c| (c.valid_from, c.valid_to)).collect())
}

async fn move_premise(tx: &mut Tx, gone: Uuid, keep: Uuid, change: Uuid) -> Result<Moved> {
    let mut moved = Moved::default();
    for account in store::accounts_ever_in(tx, gone.into()).await? {
        store::lock_account(tx, account, &Scope::all()).await?;
        let left = set_stay(tx, (account, gone.into()), None, false, change).await?;
        let added = set_stay(tx, (account, keep.into()), Some(&left), true, change).await?;
        moved.accounts.insert(*account, left);
        moved.added.insert(*account, added);
    }
    moved.meters = store::move_meters(tx, gone, keep, None).await?;
    moved.mains = store::move_main(tx, gone, keep, None).await?;
    store::set_premise_merged(tx, gone, Some(keep)).await?;
    Ok(moved)
}

/// Lets an account hold a room, or not, always or in these stretches; says what that changed.
async fn set_stay(
    tx: &mut Tx,
    pair: (AccountId, PremiseId),
    only: Option<&[Stretch]>,
    held: bool,
    change: Uuid,
) -> Result<Vec<Stretch>> {
    let rooms = store::room_beliefs(tx, &[*pair.0], None).await?;
    let all: Vec<_> = rooms.into_iter().filter(|(_, p, _)| *p == pair.1).map(|r| r.2).collect();
    let before: Vec<Version<Held>> = store::known(&all, None);
    let whole: Vec<Stretch> = before.iter().map(|v| (v.from, v.to)).collect();
    let after = only
        .unwrap_or(&whole)
        .iter()
        .fold(before.clone(), |v, (f, t)| rewrite(&v, *f, *t, |_| held.then_some(Held)));
    let stamp = Stamp { at: store::stamp_after(tx, &[*pair.0], Some(pair.1)).await?, change };
    let (gone, added) = store::difference(&before, &after);
    store::supersede_room(tx, pair, &gone, stamp).await?;
    for version in added {
        store::insert_room(tx, pair, version, stamp).await?;
    }
    Ok(changes(&before, &after).iter().map(|c| (c.valid_from, c.valid_to)).collect())
}

/// Makes them two again: everything that was moved goes back, as far as it is still there.
pub async fn undo_merge(tx: &mut Tx, id: Uuid, reason: &str) -> Result<()> {
    let scope = tx.scope(CLEANSE)?;
    let reason = super::reason(reason)?;
    let (row, undone) = store::lock_merge(tx, id).await?;
    let pair = [row.kept_id, row.gone_id];
    let sides = match row.subject.as_str() {
        "person" => store::lock_people(tx, pair, &scope).await?,
        _ => store::lock_premises(tx, pair, &scope).await?,
    };
    if undone {
        return Err(CleanseRule::AlreadyUndone.into());
    }
    if sides.iter().any(|s| s.id == row.kept_id && s.merged_into.is_some()) {
        return Err(CleanseRule::MergedOn.into());
    }
    let moved: Moved =
        serde_json::from_value(row.moved.clone()).map_err(|e| kernel::Error::Internal(e.into()))?;
    let change = tx.new_id::<Uuid>();
    let stamp = Stamp { at: tx.now(), change };
    store::insert_change(tx, stamp, &reason, "merge_undone", Some(row.id)).await?;
    if row.subject == "person" {
        for (account, when) in &moved.accounts {
            let account: AccountId = (*account).into();
            swap_holder(tx, account, row.kept_id, row.gone_id, Some(when), change).await?;
        }
        store::move_back(tx, row.kept_id, row.gone_id, &moved.phones).await?;
        store::set_person_merged(tx, row.gone_id, None).await?;
        let kept = store::held_by(tx, row.kept_id.into()).await?;
        super::amend::refresh(tx, &store::bare(&kept)).await?;
    } else {
        put_back_premise(tx, &row, &moved, change).await?;
    }
    store::set_undone(tx, row.id).await?;
    let accounts: Vec<Uuid> = moved.accounts.keys().copied().collect();
    finish(tx, row, sides, accounts, true).await
}

async fn put_back_premise(tx: &mut Tx, row: &MergeRow, m: &Moved, change: Uuid) -> Result<()> {
    for (account, when) in &m.accounts {
        let id: AccountId = (*account).into();
        store::lock_account(tx, id, &Scope::all()).await?;
        let added = m.added.get(account).map(Vec::as_slice).unwrap_or_default();
        set_stay(tx, (id, row.kept_id.into()), Some(added), false, change).await?;
        set_stay(tx, (id, row.gone_id.into()), Some(when), true, change).await?;
    }
    store::move_meters(tx, row.kept_id, row.gone_id, Some(&m.meters)).await?;
    store::move_main(tx, row.kept_id, row.gone_id, Some(&m.mains)).await?;
    store::set_premise_merged(tx, row.gone_id, None).await
}
