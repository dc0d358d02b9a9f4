//! Looking: one order, lists, neighbours, history.

use crate::event::{What, tell};
use crate::{Catalogue, Detail, Filter, Order, Powers, WorkOrder, permissions, store};
use kernel::{
    AccountId, Cursor, EventRow, MatterId, OrderId, Page, Permission, Result, RevisitId, Scope, Tx,
    page,
};

/// Whom to ring about an order; shown to nobody, dialled by the telephone.
#[derive(Clone, Debug)]
pub struct Contact {
    /// The order.
    pub order_id: OrderId,
    /// The matter that the call joins.
    pub matter_id: MatterId,
    /// The household.
    pub account_id: Option<AccountId>,
    /// The number in full.
    pub phone: String,
}

/// One order, as the caller may see it.
pub async fn get(tx: &mut Tx, id: OrderId) -> Result<Order> {
    let scope = tx.scope(permissions::VIEW)?;
    let row = store::find(tx, &scope, id).await?;
    Ok(row.shown_to(&Powers::of(tx.actor())))
}

/// One order with what hangs on it.
pub async fn detail(tx: &mut Tx, id: OrderId) -> Result<Detail> {
    let order = get(tx, id).await?;
    let (calls, revisits) = (store::calls(tx, id).await?, store::revisits(tx, id).await?);
    Ok(Detail { order, calls, revisits, contact_phone_unmasked: false })
}

/// Shows the phone in full, for a reason that history keeps.
pub async fn unmask(tx: &mut Tx, id: OrderId, reason: &str) -> Result<Detail> {
    let scope = tx.scope(permissions::VIEW)?;
    let reason = super::needed("reason", reason)?;
    let order = store::lock(tx, &scope, id).await?;
    tell(tx, &order, order.state, &What::Unmasked { reason })?;
    let mut detail = detail(tx, id).await?;
    detail.order.contact_phone = order.contact_phone;
    detail.contact_phone_unmasked = true;
    Ok(detail)
}

/// The orders that match, a page of them: open ones by the limit that runs, the most pressing
/// first; with closed ones among them, the newest first.
pub async fn list(tx: &mut Tx, filter: &Filter) -> Result<Page<Order>> {
    let scope = tx.scope(permissions::VIEW)?;
    page_of(tx, &scope, filter).await
}

/// A page of what matches in `scope`. Queue and history each have their index.
pub(super) async fn page_of(tx: &mut Tx, scope: &Scope, filter: &Filter) -> Result<Page<Order>> {
    let limit = page::limit(filter.limit);
    let after = Cursor::decode(filter.after.as_deref())?;
    let queue = filter.is_queue();
    let rows = if queue {
        store::queue(tx, scope, filter, after, limit + 1).await?
    } else {
        store::history(tx, scope, filter, after, limit + 1).await?
    };
    Ok(Page::cut(shown_all(tx, rows), limit, |o: &Order| {
        let at = if queue { o.next_due.unwrap_or(o.finish_due) } else { o.opened_at };
        (at, *o.id)
    }))
}

/// Everything that was told of the order's matter and calls, oldest first. Scope applies to the
/// order; who sees it sees its whole history.
pub async fn timeline(tx: &mut Tx, id: OrderId) -> Result<Vec<EventRow>> {
    let order = get(tx, id).await?;
    store::timeline(tx, id, order.matter_id).await
}

/// What forms choose from.
pub async fn catalogue(tx: &mut Tx) -> Result<Catalogue> {
    tx.user()?;
    Ok(Catalogue {
        kinds: store::kinds(tx).await?,
        symptoms: store::symptoms(tx).await?,
        causes: store::causes(tx).await?,
    })
}

/// Open orders of one household, the most pressing first.
pub async fn open_of_household(tx: &mut Tx, account: AccountId) -> Result<Vec<Order>> {
    let scope = tx.scope(permissions::VIEW)?;
    let rows = store::open_of_household(tx, &scope, account).await?;
    Ok(shown_all(tx, rows))
}

/// The newest orders of one household.
pub async fn of_household(tx: &mut Tx, account: AccountId, limit: i64) -> Result<Vec<Order>> {
    let scope = tx.scope(permissions::VIEW)?;
    let rows = store::of_household(tx, &scope, account, limit).await?;
    Ok(shown_all(tx, rows))
}

/// Open orders of the other households in the same unit of the building.
pub async fn same_unit(tx: &mut Tx, account: AccountId) -> Result<Vec<Order>> {
    let scope = tx.scope(permissions::VIEW)?;
    let rows = store::same_unit(tx, &scope, account).await?;
    Ok(shown_all(tx, rows))
}

/// Open orders of the other households on the same riser.
pub async fn same_riser(tx: &mut Tx, account: AccountId) -> Result<Vec<Order>> {
    let scope = tx.scope(permissions::VIEW)?;
    let rows = store::same_riser(tx, &scope, account).await?;
    Ok(shown_all(tx, rows))
}

/// The order for a change by a room above, under that room's key.
pub async fn lock(tx: &mut Tx, key: Permission, id: OrderId) -> Result<WorkOrder> {
    let scope = tx.scope(key)?;
    store::lock(tx, &scope, id).await
}

/// Whom to ring about an order.
pub async fn contact_of(tx: &mut Tx, id: OrderId) -> Result<Contact> {
    let scope = tx.scope(permissions::VIEW)?;
    let o = store::find(tx, &scope, id).await?;
    let (matter_id, account_id, phone) = (o.matter_id, o.account_id, o.contact_phone);
    Ok(Contact { order_id: id, matter_id, account_id, phone })
}

/// Whom to ring for a revisit.
pub async fn contact_of_revisit(tx: &mut Tx, id: RevisitId) -> Result<Contact> {
    tx.require(permissions::REVISIT)?;
    let order = store::order_of_revisit(tx, id).await?;
    contact_of(tx, order).await
}

/// The order after the caller changed it: he saw it a moment ago, whatever key he did it under.
pub(super) async fn shown(tx: &mut Tx, id: OrderId) -> Result<Order> {
    let row = store::find(tx, &Scope::all(), id).await?;
    Ok(row.shown_to(&Powers::of(tx.actor())))
}

fn shown_all(tx: &Tx, rows: Vec<store::OrderRow>) -> Vec<Order> {
    let powers = Powers::of(tx.actor());
    rows.into_iter().map(|row| row.shown_to(&powers)).collect()
}
