//! The steps of a repairer, told by his phone when it could.

use crate::event::{Recorded, What};
use crate::model::{EvidencePolicy, FieldRule, Mine, Task, Visit, missing};
use crate::permissions::WORK;
use crate::store::{self, End};
use chrono::{DateTime, Utc};
use kernel::{Error, OrderId, Point, Result, Tx, UserId, VisitId};
use orders::{FieldStep, Order, State};

/// Where and when he arrived.
#[derive(Clone, Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FieldArrival)]
pub struct Arrival {
    /// When, by the phone's clock.
    pub at: DateTime<Utc>,
    /// Where he stood, if the phone knew.
    pub point: Option<Point>,
    /// How sure the phone was, metres.
    pub accuracy_m: Option<f64>,
}

/// What he found and did.
#[derive(Clone, Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FieldFinish)]
pub struct Finish {
    /// When, by the phone's clock.
    pub at: DateTime<Utc>,
    /// A cause's key.
    pub cause: Option<String>,
    /// What he did.
    #[serde(default)]
    pub note: String,
}

/// How far a step brings an order; one implies those before it.
fn reach(state: State) -> u8 {
    match state {
        State::Accepted => 1,
        State::EnRoute => 2,
        State::OnSite => 3,
        _ => 0,
    }
}

/// Confirms an order.
pub async fn accept(tx: &mut Tx, id: OrderId, at: DateTime<Utc>) -> Result<Task> {
    let (mut order, who) = mine(tx, id).await?;
    go_to(tx, &mut order, who, State::Accepted, at).await?;
    super::look::brief(tx, id).await
}

/// Leaves for it.
pub async fn set_out(tx: &mut Tx, id: OrderId, at: DateTime<Utc>) -> Result<Task> {
    let (mut order, who) = mine(tx, id).await?;
    go_to(tx, &mut order, who, State::EnRoute, at).await?;
    super::look::brief(tx, id).await
}

/// Is there. How far from the house he stands is computed and flagged, never refused.
pub async fn arrive(tx: &mut Tx, id: OrderId, arrival: Arrival) -> Result<Task> {
    let (mut order, who) = mine(tx, id).await?;
    let arrival = checked(arrival)?;
    if reach(order.state) < reach(State::OnSite) {
        go_to(tx, &mut order, who, State::EnRoute, arrival.at).await?;
        let visit = go_to_door(tx, &order, who, &arrival).await?;
        tell_if_far(tx, &order, visit, &arrival)?;
    }
    super::look::brief(tx, id).await
}

/// Is done. Refused while something must still be handed in.
pub async fn finish(tx: &mut Tx, id: OrderId, done: Finish) -> Result<Task> {
    let (order, who) = mine(tx, id).await?;
    if done.note.chars().count() > 2_000 {
        return Err(Error::invalid("note", "处理说明过长", "at most 2,000 characters"));
    }
    let visit = match store::find_open(tx, &order, who).await? {
        Some(visit) => visit,
        // Told twice under two ids: the work is done already.
        None if is_done(order.state) => return super::look::brief(tx, id).await,
        None => return Err(FieldRule::NoVisit.into()),
    };
    let cause = done.cause.unwrap_or_default();
    let (kinds, temperatures) = store::held(tx, visit).await?;
    let policy = EvidencePolicy::of(order.needs_visit, &order.kind, order.symptom.as_deref());
    let missing = missing(policy, &kinds, temperatures, Some(&cause));
    if !missing.is_empty() {
        return Err(FieldRule::EvidenceMissing(missing).into());
    }
    let (cause_key, note) = (cause.clone(), done.note.trim().to_owned());
    let step = FieldStep::Finish { cause: cause_key, note, evidence_complete: true };
    let after = orders::advance(tx, id, step, done.at).await?;
    let end = End::Finished { cause: &cause, note: done.note.trim() };
    store::close(tx, visit, after.finished_at.unwrap_or(tx.now()), end).await?;
    super::look::brief(tx, id).await
}

/// Gives it back, accepted or not: somebody else must go.
pub async fn give_back(tx: &mut Tx, id: OrderId, reason: &str) -> Result<Order> {
    let (order, who) = mine(tx, id).await?;
    if reason.chars().count() > 500 {
        return Err(Error::invalid("reason", "退回原因过长", "at most 500 characters"));
    }
    let visit = store::find_open(tx, &order, who).await?;
    let now = tx.now();
    let step = FieldStep::Return { reason: reason.to_owned() };
    let after = orders::advance(tx, id, step, now).await?;
    if let Some(visit) = visit {
        store::close(tx, visit, now, End::Returned { reason: reason.trim() }).await?;
    }
    Ok(after)
}

