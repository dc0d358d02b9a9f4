//! Routes of dispatch.

use crate::{
    Assign, KeptPoints, PositionPoint, Proposal, Setting, TrackPoint, Worker, WorkerSettings,
    service,
};
use axum::Json;
use chrono::{DateTime, Utc};
use kernel::error::extract::{Json as Body, Path, Query};
use kernel::{App, Caller, OrderId, Problem, Result, UserId};
use orders::Order;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(propose_repairers))
        .routes(routes!(assign_order))
        .routes(routes!(auto_dispatch_order))
        .routes(routes!(list_workers))
        .routes(routes!(configure_worker))
        .routes(routes!(worker_track))
        .routes(routes!(dispatch_setting, set_dispatch_setting))
        .routes(routes!(my_worker))
        .routes(routes!(set_my_shift))
        .routes(routes!(report_my_position))
}

/// Who should go, by the facts of this moment, with reasons.
#[utoipa::path(get, path = "/api/dispatch/orders/{order_id}/proposal", tag = "dispatch",
    params(("order_id" = OrderId, Path)),
    responses((status = 200, body = Proposal), (status = "4XX", body = Problem)))]
async fn propose_repairers(by: Caller, Path(id): Path<OrderId>) -> Result<Json<Proposal>> {
    // Kept, so it writes, though it only asks.
    let mut tx = by.begin().await?;
    let proposal = service::propose(&mut tx, id).await?;
    tx.commit().await?;
    Ok(Json(proposal))
}

/// Gives the order to a repairer.
#[utoipa::path(post, path = "/api/dispatch/orders/{order_id}/assign", tag = "dispatch",
    params(("order_id" = OrderId, Path)), request_body = Assign,
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
async fn assign_order(
    by: Caller,
    Path(id): Path<OrderId>,
    Body(choice): Body<Assign>,
) -> Result<Json<Order>> {
    let mut tx = by.begin().await?;
    let order = service::assign(&mut tx, id, choice).await?;
    tx.reply(order).await
}

/// Nothing to say.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = AutoDispatchOrder)]
struct Auto {}

/// Gives the order to the first of a fresh ranking.
#[utoipa::path(post, path = "/api/dispatch/orders/{order_id}/auto", tag = "dispatch",
    params(("order_id" = OrderId, Path)), request_body = Auto,
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
async fn auto_dispatch_order(
    by: Caller,
    Path(id): Path<OrderId>,
    Body(Auto {}): Body<Auto>,
) -> Result<Json<Order>> {
    let mut tx = by.begin().await?;
    let order = service::auto(&mut tx, id).await?;
    tx.reply(order).await
}

/// All repairers in sight.
#[derive(serde::Serialize, utoipa::ToSchema)]
struct Workers {
    items: Vec<Worker>,
}

/// The repairers, where they are, and what they hold.
#[utoipa::path(get, path = "/api/dispatch/workers", tag = "dispatch",
    responses((status = 200, body = Workers), (status = "4XX", body = Problem)))]
async fn list_workers(by: Caller) -> Result<Json<Workers>> {
    let mut tx = by.read().await?;
    Ok(Json(Workers { items: service::workers(&mut tx).await? }))
}

/// Sets what a repairer can do, how much, and where.
#[utoipa::path(put, path = "/api/dispatch/workers/{staff_id}", tag = "dispatch",
    params(("staff_id" = UserId, Path)), request_body = WorkerSettings,
    responses((status = 200, body = Worker), (status = "4XX", body = Problem)))]
