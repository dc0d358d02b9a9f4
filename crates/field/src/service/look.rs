//! Looking: the repairer's tasks, and visits at the desk.

use crate::model::{EvidencePolicy, Task, TaskDetail, Visit, missing};
use crate::permissions::{VIEW, WORK};
use crate::store;
use kernel::{Error, OrderId, Result, Tx};
use orders::{Filter, Order};
use uuid::Uuid;

/// Readings of the household's meters that are shown.
const READINGS: i64 = 6;

/// The caller's orders in hand, the next due first.
pub async fn tasks(tx: &mut Tx) -> Result<Vec<Task>> {
    const MOST: i64 = 200;
    tx.require(WORK)?;
    let who = tx.user()?;
    let filter = Filter { mine: Some(1), open: Some(1), limit: Some(MOST), ..Filter::default() };
    let orders = orders::list(tx, &filter).await?.items;
    let ids: Vec<Uuid> = orders.iter().map(|o| *o.id).collect();
    let needing = store::needing_visit(tx, &ids).await?;
    let mut open = store::open_of(tx, &ids, who).await?;
    let tasks = orders.into_iter().filter(|o| o.state.is_in_hand()).map(|order| {
        let visit = open.remove(&order.id);
        with_visit(needing.contains(&order.id), order, visit)
    });
    Ok(tasks.collect())
}

/// One of the caller's orders with all that he needs on the spot. The customer's number is in
/// full while the order is in his hands, and masked again after.
pub async fn task(tx: &mut Tx, id: OrderId) -> Result<TaskDetail> {
    tx.require(WORK)?;
    let who = tx.user()?;
    let mut detail = orders::detail(tx, id).await?;
    if detail.order.assignee_id != Some(who) {
        return Err(Error::NotFound("order"));
    }
    if detail.order.state.is_in_hand() {
        detail.order.contact_phone = orders::contact_of(tx, id).await?.phone;
        detail.contact_phone_unmasked = true;
    }
    let needs_visit = store::needing_visit(tx, &[*id]).await?.contains(&id);
    let visit = store::newest_of(tx, id, who).await?.filter(|v| v.returned_at.is_none());
    let missing = lacking(needs_visit, &detail.order, visit.as_ref());
    let past_orders = match detail.order.account_id {
        Some(account) => store::past_orders(tx, account, id).await?,
        None => Vec::new(),
    };
    let shown = visit.clone();
    let (evidence, temperatures) =
        shown.map_or_else(Default::default, |v| (v.evidence, v.temperatures));
    let station = store::station(tx, id).await?;
    let balance = match detail.order.account_id {
        Some(account) if detail.contact_phone_unmasked => {
            Some(ledger::balance_of(tx, account).await?)
        }
        _ => None,
    };
    let readings = match detail.order.account_id {
        Some(account) if detail.contact_phone_unmasked => {
            billing::readings_of(tx, account, READINGS).await?
        }
        _ => Vec::new(),
    };
    Ok(TaskDetail {
        detail,
        visit,
        missing,
        evidence,
        temperatures,
        past_orders,
        station,
        balance,
        readings,
    })
}

/// The visits of an order in sight, oldest first: what the desk judges by.
pub async fn visits(tx: &mut Tx, id: OrderId) -> Result<Vec<Visit>> {
    let scope = tx.scope(VIEW)?;
    if !store::can_see(tx, &scope, id).await? {
        return Err(Error::NotFound("order"));
    }
    visits_of(tx, id).await
}

/// The visits of an order, for a room above that has asked whether the caller may see it.
pub async fn visits_of(tx: &mut Tx, id: OrderId) -> Result<Vec<Visit>> {
    store::visits(tx, id).await
}

/// The order after one of the caller's steps.
pub(super) async fn brief(tx: &mut Tx, id: OrderId) -> Result<Task> {
    let who = tx.user()?;
    let order = orders::get(tx, id).await?;
    let needs_visit = store::needing_visit(tx, &[*id]).await?.contains(&id);
    let visit = store::newest_of(tx, id, who).await?.filter(|v| v.returned_at.is_none());
    Ok(with_visit(needs_visit, order, visit))
}

fn with_visit(needs_visit: bool, order: Order, visit: Option<Visit>) -> Task {
    let missing = lacking(needs_visit, &order, visit.as_ref());
    Task { order, visit, missing }
}

fn lacking(needs_visit: bool, order: &Order, visit: Option<&Visit>) -> Vec<crate::Missing> {
    let policy = EvidencePolicy::of(needs_visit, &order.kind, order.symptom.as_deref());
    let kinds: Vec<_> = visit.iter().flat_map(|v| &v.evidence).map(|e| e.kind).collect();
    let temperatures = visit.map_or(0, |v| v.temperatures.len());
    let cause = visit.and_then(|v| v.cause.as_deref());
    missing(policy, &kinds, temperatures, cause)
}
