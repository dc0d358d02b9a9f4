//! Routes of a customer's profile and repair file.

use crate::{CustomerProfile, RepairRecord, service};
use axum::Json;
use kernel::error::extract;
use kernel::{AccountId, App, Caller, Items, Problem, Result};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(get_customer)).routes(routes!(get_repairs))
}

/// A customer across the utilities.
#[utoipa::path(get, path = "/api/insight/customers/{account_id}", tag = "insight",
    params(("account_id" = AccountId, Path)), security(("session" = ["directory.view"])),
    responses((status = 200, body = CustomerProfile), (status = "4XX", body = Problem)))]
async fn get_customer(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
) -> Result<Json<CustomerProfile>> {
    let mut tx = by.read().await?;
    Ok(Json(service::customer(&mut tx, id).await?))
}

/// Everything that was repaired at the address, with causes, parts, costs and pictures.
#[utoipa::path(get, path = "/api/insight/customers/{account_id}/repairs", tag = "insight",
    params(("account_id" = AccountId, Path)), security(("session" = ["order.view"])),
    responses((status = 200, body = Items<RepairRecord>), (status = "4XX", body = Problem)))]
async fn get_repairs(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
) -> Result<Json<Items<RepairRecord>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::repairs(&mut tx, id).await? }))
}
