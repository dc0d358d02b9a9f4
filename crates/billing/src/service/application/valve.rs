//! Between applications and orders: a valve to be moved becomes an order, and an order that is
//! done becomes evidence; an inspection that found something becomes a hold.

use super::carry::{valve_impossible, valve_moved};
use crate::ValveAction;
use crate::permissions::{APPLY, HOLD};
use crate::service::hold::{hold_for_event, inspection_hold};
use crate::store::valve::{self as store, OrderSeen};
use crate::store::{application, standing};
use kernel::clock::local_date;
use kernel::{AccountId, Actor, App, Error, EventRow, OrderId, Result, Scope, Tx};
use orders::{NewOrder, Origin, Urgency};

/// How the directory refuses who is listed twice.
const ALREADY_LISTED: &str = "directory.listed";

/// Files the order that moves a valve; the same request twice files one.
pub async fn file_valve_order(app: &App, event: &EventRow) -> Result<()> {
    let mut tx = app.begin(Actor::system("停复热开关栓")).await?;
    let filed = file(&mut tx, event).await?;
    if filed { tx.commit().await } else { Ok(()) }
}

async fn file(tx: &mut Tx, event: &EventRow) -> Result<bool> {
    tx.require(APPLY)?;
    let Some(valve) = store::valve_of(tx, event.subject_id.into()).await? else {
        return Ok(false);
    };
    if valve.order_id.is_some() {
        return Ok(false);
    }
    let work = application::lock(tx, valve.application_id, &Scope::all()).await?;
    if work.state.is_over() && work.state != crate::ApplicationState::Done {
        return Ok(false);
    }
    let home = standing::household(tx, valve.account_id, &Scope::all()).await?;
    let phone = match home.phone {
        Some(phone) => phone,
        None => standing::hotline(tx).await?.unwrap_or_else(|| "000".to_owned()),
    };
    let (symptom, verb) = match valve.action {
        ValveAction::Close => ("valve_close", "关栓并加锁"),
        ValveAction::Open => ("valve_open", "开栓"),
    };
    let order = NewOrder {
        kind: "valve".to_owned(),
        symptom: Some(symptom.to_owned()),
        urgency: Urgency::ORDINARY,
        account_id: Some(valve.account_id),
        address: None,
        contact_name: home.name,
        contact_phone: phone,
        description: format!("{}业务 {}：{verb}，拍照并记录铅封号", work.kind.zh(), work.no),
        channel: Origin::Staff,
        call_id: None,
        appointment_from: None,
        appointment_to: None,
        org_id: None,
        finish_due: None,
        answer: None,
    };
    let order = orders::create(tx, order).await?;
    store::set_order(tx, valve.application_id, order.id).await?;
    Ok(true)
}

/// What was taken back moves no valve: its order ends, unless the work was done already.
pub async fn recall_valve_order(app: &App, event: &EventRow) -> Result<()> {
    let mut tx = app.begin(Actor::system("停复热开关栓")).await?;
    let Some(valve) = store::valve_of(&mut tx, event.subject_id.into()).await? else {
        return Ok(());
    };
    let Some(id) = valve.order_id else { return Ok(()) };
    match store::order(&mut tx, id).await? {
        Some(order) if order.finished_at.is_none() => {}
        _ => return Ok(()),
    }
    match orders::void(&mut tx, id, "业务已撤回").await {
        Ok(_) => tx.commit().await,
        // Voided by somebody meanwhile.
        Err(Error::Rule { .. }) => Ok(()),
        Err(e) => Err(e),
    }
}

/// An order was judged good: a valve's is evidence, an inspection's that found something on the
/// customer's side holds his money.
pub async fn on_order_passed(app: &App, event: &EventRow) -> Result<()> {
    let mut tx = app.begin(Actor::system("业务联动")).await?;
    let id: OrderId = event.subject_id.into();
    let Some(order) = store::order(&mut tx, id).await? else { return Ok(()) };
    let moved = order.cause.as_deref() == Some("valve_done");
    let changed = match order.kind.as_str() {
        "valve" if moved => {
            let on = local_date(order.finished_at.unwrap_or(event.at));
            valve_moved(&mut tx, id, on).await?
        }
        "valve" => {
            let why = order.cause_name.clone().unwrap_or_default();
            valve_impossible(&mut tx, id, &why).await?
        }
        "inspection" => inspected(&mut tx, &order, id).await?,
        _ => false,
    };
    if changed { tx.commit().await } else { Ok(()) }
}

async fn inspected(tx: &mut Tx, order: &OrderSeen, id: OrderId) -> Result<bool> {
    let (Some(account), Some("user")) = (order.account_id, order.side.as_deref()) else {
        return Ok(false);
    };
    let found = order.cause_name.clone().unwrap_or_default();
    let hold = inspection_hold(account, &order.no, &found);
    let placed = hold_for_event(tx, hold, "order.passed", &id.to_string()).await?;
    if placed.is_none() {
        return Ok(false);
    }
    listed(tx, account, &format!("稽查工单 {}：{found}", order.no)).await?;
    Ok(true)
}

/// Who was found violating stands on the blacklist until somebody lifts it; who stands there
/// already stays.
async fn listed(tx: &mut Tx, account: AccountId, reason: &str) -> Result<()> {
    match directory::blacklist_under(tx, HOLD, account, reason, None).await {
        Err(Error::Rule { code, .. }) if code == ALREADY_LISTED => Ok(()),
        done => done,
    }
}
