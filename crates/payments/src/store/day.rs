//! A day's money, seen three ways.

use crate::{DayBooks, DayLine, PayMethod, PaymentRule};
use anyhow::Context as _;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::clock::start_of_day;
use kernel::{Fen, OnConstraint, Result, Tx};
use uuid::Uuid;

/// What payments say of one channel.
pub(crate) struct DayPaid {
    pub method: PayMethod,
    pub payments: i64,
    pub fen: Fen,
}

fn bounds(on: NaiveDate) -> (DateTime<Utc>, DateTime<Utc>) {
    (start_of_day(on), start_of_day(on) + TimeDelta::days(1))
}

/// What payments, returns and money in suspense of that day say, by channel.
pub(crate) async fn day_payments(
    tx: &mut Tx,
    on: NaiveDate,
    org_path: &str,
) -> Result<Vec<DayPaid>> {
    let (from, until) = bounds(on);
    let rows = sqlx::query_as!(
        DayPaid,
        r#"select method as "method!: PayMethod", sum(n)::bigint as "payments!",
                  coalesce(sum(fen), 0)::bigint as "fen!: Fen"
           from (
             -- an order's own channel is its settling try's
             select t.channel as method, 1 as n, t.amount_fen as fen
             from payments.payment_order o
             join payments.attempt t on t.order_id = o.id and t.outcome = 'settled'
             where o.settled_at >= $1 and o.settled_at < $2 and o.org_path ^@ $3
             union all
             select t.channel, 0, t.amount_fen
             from payments.attempt t join payments.payment_order o on o.id = t.order_id
             where t.outcome = 'surplus' and t.told_at >= $1 and t.told_at < $2
               and o.org_path ^@ $3
             union all
             select t.channel, 0, -t.amount_fen
             from payments.payment_order o
             join payments.attempt t on t.order_id = o.id and t.outcome = 'settled'
             where o.reversed_at >= $1 and o.reversed_at < $2 and o.org_path ^@ $3
               and not exists (select from payments.refund f
                               where f.order_id = o.id and f.kind = 'order'
                                 and f.state in ('running', 'done'))
             union all
             select method, 0, -amount_fen from payments.refund
             where done_at >= $1 and done_at < $2 and org_path ^@ $3
             union all
             select channel, 0, amount_fen from payments.suspense
             where received_on = $4 and org_path ^@ $3
             union all
             select channel, 0, -amount_fen from payments.suspense
             where state = 'returned' and decided_at >= $1 and decided_at < $2 and org_path ^@ $3
           ) moved
           group by method"#,
        from,
        until,
        org_path,
        on,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// What the ledger's accounts of money moved by on that day, by channel, without what was booked
/// because a drawer differed. Only what this organisation's payments posted.
pub(crate) async fn day_ledger(
    tx: &mut Tx,
    on: NaiveDate,
    org_path: &str,
) -> Result<Vec<(PayMethod, Fen)>> {
    let rows = sqlx::query!(
        r#"select p.channel as "method!: PayMethod",
                  coalesce(sum(e.amount_fen), 0)::bigint as "fen!: Fen"
           from (
             select id, channel, valid_on,
                    case when source in ('payment', 'payment_reversal') then source_id::uuid end
                      as of_order,
                    case when source = 'surplus' then source_id::uuid end as of_attempt,
                    case when source = 'refund_paid' then source_id::uuid end as of_refund,
                    case when source in ('suspense', 'suspense_returned') then source_id::uuid end
                      as of_suspense
             from ledger.posting
             where valid_on = $1 and source in ('payment', 'payment_reversal', 'surplus',
                                                'refund_paid', 'suspense', 'suspense_returned')
           ) p
           join ledger.entry e on e.posting_id = p.id and e.account_id is null
             and e.ledger in ('cash', 'bank', 'wechat', 'alipay', 'card', 'cheque')
           left join payments.attempt t on t.id = p.of_attempt
           left join payments.payment_order o on o.id = coalesce(p.of_order, t.order_id)
           left join payments.refund f on f.id = p.of_refund
           left join payments.suspense u on u.id = p.of_suspense
           where coalesce(o.org_path, f.org_path, u.org_path) ^@ $2
           group by p.channel"#,
        on,
        org_path,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.method, r.fen)).collect())
}

