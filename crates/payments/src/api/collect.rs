//! Collecting arrears, over HTTP.

use super::back::MadePayment;
use crate::{
    CollectionContact, CollectionDoor, CollectionList, DebtorFilter, Debtors, NewCollection,
    NewContact, Reminded, service,
};
use axum::Json as Answer;
use kernel::error::extract::{Json, Path, Query};
use kernel::{AccountId, Caller, Done, Items, Problem, Result};
use uuid::Uuid;

/// Households that owe, the largest debt first.
#[utoipa::path(get, path = "/api/payments/debtors", tag = "payments", params(DebtorFilter),
    responses((status = 200, body = Debtors), (status = "4XX", body = Problem)))]
pub(super) async fn list_debtors(
    by: Caller,
    Query(of): Query<DebtorFilter>,
) -> Result<Answer<Debtors>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::debtors(&mut tx, of).await?))
}

/// Collectors' lists in sight.
#[utoipa::path(get, path = "/api/payments/collections", tag = "payments",
    responses((status = 200, body = Items<CollectionList>), (status = "4XX", body = Problem)))]
pub(super) async fn list_collections(by: Caller) -> Result<Answer<Items<CollectionList>>> {
    let mut tx = by.read().await?;
    Ok(Answer(Items { items: service::collections(&mut tx).await? }))
}

/// Makes a list of who owes for a collector.
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

/// Writes what came of a visit or a call.
#[utoipa::path(post, path = "/api/payments/collections/{id}/visits", tag = "payments",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn visit_door(
    by: Caller,
    Path(id): Path<Uuid>,
    Json(new): Json<NewContact>,
) -> Result<Answer<Done>> {
    let mut tx = by.begin().await?;
    service::visit_door(&mut tx, id, new).await?;
    tx.reply(Done {}).await
}

/// Who is reminded.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Remind {
    /// These households of the list; all when empty.
    #[serde(default)]
    account_ids: Vec<AccountId>,
}

/// Reminds those of a list who still owe, by a message.
#[utoipa::path(post, path = "/api/payments/collections/{id}/remind", tag = "payments",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Reminded), (status = "4XX", body = Problem)))]
pub(super) async fn remind_doors(
    by: Caller,
    Path(id): Path<Uuid>,
    Json(cmd): Json<Remind>,
) -> Result<Answer<Reminded>> {
    let mut tx = by.begin().await?;
    let done = service::remind(&mut tx, id, &cmd.account_ids).await?;
    tx.reply(done).await
}

/// What was tried with a household, the newest first.
#[utoipa::path(get, path = "/api/payments/accounts/{id}/contacts", tag = "payments",
    params(("id" = AccountId, Path)),
    responses((status = 200, body = Items<CollectionContact>), (status = "4XX", body = Problem)))]
pub(super) async fn list_account_contacts(
    by: Caller,
    Path(id): Path<AccountId>,
) -> Result<Answer<Items<CollectionContact>>> {
    let mut tx = by.read().await?;
    Ok(Answer(Items { items: service::account_contacts(&mut tx, id).await? }))
}
