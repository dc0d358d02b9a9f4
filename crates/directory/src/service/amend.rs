//! Changing facts: the only way in which anything about a household changes.

use crate::permissions::{AMEND, VIEW};
use crate::store::{self, Stamp};
use crate::{
    Amended, Amendment, Change, FactChanged, FactRule, FieldChange, Held, account_grams, changes,
    rewrite,
};
use chrono::{Days, NaiveDate};
use kernel::clock::local_date;
use kernel::{AccountId, Permission, PremiseId, Result, Scope, Tx};
use uuid::Uuid;

/// The shortest reason of a change, in characters.
const SHORTEST_REASON: usize = 2;
/// The first day about which anything is known.
const FIRST: NaiveDate = match NaiveDate::from_ymd_opt(1970, 1, 1) {
    Some(day) => day,
    None => unreachable!(),
};
/// How far ahead a change may be decided.
const FURTHEST: Days = Days::new(731);

/// Changes facts from a day on, or between two days; what was believed before stays on record.
pub async fn amend(tx: &mut Tx, amendment: Amendment) -> Result<Amended> {
    let scope = tx.scope(AMEND)?;
    amend_in(tx, amendment, &scope).await
}

/// The same as the effect of a business that has its own permission.
pub async fn amend_under(tx: &mut Tx, key: Permission, amendment: Amendment) -> Result<Amended> {
    let scope = tx.scope(key)?;
    amend_in(tx, amendment, &scope).await
}

/// What one amendment did to one thing.
pub(super) struct Effect {
    changes: Vec<FieldChange>,
    accounts: Vec<(AccountId, String)>,
    stamp: Stamp,
}

pub(super) async fn amend_in(tx: &mut Tx, a: Amendment, scope: &Scope) -> Result<Amended> {
    check_frame(tx, &a)?;
    let change = tx.new_id::<Uuid>();
    let effect = match &a.change {
        Change::Account { account_id, .. } => account(tx, *account_id, &a, change, scope).await?,
        Change::Premise { premise_id, .. } => premise(tx, *premise_id, &a, change, scope).await?,
        Change::TakeRoom { account_id, premise_id }
        | Change::LeaveRoom { account_id, premise_id } => {
            room(tx, (*account_id, *premise_id), &a, change, scope).await?
        }
    };
    tell(tx, &a, effect).await
}

fn check_frame(tx: &Tx, a: &Amendment) -> Result<(), FactRule> {
    if a.reason.trim().chars().count() < SHORTEST_REASON {
        return Err(FactRule::WhyMissing);
    }
    if a.to.is_some_and(|to| to <= a.from) {
        return Err(FactRule::DatesReversed);
    }
    check_day(tx, a.from)?;
    a.to.map_or(Ok(()), |to| check_day(tx, to))
}

/// Refuses a day that cannot be meant.
pub(super) fn check_day(tx: &Tx, day: NaiveDate) -> Result<(), FactRule> {
    let last = local_date(tx.now()).checked_add_days(FURTHEST).unwrap_or(NaiveDate::MAX);
    if (FIRST..=last).contains(&day) { Ok(()) } else { Err(FactRule::DateAbsurd) }
}

async fn account(
    tx: &mut Tx,
    id: AccountId,
    a: &Amendment,
    change: Uuid,
    scope: &Scope,
) -> Result<Effect> {
    let Change::Account { patch, .. } = &a.change else { return Err(unreachable_change()) };
    let head = store::lock_account(tx, id, scope).await?;
    if a.from < head.opened_on {
        return Err(FactRule::BeforeOpened.into());
    }
    if let Some(person) = patch.person_id
        && !store::person_is(tx, person).await?
    {
        return Err(kernel::Error::NotFound("person"));
    }
    let all: Vec<_> =
        store::account_beliefs(tx, &[*id], None).await?.into_iter().map(|(_, b)| b).collect();
    let before = store::known(&all, None);
    let after = rewrite(&before, a.from, a.to, |old| old.map(|f| patch.on(f)));
    for version in after.iter().filter(|v| !before.contains(v)) {
        version.facts.check()?;
    }
    let stamp = Stamp { at: store::stamp_after(tx, &[*id], None).await?, change };
    let (gone, added) = store::difference(&before, &after);
    if !added.is_empty() {
        store::insert_change(tx, stamp, a.reason.trim(), a.source, a.source_id).await?;
        store::supersede_account(tx, id, &gone, stamp).await?;
        for version in added {
            store::insert_account_version(tx, id, version, stamp).await?;
        }
    }
    let accounts = vec![(id, head.org_path)];
    Ok(Effect { changes: changes(&before, &after), accounts, stamp })
}

