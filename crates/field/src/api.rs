//! Routes of field work.

use crate::{Arrival, Finish, NewEvidence, NewTemperature, Task, TaskDetail, Visit, service};
use axum::Json;
use chrono::{DateTime, Utc};
use kernel::error::extract::{Json as Body, Path};
use kernel::{App, Caller, OrderId, Problem, Result};
use orders::Order;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_my_tasks))
        .routes(routes!(my_task))
        .routes(routes!(accept_task))
        .routes(routes!(set_out_for_task))
        .routes(routes!(arrive_at_task))
        .routes(routes!(finish_task))
        .routes(routes!(return_task))
        .routes(routes!(add_task_evidence))
        .routes(routes!(add_task_temperature))
        .routes(routes!(list_visits))
}

/// The caller's orders.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(as = FieldTasks)]
struct Tasks {
    items: Vec<Task>,
}

/// The caller's orders in hand, the next due first.
#[utoipa::path(get, path = "/api/field/tasks", tag = "field",
    responses((status = 200, body = Tasks), (status = "4XX", body = Problem)))]
async fn list_my_tasks(by: Caller) -> Result<Json<Tasks>> {
    let mut tx = by.read().await?;
    Ok(Json(Tasks { items: service::tasks(&mut tx).await? }))
}

/// One of the caller's orders, with all that he needs on the spot.
#[utoipa::path(get, path = "/api/field/tasks/{order_id}", tag = "field",
    params(("order_id" = OrderId, Path)),
    responses((status = 200, body = TaskDetail), (status = "4XX", body = Problem)))]
async fn my_task(by: Caller, Path(id): Path<OrderId>) -> Result<Json<TaskDetail>> {
    let mut tx = by.read().await?;
    Ok(Json(service::task(&mut tx, id).await?))
}

/// When a step was taken, by the phone's clock.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = FieldStepTaken)]
struct Taken {
    at: DateTime<Utc>,
}

/// Confirms the order.
#[utoipa::path(post, path = "/api/field/tasks/{order_id}/accept", tag = "field",
    params(("order_id" = OrderId, Path)), request_body = Taken,
    responses((status = 200, body = Task), (status = "4XX", body = Problem)))]
async fn accept_task(
    by: Caller,
    Path(id): Path<OrderId>,
    Body(taken): Body<Taken>,
) -> Result<Json<Task>> {
    let mut tx = by.begin().await?;
    let task = service::accept(&mut tx, id, taken.at).await?;
    tx.reply(task).await
}

/// Leaves for the order.
#[utoipa::path(post, path = "/api/field/tasks/{order_id}/set_out", tag = "field",
    params(("order_id" = OrderId, Path)), request_body = Taken,
    responses((status = 200, body = Task), (status = "4XX", body = Problem)))]
async fn set_out_for_task(
    by: Caller,
    Path(id): Path<OrderId>,
    Body(taken): Body<Taken>,
) -> Result<Json<Task>> {
    let mut tx = by.begin().await?;
    let task = service::set_out(&mut tx, id, taken.at).await?;
    tx.reply(task).await
}

/// Is there.
#[utoipa::path(post, path = "/api/field/tasks/{order_id}/arrive", tag = "field",
    params(("order_id" = OrderId, Path)), request_body = Arrival,
    responses((status = 200, body = Task), (status = "4XX", body = Problem)))]
async fn arrive_at_task(
    by: Caller,
    Path(id): Path<OrderId>,
    Body(arrival): Body<Arrival>,
) -> Result<Json<Task>> {
    let mut tx = by.begin().await?;
    let task = service::arrive(&mut tx, id, arrival).await?;
    tx.reply(task).await
}

/// Is done; refused with `field.evidence_missing` while something must still be handed in.
#[utoipa::path(post, path = "/api/field/tasks/{order_id}/finish", tag = "field",
    params(("order_id" = OrderId, Path)), request_body = Finish,
    responses((status = 200, body = Task), (status = "4XX", body = Problem)))]
async fn finish_task(
    by: Caller,
    Path(id): Path<OrderId>,
    Body(done): Body<Finish>,
) -> Result<Json<Task>> {
    let mut tx = by.begin().await?;
    let task = service::finish(&mut tx, id, done).await?;
    tx.reply(task).await
}

/// Why an order is given back.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReturnTask {
    reason: String,
}

/// Gives the order back.
#[utoipa::path(post, path = "/api/field/tasks/{order_id}/return", tag = "field",
    params(("order_id" = OrderId, Path)), request_body = ReturnTask,
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
async fn return_task(
    by: Caller,
    Path(id): Path<OrderId>,
    Body(back): Body<ReturnTask>,
) -> Result<Json<Order>> {
    let mut tx = by.begin().await?;
    let order = service::give_back(&mut tx, id, &back.reason).await?;
    tx.reply(order).await
}

/// It is kept.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(as = FieldKept)]
struct Kept {}

/// Hands in a picture, a signature or a recording that was uploaded before.
#[utoipa::path(post, path = "/api/field/tasks/{order_id}/evidence", tag = "field",
    params(("order_id" = OrderId, Path)), request_body = NewEvidence,
    responses((status = 200, body = Kept), (status = "4XX", body = Problem)))]
async fn add_task_evidence(
    by: Caller,
    Path(id): Path<OrderId>,
    Body(new): Body<NewEvidence>,
) -> Result<Json<Kept>> {
    let mut tx = by.begin().await?;
    service::add_evidence(&mut tx, id, new).await?;
    tx.reply(Kept {}).await
}

/// Hands in a room's temperature.
#[utoipa::path(post, path = "/api/field/tasks/{order_id}/temperature", tag = "field",
    params(("order_id" = OrderId, Path)), request_body = NewTemperature,
    responses((status = 200, body = Kept), (status = "4XX", body = Problem)))]
async fn add_task_temperature(
    by: Caller,
    Path(id): Path<OrderId>,
    Body(new): Body<NewTemperature>,
) -> Result<Json<Kept>> {
    let mut tx = by.begin().await?;
    service::add_temperature(&mut tx, id, new).await?;
    tx.reply(Kept {}).await
}

/// An order's visits.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Visits {
    items: Vec<Visit>,
}

/// The visits of an order, oldest first.
#[utoipa::path(get, path = "/api/field/visits/{order_id}", tag = "field",
    params(("order_id" = OrderId, Path)),
    responses((status = 200, body = Visits), (status = "4XX", body = Problem)))]
async fn list_visits(by: Caller, Path(id): Path<OrderId>) -> Result<Json<Visits>> {
    let mut tx = by.read().await?;
    Ok(Json(Visits { items: service::visits(&mut tx, id).await? }))
}
