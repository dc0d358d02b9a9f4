//! People, dictionaries, utilities and the address book.

use super::MadeEntry;
use crate::permissions::AMEND;
use crate::{BookContact, ContactEntry, Person, PersonPatch, Term, Utility, service};
use axum::Json;
use kernel::error::extract;
use kernel::{Caller, Done, Items, PersonId, Problem, Result};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPerson {
    /// Who it is.
    person: PersonPatch,
    /// Numbers.
    #[serde(default)]
    phones: Vec<NewPhone>,
}

/// A number of a person.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPhone {
    /// As it was dialled or shown; to remove one, as it is shown.
    number: String,
    /// What it is for, such as 本人.
    #[serde(default)]
    label: String,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Which {
    /// One list; all when absent.
    dictionary: Option<String>,
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct Ask {
    /// Any part of a name, an organisation, a post or a number.
    #[serde(default)]
    q: String,
    /// One group only.
    group: Option<String>,
}

/// A person or body, numbers masked.
#[utoipa::path(get, path = "/api/directory/people/{id}", tag = "directory",
    params(("id" = PersonId, Path)),
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Person), (status = "4XX", body = Problem)))]
pub(super) async fn get_person(
    by: Caller,
    extract::Path(id): extract::Path<PersonId>,
) -> Result<Json<Person>> {
    let mut tx = by.read().await?;
    Ok(Json(service::person(&mut tx, id).await?))
}

/// A new person or body.
#[utoipa::path(post, path = "/api/directory/people", tag = "directory", request_body = NewPerson,
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = MadeEntry), (status = "4XX", body = Problem)))]
pub(super) async fn add_person(
    by: Caller,
    extract::Json(cmd): extract::Json<NewPerson>,
) -> Result<Json<MadeEntry>> {
    let mut tx = by.begin().await?;
    let phones: Vec<_> = cmd.phones.into_iter().map(|p| (p.number, p.label)).collect();
    let id = service::add_person(&mut tx, AMEND, cmd.person, &phones).await?;
    tx.reply(MadeEntry { id: *id }).await
}

/// Changes what is known of a person or body.
#[utoipa::path(patch, path = "/api/directory/people/{id}", tag = "directory",
    params(("id" = PersonId, Path)), request_body = PersonPatch,
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = Person), (status = "4XX", body = Problem)))]
pub(super) async fn change_person(
    by: Caller,
    extract::Path(id): extract::Path<PersonId>,
    extract::Json(cmd): extract::Json<PersonPatch>,
) -> Result<Json<Person>> {
    let mut tx = by.begin().await?;
    let person = service::change_person(&mut tx, id, cmd).await?;
    tx.reply(person).await
}

/// Gives a person a number.
#[utoipa::path(post, path = "/api/directory/people/{id}/phones", tag = "directory",
    params(("id" = PersonId, Path)), request_body = NewPhone,
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = Person), (status = "4XX", body = Problem)))]
pub(super) async fn add_phone(
    by: Caller,
    extract::Path(id): extract::Path<PersonId>,
    extract::Json(cmd): extract::Json<NewPhone>,
) -> Result<Json<Person>> {
    let mut tx = by.begin().await?;
    let person = service::add_phone(&mut tx, id, &cmd.number, &cmd.label).await?;
    tx.reply(person).await
}

/// Takes a number from a person.
#[utoipa::path(post, path = "/api/directory/people/{id}/phones/remove", tag = "directory",
    params(("id" = PersonId, Path)), request_body = NewPhone,
    security(("session" = ["directory.amend"])),
    responses((status = 200, body = Person), (status = "4XX", body = Problem)))]
pub(super) async fn remove_phone(
    by: Caller,
    extract::Path(id): extract::Path<PersonId>,
    extract::Json(cmd): extract::Json<NewPhone>,
) -> Result<Json<Person>> {
    let mut tx = by.begin().await?;
    let person = service::remove_phone(&mut tx, id, &cmd.number).await?;
    tx.reply(person).await
}

