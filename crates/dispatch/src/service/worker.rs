//! Repairers: shifts, positions, settings.

use crate::model::{
    DispatchRule, KeptPoints, LastKnown, MAX_POINTS, PositionPoint, ShiftChanged, TrackPoint,
    Worker, WorkerChanged, WorkerSettings, sift,
};
use crate::permissions::{CONFIGURE, VIEW, WORK};
use crate::store::{self, Known};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Error, Point, Result, Tx, UserId};

/// The repairers in sight with what they hold.
pub async fn workers(tx: &mut Tx) -> Result<Vec<Worker>> {
    let scope = tx.scope(VIEW)?;
    store::list(tx, &scope).await
}

/// The caller as a repairer.
pub async fn me(tx: &mut Tx) -> Result<Worker> {
    tx.require(WORK)?;
    let id = tx.user()?;
    store::me(tx, id).await?.ok_or_else(|| DispatchRule::NotAWorker.into())
}

/// Begins or ends the caller's shift; the first one enters him as a repairer.
pub async fn shift(tx: &mut Tx, on: bool) -> Result<Worker> {
    tx.require(WORK)?;
    let id = tx.user()?;
    store::put(tx, id).await?;
    let before = locked(tx, id).await?;
    store::set_shift(tx, id, on).await?;
    if before.on_shift != on {
        let (staff_id, org_path) = (before.staff_id, before.org_path);
        tx.emit(&ShiftChanged { staff_id, org_path, from: before.on_shift, to: on })?;
    }
    me(tx).await
}

/// Takes a batch of positions from the caller's phone; an empty one is a sign of life. What
/// cannot be true is named and left out: a phone must not be stuck with it for ever.
pub async fn report(tx: &mut Tx, points: &[PositionPoint]) -> Result<KeptPoints> {
    tx.require(WORK)?;
    let id = tx.user()?;
    if points.len() > MAX_POINTS {
        return Err(Error::invalid("points", "一次最多上报 200 个点", "at most 200 points"));
    }
    let known = locked(tx, id).await?;
    let sifted = sift(points, last_known(&known), tx.now());
    store::set_seen(tx, id).await?;
    let kept = store::add_track(tx, id, &sifted.kept).await?;
    if let Some(newest) = sifted.newest {
        store::set_position(tx, id, &newest).await?;
    }
    Ok(KeptPoints { kept, refused: sifted.refused })
}

/// Where a repairer was: at most two days of it.
pub async fn track(
    tx: &mut Tx,
    id: UserId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
) -> Result<Vec<TrackPoint>> {
    const MOST: i64 = 5_000;
    let scope = tx.scope(VIEW)?;
    if to <= from || to - from > TimeDelta::days(2) {
        return Err(Error::invalid("to", "时间范围须在两天以内", "at most two days, forward"));
    }
    store::track(tx, &scope, id, from, to, MOST).await
}

/// Sets what a repairer can do, how much, and where.
pub async fn configure_worker(tx: &mut Tx, id: UserId, set: WorkerSettings) -> Result<Worker> {
    let scope = tx.scope(CONFIGURE)?;
    checked(&set)?;
    let (org_path, before) = store::settings_of(tx, &scope, id).await?;
    store::set_settings(tx, id, &set).await?;
    let value = |s: &WorkerSettings| serde_json::to_value(s).map_err(|e| Error::Internal(e.into()));
    tx.emit(&WorkerChanged { staff_id: id, org_path, from: value(&before)?, to: value(&set)? })?;
    store::me(tx, id).await?.ok_or(Error::NotFound("repairer"))
}

fn checked(set: &WorkerSettings) -> Result<()> {
    if !(1..=100).contains(&set.load_cap) {
        return Err(Error::invalid("load_cap", "在手上限为 1 至 100", "from 1 to 100"));
    }
    let word = |s: &String| (1..=40).contains(&s.len());
    if set.skills.len() > 50 || !set.skills.iter().all(word) {
        return Err(Error::invalid("skills", "技能填写有误", "at most 50 short words"));
    }
    if set.territory.len() > 1_000 {
        return Err(Error::invalid("territory", "片区过多", "at most 1,000 places"));
    }
    Ok(())
}

async fn locked(tx: &mut Tx, id: UserId) -> Result<Known> {
    store::lock(tx, id).await?.ok_or_else(|| DispatchRule::NotAWorker.into())
}

fn last_known(known: &Known) -> Option<LastKnown> {
    let (lng, lat) = known.lng.zip(known.lat)?;
    let accuracy_m = known.accuracy_m.unwrap_or_default();
    known.position_at.map(|at| LastKnown { point: Point { lng, lat }, accuracy_m, at })
}
