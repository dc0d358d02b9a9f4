//! What people set up: queues and their members, flows, service numbers.

use crate::model::flow::Graph;
use crate::model::queue::Strategy;
use kernel::{App, Error, OnConstraint as _, QueueId, Result, Tx, UserId};
use sqlx::PgConnection;
use uuid::Uuid;

/// A queue's row.
#[derive(Clone, Debug)]
pub struct QueueRow {
    /// Which.
    pub id: QueueId,
    /// Stable name.
    pub key: String,
    /// Name, Chinese.
    pub name: String,
    /// Name, English.
    pub name_en: String,
    /// In which order agents are rung.
    pub strategy: Strategy,
    /// Seconds that one agent is rung.
    pub ring_s: i32,
    /// Seconds to write up.
    pub wrap_up_s: i32,
    /// Seconds between comforting announcements.
    pub comfort_s: i32,
}

/// All queues that are in use.
pub async fn queues(db: &mut PgConnection) -> Result<Vec<QueueRow>> {
    Ok(sqlx::query_as!(
        QueueRow,
        "select id, key, name, name_en, strategy, ring_s, wrap_up_s, comfort_s
         from telephony.queue where active order by key",
    )
    .fetch_all(db)
    .await?)
}

/// A member of a queue.
#[derive(Clone, Debug)]
pub struct MemberRow {
    /// Of which queue.
    pub queue_id: QueueId,
    /// Who.
    pub staff_id: UserId,
    /// The person's name.
    pub name: String,
    /// Always, or for a shift.
    pub manner: String,
    /// Place in the order.
    pub sort: i32,
}

/// All members, in each queue's order.
pub async fn members(db: &mut PgConnection) -> Result<Vec<MemberRow>> {
    Ok(sqlx::query_as!(
        MemberRow,
        "select m.queue_id, m.staff_id, s.name, m.manner, m.sort
         from telephony.queue_member m join identity.staff s on s.id = m.staff_id
         where s.active order by m.queue_id, m.sort, m.staff_id",
    )
    .fetch_all(db)
    .await?)
}

/// A flow's version.
#[derive(Clone, Debug)]
pub struct FlowRow {
    /// Stable name.
    pub key: String,
    /// Which version.
    pub version: i32,
    /// The graph.
    pub graph: Graph,
}

/// The published flows: of each the newest, and those that live calls still walk.
pub async fn flows(db: &mut PgConnection) -> Result<Vec<FlowRow>> {
    let rows = sqlx::query!(
        "select f.key, f.version, f.graph from telephony.flow f
         where f.published_at is not null
           and (f.version = (select max(version) from telephony.flow n
                             where n.key = f.key and n.published_at is not null)
                or exists (select from telephony.call c
                           where c.state = 'ivr' and c.flow = f.key
                             and c.flow_version = f.version))
         order by f.key, f.version",
    )
    .fetch_all(db)
    .await?;
    rows.into_iter()
        .map(|r| {
            let graph = serde_json::from_value(r.graph).map_err(|e| Error::Internal(e.into()))?;
            Ok(FlowRow { key: r.key, version: r.version, graph })
        })
        .collect()
}

/// Publishes the next version of a flow and gives its number.
pub async fn publish(tx: &mut Tx, key: &str, graph: &Graph, by: Option<UserId>) -> Result<i32> {
    let id: Uuid = tx.new_id();
    let now = tx.now();
    let graph = serde_json::to_value(graph).map_err(|e| Error::Internal(e.into()))?;
    let version = sqlx::query_scalar!(
        r#"insert into telephony.flow (id, key, version, graph, published_at, published_by)
           select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5
           from telephony.flow where key = $2
           returning version as "version!""#,
        id,
        key,
        graph,
        now,
        by.map(|b| *b),
    )
    .fetch_one(tx.db())
    .await?;
    Ok(version)
}

