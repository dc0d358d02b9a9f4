//! Routes of a household's fees.

use crate::{AccountFees, ExplainedCharge, Moment, service};
use axum::Json;
use kernel::error::extract::{self, Path, Query};
use kernel::page::Done;
use kernel::{AccountId, App, Caller, Problem, Result, SeasonId};
use serde::Deserialize;
use utoipa::ToSchema;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_account_fees))
        .routes(routes!(explain_charge))
        .routes(routes!(recalculate_charge))
}

/// A household's fees: owed by season and item, charges, postings; as of any moment.
#[utoipa::path(get, path = "/api/billing/accounts/{id}/fees", tag = "billing",
    params(("id" = AccountId, Path), Moment), security(("session" = ["billing.view"])),
    responses((status = 200, body = AccountFees), (status = "4XX", body = Problem)))]
async fn get_account_fees(
    by: Caller,
    Path(id): Path<AccountId>,
    Query(at): Query<Moment>,
) -> Result<Json<AccountFees>> {
    let mut tx = by.read().await?;
    Ok(Json(service::account_fees(&mut tx, id, at).await?))
}

/// One version of a charge, with the facts and the lines that make it.
#[utoipa::path(get, path = "/api/billing/accounts/{id}/charges/{season}/{version}",
    tag = "billing",
    params(("id" = AccountId, Path), ("season" = SeasonId, Path), ("version" = i32, Path)),
    security(("session" = ["billing.view"])),
    responses((status = 200, body = ExplainedCharge), (status = "4XX", body = Problem)))]
async fn explain_charge(
    by: Caller,
    Path((id, season, version)): Path<(AccountId, SeasonId, i32)>,
) -> Result<Json<ExplainedCharge>> {
    let mut tx = by.read().await?;
    Ok(Json(service::explain_charge(&mut tx, id, season, version).await?))
}

/// Which charge is reckoned again.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Recalculate {
    /// The season.
    season_id: SeasonId,
    /// Whether the rules that apply now count, or those of the charge.
    #[serde(default)]
    new_rules: bool,
}

/// Reckons a household's charge again; a job does it and corrects what differs.
#[utoipa::path(post, path = "/api/billing/accounts/{id}/recalculate", tag = "billing",
    params(("id" = AccountId, Path)), request_body = Recalculate,
    security(("session" = ["billing.prepare"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
async fn recalculate_charge(
    by: Caller,
    Path(id): Path<AccountId>,
    extract::Json(wanted): extract::Json<Recalculate>,
) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    let Recalculate { season_id, new_rules } = wanted;
    service::ask_recalculation(&mut tx, id, season_id, new_rules).await?;
    tx.reply(Done {}).await
}
