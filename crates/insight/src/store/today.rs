//! Today's numbers.

use crate::model::rate;
use crate::{
    CallHour, CallNumbers, OrderHour, OrderNumbers, SatisfactionNumbers, SeatNumbers, WallQueue,
};
use chrono::{DateTime, Utc};
use kernel::{Result, Scope, Tx};
use std::collections::BTreeMap;

/// Calls of the organisations in sight, and of the households that they look after.
pub(crate) async fn calls(tx: &mut Tx, day: DateTime<Utc>, scope: &Scope) -> Result<CallNumbers> {
    let now = tx.now();
    let r = sqlx::query!(
        r#"with seen as (
             select c.state, c.outcome, c.queued_at, c.answered_at,
                    c.direction = 'in' and c.arrived_at >= $1 as today
             from telephony.call c left join directory.account a on a.id = c.account_id
             where (c.arrived_at >= $1 or c.state <> 'ended')
               and (c.org_path ^@ any($2) or a.org_path ^@ any($2)))
           select count(*) filter (where today) as "arrived!",
                  count(*) filter (where today and answered_at is not null) as "answered!",
                  count(*) filter (where today and outcome like 'abandoned%') as "abandoned!",
                  count(*) filter (where state = 'ivr') as "in_ivr!",
                  count(*) filter (where state in ('queued', 'ringing') and answered_at is null)
                    as "waiting!",
                  count(*) filter (where state in ('talking', 'held')) as "talking!",
                  coalesce(max(extract(epoch from $3::timestamptz - queued_at)) filter
                    (where state in ('queued', 'ringing') and answered_at is null), 0)::bigint
                    as "longest_wait_s!",
                  count(*) filter (where today and queued_at is not null
                    and (answered_at is not null or state = 'ended')) as "asked!",
                  count(*) filter (where today and queued_at is not null
                    and answered_at is not null) as "served!",
                  avg(extract(epoch from answered_at - queued_at)) filter
                    (where today and answered_at >= queued_at)::float8 as avg_wait_s
           from seen"#,
        day,
        &scope.paths,
        now,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(CallNumbers {
        arrived: r.arrived,
        answered: r.answered,
        abandoned: r.abandoned,
        in_ivr: r.in_ivr,
        waiting: r.waiting,
        longest_wait_s: r.longest_wait_s,
        talking: r.talking,
        answer_rate: rate(r.served, r.asked),
        avg_wait_s: r.avg_wait_s,
        by_hour: calls_by_hour(tx, day, scope).await?,
    })
}