/// The words of dictionaries.
#[utoipa::path(get, path = "/api/directory/terms", tag = "directory",
    params(Which),
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Items<Term>), (status = "4XX", body = Problem)))]
pub(super) async fn list_terms(
    by: Caller,
    extract::Query(which): extract::Query<Which>,
) -> Result<Json<Items<Term>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::terms(&mut tx, which.dictionary.as_deref()).await? }))
}

/// Adds a word to a dictionary, or changes or retires one.
#[utoipa::path(put, path = "/api/directory/terms", tag = "directory", request_body = Term,
    security(("session" = ["directory.configure"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn put_term(
    by: Caller,
    extract::Json(cmd): extract::Json<Term>,
) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::put_term(&mut tx, cmd).await?;
    tx.reply(Done {}).await
}

/// The companies under this roof, and what each promises.
#[utoipa::path(get, path = "/api/directory/utilities", tag = "directory",
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Items<Utility>), (status = "4XX", body = Problem)))]
pub(super) async fn list_utilities(by: Caller) -> Result<Json<Items<Utility>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::utilities(&mut tx).await? }))
}

/// Changes what a company promises.
#[utoipa::path(put, path = "/api/directory/utilities", tag = "directory", request_body = Utility,
    security(("session" = ["directory.configure"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn put_utility(
    by: Caller,
    extract::Json(cmd): extract::Json<Utility>,
) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::put_utility(&mut tx, cmd).await?;
    tx.reply(Done {}).await
}

/// The address book.
#[utoipa::path(get, path = "/api/directory/contacts", tag = "directory",
    params(Ask),
    security(("session" = ["directory.view"])),
    responses((status = 200, body = Items<BookContact>), (status = "4XX", body = Problem)))]
pub(super) async fn list_contacts(
    by: Caller,
    extract::Query(ask): extract::Query<Ask>,
) -> Result<Json<Items<BookContact>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::contacts(&mut tx, &ask.q, ask.group.as_deref()).await? }))
}

/// A new entry of the address book.
#[utoipa::path(post, path = "/api/directory/contacts", tag = "directory",
    request_body = ContactEntry,
    security(("session" = ["directory.configure"])),
    responses((status = 200, body = MadeEntry), (status = "4XX", body = Problem)))]
pub(super) async fn add_contact(
    by: Caller,
    extract::Json(cmd): extract::Json<ContactEntry>,
) -> Result<Json<MadeEntry>> {
    let mut tx = by.begin().await?;
    let id = service::put_contact(&mut tx, None, cmd).await?;
    tx.reply(MadeEntry { id }).await
}

/// An entry of the address book anew.
#[utoipa::path(put, path = "/api/directory/contacts/{id}", tag = "directory",
    params(("id" = Uuid, Path)), request_body = ContactEntry,
    security(("session" = ["directory.configure"])),
    responses((status = 200, body = MadeEntry), (status = "4XX", body = Problem)))]
pub(super) async fn change_contact(
    by: Caller,
    extract::Path(id): extract::Path<Uuid>,
    extract::Json(cmd): extract::Json<ContactEntry>,
) -> Result<Json<MadeEntry>> {
    let mut tx = by.begin().await?;
    let id = service::put_contact(&mut tx, Some(id), cmd).await?;
    tx.reply(MadeEntry { id }).await
}

/// Takes an entry out of the address book.
#[utoipa::path(delete, path = "/api/directory/contacts/{id}", tag = "directory",
    params(("id" = Uuid, Path)),
    security(("session" = ["directory.configure"])),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn remove_contact(
    by: Caller,
    extract::Path(id): extract::Path<Uuid>,
) -> Result<Json<Done>> {
    let mut tx = by.begin().await?;
    service::remove_contact(&mut tx, id).await?;
    tx.reply(Done {}).await
}