/// Which flow answers which number.
pub async fn service_numbers(db: &mut PgConnection) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query!("select number, flow from telephony.service_number order by number")
        .fetch_all(db)
        .await?;
    Ok(rows.into_iter().map(|r| (r.number, r.flow)).collect())
}

/// The company's place in the organisation.
pub async fn root_path(db: &mut PgConnection) -> Result<String> {
    let path = sqlx::query_scalar!("select path from identity.org where parent_id is null limit 1")
        .fetch_optional(db)
        .await?;
    Ok(path.unwrap_or_else(|| "/".to_owned()))
}

/// Whom each round-robin queue rang last.
pub async fn last_rung(app: &App) -> Result<Vec<(QueueId, UserId)>> {
    let rows = sqlx::query!(
        r#"select id, last_rung as "last_rung!: UserId" from telephony.queue
           where last_rung is not null"#,
    )
    .fetch_all(&app.pool)
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.last_rung)).collect())
}

/// Notes whom a round-robin queue rang last.
pub async fn set_last_rung(tx: &mut Tx, queue: QueueId, agent: UserId) -> Result<()> {
    sqlx::query!(
        "update telephony.queue set last_rung = $2 where id = $1 and strategy = 'round_robin'",
        *queue,
        *agent,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Writes a queue's settings.
pub async fn save_queue(tx: &mut Tx, queue: &QueueRow) -> Result<()> {
    sqlx::query!(
        "update telephony.queue set name = $2, name_en = $3, strategy = $4, ring_s = $5,
           wrap_up_s = $6, comfort_s = $7 where id = $1",
        *queue.id,
        queue.name,
        queue.name_en,
        queue.strategy as _,
        queue.ring_s,
        queue.wrap_up_s,
        queue.comfort_s,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Replaces a queue's members.
pub async fn set_members(
    tx: &mut Tx,
    queue: QueueId,
    members: &[(UserId, String, i32)],
) -> Result<()> {
    sqlx::query!("delete from telephony.queue_member where queue_id = $1", *queue)
        .execute(tx.db())
        .await?;
    let staff: Vec<Uuid> = members.iter().map(|m| *m.0).collect();
    let manners: Vec<String> = members.iter().map(|m| m.1.clone()).collect();
    let sorts: Vec<i32> = members.iter().map(|m| m.2).collect();
    sqlx::query!(
        "insert into telephony.queue_member (queue_id, staff_id, manner, sort)
         select $1, s, m, o from unnest($2::uuid[], $3::text[], $4::integer[]) as t (s, m, o)",
        *queue,
        &staff,
        &manners,
        &sorts,
    )
    .execute(tx.db())
    .await
    .on_constraint("queue_member_staff", Error::NotFound("staff"))?;
    Ok(())
}

/// Makes a queue, unless there is one of that key.
pub async fn seed_queue(
    tx: &mut Tx,
    id: QueueId,
    key: &str,
    name: &str,
    name_en: &str,
) -> Result<()> {
    sqlx::query!(
        "insert into telephony.queue (id, key, name, name_en, strategy)
         values ($1, $2, $3, $4, 'longest_idle') on conflict (key) do nothing",
        *id,
        key,
        name,
        name_en,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Lets a flow answer a number, unless one does already.
pub async fn seed_number(tx: &mut Tx, number: &str, flow: &str, name: &str) -> Result<()> {
    sqlx::query!(
        "insert into telephony.service_number (number, flow, name) values ($1, $2, $3)
         on conflict (number) do nothing",
        number,
        flow,
        name,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Brings a member of staff into a queue, and gives the person a seat.
pub async fn seed_member(tx: &mut Tx, queue: QueueId, staff: UserId, sort: i32) -> Result<()> {
    super::seats::ensure(tx, staff).await?;
    sqlx::query!(
        "insert into telephony.queue_member (queue_id, staff_id, manner, sort)
         values ($1, $2, 'static', $3) on conflict do nothing",
        *queue,
        *staff,
        sort,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
