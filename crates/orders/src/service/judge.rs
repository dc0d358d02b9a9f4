//! What follows the work: it is judged good or bad, or settled with words.

use crate::event::{What, tell};
use crate::{Order, State, WorkOrder, permissions, store};
use kernel::{OrderId, Result, Tx};

/// Settles with words an order that needs no visit.
pub async fn answer(tx: &mut Tx, id: OrderId, words: &str) -> Result<Order> {
    let scope = tx.scope(permissions::CREATE)?;
    let order = store::lock(tx, &scope, id).await?;
    answered(tx, order, words).await?;
    super::read::shown(tx, id).await
}

/// The words are the work.
pub(super) async fn answered(tx: &mut Tx, mut order: WorkOrder, words: &str) -> Result<()> {
    let words = super::needed("text", words)?;
    let before = order.state;
    order.answer(&words, tx.now())?;

    store::save(tx, &order).await?;
    settle(tx, &order, before, What::Answered { words }).await
}

/// Judges finished work good.
pub async fn pass(tx: &mut Tx, id: OrderId, note: &str) -> Result<Order> {
    let scope = tx.scope(permissions::AUDIT)?;
    let mut order = store::lock(tx, &scope, id).await?;
    let before = order.state;
    order.pass(tx.now())?;

    store::save(tx, &order).await?;
    let what = What::Passed { note: note.trim().to_owned(), automatic: false };
    settle(tx, &order, before, what).await?;
    super::read::shown(tx, id).await
}

/// Judges finished work bad: somebody goes again, under the same order.
pub async fn fail(tx: &mut Tx, id: OrderId, reason: &str) -> Result<Order> {
    let scope = tx.scope(permissions::AUDIT)?;
    let reason = super::needed("reason", reason)?;
    let mut order = store::lock(tx, &scope, id).await?;
    let before = order.state;
    order.fail(tx.now())?;

    store::save(tx, &order).await?;
    tell(tx, &order, before, &What::Failed { reason: reason.clone() })?;
    reopened(tx, &order, before, reason)?;
    super::read::shown(tx, id).await
}

/// Complete evidence stands for a person's audit where the kind says so.
pub(super) async fn pass_if_automatic(tx: &mut Tx, order: &mut WorkOrder) -> Result<()> {
    if !order.policy.auto_audit {
        return Ok(());
    }
    let before = order.state;
    order.pass(tx.now())?;
    store::save(tx, order).await?;
    settle(tx, order, before, What::Passed { note: String::new(), automatic: true }).await
}

/// Tells how the work ended, and what that leads to: a revisit, or the end.
pub(super) async fn settle(
    tx: &mut Tx,
    order: &WorkOrder,
    before: State,
    what: What,
) -> Result<()> {
    tell(tx, order, before, &what)?;
    if order.state == State::Revisit {
        let due = order.revisit_due.unwrap_or(order.finish_due);
        store::open_revisit(tx, order, due).await?;
    } else {
        tell(tx, order, before, &What::Closed {})?;
    }
    Ok(())
}

/// Tells that a new round began, and why.
pub(super) fn reopened(
    tx: &mut Tx,
    order: &WorkOrder,
    before: State,
    reason: String,
) -> Result<()> {
    let (accept_due, arrive_due, finish_due) =
        (order.accept_due, order.arrive_due, order.finish_due);
    tell(tx, order, before, &What::Reopened { reason, accept_due, arrive_due, finish_due })
}
