//! Orders over HTTP.

use crate::{Catalogue, Detail, Filter, NewOrder, Order, Preview, Urgency, service};
use axum::Json as Answer;
use chrono::{DateTime, Utc};
use kernel::error::extract::{Json, Path, Query};
use kernel::{CallId, Caller, EventRow, OrderId, Page, Problem, Result, UserId};

/// What forms choose from.
#[utoipa::path(get, path = "/api/orders/catalogue", tag = "orders",
    responses((status = 200, body = Catalogue), (status = "4XX", body = Problem)))]
pub(super) async fn order_catalogue(by: Caller) -> Result<Answer<Catalogue>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::catalogue(&mut tx).await?))
}

/// Orders that match: a queue by the running limit, or a history when closed ones may match.
#[utoipa::path(get, path = "/api/orders", tag = "orders", params(Filter),
    responses((status = 200, body = Page<Order>), (status = "4XX", body = Problem)))]
pub(super) async fn list_orders(
    by: Caller,
    Query(filter): Query<Filter>,
) -> Result<Answer<Page<Order>>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::list(&mut tx, &filter).await?))
}

/// Writes a request down.
#[utoipa::path(post, path = "/api/orders", tag = "orders",
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(super) async fn create_order(by: Caller, Json(new): Json<NewOrder>) -> Result<Answer<Order>> {
    let mut tx = by.begin().await?;
    let order = service::create(&mut tx, new).await?;
    tx.reply(order).await
}

/// What filing would promise, and what is open nearby.
#[utoipa::path(post, path = "/api/orders/preview", tag = "orders",
    responses((status = 200, body = Preview), (status = "4XX", body = Problem)))]
pub(super) async fn preview_order(
    by: Caller,
    Json(new): Json<NewOrder>,
) -> Result<Answer<Preview>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::preview(&mut tx, new).await?))
}

/// One order with what hangs on it.
#[utoipa::path(get, path = "/api/orders/{id}", tag = "orders", params(("id" = OrderId, Path)),
    responses((status = 200, body = Detail), (status = "4XX", body = Problem)))]
pub(super) async fn get_order(by: Caller, Path(id): Path<OrderId>) -> Result<Answer<Detail>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::detail(&mut tx, id).await?))
}

/// A matter's history.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(super) struct OrderTimeline {
    /// Oldest first.
    items: Vec<EventRow>,
}

/// Everything that was told of the order's matter and calls, oldest first.
#[utoipa::path(get, path = "/api/orders/{id}/timeline", tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = OrderTimeline), (status = "4XX", body = Problem)))]
pub(super) async fn order_timeline(
    by: Caller,
    Path(id): Path<OrderId>,
) -> Result<Answer<OrderTimeline>> {
    let mut tx = by.read().await?;
    Ok(Answer(OrderTimeline { items: service::timeline(&mut tx, id).await? }))
}

/// Why something is done.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderReason {
    /// In a person's words.
    reason: String,
}

/// Words for the history.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderNote {
    /// May be empty.
    #[serde(default)]
    note: String,
}

/// Words that are the point of it.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OrderText {
    /// Not empty.
    text: String,
}

/// Shows the contact's phone in full; history keeps who asked and why.
#[utoipa::path(post, path = "/api/orders/{id}/unmask", tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = Detail), (status = "4XX", body = Problem)))]
pub(super) async fn unmask_order(
    by: Caller,
    Path(id): Path<OrderId>,
    Json(cmd): Json<OrderReason>,
) -> Result<Answer<Detail>> {
    let mut tx = by.begin().await?;
    let detail = service::unmask(&mut tx, id, &cmd.reason).await?;
    tx.reply(detail).await
}

/// Settles with words an order that needs no visit.
#[utoipa::path(post, path = "/api/orders/{id}/answer", tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(super) async fn answer_order(
    by: Caller,
    Path(id): Path<OrderId>,
    Json(cmd): Json<OrderText>,
) -> Result<Answer<Order>> {
    let mut tx = by.begin().await?;
    let order = service::answer(&mut tx, id, &cmd.text).await?;
    tx.reply(order).await
}

/// The customer presses for it.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChaseOrder {
    /// In the customer's words.
    #[serde(default)]
    note: String,
    /// The call in which he pressed.
    call_id: Option<CallId>,
}

