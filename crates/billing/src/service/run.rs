//! Runs over many households: charges that follow new rules, and a season's meters. A job takes
//! them step by step, each step one transaction that remembers where it has come to: killed at
//! any instant, it goes on there.

mod look;

use crate::model::Looked;
use crate::permissions::{PACK_APPROVE, PACK_EDIT, SETTLE, VIEW};
use crate::store::pack::Held as HeldPack;
use crate::store::run::{self as store, Fresh, Held};
use crate::store::{metering, pack as packs};
use crate::{MeterRule, PackRule, PackState, Run, RunKind, RunMoved, RunReport, RunRule, RunState};
use chrono::NaiveDate;
use kernel::clock::local_date;
use kernel::{Actor, App, Error, PackVersionId, Result, Scope, SeasonId, Tx};
use look::Look;
use uuid::Uuid;

/// Households of one step.
const STEP: i64 = 500;
/// Households that a report shows.
const SHOWN: i64 = 200;

/// Runs in sight, newest first.
pub async fn runs(
    tx: &mut Tx,
    kind: Option<RunKind>,
    pack: Option<PackVersionId>,
) -> Result<Vec<Run>> {
    let scope = tx.scope(VIEW)?;
    store::list(tx, None, kind, pack, &scope).await
}

/// A run with what it would come to, or came to.
pub async fn run(tx: &mut Tx, id: Uuid) -> Result<RunReport> {
    let scope = tx.scope(VIEW)?;
    let run = store::list(tx, Some(id), None, None, &scope).await?.pop();
    Ok(RunReport {
        run: run.ok_or(Error::NotFound("run"))?,
        sums: store::sums(tx, id).await?,
        changes: store::changes(tx, id, SHOWN).await?,
        refusals: store::refusals(tx, id, SHOWN).await?,
    })
}

/// Asks what a version of the rules would come to for everybody who was charged already; a job
/// reckons it, nothing is posted.
pub async fn preview_pack(tx: &mut Tx, id: PackVersionId) -> Result<Run> {
    let scope = tx.scope(PACK_APPROVE).or_else(|_| tx.scope(PACK_EDIT))?;
    let held = packs::lock(tx, id, &scope).await?;
    if matches!(held.state, PackState::Published | PackState::Superseded) {
        return Err(PackRule::Step.into());
    }
    begin_rules(tx, &held).await
}

async fn begin_rules(tx: &mut Tx, held: &HeldPack) -> Result<Run> {
    store::give_up(tx, RunKind::Rules, Some(held.id), None).await?;
    let paths = [held.org_path.clone()];
    let mut households = 0_i32;
    for (season, _) in store::seasons_since(tx, held.first_season).await? {
        households = households.saturating_add(store::count(tx, season, &paths, false).await?);
    }
    let id: Uuid = tx.new_id();
    let pack = Some((held.id, held.revision));
    let (kind, paths) = (RunKind::Rules, paths.as_slice());
    let fresh = Fresh { kind, pack, season: None, on: None, paths, households };
    store::insert(tx, id, fresh).await?;
    begun(tx, id).await
}

