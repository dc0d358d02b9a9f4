//! Routes of this room.

mod catalogue;
mod settlement;
mod sheet;

use kernel::App;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(catalogue::get_service_catalogue))
        .routes(routes!(catalogue::add_service_item))
        .routes(routes!(catalogue::set_service_price))
        .routes(routes!(catalogue::set_warranty_rule))
        .routes(routes!(sheet::list_order_sheets))
        .routes(routes!(sheet::quote_services))
        .routes(routes!(sheet::list_service_sheets))
        .routes(routes!(sheet::get_service_sheet))
        .routes(routes!(sheet::agree_to_services))
        .routes(routes!(sheet::decline_services))
        .routes(routes!(sheet::withdraw_services))
        .routes(routes!(sheet::reverse_services))
        .routes(routes!(sheet::list_service_audits))
        .routes(routes!(sheet::decide_service_audit))
        .routes(routes!(settlement::list_unsettled_work))
        .routes(routes!(settlement::list_statements, settlement::propose_statement))
        .routes(routes!(settlement::get_statement))
        .routes(routes!(settlement::export_statement))
        .routes(routes!(settlement::decide_statement))
        .routes(routes!(settlement::reverse_statement))
}
