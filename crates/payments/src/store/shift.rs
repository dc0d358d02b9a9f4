//! Turns at the till.

use crate::{CashShift, PayMethod, PaymentRule, ReceiptCount, ShiftState, ShiftTotal};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Error, Fen, OnConstraint, Result, Scope, ShiftId, Tx, UserId};
use sqlx::types::Uuid;

/// A turn as decisions need it.
#[derive(Clone, Debug)]
pub(crate) struct ShiftRow {
    pub id: ShiftId,
    pub no: String,
    pub cashier_id: UserId,
    pub org_path: String,
    pub counter: String,
    pub state: ShiftState,
    pub float_fen: Fen,
    pub counted_fen: Option<Fen>,
    pub expected_fen: Option<Fen>,
}

/// Opens one.
pub(crate) async fn insert_shift(
    tx: &mut Tx,
    cashier: UserId,
    org_path: &str,
    counter: &str,
    float: Fen,
) -> Result<ShiftId> {
    let (id, now): (ShiftId, _) = (tx.new_id(), tx.now());
    let day = kernel::clock::local_date(now).format("%Y%m%d").to_string();
    sqlx::query!(
        "insert into payments.shift
           (id, no, cashier_id, org_path, counter, float_fen, state, opened_at)
         values ($1, 'BC' || $2 || '-' || kernel.padded(nextval('payments.shift_no'), 4), $3, $4,
                 $5, $6, 'open', $7)",
        *id,
        day,
        *cashier,
        org_path,
        counter,
        float.get(),
        now,
    )
    .execute(tx.db())
    .await
    .on_constraint("shift_one_open", PaymentRule::ShiftOpen)?;
    Ok(id)
}

/// The caller's turn that takes money, kept from being counted until this is over.
pub(crate) async fn my_open_shift(tx: &mut Tx, cashier: UserId) -> Result<Option<ShiftRow>> {
    let row = sqlx::query_as!(
        ShiftRow,
        "select id, no, cashier_id, org_path, counter, state, float_fen, counted_fen, expected_fen
         from payments.shift where cashier_id = $1 and state = 'open' for share",
        *cashier,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row)
}

/// A turn, held until this is over.
pub(crate) async fn lock_shift(tx: &mut Tx, scope: &Scope, id: ShiftId) -> Result<ShiftRow> {
    sqlx::query_as!(
        ShiftRow,
        "select id, no, cashier_id, org_path, counter, state, float_fen, counted_fen, expected_fen
         from payments.shift
         where id = $1 and (org_path ^@ any($2) or cashier_id = $3) for update",
        *id,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("shift"))
}

