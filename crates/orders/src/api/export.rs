//! Lists of orders as a spreadsheet.

use crate::{Filter, service};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use kernel::error::extract::Query;
use kernel::{Caller, Problem, Result};

/// The orders that match, as a spreadsheet; history keeps who took which list.
#[utoipa::path(get, path = "/api/orders/export.xlsx", tag = "orders", params(Filter),
    responses((status = 200, content_type = service::XLSX), (status = "4XX", body = Problem)))]
pub(super) async fn export_orders(
    by: Caller,
    headers: HeaderMap,
    Query(filter): Query<Filter>,
) -> Result<Response> {
    let language = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let english = language.is_some_and(|l| l.starts_with("en"));
    let mut tx = by.begin().await?;
    let sheet = service::export(&mut tx, filter, english).await?;
    tx.commit().await?;
    let kind = (header::CONTENT_TYPE, service::XLSX);
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"orders.xlsx\"");
    Ok(([kind, name], sheet).into_response())
}
