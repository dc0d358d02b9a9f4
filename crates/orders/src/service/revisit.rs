//! Asking the customer: who must be asked, and what he said.

use crate::event::{What, tell};
use crate::{
    CallReason, OpenRevisit, Order, OrderRule, Powers, Satisfaction, State, permissions, store,
};
use kernel::{CallId, Cursor, Page, Result, RevisitId, Tx, page};

/// Customers who must be asked, the most pressing first.
pub async fn open_revisits(
    tx: &mut Tx,
    limit: Option<i64>,
    after: Option<&str>,
) -> Result<Page<OpenRevisit>> {
    let scope = tx.scope(permissions::REVISIT)?;
    let limit = page::limit(limit);
    let open = store::open_revisits(tx, &scope, Cursor::decode(after)?, limit + 1).await?;
    let ids: Vec<_> = open.iter().map(|r| *r.order_id).collect();
    let mut orders = store::by_ids(tx, &ids).await?;
    let powers = Powers::of(tx.actor());
    let items = open.into_iter().filter_map(|r| {
        let order = orders.remove(&r.order_id)?.shown_to(&powers);
        let (round, due_at, attempts) = (r.round, r.due_at, r.attempts);
        Some(OpenRevisit { id: r.id, order, round, due_at, attempts })
    });
    Ok(Page::cut(items.collect(), limit, |r| (r.due_at, r.id)))
}

/// Writes down what the customer said. Not content: somebody goes again under the same order.
pub async fn record_revisit(
    tx: &mut Tx,
    id: RevisitId,
    result: Satisfaction,
    reason: &str,
    call: Option<CallId>,
) -> Result<Order> {
    let scope = tx.scope(permissions::REVISIT)?;
    let reason = match result {
        Satisfaction::Unsatisfied => super::needed("reason", reason)?,
        _ => reason.trim().to_owned(),
    };
    let order_id = store::order_of_revisit(tx, id).await?;
    let mut order = store::lock(tx, &scope, order_id).await?;
    if !store::close_revisit(tx, id, result, &reason).await? {
        return Err(OrderRule::RevisitDone.into());
    }
    let before = order.state;
    order.revisited(result, tx.now())?;

    store::save(tx, &order).await?;
    if let Some(call) = call {
        store::link_call(tx, order_id, call, CallReason::Revisit).await?;
    }
    tell(tx, &order, before, &What::Revisited { result, reason: reason.clone(), call_id: call })?;
    if order.state == State::Closed {
        tell(tx, &order, before, &What::Closed {})?;
    } else {
        super::judge::reopened(tx, &order, before, reason)?;
    }
    super::read::shown(tx, order_id).await
}

/// Counts a try that did not reach the customer.
pub async fn attempt_revisit(tx: &mut Tx, id: RevisitId, note: &str) -> Result<()> {
    let scope = tx.scope(permissions::REVISIT)?;
    let order_id = store::order_of_revisit(tx, id).await?;
    let order = store::lock(tx, &scope, order_id).await?;
    let attempts = store::count_attempt(tx, id).await?.ok_or(OrderRule::RevisitDone)?;
    let note = note.trim().to_owned();
    tell(tx, &order, order.state, &What::RevisitAttempted { attempts, note })
}
