//! Calls, seats and queues as people see them.

use crate::views::{
    CallOrder, CallView, Filter, Mark, QueueLoad, QueueName, RecordingView, SeatView,
};
use crate::{CallState, Direction, Outcome, Party, SeatState};
use chrono::{DateTime, Utc};
use kernel::{AccountId, CallId, FileId, MatterId, QueueId, Result, Scope, Tx, UserId};
use sqlx::types::Json;
use uuid::Uuid;

struct CallRow {
    id: CallId,
    matter_id: MatterId,
    direction: Direction,
    peer_number: String,
    service_number: String,
    account_id: Option<AccountId>,
    account_name: Option<String>,
    address: Option<String>,
    state: CallState,
    outcome: Option<Outcome>,
    hung_up_by: Option<Party>,
    queue_key: Option<String>,
    queue_name: Option<String>,
    agent_id: Option<UserId>,
    agent_name: Option<String>,
    purpose: String,
    digits: String,
    arrived_at: DateTime<Utc>,
    queued_at: Option<DateTime<Utc>>,
    offered_at: Option<DateTime<Utc>>,
    answered_at: Option<DateTime<Utc>>,
    ended_at: Option<DateTime<Utc>>,
    recording_state: Option<String>,
    recording_seconds: Option<f64>,
    recording_file: Option<FileId>,
    orders: Json<Vec<CallOrder>>,
}

macro_rules! calls {
    ($tail:literal, $($arg:expr),+ $(,)?) => {
        sqlx::query_as!(
            CallRow,
            r#"select c.id, c.matter_id, c.direction, c.peer_number, c.service_number, c.account_id,
                      p.name as "account_name?", m.address as "address?", c.state, c.outcome,
                      c.hung_up_by, q.key as "queue_key?", q.name as "queue_name?", c.agent_id,
                      s.name as "agent_name?", c.purpose, c.digits, c.arrived_at, c.queued_at,
                      c.offered_at, c.answered_at, c.ended_at, r.state as "recording_state?",
                      r.seconds as "recording_seconds?", r.file_id as "recording_file?: FileId",
                      coalesce((select jsonb_agg(jsonb_build_object(
                                         'order_id', o.id, 'no', o.no, 'why', oc.why)
                                       order by oc.at)
                                from orders.order_call oc
                                join orders.work_order o on o.id = oc.order_id
                                where oc.call_id = c.id), '[]'::jsonb)
                        as "orders!: Json<Vec<CallOrder>>"
               from telephony.call c
               left join directory.account a on a.id = c.account_id
               left join directory.person p on p.id = a.person_id
               left join directory.premise m on m.id = a.premise_id
               left join telephony.queue q on q.id = c.queue_id
               left join identity.staff s on s.id = c.agent_id
               left join telephony.recording r on r.call_id = c.id "# + $tail,
            $($arg),+
        )
    };
}

/// One call within sight.
pub async fn call(tx: &mut Tx, id: CallId, scope: &Scope) -> Result<Option<CallView>> {
    let (paths, own) = (&scope.paths, scope.own.map(|o| *o));
    let row =
        calls!("where c.id = $1 and (c.org_path ^@ any($2) or c.agent_id = $3)", *id, paths, own)
            .fetch_optional(tx.db())
            .await?;
    Ok(row.map(|r| r.view(scope.own)))
}

/// Calls within sight that match, newest first; one more than asked for.
pub async fn calls(
    tx: &mut Tx,
    filter: &Filter,
    mine: Option<UserId>,
    scope: &Scope,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<CallView>> {
    let (paths, own) = (&scope.paths, scope.own.map(|o| *o));
    let (after_at, after_id) = after.unzip();
    let number = filter.number.as_deref().and_then(directory::normalise_phone);
    let rows = calls!(
        "where (c.org_path ^@ any($1) or c.agent_id = $2)
           and ($3::uuid is null or c.agent_id = $3)
           and ($4::text is null or c.peer_number = $4)
           and ($5::uuid is null or c.account_id = $5)
           and ($6::text is null or c.outcome = $6)
           and ($7::timestamptz is null or c.arrived_at >= $7)
           and ($8::timestamptz is null or c.arrived_at < $8)
           and ($9::timestamptz is null or (c.arrived_at, c.id) < ($9, $10))
         order by c.arrived_at desc, c.id desc limit $11",
        paths,
        own,
        mine.or(filter.agent).map(|a| *a),
        number,
        filter.account.map(|a| *a),
        filter.outcome.map(|o| <&str>::from(o).to_owned()) as Option<String>,
        filter.from,
        filter.to,
        after_at,
        after_id,
        limit + 1
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| r.view(scope.own)).collect())
}

