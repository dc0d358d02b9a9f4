//! Adjustments over HTTP.

use super::application::DecisionWords;
use crate::{Adjustment, AdjustmentState, ClaimReckoned, NewAdjustment, RefundWish, service};
use axum::Json as Answer;
use kernel::error::extract::{Json, Path, Query};
use kernel::{AccountId, AdjustmentId, App, Caller, Page, Problem, Result};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_adjustments, propose_adjustment))
        .routes(routes!(approve_adjustment))
        .routes(routes!(refuse_adjustment))
        .routes(routes!(withdraw_adjustment))
        .routes(routes!(preview_claim))
        .routes(routes!(claim_refund))
}

/// Which adjustments.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct AdjustmentsPage {
    /// Of this household.
    account_id: Option<AccountId>,
    /// In this state.
    state: Option<AdjustmentState>,
    /// Rows of a page.
    limit: Option<i64>,
    /// Where the last page ended.
    after: Option<String>,
}

/// Adjustments, newest first.
#[utoipa::path(get, path = "/api/billing/adjustments", tag = "billing",
    params(AdjustmentsPage), security(("session" = ["billing.view"])),
    responses((status = 200, body = Page<Adjustment>), (status = "4XX", body = Problem)))]
async fn list_adjustments(
    by: Caller,
    Query(page): Query<AdjustmentsPage>,
) -> Result<Answer<Page<Adjustment>>> {
    let mut tx = by.read().await?;
    let AdjustmentsPage { account_id, state, limit, after } = page;
    let rows =
        service::list_adjustments(&mut tx, account_id, state, limit, after.as_deref()).await?;
    Ok(Answer(rows))
}

/// Proposes an adjustment; a small one is posted at once.
#[utoipa::path(post, path = "/api/billing/adjustments", tag = "billing",
    security(("session" = ["billing.adjust"])),
    responses((status = 200, body = Adjustment), (status = "4XX", body = Problem)))]
async fn propose_adjustment(
    by: Caller,
    Json(new): Json<NewAdjustment>,
) -> Result<Answer<Adjustment>> {
    let mut tx = by.begin().await?;
    let done = service::propose_adjustment(&mut tx, new).await?;
    tx.reply(done).await
}

/// Posts what was proposed: a second person.
#[utoipa::path(post, path = "/api/billing/adjustments/{id}/approve", tag = "billing",
    params(("id" = AdjustmentId, Path)), security(("session" = ["billing.decide"])),
    responses((status = 200, body = Adjustment), (status = "4XX", body = Problem)))]
async fn approve_adjustment(
    by: Caller,
    Path(id): Path<AdjustmentId>,
    Json(cmd): Json<DecisionWords>,
) -> Result<Answer<Adjustment>> {
    let mut tx = by.begin().await?;
    let done = service::approve_adjustment(&mut tx, id, &cmd.note).await?;
    tx.reply(done).await
}

/// Refuses what was proposed.
#[utoipa::path(post, path = "/api/billing/adjustments/{id}/refuse", tag = "billing",
    params(("id" = AdjustmentId, Path)), security(("session" = ["billing.decide"])),
    responses((status = 200, body = Adjustment), (status = "4XX", body = Problem)))]
async fn refuse_adjustment(
    by: Caller,
    Path(id): Path<AdjustmentId>,
    Json(cmd): Json<DecisionWords>,
) -> Result<Answer<Adjustment>> {
    let mut tx = by.begin().await?;
    let done = service::refuse_adjustment(&mut tx, id, &cmd.note).await?;
    tx.reply(done).await
}

/// Takes a proposal back.
#[utoipa::path(post, path = "/api/billing/adjustments/{id}/withdraw", tag = "billing",
    params(("id" = AdjustmentId, Path)), security(("session" = ["billing.adjust"])),
    responses((status = 200, body = Adjustment), (status = "4XX", body = Problem)))]
async fn withdraw_adjustment(
    by: Caller,
    Path(id): Path<AdjustmentId>,
    Json(cmd): Json<DecisionWords>,
) -> Result<Answer<Adjustment>> {
    let mut tx = by.begin().await?;
    let done = service::withdraw_adjustment(&mut tx, id, &cmd.note).await?;
    tx.reply(done).await
}

/// What a claim for cold rooms or an outage is worth by the rules.
#[utoipa::path(post, path = "/api/billing/refund-claims/preview", tag = "billing",
    security(("session" = ["billing.view"])),
    responses((status = 200, body = ClaimReckoned), (status = "4XX", body = Problem)))]
async fn preview_claim(by: Caller, Json(wish): Json<RefundWish>) -> Result<Answer<ClaimReckoned>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::preview_claim(&mut tx, &wish).await?))
}

/// Proposes what a claim is worth as a refund.
#[utoipa::path(post, path = "/api/billing/refund-claims", tag = "billing",
    security(("session" = ["billing.adjust"])),
    responses((status = 200, body = Adjustment), (status = "4XX", body = Problem)))]
async fn claim_refund(by: Caller, Json(wish): Json<RefundWish>) -> Result<Answer<Adjustment>> {
    let mut tx = by.begin().await?;
    let proposed = service::claim_refund(&mut tx, wish).await?;
    tx.reply(proposed).await
}
