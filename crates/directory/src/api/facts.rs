//! Facts and their history.

use crate::{Amended, Amendment, Change, FactsThen, HistoryLine, service};
use axum::Json;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::error::extract;
use kernel::{AccountId, Caller, Items, Problem, Result};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Then {
    /// The day that is asked about.
    on: NaiveDate,
    /// As it was known at that time; as it is known now when absent.
    known_at: Option<DateTime<Utc>>,
}

/// A change of facts.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Amend {
    /// What changes.
    change: Change,
    /// First day on which it is so.
    from: NaiveDate,
    /// First day on which it is no longer so; it lasts when absent.
    to: Option<NaiveDate>,
    /// Why, in words.
    reason: String,
}

/// What was so of a household on a day, as known at a time.
#[utoipa::path(get, path = "/api/directory/accounts/{id}/facts", tag = "directory",
    params(("id" = AccountId, Path), Then),
    security(("session" = ["directory.view"])),
    responses((status = 200, body = FactsThen), (status = "4XX", body = Problem)))]
pub(super) async fn get_account_facts(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
    extract::Query(then): extract::Query<Then>,
) -> Result<Json<FactsThen>> {
    let mut tx = by.read().await?;
    Ok(Json(service::facts_of(&mut tx, id, then.on, then.known_at).await?))
}

/// What became of a household, newest first: from what to what, from when, who, why.
#[utoipa::path(get, path = "/api/directory/accounts/{id}/history", tag = "directory",
    params(("id" = AccountId, Path)),
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Items<HistoryLine>), (status = "4XX", body = Problem)))]
pub(super) async fn get_account_history(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
) -> Result<Json<Items<HistoryLine>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::history(&mut tx, id).await? }))
}

/// Changes facts from a day on, or between two days; the old belief stays on record.
#[utoipa::path(post, path = "/api/directory/amendments", tag = "directory", request_body = Amend,
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = Amended), (status = "4XX", body = Problem)))]
pub(super) async fn amend_facts(
    by: Caller,
    extract::Json(cmd): extract::Json<Amend>,
) -> Result<Json<Amended>> {
    let mut tx = by.begin().await?;
    let Amend { change, from, to, reason } = cmd;
    let amendment = Amendment { change, from, to, reason, source: "desk", source_id: None };
    let done = service::amend(&mut tx, amendment).await?;
    tx.reply(done).await
}
