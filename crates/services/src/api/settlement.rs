//! Settlements with those who repair, over HTTP.

use super::sheet::ServiceReason;
use crate::{Statement, StatementDetail, StatementId, StatementState, Unsettled, service};
use axum::Json as Answer;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chrono::NaiveDate;
use kernel::error::extract::{Json, Path, Query};
use kernel::{Caller, Items, Page, Problem, Result, UserId};

/// Up to which day.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct UpTo {
    /// Yesterday where nothing is said.
    through: Option<NaiveDate>,
}

/// Who has something to settle up to a day.
#[utoipa::path(get, path = "/api/services/unsettled", tag = "services", params(UpTo),
    security(("session" = ["services.view"])),
    responses((status = 200, body = Items<Unsettled>), (status = "4XX", body = Problem)))]
pub(super) async fn list_unsettled_work(
    by: Caller,
    Query(day): Query<UpTo>,
) -> Result<Answer<Items<Unsettled>>> {
    let mut tx = by.read().await?;
    Ok(Answer(Items { items: service::unsettled(&mut tx, day.through).await? }))
}

/// Which statements.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct StatementsPage {
    /// In this state.
    state: Option<StatementState>,
    /// Rows of a page.
    limit: Option<i64>,
    /// Where the last page ended.
    after: Option<String>,
}

/// Statements, newest first.
#[utoipa::path(get, path = "/api/services/statements", tag = "services", params(StatementsPage),
    security(("session" = ["services.view"])),
    responses((status = 200, body = Page<Statement>), (status = "4XX", body = Problem)))]
pub(super) async fn list_statements(
    by: Caller,
    Query(p): Query<StatementsPage>,
) -> Result<Answer<Page<Statement>>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::statements(&mut tx, p.state, p.limit, p.after.as_deref()).await?))
}

/// Whom to settle with, for which days.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ProposeStatement {
    /// Who repaired.
    staff_id: UserId,
    /// First day.
    from_day: NaiveDate,
    /// Last day, before today.
    through: NaiveDate,
}

/// Proposes what a repairer is paid for a period.
#[utoipa::path(post, path = "/api/services/statements", tag = "services",
    security(("session" = ["services.settle"])),
    responses((status = 200, body = StatementDetail), (status = "4XX", body = Problem)))]
pub(super) async fn propose_statement(
    by: Caller,
    Json(cmd): Json<ProposeStatement>,
) -> Result<Answer<StatementDetail>> {
    let mut tx = by.begin().await?;
    let ProposeStatement { staff_id, from_day, through } = cmd;
    let made = service::propose_statement(&mut tx, staff_id, from_day, through).await?;
    tx.reply(made).await
}

/// A statement with its lines.
#[utoipa::path(get, path = "/api/services/statements/{id}", tag = "services",
    params(("id" = StatementId, Path)), security(("session" = ["services.view"])),
    responses((status = 200, body = StatementDetail), (status = "4XX", body = Problem)))]
pub(super) async fn get_statement(
    by: Caller,
    Path(id): Path<StatementId>,
) -> Result<Answer<StatementDetail>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::statement(&mut tx, id).await?))
}

/// The same as a spreadsheet.
#[utoipa::path(get, path = "/api/services/statements/{id}/statement.xlsx", tag = "services",
    params(("id" = StatementId, Path)), security(("session" = ["services.view"])),
    responses((status = 200, content_type = service::XLSX), (status = "4XX", body = Problem)))]
pub(super) async fn export_statement(
    by: Caller,
    headers: HeaderMap,
    Path(id): Path<StatementId>,
) -> Result<Response> {
    let language = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let english = language.is_some_and(|l| l.starts_with("en"));
    let mut tx = by.read().await?;
    let detail = service::statement(&mut tx, id).await?;
    let sheet = service::statement_sheet(&detail, english)?;
    let file = format!("attachment; filename=\"{}.xlsx\"", detail.statement.no);
    let kind = (header::CONTENT_TYPE, service::XLSX.to_owned());
    Ok(([kind, (header::CONTENT_DISPOSITION, file)], sheet).into_response())
}

/// What a second person decides.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideStatement {
    /// Whether it goes into the book.
    approve: bool,
    /// In a person's words; needed for a refusal.
    #[serde(default)]
    note: String,
}

/// Approves and posts a statement, or refuses it.
#[utoipa::path(post, path = "/api/services/statements/{id}/decide", tag = "services",
    params(("id" = StatementId, Path)), security(("session" = ["services.approve"])),
    responses((status = 200, body = StatementDetail), (status = "4XX", body = Problem)))]
pub(super) async fn decide_statement(
    by: Caller,
    Path(id): Path<StatementId>,
    Json(cmd): Json<DecideStatement>,
) -> Result<Answer<StatementDetail>> {
    let mut tx = by.begin().await?;
    let done = service::decide_statement(&mut tx, id, cmd.approve, &cmd.note).await?;
    tx.reply(done).await
}

/// Takes a posted statement back by its opposite in the book.
#[utoipa::path(post, path = "/api/services/statements/{id}/reverse", tag = "services",
    params(("id" = StatementId, Path)), security(("session" = ["services.approve"])),
    responses((status = 200, body = StatementDetail), (status = "4XX", body = Problem)))]
pub(super) async fn reverse_statement(
    by: Caller,
    Path(id): Path<StatementId>,
    Json(cmd): Json<ServiceReason>,
) -> Result<Answer<StatementDetail>> {
    let mut tx = by.begin().await?;
    let done = service::reverse_statement(&mut tx, id, &cmd.reason).await?;
    tx.reply(done).await
}