/// Whether anybody was charged for a season to which the rules apply.
async fn concerns(tx: &mut Tx, held: &HeldPack) -> Result<bool> {
    let paths = [held.org_path.clone()];
    for (season, _) in store::seasons_since(tx, held.first_season).await? {
        if !store::page(tx, season, &paths, false, None, 1).await?.is_empty() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Approved rules: what they come to is reckoned, so that it can be looked at before they are
/// published.
pub(super) async fn look_ahead(tx: &mut Tx, held: &HeldPack) -> Result<()> {
    if concerns(tx, held).await? {
        begin_rules(tx, held).await?;
    }
    Ok(())
}

/// Published rules: the charges follow. Refused while nobody could have looked at what that
/// comes to.
pub(super) async fn follow(tx: &mut Tx, held: &HeldPack) -> Result<()> {
    if !concerns(tx, held).await? {
        return Ok(());
    }
    let all = store::list(tx, None, None, Some(held.id), &Scope::all()).await?;
    let ready = all.into_iter().find(|r| r.state == RunState::Ready);
    let ready = ready.filter(|r| r.revision == Some(held.revision));
    let run = ready.ok_or(RunRule::NotLookedAt)?;
    store::set_state(tx, run.id, RunState::Posting).await?;
    begun(tx, run.id).await.map(drop)
}

/// Begins the settlement of everybody who was charged by meter for a season; a job reckons it.
pub async fn settle_everybody(tx: &mut Tx, season: SeasonId) -> Result<Run> {
    let scope = tx.scope(SETTLE)?;
    if metering::season_end(tx, season).await? > tx.now() {
        return Err(MeterRule::SeasonRuns.into());
    }
    begin_season(tx, RunKind::Settlement, season, None, &scope).await
}

/// Begins the close of a season's late fees: what has grown until a day and is not in the book. A
/// job reckons it; posted, it is owed like any other charge.
pub async fn close_season_late_fees(tx: &mut Tx, season: SeasonId, on: NaiveDate) -> Result<Run> {
    let scope = tx.scope(SETTLE)?;
    if on > local_date(tx.now()) {
        return Err(Error::invalid("on", "不能晚于今天", "must not be still to come"));
    }
    begin_season(tx, RunKind::Late, season, Some(on), &scope).await
}

async fn begin_season(
    tx: &mut Tx,
    kind: RunKind,
    season: SeasonId,
    on: Option<NaiveDate>,
    scope: &Scope,
) -> Result<Run> {
    if store::another(tx, kind, None, Some(season)).await? {
        return Err(RunRule::AnotherRuns.into());
    }
    store::give_up(tx, kind, None, Some(season)).await?;
    let metered = kind == RunKind::Settlement;
    let households = store::count(tx, season, &scope.paths, metered).await?;
    let id: Uuid = tx.new_id();
    let paths = &*scope.paths;
    let fresh = Fresh { kind, pack: None, season: Some(season), on, paths, households };
    store::insert(tx, id, fresh).await?;
    begun(tx, id).await
}

/// Says yes to a settlement or a close that was looked at; a job posts it.
pub async fn post_run(tx: &mut Tx, id: Uuid) -> Result<Run> {
    let held = settlement(tx, id).await?;
    if held.state != RunState::Ready {
        return Err(RunRule::Step.into());
    }
    store::set_state(tx, id, RunState::Posting).await?;
    begun(tx, id).await
}

/// Gives a settlement or a close up that was not posted.
pub async fn withdraw_run(tx: &mut Tx, id: Uuid) -> Result<Run> {
    let held = settlement(tx, id).await?;
    if !matches!(held.state, RunState::Ready | RunState::Reckoning) {
        return Err(RunRule::Step.into());
    }
    store::set_state(tx, id, RunState::Withdrawn).await?;
    begun(tx, id).await
}

async fn settlement(tx: &mut Tx, id: Uuid) -> Result<Held> {
    let scope = tx.scope(SETTLE)?;
    let held = store::lock(tx, id, &scope).await?;
    // Rules are posted by being published.
    if held.kind == RunKind::Rules { Err(RunRule::Step.into()) } else { Ok(held) }
}

/// Tells how the run stands now; a job goes on with it.
async fn begun(tx: &mut Tx, id: Uuid) -> Result<Run> {
    let run = store::list(tx, Some(id), None, None, &Scope::all()).await?.pop();
    let run = run.ok_or(Error::NotFound("run"))?;
    tx.emit(&RunMoved {
        run_id: id,
        run: run.kind,
        to: run.state,
        households: run.households,
        changed: run.changed,
        from_fen: run.from_fen,
        to_fen: run.to_fen,
    })?;
    Ok(run)
}

/// Takes a run through the phase in which it is, to its end.
pub async fn go_on(app: &App, id: Uuid) -> Result<()> {
    while step(app, id).await? {}
    Ok(())
}

/// One step; whether there is more to do.
async fn step(app: &App, id: Uuid) -> Result<bool> {
    let mut tx = app.begin(Actor::system("批量计费")).await?;
    let held = store::lock(&mut tx, id, &Scope::all()).await?;
    let posting = match held.state {
        RunState::Reckoning => false,
        RunState::Posting => true,
        _ => return Ok(false),
    };
    let Some(look) = Look::of(&mut tx, &held).await? else {
        return ended(tx, id, posting).await;
    };
    let metered = held.kind == RunKind::Settlement;
    let page = store::page(&mut tx, look.season, &held.paths, metered, look.after, STEP).await?;
    let Some(last) = page.last().copied() else {
        // The next season, from its first household on.
        let Some(next) = look.next else { return ended(tx, id, posting).await };
        store::advance(&mut tx, id, (next, None), (0, 0), posting).await?;
        tx.commit().await?;
        return Ok(true);
    };
    let (looked, corrected) = if posting {
        look.post(&mut tx, id, &page).await?
    } else {
        (look.reckon(&mut tx, &page).await?, 0)
    };
    if posting {
        let refused: Vec<Looked> =
            looked.into_iter().filter(|l| matches!(l, Looked::Refused { .. })).collect();
        store::keep(&mut tx, id, look.season, &refused).await?;
    } else {
        store::keep(&mut tx, id, look.season, &looked).await?;
    }
    let many = i32::try_from(page.len()).unwrap_or(i32::MAX);
    store::advance(&mut tx, id, (look.season, Some(last)), (many, corrected), posting).await?;
    tx.commit().await?;
    Ok(true)
}

async fn ended(mut tx: Tx, id: Uuid, posting: bool) -> Result<bool> {
    let to = if posting { RunState::Posted } else { RunState::Ready };
    store::set_state(&mut tx, id, to).await?;
    begun(&mut tx, id).await?;
    tx.commit().await?;
    Ok(false)
}
