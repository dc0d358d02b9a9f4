//! Routes of imports.

mod shadow;

use crate::permissions::STAGE;
use crate::read::MOST_BYTES;
use crate::service::{self, Upload};
use crate::{
    Assignment, Batch, BatchFile, DryRun, ImportRule, Kind, LineDecision, LineFilter, Mapping,
    StagedLine,
};
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Extension, Multipart, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use files::Files;
use kernel::error::extract::{Json, Path, Query};
use kernel::{App, Caller, Error, Items, Problem, Result};
use ledger::Signer;
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::path::PathBuf;
use std::sync::Arc;
use tokio::io::AsyncWriteExt as _;
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// The routes of imports: files are kept in `files`, certificates are signed by `signer`.
pub fn router(files: Files, signer: Arc<Signer>) -> OpenApiRouter<App> {
    let most = usize::try_from(MOST_BYTES).unwrap_or(usize::MAX);
    let staging = OpenApiRouter::new()
        .routes(routes!(list_imports, stage_import))
        .layer(DefaultBodyLimit::max(most + 64 * 1024));
    OpenApiRouter::new()
        .merge(staging)
        .routes(routes!(get_import))
        .routes(routes!(list_import_lines))
        .routes(routes!(export_import_lines))
        .routes(routes!(download_import))
        .routes(routes!(decide_import_line))
        .routes(routes!(assign_import_lines))
        .routes(routes!(state_import_totals))
        .routes(routes!(export_households))
        .routes(routes!(map_import))
        .routes(routes!(check_import))
        .routes(routes!(dry_run_import))
        .routes(routes!(commit_import))
        .routes(routes!(undo_import))
        .merge(shadow::routes())
        .layer(Extension(files))
        .layer(Extension(signer))
}

/// The imports, newest first.
#[utoipa::path(get, path = "/api/imports", tag = "imports",
    security(("session" = ["imports.view"])),
    responses((status = 200, body = Items<Batch>), (status = "4XX", body = Problem)))]
async fn list_imports(by: Caller) -> Result<axum::Json<Items<Batch>>> {
    let mut tx = by.read().await?;
    Ok(axum::Json(Items { items: service::imports(&mut tx).await? }))
}

/// A file and what it holds.
#[derive(utoipa::ToSchema)]
#[expect(dead_code, reason = "only describes the multipart form")]
struct ImportUpload {
    /// What the file holds.
    kind: Kind,
    /// The bytes.
    #[schema(format = Binary, content_media_type = "application/octet-stream")]
    file: String,
}

/// Takes an xlsx or csv file into the staging area and checks every line.
#[utoipa::path(post, path = "/api/imports", tag = "imports",
    security(("session" = ["imports.stage"])),
    request_body(content = ImportUpload, content_type = "multipart/form-data"),
    responses((status = 200, body = BatchFile), (status = "4XX", body = Problem)))]
async fn stage_import(
    by: Caller,
    Extension(files): Extension<Files>,
    form: std::result::Result<Multipart, MultipartRejection>,
) -> Result<axum::Json<BatchFile>> {
    if by.actor().scope(STAGE).is_none() {
        // Who may not stage need not send.
        by.read().await?.scope(STAGE)?;
        return Err(Error::Unauthenticated);
    }
    let form = form.map_err(|e| Error::invalid("body", "应为带文件的表单", &e.body_text()))?;
    let (kind, upload) = receive(form).await?;
    let path = Removed(upload.path.clone());
    let mut tx = by.begin().await?;
    let out = service::stage(&mut tx, &files, kind, upload).await;
    drop(path);
    tx.reply(out?).await
}

/// A file that goes when nobody needs it any more, whatever happened.
struct Removed(PathBuf);

impl Drop for Removed {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// Writes the bytes down as they come; what is too large is refused in the middle.
async fn receive(mut form: Multipart) -> Result<(Kind, Upload)> {
    let broken = |e: axum::extract::multipart::MultipartError| {
        if e.status() == axum::http::StatusCode::PAYLOAD_TOO_LARGE {
            return Error::from(ImportRule::TooLarge);
        }
        Error::invalid("file", "上传内容不完整", &e.body_text())
    };
    let internal = |e: std::io::Error| Error::Internal(e.into());
    let mut kind = None;
    while let Some(mut field) = form.next_field().await.map_err(broken)? {
        if field.name() == Some("kind") {
            kind = field.text().await.map_err(broken)?.parse::<Kind>().ok();
            continue;
        }
        if field.name() != Some("file") {
            continue;
        }
        let kind = kind.ok_or_else(|| Error::invalid("kind", "缺少文件内容类别", "no kind"))?;
        let name = field.file_name().unwrap_or("file").to_owned();
        let path = std::env::temp_dir().join(format!("hearthline-import-{}", Uuid::new_v4()));
        let removed = Removed(path.clone());
        let mut file = tokio::fs::File::create_new(&path).await.map_err(internal)?;
        let (mut size, mut hash) = (0_u64, Sha256::new());
        while let Some(bytes) = field.chunk().await.map_err(broken)? {
            size += u64::try_from(bytes.len()).unwrap_or_default();
            if size > MOST_BYTES {
                return Err(ImportRule::TooLarge.into());
            }
            hash.update(&bytes);
            file.write_all(&bytes).await.map_err(internal)?;
        }
        file.flush().await.map_err(internal)?;
        std::mem::forget(removed);
        return Ok((kind, Upload { path, name, size, sha256: hash.finalize().into() }));
    }
    Err(Error::invalid("file", "缺少文件", "no file"))
}

/// One import with its control totals.
#[utoipa::path(get, path = "/api/imports/{id}", tag = "imports", params(("id" = Uuid, Path)),
    security(("session" = ["imports.view"])),
    responses((status = 200, body = BatchFile), (status = "4XX", body = Problem)))]
