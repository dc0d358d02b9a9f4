//! Money whose owner is not known.

use crate::{NewSuspense, PaymentRule, SuspenseItem, SuspenseState};
use kernel::{Error, OnConstraint, PaymentOrderId, PostingId, Result, Scope, SuspenseId, Tx};

/// Writes it.
pub(crate) async fn insert_suspense(
    tx: &mut Tx,
    id: SuspenseId,
    org_path: &str,
    new: &NewSuspense,
    posting: PostingId,
) -> Result<()> {
    let now = tx.now();
    let by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "insert into payments.suspense
           (id, channel, reference, amount_fen, payer, remark, received_on, org_path, state,
            posting_id, created_by, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'open', $9, $10, $11)",
        *id,
        <&str>::from(new.channel),
        new.reference,
        new.amount_fen.get(),
        new.payer,
        new.remark,
        new.received_on,
        org_path,
        *posting,
        by,
        now,
    )
    .execute(tx.db())
    .await
    .on_constraint("suspense_reference_key", PaymentRule::ReferenceTaken)?;
    Ok(())
}

/// Money without an owner, the oldest first.
pub(crate) async fn suspense(
    tx: &mut Tx,
    scope: &Scope,
    only_open: bool,
    limit: i64,
) -> Result<Vec<SuspenseItem>> {
    let today = kernel::clock::local_date(tx.now());
    let rows = sqlx::query_as!(
        SuspenseItem,
        r#"select id, channel, reference, amount_fen, payer, remark, received_on,
                  ($4::date - received_on)::bigint as "days!", state, order_id, reason
           from payments.suspense
           where org_path ^@ any($1) and (not $2 or state = 'open')
           order by state = 'open' desc, received_on, id limit $3"#,
        &scope.paths,
        only_open,
        limit,
        today,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// One, held until this is over.
pub(crate) async fn lock_suspense(
    tx: &mut Tx,
    scope: &Scope,
    id: SuspenseId,
) -> Result<SuspenseItem> {
    let today = kernel::clock::local_date(tx.now());
    sqlx::query_as!(
        SuspenseItem,
        r#"select id, channel, reference, amount_fen, payer, remark, received_on,
                  ($3::date - received_on)::bigint as "days!", state, order_id, reason
           from payments.suspense where id = $1 and org_path ^@ any($2) for update"#,
        *id,
        &scope.paths,
        today,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("suspense"))
}

/// Writes what became of it.
pub(crate) async fn decide_suspense(
    tx: &mut Tx,
    id: SuspenseId,
    state: SuspenseState,
    order: Option<PaymentOrderId>,
    reason: &str,
) -> Result<()> {
    let now = tx.now();
    let by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "update payments.suspense
         set state = $2, order_id = $3, reason = $4, decided_by = $5, decided_at = $6
         where id = $1",
        *id,
        <&str>::from(state),
        order.map(|o| *o),
        reason,
        by,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
