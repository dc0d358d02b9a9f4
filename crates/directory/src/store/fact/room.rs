//! Which rooms an account pays for, and when.

use super::{Belief, Stamp};
use crate::{Held, Version};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, PremiseId, Result, Tx};
use uuid::Uuid;

/// That an account held a room.
pub(crate) type RoomBelief = (AccountId, PremiseId, Belief<Held>);

/// All rooms of these accounts that were ever believed, or those believed at one time.
pub(crate) async fn room_beliefs(
    tx: &mut Tx,
    ids: &[Uuid],
    only: Option<Option<DateTime<Utc>>>,
) -> Result<Vec<RoomBelief>> {
    let (all, at) = (only.is_none(), only.flatten());
    let rows = sqlx::query!(
        r#"select account_id, premise_id, valid_from, nullif(valid_to, 'infinity') as valid_to,
                  recorded_at, nullif(superseded_at, 'infinity') as superseded_at, change_id
           from directory.account_room
           where account_id = any($1)
             and ($2 or case when $3::timestamptz is null then superseded_at = 'infinity'
                        else recorded_at <= $3 and superseded_at > $3 end)
           order by account_id, valid_from, premise_id"#,
        ids,
        all,
        at,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let belief = Belief {
                version: Version { from: r.valid_from, to: r.valid_to, facts: Held },
                recorded_at: r.recorded_at,
                superseded_at: r.superseded_at,
                change: r.change_id,
            };
            (r.account_id, r.premise_id, belief)
        })
        .collect())
}

/// Ends the belief in the stays that begin on these days.
pub(crate) async fn supersede_room(
    tx: &mut Tx,
    (account, premise): (AccountId, PremiseId),
    gone: &[NaiveDate],
    stamp: Stamp,
) -> Result<()> {
    sqlx::query!(
        "update directory.account_room set superseded_at = $4
         where account_id = $1 and premise_id = $2 and valid_from = any($3)
           and superseded_at = 'infinity'",
        *account,
        *premise,
        gone,
        stamp.at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Believes one more stay.
pub(crate) async fn insert_room(
    tx: &mut Tx,
    (account, premise): (AccountId, PremiseId),
    version: &Version<Held>,
    stamp: Stamp,
) -> Result<()> {
    let by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "insert into directory.account_room
           (account_id, premise_id, valid_from, valid_to, recorded_at, recorded_by, change_id)
         values ($1, $2, $3, coalesce($4, 'infinity'::date), $5, $6, $7)",
        *account,
        *premise,
        version.from,
        version.to,
        stamp.at,
        by,
        stamp.change,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Whether another account of the same utility holds the room at any of these days.
pub(crate) async fn room_is_taken(
    tx: &mut Tx,
    (account, premise): (AccountId, PremiseId),
    from: NaiveDate,
    to: Option<NaiveDate>,
) -> Result<bool> {
    let taken = sqlx::query_scalar!(
        r#"select exists (
             select from directory.account_room r
             join directory.account other on other.id = r.account_id
             join directory.account own on own.id = $1 and own.utility = other.utility
             where r.premise_id = $2 and r.account_id <> $1 and r.superseded_at = 'infinity'
               and r.valid_to > $3 and r.valid_from < coalesce($4, 'infinity'::date)) as "taken!""#,
        *account,
        *premise,
        from,
        to,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(taken)
}
