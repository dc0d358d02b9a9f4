//! Kinds, symptoms and causes.

use crate::{Cause, Kind, Symptom};
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
        "select key, kind, name, name_en, urgency
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
