//! Applications over HTTP.

use crate::{
    Application, ApplicationFile, ApplicationKind, ApplicationPreview, ApplicationState,
    ApplicationsWanted, NewApplication, service,
};
use axum::Json as Answer;
use kernel::error::extract::{Json, Path, Query};
use kernel::{AccountId, App, ApplicationId, Caller, FileId, Page, Problem, Result};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_applications, submit_application))
        .routes(routes!(preview_application))
        .routes(routes!(get_application))
        .routes(routes!(check_application))
        .routes(routes!(approve_application))
        .routes(routes!(refuse_application))
        .routes(routes!(withdraw_application))
        .routes(routes!(add_application_paper))
}

/// Which applications.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ApplicationsPage {
    /// Of this household.
    account_id: Option<AccountId>,
    /// Of this kind.
    kind: Option<ApplicationKind>,
    /// In this state.
    state: Option<ApplicationState>,
    /// Only those on which something is to be done.
    #[serde(default)]
    open: bool,
    /// Rows of a page.
    limit: Option<i64>,
    /// Where the last page ended.
    after: Option<String>,
}

/// Applications, newest first.
#[utoipa::path(get, path = "/api/billing/applications", tag = "billing",
    params(ApplicationsPage), security(("session" = ["billing.view"])),
    responses((status = 200, body = Page<Application>), (status = "4XX", body = Problem)))]
async fn list_applications(
    by: Caller,
    Query(page): Query<ApplicationsPage>,
) -> Result<Answer<Page<Application>>> {
    let mut tx = by.read().await?;
    let ApplicationsPage { account_id, kind, state, open, limit, after } = page;
    let wanted =
        ApplicationsWanted { account: account_id, kind, state, open_only: open, limit, after };
    Ok(Answer(service::list_applications(&mut tx, wanted).await?))
}

/// Takes an application in; what the rules allow goes on at once.
#[utoipa::path(post, path = "/api/billing/applications", tag = "billing",
    security(("session" = ["billing.apply"])),
    responses((status = 200, body = ApplicationFile), (status = "4XX", body = Problem)))]
async fn submit_application(
    by: Caller,
    Json(new): Json<NewApplication>,
) -> Result<Answer<ApplicationFile>> {
    let mut tx = by.begin().await?;
    let done = service::submit_application(&mut tx, new).await?;
    tx.reply(done).await
}

/// What an application would change and what stands against it; writes nothing.
#[utoipa::path(post, path = "/api/billing/applications/preview", tag = "billing",
    security(("session" = ["billing.apply"])),
    responses((status = 200, body = ApplicationPreview), (status = "4XX", body = Problem)))]
async fn preview_application(
    by: Caller,
    Json(new): Json<NewApplication>,
) -> Result<Answer<ApplicationPreview>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::preview_application(&mut tx, &new).await?))
}

/// One application with its papers and its history.
#[utoipa::path(get, path = "/api/billing/applications/{id}", tag = "billing",
    params(("id" = ApplicationId, Path)), security(("session" = ["billing.view"])),
    responses((status = 200, body = ApplicationFile), (status = "4XX", body = Problem)))]
async fn get_application(
    by: Caller,
    Path(id): Path<ApplicationId>,
) -> Result<Answer<ApplicationFile>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::application(&mut tx, id).await?))
}

/// How a check goes on.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct CheckApplication {
    /// Why it goes on against what the rules object to; who may decide says so.
    despite: Option<String>,
}

/// Holds an application against the rules again.
#[utoipa::path(post, path = "/api/billing/applications/{id}/check", tag = "billing",
    params(("id" = ApplicationId, Path)), security(("session" = ["billing.apply"])),
    responses((status = 200, body = ApplicationFile), (status = "4XX", body = Problem)))]
async fn check_application(
    by: Caller,
    Path(id): Path<ApplicationId>,
    Json(cmd): Json<CheckApplication>,
) -> Result<Answer<ApplicationFile>> {
    let mut tx = by.begin().await?;
    let done = service::check_application(&mut tx, id, cmd.despite.as_deref()).await?;
    tx.reply(done).await
}

/// The words of a decision.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecisionWords {
    /// For the customer and for the record.
    #[serde(default)]
    pub note: String,
}

/// Grants an application: a second person.
#[utoipa::path(post, path = "/api/billing/applications/{id}/approve", tag = "billing",
    params(("id" = ApplicationId, Path)), security(("session" = ["billing.approve"])),
    responses((status = 200, body = ApplicationFile), (status = "4XX", body = Problem)))]
async fn approve_application(
    by: Caller,
    Path(id): Path<ApplicationId>,
    Json(cmd): Json<DecisionWords>,
) -> Result<Answer<ApplicationFile>> {
    let mut tx = by.begin().await?;
    let done = service::approve_application(&mut tx, id, &cmd.note).await?;
    tx.reply(done).await
}

/// Refuses an application, with the reason.
#[utoipa::path(post, path = "/api/billing/applications/{id}/refuse", tag = "billing",
    params(("id" = ApplicationId, Path)), security(("session" = ["billing.approve"])),
    responses((status = 200, body = ApplicationFile), (status = "4XX", body = Problem)))]
async fn refuse_application(
    by: Caller,
    Path(id): Path<ApplicationId>,
    Json(cmd): Json<DecisionWords>,
) -> Result<Answer<ApplicationFile>> {
    let mut tx = by.begin().await?;
    let done = service::refuse_application(&mut tx, id, &cmd.note).await?;
    tx.reply(done).await
}

/// Takes an application back.
#[utoipa::path(post, path = "/api/billing/applications/{id}/withdraw", tag = "billing",
    params(("id" = ApplicationId, Path)), security(("session" = ["billing.apply"])),
    responses((status = 200, body = ApplicationFile), (status = "4XX", body = Problem)))]
async fn withdraw_application(
    by: Caller,
    Path(id): Path<ApplicationId>,
    Json(cmd): Json<DecisionWords>,
) -> Result<Answer<ApplicationFile>> {
    let mut tx = by.begin().await?;
    let done = service::withdraw_application(&mut tx, id, &cmd.note).await?;
    tx.reply(done).await
}

/// A paper to be put to an application.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct NewPaper {
    /// The stored file.
    file_id: FileId,
    /// Which sort of paper: identity, deed, contract.
    kind: String,
}

/// Puts a paper to an application.
#[utoipa::path(post, path = "/api/billing/applications/{id}/papers", tag = "billing",
    params(("id" = ApplicationId, Path)), security(("session" = ["billing.apply"])),
    responses((status = 200, body = ApplicationFile), (status = "4XX", body = Problem)))]
async fn add_application_paper(
    by: Caller,
    Path(id): Path<ApplicationId>,
    Json(paper): Json<NewPaper>,
) -> Result<Answer<ApplicationFile>> {
    let mut tx = by.begin().await?;
    let done = service::add_paper(&mut tx, id, paper.file_id, &paper.kind).await?;
    tx.reply(done).await
}
