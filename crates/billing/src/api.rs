//! Routes of the room.

mod charge;
mod opening;

use kernel::App;
use utoipa_axum::router::OpenApiRouter;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new().merge(charge::router()).merge(opening::router())
}
