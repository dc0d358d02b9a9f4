//! What runs behind the desk: openings, and answers to changed facts.

use crate::ChargeReason;
use crate::service::{Cause, go_on, post_opening, recalculate, recalculate_from, reckon_opening};
use chrono::NaiveDate;
use kernel::{AccountId, Actor, App, Error, EventRow, Result, SeasonId};
use serde::Deserialize;
use uuid::Uuid;

/// An opening is wanted or approved: reckons or posts it.
pub async fn on_opening(app: &App, event: &EventRow) -> Result<()> {
    let id = event.subject_id.into();
    match event.kind.as_str() {
        "billing.opening_wanted" => reckon_opening(app, id).await,
        "billing.opening_approved" => post_opening(app, id).await,
        _ => Ok(()),
    }
}

#[derive(Deserialize)]
struct FactsChanged {
    account_ids: Vec<AccountId>,
    from: NaiveDate,
    #[serde(default)]
    change_id: Option<Uuid>,
}

/// Facts are other than we believed: the charges of every season that they touch are corrected.
/// What cannot be reckoned from the new facts keeps its charge, and the journal says why.
pub async fn on_facts_changed(app: &App, event: &EventRow) -> Result<()> {
    let changed: FactsChanged = read(event)?;
    for account in changed.account_ids {
        let mut tx = app.begin(system()).await?;
        let done = recalculate_from(&mut tx, account, changed.from, changed.change_id).await;
        match done {
            Ok(_) => tx.commit().await?,
            Err(e @ (Error::Rule { .. } | Error::NotFound(_))) => {
                tracing::warn!(%account, error = ?e, "a charge cannot follow its facts");
            }
            Err(e) => return Err(e),
        }
    }
    Ok(())
}

#[derive(Deserialize)]
struct Wanted {
    account_id: AccountId,
    season_id: SeasonId,
    new_rules: bool,
}

/// Somebody asked for a charge to be reckoned again.
pub async fn on_recalculation_wanted(app: &App, event: &EventRow) -> Result<()> {
    let wanted: Wanted = read(event)?;
    let reason = if wanted.new_rules { ChargeReason::Rules } else { ChargeReason::Facts };
    let cause = Cause { reason, id: None, from: None };
    let mut tx = app.begin(system()).await?;
    recalculate(&mut tx, wanted.account_id, wanted.season_id, cause).await?;
    tx.commit().await
}

/// A run over many households is wanted: takes it through the phase in which it is.
pub async fn on_run(app: &App, event: &EventRow) -> Result<()> {
    go_on(app, event.subject_id).await
}

fn system() -> Actor {
    Actor::system("recalculation")
}

fn read<T: serde::de::DeserializeOwned>(event: &EventRow) -> Result<T> {
    serde_json::from_value(event.payload.clone()).map_err(|e| Error::Internal(e.into()))
}
