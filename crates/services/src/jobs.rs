//! What follows from an order's end.

use crate::service::{on_finished, on_given_up};
use kernel::{Actor, App, EventRow, Result};

/// An order is finished, went back or was voided: what was agreed to is charged, or nothing is.
/// Told twice, it does nothing the second time.
pub async fn on_order(app: &App, event: &EventRow) -> Result<()> {
    let order = event.subject_id.into();
    let mut tx = app.begin(Actor::system("有偿服务")).await?;
    match event.kind.as_str() {
        "order.finished" => on_finished(&mut tx, order, event.at).await?,
        "order.returned" | "order.voided" => on_given_up(&mut tx, order, event.at).await?,
        _ => return Ok(()),
    }
    tx.commit().await
}