/// The drawers of a day.
pub(crate) struct Drawers {
    /// Cash that was counted, floats and refunds reckoned out; nothing while nobody counted.
    pub counted: Option<Fen>,
    /// Turns that are not handed over.
    pub open: i64,
}

/// What the drawers of turns that began on that day hold.
pub(crate) async fn day_drawers(tx: &mut Tx, on: NaiveDate, org_path: &str) -> Result<Drawers> {
    let (from, until) = bounds(on);
    let row = sqlx::query!(
        r#"select sum(counted_fen - float_fen)::bigint as "counted?: Fen",
                  count(*) filter (where state <> 'closed') as "open!"
           from payments.shift where opened_at >= $1 and opened_at < $2 and org_path ^@ $3"#,
        from,
        until,
        org_path,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(Drawers { counted: row.counted, open: row.open })
}

/// What else a day shows.
pub(crate) struct DayRest {
    pub refunded: Fen,
    pub rounding: Fen,
    pub suspense: Fen,
    pub suspense_days: i64,
}

/// Refunds, rounding, and what lies in suspense.
pub(crate) async fn day_rest(tx: &mut Tx, on: NaiveDate, org_path: &str) -> Result<DayRest> {
    let (from, until) = bounds(on);
    let rest = sqlx::query_as!(
        DayRest,
        r#"select
             (select coalesce(sum(amount_fen), 0)::bigint from payments.refund
              where done_at >= $1 and done_at < $2 and org_path ^@ $3) as "refunded!: Fen",
             (select coalesce(sum(rounding_fen), 0)::bigint from payments.payment_order
              where settled_at >= $1 and settled_at < $2 and state = 'settled' and org_path ^@ $3)
               as "rounding!: Fen",
             coalesce(sum(amount_fen), 0)::bigint as "suspense!: Fen",
             coalesce(max($4::date - received_on), 0)::bigint as "suspense_days!"
           from payments.suspense
           where org_path ^@ $3 and received_on <= $4
             and (decided_at is null or decided_at >= $2)"#,
        from,
        until,
        org_path,
        on,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(rest)
}

/// A day as it was closed.
pub(crate) struct ClosedDay {
    pub lines: Vec<DayLine>,
    pub difference_fen: Fen,
    pub explanation: String,
    pub closed_at: DateTime<Utc>,
    pub closed_by_name: Option<String>,
}

/// The day's close, if it was closed.
pub(crate) async fn day_closed(
    tx: &mut Tx,
    on: NaiveDate,
    org_path: &str,
) -> Result<Option<ClosedDay>> {
    let row = sqlx::query!(
        r#"select d.lines, d.difference_fen, d.explanation, d.closed_at, s.name as "name?"
           from payments.day_close d left join identity.staff s on s.id = d.closed_by
           where d.on_date = $1 and d.org_path = $2"#,
        on,
        org_path,
    )
    .fetch_optional(tx.db())
    .await?;
    let Some(r) = row else { return Ok(None) };
    Ok(Some(ClosedDay {
        lines: serde_json::from_value(r.lines).context("a stored day")?,
        difference_fen: r.difference_fen,
        explanation: r.explanation,
        closed_at: r.closed_at,
        closed_by_name: r.name,
    }))
}

/// Writes a day's close.
pub(crate) async fn insert_day(tx: &mut Tx, books: &DayBooks, explanation: &str) -> Result<Uuid> {
    let (id, now): (Uuid, _) = (tx.new_id(), tx.now());
    let by = tx.actor().user.map(|u| *u);
    let lines = serde_json::to_value(&books.lines).context("a day's lines")?;
    sqlx::query!(
        "insert into payments.day_close
           (id, on_date, org_path, lines, difference_fen, explanation, closed_by, closed_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        id,
        books.on,
        books.org_path,
        lines,
        books.difference_fen.get(),
        explanation,
        by,
        now,
    )
    .execute(tx.db())
    .await
    .on_constraint("day_close_key", PaymentRule::DayClosed)?;
    Ok(id)
}
