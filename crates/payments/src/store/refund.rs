//! Money that goes back.

use crate::{PayMethod, PaymentRefund, PaymentRule, RefundKind, RefundState};
use chrono::{DateTime, Utc};
use kernel::{
    AccountId, AttemptId, Error, Fen, OnConstraint, PaymentOrderId, PostingId, RefundId, Result,
    Scope, ShiftId, Tx, UserId,
};

/// What a new refund says.
#[derive(Clone, Debug)]
pub(crate) struct NewRefund {
    pub order: Option<PaymentOrderId>,
    pub attempt: Option<AttemptId>,
    pub account: Option<AccountId>,
    pub org_path: String,
    pub amount: Fen,
    pub method: PayMethod,
    pub kind: RefundKind,
    pub reason: String,
    pub state: RefundState,
    pub owed_posting: Option<PostingId>,
}

/// Writes it.
pub(crate) async fn insert_refund(tx: &mut Tx, new: &NewRefund) -> Result<RefundId> {
    let (id, now): (RefundId, _) = (tx.new_id(), tx.now());
    let by = tx.actor().user.map(|u| *u);
    let try_at = (new.state == RefundState::Running).then_some(now);
    sqlx::query!(
        "insert into payments.refund
           (id, order_id, attempt_id, account_id, org_path, amount_fen, method, kind, reason, state,
            requested_by, requested_at, next_try_at, owed_posting_id)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)",
        *id,
        new.order.map(|o| *o),
        new.attempt.map(|a| *a),
        new.account.map(|a| *a),
        new.org_path,
        new.amount.get(),
        <&str>::from(new.method),
        <&str>::from(new.kind),
        new.reason,
        <&str>::from(new.state),
        by,
        now,
        try_at,
        new.owed_posting.map(|p| *p),
    )
    .execute(tx.db())
    .await
    .on_constraint("refund_of_order", PaymentRule::RefundTaken)?;
    Ok(id)
}

/// A refund as decisions need it.
#[derive(Clone, Debug)]
pub(crate) struct RefundRow {
    pub id: RefundId,
    pub order_id: Option<PaymentOrderId>,
    pub attempt_id: Option<AttemptId>,
    pub account_id: Option<AccountId>,
    pub org_path: String,
    pub amount_fen: Fen,
    pub method: PayMethod,
    pub kind: RefundKind,
    pub reason: String,
    pub state: RefundState,
    pub requested_by: Option<UserId>,
    pub tries: i32,
}

/// One refund, held until this is over.
pub(crate) async fn lock_refund(tx: &mut Tx, scope: &Scope, id: RefundId) -> Result<RefundRow> {
    sqlx::query_as!(
        RefundRow,
        "select id, order_id, attempt_id, account_id, org_path, amount_fen, method, kind, reason,
                state, requested_by, tries
         from payments.refund where id = $1 and org_path ^@ any($2) for update",
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("refund"))
}

/// Refunds whose time has come: one worker takes one, others take others.
pub(crate) async fn refunds_to_try(tx: &mut Tx, limit: i64) -> Result<Vec<RefundId>> {
    let now = tx.now();
    let rows = sqlx::query_scalar!(
        r#"select id as "id: RefundId" from payments.refund
           where next_try_at <= $1 order by next_try_at limit $2"#,
        now,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// The provider's number of the money that goes back.
pub(crate) async fn reference_of(tx: &mut Tx, attempt: AttemptId) -> Result<String> {
    let reference =
        sqlx::query_scalar!("select reference from payments.attempt where id = $1", *attempt)
            .fetch_one(tx.db())
            .await?;
    Ok(reference)
}

/// Writes a decision.
pub(crate) async fn set_decided(
    tx: &mut Tx,
    id: RefundId,
    state: RefundState,
    owed: Option<PostingId>,
    next_try_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let now = tx.now();
    let by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "update payments.refund
         set state = $2, decided_by = $3, decided_at = $4, owed_posting_id = $5, next_try_at = $6
         where id = $1",
        *id,
        <&str>::from(state),
        by,
        now,
        owed.map(|p| *p),
        next_try_at,
    )
    .execute(tx.db())
    .await
    .on_constraint("refund_two_people", PaymentRule::SecondPerson)?;
    Ok(())
}

/// Writes that it did not work this time.
pub(crate) async fn set_tried(
    tx: &mut Tx,
    id: RefundId,
    next: Option<DateTime<Utc>>,
    error: &str,
) -> Result<()> {
    sqlx::query!(
        "update payments.refund set tries = tries + 1, next_try_at = $2, last_error = $3
         where id = $1 and state = 'running'",
        *id,
        next,
        error,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Writes that the customer has it.
pub(crate) async fn set_done(
    tx: &mut Tx,
    id: RefundId,
    posting: PostingId,
    reference: &str,
    paid_in: Option<ShiftId>,
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update payments.refund
         set state = 'done', done_at = $2, next_try_at = null, paid_posting_id = $3, reference = $4,
             paid_in = $5, last_error = ''
         where id = $1",
        *id,
        now,
        *posting,
        reference,
        paid_in.map(|s| *s),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Refunds: those of an order, or all that are open, or all.
pub(crate) async fn refunds(
    tx: &mut Tx,
    scope: &Scope,
    order: Option<PaymentOrderId>,
    only_open: bool,
    limit: i64,
) -> Result<Vec<PaymentRefund>> {
    let rows = sqlx::query_as!(
        PaymentRefund,
        r#"select f.id, f.order_id, o.no as "order_no?", f.account_id,
                  a.account_no as "account_no?",
                  f.amount_fen, f.method, f.kind, f.reason, f.state,
                  r.name as "requested_by_name?", f.requested_at, d.name as "decided_by_name?",
                  f.tries, f.next_try_at, f.last_error, f.done_at
           from payments.refund f
           left join payments.payment_order o on o.id = f.order_id
           left join directory.account a on a.id = f.account_id
           left join identity.staff r on r.id = f.requested_by
           left join identity.staff d on d.id = f.decided_by
           where (f.org_path ^@ any($1) or f.requested_by = $2)
             and ($3::uuid is null or f.order_id = $3)
             and (not $4 or f.state in ('requested', 'running'))
           order by f.state in ('requested', 'running') desc, f.requested_at desc limit $5"#,
        &scope.paths,
        scope.own.map(|u| *u),
        order.map(|o| *o),
        only_open,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Whether money of this order is on its way back at somebody's wish.
pub(crate) async fn refund_runs(tx: &mut Tx, order: PaymentOrderId) -> Result<bool> {
    let runs = sqlx::query_scalar!(
        r#"select exists (select from payments.refund
             where order_id = $1 and kind = 'order' and state <> 'refused') as "runs!""#,
        *order,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(runs)
}

/// Keeps what went wrong last.
pub(crate) async fn note_refund_error(tx: &mut Tx, id: RefundId, error: &str) -> Result<()> {
    sqlx::query!("update payments.refund set last_error = $2 where id = $1", *id, error)
        .execute(tx.db())
        .await?;
    Ok(())
}
