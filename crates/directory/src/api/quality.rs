//! Data quality: worklists, decisions, merges.

use super::MadeEntry;
use crate::{
    Decision, Finding, FindingFilter, FindingState, Merge, MergeTwo, QualityCount, QualityRule,
    service,
};
use axum::Json;
use kernel::error::extract;
use kernel::{Caller, Done, Items, Page, Problem, Result, UserId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Worklist {
    /// One rule.
    rule: Option<QualityRule>,
    /// One state; open when absent.
    state: Option<FindingState>,
    /// Looked after by that person.
    assignee: Option<UserId>,
    /// From the last page.
    after: Option<String>,
    /// At most 200; 20 when absent.
    limit: Option<i64>,
}

/// How many findings or merges there are now.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct CleansedCount {
    /// So many.
    count: i64,
}

/// Which pairs to make one.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct MergeCertain {
    /// `duplicate_person` or `duplicate_premise`.
    rule: QualityRule,
    /// At least four characters.
    reason: String,
}

/// Why a merge is undone.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct UndoMerge {
    /// At least four characters.
    reason: String,
}

/// How many findings each rule has.
#[utoipa::path(get, path = "/api/directory/quality", tag = "directory",
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Items<QualityCount>), (status = "4XX", body = Problem)))]
pub(super) async fn get_quality(by: Caller) -> Result<Json<Items<QualityCount>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::quality(&mut tx).await? }))
}

/// Looks at everything in sight anew.
#[utoipa::path(post, path = "/api/directory/quality/scan", tag = "directory",
    security(("session" = ["directory.cleanse"])),
    responses((status = 200, body = CleansedCount), (status = "4XX", body = Problem)))]
pub(super) async fn scan_quality(by: Caller) -> Result<Json<CleansedCount>> {
    let mut tx = by.begin().await?;
    let count = service::scan(&mut tx).await?;
    tx.reply(CleansedCount { count }).await
}

/// A worklist.
#[utoipa::path(get, path = "/api/directory/findings", tag = "directory", params(Worklist),
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Page<Finding>), (status = "4XX", body = Problem)))]
pub(super) async fn list_findings(
    by: Caller,
    extract::Query(w): extract::Query<Worklist>,
) -> Result<Json<Page<Finding>>> {
    let mut tx = by.read().await?;
    let rule = w.rule.map(|r| <&str>::from(r).to_owned());
    let filter =
        FindingFilter { rule, state: w.state, assignee: w.assignee, ..FindingFilter::default() };
    Ok(Json(service::findings(&mut tx, filter, w.after.as_deref(), w.limit).await?))
}

/// Decides about a finding.
#[utoipa::path(post, path = "/api/directory/findings/{id}/decide", tag = "directory",
    params(("id" = Uuid, Path)), request_body = Decision,
    security(("session" = ["directory.cleanse"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn decide_finding(
    by: Caller,
    extract::Path(id): extract::Path<Uuid>,
    extract::Json(cmd): extract::Json<Decision>,
) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::decide(&mut tx, id, cmd).await?;
    tx.reply(Done {}).await
}

/// The last merges.
#[utoipa::path(get, path = "/api/directory/merges", tag = "directory",
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Items<Merge>), (status = "4XX", body = Problem)))]
pub(super) async fn list_merges(by: Caller) -> Result<Json<Items<Merge>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::merges(&mut tx).await? }))
}

/// Makes two rows one.
#[utoipa::path(post, path = "/api/directory/merges", tag = "directory", request_body = MergeTwo,
    security(("session" = ["directory.cleanse"])),
    responses((status = 200, body = MadeEntry), (status = "4XX", body = Problem)))]
pub(super) async fn merge_rows(
    by: Caller,
    extract::Json(cmd): extract::Json<MergeTwo>,
) -> Result<Json<MadeEntry>> {
    let mut tx = by.begin().await?;
    let id = service::merge(&mut tx, cmd).await?;
    tx.reply(MadeEntry { id }).await
}

/// Makes one what a rule is certain of, five hundred pairs at a time.
#[utoipa::path(post, path = "/api/directory/merges/certain", tag = "directory",
    request_body = MergeCertain, security(("session" = ["directory.cleanse"])),
    responses((status = 200, body = CleansedCount), (status = "4XX", body = Problem)))]
pub(super) async fn merge_certain(
    by: Caller,
    extract::Json(cmd): extract::Json<MergeCertain>,
) -> Result<Json<CleansedCount>> {
    let mut tx = by.begin().await?;
    let count = service::merge_certain(&mut tx, cmd.rule, &cmd.reason).await?;
    tx.reply(CleansedCount { count: i64::try_from(count).unwrap_or(i64::MAX) }).await
}

/// Makes them two again.
#[utoipa::path(post, path = "/api/directory/merges/{id}/undo", tag = "directory",
    params(("id" = Uuid, Path)), request_body = UndoMerge,
    security(("session" = ["directory.cleanse"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn undo_merge(
    by: Caller,
    extract::Path(id): extract::Path<Uuid>,
    extract::Json(cmd): extract::Json<UndoMerge>,
) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::undo_merge(&mut tx, id, &cmd.reason).await?;
    tx.reply(Done {}).await
}
