//! Sending somebody: first, or instead of somebody else.

use crate::event::{What, tell};
use crate::{DispatchTo, Order, permissions, store};
use kernel::{OrderId, Result, Tx};

/// Gives the order to a repairer. Who comes second finds it given, and must say why it changes
/// hands: two dispatchers at once do not overrule each other unawares.
pub async fn dispatch_to(tx: &mut Tx, id: OrderId, to: DispatchTo) -> Result<Order> {
    let scope = tx.scope(permissions::DISPATCH)?;
    let mut order = store::lock(tx, &scope, id).await?;
    let repairer = store::person(tx, "staff_id", to.staff_id).await?;
    let had = match order.assignee_id {
        Some(before) => Some(store::name_of(tx, before).await?),
        None => None,
    };
    let before = order.state;
    order.dispatch(to.staff_id, &to.reason, tx.now())?;

    store::save(tx, &order).await?;
    let DispatchTo { manner, reason, ranking, .. } = to;
    let what = What::Dispatched { from: had, to: repairer, manner, reason, ranking };
    tell(tx, &order, before, &what)?;
    super::read::shown(tx, id).await
}
