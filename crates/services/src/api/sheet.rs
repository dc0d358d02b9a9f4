//! Offers and audits over HTTP.

use crate::{Audit, AuditState, Sheet, SheetId, SheetState, WantedLine, service};
use axum::Json as Answer;
use kernel::error::extract::{Json, Path, Query};
use kernel::{Caller, Done, Fen, FileId, Items, OrderId, Page, Problem, Result};

/// The offers on an order, newest first.
#[utoipa::path(get, path = "/api/services/orders/{order_id}/sheets", tag = "services",
    params(("order_id" = OrderId, Path)), security(("session" = ["services.view"])),
    responses((status = 200, body = Items<Sheet>), (status = "4XX", body = Problem)))]
pub(super) async fn list_order_sheets(
    by: Caller,
    Path(id): Path<OrderId>,
) -> Result<Answer<Items<Sheet>>> {
    let mut tx = by.read().await?;
    Ok(Answer(Items { items: service::sheets_of(&mut tx, id).await? }))
}

/// What is offered.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct QuoteServices {
    /// One line for each service or material.
    lines: Vec<WantedLine>,
}

/// Offers services on an order in the caller's hands; the answer says what the customer would pay.
#[utoipa::path(post, path = "/api/services/orders/{order_id}/quote", tag = "services",
    params(("order_id" = OrderId, Path)), security(("session" = ["services.work"])),
    responses((status = 200, body = Sheet), (status = "4XX", body = Problem)))]
pub(super) async fn quote_services(
    by: Caller,
    Path(id): Path<OrderId>,
    Json(cmd): Json<QuoteServices>,
) -> Result<Answer<Sheet>> {
    let mut tx = by.begin().await?;
    let sheet = service::quote(&mut tx, id, cmd.lines).await?;
    tx.reply(sheet).await
}

/// Which offers.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct SheetsPage {
    /// In this state.
    state: Option<SheetState>,
    /// Rows of a page.
    limit: Option<i64>,
    /// Where the last page ended.
    after: Option<String>,
}

/// Offers, newest first.
#[utoipa::path(get, path = "/api/services/sheets", tag = "services", params(SheetsPage),
    security(("session" = ["services.view"])),
    responses((status = 200, body = Page<Sheet>), (status = "4XX", body = Problem)))]
pub(super) async fn list_service_sheets(
    by: Caller,
    Query(p): Query<SheetsPage>,
) -> Result<Answer<Page<Sheet>>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::sheets(&mut tx, p.state, p.limit, p.after.as_deref()).await?))
}

/// One offer.
#[utoipa::path(get, path = "/api/services/sheets/{id}", tag = "services",
    params(("id" = SheetId, Path)), security(("session" = ["services.view"])),
    responses((status = 200, body = Sheet), (status = "4XX", body = Problem)))]
pub(super) async fn get_service_sheet(
    by: Caller,
    Path(id): Path<SheetId>,
) -> Result<Answer<Sheet>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::sheet(&mut tx, id).await?))
}

/// The customer's consent.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AgreeToServices {
    /// The sum that he saw.
    total_fen: Fen,
    /// Who signs.
    signer: String,
    /// His signature, uploaded before.
    signature_id: FileId,
}

/// The customer agrees to the sum that he sees.
#[utoipa::path(post, path = "/api/services/sheets/{id}/agree", tag = "services",
    params(("id" = SheetId, Path)), security(("session" = ["services.work"])),
    responses((status = 200, body = Sheet), (status = "4XX", body = Problem)))]
pub(super) async fn agree_to_services(
    by: Caller,
    Path(id): Path<SheetId>,
    Json(cmd): Json<AgreeToServices>,
) -> Result<Answer<Sheet>> {
    let mut tx = by.begin().await?;
    let AgreeToServices { total_fen, signer, signature_id } = cmd;
    let sheet = service::agree(&mut tx, id, total_fen, &signer, signature_id).await?;
    tx.reply(sheet).await
}

/// Why.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ServiceReason {
    /// In a person's words.
    pub reason: String,
}

/// The customer does not want it.
#[utoipa::path(post, path = "/api/services/sheets/{id}/decline", tag = "services",
    params(("id" = SheetId, Path)), security(("session" = ["services.work"])),
    responses((status = 200, body = Sheet), (status = "4XX", body = Problem)))]
pub(super) async fn decline_services(
    by: Caller,
    Path(id): Path<SheetId>,
    Json(cmd): Json<ServiceReason>,
) -> Result<Answer<Sheet>> {
    let mut tx = by.begin().await?;
    let sheet = service::decline(&mut tx, id, &cmd.reason).await?;
    tx.reply(sheet).await
}

/// The repairer takes his offer back before the work is done.
#[utoipa::path(post, path = "/api/services/sheets/{id}/withdraw", tag = "services",
    params(("id" = SheetId, Path)), security(("session" = ["services.work"])),
    responses((status = 200, body = Sheet), (status = "4XX", body = Problem)))]
pub(super) async fn withdraw_services(
    by: Caller,
    Path(id): Path<SheetId>,
    Json(cmd): Json<ServiceReason>,
) -> Result<Answer<Sheet>> {
    let mut tx = by.begin().await?;
    let sheet = service::withdraw(&mut tx, id, &cmd.reason).await?;
    tx.reply(sheet).await
}

/// Takes a charge back by its opposite in the book.
#[utoipa::path(post, path = "/api/services/sheets/{id}/reverse", tag = "services",
    params(("id" = SheetId, Path)), security(("session" = ["services.audit"])),
    responses((status = 200, body = Sheet), (status = "4XX", body = Problem)))]
pub(super) async fn reverse_services(
    by: Caller,
    Path(id): Path<SheetId>,
    Json(cmd): Json<ServiceReason>,
) -> Result<Answer<Sheet>> {
    let mut tx = by.begin().await?;
    let sheet = service::reverse(&mut tx, id, &cmd.reason).await?;
    tx.reply(sheet).await
}

/// Which audits.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct AuditsPage {
    /// In this state.
    state: Option<AuditState>,
    /// Rows of a page.
    limit: Option<i64>,
    /// Where the last page ended.
    after: Option<String>,
}

/// What somebody must look at or has, newest first.
#[utoipa::path(get, path = "/api/services/audits", tag = "services", params(AuditsPage),
    security(("session" = ["services.view"])),
    responses((status = 200, body = Page<Audit>), (status = "4XX", body = Problem)))]
pub(super) async fn list_service_audits(
    by: Caller,
    Query(p): Query<AuditsPage>,
) -> Result<Answer<Page<Audit>>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::audits(&mut tx, p.state, p.limit, p.after.as_deref()).await?))
}

/// What an auditor decides.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideServiceAudit {
    /// It is not in order; the repairer is not paid for it.
    objected: bool,
    /// In a person's words; needed for an objection.
    #[serde(default)]
    note: String,
}

/// Decides on what looks odd.
#[utoipa::path(post, path = "/api/services/audits/{id}/decide", tag = "services",
    params(("id" = SheetId, Path)), security(("session" = ["services.audit"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn decide_service_audit(
    by: Caller,
    Path(id): Path<SheetId>,
    Json(cmd): Json<DecideServiceAudit>,
) -> Result<Answer<Done>> {
    let mut tx = by.begin().await?;
    service::decide_audit(&mut tx, id, cmd.objected, &cmd.note).await?;
    tx.reply(Done {}).await
}