/// The caller's own order, locked. One that he once had is named as reassigned; one that he never
/// had does not exist.
pub(super) async fn mine(tx: &mut Tx, id: OrderId) -> Result<(Mine, UserId)> {
    tx.require(WORK)?;
    let who = tx.user()?;
    let order = store::lock(tx, id).await?;
    if order.assignee_id == Some(who) {
        return Ok((order, who));
    }
    let knew = store::has_visited(tx, id, who).await?;
    Err(if knew { FieldRule::Reassigned.into() } else { Error::NotFound("order") })
}

/// Takes the steps that lead to `to`, those that the phone has not told of at the same instant.
/// An order that is there already, or further, stays as it is.
pub(super) async fn go_to(
    tx: &mut Tx,
    order: &mut Mine,
    who: UserId,
    to: State,
    at: DateTime<Utc>,
) -> Result<()> {
    if is_done(order.state) {
        return Ok(());
    }
    if reach(order.state) < 1 {
        let after = orders::advance(tx, order.order_id, FieldStep::Accept, at).await?;
        store::open(tx, order, who, after.accepted_at.unwrap_or(at)).await?;
        order.state = after.state;
    }
    if reach(order.state) < 2 && reach(to) >= 2 {
        let after = orders::advance(tx, order.order_id, FieldStep::SetOut, at).await?;
        let visit = under_way(tx, order, who).await?;
        store::set_out(tx, visit, after.set_out_at.unwrap_or(at)).await?;
        order.state = after.state;
    }
    Ok(())
}

async fn go_to_door(tx: &mut Tx, order: &Mine, who: UserId, at: &Arrival) -> Result<VisitId> {
    let Arrival { point, accuracy_m, .. } = *at;
    let step = FieldStep::Arrive { point, accuracy_m };
    let after = orders::advance(tx, order.order_id, step, at.at).await?;
    let visit = under_way(tx, order, who).await?;
    let arrived_at = after.arrived_at.unwrap_or(at.at);
    let distance = distance(order, point);
    store::set_arrived(tx, visit, arrived_at, point, accuracy_m, distance).await?;
    Ok(visit)
}

fn tell_if_far(tx: &mut Tx, order: &Mine, visit_id: VisitId, arrival: &Arrival) -> Result<()> {
    let (distance, accuracy_m) = (distance(order, arrival.point), arrival.accuracy_m);
    let Some(distance_m) = distance.filter(|d| Visit::is_far(Some(*d), accuracy_m)) else {
        return Ok(());
    };
    let what = What::ArrivedFar { distance_m: distance_m.round(), accuracy_m };
    let id = *visit_id;
    tx.emit(&recorded(order, id, visit_id, order.round, arrival.at, what))
}

/// The event of something that was recorded on a visit.
pub(super) fn recorded(
    order: &Mine,
    id: uuid::Uuid,
    visit_id: VisitId,
    round: i32,
    at: DateTime<Utc>,
    what: What,
) -> Recorded {
    Recorded {
        order_id: order.order_id,
        matter_id: order.matter_id,
        org_path: order.org_path.clone(),
        no: order.no.clone(),
        id,
        visit_id,
        round,
        at,
        what,
    }
}

async fn under_way(tx: &mut Tx, order: &Mine, who: UserId) -> Result<VisitId> {
    store::find_open(tx, order, who).await?.ok_or_else(|| FieldRule::NoVisit.into())
}

fn distance(order: &Mine, point: Option<Point>) -> Option<f64> {
    let (lng, lat) = order.lng.zip(order.lat)?;
    point.map(|p| p.metres_to(Point { lng, lat }))
}

/// A position that cannot be true refuses the arrival: the phone says "unknown" instead.
fn checked(arrival: Arrival) -> Result<Arrival> {
    let point = arrival.point.map(Point::checked).transpose()?;
    let accuracy = arrival.accuracy_m;
    if accuracy.is_some_and(|m| !(0.0..=100_000.0).contains(&m)) {
        return Err(Error::invalid("accuracy_m", "定位精度无效", "metres, not negative"));
    }
    Ok(Arrival { point, accuracy_m: accuracy.filter(|_| point.is_some()), ..arrival })
}

fn is_done(state: State) -> bool {
    matches!(state, State::Finished | State::Revisit | State::Closed)
}