async fn configure_worker(
    by: Caller,
    Path(id): Path<UserId>,
    Body(set): Body<WorkerSettings>,
) -> Result<Json<Worker>> {
    let mut tx = by.begin().await?;
    let worker = service::configure_worker(&mut tx, id, set).await?;
    tx.reply(worker).await
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct Span {
    from: DateTime<Utc>,
    to: DateTime<Utc>,
}

/// A track, oldest point first.
#[derive(serde::Serialize, utoipa::ToSchema)]
#[schema(as = WorkerTrack)]
struct Track {
    items: Vec<TrackPoint>,
}

/// Where a repairer was.
#[utoipa::path(get, path = "/api/dispatch/workers/{staff_id}/track", tag = "dispatch",
    params(("staff_id" = UserId, Path), Span),
    responses((status = 200, body = Track), (status = "4XX", body = Problem)))]
async fn worker_track(
    by: Caller,
    Path(id): Path<UserId>,
    Query(span): Query<Span>,
) -> Result<Json<Track>> {
    let mut tx = by.read().await?;
    Ok(Json(Track { items: service::track(&mut tx, id, span.from, span.to).await? }))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct OfPart {
    /// Path of one part of the house; the widest that the caller sees if absent.
    org_path: Option<String>,
}

/// Whether orders are given without a person.
#[utoipa::path(get, path = "/api/dispatch/setting", tag = "dispatch", params(OfPart),
    responses((status = 200, body = Setting), (status = "4XX", body = Problem)))]
async fn dispatch_setting(by: Caller, Query(of): Query<OfPart>) -> Result<Json<Setting>> {
    let mut tx = by.read().await?;
    Ok(Json(service::setting(&mut tx, of.org_path).await?))
}

/// Whether orders shall be given without a person.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SetDispatchSetting {
    automatic: bool,
    /// Path of one part of the house; the widest that the caller governs if absent.
    org_path: Option<String>,
}

/// Switches automatic dispatch.
#[utoipa::path(put, path = "/api/dispatch/setting", tag = "dispatch",
    request_body = SetDispatchSetting,
    responses((status = 200, body = Setting), (status = "4XX", body = Problem)))]
async fn set_dispatch_setting(
    by: Caller,
    Body(set): Body<SetDispatchSetting>,
) -> Result<Json<Setting>> {
    let mut tx = by.begin().await?;
    let setting = service::set_setting(&mut tx, set.org_path, set.automatic).await?;
    tx.reply(setting).await
}

/// The caller as a repairer.
#[utoipa::path(get, path = "/api/dispatch/me", tag = "dispatch",
    responses((status = 200, body = Worker), (status = "4XX", body = Problem)))]
async fn my_worker(by: Caller) -> Result<Json<Worker>> {
    let mut tx = by.read().await?;
    Ok(Json(service::me(&mut tx).await?))
}

/// Whether the caller works now.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SetMyShift {
    on: bool,
}

/// Begins or ends the caller's shift.
#[utoipa::path(post, path = "/api/dispatch/me/shift", tag = "dispatch",
    request_body = SetMyShift,
    responses((status = 200, body = Worker), (status = "4XX", body = Problem)))]
async fn set_my_shift(by: Caller, Body(set): Body<SetMyShift>) -> Result<Json<Worker>> {
    let mut tx = by.begin().await?;
    let worker = service::shift(&mut tx, set.on).await?;
    tx.reply(worker).await
}

/// One position, or a batch of them; an empty batch is a sign of life.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(untagged)]
#[schema(as = ReportMyPosition)]
enum Report {
    Batch(Batch),
    One(PositionPoint),
}

/// A batch of positions.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PositionBatch)]
struct Batch {
    #[schema(max_items = 200)]
    points: Vec<PositionPoint>,
}

/// Where the caller's phone was.
#[utoipa::path(post, path = "/api/dispatch/me/position", tag = "dispatch",
    request_body = Report,
    responses((status = 200, body = KeptPoints), (status = "4XX", body = Problem)))]
async fn report_my_position(by: Caller, Body(report): Body<Report>) -> Result<Json<KeptPoints>> {
    let points = match report {
        Report::Batch(batch) => batch.points,
        Report::One(point) => vec![point],
    };
    let mut tx = by.begin().await?;
    let kept = service::report(&mut tx, &points).await?;
    tx.reply(kept).await
}
