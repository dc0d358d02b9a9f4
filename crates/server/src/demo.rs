//! The demonstration's caller page: a browser that calls the service number as if by the trunk,
//! so that nobody needs a telephone to see a call. Closed unless the demonstration is on.

use axum::extract::ws::WebSocketUpgrade;
use axum::extract::{Extension, State};
use axum::response::Response;
use kernel::{App, Error, Problem, Result};
use serde::Serialize;
use std::sync::Arc;
use utoipa_axum::{router::OpenApiRouter, routes};

/// Who may call from a browser.
#[derive(Clone, Debug, Default)]
pub struct Callers(Option<Arc<Open>>);

/// The caller's page as it is when open.
#[derive(Debug)]
pub struct Open {
    /// The switch's WebSocket.
    pub switch_url: String,
    /// Telephones, one for each browser that calls at the same time.
    pub phones: Vec<Phone>,
    /// The number to call.
    pub service_number: String,
}

/// A browser telephone of the demonstration.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(as = DemoPhone)]
pub struct Phone {
    /// SIP user.
    pub endpoint: String,
    /// Its password.
    pub secret: String,
}

impl Callers {
    /// Nobody.
    pub fn closed() -> Self {
        Self(None)
    }

    /// These telephones.
    pub fn open(open: Open) -> Self {
        Self(Some(Arc::new(open)))
    }

    fn get(&self) -> Result<&Open> {
        self.0.as_deref().ok_or(Error::NotFound("page"))
    }
}

/// The routes of the caller's page.
pub fn router(callers: Callers) -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(demo_caller))
        .routes(routes!(demo_sip))
        .layer(Extension(callers))
}

/// What the caller's page needs.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DemoCaller {
    ws_url: &'static str,
    accounts: Vec<Phone>,
    service_number: String,
    numbers: Vec<DemoNumber>,
}

/// A household whose number one may call from.
#[derive(Serialize, utoipa::ToSchema)]
pub struct DemoNumber {
    number: String,
    name: String,
    address: String,
}

/// Telephones and households of the demonstration.
#[utoipa::path(get, path = "/api/demo/caller", tag = "demo",
    responses((status = 200, body = DemoCaller), (status = "4XX", body = Problem)))]
async fn demo_caller(
    State(app): State<App>,
    Extension(callers): Extension<Callers>,
) -> Result<axum::Json<DemoCaller>> {
    let open = callers.get()?;
    let numbers = city::demo_callers(&app.pool).await?.into_iter();
    Ok(axum::Json(DemoCaller {
        ws_url: "/api/demo/sip",
        accounts: open.phones.clone(),
        service_number: open.service_number.clone(),
        numbers: numbers
            .map(|c| DemoNumber { number: c.number, name: c.name, address: c.address })
            .collect(),
    }))
}

/// The callers' WebSocket, subprotocol `sip`.
#[utoipa::path(get, path = "/api/demo/sip", tag = "demo",
    responses((status = 101, description = "SIP over WebSocket"),
              (status = "4XX", body = Problem)))]
async fn demo_sip(
    Extension(callers): Extension<Callers>,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    Ok(telephony::pass_through(upgrade, callers.get()?.switch_url.clone()))
}