async fn get_import(by: Caller, Path(id): Path<Uuid>) -> Result<axum::Json<BatchFile>> {
    let mut tx = by.read().await?;
    Ok(axum::Json(service::import(&mut tx, id).await?))
}

/// Lines of a file, a hundred at a time.
#[utoipa::path(get, path = "/api/imports/{id}/lines", tag = "imports",
    params(("id" = Uuid, Path), LineFilter), security(("session" = ["imports.view"])),
    responses((status = 200, body = Items<StagedLine>), (status = "4XX", body = Problem)))]
async fn list_import_lines(
    by: Caller,
    Path(id): Path<Uuid>,
    Query(filter): Query<LineFilter>,
) -> Result<axum::Json<Items<StagedLine>>> {
    let mut tx = by.read().await?;
    Ok(axum::Json(Items { items: service::import_lines(&mut tx, id, filter).await? }))
}

const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// The lines as a spreadsheet with what is wrong beside each.
#[utoipa::path(get, path = "/api/imports/{id}/lines.xlsx", tag = "imports",
    params(("id" = Uuid, Path), LineFilter), security(("session" = ["imports.view"])),
    responses((status = 200, content_type = XLSX), (status = "4XX", body = Problem)))]
async fn export_import_lines(
    by: Caller,
    headers: HeaderMap,
    Path(id): Path<Uuid>,
    Query(filter): Query<LineFilter>,
) -> Result<Response> {
    let language = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let english = language.is_some_and(|l| l.starts_with("en"));
    let mut tx = by.read().await?;
    let sheet = service::export_lines(&mut tx, id, filter, english).await?;
    let name = "attachment; filename=\"lines.xlsx\"";
    Ok(([(header::CONTENT_TYPE, XLSX), (header::CONTENT_DISPOSITION, name)], sheet).into_response())
}

/// The households in sight, in the shape in which they can come in.
#[utoipa::path(get, path = "/api/imports/households.csv", tag = "imports",
    security(("session" = ["imports.view"])),
    responses((status = 200, content_type = "text/csv"), (status = "4XX", body = Problem)))]
async fn export_households(by: Caller) -> Result<Response> {
    let mut tx = by.read().await?;
    let sheet = service::export_households(&mut tx).await?;
    let kind = (header::CONTENT_TYPE, "text/csv; charset=utf-8");
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"households.csv\"");
    Ok(([kind, name], sheet).into_response())
}

/// Which column is what.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct MapImport {
    /// Field by column, counted from nought.
    #[schema(value_type = std::collections::HashMap<String, usize>)]
    mapping: Mapping,
}

/// Says which column is what, and checks every line.
#[utoipa::path(post, path = "/api/imports/{id}/map", tag = "imports",
    params(("id" = Uuid, Path)), request_body = MapImport,
    security(("session" = ["imports.stage"])),
    responses((status = 200, body = BatchFile), (status = "4XX", body = Problem)))]
async fn map_import(
    by: Caller,
    Path(id): Path<Uuid>,
    Json(how): Json<MapImport>,
) -> Result<axum::Json<BatchFile>> {
    let mut tx = by.begin().await?;
    let out = service::map_import(&mut tx, id, how.mapping).await?;
    tx.reply(out).await
}

/// Checks every line once more.
#[utoipa::path(post, path = "/api/imports/{id}/check", tag = "imports",
    params(("id" = Uuid, Path)), security(("session" = ["imports.stage"])),
    responses((status = 200, body = BatchFile), (status = "4XX", body = Problem)))]
async fn check_import(by: Caller, Path(id): Path<Uuid>) -> Result<axum::Json<BatchFile>> {
    let mut tx = by.begin().await?;
    let out = service::check_import(&mut tx, id).await?;
    tx.reply(out).await
}

/// Lets all lines in and forgets it.
#[utoipa::path(post, path = "/api/imports/{id}/dry_run", tag = "imports",
    params(("id" = Uuid, Path)), security(("session" = ["imports.commit"])),
    responses((status = 200, body = DryRun), (status = "4XX", body = Problem)))]
