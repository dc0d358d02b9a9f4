//! Holds over HTTP.

use crate::{Hold, PlaceHold, service};
use axum::Json as Answer;
use kernel::error::extract::{Json, Path, Query};
use kernel::{AccountId, App, Caller, HoldId, Page, Problem, Result};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_holds, place_hold)).routes(routes!(release_hold))
}

/// Which holds.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct HoldsPage {
    /// Of this household only.
    account_id: Option<AccountId>,
    /// Only those that bind today.
    #[serde(default)]
    active: bool,
    /// Rows of a page.
    limit: Option<i64>,
    /// Where the last page ended.
    after: Option<String>,
}

/// Holds, newest first.
#[utoipa::path(get, path = "/api/billing/holds", tag = "billing", params(HoldsPage),
    security(("session" = ["billing.view"])),
    responses((status = 200, body = Page<Hold>), (status = "4XX", body = Problem)))]
async fn list_holds(by: Caller, Query(page): Query<HoldsPage>) -> Result<Answer<Page<Hold>>> {
    let mut tx = by.read().await?;
    let HoldsPage { account_id, active, limit, after } = page;
    let holds = service::list_holds(&mut tx, account_id, active, limit, after.as_deref()).await?;
    Ok(Answer(holds))
}

/// Places a hold: from now on every channel refuses, or warns.
#[utoipa::path(post, path = "/api/billing/holds", tag = "billing",
    security(("session" = ["billing.hold"])),
    responses((status = 200, body = Hold), (status = "4XX", body = Problem)))]
async fn place_hold(by: Caller, Json(new): Json<PlaceHold>) -> Result<Answer<Hold>> {
    let mut tx = by.begin().await?;
    let hold = service::place_hold(&mut tx, new).await?;
    tx.reply(hold).await
}

/// Why a hold goes.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ReleaseHold {
    /// In words.
    reason: String,
}

/// Releases a hold.
#[utoipa::path(post, path = "/api/billing/holds/{id}/release", tag = "billing",
    params(("id" = HoldId, Path)), security(("session" = ["billing.release"])),
    responses((status = 200, body = Hold), (status = "4XX", body = Problem)))]
async fn release_hold(
    by: Caller,
    Path(id): Path<HoldId>,
    Json(cmd): Json<ReleaseHold>,
) -> Result<Answer<Hold>> {
    let mut tx = by.begin().await?;
    let hold = service::release_hold(&mut tx, id, &cmd.reason).await?;
    tx.reply(hold).await
}
