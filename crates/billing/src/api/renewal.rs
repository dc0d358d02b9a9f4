//! Routes of the yearly reminder and of payment terms.

use crate::{PaymentTerms, Renewals, service};
use axum::Json;
use kernel::error::extract::{Path, Query};
use kernel::{AccountId, App, Caller, Items, Problem, Result, SeasonId};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_stop_renewals)).routes(routes!(list_payment_terms))
}

/// Of which season.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct OfSeason {
    /// The season that is to come; the next one without it.
    season_id: Option<SeasonId>,
}

/// Who was stopped last season and has not asked for it again: the yearly reminder list.
#[utoipa::path(get, path = "/api/billing/stop-renewals", tag = "billing", params(OfSeason),
    security(("session" = ["billing.apply"])),
    responses((status = 200, body = Renewals), (status = "4XX", body = Problem)))]
async fn list_stop_renewals(by: Caller, Query(q): Query<OfSeason>) -> Result<Json<Renewals>> {
    let mut tx = by.read().await?;
    Ok(Json(service::stop_renewals(&mut tx, q.season_id).await?))
}

/// By when a household's seasons are paid, in which parts, and what is saved by paying early.
#[utoipa::path(get, path = "/api/billing/accounts/{id}/terms", tag = "billing",
    params(("id" = AccountId, Path)), security(("session" = ["billing.view"])),
    responses((status = 200, body = Items<PaymentTerms>), (status = "4XX", body = Problem)))]
async fn list_payment_terms(
    by: Caller,
    Path(id): Path<AccountId>,
) -> Result<Json<Items<PaymentTerms>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::payment_terms(&mut tx, id).await? }))
}
