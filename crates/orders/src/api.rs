//! Routes.

use utoipa_axum::router::OpenApiRouter;

/// The routes of this room.
pub fn router() -> OpenApiRouter<kernel::App> {
    OpenApiRouter::new()
}
