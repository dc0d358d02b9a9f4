//! What happened. One append-only table is outbox, audit trail and timeline at once: a row is
//! written in the transaction that it tells of, so nothing is announced that was not committed.

use crate::{App, MatterId, Result};
use chrono::{DateTime, Utc};
use serde_json::Value;
use uuid::Uuid;

/// Through which door somebody acted.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    serde::Serialize,
    serde::Deserialize,
    strum::IntoStaticStr,
    strum::EnumString,
    utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Channel {
    /// The agent's and the office's screens.
    Desk,
    /// The repairer's phone.
    Field,
    /// The customer's page.
    Portal,
    /// The telephone.
    Phone,
    /// Nobody in person: a timer, a subscriber, an import.
    System,
}

/// What an event is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Subject {
    /// Sort of thing, such as `order` or `call`.
    pub kind: &'static str,
    /// Which one.
    pub id: Uuid,
}

/// Something that happened, worth telling. Its serde form is the payload.
pub trait Event: serde::Serialize {
    /// Stable name, `domain.happened`.
    fn kind(&self) -> &'static str;
    /// What it is about.
    fn subject(&self) -> Subject;
    /// The matter that it belongs to, if any.
    fn matter(&self) -> Option<MatterId> {
        None
    }
    /// The organisation whose people may see it; everybody's when absent.
    fn org_path(&self) -> Option<&str> {
        None
    }
}

/// An event as it is read back.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
pub struct EventRow {
    /// Position in the table.
    pub id: i64,
    /// Stable name, `domain.happened`.
    pub kind: String,
    /// Sort of thing that it is about.
    pub subject: String,
    /// Which one.
    pub subject_id: Uuid,
    /// The matter that it belongs to.
    #[schema(required)]
    pub matter_id: Option<MatterId>,
    /// The organisation whose people may see it.
    #[schema(required)]
    pub org_path: Option<String>,
    /// Who acted; nobody for the system.
    #[schema(required)]
    pub actor_id: Option<Uuid>,
    /// Name of who acted, as it was then.
    pub actor_name: String,
    /// Through which door.
    pub channel: String,
    /// When.
    pub at: DateTime<Utc>,
    /// What exactly, from what to what.
    #[schema(value_type = Object)]
    pub payload: Value,
}

/// How far a reader has come in the table. Ids become visible out of order, so the position is
/// the pair of transaction and id, and nothing at or above the oldest running transaction is read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    /// Transaction id of the last row read.
    pub xid: i64,
    /// Id of the last row read.
    pub id: i64,
}

/// Where a new reader begins: after everything that is settled now.
pub async fn end(app: &App) -> Result<Position> {
    let xid = sqlx::query_scalar!(
        r#"select pg_snapshot_xmin(pg_current_snapshot())::text::bigint as "xid!""#
    )
    .fetch_one(&app.pool)
    .await?;
    Ok(Position { xid: xid - 1, id: i64::MAX })
}

/// The next settled events after `from`, oldest first, and where to go on.
pub async fn after(app: &App, from: Position, limit: i64) -> Result<(Vec<EventRow>, Position)> {
    let rows = sqlx::query!(
        r#"select xid::text::bigint as "xid!", id, kind, subject, subject_id, matter_id, org_path,
                  actor_id, actor_name, channel, at, payload
           from kernel.event
           where (xid, id) > ($1::text::xid8, $2)
             and xid < pg_snapshot_xmin(pg_current_snapshot())
           order by xid, id limit $3"#,
        from.xid.to_string(),
        from.id,
        limit,
    )
    .fetch_all(&app.pool)
    .await?;
    let to = rows.last().map_or(from, |r| Position { xid: r.xid, id: r.id });
    let events = rows
        .into_iter()
        .map(|r| EventRow {
            id: r.id,
            kind: r.kind,
            subject: r.subject,
            subject_id: r.subject_id,
            matter_id: r.matter_id,
            org_path: r.org_path,
            actor_id: r.actor_id,
            actor_name: r.actor_name,
            channel: r.channel,
            at: r.at,
            payload: r.payload,
        })
        .collect();
    Ok((events, to))
}
