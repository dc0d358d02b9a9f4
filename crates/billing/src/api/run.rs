//! Routes of runs over many households.

use crate::{Run, RunKind, RunReport, service};
use axum::Json;
use chrono::NaiveDate;
use kernel::error::extract::{self, Path, Query};
use kernel::{App, Caller, Items, PackVersionId, Problem, Result, SeasonId};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_runs, settle_everybody))
        .routes(routes!(get_run))
        .routes(routes!(post_run))
        .routes(routes!(withdraw_run))
        .routes(routes!(preview_pack))
        .routes(routes!(close_season_late_fees))
}

/// Which runs.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Wanted {
    /// Of one sort.
    kind: Option<RunKind>,
    /// Of one version of the rules.
    pack: Option<PackVersionId>,
}

/// Runs over many households, newest first.
#[utoipa::path(get, path = "/api/billing/runs", tag = "billing", params(Wanted),
    security(("session" = ["billing.view"])),
    responses((status = 200, body = Items<Run>), (status = "4XX", body = Problem)))]
async fn list_runs(by: Caller, Query(q): Query<Wanted>) -> Result<Json<Items<Run>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::runs(&mut tx, q.kind, q.pack).await? }))
}

/// A run: progress, sums, whose charge differs most, refusals.
#[utoipa::path(get, path = "/api/billing/runs/{id}", tag = "billing",
    params(("id" = Uuid, Path)), security(("session" = ["billing.view"])),
    responses((status = 200, body = RunReport), (status = "4XX", body = Problem)))]
async fn get_run(by: Caller, Path(id): Path<Uuid>) -> Result<Json<RunReport>> {
    let mut tx = by.read().await?;
    Ok(Json(service::run(&mut tx, id).await?))
}

/// Whose meters.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct NewSettlementRun {
    /// The season, which must be over.
    season_id: SeasonId,
}

/// Begins the settlement of everybody's meters for a season: a job reckons it, nothing is posted.
#[utoipa::path(post, path = "/api/billing/runs", tag = "billing",
    request_body = NewSettlementRun, security(("session" = ["billing.settle"])),
    responses((status = 200, body = Run), (status = "4XX", body = Problem)))]
async fn settle_everybody(
    by: Caller,
    extract::Json(new): extract::Json<NewSettlementRun>,
) -> Result<Json<Run>> {
    let mut tx = by.begin().await?;
    let run = service::settle_everybody(&mut tx, new.season_id).await?;
    tx.reply(run).await
}

/// Whose late fees.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct CloseLateFees {
    /// The season.
    season_id: SeasonId,
    /// The day until which they have grown; not after today.
    on: NaiveDate,
}

/// Begins the close of a season's late fees: a job reckons it, nothing is posted.
#[utoipa::path(post, path = "/api/billing/late-fees/close", tag = "billing",
    request_body = CloseLateFees, security(("session" = ["billing.settle"])),
    responses((status = 200, body = Run), (status = "4XX", body = Problem)))]
async fn close_season_late_fees(
    by: Caller,
    extract::Json(new): extract::Json<CloseLateFees>,
) -> Result<Json<Run>> {
    let mut tx = by.begin().await?;
    let run = service::close_season_late_fees(&mut tx, new.season_id, new.on).await?;
    tx.reply(run).await
}

/// Says yes to a settlement that was looked at: a job posts it.
#[utoipa::path(post, path = "/api/billing/runs/{id}/post", tag = "billing",
    params(("id" = Uuid, Path)), security(("session" = ["billing.settle"])),
    responses((status = 200, body = Run), (status = "4XX", body = Problem)))]
async fn post_run(by: Caller, Path(id): Path<Uuid>) -> Result<Json<Run>> {
    let mut tx = by.begin().await?;
    let run = service::post_run(&mut tx, id).await?;
    tx.reply(run).await
}

/// Gives a settlement up before it is posted.
#[utoipa::path(post, path = "/api/billing/runs/{id}/withdraw", tag = "billing",
    params(("id" = Uuid, Path)), security(("session" = ["billing.settle"])),
    responses((status = 200, body = Run), (status = "4XX", body = Problem)))]
async fn withdraw_run(by: Caller, Path(id): Path<Uuid>) -> Result<Json<Run>> {
    let mut tx = by.begin().await?;
    let run = service::withdraw_run(&mut tx, id).await?;
    tx.reply(run).await
}

/// Reckons what a version of the rules would come to for everybody who was charged already.
#[utoipa::path(post, path = "/api/billing/packs/{id}/preview", tag = "billing",
    params(("id" = PackVersionId, Path)), security(("session" = ["billing.pack_edit"])),
    responses((status = 200, body = Run), (status = "4XX", body = Problem)))]
async fn preview_pack(by: Caller, Path(id): Path<PackVersionId>) -> Result<Json<Run>> {
    let mut tx = by.begin().await?;
    let run = service::preview_pack(&mut tx, id).await?;
    tx.reply(run).await
}
