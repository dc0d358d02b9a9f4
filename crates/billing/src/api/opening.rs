//! Routes of season openings.

use crate::{NewOpening, Opening, OpeningReport, service};
use axum::Json;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use kernel::error::extract::{self, Path};
use kernel::{App, Caller, Items, OpeningId, Problem, Result};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_openings, create_opening))
        .routes(routes!(get_opening))
        .routes(routes!(post_opening))
        .routes(routes!(withdraw_opening))
        .routes(routes!(export_opening))
}

/// Openings, newest first.
#[utoipa::path(get, path = "/api/billing/openings", tag = "billing",
    security(("session" = ["billing.view"])),
    responses((status = 200, body = Items<Opening>), (status = "4XX", body = Problem)))]
async fn list_openings(by: Caller) -> Result<Json<Items<Opening>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::openings(&mut tx).await? }))
}

/// Begins an opening: a job reckons what it would come to, nothing is posted.
#[utoipa::path(post, path = "/api/billing/openings", tag = "billing",
    request_body = NewOpening, security(("session" = ["billing.prepare"])),
    responses((status = 200, body = Opening), (status = "4XX", body = Problem)))]
async fn create_opening(
    by: Caller,
    extract::Json(new): extract::Json<NewOpening>,
) -> Result<Json<Opening>> {
    let mut tx = by.begin().await?;
    let opening = service::create_opening(&mut tx, new).await?;
    tx.reply(opening).await
}

/// An opening: progress, sums, differences to the season before, refusals.
#[utoipa::path(get, path = "/api/billing/openings/{id}", tag = "billing",
    params(("id" = OpeningId, Path)), security(("session" = ["billing.view"])),
    responses((status = 200, body = OpeningReport), (status = "4XX", body = Problem)))]
async fn get_opening(by: Caller, Path(id): Path<OpeningId>) -> Result<Json<OpeningReport>> {
    let mut tx = by.read().await?;
    Ok(Json(service::opening(&mut tx, id).await?))
}

/// Says yes: a job posts the opening.
#[utoipa::path(post, path = "/api/billing/openings/{id}/post", tag = "billing",
    params(("id" = OpeningId, Path)), security(("session" = ["billing.open"])),
    responses((status = 200, body = Opening), (status = "4XX", body = Problem)))]
async fn post_opening(by: Caller, Path(id): Path<OpeningId>) -> Result<Json<Opening>> {
    let mut tx = by.begin().await?;
    let opening = service::approve_opening(&mut tx, id).await?;
    tx.reply(opening).await
}

/// Gives an opening up before it is posted.
#[utoipa::path(post, path = "/api/billing/openings/{id}/withdraw", tag = "billing",
    params(("id" = OpeningId, Path)), security(("session" = ["billing.prepare"])),
    responses((status = 200, body = Opening), (status = "4XX", body = Problem)))]
async fn withdraw_opening(by: Caller, Path(id): Path<OpeningId>) -> Result<Json<Opening>> {
    let mut tx = by.begin().await?;
    let opening = service::withdraw_opening(&mut tx, id).await?;
    tx.reply(opening).await
}

/// An opening's report as a spreadsheet.
#[utoipa::path(get, path = "/api/billing/openings/{id}/export.xlsx", tag = "billing",
    params(("id" = OpeningId, Path)), security(("session" = ["billing.view"])),
    responses((status = 200, content_type = service::XLSX), (status = "4XX", body = Problem)))]
async fn export_opening(
    by: Caller,
    headers: HeaderMap,
    Path(id): Path<OpeningId>,
) -> Result<Response> {
    let language = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let english = language.is_some_and(|l| l.starts_with("en"));
    let mut tx = by.read().await?;
    let sheet = service::export_opening(&mut tx, id, english).await?;
    let kind = (header::CONTENT_TYPE, service::XLSX);
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"opening.xlsx\"");
    Ok(([kind, name], sheet).into_response())
}
