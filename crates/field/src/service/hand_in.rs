//! Evidence and temperatures, under ids that the phone made.

use super::step::{go_to, recorded};
use crate::event::What;
use crate::model::{EvidenceKind, FieldRule, Mine, Room};
use crate::permissions::WORK;
use crate::store::{self, Added, NewEvidenceRow, NewTemperatureRow, Open};
use chrono::{DateTime, Utc};
use kernel::{Error, FileId, OrderId, Point, Result, Tx, UserId};
use orders::State;
use uuid::Uuid;

/// Nobody hands in more pieces of either sort on one visit.
const MOST: usize = 60;
/// A room between −30 and 45 degrees: anything else is a slip of the finger.
const PLAUSIBLE: std::ops::RangeInclusive<i32> = -300..=450;

/// A picture, a signature, a recording: its file was uploaded before.
#[derive(Clone, Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewEvidence {
    /// Made by the phone.
    pub id: Uuid,
    /// What it is.
    pub kind: EvidenceKind,
    /// Its file.
    pub file_id: FileId,
    /// When, by the phone's clock.
    pub taken_at: DateTime<Utc>,
    /// Where, if the phone knew.
    pub point: Option<Point>,
}

/// A room's temperature.
#[derive(Clone, Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewTemperature {
    /// Made by the phone.
    pub id: Uuid,
    /// Where.
    pub room: Room,
    /// Tenths of a degree Celsius.
    pub decidegrees: i32,
    /// When, by the phone's clock.
    pub taken_at: DateTime<Utc>,
}

/// Adds evidence to the caller's visit. What comes late, even after the order went on or went to
/// somebody else, still belongs to the visit that it was taken on.
pub async fn add_evidence(tx: &mut Tx, id: OrderId, new: NewEvidence) -> Result<()> {
    let (order, visit, who) = visit_of(tx, id, new.taken_at).await?;
    let point = new.point.map(Point::checked).transpose()?;
    let media_type = store::own_file_type(tx, new.file_id, who).await?;
    if !new.kind.accepts(&media_type) {
        return Err(FieldRule::WrongFile.into());
    }
    if store::held(tx, visit.id).await?.0.len() >= MOST {
        return Err(FieldRule::TooMuch.into());
    }
    let taken_at = new.taken_at.min(tx.now());
    let (kind, file) = (new.kind, new.file_id);
    let row = NewEvidenceRow { id: new.id, visit: visit.id, kind, file, taken_at, point };
    if is_new(store::add_evidence(tx, &row).await?)? {
        let what = What::Evidence { kind, file_id: file };
        tx.emit(&recorded(&order, new.id, visit.id, visit.round, taken_at, what))?;
    }
    Ok(())
}

/// Adds a temperature to the caller's visit.
pub async fn add_temperature(tx: &mut Tx, id: OrderId, new: NewTemperature) -> Result<()> {
    let (order, visit, _) = visit_of(tx, id, new.taken_at).await?;
    if !PLAUSIBLE.contains(&new.decidegrees) {
        return Err(Error::invalid("decidegrees", "室温应在 -30 至 45 ℃", "from -30 to 45 °C"));
    }
    if store::held(tx, visit.id).await?.1 >= MOST {
        return Err(FieldRule::TooMuch.into());
    }
    let taken_at = new.taken_at.min(tx.now());
    let NewTemperature { id, room, decidegrees, .. } = new;
    let row = NewTemperatureRow { id, visit: visit.id, room, decidegrees, taken_at };
    if is_new(store::add_temperature(tx, &row).await?)? {
        let what = What::Temperature { room, decidegrees };
        tx.emit(&recorded(&order, id, visit.id, visit.round, taken_at, what))?;
    }
    Ok(())
}

/// The visit that something belongs to. An order in the caller's hands that he works on without
/// having told so is accepted by that.
async fn visit_of(tx: &mut Tx, id: OrderId, at: DateTime<Utc>) -> Result<(Mine, Open, UserId)> {
    tx.require(WORK)?;
    let who = tx.user()?;
    let mut order = store::lock(tx, id).await?;
    if order.assignee_id == Some(who) && order.state == State::Dispatched {
        go_to(tx, &mut order, who, State::Accepted, at).await?;
    }
    let visit = store::latest(tx, id, who).await?.ok_or(Error::NotFound("order"))?;
    Ok((order, visit, who))
}

fn is_new(added: Added) -> Result<bool> {
    match added {
        Added::New => Ok(true),
        Added::Again => Ok(false),
        Added::Other => Err(FieldRule::IdTaken.into()),
    }
}
