//! Lists of payments.

use crate::{PaymentFilter, PaymentOrder};
use chrono::{DateTime, Utc};
use kernel::{Error, PaymentOrderId, ReceiptId, Result, Scope, Tx};
use uuid::Uuid;

/// Payments that match, the newest first.
pub(crate) async fn payments(
    tx: &mut Tx,
    scope: &Scope,
    filter: &PaymentFilter,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<PaymentOrder>> {
    let (at, id) = after.unzip();
    let from = filter.on.map(kernel::clock::start_of_day);
    let until = from.map(|f| f + chrono::TimeDelta::days(1));
    let q = filter.q.as_deref().map(str::trim).filter(|q| !q.is_empty());
    let rows = sqlx::query_as!(
        PaymentOrder,
        r#"select o.id, o.no, o.method, o.amount_fen, o.rounding_fen, o.tendered_fen, o.change_fen,
                  o.state, o.shift_id, o.payer, o.memo, o.created_by_name, o.created_at,
                  o.settled_at, o.posting_id, s.accounts as "accounts!",
                  coalesce(f.name, '') as "first_name!",
                  coalesce(f.address, '') as "first_address!",
                  r.id as "receipt_id?: ReceiptId", r.no as "receipt_no?", o.reversal_reason,
                  x.surplus as "surplus!"
           from payments.payment_order o
           cross join lateral (select count(*) as accounts, (min(account_id::text))::uuid as first
             from payments.share where order_id = o.id) s
           cross join lateral (select count(*) as surplus from payments.attempt
             where order_id = o.id and outcome = 'surplus') x
           left join lateral (select p.name, m.address from directory.account a
             join directory.person p on p.id = a.person_id
             join directory.premise m on m.id = a.premise_id where a.id = s.first) f on true
           left join payments.receipt r on r.order_id = o.id and r.state = 'issued'
           where (o.org_path ^@ any($1) or o.created_by = $2)
             and ($3::uuid is null or exists (select from payments.share h
                  where h.order_id = o.id and h.account_id = $3))
             and ($4::uuid is null or o.shift_id = $4)
             and ($5::timestamptz is null or o.created_at >= $5 and o.created_at < $6)
             and ($7::text is null or o.method = $7)
             and ($8::text is null or o.state = $8)
             and ($9::text is null or o.no = $9 or r.no = $9 or o.payer = $9
                  or exists (select from payments.attempt t
                             where t.order_id = o.id and t.reference = $9))
             and ($10::timestamptz is null or (o.created_at, o.id) < ($10, $11::uuid))
           order by o.created_at desc, o.id desc limit $12"#,
        &scope.paths,
        scope.own.map(|u| *u),
        filter.account.map(|a| *a),
        filter.shift.map(|s| *s),
        from,
        until,
        filter.method.map(<&str>::from),
        filter.state.map(<&str>::from),
        q,
        at,
        id,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// One payment as lists show it.
pub(crate) async fn payment(
    tx: &mut Tx,
    scope: &Scope,
    id: PaymentOrderId,
) -> Result<PaymentOrder> {
    sqlx::query_as!(
        PaymentOrder,
        r#"select o.id, o.no, o.method, o.amount_fen, o.rounding_fen, o.tendered_fen, o.change_fen,
                  o.state, o.shift_id, o.payer, o.memo, o.created_by_name, o.created_at,
                  o.settled_at, o.posting_id, s.accounts as "accounts!",
                  coalesce(f.name, '') as "first_name!",
                  coalesce(f.address, '') as "first_address!",
                  r.id as "receipt_id?: ReceiptId", r.no as "receipt_no?", o.reversal_reason,
                  x.surplus as "surplus!"
           from payments.payment_order o
           cross join lateral (select count(*) as accounts, (min(account_id::text))::uuid as first
             from payments.share where order_id = o.id) s
           cross join lateral (select count(*) as surplus from payments.attempt
             where order_id = o.id and outcome = 'surplus') x
           left join lateral (select p.name, m.address from directory.account a
             join directory.person p on p.id = a.person_id
             join directory.premise m on m.id = a.premise_id where a.id = s.first) f on true
           left join payments.receipt r on r.order_id = o.id and r.state = 'issued'
           where o.id = $1 and (o.org_path ^@ any($2) or o.created_by = $3)"#,
        *id,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("payment"))
}
