//! Opening a season: choose, reckon, look, post.

mod mass;
mod run;
mod sheet;

pub use mass::{MassRun, open_in_mass};
pub use run::{post_opening, reckon_opening};
pub use sheet::{XLSX, export_opening};

use crate::model::MOST_LISTED;
use crate::permissions::{OPEN, PREPARE, VIEW};
use crate::store::{charge, opening as store};
use crate::{
    ChargeRule, NewOpening, Opening, OpeningMoved, OpeningReport, OpeningState, OpeningStep,
};
use kernel::clock::local_date;
use kernel::{Error, OpeningId, Result, Tx};

/// Refusals that a report shows; the export has all of them.
const SHOWN_REFUSALS: i64 = 500;

/// Begins an opening; a job reckons what it would come to.
pub async fn create_opening(tx: &mut Tx, new: NewOpening) -> Result<Opening> {
    let scope = tx.scope(PREPARE)?;
    charge::season_code(tx, new.season_id).await?;
    if new.selection.account_nos.len() > MOST_LISTED {
        return Err(Error::invalid("account_nos", "户号过多", "too many account numbers"));
    }
    let valid_on = new.valid_on.unwrap_or_else(|| local_date(tx.now()));
    if ledger::open_day(tx, valid_on).await? != valid_on {
        return Err(closed());
    }
    let id: OpeningId = tx.new_id();
    store::insert(tx, id, new.season_id, &new.selection, valid_on, &scope).await?;
    let opening = store::lock(tx, id, &scope).await?;
    tell(tx, &opening, "billing.opening_wanted")?;
    Ok(opening)
}

/// Says yes to an opening that was reckoned and looked at; a job posts it.
pub async fn approve_opening(tx: &mut Tx, id: OpeningId) -> Result<Opening> {
    let scope = tx.scope(OPEN)?;
    let opening = store::lock(tx, id, &scope).await?;
    let state = opening.state.step(OpeningStep::Post).ok_or(ChargeRule::OpeningStep)?;
    if opening.households == 0 {
        return Err(ChargeRule::NobodySelected.into());
    }
    store::lock_season(tx, opening.season_id).await?;
    if store::another_runs(tx, &opening).await? {
        return Err(ChargeRule::OpeningRuns.into());
    }
    if ledger::open_day(tx, opening.valid_on).await? != opening.valid_on {
        return Err(closed());
    }
    moved(tx, &opening, state, "billing.opening_approved").await
}

/// Gives an opening up before it is posted.
pub async fn withdraw_opening(tx: &mut Tx, id: OpeningId) -> Result<Opening> {
    let scope = tx.scope(PREPARE)?;
    let opening = store::lock(tx, id, &scope).await?;
    let state = opening.state.step(OpeningStep::Withdraw).ok_or(ChargeRule::OpeningStep)?;
    moved(tx, &opening, state, "billing.opening_withdrawn").await
}

fn closed() -> Error {
    Error::invalid("valid_on", "该日期所在期间已结账", "the period is closed")
}

async fn moved(
    tx: &mut Tx,
    opening: &Opening,
    state: OpeningState,
    kind: &'static str,
) -> Result<Opening> {
    store::set_state(tx, opening.id, state).await?;
    tell(tx, opening, kind)?;
    let scope = kernel::Scope::all();
    store::lock(tx, opening.id, &scope).await
}

pub(super) fn tell(tx: &mut Tx, opening: &Opening, kind: &'static str) -> Result<()> {
    tx.emit(&OpeningMoved {
        opening_id: opening.id,
        season_id: opening.season_id,
        households: opening.households,
        amount_fen: opening.amount_fen,
        kind,
    })
}

/// Openings, newest first.
pub async fn openings(tx: &mut Tx) -> Result<Vec<Opening>> {
    let scope = tx.scope(VIEW)?;
    store::list(tx, None, &scope).await
}

/// An opening with what it would come to, or came to.
pub async fn opening(tx: &mut Tx, id: OpeningId) -> Result<OpeningReport> {
    let scope = tx.scope(VIEW)?;
    let found = store::list(tx, Some(id), &scope).await?.into_iter().next();
    let opening = found.ok_or(Error::NotFound("opening"))?;
    let before = store::season_before(tx, opening.season_id).await?;
    Ok(OpeningReport {
        before: before.map(|(_, code)| code).unwrap_or_default(),
        sums: store::sums(tx, id).await?,
        changes: store::changes(tx, id).await?,
        refusals: store::refusals(tx, id, SHOWN_REFUSALS).await?,
        opening,
    })
}
