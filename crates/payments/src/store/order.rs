//! Payment orders and who shares them.

use crate::{AppliedLine, PayMethod, PaymentRule, PaymentShare, PaymentState};
use kernel::{
    AccountId, Error, Fen, OnConstraint, PaymentOrderId, PostingId, Result, Scope, ShiftId, Tx,
};
use uuid::Uuid;

/// An order as decisions need it.
#[derive(Clone, Debug)]
pub(crate) struct OrderRow {
    pub id: PaymentOrderId,
    pub no: String,
    pub method: PayMethod,
    pub amount_fen: Fen,
    pub rounding_fen: Fen,
    pub tendered_fen: Option<Fen>,
    pub change_fen: Option<Fen>,
    pub state: PaymentState,
    pub org_path: String,
    pub shift_id: Option<ShiftId>,
    pub payer: String,
    pub created_by_name: String,
    pub posting_id: Option<PostingId>,
}

/// What a new order says.
#[derive(Clone, Debug)]
pub(crate) struct NewOrderRow {
    pub method: PayMethod,
    pub amount: Fen,
    pub rounding: Fen,
    pub tendered: Option<Fen>,
    pub change: Option<Fen>,
    pub org_path: String,
    pub shift_id: Option<ShiftId>,
    pub payer: String,
    pub memo: String,
    pub shares: Vec<(AccountId, Fen)>,
}

/// Writes an order and its shares.
pub(crate) async fn insert_order(tx: &mut Tx, new: &NewOrderRow) -> Result<PaymentOrderId> {
    let (id, now): (PaymentOrderId, _) = (tx.new_id(), tx.now());
    let (by, name) = (tx.actor().user.map(|u| *u), tx.actor().name.clone());
    let day = kernel::clock::local_date(now).format("%Y%m%d").to_string();
    let accounts: Vec<Uuid> = new.shares.iter().map(|(a, _)| **a).collect();
    let amounts: Vec<i64> = new.shares.iter().map(|(_, f)| f.get()).collect();
    sqlx::query!(
        "with made as (
           insert into payments.payment_order
             (id, no, method, amount_fen, rounding_fen, tendered_fen, change_fen, state, org_path,
              shift_id, payer, memo, created_by, created_by_name, created_at)
           values ($1, 'SF' || $2 || '-' || kernel.padded(nextval('payments.order_no'), 6), $3,
                   $4, $5, $6, $7, 'open', $8, $9, $10, $11, $12, $13, $14))
         insert into payments.share (order_id, account_id, amount_fen)
         select $1, account_id, amount_fen
         from unnest($15::uuid[], $16::bigint[]) as t (account_id, amount_fen)",
        *id,
        day,
        <&str>::from(new.method),
        new.amount.get(),
        new.rounding.get(),
        new.tendered.map(Fen::get),
        new.change.map(Fen::get),
        new.org_path,
        new.shift_id.map(|s| *s),
        new.payer,
        new.memo,
        by,
        name,
        now,
        &accounts,
        &amounts,
    )
    .execute(tx.db())
    .await
    .on_constraint("payment_order_amount_sane", PaymentRule::TooMuch)?;
    Ok(id)
}

/// The order, held until this is over.
pub(crate) async fn lock_order(tx: &mut Tx, scope: &Scope, id: PaymentOrderId) -> Result<OrderRow> {
    sqlx::query_as!(
        OrderRow,
        r#"select id, no, method, amount_fen, rounding_fen, tendered_fen, change_fen, state,
                  org_path, shift_id, payer, created_by_name, posting_id
           from payments.payment_order
           where id = $1 and (org_path ^@ any($2) or created_by = $3)
           for update"#,
        *id,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("payment"))
}

/// Who shares it, with the ledger's accounts.
pub(crate) async fn shares(tx: &mut Tx, id: PaymentOrderId) -> Result<Vec<PaymentShare>> {
    let rows = sqlx::query_as!(
        PaymentShare,
        r#"select s.account_id, a.account_no, p.name, m.address, s.amount_fen
           from payments.share s
           join directory.account a on a.id = s.account_id
           join directory.person p on p.id = a.person_id
           join directory.premise m on m.id = a.premise_id
           where s.order_id = $1 order by a.account_no"#,
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Books it as paid.
pub(crate) async fn set_settled(
    tx: &mut Tx,
    id: PaymentOrderId,
    posting: PostingId,
    late: Option<PostingId>,
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update payments.payment_order
         set state = 'settled', settled_at = $2, posting_id = $3, late_posting_id = $4
         where id = $1 and state = 'open'",
        *id,
        now,
        *posting,
        late.map(|p| *p),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Books it as taken back.
pub(crate) async fn set_reversed(
    tx: &mut Tx,
    id: PaymentOrderId,
    posting: PostingId,
    reason: &str,
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update payments.payment_order
         set state = 'reversed', reversed_at = $2, reversal_posting_id = $3, reversal_reason = $4
         where id = $1 and state = 'settled'",
        *id,
        now,
        *posting,
        reason,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What a posting paid: customers' lines, by account.
pub(crate) async fn applied(tx: &mut Tx, posting: PostingId) -> Result<Vec<AppliedLine>> {
    let rows = sqlx::query_as!(
        AppliedLine,
        r#"select e.account_id as "account_id!: AccountId", coalesce(s.code, '') as "season!",
                  case when e.ledger = 'advance' then 'advance' else e.item end as "item!",
                  (-sum(e.amount_fen))::bigint as "amount_fen!: Fen"
           from ledger.entry e left join ledger.season s on s.id = e.season_id
           where e.posting_id = $1 and e.ledger in ('receivable', 'advance')
           group by e.account_id, s.code, s.starts_at, 3
           order by e.account_id, s.starts_at nulls last, 3"#,
        *posting,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}
