//! Versions of facts: reading beliefs, superseding them, writing new ones.

mod account;
mod premise;
mod project;
mod room;

pub(crate) use account::*;
pub(crate) use premise::*;
pub(crate) use project::*;
pub(crate) use room::*;

use crate::Version;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, PremiseId, Result, Scope, Tx};
use std::collections::BTreeMap;
use uuid::Uuid;

/// When something was written down, by whom, in which act.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Stamp {
    pub at: DateTime<Utc>,
    pub change: Uuid,
}

/// A version with the time during which it was believed.
#[derive(Clone, Debug)]
pub(crate) struct Belief<F> {
    pub version: Version<F>,
    pub recorded_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
    pub change: Option<Uuid>,
}

impl<F> Belief<F> {
    /// Whether it was believed then; whether it is believed now when no time is given.
    pub fn known(&self, at: Option<DateTime<Utc>>) -> bool {
        match at {
            None => self.superseded_at.is_none(),
            Some(at) => self.recorded_at <= at && self.superseded_at.is_none_or(|s| at < s),
        }
    }
}

/// What was believed at a time, or is now, in the order of its days.
pub(crate) fn known<F: Clone>(all: &[Belief<F>], at: Option<DateTime<Utc>>) -> Vec<Version<F>> {
    let mut versions: Vec<_> =
        all.iter().filter(|b| b.known(at)).map(|b| b.version.clone()).collect();
    versions.sort_by_key(|v| v.from);
    versions
}

/// Later than everything that was written down about these households, so that no answer "as
/// known then" changes, however many amendments fall into one instant.
pub(crate) async fn stamp_after(
    tx: &mut Tx,
    accounts: &[Uuid],
    premise: Option<PremiseId>,
) -> Result<DateTime<Utc>> {
    let last = sqlx::query_scalar!(
        "with of_account as (
           select premise_id, recorded_at from directory.account_room where account_id = any($1)
         )
         select max(recorded_at) from (
           select recorded_at from of_account
           union all
           select recorded_at from directory.account_version where account_id = any($1)
           union all
           select recorded_at from directory.premise_version
           where premise_id = $2 or premise_id in (select premise_id from of_account)) r",
        accounts,
        premise.map(|p| *p),
    )
    .fetch_one(tx.db())
    .await?;
    let next = last.map(|at| at + chrono::TimeDelta::microseconds(1));
    Ok(next.map_or(tx.now(), |next| next.max(tx.now())))
}

/// Old versions that do not stand any more, by their first days, and new ones.
pub(crate) fn difference<'a, F: PartialEq>(
    old: &[Version<F>],
    new: &'a [Version<F>],
) -> (Vec<NaiveDate>, Vec<&'a Version<F>>) {
    let gone = old.iter().filter(|v| !new.contains(v)).map(|v| v.from).collect();
    let added = new.iter().filter(|v| !old.contains(v)).collect();
    (gone, added)
}

/// Writes down that somebody changed facts.
pub(crate) async fn insert_change(
    tx: &mut Tx,
    stamp: Stamp,
    reason: &str,
    source: &str,
    source_id: Option<Uuid>,
) -> Result<()> {
    let (by, actor) = (tx.actor().user.map(|u| *u), tx.actor().name.clone());
    sqlx::query!(
        "insert into directory.change
           (id, recorded_at, recorded_by, actor, reason, source, source_id)
         values ($1, $2, $3, $4, $5, $6, $7)",
        stamp.change,
        stamp.at,
        by,
        actor,
        reason,
        source,
        source_id,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Who changed facts, when, why.
#[derive(Clone, Debug)]
pub(crate) struct ChangeRow {
    pub id: Uuid,
    pub recorded_at: DateTime<Utc>,
    pub actor: String,
    pub reason: String,
    pub source: String,
    pub source_id: Option<Uuid>,
}

/// These changes.
pub(crate) async fn changes_of(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<ChangeRow>> {
    let rows = sqlx::query_as!(
        ChangeRow,
        "select id, recorded_at, actor, reason, source, source_id from directory.change
         where id = any($1) order by recorded_at, id",
        ids,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// What reading an account's facts needs to know of it.
#[derive(Clone, Debug)]
pub(crate) struct Head {
    pub id: AccountId,
    pub utility: String,
    pub org_path: String,
    pub opened_on: NaiveDate,
}

/// Those of these accounts that are in sight.
pub(crate) async fn heads(tx: &mut Tx, ids: &[AccountId], scope: &Scope) -> Result<Vec<Head>> {
    let ids: Vec<Uuid> = ids.iter().map(|a| **a).collect();
    let rows = sqlx::query_as!(
        Head,
        "select id, utility, org_path, opened_on from directory.account
         where id = any($1) and org_path ^@ any($2) order by id",
        &ids,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// The addresses of rooms.
pub(crate) async fn addresses(tx: &mut Tx, ids: &[Uuid]) -> Result<BTreeMap<Uuid, String>> {
    let rows = sqlx::query!(
        r#"select id as "id: Uuid", address from directory.premise where id = any($1)"#,
        ids
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.address)).collect())
}

/// The names of people.
pub(crate) async fn names_of(tx: &mut Tx, ids: &[Uuid]) -> Result<BTreeMap<Uuid, String>> {
    let rows = sqlx::query!("select id, name from directory.person where id = any($1)", ids)
        .fetch_all(tx.db())
        .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.name)).collect())
}
