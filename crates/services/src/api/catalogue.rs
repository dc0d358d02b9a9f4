//! The price list over HTTP.

use crate::{Catalogue, ItemId, NewItem, NewPrice, NewRule, service};
use axum::Json as Answer;
use chrono::NaiveDate;
use kernel::error::extract::{Json, Path, Query};
use kernel::{Caller, Done, Problem, Result};

/// Of which day.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OfDay {
    /// Today where nothing is said.
    on: Option<NaiveDate>,
}

/// What is offered on a day, at what price and under which warranty.
#[utoipa::path(get, path = "/api/services/catalogue", tag = "services", params(OfDay),
    security(("session" = ["services.view"])),
    responses((status = 200, body = Catalogue), (status = "4XX", body = Problem)))]
pub(super) async fn get_service_catalogue(
    by: Caller,
    Query(day): Query<OfDay>,
) -> Result<Answer<Catalogue>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::catalogue(&mut tx, day.on).await?))
}

/// What was added.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(super) struct AddedServiceItem {
    /// Its id.
    id: ItemId,
}

/// Adds a service or a material with its first price.
#[utoipa::path(post, path = "/api/services/items", tag = "services",
    security(("session" = ["services.catalogue"])),
    responses((status = 200, body = AddedServiceItem), (status = "4XX", body = Problem)))]
pub(super) async fn add_service_item(
    by: Caller,
    Json(new): Json<NewItem>,
) -> Result<Answer<AddedServiceItem>> {
    let mut tx = by.begin().await?;
    let id = service::add_item(&mut tx, new).await?;
    tx.reply(AddedServiceItem { id }).await
}

/// Sets a price from today or a later day on.
#[utoipa::path(post, path = "/api/services/items/{id}/prices", tag = "services",
    params(("id" = ItemId, Path)), security(("session" = ["services.catalogue"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn set_service_price(
    by: Caller,
    Path(id): Path<ItemId>,
    Json(new): Json<NewPrice>,
) -> Result<Answer<Done>> {
    let mut tx = by.begin().await?;
    service::set_price(&mut tx, id, new).await?;
    tx.reply(Done {}).await
}

/// Sets the warranty from today or a later day on.
#[utoipa::path(post, path = "/api/services/rules", tag = "services",
    security(("session" = ["services.catalogue"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn set_warranty_rule(
    by: Caller,
    Json(new): Json<NewRule>,
) -> Result<Answer<Done>> {
    let mut tx = by.begin().await?;
    service::set_rule(&mut tx, new).await?;
    tx.reply(Done {}).await
}
