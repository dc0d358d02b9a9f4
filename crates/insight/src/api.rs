//! Routes of insight.

mod customer;
mod fees;
mod lists;

use crate::{Backlog, Chain, LiveMap, Pop, Today, Wall, service};
use axum::Json;
use kernel::error::extract;
use kernel::{AccountId, App, CallId, Caller, Items, MatterId, OrgId, Problem, Result};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of insight.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_pop))
        .routes(routes!(get_pop_of_household))
        .routes(routes!(get_today))
        .routes(routes!(get_backlog))
        .routes(routes!(get_live_map))
        .routes(routes!(get_wall))
        .routes(routes!(get_chain))
        .merge(customer::router())
        .merge(fees::router())
        .merge(lists::router())
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Of {
    /// An organisation in sight; all in sight when absent.
    org: Option<OrgId>,
}

/// Everything about who may be calling, in one request.
#[utoipa::path(get, path = "/api/insight/pop/{call_id}", tag = "insight",
    params(("call_id" = CallId, Path)), security(("session" = ["insight.pop"])),
    responses((status = 200, body = Pop), (status = "4XX", body = Problem)))]
async fn get_pop(by: Caller, extract::Path(id): extract::Path<CallId>) -> Result<Json<Pop>> {
    let mut tx = by.read().await?;
    Ok(Json(service::pop(&mut tx, id).await?))
}

/// The same screen for a household without a call.
#[utoipa::path(get, path = "/api/insight/pop/account/{account_id}", tag = "insight",
    params(("account_id" = AccountId, Path)), security(("session" = ["insight.pop"])),
    responses((status = 200, body = Pop), (status = "4XX", body = Problem)))]
async fn get_pop_of_household(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
) -> Result<Json<Pop>> {
    let mut tx = by.read().await?;
    Ok(Json(service::pop_of_household(&mut tx, id).await?))
}

/// The day so far.
#[utoipa::path(get, path = "/api/insight/today", tag = "insight", params(Of),
    security(("session" = ["insight.numbers"])),
    responses((status = 200, body = Today), (status = "4XX", body = Problem)))]
async fn get_today(by: Caller, extract::Query(of): extract::Query<Of>) -> Result<Json<Today>> {
    let mut tx = by.read().await?;
    Ok(Json(service::today(&mut tx, of.org).await?))
}

/// What each responsible organisation has open.
#[utoipa::path(get, path = "/api/insight/backlog", tag = "insight", params(Of),
    security(("session" = ["insight.numbers"])),
    responses((status = 200, body = Items<Backlog>), (status = "4XX", body = Problem)))]
async fn get_backlog(
    by: Caller,
    extract::Query(of): extract::Query<Of>,
) -> Result<Json<Items<Backlog>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::backlog(&mut tx, of.org).await? }))
}

/// Open orders, repairers and communities on the map.
#[utoipa::path(get, path = "/api/insight/map", tag = "insight", params(Of),
    security(("session" = ["insight.map"])),
    responses((status = 200, body = LiveMap), (status = "4XX", body = Problem)))]
async fn get_live_map(by: Caller, extract::Query(of): extract::Query<Of>) -> Result<Json<LiveMap>> {
    let mut tx = by.read().await?;
    Ok(Json(service::live_map(&mut tx, of.org).await?))
}

/// The wall.
#[utoipa::path(get, path = "/api/insight/wall", tag = "insight",
    security(("session" = ["insight.wall"])),
    responses((status = 200, body = Wall), (status = "4XX", body = Problem)))]
async fn get_wall(by: Caller) -> Result<Json<Wall>> {
    let mut tx = by.read().await?;
    Ok(Json(service::wall(&mut tx).await?))
}

/// Everything that one matter set off, and what led to what.
#[utoipa::path(get, path = "/api/insight/chain/{matter_id}", tag = "insight",
    params(("matter_id" = MatterId, Path)), security(("session" = ["order.view"])),
    responses((status = 200, body = Chain), (status = "4XX", body = Problem)))]
async fn get_chain(by: Caller, extract::Path(id): extract::Path<MatterId>) -> Result<Json<Chain>> {
    let mut tx = by.read().await?;
    Ok(Json(service::chain(&mut tx, id).await?))
}
