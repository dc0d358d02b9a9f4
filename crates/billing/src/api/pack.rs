//! Routes of rule packs.

use crate::{
    NewPack, PackDetail, PackEdit, PackReport, PackReturn, PackTrial, PackVersion, service,
};
use axum::Json;
use kernel::error::extract::{self, Path};
use kernel::{App, Caller, Items, PackVersionId, Problem, Result};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_packs, create_pack))
        .routes(routes!(get_pack, edit_pack))
        .routes(routes!(check_pack))
        .routes(routes!(submit_pack))
        .routes(routes!(return_pack))
        .routes(routes!(approve_pack))
        .routes(routes!(publish_pack))
}

/// Versions of the rules, the last changed first.
#[utoipa::path(get, path = "/api/billing/packs", tag = "billing",
    security(("session" = ["billing.view"])),
    responses((status = 200, body = Items<PackVersion>), (status = "4XX", body = Problem)))]
async fn list_packs(by: Caller) -> Result<Json<Items<PackVersion>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::packs(&mut tx).await? }))
}

/// Begins a draft: a copy of a version, or of the demonstration.
#[utoipa::path(post, path = "/api/billing/packs", tag = "billing",
    request_body = NewPack, security(("session" = ["billing.pack_edit"])),
    responses((status = 200, body = PackDetail), (status = "4XX", body = Problem)))]
async fn create_pack(
    by: Caller,
    extract::Json(new): extract::Json<NewPack>,
) -> Result<Json<PackDetail>> {
    let mut tx = by.begin().await?;
    let pack = service::create_pack(&mut tx, new).await?;
    tx.reply(pack).await
}

/// A version: its rules, findings, examples, and what differs from the version in force.
#[utoipa::path(get, path = "/api/billing/packs/{id}", tag = "billing",
    params(("id" = PackVersionId, Path)), security(("session" = ["billing.view"])),
    responses((status = 200, body = PackDetail), (status = "4XX", body = Problem)))]
async fn get_pack(by: Caller, Path(id): Path<PackVersionId>) -> Result<Json<PackDetail>> {
    let mut tx = by.read().await?;
    Ok(Json(service::pack(&mut tx, id).await?))
}

/// Writes a draft anew.
#[utoipa::path(put, path = "/api/billing/packs/{id}", tag = "billing",
    params(("id" = PackVersionId, Path)), request_body = PackEdit,
    security(("session" = ["billing.pack_edit"])),
    responses((status = 200, body = PackDetail), (status = "4XX", body = Problem)))]
async fn edit_pack(
    by: Caller,
    Path(id): Path<PackVersionId>,
    extract::Json(edit): extract::Json<PackEdit>,
) -> Result<Json<PackDetail>> {
    let mut tx = by.begin().await?;
    let pack = service::edit_pack(&mut tx, id, edit).await?;
    tx.reply(pack).await
}

/// Looks at rules as an editor has them, and keeps nothing.
#[utoipa::path(post, path = "/api/billing/packs/{id}/check", tag = "billing",
    params(("id" = PackVersionId, Path)), request_body = PackTrial,
    security(("session" = ["billing.view"])),
    responses((status = 200, body = PackReport), (status = "4XX", body = Problem)))]
async fn check_pack(
    by: Caller,
    Path(id): Path<PackVersionId>,
    extract::Json(trial): extract::Json<PackTrial>,
) -> Result<Json<PackReport>> {
    let mut tx = by.read().await?;
    Ok(Json(service::try_pack(&mut tx, id, &trial).await?))
}

/// Hands a draft in.
#[utoipa::path(post, path = "/api/billing/packs/{id}/submit", tag = "billing",
    params(("id" = PackVersionId, Path)), security(("session" = ["billing.pack_edit"])),
    responses((status = 200, body = PackDetail), (status = "4XX", body = Problem)))]
async fn submit_pack(by: Caller, Path(id): Path<PackVersionId>) -> Result<Json<PackDetail>> {
    let mut tx = by.begin().await?;
    let pack = service::submit_pack(&mut tx, id).await?;
    tx.reply(pack).await
}

/// Hands a version back to its author.
#[utoipa::path(post, path = "/api/billing/packs/{id}/return", tag = "billing",
    params(("id" = PackVersionId, Path)), request_body = PackReturn,
    security(("session" = ["billing.pack_edit"])),
    responses((status = 200, body = PackDetail), (status = "4XX", body = Problem)))]
async fn return_pack(
    by: Caller,
    Path(id): Path<PackVersionId>,
    extract::Json(why): extract::Json<PackReturn>,
) -> Result<Json<PackDetail>> {
    let mut tx = by.begin().await?;
    let pack = service::return_pack(&mut tx, id, why).await?;
    tx.reply(pack).await
}

/// Agrees, as a second person.
#[utoipa::path(post, path = "/api/billing/packs/{id}/approve", tag = "billing",
    params(("id" = PackVersionId, Path)), security(("session" = ["billing.pack_approve"])),
    responses((status = 200, body = PackDetail), (status = "4XX", body = Problem)))]
async fn approve_pack(by: Caller, Path(id): Path<PackVersionId>) -> Result<Json<PackDetail>> {
    let mut tx = by.begin().await?;
    let pack = service::approve_pack(&mut tx, id).await?;
    tx.reply(pack).await
}

/// Puts an approved version in force.
#[utoipa::path(post, path = "/api/billing/packs/{id}/publish", tag = "billing",
    params(("id" = PackVersionId, Path)), security(("session" = ["billing.pack_approve"])),
    responses((status = 200, body = PackDetail), (status = "4XX", body = Problem)))]
async fn publish_pack(by: Caller, Path(id): Path<PackVersionId>) -> Result<Json<PackDetail>> {
    let mut tx = by.begin().await?;
    let pack = service::publish_pack(&mut tx, id).await?;
    tx.reply(pack).await
}
