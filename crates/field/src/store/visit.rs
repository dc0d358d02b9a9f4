//! Visits for a change.

use crate::model::{EvidenceKind, Mine, Room};
use chrono::{DateTime, Utc};
use kernel::{Error, FileId, OrderId, Point, Result, Tx, UserId, VisitId};
use uuid::Uuid;

/// The order, locked: steps of one order happen one after another.
pub(crate) async fn lock(tx: &mut Tx, id: OrderId) -> Result<Mine> {
    sqlx::query_as!(
        Mine,
        "select o.id as order_id, o.matter_id, o.org_path, o.no, o.state, o.round,
                o.assignee_id, o.lng, o.lat, k.needs_visit, o.kind, o.symptom
         from orders.work_order o join orders.kind k on k.key = o.kind
         where o.id = $1 for update of o",
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("order"))
}

/// Whether this person ever worked on, or was ever given, this order.
pub(crate) async fn has_visited(tx: &mut Tx, id: OrderId, who: UserId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from field.visit where order_id = $1 and staff_id = $2)
               or exists (select from kernel.event
                          where subject_id = $1 and kind = 'order.dispatched'
                            and payload->'to'->>'id' = $3) as "was!""#,
        *id,
        *who,
        who.to_string(),
    )
    .fetch_one(tx.db())
    .await?)
}

/// A visit that things can be added to.
pub(crate) struct Open {
    pub id: VisitId,
    pub round: i32,
}

/// The visit that is under way.
pub(crate) async fn find_open(tx: &mut Tx, order: &Mine, who: UserId) -> Result<Option<VisitId>> {
    Ok(sqlx::query_scalar!(
        "select id from field.visit
         where order_id = $1 and round = $2 and staff_id = $3
           and finished_at is null and returned_at is null",
        *order.order_id,
        order.round,
        *who,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// His last visit of the order, under way or over: a picture that arrives late belongs to it.
pub(crate) async fn latest(tx: &mut Tx, id: OrderId, who: UserId) -> Result<Option<Open>> {
    Ok(sqlx::query_as!(
        Open,
        "select id, round from field.visit where order_id = $1 and staff_id = $2
         order by accepted_at desc, id desc limit 1",
        *id,
        *who,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Begins a visit.
pub(crate) async fn open(
    tx: &mut Tx,
    order: &Mine,
    who: UserId,
    accepted_at: DateTime<Utc>,
) -> Result<VisitId> {
    let id: VisitId = tx.new_id();
    sqlx::query!(
        "insert into field.visit (id, order_id, round, staff_id, accepted_at)
         values ($1, $2, $3, $4, $5)",
        *id,
        *order.order_id,
        order.round,
        *who,
        accepted_at,
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

pub(crate) async fn set_out(tx: &mut Tx, id: VisitId, at: DateTime<Utc>) -> Result<()> {
    sqlx::query!("update field.visit set set_out_at = $2 where id = $1", *id, at)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Notes the arrival, and where it was if the phone knew.
pub(crate) async fn set_arrived(
    tx: &mut Tx,
    id: VisitId,
    at: DateTime<Utc>,
    point: Option<Point>,
    accuracy_m: Option<f64>,
    distance_m: Option<f64>,
) -> Result<()> {
    sqlx::query!(
        "update field.visit
         set arrived_at = $2, arrived_lng = $3, arrived_lat = $4, accuracy_m = $5, distance_m = $6
         where id = $1",
        *id,
        at,
        point.map(|p| p.lng),
        point.map(|p| p.lat),
        accuracy_m,
        distance_m,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// How a visit ended.
pub(crate) enum End<'a> {
    Finished { cause: &'a str, note: &'a str },
    Returned { reason: &'a str },
}

/// Ends a visit.
pub(crate) async fn close(tx: &mut Tx, id: VisitId, at: DateTime<Utc>, end: End<'_>) -> Result<()> {
    let done = match end {
        End::Finished { cause, note } => sqlx::query!(
            "update field.visit set finished_at = $2, cause = $3, note = $4 where id = $1",
            *id,
            at,
            cause,
            note,
        ),
        End::Returned { reason } => sqlx::query!(
            "update field.visit set returned_at = $2, return_reason = $3 where id = $1",
            *id,
            at,
            reason,
        ),
    };
    done.execute(tx.db()).await?;
    Ok(())
}

/// What a visit holds so far.
pub(crate) async fn held(tx: &mut Tx, id: VisitId) -> Result<(Vec<EvidenceKind>, usize)> {
    let kinds = sqlx::query_scalar!("select kind from field.evidence where visit_id = $1", *id)
        .fetch_all(tx.db())
        .await?;
    let temperatures = sqlx::query_scalar!(
        r#"select count(*) as "n!" from field.temperature where visit_id = $1"#,
        *id,
    )
    .fetch_one(tx.db())
    .await?;
    Ok((kinds, usize::try_from(temperatures).unwrap_or(usize::MAX)))
}

/// Media type of a file that the caller uploaded; somebody else's file does not exist.
pub(crate) async fn own_file_type(tx: &mut Tx, id: FileId, who: UserId) -> Result<String> {
    sqlx::query_scalar!(
        "select media_type from files.file where id = $1 and created_by = $2",
        *id,
        *who,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("file"))
}

/// A piece of evidence as it is written.
pub(crate) struct NewEvidenceRow {
    pub id: Uuid,
    pub visit: VisitId,
    pub kind: EvidenceKind,
    pub file: FileId,
    pub taken_at: DateTime<Utc>,
    pub point: Option<Point>,
}

/// What came of adding something under an id that the phone made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Added {
    /// It is new.
    New,
    /// The very same is there already.
    Again,
    /// Something else has this id.
    Other,
}

pub(crate) async fn add_evidence(tx: &mut Tx, new: &NewEvidenceRow) -> Result<Added> {
    let now = tx.now();
    let done = sqlx::query!(
        "insert into field.evidence (id, visit_id, kind, file_id, taken_at, received_at, lng, lat)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict on constraint evidence_pkey do nothing",
        new.id,
        *new.visit,
        <&str>::from(new.kind),
        *new.file,
        new.taken_at,
        now,
        new.point.map(|p| p.lng),
        new.point.map(|p| p.lat),
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 1 {
        return Ok(Added::New);
    }
    let same = sqlx::query_scalar!(
        r#"select visit_id = $2 and kind = $3 and file_id = $4 as "same!"
           from field.evidence where id = $1"#,
        new.id,
        *new.visit,
        <&str>::from(new.kind),
        *new.file,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(if same { Added::Again } else { Added::Other })
}

/// A temperature as it is written.
pub(crate) struct NewTemperatureRow {
    pub id: Uuid,
    pub visit: VisitId,
    pub room: Room,
    pub decidegrees: i32,
    pub taken_at: DateTime<Utc>,
}

pub(crate) async fn add_temperature(tx: &mut Tx, new: &NewTemperatureRow) -> Result<Added> {
    let done = sqlx::query!(
        "insert into field.temperature (id, visit_id, room, decidegrees, taken_at)
         values ($1, $2, $3, $4, $5) on conflict on constraint temperature_pkey do nothing",
        new.id,
        *new.visit,
        <&str>::from(new.room),
        new.decidegrees,
        new.taken_at,
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 1 {
        return Ok(Added::New);
    }
    let same = sqlx::query_scalar!(
        r#"select visit_id = $2 and room = $3 and decidegrees = $4 as "same!"
           from field.temperature where id = $1"#,
        new.id,
        *new.visit,
        <&str>::from(new.room),
        new.decidegrees,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(if same { Added::Again } else { Added::Other })
}
