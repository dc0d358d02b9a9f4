//! What dispatch does when it hears of something, and by the clock.

use crate::service::{PATIENCE, give_if_automatic, take_back_if_untouched};
use crate::store;
use channels::template::{Lang, ORDER_FOR_REPAIRER, moment, window};
use channels::{Medium, NewMessage};
use kernel::{Actor, App, Error, EventRow, OrderId, Result, UserId};
use serde_json::Value;
use uuid::Uuid;

/// An order waits for a repairer (`order.filed`, `order.returned`, `order.reopened`): gives it
/// to the best one where that is automatic. Run twice, it does nothing the second time.
pub async fn on_order_open(app: &App, id: OrderId) -> Result<()> {
    let mut tx = app.begin(Actor::system("dispatch")).await?;
    give_if_automatic(&mut tx, id).await?;
    tx.commit().await
}

/// Every minute: orders that nobody could take when they came, and orders that were taken and
/// never touched. Answers how many were looked at.
pub async fn dispatch_waiting(app: &App) -> Result<usize> {
    const MOST: i64 = 200;
    let mut tx = app.begin(Actor::system("dispatch")).await?;
    let ids = store::waiting(&mut tx, PATIENCE, MOST).await?;
    tx.commit().await?;
    for id in &ids {
        if let Err(e) = look_again(app, *id).await {
            tracing::error!(order.id = %id, error = ?e, "automatic dispatch failed");
        }
    }
    Ok(ids.len())
}

async fn look_again(app: &App, id: OrderId) -> Result<()> {
    let mut tx = app.begin(Actor::system("dispatch")).await?;
    give_if_automatic(&mut tx, id).await?;
    take_back_if_untouched(&mut tx, id).await?;
    tx.commit().await
}

/// `order.dispatched`: a short message to the repairer, once, unless somebody else has the order
/// by now.
pub async fn on_order_dispatched(app: &App, event: &EventRow) -> Result<()> {
    let Some(repairer) = receiver(&event.payload) else {
        return Err(Error::Internal(NoReceiver(event.id).into()));
    };
    let mut tx = app.begin(Actor::system("dispatch")).await?;
    let Some(told) = store::told(&mut tx, event.subject_id.into(), repairer).await? else {
        return Ok(());
    };
    let window = match (told.appointment_from, told.appointment_to) {
        (Some(from), Some(to)) => window(from, to),
        (Some(at), None) | (None, Some(at)) => moment(at),
        (None, None) => String::new(),
    };
    let body = ORDER_FOR_REPAIRER.fill(
        Lang::Zh,
        &[
            ("no", &told.no),
            ("kind", &told.kind_name),
            ("address", &told.address),
            ("contact", &told.contact_name),
            ("phone", &told.contact_phone),
            ("window", &window),
            ("due", &moment(told.arrive_due)),
        ],
    );
    let message = NewMessage {
        reason: format!("order.dispatched/{}/repairer", event.id),
        medium: Medium::Sms,
        receiver: told.phone.unwrap_or_default(),
        template: ORDER_FOR_REPAIRER.key,
        body,
        matter_id: Some(told.matter_id),
        org_path: told.org_path,
    };
    channels::queue(&mut tx, message).await?;
    tx.commit().await
}

fn receiver(payload: &Value) -> Option<UserId> {
    payload.pointer("/to/id")?.as_str()?.parse::<Uuid>().ok().map(Into::into)
}

#[derive(Debug)]
struct NoReceiver(i64);

impl std::fmt::Display for NoReceiver {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "event {} does not say who got the order", self.0)
    }
}
impl std::error::Error for NoReceiver {}