async fn dry_run_import(
    by: Caller,
    State(app): State<App>,
    Path(id): Path<Uuid>,
) -> Result<axum::Json<DryRun>> {
    let mut tx = by.begin().await?;
    let out = service::dry_run(&mut tx, &app, id).await?;
    tx.reply(out).await
}

/// Lets all lines in.
#[utoipa::path(post, path = "/api/imports/{id}/commit", tag = "imports",
    params(("id" = Uuid, Path)), security(("session" = ["imports.commit"])),
    responses((status = 200, body = BatchFile), (status = "4XX", body = Problem)))]
async fn commit_import(by: Caller, Path(id): Path<Uuid>) -> Result<axum::Json<BatchFile>> {
    let mut tx = by.begin().await?;
    let out = service::commit_import(&mut tx, id).await?;
    tx.reply(out).await
}

/// Takes all lines out again.
#[utoipa::path(post, path = "/api/imports/{id}/undo", tag = "imports",
    params(("id" = Uuid, Path)), security(("session" = ["imports.commit"])),
    responses((status = 200, body = BatchFile), (status = "4XX", body = Problem)))]
async fn undo_import(by: Caller, Path(id): Path<Uuid>) -> Result<axum::Json<BatchFile>> {
    let mut tx = by.begin().await?;
    let out = service::undo_import(&mut tx, id).await?;
    tx.reply(out).await
}

/// The file as it came.
#[utoipa::path(get, path = "/api/imports/{id}/file", tag = "imports",
    params(("id" = Uuid, Path)), security(("session" = ["imports.view"])),
    responses((status = 200, description = "The bytes"), (status = "4XX", body = Problem)))]
async fn download_import(
    by: Caller,
    Extension(files): Extension<Files>,
    Path(id): Path<Uuid>,
) -> Result<Response> {
    let mut tx = by.read().await?;
    let file = service::import_file(&mut tx, id).await?;
    drop(tx);
    let bytes = Body::from_stream(files.stream(&file).await?);
    let name = format!("attachment; filename*=UTF-8''{}", escaped(&file.name));
    let kind = (header::CONTENT_TYPE, file.media_type.clone());
    let size = (header::CONTENT_LENGTH, file.size.to_string());
    Ok(([kind, size, (header::CONTENT_DISPOSITION, name)], bytes).into_response())
}

/// As a header carries a name.
fn escaped(name: &str) -> String {
    let one = |b: u8| match b {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'.' | b'-' | b'_' => char::from(b).to_string(),
        other => format!("%{other:02X}"),
    };
    name.bytes().map(one).collect()
}

/// People decide about a line: put right in place, left out, or taken back.
#[utoipa::path(post, path = "/api/imports/{id}/lines/{no}", tag = "imports",
    params(("id" = Uuid, Path), ("no" = i32, Path)), request_body = LineDecision,
    security(("session" = ["imports.stage"])),
    responses((status = 200, body = BatchFile), (status = "4XX", body = Problem)))]
async fn decide_import_line(
    by: Caller,
    Path((id, no)): Path<(Uuid, i32)>,
    Json(decision): Json<LineDecision>,
) -> Result<axum::Json<BatchFile>> {
    let mut tx = by.begin().await?;
    let out = service::decide_line(&mut tx, id, no, decision).await?;
    tx.reply(out).await
}

/// How many lines it was.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct Assigned {
    /// Lines.
    lines: u64,
}

/// Gives wrong lines to somebody to look after.
#[utoipa::path(post, path = "/api/imports/{id}/assign", tag = "imports",
    params(("id" = Uuid, Path)), request_body = Assignment,
    security(("session" = ["imports.stage"])),
    responses((status = 200, body = Assigned), (status = "4XX", body = Problem)))]
async fn assign_import_lines(
    by: Caller,
    Path(id): Path<Uuid>,
    Json(what): Json<Assignment>,
) -> Result<axum::Json<Assigned>> {
    let mut tx = by.begin().await?;
    let lines = service::assign_lines(&mut tx, id, what).await?;
    tx.reply(Assigned { lines }).await
}

/// Control totals of the old system.
#[derive(Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct StateTotals {
    /// One a line, as pasted from a spreadsheet: season, station, item, lines, sum in yuan; of
    /// households station, state, lines, square metres.
    text: String,
}

/// Puts down what the old system states as control totals.
#[utoipa::path(post, path = "/api/imports/{id}/totals", tag = "imports",
    params(("id" = Uuid, Path)), request_body = StateTotals,
    security(("session" = ["imports.stage"])),
    responses((status = 200, body = BatchFile), (status = "4XX", body = Problem)))]
async fn state_import_totals(
    by: Caller,
    Path(id): Path<Uuid>,
    Json(what): Json<StateTotals>,
) -> Result<axum::Json<BatchFile>> {
    let mut tx = by.begin().await?;
    let out = service::state_totals(&mut tx, id, &what.text).await?;
    tx.reply(out).await
}
