//! Warnings about time limits.

use crate::WorkOrder;
use kernel::{OrderId, Result, Tx};

/// Orders whose next warning is due, held against other nodes.
pub(crate) async fn to_warn(tx: &mut Tx, limit: i64) -> Result<Vec<OrderId>> {
    let now = tx.now();
    let ids = sqlx::query_scalar!(
        "select id from orders.work_order where warn_at <= $1
         order by warn_at limit $2 for update skip locked",
        now,
        limit,
    );
    Ok(ids.fetch_all(tx.db()).await?)
}

/// Keeps that a warning was given; false when it was given before in this round.
pub(crate) async fn keep_warning(
    tx: &mut Tx,
    order: &WorkOrder,
    step: &str,
    level: &str,
) -> Result<bool> {
    let now = tx.now();
    let kept = sqlx::query!(
        "insert into orders.warning (order_id, round, step, level, at)
         values ($1, $2, $3, $4, $5) on conflict do nothing",
        *order.id,
        order.round,
        step,
        level,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(kept.rows_affected() == 1)
}

/// Sets when to warn next. No change of the order itself: its version stays.
pub(crate) async fn set_warn_at(tx: &mut Tx, order: &WorkOrder) -> Result<()> {
    sqlx::query!(
        "update orders.work_order set warn_at = $2 where id = $1",
        *order.id,
        order.warn_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// New limits warn anew.
pub(crate) async fn forget_warnings(tx: &mut Tx, order: &WorkOrder) -> Result<()> {
    sqlx::query!(
        "delete from orders.warning where order_id = $1 and round = $2",
        *order.id,
        order.round,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
