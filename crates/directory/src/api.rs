//! Routes of the directory.

mod facts;
mod household;
mod people;
mod quality;

use crate::{Account, AccountHit, PhoneMatch, Place, Unmasked, service};
use axum::Json;
use kernel::error::extract;
use kernel::{AccountId, App, Caller, Done, Items, PlaceId, Problem, Result};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};
use uuid::Uuid;

/// The directory's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(find_accounts))
        .routes(routes!(get_account))
        .routes(routes!(unmask_account))
        .routes(routes!(find_by_phone))
        .routes(routes!(bind_phone, unbind_phone))
        .routes(routes!(list_places))
        .routes(routes!(list_communities))
        .routes(routes!(facts::get_account_facts))
        .routes(routes!(facts::get_account_history))
        .routes(routes!(facts::amend_facts))
        .routes(routes!(household::get_household))
        .routes(routes!(household::set_account_tags))
        .routes(routes!(household::blacklist_account))
        .routes(routes!(household::lift_blacklist))
        .routes(routes!(household::add_document))
        .routes(routes!(household::remove_document))
        .routes(routes!(household::fit_meter))
        .routes(routes!(household::remove_meter))
        .routes(routes!(people::get_person, people::change_person))
        .routes(routes!(people::add_person))
        .routes(routes!(people::add_phone))
        .routes(routes!(people::remove_phone))
        .routes(routes!(people::list_terms, people::put_term))
        .routes(routes!(people::list_utilities, people::put_utility))
        .routes(routes!(people::list_contacts, people::add_contact))
        .routes(routes!(people::change_contact, people::remove_contact))
        .routes(routes!(quality::get_quality))
        .routes(routes!(quality::scan_quality))
        .routes(routes!(quality::list_findings))
        .routes(routes!(quality::decide_finding))
        .routes(routes!(quality::list_merges, quality::merge_rows))
        .routes(routes!(quality::merge_certain))
        .routes(routes!(quality::undo_merge))
}

/// Something that was made.
#[derive(Debug, Serialize, ToSchema)]
struct MadeEntry {
    /// Its id.
    id: Uuid,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Find {
    /// What was typed: three digits or two characters at least.
    q: String,
    /// At most 50; 20 when absent.
    limit: Option<i64>,
}

/// Finds households by any part of a phone, a name, an address or an account number.
#[utoipa::path(get, path = "/api/directory/find", tag = "directory", params(Find),
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Items<AccountHit>), (status = "4XX", body = Problem)))]
async fn find_accounts(
    by: Caller,
    extract::Query(find): extract::Query<Find>,
) -> Result<Json<Items<AccountHit>>> {
    let mut tx = by.read().await?;
    let items = service::find(&mut tx, &find.q, find.limit.unwrap_or(20)).await?;
    Ok(Json(Items { items }))
}

/// One household, whole.
#[utoipa::path(get, path = "/api/directory/accounts/{id}", tag = "directory",
    params(("id" = AccountId, Path)), security(("session" = ["directory.view"])),
    responses((status = 200, body = Account), (status = "4XX", body = Problem)))]
async fn get_account(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
) -> Result<Json<Account>> {
    let mut tx = by.read().await?;
    Ok(Json(service::account(&mut tx, id).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Unmask {
    /// At least four characters.
    reason: String,
}

/// Shows a holder's phones and identity number in full; who and why is kept.
#[utoipa::path(post, path = "/api/directory/accounts/{id}/unmask", tag = "directory",
    params(("id" = AccountId, Path)), request_body = Unmask,
    security(("session" = ["directory.unmask"])),
    responses((status = 200, body = Unmasked), (status = "4XX", body = Problem)))]
async fn unmask_account(
    by: Caller,
    extract::Path(id): extract::Path<AccountId>,
    extract::Json(cmd): extract::Json<Unmask>,
) -> Result<Json<Unmasked>> {
    let mut tx = by.begin().await?;
    let unmasked = service::unmask(&mut tx, id, &cmd.reason).await?;
    // Not `reply`: the answer must not be stored in clear. Sent again, it is one more look, and
    // the record says so.
    tx.commit().await?;
    Ok(Json(unmasked))
}

/// The households that a telephone number may mean.
#[utoipa::path(get, path = "/api/directory/by-phone/{number}", tag = "directory",
    params(("number" = String, Path)), security(("session" = ["directory.view"])),
    responses((status = 200, body = PhoneMatch), (status = "4XX", body = Problem)))]
async fn find_by_phone(
    by: Caller,
    extract::Path(number): extract::Path<String>,
) -> Result<Json<PhoneMatch>> {
    let mut tx = by.read().await?;
    Ok(Json(service::by_phone(&mut tx, &number).await?))
}

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct Bind {
    /// As it was dialled or shown.
    number: String,
    /// The household.
    account_id: AccountId,
}

/// Says that a number belongs to a household.
#[utoipa::path(post, path = "/api/directory/bindings", tag = "directory", request_body = Bind,
    security(("session" = ["directory.bind"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
async fn bind_phone(by: Caller, extract::Json(cmd): extract::Json<Bind>) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::bind(&mut tx, &cmd.number, cmd.account_id).await?;
    tx.reply(Done {}).await
}

/// Takes a number from a household.
#[utoipa::path(delete, path = "/api/directory/bindings", tag = "directory", request_body = Bind,
    security(("session" = ["directory.bind"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
async fn unbind_phone(by: Caller, extract::Json(cmd): extract::Json<Bind>) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::unbind(&mut tx, &cmd.number, cmd.account_id).await?;
    tx.reply(Done {}).await
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Below {
    /// The node above; the communities when absent.
    parent: Option<PlaceId>,
}

/// What lies below a node of the address tree.
#[utoipa::path(get, path = "/api/directory/places", tag = "directory", params(Below),
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Items<Place>), (status = "4XX", body = Problem)))]
async fn list_places(
    by: Caller,
    extract::Query(below): extract::Query<Below>,
) -> Result<Json<Items<Place>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::places(&mut tx, below.parent).await? }))
}

/// The communities in sight, as GeoJSON points.
#[utoipa::path(get, path = "/api/directory/communities.geojson", tag = "directory",
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Object), (status = "4XX", body = Problem)))]
async fn list_communities(by: Caller) -> Result<Json<serde_json::Value>> {
    let mut tx = by.read().await?;
    Ok(Json(service::communities(&mut tx).await?))
}
