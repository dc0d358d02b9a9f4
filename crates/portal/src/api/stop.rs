//! Routes of a household's own page: reached by a signed link that was sent to its holder.

use crate::limit::Limiter;
use crate::linked::{Passing, Resided};
use crate::model::{LinkSent, Resident, StopOrder, StopPreview, StopWish};
use crate::service::stop as service;
use axum::extract::DefaultBodyLimit;
use axum::{Extension, Json};
use files::Files;
use kernel::error::extract::Json as Body;
use kernel::{AccountId, App, Caller, Problem, Result};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The largest application: a signature and three photographs.
const MOST: usize = 7 * 1024 * 1024;

pub(super) fn router(files: Files) -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(portal_stop))
        .layer(DefaultBodyLimit::max(MOST))
        .routes(routes!(portal_household))
        .routes(routes!(portal_preview_stop))
        .routes(routes!(portal_ask_link))
        .routes(routes!(send_household_link))
        .layer(Extension(files))
        .layer(Extension(Limiter::default()))
}

/// Which household a link is wanted for.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SendLink {
    account_id: AccountId,
}

/// Sends a household's holder a link to its page.
#[utoipa::path(post, path = "/api/portal/links", tag = "portal", request_body = SendLink,
    security(("session" = ["billing.apply"])),
    responses((status = 200, body = LinkSent), (status = "4XX", body = Problem)))]
async fn send_household_link(by: Caller, Body(cmd): Body<SendLink>) -> Result<Json<LinkSent>> {
    let mut tx = by.begin().await?;
    let sent = service::send_link(&mut tx, cmd.account_id).await?;
    tx.reply(sent).await
}

/// Who asks for the link to his own household.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct AskLink {
    /// As it is printed on bills.
    account_no: String,
    /// A number of the holder.
    phone: String,
}

/// Sends the link to a customer who asks himself; the answer tells nobody who lives where.
#[utoipa::path(post, path = "/api/portal/links/ask", tag = "portal", request_body = AskLink,
    security(()),
    responses((status = 200, body = LinkSent), (status = "4XX", body = Problem)))]
async fn portal_ask_link(by: Passing, Body(ask): Body<AskLink>) -> Result<Json<LinkSent>> {
    by.brake(&ask.account_no)?;
    let mut tx = by.caller.begin().await?;
    let sent = service::ask_link(&mut tx, &ask.account_no, &ask.phone).await?;
    tx.reply(sent).await
}

/// The household behind the link.
#[utoipa::path(get, path = "/api/portal/h/{token}", tag = "portal",
    params(("token" = String, Path)), security(()),
    responses((status = 200, body = Resident), (status = "4XX", body = Problem)))]
async fn portal_household(Resided { door, by }: Resided) -> Result<Json<Resident>> {
    let mut tx = by.read().await?;
    Ok(Json(service::resident(&mut tx, door).await?))
}

/// What a stop of heat would change, and what stands against it.
#[utoipa::path(post, path = "/api/portal/h/{token}/stop/preview", tag = "portal",
    params(("token" = String, Path)), security(()), request_body = StopWish,
    responses((status = 200, body = StopPreview), (status = "4XX", body = Problem)))]
async fn portal_preview_stop(
    Resided { door, by }: Resided,
    Body(wish): Body<StopWish>,
) -> Result<Json<StopPreview>> {
    let mut tx = by.read().await?;
    Ok(Json(service::preview_stop(&mut tx, door, wish).await?))
}

/// Stops the heat, with consent and signature; the valve is asked for at once.
#[utoipa::path(post, path = "/api/portal/h/{token}/stop", tag = "portal",
    params(("token" = String, Path)), security(()), request_body = StopOrder,
    responses((status = 200, body = Resident), (status = "4XX", body = Problem)))]
async fn portal_stop(
    Resided { door, by }: Resided,
    Extension(files): Extension<Files>,
    Body(order): Body<StopOrder>,
) -> Result<Json<Resident>> {
    let mut tx = by.begin().await?;
    let done = service::stop(&mut tx, &files, door, order).await?;
    tx.reply(done).await
}
