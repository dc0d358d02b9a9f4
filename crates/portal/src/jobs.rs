//! What the customer is told when something happens to his order.

use crate::store::{self, Known};
use channels::template::{
    FINISHED_FOR_CUSTOMER, HOUSEHOLD_LINK, Lang, REPAIRER_FOR_CUSTOMER, Template, moment, window,
};
use channels::{Medium, NewMessage};
use kernel::{Actor, App, EventRow, OrderId, Result, Tx};
use orders::State;
use uuid::Uuid;

/// `order.dispatched`: who comes and when, with the link to follow it. Told once for each event,
/// and not at all when somebody else has the order by now. `portal_url` is where the customer's
/// pages are reached from outside, without a slash at its end.
pub async fn on_order_dispatched(app: &App, event: &EventRow, portal_url: &str) -> Result<()> {
    let mut tx = app.begin(Actor::system("portal")).await?;
    let id = OrderId::from(event.subject_id);
    let known = store::find(&mut tx, id).await?;
    let to = event.payload.pointer("/to/id").and_then(|v| v.as_str()?.parse::<Uuid>().ok());
    if !known.state.is_in_hand() || to.is_none() || known.repairer_id != to {
        return Ok(());
    }
    let window = match (known.appointment_from, known.appointment_to) {
        (Some(from), Some(to)) => window(from, to),
        (Some(at), None) | (None, Some(at)) => moment(at),
        (None, None) => format!("≤{}", moment(known.arrive_due)),
    };
    let link = link(&mut tx, id, portal_url).await?;
    let values = [
        ("no", known.no.as_str()),
        ("kind", &known.kind_name),
        ("name", known.repairer_name.as_deref().unwrap_or_default()),
        ("job_no", known.repairer_job_no.as_deref().unwrap_or_default()),
        ("phone", known.repairer_phone.as_deref().unwrap_or_default()),
        ("window", &window),
        ("link", &link),
    ];
    let body = REPAIRER_FOR_CUSTOMER.fill(Lang::Zh, &values);
    tell(&mut tx, event, &known, REPAIRER_FOR_CUSTOMER, body).await?;
    tx.commit().await
}

/// `order.finished`: it is done, we shall ask, and here is how to object.
pub async fn on_order_finished(app: &App, event: &EventRow, portal_url: &str) -> Result<()> {
    let mut tx = app.begin(Actor::system("portal")).await?;
    let id = OrderId::from(event.subject_id);
    let known = store::find(&mut tx, id).await?;
    if !matches!(known.state, State::Finished | State::Revisit) {
        return Ok(());
    }
    let link = link(&mut tx, id, portal_url).await?;
    let values = [("no", known.no.as_str()), ("kind", &known.kind_name), ("link", &link)];
    let body = FINISHED_FOR_CUSTOMER.fill(Lang::Zh, &values);
    tell(&mut tx, event, &known, FINISHED_FOR_CUSTOMER, body).await?;
    tx.commit().await
}

/// `portal.link_wanted`: the link to a household's own page, to the number that was asked for.
/// Told once; not at all when it ended or the holder changed meanwhile.
pub async fn on_link_wanted(app: &App, event: &EventRow, portal_url: &str) -> Result<()> {
    let mut tx = app.begin(Actor::system("portal")).await?;
    let wanted = event.payload.get("invitation").and_then(|v| v.as_str()?.parse::<Uuid>().ok());
    let Some(id) = wanted else { return Ok(()) };
    let Some(link) = store::home::invitation(&mut tx, id).await? else { return Ok(()) };
    let token = channels::link::sign(&mut tx, id).await?;
    let link_text = format!("{}/h/{token}", portal_url.trim_end_matches('/'));
    let values = [("link", link_text.as_str()), ("until", &moment(link.expires_at))];
    let message = NewMessage {
        reason: format!("{}/{}", event.kind, event.id),
        medium: Medium::Sms,
        receiver: link.phone,
        template: HOUSEHOLD_LINK.key,
        body: HOUSEHOLD_LINK.fill(Lang::Zh, &values),
        matter_id: None,
        org_path: event.org_path.clone().unwrap_or_default(),
    };
    channels::queue(&mut tx, message).await?;
    tx.commit().await
}

async fn link(tx: &mut Tx, id: OrderId, portal_url: &str) -> Result<String> {
    let token = channels::link::sign(tx, *id).await?;
    Ok(format!("{}/p/{token}", portal_url.trim_end_matches('/')))
}

async fn tell(
    tx: &mut Tx,
    event: &EventRow,
    known: &Known,
    template: Template,
    body: String,
) -> Result<()> {
    let message = NewMessage {
        reason: format!("{}/{}/customer", event.kind, event.id),
        medium: Medium::Sms,
        receiver: known.contact_phone.clone(),
        template: template.key,
        body,
        matter_id: Some(known.matter_id),
        org_path: known.org_path.clone(),
    };
    channels::queue(tx, message).await?;
    Ok(())
}
