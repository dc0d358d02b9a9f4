//! Routes: each reads a request, opens a unit of work, calls one use case.

mod export;
mod orders;
mod revisits;

use kernel::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of this room.
pub fn router() -> OpenApiRouter<App> {
    use self::{export::*, orders::*, revisits::*};
    OpenApiRouter::new()
        .routes(routes!(order_catalogue))
        .routes(routes!(list_orders, create_order))
        .routes(routes!(preview_order))
        .routes(routes!(export_orders))
        .routes(routes!(list_revisits))
        .routes(routes!(record_revisit))
        .routes(routes!(attempt_revisit))
        .routes(routes!(get_order))
        .routes(routes!(order_timeline))
        .routes(routes!(unmask_order))
        .routes(routes!(answer_order))
        .routes(routes!(chase_order))
        .routes(routes!(note_order))
        .routes(routes!(void_order))
        .routes(routes!(pass_order))
        .routes(routes!(fail_order))
        .routes(routes!(set_order_urgency))
        .routes(routes!(set_order_due))
        .routes(routes!(supervise_order))
}
