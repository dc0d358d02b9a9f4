//! Routes of shadow runs and certificates.

use super::XLSX;
use crate::service;
use crate::{Certificate, CertificateFile, ShadowFilter, ShadowFound, ShadowRow, ShadowRun};
use axum::extract::Extension;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use kernel::error::extract::{Json, Path, Query};
use kernel::{App, Caller, Items, Problem, Result, SeasonId};
use ledger::Signer;
use serde::Deserialize;
use std::sync::Arc;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub(super) fn routes() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_shadows, begin_shadow))
        .routes(routes!(get_shadow))
        .routes(routes!(list_shadow_rows))
        .routes(routes!(export_shadow_rows))
        .routes(routes!(certify_shadow))
        .routes(routes!(list_certificates))
        .routes(routes!(get_certificate))
        .routes(routes!(download_certificate))
}

/// Shadow runs, newest first.
#[utoipa::path(get, path = "/api/imports/shadows", tag = "imports",
    security(("session" = ["imports.view"])),
    responses((status = 200, body = Items<ShadowRun>), (status = "4XX", body = Problem)))]
async fn list_shadows(by: Caller) -> Result<axum::Json<Items<ShadowRun>>> {
    let mut tx = by.read().await?;
    Ok(axum::Json(Items { items: service::shadows(&mut tx).await? }))
}

/// Which season.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct BeginShadow {
    /// The season to charge again.
    season_id: SeasonId,
}

/// Charges a season again in the shade, over everybody in sight.
#[utoipa::path(post, path = "/api/imports/shadows", tag = "imports", request_body = BeginShadow,
    security(("session" = ["imports.commit"])),
    responses((status = 200, body = ShadowRun), (status = "4XX", body = Problem)))]
async fn begin_shadow(by: Caller, Json(of): Json<BeginShadow>) -> Result<axum::Json<ShadowRun>> {
    let mut tx = by.begin().await?;
    let out = service::begin_shadow(&mut tx, of.season_id).await?;
    tx.reply(out).await
}

/// A shadow run with what it found so far.
#[utoipa::path(get, path = "/api/imports/shadows/{id}", tag = "imports",
    params(("id" = Uuid, Path)), security(("session" = ["imports.view"])),
    responses((status = 200, body = ShadowFound), (status = "4XX", body = Problem)))]
async fn get_shadow(by: Caller, Path(id): Path<Uuid>) -> Result<axum::Json<ShadowFound>> {
    let mut tx = by.read().await?;
    Ok(axum::Json(service::shadow_found(&mut tx, id).await?))
}

/// Households whose charge differs, two hundred at a time.
#[utoipa::path(get, path = "/api/imports/shadows/{id}/rows", tag = "imports",
    params(("id" = Uuid, Path), ShadowFilter), security(("session" = ["imports.view"])),
    responses((status = 200, body = Items<ShadowRow>), (status = "4XX", body = Problem)))]
async fn list_shadow_rows(
    by: Caller,
    Path(id): Path<Uuid>,
    Query(filter): Query<ShadowFilter>,
) -> Result<axum::Json<Items<ShadowRow>>> {
    let mut tx = by.read().await?;
    Ok(axum::Json(Items { items: service::shadow_rows(&mut tx, id, filter).await? }))
}

/// The same as a spreadsheet.
#[utoipa::path(get, path = "/api/imports/shadows/{id}/rows.xlsx", tag = "imports",
    params(("id" = Uuid, Path), ShadowFilter), security(("session" = ["imports.view"])),
    responses((status = 200, content_type = XLSX), (status = "4XX", body = Problem)))]
async fn export_shadow_rows(
    by: Caller,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
    Query(filter): Query<ShadowFilter>,
) -> Result<Response> {
    let language = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let english = language.is_some_and(|l| l.starts_with("en"));
    let mut tx = by.read().await?;
    let sheet = service::export_shadow(&mut tx, id, filter, english).await?;
    let name = "attachment; filename=\"differences.xlsx\"";
    Ok(([(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, name)], sheet).into_response())
}

/// Puts down for good what a shadow run found, signed with the book's key.
#[utoipa::path(post, path = "/api/imports/shadows/{id}/certify", tag = "imports",
    params(("id" = Uuid, Path)), security(("session" = ["imports.commit"])),
    responses((status = 200, body = Certificate), (status = "4XX", body = Problem)))]
async fn certify_shadow(
    by: Caller,
    Extension(signer): Extension<Arc<Signer>>,
    Path(id): Path<Uuid>,
) -> Result<axum::Json<Certificate>> {
    let mut tx = by.begin().await?;
    let out = service::certify(&mut tx, &signer, id).await?;
    tx.reply(out).await
}

/// Certificates, newest first, each proven anew.
#[utoipa::path(get, path = "/api/imports/certificates", tag = "imports",
    security(("session" = ["imports.view"])),
    responses((status = 200, body = Items<Certificate>), (status = "4XX", body = Problem)))]
async fn list_certificates(
    by: Caller,
    Extension(signer): Extension<Arc<Signer>>,
) -> Result<axum::Json<Items<Certificate>>> {
    let mut tx = by.read().await?;
    Ok(axum::Json(Items { items: service::certificates(&mut tx, &signer).await? }))
}

/// A certificate, proven anew.
#[utoipa::path(get, path = "/api/imports/certificates/{id}", tag = "imports",
    params(("id" = Uuid, Path)), security(("session" = ["imports.view"])),
    responses((status = 200, body = Certificate), (status = "4XX", body = Problem)))]
async fn get_certificate(
    by: Caller,
    Extension(signer): Extension<Arc<Signer>>,
    Path(id): Path<Uuid>,
) -> Result<axum::Json<Certificate>> {
    let mut tx = by.read().await?;
    Ok(axum::Json(service::certificate(&mut tx, &signer, id).await?))
}

/// A certificate as a file that `hearthline ledger certificate` proves without this house.
#[utoipa::path(get, path = "/api/imports/certificates/{id}/file", tag = "imports",
    params(("id" = Uuid, Path)), security(("session" = ["imports.view"])),
    responses((status = 200, body = CertificateFile), (status = "4XX", body = Problem)))]
async fn download_certificate(
    by: Caller,
    Extension(signer): Extension<Arc<Signer>>,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let mut tx = by.read().await?;
    let found = service::certificate(&mut tx, &signer, id).await?;
    let name = format!("attachment; filename=\"certificate-{id}.json\"");
    Ok(([(header::CONTENT_DISPOSITION, name)], axum::Json(found.file)).into_response())
}
