//! Routes of the customer's page: reached by a signed link, without a sign-in.

mod stop;

use crate::limit::Limiter;
use crate::linked::Linked;
use crate::{Progress, service};
use axum::{Extension, Json};
use files::Files;
use kernel::error::extract::Json as Body;
use kernel::{App, Problem, Result};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes. The sign-in middleware must let `/api/portal/` through.
pub fn router(files: Files) -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(portal_progress))
        .routes(routes!(portal_chase))
        .layer(Extension(Limiter::default()))
        .merge(stop::router(files))
}

/// How the order behind the link stands.
#[utoipa::path(get, path = "/api/portal/p/{token}", tag = "portal",
    params(("token" = String, Path)), security(()),
    responses((status = 200, body = Progress), (status = "4XX", body = Problem)))]
async fn portal_progress(Linked { order, by }: Linked) -> Result<Json<Progress>> {
    let mut tx = by.read().await?;
    Ok(Json(service::progress(&mut tx, order).await?))
}

/// What the customer wants said.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct PortalChase {
    #[serde(default)]
    note: String,
}

/// The customer presses for his order.
#[utoipa::path(post, path = "/api/portal/p/{token}/chase", tag = "portal",
    params(("token" = String, Path)), security(()), request_body = PortalChase,
    responses((status = 200, body = Progress), (status = "4XX", body = Problem)))]
async fn portal_chase(
    Linked { order, by }: Linked,
    Body(chase): Body<PortalChase>,
) -> Result<Json<Progress>> {
    let mut tx = by.begin().await?;
    let progress = service::chase(&mut tx, order, &chase.note).await?;
    tx.reply(progress).await
}
