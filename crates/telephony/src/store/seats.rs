//! Seats as the engine and the agents' screens read and write them.

use crate::model::queue::Free;
use crate::model::seat::SeatState;
use chrono::{DateTime, Utc};
use kernel::{App, CallId, Result, Tx, UserId};
use uuid::Uuid;

/// A seat's row.
#[derive(Clone, Debug)]
pub struct SeatRow {
    /// Whose.
    pub staff_id: UserId,
    /// The phone's account at the switch.
    pub endpoint: String,
    /// Where the agent stands.
    pub state: SeatState,
    /// The call that holds the seat.
    pub call_id: Option<CallId>,
    /// The tab that holds the phone.
    pub tab: Option<Uuid>,
    /// Last sign of life of the phone.
    pub seen_at: Option<DateTime<Utc>>,
    /// The agent's organisation.
    pub org_path: String,
}

/// What a seat becomes.
pub struct SeatChange<'a> {
    /// Whose.
    pub staff_id: UserId,
    /// The new state.
    pub to: SeatState,
    /// Why.
    pub reason: &'a str,
    /// The call that holds it.
    pub call_id: Option<CallId>,
    /// Until when the agent writes up.
    pub wrap_until: Option<DateTime<Utc>>,
}

/// The seat, locked until the transaction ends.
pub async fn lock(tx: &mut Tx, staff: UserId) -> Result<Option<SeatRow>> {
    Ok(sqlx::query_as!(
        SeatRow,
        "select staff_id, endpoint, state, call_id, tab, seen_at, org_path
         from telephony.agent where staff_id = $1 for update",
        *staff,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Writes a seat's state.
pub async fn set(tx: &mut Tx, change: &SeatChange<'_>) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update telephony.agent set state = $2, reason = $3, call_id = $4, wrap_until = $5,
           since = $6, idle_since = case when $2 = 'idle' then $6::timestamptz end
         where staff_id = $1",
        *change.staff_id,
        <&str>::from(change.to),
        change.reason,
        change.call_id.map(|c| *c),
        change.wrap_until,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Claims a free agent for a call, by compare and swap: two queues never ring one agent.
/// Gives the state that the agent was in and the organisation.
pub async fn claim(
    tx: &mut Tx,
    staff: UserId,
    call: CallId,
    from: &[&str],
) -> Result<Option<(SeatState, String)>> {
    let now = tx.now();
    let from: Vec<String> = from.iter().map(|s| (*s).to_owned()).collect();
    let row = sqlx::query!(
        r#"update telephony.agent a set state = 'reserved', reason = '', call_id = $2, since = $3,
             idle_since = null, wrap_until = null
           from (select staff_id, state from telephony.agent
                 where staff_id = $1 and state = any($4) for update) old
           where a.staff_id = old.staff_id
           returning old.state as "was!: SeatState", a.org_path"#,
        *staff,
        *call,
        now,
        &from,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|r| (r.was, r.org_path)))
}

/// Agents who can be rung: idle, and their phone gave a sign of life since `alive_since`.
pub async fn free(app: &App, alive_since: DateTime<Utc>) -> Result<Vec<Free>> {
    Ok(sqlx::query_as!(
        Free,
        r#"select staff_id as agent, idle_since as "idle_since!" from telephony.agent
           where state = 'idle' and idle_since is not null and seen_at > $1"#,
        alive_since,
    )
    .fetch_all(&app.pool)
    .await?)
}

/// Seats whose time to write up is over.
pub async fn wrapped_up(app: &App, now: DateTime<Utc>) -> Result<Vec<UserId>> {
    Ok(sqlx::query_scalar!(
        r#"select staff_id as "id: UserId" from telephony.agent where wrap_until <= $1"#,
        now,
    )
    .fetch_all(&app.pool)
    .await?)
}

/// Seats whose phone has been silent since before `before`, in these states.
pub async fn silent(app: &App, before: DateTime<Utc>, states: &[&str]) -> Result<Vec<UserId>> {
    let states: Vec<String> = states.iter().map(|s| (*s).to_owned()).collect();
    Ok(sqlx::query_scalar!(
        r#"select staff_id as "id: UserId" from telephony.agent
           where state = any($2) and (seen_at is null or seen_at <= $1)"#,
        before,
        &states,
    )
    .fetch_all(&app.pool)
    .await?)
}

/// Seats that are held by a call which no longer holds them.
pub async fn stuck(app: &App) -> Result<Vec<UserId>> {
    Ok(sqlx::query_scalar!(
        r#"select a.staff_id as "id: UserId" from telephony.agent a
           left join telephony.call c on c.id = a.call_id and c.agent_id = a.staff_id
             and c.state in ('ringing', 'talking', 'held', 'dialing')
           where a.state in ('reserved', 'ringing', 'talking') and c.id is null"#,
    )
    .fetch_all(&app.pool)
    .await?)
}

/// Whether a call still holds that seat, looked at under the seat's lock.
pub async fn is_held(tx: &mut Tx, staff: UserId, call: CallId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from telephony.call where id = $2 and agent_id = $1
             and state in ('ringing', 'talking', 'held', 'dialing')) as "held!""#,
        *staff,
        *call,
    )
    .fetch_one(tx.db())
    .await?)
}

/// The agent of an account at the switch.
pub async fn by_endpoint(app: &App, endpoint: &str) -> Result<Option<UserId>> {
    Ok(sqlx::query_scalar!(
        r#"select staff_id as "id: UserId" from telephony.agent where endpoint = $1"#,
        endpoint,
    )
    .fetch_optional(&app.pool)
    .await?)
}

/// The accounts at the switch of these agents.
pub async fn endpoint(app: &App, staff: UserId) -> Result<Option<String>> {
    Ok(sqlx::query_scalar!("select endpoint from telephony.agent where staff_id = $1", *staff)
        .fetch_optional(&app.pool)
        .await?)
}

/// Makes the seat of a member of staff, when there is none yet.
pub async fn ensure(tx: &mut Tx, staff: UserId) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "insert into telephony.agent (staff_id, endpoint, state, since, org_path)
         select s.id, 'agent-' || replace(s.id::text, '-', ''), 'offline', $2, o.path
         from identity.staff s join identity.org o on o.id = s.org_id where s.id = $1
         on conflict do nothing",
        *staff,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Notes a sign of life, and which tab gave it.
pub async fn seen(tx: &mut Tx, staff: UserId, tab: Option<Uuid>) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update telephony.agent set seen_at = $2, tab = coalesce($3, tab) where staff_id = $1",
        *staff,
        now,
        tab,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Lets this tab hold the phone, or, when it has no name, the next that gives a sign of life.
pub async fn set_tab(tx: &mut Tx, staff: UserId, tab: Option<Uuid>) -> Result<()> {
    sqlx::query!("update telephony.agent set tab = $2 where staff_id = $1", *staff, tab)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Notes the phone's new password.
pub async fn set_secret(tx: &mut Tx, staff: UserId, secret: &str) -> Result<()> {
    sqlx::query!("update telephony.agent set secret = $2 where staff_id = $1", *staff, secret)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// The phones that are in use: account and password.
pub async fn secrets(app: &App) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query!(
        r#"select endpoint, secret as "secret!" from telephony.agent
           where secret is not null and state <> 'offline'"#,
    )
    .fetch_all(&app.pool)
    .await?;
    Ok(rows.into_iter().map(|r| (r.endpoint, r.secret)).collect())
}
