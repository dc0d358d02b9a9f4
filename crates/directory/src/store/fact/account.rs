//! Versions of accounts.

use super::{Belief, Stamp};
use crate::{AccountFacts, Version};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Error, Result, Scope, Tx};
use uuid::Uuid;

/// What amending an account needs to know of it.
#[derive(Clone, Debug)]
pub(crate) struct AccountHead {
    pub org_path: String,
    pub opened_on: NaiveDate,
}

/// An account that nobody else changes until this transaction ends.
pub(crate) async fn lock_account(tx: &mut Tx, id: AccountId, scope: &Scope) -> Result<AccountHead> {
    sqlx::query_as!(
        AccountHead,
        "select org_path, opened_on from directory.account
         where id = $1 and org_path ^@ any($2) for update",
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("household"))
}

/// All versions of these accounts that were ever believed, or those believed at one time.
pub(crate) async fn account_beliefs(
    tx: &mut Tx,
    ids: &[Uuid],
    only: Option<Option<DateTime<Utc>>>,
) -> Result<Vec<(AccountId, Belief<AccountFacts>)>> {
    let (all, at) = (only.is_none(), only.flatten());
    let rows = sqlx::query!(
        r#"select account_id, valid_from, nullif(valid_to, 'infinity') as valid_to, recorded_at,
                  nullif(superseded_at, 'infinity') as superseded_at, change_id, person_id,
                  network_state, heat_use_state, charge_type, low_income
           from directory.account_version
           where account_id = any($1)
             and ($2 or case when $3::timestamptz is null then superseded_at = 'infinity'
                        else recorded_at <= $3 and superseded_at > $3 end)
           order by account_id, valid_from"#,
        ids,
        all,
        at,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let facts = AccountFacts {
                person_id: r.person_id,
                network_state: r.network_state,
                heat_use_state: r.heat_use_state,
                charge_type: r.charge_type,
                low_income: r.low_income,
            };
            let belief = Belief {
                version: Version { from: r.valid_from, to: r.valid_to, facts },
                recorded_at: r.recorded_at,
                superseded_at: r.superseded_at,
                change: r.change_id,
            };
            (r.account_id, belief)
        })
        .collect())
}

/// Ends the belief in the versions that begin on these days.
pub(crate) async fn supersede_account(
    tx: &mut Tx,
    id: AccountId,
    gone: &[NaiveDate],
    stamp: Stamp,
) -> Result<()> {
    sqlx::query!(
        "update directory.account_version set superseded_at = $3
         where account_id = $1 and valid_from = any($2) and superseded_at = 'infinity'",
        *id,
        gone,
        stamp.at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Believes one more version.
pub(crate) async fn insert_account_version(
    tx: &mut Tx,
    id: AccountId,
    version: &Version<AccountFacts>,
    stamp: Stamp,
) -> Result<()> {
    let (by, f) = (tx.actor().user.map(|u| *u), &version.facts);
    sqlx::query!(
        "insert into directory.account_version
           (account_id, valid_from, valid_to, recorded_at, recorded_by, change_id, person_id,
            network_state, heat_use_state, charge_type, low_income)
         values ($1, $2, coalesce($3, 'infinity'::date), $4, $5, $6, $7, $8, $9, $10, $11)",
        *id,
        version.from,
        version.to,
        stamp.at,
        by,
        stamp.change,
        *f.person_id,
        <&str>::from(f.network_state),
        <&str>::from(f.heat_use_state),
        <&str>::from(f.charge_type),
        f.low_income,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What an account's row says of its states.
pub(crate) struct States {
    pub network_state: String,
    pub charge_type: String,
    pub low_income: bool,
}

/// What an account's row says of its states.
pub(crate) async fn states(tx: &mut Tx, id: AccountId) -> Result<States> {
    let states = sqlx::query_as!(
        States,
        "select network_state, charge_type, low_income from directory.account where id = $1",
        *id
    )
    .fetch_one(tx.db())
    .await?;
    Ok(states)
}
