//! Calls as the engine reads and writes them.

use crate::TelephonyRule;
use crate::model::call::{Call, OfferResult};
use chrono::{DateTime, Utc};
use kernel::{AccountId, App, CallId, Error, OnConstraint as _, QueueId, Result, Tx, UserId};
use sqlx::PgConnection;

macro_rules! rows {
    ($tail:literal $(, $arg:expr)*) => {
        sqlx::query_as!(
            Call,
            "select id, matter_id, direction, peer_number, service_number, account_id, state,
                    outcome, hung_up_by, flow, flow_version, node, tries, digits, prompts, turn,
                    due_at, queue_id, agent_id, purpose, peer_channel, agent_channel, legs,
                    arrived_at, queued_at, offered_at, answered_at, ended_at, org_path
             from telephony.call " + $tail
            $(, $arg)*
        )
    };
}

/// The call, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, id: CallId) -> Result<Option<Call>> {
    Ok(rows!("where id = $1 for update", *id).fetch_optional(tx.db()).await?)
}

/// The call as it is.
pub async fn get(db: &mut PgConnection, id: CallId) -> Result<Option<Call>> {
    Ok(rows!("where id = $1", *id).fetch_optional(db).await?)
}

/// Every call that has not ended.
pub async fn live(app: &App) -> Result<Vec<Call>> {
    Ok(rows!("where state <> 'ended' order by arrived_at").fetch_all(&app.pool).await?)
}

/// A new call; false when its channel has a call already.
pub async fn insert(tx: &mut Tx, call: &Call) -> Result<bool> {
    let done = sqlx::query!(
        "insert into telephony.call
           (id, matter_id, direction, peer_number, service_number, account_id, state, outcome,
            hung_up_by, flow, flow_version, node, tries, digits, prompts, turn, due_at, queue_id,
            agent_id, purpose, peer_channel, agent_channel, legs, arrived_at, queued_at,
            offered_at, answered_at, ended_at, org_path)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18,
                 $19, $20, $21, $22, $23, $24, $25, $26, $27, $28, $29)
         on conflict do nothing",
        *call.id,
        *call.matter_id,
        call.direction as _,
        call.peer_number,
        call.service_number,
        call.account_id.map(|a| *a),
        call.state as _,
        call.outcome as _,
        call.hung_up_by as _,
        call.flow,
        call.flow_version,
        call.node,
        call.tries,
        call.digits,
        &call.prompts,
        call.turn,
        call.due_at,
        call.queue_id.map(|q| *q),
        call.agent_id.map(|a| *a),
        call.purpose,
        call.peer_channel,
        call.agent_channel,
        call.legs,
        call.arrived_at,
        call.queued_at,
        call.offered_at,
        call.answered_at,
        call.ended_at,
        call.org_path,
    )
    .execute(tx.db())
    .await
    .on_constraint("call_agent", TelephonyRule::NoSeat)?;
    Ok(done.rows_affected() == 1)
}

/// Writes all of a call that a decision may change.
pub async fn save(tx: &mut Tx, call: &Call) -> Result<()> {
    sqlx::query!(
        "update telephony.call set state = $2, outcome = $3, hung_up_by = $4, node = $5,
           tries = $6, digits = $7, prompts = $8, turn = $9, due_at = $10, queue_id = $11,
           agent_id = $12, peer_channel = $13, agent_channel = $14, legs = $15, queued_at = $16,
           offered_at = $17, answered_at = $18, ended_at = $19
         where id = $1",
        *call.id,
        call.state as _,
        call.outcome as _,
        call.hung_up_by as _,
        call.node,
        call.tries,
        call.digits,
        &call.prompts,
        call.turn,
        call.due_at,
        call.queue_id.map(|q| *q),
        call.agent_id.map(|a| *a),
        call.peer_channel,
        call.agent_channel,
        call.legs,
        call.queued_at,
        call.offered_at,
        call.answered_at,
        call.ended_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Says whose call it is.
pub async fn identify(tx: &mut Tx, id: CallId, account: AccountId) -> Result<()> {
    sqlx::query!("update telephony.call set account_id = $2 where id = $1", *id, *account)
        .execute(tx.db())
        .await
        .on_constraint("call_account", Error::NotFound("account"))?;
    Ok(())
}

/// Calls for which something has fallen due.
pub async fn due(app: &App, now: DateTime<Utc>) -> Result<Vec<CallId>> {
    Ok(sqlx::query_scalar!(
        r#"select id as "id: CallId" from telephony.call
           where due_at <= $1 and state <> 'ended' order by due_at limit 500"#,
        now,
    )
    .fetch_all(&app.pool)
    .await?)
}

/// A caller who waits, as the queue sees it.
pub struct WaitingRow {
    /// The call.
    pub id: CallId,
    /// Its queue.
    pub queue_id: QueueId,
    /// When it came first.
    pub arrived_at: DateTime<Utc>,
}

/// Callers who wait for an agent, longest first.
pub async fn waiting(app: &App) -> Result<Vec<WaitingRow>> {
    Ok(sqlx::query_as!(
        WaitingRow,
        r#"select id, queue_id as "queue_id!: QueueId", arrived_at from telephony.call
           where state = 'queued' and queue_id is not null order by arrived_at, id limit 500"#,
    )
    .fetch_all(&app.pool)
    .await?)
}

/// The household of a number, when there is exactly one.
pub async fn household(tx: &mut Tx, number: &str) -> Result<Option<AccountId>> {
    let found = sqlx::query_scalar!(
        r#"select account_id as "id!: AccountId" from directory.phone_binding where number = $1
           union
           select a.id from directory.phone p
             join directory.account a on a.person_id = p.person_id where p.number = $1
           limit 2"#,
        number,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(match found.as_slice() {
        [one] => Some(*one),
        _ => None,
    })
}

/// Notes that an agent is about to be rung.
pub async fn open_offer(tx: &mut Tx, call: &Call, agent: UserId) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "insert into telephony.offer (call_id, seq, agent_id, channel, offered_at)
         values ($1, $2, $3, $4, $5) on conflict do nothing",
        *call.id,
        call.legs,
        *agent,
        call.agent_channel.as_deref().unwrap_or_default(),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Notes how the open offer of a call ended.
pub async fn close_offer(tx: &mut Tx, call: CallId, result: OfferResult) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update telephony.offer set ended_at = $2, result = $3
         where call_id = $1 and ended_at is null",
        *call,
        now,
        result as _,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
