//! The API's document, made from the code. `docs/openapi.json` is its committed copy, from which
//! the browsers' client is made; a test holds both equal.

use utoipa::OpenApi;
use utoipa::openapi::security::{ApiKey, ApiKeyValue, SecurityScheme};

/// What stands above the domains' routes.
#[derive(OpenApi)]
#[openapi(
    info(
        title = "Hearthline",
        description = "Customer service of a utility company: calls, orders, dispatch, billing. \
            Every change carries an Idempotency-Key (a UUID); the same key again gets the same \
            answer. Money is in fen, times are RFC 3339 UTC, positions are WGS-84.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    modifiers(&Session)
)]
pub struct Api;

struct Session;

impl utoipa::Modify for Session {
    fn modify(&self, api: &mut utoipa::openapi::OpenApi) {
        let cookie = ApiKey::Cookie(ApiKeyValue::new(identity::session::COOKIE));
        let components = api.components.get_or_insert_default();
        components.add_security_scheme("session", SecurityScheme::ApiKey(cookie));
    }
}

/// The document of the whole API.
pub fn document() -> utoipa::openapi::OpenApi {
    crate::router::domains(&crate::router::Parts::described()).into_openapi()
}