async fn premise(
    tx: &mut Tx,
    id: PremiseId,
    a: &Amendment,
    change: Uuid,
    scope: &Scope,
) -> Result<Effect> {
    let Change::Premise { patch, .. } = &a.change else { return Err(unreachable_change()) };
    store::lock_premise(tx, id, scope).await?;
    let all: Vec<_> =
        store::premise_beliefs(tx, &[*id], None).await?.into_iter().map(|(_, b)| b).collect();
    let before = store::known(&all, None);
    let after = rewrite(&before, a.from, a.to, |old| old.map(|f| patch.on(f)));
    for version in after.iter().filter(|v| !before.contains(v)) {
        version.facts.check()?;
    }
    let accounts = store::accounts_of_premise(tx, id).await?;
    let ids: Vec<Uuid> = accounts.iter().map(|(a, _)| **a).collect();
    let stamp = Stamp { at: store::stamp_after(tx, &ids, Some(id)).await?, change };
    let (gone, added) = store::difference(&before, &after);
    if !added.is_empty() {
        store::insert_change(tx, stamp, a.reason.trim(), a.source, a.source_id).await?;
        store::supersede_premise(tx, id, &gone, stamp).await?;
        for version in added {
            store::insert_premise_version(tx, id, version, stamp).await?;
        }
        store::project_premise(tx, id, local_date(tx.now())).await?;
    }
    Ok(Effect { changes: changes(&before, &after), accounts, stamp })
}

async fn room(
    tx: &mut Tx,
    pair: (AccountId, PremiseId),
    a: &Amendment,
    change: Uuid,
    scope: &Scope,
) -> Result<Effect> {
    let takes = matches!(a.change, Change::TakeRoom { .. });
    let head = store::lock_account(tx, pair.0, scope).await?;
    store::lock_premise(tx, pair.1, scope).await?;
    if a.from < head.opened_on {
        return Err(FactRule::BeforeOpened.into());
    }
    if takes && store::room_is_taken(tx, pair, a.from, a.to).await? {
        return Err(FactRule::RoomTaken.into());
    }
    let rooms = store::room_beliefs(tx, &[*pair.0], None).await?;
    let others = rooms.iter().filter(|(_, p, b)| *p != pair.1 && b.known(None));
    let others: Vec<_> = others.map(|(.., b)| b.version.clone()).collect();
    let all: Vec<_> = rooms.into_iter().filter(|(_, p, _)| *p == pair.1).map(|r| r.2).collect();
    let before = store::known(&all, None);
    let after = rewrite(&before, a.from, a.to, |_| takes.then_some(Held));
    let last = !takes && crate::at(&others, a.from).is_none();
    if last && !has_ended(tx, pair.0, a.from).await? {
        return Err(FactRule::LastRoom.into());
    }
    let stamp = Stamp { at: store::stamp_after(tx, &[*pair.0], Some(pair.1)).await?, change };
    let (gone, added) = store::difference(&before, &after);
    if !added.is_empty() || !gone.is_empty() {
        store::insert_change(tx, stamp, a.reason.trim(), a.source, a.source_id).await?;
        store::supersede_room(tx, pair, &gone, stamp).await?;
        for version in added {
            store::insert_room(tx, pair, version, stamp).await?;
        }
    }
    let accounts = vec![(pair.0, head.org_path)];
    Ok(Effect { changes: changes(&before, &after), accounts, stamp })
}

/// Whether the account is given up on that day: only then nothing is left for it to hold.
async fn has_ended(tx: &mut Tx, id: AccountId, on: NaiveDate) -> Result<bool> {
    let all: Vec<_> =
        store::account_beliefs(tx, &[*id], None).await?.into_iter().map(|(_, b)| b).collect();
    let known = store::known(&all, None);
    let removed = |f: &crate::AccountFacts| f.network_state == crate::NetworkState::Removed;
    Ok(crate::at(&known, on).is_some_and(removed))
}

fn unreachable_change() -> kernel::Error {
    kernel::Error::invalid("change", "变更内容有误", "not that sort of change")
}

/// Brings the current rows in line, and tells who hears of it.
async fn tell(tx: &mut Tx, a: &Amendment, effect: Effect) -> Result<Amended> {
    let Effect { changes, accounts, stamp } = effect;
    let account_ids: Vec<AccountId> = accounts.iter().map(|(id, _)| *id).collect();
    let from = changes.iter().map(|c| c.valid_from).min();
    if let Some(from) = from {
        let ids: Vec<Uuid> = account_ids.iter().map(|a| **a).collect();
        refresh(tx, &ids).await?;
        for (id, org_path) in accounts {
            tx.emit(&FactChanged {
                account_ids: vec![id],
                from,
                change_id: stamp.change,
                changes: changes.clone(),
                reason: a.reason.trim().to_owned(),
                org_path,
            })?;
        }
    }
    let change_id = from.map(|_| stamp.change);
    Ok(Amended { change_id, recorded_at: stamp.at, account_ids, from })
}

/// Brings the current rows of accounts in line with today's facts, search pieces included.
pub(super) async fn refresh(tx: &mut Tx, ids: &[Uuid]) -> Result<()> {
    let today = local_date(tx.now());
    store::project_accounts(tx, ids, today).await?;
    for s in store::searched(tx, ids).await? {
        let grams = account_grams(&s.name, &s.address, &s.org_path, &s.phones);
        store::set_grams(tx, s.id, &grams).await?;
    }
    Ok(())
}

/// Lets begin what was decided for days since `after`: a nightly job; twice does no harm.
pub async fn turn_day(tx: &mut Tx, after: NaiveDate) -> Result<u64> {
    tx.require(VIEW)?;
    let today = local_date(tx.now());
    let (accounts, premises) = store::turning(tx, after, today).await?;
    for id in &premises {
        store::project_premise(tx, (*id).into(), today).await?;
    }
    refresh(tx, &accounts).await?;
    Ok(u64::try_from(accounts.len() + premises.len()).unwrap_or(u64::MAX))
}