/// Cash that the turn took less what it gave back, change and rounding reckoned in.
pub(crate) async fn cash_of(tx: &mut Tx, id: ShiftId) -> Result<Fen> {
    let sum = sqlx::query_scalar!(
        r#"select coalesce(sum(amount_fen - rounding_fen), 0)::bigint
                  - (select coalesce(sum(f.amount_fen), 0)::bigint from payments.refund f
                     where f.paid_in = $1 and f.method = 'cash' and f.state = 'done')
                  as "sum!: Fen"
           from payments.payment_order o
           where shift_id = $1 and method = 'cash' and state <> 'open'
             -- taken back in the same turn it left the drawer at once; as a refund, when it is paid
             and (state = 'settled' or exists (
               select from payments.refund f where f.order_id = o.id and f.kind = 'order'
                 and f.state in ('running', 'done')))"#,
        *id,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(sum)
}

/// Writes what was counted.
pub(crate) async fn set_counted(
    tx: &mut Tx,
    id: ShiftId,
    counted: Fen,
    expected: Fen,
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update payments.shift
         set state = 'counted', counted_at = $2, counted_fen = $3, expected_fen = $4 where id = $1",
        *id,
        now,
        counted.get(),
        expected.get(),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Lets a counted turn take money again.
pub(crate) async fn set_uncounted(tx: &mut Tx, id: ShiftId) -> Result<()> {
    sqlx::query!(
        "update payments.shift
         set state = 'open', counted_at = null, counted_fen = null, expected_fen = null
         where id = $1",
        *id,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Hands it over.
pub(crate) async fn set_closed(
    tx: &mut Tx,
    id: ShiftId,
    reason: &str,
    to: Option<UserId>,
    posting: Option<kernel::PostingId>,
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update payments.shift
         set state = 'closed', closed_at = $2, difference_reason = $3, handed_to = $4,
             posting_id = $5
         where id = $1",
        *id,
        now,
        reason,
        to.map(|u| *u),
        posting.map(|p| *p),
    )
    .execute(tx.db())
    .await
    .on_constraint("shift_handed_to", Error::NotFound("staff"))?;
    Ok(())
}

/// Which turns.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct WhichShifts {
    pub id: Option<ShiftId>,
    pub of: Option<UserId>,
    pub on: Option<NaiveDate>,
    pub running: bool,
}

/// Turns with what they took, the newest first.
pub(crate) async fn shifts(
    tx: &mut Tx,
    scope: &Scope,
    which: WhichShifts,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<CashShift>> {
    let (at, after_id) = after.unzip();
    let from = which.on.map(kernel::clock::start_of_day);
    let until = from.map(|f| f + chrono::TimeDelta::days(1));
    let rows = sqlx::query_as!(
        ShiftView,
        r#"select s.id, s.no, s.cashier_id, p.name as cashier_name, s.counter, s.state, s.float_fen,
                  s.opened_at, s.counted_at, s.counted_fen, s.expected_fen, s.difference_reason,
                  s.closed_at, h.name as "handed_to_name?",
                  r.issued as "issued!", r.void as "void!", r.first as "first!", r.last as "last!",
                  n.left as "left!"
           from payments.shift s
           join identity.staff p on p.id = s.cashier_id
           left join identity.staff h on h.id = s.handed_to
           cross join lateral (
             select count(*) as issued, count(*) filter (where r.state = 'void') as void,
                    coalesce(min(r.no), '') as first, coalesce(max(r.no), '') as last
             from payments.payment_order o join payments.receipt r on r.order_id = o.id
             where o.shift_id = s.id) r
           cross join lateral (
             select coalesce(sum(last_no + 1 - next_no), 0)::bigint as left
             from payments.receipt_range
             where closed_at is null and (cashier_id = s.cashier_id
                   or cashier_id is null and s.org_path ^@ org_path)) n
           where (s.org_path ^@ any($1) or s.cashier_id = $2)
             and ($3::uuid is null or s.id = $3)
             and ($4::uuid is null or s.cashier_id = $4)
             and ($5::timestamptz is null or s.opened_at >= $5 and s.opened_at < $6)
             and (not $7 or s.state <> 'closed')
             and ($8::timestamptz is null or (s.opened_at, s.id) < ($8, $9::uuid))
           order by s.opened_at desc, s.id desc limit $10"#,
        &scope.paths,
        scope.own.map(|u| *u),
        which.id.map(|i| *i),
        which.of.map(|u| *u),
        from,
        until,
        which.running,
        at,
        after_id,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    let mut shifts = Vec::with_capacity(rows.len());
    for row in rows {
        shifts.push(shown(tx, row).await?);
    }
    Ok(shifts)
}

struct ShiftView {
    id: ShiftId,
    no: String,
    cashier_id: UserId,
    cashier_name: String,
    counter: String,
    state: ShiftState,
    float_fen: Fen,
    opened_at: DateTime<Utc>,
    counted_at: Option<DateTime<Utc>>,
    counted_fen: Option<Fen>,
    expected_fen: Option<Fen>,
    difference_reason: String,
    closed_at: Option<DateTime<Utc>>,
    handed_to_name: Option<String>,
    issued: i64,
    void: i64,
    first: String,
    last: String,
    left: i64,
}

async fn shown(tx: &mut Tx, r: ShiftView) -> Result<CashShift> {
    let expected = match r.expected_fen {
        Some(fen) => fen,
        None => {
            let cash = cash_of(tx, r.id).await?;
            cash.checked_add(r.float_fen).ok_or(PaymentRule::TooMuch)?
        }
    };
    let (issued, void, first, last, left) = (r.issued, r.void, r.first, r.last, r.left);
    Ok(CashShift {
        totals: totals(tx, r.id).await?,
        id: r.id,
        no: r.no,
        cashier_id: r.cashier_id,
        cashier_name: r.cashier_name,
        counter: r.counter,
        state: r.state,
        float_fen: r.float_fen,
        opened_at: r.opened_at,
        counted_at: r.counted_at,
        counted_fen: r.counted_fen,
        expected_fen: expected,
        difference_reason: r.difference_reason,
        closed_at: r.closed_at,
        handed_to_name: r.handed_to_name,
        receipts: ReceiptCount { issued, void, first, last, left },
    })
}

async fn totals(tx: &mut Tx, id: ShiftId) -> Result<Vec<ShiftTotal>> {
    let rows = sqlx::query_as!(
        ShiftTotal,
        r#"select method as "method: PayMethod",
                  count(*) filter (where state = 'settled') as "payments!",
                  coalesce(sum(amount_fen - rounding_fen)
                    filter (where state = 'settled'), 0)::bigint as "received_fen!: Fen",
                  count(*) filter (where state = 'reversed') as "reversed!"
           from payments.payment_order where shift_id = $1 and state <> 'open'
           group by method order by method"#,
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}
