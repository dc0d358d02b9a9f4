//! Routes of messages.

use crate::{Message, service};
use axum::Json;
use kernel::error::extract::Query;
use kernel::{App, Caller, MatterId, Page, Problem, Result, page};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(list_messages))
}

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
struct ListMessages {
    matter: Option<MatterId>,
    limit: Option<i64>,
    after: Option<String>,
}

/// What was sent to whom, newest first.
#[utoipa::path(get, path = "/api/channels/messages", tag = "channels", params(ListMessages),
    responses((status = 200, body = Page<Message>), (status = "4XX", body = Problem)))]
async fn list_messages(
    by: Caller,
    Query(query): Query<ListMessages>,
) -> Result<Json<Page<Message>>> {
    let mut tx = by.read().await?;
    let limit = page::limit(query.limit);
    Ok(Json(service::list(&mut tx, query.matter, query.after.as_deref(), limit).await?))
}