async fn calls_by_hour(tx: &mut Tx, day: DateTime<Utc>, scope: &Scope) -> Result<Vec<CallHour>> {
    let now = tx.now();
    let hours = sqlx::query_as!(
        CallHour,
        r#"select h as "hour!", count(c.id) as "arrived!", count(c.answered_at) as "answered!"
           from generate_series(0, (extract(epoch from $3::timestamptz - $1) / 3600)::int) h
           left join (
             select c.id, c.answered_at, c.arrived_at from telephony.call c
             left join directory.account a on a.id = c.account_id
             where c.arrived_at >= $1 and c.direction = 'in'
               and (c.org_path ^@ any($2) or a.org_path ^@ any($2))
           ) c on c.arrived_at >= $1 + make_interval(hours => h)
              and c.arrived_at < $1 + make_interval(hours => h + 1)
           where $1 + make_interval(hours => h) <= $3
           group by h order by h"#,
        day,
        &scope.paths,
        now,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(hours)
}

/// Seats by state.
pub(crate) async fn seats(tx: &mut Tx, scope: &Scope) -> Result<SeatNumbers> {
    let seats = sqlx::query_as!(
        SeatNumbers,
        r#"select count(*) filter (where state = 'idle') as "idle!",
                  count(*) filter (where state = 'talking') as "talking!",
                  count(*) filter (where state in ('reserved', 'ringing')) as "ringing!",
                  count(*) filter (where state = 'wrap_up') as "wrap_up!",
                  count(*) filter (where state = 'away') as "away!",
                  count(*) filter (where state in ('offline', 'unreachable')) as "offline!"
           from telephony.agent where org_path ^@ any($1)"#,
        &scope.paths,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(seats)
}

/// Orders.
pub(crate) async fn orders(tx: &mut Tx, day: DateTime<Utc>, scope: &Scope) -> Result<OrderNumbers> {
    let now = tx.now();
    let r = sqlx::query!(
        r#"select count(*) filter (where opened_at >= $1) as "opened!",
                  count(*) filter (where state = 'closed' and closed_at >= $1) as "closed!",
                  count(*) filter (where next_due < $3) as "late!",
                  count(*) filter (where next_due >= $3 and (warn_at <= $3 or warn_at = next_due))
                    as "at_risk!",
                  count(*) filter (where finished_at >= $1) as "finished!",
                  count(*) filter (where finished_at >= $1 and finished_at <= finish_due)
                    as "timely!",
                  count(*) filter (where opened_at >= $1 and state <> 'voided') as "valid!",
                  count(*) filter (where opened_at >= $1 and state = 'closed') as "completed!"
           from orders.work_order
           where (opened_at >= $1 or closed_at >= $1 or finished_at >= $1 or next_due is not null)
             and org_path ^@ any($2)"#,
        day,
        &scope.paths,
        now,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(OrderNumbers {
        opened: r.opened,
        closed: r.closed,
        open_by_state: open_by_state(tx, scope).await?,
        late: r.late,
        at_risk: r.at_risk,
        timely_rate: rate(r.timely, r.finished),
        completion_rate: rate(r.completed, r.valid),
        by_hour: orders_by_hour(tx, day, scope).await?,
    })
}

async fn open_by_state(tx: &mut Tx, scope: &Scope) -> Result<BTreeMap<String, i64>> {
    let rows = sqlx::query!(
        r#"select state, count(*) as "n!" from orders.work_order
           where next_due is not null and org_path ^@ any($1) group by state"#,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.state, r.n)).collect())
}

async fn orders_by_hour(tx: &mut Tx, day: DateTime<Utc>, scope: &Scope) -> Result<Vec<OrderHour>> {
    let now = tx.now();
    let hours = sqlx::query_as!(
        OrderHour,
        r#"select h as "hour!", count(t.at) filter (where t.opened) as "opened!",
                  count(t.at) filter (where not t.opened) as "closed!"
           from generate_series(0, (extract(epoch from $3::timestamptz - $1) / 3600)::int) h
           left join (
             select opened_at as at, true as opened from orders.work_order
             where opened_at >= $1 and org_path ^@ any($2)
             union all
             select closed_at, false from orders.work_order
             where closed_at >= $1 and state = 'closed' and org_path ^@ any($2)
           ) t on t.at >= $1 + make_interval(hours => h)
              and t.at < $1 + make_interval(hours => h + 1)
           where $1 + make_interval(hours => h) <= $3
           group by h order by h"#,
        day,
        &scope.paths,
        now,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(hours)
}

/// What customers said when they were asked today.
pub(crate) async fn satisfaction(
    tx: &mut Tx,
    day: DateTime<Utc>,
    scope: &Scope,
) -> Result<SatisfactionNumbers> {
    let r = sqlx::query!(
        r#"select count(*) filter (where r.result = 'satisfied') as "satisfied!",
                  count(*) filter (where r.result = 'fair') as "fair!",
                  count(*) filter (where r.result = 'unsatisfied') as "unsatisfied!"
           from orders.revisit r join orders.work_order o on o.id = r.order_id
           where r.done_at >= $1 and o.org_path ^@ any($2)"#,
        day,
        &scope.paths,
    )
    .fetch_one(tx.db())
    .await?;
    let content = r.satisfied + r.fair;
    Ok(SatisfactionNumbers {
        satisfied: r.satisfied,
        fair: r.fair,
        unsatisfied: r.unsatisfied,
        rate: rate(content, content + r.unsatisfied),
    })
}

/// Queues now. They are the company's, not an organisation's.
pub(crate) async fn queues(tx: &mut Tx) -> Result<Vec<WallQueue>> {
    let now = tx.now();
    let queues = sqlx::query_as!(
        WallQueue,
        r#"select q.key, q.name, q.name_en, w.waiting as "waiting!",
                  w.longest_wait_s as "longest_wait_s!", s.idle as "idle!", s.talking as "talking!"
           from telephony.queue q
           cross join lateral (
             select count(*) as waiting,
                    coalesce(max(extract(epoch from $1::timestamptz - queued_at)), 0)::bigint
                      as longest_wait_s
             from telephony.call c where c.queue_id = q.id and c.state in ('queued', 'ringing')
               and c.answered_at is null) w
           cross join lateral (
             select count(*) filter (where a.state = 'idle') as idle,
                    count(*) filter (where a.state = 'talking') as talking
             from telephony.queue_member m join telephony.agent a on a.staff_id = m.staff_id
             where m.queue_id = q.id) s
           where q.active order by q.key"#,
        now,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(queues)
}
