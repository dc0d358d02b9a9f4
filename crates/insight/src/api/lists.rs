//! Lists of the desk as papers.

use crate::ListSheet;
use crate::service::{self, XLSX};
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kernel::error::extract::Json;
use kernel::{App, Caller, Problem, Result};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of lists.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(take_list))
}

/// A list as a spreadsheet; history keeps who took it.
#[utoipa::path(post, path = "/api/insight/lists/sheet", tag = "insight",
    security(("session" = ["insight.export"])),
    responses((status = 200, content_type = XLSX), (status = "4XX", body = Problem)))]
async fn take_list(by: Caller, Json(list): Json<ListSheet>) -> Result<Response> {
    let mut tx = by.begin().await?;
    let sheet = service::list_sheet(&mut tx, list).await?.write(false)?;
    tx.commit().await?;
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"list.xlsx\"");
    Ok(([(header::CONTENT_TYPE, XLSX), name], sheet).into_response())
}