/// The call that holds this agent's seat.
pub async fn current(tx: &mut Tx, agent: UserId) -> Result<Option<CallId>> {
    let found = sqlx::query_scalar!(
        r#"select call_id as "call_id: CallId" from telephony.agent where staff_id = $1"#,
        *agent,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(found.flatten())
}

impl CallRow {
    /// The number is whole only for the agent who is on the call.
    fn view(self, me: Option<UserId>) -> CallView {
        let own = me.is_some() && self.agent_id == me && self.state != CallState::Ended;
        let number = if own { self.peer_number } else { directory::mask_phone(&self.peer_number) };
        CallView {
            id: self.id,
            matter_id: self.matter_id,
            direction: self.direction,
            peer_number: number,
            service_number: self.service_number,
            account_id: self.account_id,
            account_name: self.account_name,
            address: self.address,
            state: self.state,
            outcome: self.outcome,
            hung_up_by: self.hung_up_by,
            queue_key: self.queue_key,
            queue_name: self.queue_name,
            agent_id: self.agent_id,
            agent_name: self.agent_name,
            purpose: self.purpose,
            digits: self.digits,
            arrived_at: self.arrived_at,
            queued_at: self.queued_at,
            offered_at: self.offered_at,
            answered_at: self.answered_at,
            ended_at: self.ended_at,
            recording: self.recording_state.map(|state| RecordingView {
                state,
                seconds: self.recording_seconds,
                file_id: self.recording_file,
            }),
            orders: self.orders.0,
        }
    }
}

/// A call as a permission check needs it.
pub async fn mark(tx: &mut Tx, id: CallId) -> Result<Option<Mark>> {
    Ok(sqlx::query_as!(Mark, "select agent_id, org_path from telephony.call where id = $1", *id,)
        .fetch_optional(tx.db())
        .await?)
}

struct SeatRow {
    staff_id: UserId,
    name: String,
    endpoint: String,
    state: SeatState,
    reason: String,
    since: DateTime<Utc>,
    call_id: Option<CallId>,
    wrap_until: Option<DateTime<Utc>>,
    queues: Json<Vec<QueueName>>,
}

macro_rules! seats {
    ($tail:literal, $($arg:expr),+ $(,)?) => {
        sqlx::query_as!(
            SeatRow,
            r#"select a.staff_id, s.name, a.endpoint, a.state, a.reason, a.since, a.call_id,
                      a.wrap_until,
                      coalesce((select jsonb_agg(jsonb_build_object('key', q.key, 'name', q.name)
                                                 order by q.key)
                                from telephony.queue_member m
                                join telephony.queue q on q.id = m.queue_id and q.active
                                where m.staff_id = a.staff_id), '[]'::jsonb)
                        as "queues!: Json<Vec<QueueName>>"
               from telephony.agent a join identity.staff s on s.id = a.staff_id "# + $tail,
            $($arg),+
        )
    };
}

/// One seat.
pub async fn seat(tx: &mut Tx, staff: UserId) -> Result<Option<SeatView>> {
    let row = seats!("where a.staff_id = $1", *staff).fetch_optional(tx.db()).await?;
    Ok(row.map(SeatRow::view))
}

/// The seats within sight.
pub async fn seats(tx: &mut Tx, scope: &Scope) -> Result<Vec<SeatView>> {
    let own = scope.own.map(|o| *o);
    let rows = seats!(
        "where (a.org_path ^@ any($1) or a.staff_id = $2) order by s.name, a.staff_id",
        &scope.paths,
        own
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(SeatRow::view).collect())
}

impl SeatRow {
    fn view(self) -> SeatView {
        SeatView {
            staff_id: self.staff_id,
            name: self.name,
            endpoint: self.endpoint,
            state: self.state,
            reason: self.reason,
            since: self.since,
            call_id: self.call_id,
            wrap_until: self.wrap_until,
            queues: self.queues.0,
        }
    }
}

/// How many wait and how many could serve, by queue.
pub async fn loads(tx: &mut Tx) -> Result<Vec<QueueLoad>> {
    Ok(sqlx::query_as!(
        QueueLoad,
        r#"select q.id as "id: QueueId",
             (select count(*) from telephony.call c
              where c.queue_id = q.id and c.state in ('queued', 'ringing')) as "waiting!",
             (select min(c.queued_at) from telephony.call c
              where c.queue_id = q.id and c.state in ('queued', 'ringing')) as "oldest?",
             count(*) filter (where a.state = 'idle') as "idle!",
             count(*) filter (where a.state = 'talking') as "talking!",
             count(*) filter (where a.state = 'wrap_up') as "wrap_up!"
           from telephony.queue q
           left join telephony.queue_member m on m.queue_id = q.id
           left join telephony.agent a on a.staff_id = m.staff_id
           where q.active group by q.id"#,
    )
    .fetch_all(tx.db())
    .await?)
}
