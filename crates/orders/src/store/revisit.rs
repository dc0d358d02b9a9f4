//! Revisits.

use crate::{Satisfaction, WorkOrder};
use chrono::{DateTime, Utc};
use kernel::{Error, OrderId, Result, RevisitId, Scope, Tx};

/// An open revisit without its order.
pub(crate) struct Asked {
    pub id: RevisitId,
    pub order_id: OrderId,
    pub round: i32,
    pub due_at: DateTime<Utc>,
    pub attempts: i32,
}

/// Opens the revisit of the order's round.
pub(crate) async fn open_revisit(tx: &mut Tx, order: &WorkOrder, due: DateTime<Utc>) -> Result<()> {
    let id: RevisitId = tx.new_id();
    sqlx::query!(
        "insert into orders.revisit (id, order_id, round, state, due_at)
         values ($1, $2, $3, 'open', $4)",
        *id,
        *order.id,
        order.round,
        due,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Open revisits in scope, the most pressing first.
pub(crate) async fn open_revisits(
    tx: &mut Tx,
    scope: &Scope,
    after: Option<(DateTime<Utc>, RevisitId)>,
    limit: i64,
) -> Result<Vec<Asked>> {
    let (after_due, after_id) = after.map(|(due, id)| (due, *id)).unzip();
    let rows = sqlx::query_as!(
        Asked,
        "select r.id, r.order_id, r.round, r.due_at, r.attempts
         from orders.revisit r join orders.work_order o on o.id = r.order_id
         where r.state = 'open' and (o.org_path ^@ any($1) or o.assignee_id = $2)
           and ($3::timestamptz is null or (r.due_at, r.id) > ($3, $4::uuid))
         order by r.due_at, r.id limit $5",
        &scope.paths,
        scope.own.map(|u| *u),
        after_due,
        after_id,
        limit,
    );
    Ok(rows.fetch_all(tx.db()).await?)
}

/// The order that a revisit asks after.
pub(crate) async fn order_of_revisit(tx: &mut Tx, id: RevisitId) -> Result<OrderId> {
    sqlx::query_scalar!("select order_id from orders.revisit where id = $1", *id)
        .fetch_optional(tx.db())
        .await?
        .ok_or(Error::NotFound("revisit"))
}

/// Keeps the customer's word; false when it was kept before.
pub(crate) async fn close_revisit(
    tx: &mut Tx,
    id: RevisitId,
    result: Satisfaction,
    reason: &str,
) -> Result<bool> {
    let (by, now) = (tx.actor().user.map(|u| *u), tx.now());
    let done = sqlx::query!(
        "update orders.revisit
         set state = 'done', result = $2, reason = $3, done_by = $4, done_at = $5
         where id = $1 and state = 'open'",
        *id,
        <&str>::from(result),
        reason,
        by,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Counts a try in vain and says how many there were; none when the revisit is done.
pub(crate) async fn count_attempt(tx: &mut Tx, id: RevisitId) -> Result<Option<i32>> {
    let attempts = sqlx::query_scalar!(
        "update orders.revisit set attempts = attempts + 1
         where id = $1 and state = 'open' returning attempts",
        *id,
    );
    Ok(attempts.fetch_optional(tx.db()).await?)
}
