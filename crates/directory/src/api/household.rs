//! What hangs on a household beside its facts.

use super::MadeEntry;
use crate::{Household, NewDocument, NewMeter, service};
use axum::Json;
use chrono::NaiveDate;
use kernel::error::extract;
use kernel::{AccountId, Caller, Done, Problem, Result};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountTags {
    /// Words of the dictionary `tag`.
    tags: Vec<String>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PutOnBlacklist {
    /// At least four characters.
    reason: String,
    /// First day; today when absent.
    since: Option<NaiveDate>,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct LiftBlacklist {
    /// At least four characters.
    reason: String,
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RemoveMeter {
    /// First day without it.
    on: NaiveDate,
}

/// Everything around a household: rooms, meters, other utilities, papers, blacklist.
#[utoipa::path(get, path = "/api/directory/accounts/{id}/household", tag = "directory",
    params(("id" = AccountId, Path)),
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Household), (status = "4XX", body = Problem)))]
pub(super) async fn get_household(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
) -> Result<Json<Household>> {
    let mut tx = by.read().await?;
    Ok(Json(service::household(&mut tx, id).await?))
}

/// Sets a household's tags.
#[utoipa::path(put, path = "/api/directory/accounts/{id}/tags", tag = "directory",
    params(("id" = AccountId, Path)), request_body = AccountTags,
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn set_account_tags(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
    extract::Json(cmd): extract::Json<AccountTags>,
) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::set_tags(&mut tx, id, cmd.tags).await?;
    tx.reply(Done {}).await
}

/// Puts a household on the blacklist.
#[utoipa::path(post, path = "/api/directory/accounts/{id}/blacklist", tag = "directory",
    params(("id" = AccountId, Path)), request_body = PutOnBlacklist,
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn blacklist_account(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
    extract::Json(cmd): extract::Json<PutOnBlacklist>,
) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::blacklist(&mut tx, id, &cmd.reason, cmd.since).await?;
    tx.reply(Done {}).await
}

/// Takes a household from the blacklist.
#[utoipa::path(post, path = "/api/directory/accounts/{id}/blacklist/lift", tag = "directory",
    params(("id" = AccountId, Path)), request_body = LiftBlacklist,
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn lift_blacklist(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
    extract::Json(cmd): extract::Json<LiftBlacklist>,
) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::lift_blacklist(&mut tx, id, &cmd.reason).await?;
    tx.reply(Done {}).await
}

/// Keeps a paper of a household: a scan uploaded before, or an electronic contract.
#[utoipa::path(post, path = "/api/directory/accounts/{id}/documents", tag = "directory",
    params(("id" = AccountId, Path)), request_body = NewDocument,
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = MadeEntry), (status = "4XX", body = Problem)))]
pub(super) async fn add_document(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
    extract::Json(cmd): extract::Json<NewDocument>,
) -> Result<Json<MadeEntry>> {
    let mut tx = by.begin().await?;
    let id = service::add_document(&mut tx, id, cmd).await?;
    tx.reply(MadeEntry { id }).await
}

/// Removes a paper from sight; the record keeps it.
#[utoipa::path(delete, path = "/api/directory/documents/{id}", tag = "directory",
    params(("id" = Uuid, Path)),
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn remove_document(
    by: Caller,
    extract::Path(id): extract::Path<Uuid>,
) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::remove_document(&mut tx, id).await?;
    tx.reply(Done {}).await
}

/// Fits a meter in a room.
#[utoipa::path(post, path = "/api/directory/meters", tag = "directory", request_body = NewMeter,
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = MadeEntry), (status = "4XX", body = Problem)))]
pub(super) async fn fit_meter(
    by: Caller,
    extract::Json(cmd): extract::Json<NewMeter>,
) -> Result<Json<MadeEntry>> {
    let mut tx = by.begin().await?;
    let id = service::fit_meter(&mut tx, cmd).await?;
    tx.reply(MadeEntry { id }).await
}

/// Takes a meter away.
#[utoipa::path(post, path = "/api/directory/meters/{id}/remove", tag = "directory",
    params(("id" = Uuid, Path)), request_body = RemoveMeter,
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn remove_meter(
    by: Caller,
    extract::Path(id): extract::Path<Uuid>,
    extract::Json(cmd): extract::Json<RemoveMeter>,
) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::remove_meter(&mut tx, id, cmd.on).await?;
    tx.reply(Done {}).await
}
