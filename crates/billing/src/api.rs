//! Routes of the room.

mod application;
mod charge;
mod hold;
mod opening;

use kernel::App;
use utoipa_axum::router::OpenApiRouter;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(application::router())
        .merge(charge::router())
        .merge(hold::router())
        .merge(opening::router())
}
