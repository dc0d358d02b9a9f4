//! The end of the day and the walk from door to door, over HTTP.

use super::back::MadePayment;
use crate::{CollectionDoor, CollectionList, DayBooks, NewCollection, VisitResult, service};
use axum::Json as Answer;
use chrono::NaiveDate;
use kernel::error::extract::{Json, Path};
use kernel::{AccountId, Caller, Done, Items, Problem, Result};
use uuid::Uuid;

/// A day's books: payments, ledger and drawers beside each other.
#[utoipa::path(get, path = "/api/payments/days/{on}", tag = "payments",
    params(("on" = NaiveDate, Path)),
    responses((status = 200, body = DayBooks), (status = "4XX", body = Problem)))]
pub(super) async fn day_books(by: Caller, Path(on): Path<NaiveDate>) -> Result<Answer<DayBooks>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::day_books(&mut tx, on).await?))
}

/// How a day is closed.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseDay {
    /// Why it does not agree, if it does not.
    #[serde(default)]
    explanation: String,
}

/// Closes the day.
#[utoipa::path(post, path = "/api/payments/days/{on}", tag = "payments",
    params(("on" = NaiveDate, Path)),
    responses((status = 200, body = DayBooks), (status = "4XX", body = Problem)))]
pub(super) async fn close_day(
    by: Caller,
    Path(on): Path<NaiveDate>,
    Json(cmd): Json<CloseDay>,
) -> Result<Answer<DayBooks>> {
    let mut tx = by.begin().await?;
    let books = service::close_day(&mut tx, on, &cmd.explanation).await?;
    tx.reply(books).await
}

/// Collectors' lists in sight.
#[utoipa::path(get, path = "/api/payments/collections", tag = "payments",
    responses((status = 200, body = Items<CollectionList>), (status = "4XX", body = Problem)))]
pub(super) async fn list_collections(by: Caller) -> Result<Answer<Items<CollectionList>>> {
    let mut tx = by.read().await?;
    Ok(Answer(Items { items: service::collections(&mut tx).await? }))
}

/// Makes a list of who owes in a community, building or unit.
#[utoipa::path(post, path = "/api/payments/collections", tag = "payments",
    responses((status = 200, body = MadePayment), (status = "4XX", body = Problem)))]
pub(super) async fn make_collection(
    by: Caller,
    Json(new): Json<NewCollection>,
) -> Result<Answer<MadePayment>> {
    let mut tx = by.begin().await?;
    let id = service::make_collection(&mut tx, new).await?;
    tx.reply(MadePayment { id }).await
}

/// The doors of one list, in the order of a walk.
#[utoipa::path(get, path = "/api/payments/collections/{id}", tag = "payments",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Items<CollectionDoor>), (status = "4XX", body = Problem)))]
pub(super) async fn collection_doors(
    by: Caller,
    Path(id): Path<Uuid>,
) -> Result<Answer<Items<CollectionDoor>>> {
    let mut tx = by.read().await?;
    Ok(Answer(Items { items: service::collection_doors(&mut tx, id).await? }))
}

/// What came of a visit.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct VisitDoor {
    /// Whose door.
    account_id: AccountId,
    /// What came of it.
    result: VisitResult,
    /// In the collector's words.
    #[serde(default)]
    note: String,
}

/// Writes what came of a visit.
#[utoipa::path(post, path = "/api/payments/collections/{id}/visits", tag = "payments",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn visit_door(
    by: Caller,
    Path(id): Path<Uuid>,
    Json(cmd): Json<VisitDoor>,
) -> Result<Answer<Done>> {
    let mut tx = by.begin().await?;
    service::visit_door(&mut tx, id, cmd.account_id, cmd.result, &cmd.note).await?;
    tx.reply(Done {}).await
}
