//! Routes of notices and readings.

use crate::{NewNotice, Notice, NoticeChange, Station, service};
use axum::Json;
use kernel::error::extract;
use kernel::{App, Caller, Items, NoticeId, Problem, Result};
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of notices and readings.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_notices, publish_notice))
        .routes(routes!(change_notice))
        .routes(routes!(end_notice))
        .routes(routes!(list_stations))
}

#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct Filter {
    /// 1: only those that run now.
    active: Option<u8>,
}

/// Notices in sight, newest first.
#[utoipa::path(get, path = "/api/notices/notices", tag = "notices", params(Filter),
    security(("session" = ["notice.view"])),
    responses((status = 200, body = Items<Notice>), (status = "4XX", body = Problem)))]
async fn list_notices(
    by: Caller,
    extract::Query(filter): extract::Query<Filter>,
) -> Result<Json<Items<Notice>>> {
    let mut tx = by.read().await?;
    let items = service::notices(&mut tx, filter.active == Some(1)).await?;
    Ok(Json(Items { items }))
}

/// Publishes a notice.
#[utoipa::path(post, path = "/api/notices/notices", tag = "notices", request_body = NewNotice,
    security(("session" = ["notice.publish"])),
    responses((status = 200, body = Notice), (status = "4XX", body = Problem)))]
async fn publish_notice(
    by: Caller,
    extract::Json(new): extract::Json<NewNotice>,
) -> Result<Json<Notice>> {
    let mut tx = by.begin().await?;
    let notice = service::publish(&mut tx, new).await?;
    tx.reply(notice).await
}

/// Corrects the words or the expected end of a notice.
#[utoipa::path(patch, path = "/api/notices/notices/{id}", tag = "notices",
    params(("id" = NoticeId, Path)), request_body = NoticeChange,
    security(("session" = ["notice.publish"])),
    responses((status = 200, body = Notice), (status = "4XX", body = Problem)))]
async fn change_notice(
    by: Caller,
    extract::Path(id): extract::Path<NoticeId>,
    extract::Json(change): extract::Json<NoticeChange>,
) -> Result<Json<Notice>> {
    let mut tx = by.begin().await?;
    let notice = service::change(&mut tx, id, change).await?;
    tx.reply(notice).await
}

/// Ends a notice.
#[utoipa::path(post, path = "/api/notices/notices/{id}/end", tag = "notices",
    params(("id" = NoticeId, Path)), security(("session" = ["notice.publish"])),
    responses((status = 200, body = Notice), (status = "4XX", body = Problem)))]
async fn end_notice(
    by: Caller,
    extract::Path(id): extract::Path<NoticeId>,
) -> Result<Json<Notice>> {
    let mut tx = by.begin().await?;
    let notice = service::end(&mut tx, id).await?;
    tx.reply(notice).await
}

/// How the exchange stations in sight run: the newest reading of each.
#[utoipa::path(get, path = "/api/notices/stations", tag = "notices",
    security(("session" = ["notice.view"])),
    responses((status = 200, body = Items<Station>), (status = "4XX", body = Problem)))]
async fn list_stations(by: Caller) -> Result<Json<Items<Station>>> {
    let mut tx = by.read().await?;
    Ok(Json(Items { items: service::stations(&mut tx).await? }))
}
