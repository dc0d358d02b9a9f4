//! Kinds, symptoms and causes.

use crate::seed::{REVISIT, SeedKind};
use crate::{Cause, Kind, Side, Symptom, Urgency};
use kernel::{Result, Tx};

/// Kinds that can be asked for, in the company's order.
pub(crate) async fn kinds(tx: &mut Tx) -> Result<Vec<Kind>> {
    let kinds = sqlx::query_as!(
        Kind,
        "select key, name, name_en, needs_visit, needs_revisit, skill
         from orders.kind where active order by sort, key"
    );
    Ok(kinds.fetch_all(tx.db()).await?)
}

/// Symptoms that can be chosen.
pub(crate) async fn symptoms(tx: &mut Tx) -> Result<Vec<Symptom>> {
    let symptoms = sqlx::query_as!(
        Symptom,
        "select key, kind, name, name_en, urgency, utility
         from orders.symptom where active order by kind, sort, key"
    );
    Ok(symptoms.fetch_all(tx.db()).await?)
}

/// Causes that can be chosen.
pub(crate) async fn causes(tx: &mut Tx) -> Result<Vec<Cause>> {
    let causes = sqlx::query_as!(
        Cause,
        "select key, kind, name, name_en, side
         from orders.cause where active order by kind, sort, key"
    );
    Ok(causes.fetch_all(tx.db()).await?)
}

/// Writes a kind unless there is one of that name.
pub(crate) async fn seed_kind(tx: &mut Tx, sort: i32, kind: &SeedKind) -> Result<()> {
    let (needs_visit, needs_revisit, auto_audit) = kind.manner;
    sqlx::query!(
        "insert into orders.kind
           (key, name, name_en, sort, needs_visit, needs_revisit, auto_audit, skill,
            accept_min, arrive_min, finish_min, revisit_min)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) on conflict do nothing",
        kind.key,
        kind.name,
        kind.name_en,
        sort,
        needs_visit,
        needs_revisit,
        auto_audit,
        kind.skill,
        &kind.accept,
        &kind.arrive,
        &kind.finish,
        REVISIT,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Writes a symptom (`key, kind, name, name_en`) unless there is one of that name.
pub(crate) async fn seed_symptom(
    tx: &mut Tx,
    sort: i32,
    [key, kind, name, name_en]: [&str; 4],
    urgency: Urgency,
    utility: Option<&str>,
) -> Result<()> {
    sqlx::query!(
        "insert into orders.symptom (key, kind, name, name_en, urgency, sort, utility)
         values ($1, $2, $3, $4, $5, $6, $7) on conflict do nothing",
        key,
        kind,
        name,
        name_en,
        i16::from(urgency),
        sort,
        utility,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Writes a cause (`key, kind, name, name_en`) unless there is one of that name.
pub(crate) async fn seed_cause(
    tx: &mut Tx,
    sort: i32,
    [key, kind, name, name_en]: [&str; 4],
    side: Side,
) -> Result<()> {
    sqlx::query!(
        "insert into orders.cause (key, kind, name, name_en, side, sort)
         values ($1, $2, $3, $4, $5, $6) on conflict do nothing",
        key,
        kind,
        name,
        name_en,
        <&str>::from(side),
        sort,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
