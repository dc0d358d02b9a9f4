//! Routes of the book.

use crate::{Balance, service};
use axum::Json;
use kernel::error::extract;
use kernel::{AccountId, App, Caller, Problem, Result};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The book's routes. Postings are made by the domains that take money, not from outside.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_balance))
}

/// What a household owes and paid.
#[utoipa::path(get, path = "/api/ledger/accounts/{id}/balance", tag = "ledger",
    params(("id" = AccountId, Path)), security(("session" = ["ledger.view"])),
    responses((status = 200, body = Balance), (status = "4XX", body = Problem)))]
async fn get_balance(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
) -> Result<Json<Balance>> {
    let mut tx = by.read().await?;
    Ok(Json(service::balance(&mut tx, id).await?))
}
