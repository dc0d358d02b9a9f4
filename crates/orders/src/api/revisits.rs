//! Revisits over HTTP.

use crate::{OpenRevisit, Order, Satisfaction, service};
use axum::Json as Answer;
use kernel::error::extract::{Json, Path, Query};
use kernel::{CallId, Caller, Done, Page, Problem, Result, RevisitId};

/// Which page.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct RevisitPage {
    /// Only `open` ones are listed; a done one stands with its order.
    #[serde(default)]
    #[param(inline)]
    #[expect(dead_code, reason = "named in the contract; there is one value")]
    state: Listed,
    /// Rows of a page.
    limit: Option<i64>,
    /// Where the last page ended.
    after: Option<String>,
}

/// Which revisits are listed.
#[derive(Debug, Default, serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Listed {
    /// Those that nobody has done.
    #[default]
    Open,
}

/// Customers who must be asked, the most pressing first.
#[utoipa::path(get, path = "/api/orders/revisits", tag = "orders", params(RevisitPage),
    responses((status = 200, body = Page<OpenRevisit>), (status = "4XX", body = Problem)))]
pub(super) async fn list_revisits(
    by: Caller,
    Query(page): Query<RevisitPage>,
) -> Result<Answer<Page<OpenRevisit>>> {
    let mut tx = by.read().await?;
    let open = service::open_revisits(&mut tx, page.limit, page.after.as_deref()).await?;
    Ok(Answer(open))
}

/// What the customer said.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RecordRevisit {
    /// In one word.
    result: Satisfaction,
    /// Why; needed when he is not content.
    #[serde(default)]
    reason: String,
    /// The call in which he was asked.
    call_id: Option<CallId>,
}

/// Writes down what the customer said: the order closes, or somebody goes again.
#[utoipa::path(post, path = "/api/orders/revisits/{id}/result", tag = "orders",
    params(("id" = RevisitId, Path)),
    responses((status = 200, body = Order), (status = "4XX", body = Problem)))]
pub(super) async fn record_revisit(
    by: Caller,
    Path(id): Path<RevisitId>,
    Json(cmd): Json<RecordRevisit>,
) -> Result<Answer<Order>> {
    let mut tx = by.begin().await?;
    let RecordRevisit { result, reason, call_id } = cmd;
    let order = service::record_revisit(&mut tx, id, result, &reason, call_id).await?;
    tx.reply(order).await
}

/// How a try failed.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AttemptRevisit {
    /// No answer, switched off, call later.
    #[serde(default)]
    note: String,
}

/// Counts a try that did not reach the customer.
#[utoipa::path(post, path = "/api/orders/revisits/{id}/attempt", tag = "orders",
    params(("id" = RevisitId, Path)),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn attempt_revisit(
    by: Caller,
    Path(id): Path<RevisitId>,
    Json(cmd): Json<AttemptRevisit>,
) -> Result<Answer<Done>> {
    let mut tx = by.begin().await?;
    service::attempt_revisit(&mut tx, id, &cmd.note).await?;
    tx.reply(Done {}).await
}
