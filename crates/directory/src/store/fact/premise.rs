//! Versions of premises.

use super::{Belief, Stamp};
use crate::{Measure, PremiseFacts, Version};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Error, PremiseId, Result, Scope, Tx};
use uuid::Uuid;

/// A room that nobody else changes until this transaction ends; its organisation.
pub(crate) async fn lock_premise(tx: &mut Tx, id: PremiseId, scope: &Scope) -> Result<String> {
    sqlx::query_scalar!(
        "select org_path from directory.premise
         where id = $1 and org_path ^@ any($2) for update",
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("premise"))
}

/// All versions of these rooms that were ever believed, or those believed at one time.
pub(crate) async fn premise_beliefs(
    tx: &mut Tx,
    ids: &[Uuid],
    only: Option<Option<DateTime<Utc>>>,
) -> Result<Vec<(PremiseId, Belief<PremiseFacts>)>> {
    let (all, at) = (only.is_none(), only.flatten());
    let rows = sqlx::query!(
        r#"select premise_id, valid_from, nullif(valid_to, 'infinity') as valid_to, recorded_at,
                  nullif(superseded_at, 'infinity') as superseded_at, change_id,
                  (building_area * 100)::bigint as "building_area!: Measure",
                  (usable_area * 100)::bigint as "usable_area: Measure",
                  (heated_area * 100)::bigint as "heated_area!: Measure",
                  (charged_area * 100)::bigint as "charged_area!: Measure",
                  (storey_height * 100)::bigint as "storey_height: Measure",
                  user_class, heating_manner
           from directory.premise_version
           where premise_id = any($1)
             and ($2 or case when $3::timestamptz is null then superseded_at = 'infinity'
                        else recorded_at <= $3 and superseded_at > $3 end)
           order by premise_id, valid_from"#,
        ids,
        all,
        at,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| {
            let facts = PremiseFacts {
                building_area: r.building_area,
                usable_area: r.usable_area,
                heated_area: r.heated_area,
                charged_area: r.charged_area,
                storey_height: r.storey_height,
                user_class: r.user_class,
                heating_manner: r.heating_manner,
            };
            let belief = Belief {
                version: Version { from: r.valid_from, to: r.valid_to, facts },
                recorded_at: r.recorded_at,
                superseded_at: r.superseded_at,
                change: r.change_id,
            };
            (r.premise_id, belief)
        })
        .collect())
}

/// Ends the belief in the versions that begin on these days.
pub(crate) async fn supersede_premise(
    tx: &mut Tx,
    id: PremiseId,
    gone: &[NaiveDate],
    stamp: Stamp,
) -> Result<()> {
    sqlx::query!(
        "update directory.premise_version set superseded_at = $3
         where premise_id = $1 and valid_from = any($2) and superseded_at = 'infinity'",
        *id,
        gone,
        stamp.at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Believes one more version.
pub(crate) async fn insert_premise_version(
    tx: &mut Tx,
    id: PremiseId,
    version: &Version<PremiseFacts>,
    stamp: Stamp,
) -> Result<()> {
    let (by, f) = (tx.actor().user.map(|u| *u), &version.facts);
    sqlx::query!(
        "insert into directory.premise_version
           (premise_id, valid_from, valid_to, recorded_at, recorded_by, change_id, building_area,
            usable_area, heated_area, charged_area, storey_height, user_class, heating_manner)
         values ($1, $2, coalesce($3, 'infinity'::date), $4, $5, $6, $7::bigint / 100.0,
                 $8::bigint / 100.0, $9::bigint / 100.0, $10::bigint / 100.0,
                 $11::bigint / 100.0, $12, $13)",
        *id,
        version.from,
        version.to,
        stamp.at,
        by,
        stamp.change,
        f.building_area.hundredths(),
        f.usable_area.map(Measure::hundredths),
        f.heated_area.hundredths(),
        f.charged_area.hundredths(),
        f.storey_height.map(Measure::hundredths),
        <&str>::from(f.user_class),
        <&str>::from(f.heating_manner),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The accounts that pay for a room at any time, as believed now, and their organisations.
pub(crate) async fn accounts_of_premise(
    tx: &mut Tx,
    id: PremiseId,
) -> Result<Vec<(kernel::AccountId, String)>> {
    let rows = sqlx::query!(
        "select distinct a.id, a.org_path from directory.account_room r
         join directory.account a on a.id = r.account_id
         where r.premise_id = $1 and r.superseded_at = 'infinity' order by a.id",
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.org_path)).collect())
}
