//! Timers of this room.

use crate::event::{Warned, What, tell};
use crate::store;
use kernel::{Actor, App, Result, Scope, Tx};

/// Orders that one transaction looks at, so that none holds many rows for long.
const BATCH: i64 = 100;

/// Warns of limits that are at risk (a quarter of the step's time is left) and of those that have
/// passed, each once a round and step; says how many warnings it gave. Made to run every few
/// seconds, on any number of nodes: a step that is done has no limit, so nothing fires for it.
pub async fn watch_limits(app: &App) -> Result<usize> {
    let mut given = 0;
    loop {
        let mut tx = app.begin(Actor::system("时限预警")).await?;
        let due = store::to_warn(&mut tx, BATCH).await?;
        for id in &due {
            given += usize::from(warn(&mut tx, *id).await?);
        }
        tx.commit().await?;
        if due.len() < usize::try_from(BATCH).unwrap_or(usize::MAX) {
            return Ok(given);
        }
    }
}

async fn warn(tx: &mut Tx, id: kernel::OrderId) -> Result<bool> {
    let mut order = store::lock(tx, &Scope::all(), id).await?;
    let (Some(step), Some(due)) = (order.next_step(), order.next_due) else {
        return Ok(false);
    };
    let late = due <= tx.now();
    order.warn_at = (!late).then_some(due);
    store::set_warn_at(tx, &order).await?;
    let level = if late { "late" } else { "at_risk" };
    if !store::keep_warning(tx, &order, step.into(), level).await? {
        return Ok(false);
    }
    let (assignee_id, supervisor_id) = (order.assignee_id, order.supervisor_id);
    let warned = Warned { step, due, assignee_id, supervisor_id };
    let what = if late { What::Late(warned) } else { What::AtRisk(warned) };
    tell(tx, &order, order.state, &what)?;
    Ok(true)
}
