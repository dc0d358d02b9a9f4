//! Tries to pay an order.

use crate::{Attempt, AttemptOutcome, AttemptState, Known, PayMethod, PaymentRule};
use chrono::{DateTime, Utc};
use kernel::{AttemptId, Fen, OnConstraint, PaymentOrderId, Result, Tx};

/// A try as decisions need it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct AttemptRow {
    pub id: AttemptId,
    pub amount_fen: Fen,
    pub state: AttemptState,
    pub outcome: Option<AttemptOutcome>,
    pub queries: i32,
}

impl AttemptRow {
    pub fn known(&self) -> Known {
        Known { state: self.state, outcome: self.outcome }
    }
}

/// Which order a provider's number belongs to; looked up before anything is locked.
pub(crate) async fn order_of(
    tx: &mut Tx,
    channel: PayMethod,
    reference: &str,
) -> Result<Option<PaymentOrderId>> {
    let found = sqlx::query_scalar!(
        "select order_id from payments.attempt where channel = $1 and reference = $2",
        <&str>::from(channel),
        reference,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(found)
}

/// The try of that number: written now if nobody knew of it. The order is locked already.
pub(crate) async fn find_or_begin(
    tx: &mut Tx,
    order: PaymentOrderId,
    channel: PayMethod,
    reference: &str,
    amount: Fen,
) -> Result<AttemptRow> {
    let (id, now): (AttemptId, _) = (tx.new_id(), tx.now());
    sqlx::query!(
        "insert into payments.attempt
           (id, order_id, channel, reference, amount_fen, state, began_at, next_query_at)
         values ($1, $2, $3, $4, $5, 'pending', $6, $6::timestamptz + interval '30 seconds')
         on conflict (channel, reference) do nothing",
        *id,
        *order,
        <&str>::from(channel),
        reference,
        amount.get(),
        now,
    )
    .execute(tx.db())
    .await?;
    let row = sqlx::query_as!(
        AttemptRow,
        "select id, amount_fen, state, outcome, queries from payments.attempt
         where channel = $1 and reference = $2 for update",
        <&str>::from(channel),
        reference,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(row)
}

/// Writes a try that a cashier saw succeed with his own eyes.
pub(crate) async fn insert_done(
    tx: &mut Tx,
    order: PaymentOrderId,
    channel: PayMethod,
    reference: &str,
    amount: Fen,
) -> Result<AttemptId> {
    let (id, now): (AttemptId, _) = (tx.new_id(), tx.now());
    sqlx::query!(
        "insert into payments.attempt
           (id, order_id, channel, reference, amount_fen, state, outcome, began_at, told_at)
         values ($1, $2, $3, $4, $5, 'succeeded', 'settled', $6, $6)",
        *id,
        *order,
        <&str>::from(channel),
        reference,
        amount.get(),
        now,
    )
    .execute(tx.db())
    .await
    .on_constraint("attempt_reference_key", PaymentRule::ReferenceTaken)?;
    Ok(id)
}

/// Writes what was heard.
pub(crate) async fn set_attempt(
    tx: &mut Tx,
    id: AttemptId,
    state: AttemptState,
    outcome: Option<AttemptOutcome>,
    next_query_at: Option<DateTime<Utc>>,
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update payments.attempt
         set state = $2, outcome = $3, told_at = $4, next_query_at = $5, last_error = ''
         where id = $1",
        *id,
        <&str>::from(state),
        outcome.map(<&str>::from),
        now,
        next_query_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Writes that asking did not help, and when to ask again.
pub(crate) async fn queried(
    tx: &mut Tx,
    id: AttemptId,
    next: DateTime<Utc>,
    error: &str,
) -> Result<()> {
    sqlx::query!(
        "update payments.attempt
         set queries = queries + 1, next_query_at = $2, last_error = $3,
             state = case when state = 'pending' then 'unknown' else state end
         where id = $1 and state in ('pending', 'unknown')",
        *id,
        next,
        error,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A try whose provider must be asked.
#[derive(Clone, Debug)]
pub(crate) struct ToQuery {
    pub id: AttemptId,
    pub order_id: PaymentOrderId,
    pub channel: PayMethod,
    pub reference: String,
    pub amount_fen: Fen,
    pub queries: i32,
}

/// Tries of which nobody knows the end, the longest waiting first.
pub(crate) async fn to_query(tx: &mut Tx, limit: i64) -> Result<Vec<ToQuery>> {
    let now = tx.now();
    let rows = sqlx::query_as!(
        ToQuery,
        "select id, order_id, channel, reference, amount_fen, queries from payments.attempt
         where state in ('pending', 'unknown') and next_query_at <= $1
         order by next_query_at limit $2",
        now,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// The tries of an order.
pub(crate) async fn attempts(tx: &mut Tx, order: PaymentOrderId) -> Result<Vec<Attempt>> {
    let rows = sqlx::query_as!(
        Attempt,
        "select id, order_id, channel, reference, amount_fen, state, outcome, began_at, told_at,
                queries, last_error
         from payments.attempt where order_id = $1 order by began_at, id",
        *order,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}
