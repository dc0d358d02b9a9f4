//! Routes of the telephone.

mod calls;
mod seats;
mod setup;
pub mod sip;

use crate::TelephonyRule;
use crate::engine::Engine;
use crate::service::dial::Numbers;
use axum::Extension;
use files::Files;
use kernel::{App, Error, Result};
use std::sync::Arc;
use utoipa_axum::{router::OpenApiRouter, routes};

/// What the routes lean on.
#[derive(Clone)]
pub struct Telephone {
    /// The engine; none when the platform runs without a telephone.
    pub engine: Option<Arc<Engine>>,
    /// Where recordings lie.
    pub files: Files,
    /// Knows the numbers behind orders and revisits.
    pub numbers: Arc<dyn Numbers>,
    /// The switch's WebSocket for softphones, such as `ws://127.0.0.1:8088/ws`.
    pub sip_url: Option<String>,
    /// The realm of softphones' accounts.
    pub realm: String,
}

impl Telephone {
    fn engine(&self) -> Result<&Arc<Engine>> {
        self.engine.as_ref().ok_or_else(|| Error::from(TelephonyRule::NoSwitch))
    }
}

/// The routes.
pub fn router(telephone: Telephone) -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(seats::softphone))
        .routes(routes!(seats::set_agent_state))
        .routes(routes!(seats::heartbeat))
        .routes(routes!(seats::my_seat))
        .routes(routes!(seats::list_seats))
        .routes(routes!(setup::list_queues))
        .routes(routes!(setup::change_queue))
        .routes(routes!(setup::set_queue_members))
        .routes(routes!(setup::list_flows))
        .routes(routes!(setup::publish_flow))
        .routes(routes!(calls::list_calls))
        .routes(routes!(calls::current_call))
        .routes(routes!(calls::get_call))
        .routes(routes!(calls::call_recording))
        .routes(routes!(calls::call_waveform))
        .routes(routes!(calls::identify_call))
        .routes(routes!(calls::hold_call))
        .routes(routes!(calls::unhold_call))
        .routes(routes!(calls::hang_up_call))
        .routes(routes!(calls::transfer_call))
        .routes(routes!(calls::wrap_up_done))
        .routes(routes!(calls::dial))
        .routes(routes!(sip::sip))
        .layer(Extension(telephone))
}