/// Counts that the customer presses for it; never a new order.
#[utoipa::path(post, path = "/api/orders/{id}/chase", tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(super) async fn chase_order(
    by: Caller,
    Path(id): Path<OrderId>,
    Json(cmd): Json<ChaseOrder>,
) -> Result<Answer<Order>> {
    let mut tx = by.begin().await?;
    let order = service::chase(&mut tx, id, &cmd.note, cmd.call_id).await?;
    tx.reply(order).await
}

/// Adds words to its history.
#[utoipa::path(post, path = "/api/orders/{id}/note", tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(super) async fn note_order(
    by: Caller,
    Path(id): Path<OrderId>,
    Json(cmd): Json<OrderText>,
) -> Result<Answer<Order>> {
    let mut tx = by.begin().await?;
    let order = service::note(&mut tx, id, &cmd.text).await?;
    tx.reply(order).await
}

/// Takes the order out of the world.
#[utoipa::path(post, path = "/api/orders/{id}/void", tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(super) async fn void_order(
    by: Caller,
    Path(id): Path<OrderId>,
    Json(cmd): Json<OrderReason>,
) -> Result<Answer<Order>> {
    let mut tx = by.begin().await?;
    let order = service::void(&mut tx, id, &cmd.reason).await?;
    tx.reply(order).await
}

/// Judges finished work good.
#[utoipa::path(post, path = "/api/orders/{id}/pass", tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(super) async fn pass_order(
    by: Caller,
    Path(id): Path<OrderId>,
    Json(cmd): Json<OrderNote>,
) -> Result<Answer<Order>> {
    let mut tx = by.begin().await?;
    let order = service::pass(&mut tx, id, &cmd.note).await?;
    tx.reply(order).await
}

/// Judges finished work bad: somebody goes again.
#[utoipa::path(post, path = "/api/orders/{id}/fail", tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(super) async fn fail_order(
    by: Caller,
    Path(id): Path<OrderId>,
    Json(cmd): Json<OrderReason>,
) -> Result<Answer<Order>> {
    let mut tx = by.begin().await?;
    let order = service::fail(&mut tx, id, &cmd.reason).await?;
    tx.reply(order).await
}

/// How much it presses from now on.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetOrderUrgency {
    /// 1 to 3.
    urgency: Urgency,
    /// Why.
    reason: String,
    /// The version that the person saw.
    version: Option<i32>,
}

/// Changes how much it presses, and with that its limits.
#[utoipa::path(post, path = "/api/orders/{id}/urgency", tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(super) async fn set_order_urgency(
    by: Caller,
    Path(id): Path<OrderId>,
    Json(cmd): Json<SetOrderUrgency>,
) -> Result<Answer<Order>> {
    let mut tx = by.begin().await?;
    let order = service::set_urgency(&mut tx, id, cmd.urgency, &cmd.reason, cmd.version).await?;
    tx.reply(order).await
}

/// By when the work shall be done.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetOrderDue {
    /// Still to come.
    finish_due: DateTime<Utc>,
    /// Why.
    reason: String,
    /// The version that the person saw.
    version: Option<i32>,
}

/// Moves the end of the work.
#[utoipa::path(post, path = "/api/orders/{id}/due", tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(super) async fn set_order_due(
    by: Caller,
    Path(id): Path<OrderId>,
    Json(cmd): Json<SetOrderDue>,
) -> Result<Answer<Order>> {
    let mut tx = by.begin().await?;
    let order = service::set_due(&mut tx, id, cmd.finish_due, &cmd.reason, cmd.version).await?;
    tx.reply(order).await
}

/// Who answers for it.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SuperviseOrder {
    /// The person.
    supervisor_id: UserId,
    /// The version that the person saw.
    version: Option<i32>,
}

/// Names who answers for it.
#[utoipa::path(post, path = "/api/orders/{id}/supervise", tag = "orders",
    params(("id" = OrderId, Path)),
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(super) async fn supervise_order(
    by: Caller,
    Path(id): Path<OrderId>,
    Json(cmd): Json<SuperviseOrder>,
) -> Result<Answer<Order>> {
    let mut tx = by.begin().await?;
    let order = service::supervise(&mut tx, id, cmd.supervisor_id, cmd.version).await?;
    tx.reply(order).await
}
