//! What happens to an order beside its path: the customer presses, people add, correct, void.

use crate::event::{What, tell};
use crate::{CallReason, Order, Urgency, WorkOrder, permissions, store};
use chrono::{DateTime, Utc};
use kernel::{CallId, Error, OrderId, Result, Scope, Tx, UserId};

/// The customer presses for it: counted on the order, never a new one.
pub async fn chase(tx: &mut Tx, id: OrderId, note: &str, call: Option<CallId>) -> Result<Order> {
    let scope = tx.scope(permissions::CREATE)?;
    let order = store::lock(tx, &scope, id).await?;
    press(tx, order, note, call).await?;
    super::read::shown(tx, id).await
}

/// The customer presses for it through his own page. Whoever calls this has checked the signed
/// link: it stands for the permission.
pub async fn chase_by_customer(tx: &mut Tx, id: OrderId, note: &str) -> Result<()> {
    let order = store::lock(tx, &Scope::all(), id).await?;
    press(tx, order, note, None).await
}

async fn press(tx: &mut Tx, mut order: WorkOrder, note: &str, call: Option<CallId>) -> Result<()> {
    let chases = order.chase()?;
    store::save(tx, &order).await?;
    if let Some(call) = call {
        store::link_call(tx, order.id, call, CallReason::Chase).await?;
    }
    let what = What::Chased { chases, note: note.trim().to_owned(), call_id: call };
    tell(tx, &order, order.state, &what)
}

/// Adds words to its history; whoever sees an order may.
pub async fn note(tx: &mut Tx, id: OrderId, text: &str) -> Result<Order> {
    let scope = tx.scope(permissions::VIEW)?;
    let text = super::needed("text", text)?;
    let order = store::lock(tx, &scope, id).await?;
    tell(tx, &order, order.state, &What::Noted { text })?;
    super::read::shown(tx, id).await
}

/// Takes the order out of the world, with a reason.
pub async fn void(tx: &mut Tx, id: OrderId, reason: &str) -> Result<Order> {
    let scope = tx.scope(permissions::VOID)?;
    let reason = super::needed("reason", reason)?;
    let mut order = store::lock(tx, &scope, id).await?;
    let before = order.state;
    order.void(tx.now())?;

    store::save(tx, &order).await?;
    tell(tx, &order, before, &What::Voided { reason })?;
    super::read::shown(tx, id).await
}

/// Changes how much it presses, and with that what is promised.
pub async fn set_urgency(
    tx: &mut Tx,
    id: OrderId,
    urgency: Urgency,
    reason: &str,
    seen: Option<i32>,
) -> Result<Order> {
    let scope = tx.scope(permissions::DISPATCH)?;
    let reason = super::needed("reason", reason)?;
    let mut order = unchanged(store::lock(tx, &scope, id).await?, seen)?;
    let from = order.urgency;
    order.set_urgency(urgency, tx.now())?;

    store::save(tx, &order).await?;
    store::forget_warnings(tx, &order).await?;
    tell(tx, &order, order.state, &What::UrgencyChanged { from, to: urgency, reason })?;
    super::read::shown(tx, id).await
}

/// Moves the end of the work.
pub async fn set_due(
    tx: &mut Tx,
    id: OrderId,
    due: DateTime<Utc>,
    reason: &str,
    seen: Option<i32>,
) -> Result<Order> {
    let scope = tx.scope(permissions::SUPERVISE)?;
    let reason = super::needed("reason", reason)?;
    if due <= tx.now() {
        return Err(Error::invalid("finish_due", "完成时间须晚于现在", "must be still to come"));
    }
    let mut order = unchanged(store::lock(tx, &scope, id).await?, seen)?;
    let from = order.finish_due;
    order.set_finish_due(due, tx.now())?;

    store::save(tx, &order).await?;
    store::forget_warnings(tx, &order).await?;
    tell(tx, &order, order.state, &What::DueChanged { from, to: due, reason })?;
    super::read::shown(tx, id).await
}

/// Names who answers for it.
pub async fn supervise(
    tx: &mut Tx,
    id: OrderId,
    supervisor: UserId,
    seen: Option<i32>,
) -> Result<Order> {
    let scope = tx.scope(permissions::SUPERVISE)?;
    let mut order = unchanged(store::lock(tx, &scope, id).await?, seen)?;
    let to = store::person(tx, "supervisor_id", supervisor).await?;
    let from = match order.supervisor_id {
        Some(before) => Some(store::name_of(tx, before).await?),
        None => None,
    };
    order.supervise(supervisor)?;

    store::save(tx, &order).await?;
    tell(tx, &order, order.state, &What::Supervised { from, to })?;
    super::read::shown(tx, id).await
}

/// Puts a call to an order that it turned out to belong to.
pub async fn link_call(tx: &mut Tx, id: OrderId, call: CallId, why: CallReason) -> Result<()> {
    let scope = tx.scope(permissions::CREATE)?;
    store::find(tx, &scope, id).await?;
    store::link_call(tx, id, call, why).await
}

/// Refuses a change to what the caller has not seen.
fn unchanged(order: WorkOrder, seen: Option<i32>) -> Result<WorkOrder> {
    match seen {
        Some(version) if version != order.version => Err(Error::Stale),
        _ => Ok(order),
    }
}
