//! Routes of the room.

mod adjustment;
mod application;
mod charge;
mod hold;
mod metering;
mod opening;
mod pack;
mod renewal;
mod run;

use kernel::App;
use utoipa_axum::router::OpenApiRouter;

/// The room's routes.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .merge(adjustment::router())
        .merge(application::router())
        .merge(charge::router())
        .merge(hold::router())
        .merge(metering::router())
        .merge(opening::router())
        .merge(pack::router())
        .merge(renewal::router())
        .merge(run::router())
}
