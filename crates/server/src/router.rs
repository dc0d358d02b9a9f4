//! All doors: the domains' routes, the apps, and what stands before every request.

use crate::demo::Callers;
use crate::openapi::Api;
use crate::permissions;
use crate::relay::{self, Hub};
use axum::Router;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;
use files::Files;
use identity::session::Gate;
use kernel::{App, Error};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;
use telephony::Telephone;
use tower_http::compression::CompressionLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate as _, SizeAbove};
use tower_http::csrf::CsrfLayer;
use tower_http::services::{ServeDir, ServeFile};
use tower_http::set_header::SetResponseHeaderLayer;
use tower_http::trace::TraceLayer;
use utoipa::OpenApi as _;
use utoipa_axum::router::OpenApiRouter;

/// What the routes need beside the application.
#[derive(Clone)]
pub struct Parts {
    /// Who comes in.
    pub door: identity::Door,
    /// Stored files.
    pub files: Files,
    /// Who signs days of the book, and certificates.
    pub signer: Arc<ledger::Signer>,
    /// Live news.
    pub hub: Hub,
    /// The telephone.
    pub telephone: Telephone,
    /// The demonstration's callers; closed in production.
    pub callers: Callers,
}

/// The largest body of a request that uploads nothing.
const MAX_BODY: usize = 1024 * 1024;

/// The routes of all domains.
pub fn domains(parts: &Parts) -> OpenApiRouter<App> {
    OpenApiRouter::with_openapi(Api::openapi())
        .merge(identity::router(parts.door.clone()))
        .merge(directory::router())
        .merge(ledger::router())
        .merge(billing::router())
        .merge(payments::router())
        .merge(services::router())
        .merge(channels::router())
        .merge(orders::router())
        .merge(dispatch::router())
        .merge(notices::router())
        .merge(telephony::router(parts.telephone.clone()))
        .merge(field::router())
        .merge(portal::router(parts.files.clone()))
        .merge(insight::router())
        .merge(relay::router(parts.hub.clone()))
        .merge(crate::demo::router(parts.callers.clone()))
        .layer(DefaultBodyLimit::max(MAX_BODY))
        .merge(files::router(parts.files.clone()))
        .merge(imports::router(parts.files.clone(), Arc::clone(&parts.signer)))
}

/// The whole house as one service.
pub fn house(app: &App, parts: &Parts, web: &Path) -> Router {
    let (routes, _) = domains(parts).split_for_parts();
    let api = routes
        .layer(middleware::from_fn_with_state(app.clone(), idempotent))
        .layer(middleware::from_fn_with_state(parts.door.gate.clone(), admit))
        .layer(CsrfLayer::new())
        .with_state(app.clone());
    let mut house = Router::new()
        .route("/", get(|| async { Redirect::temporary("/desk/") }))
        .route("/healthz", get(health).with_state(app.clone()))
        .merge(api);
    for name in ["desk", "field", "portal", "wall"] {
        house = house.merge(browser_app(name, web));
    }
    let small = SizeAbove::new(860).and(NotForContentType::new("text/event-stream"));
    let sound = NotForContentType::new("audio/").and(NotForContentType::new("video/"));
    house
        .fallback(|| async { Error::NotFound("page") })
        .layer(CompressionLayer::new().compress_when(small.and(sound)))
        .layer(middleware::from_fn(guarded))
        .layer(TraceLayer::new_for_http())
}

/// Middleware of `kernel`, but for doors that no signed-in person goes through.
async fn idempotent(State(app): State<App>, request: Request, next: Next) -> Response {
    let open = ["/api/identity/sign-in"];
    if open.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    kernel::command::idempotent(State(app), request, next).await
}

async fn admit(State(gate): State<Arc<Gate>>, request: Request, next: Next) -> Response {
    identity::session::authenticate(State(gate), request, next).await
}

/// One of the apps: its files, and its first page for every address inside it.
fn browser_app(name: &str, web: &Path) -> Router {
    let dist: PathBuf = web.join(name).join("dist");
    let first = ServeFile::new(dist.join("index.html"));
    let pages = ServeDir::new(&dist).precompressed_gzip().fallback(first);
    // The names of built assets carry their content's hash; pages are asked for again.
    let assets = ServeDir::new(dist.join("assets"));
    let forever = SetResponseHeaderLayer::overriding(
        header::CACHE_CONTROL,
        HeaderValue::from_static("public, max-age=31536000, immutable"),
    );
    let fresh = SetResponseHeaderLayer::overriding(
        header::CACHE_CONTROL,
        HeaderValue::from_static("no-cache"),
    );
    let assets = tower::ServiceBuilder::new().layer(forever).service(assets);
    let pages = tower::ServiceBuilder::new().layer(fresh).service(pages);
    let slash = format!("/{name}/");
    Router::new()
        .route(&format!("/{name}"), get(move || async move { Redirect::permanent(&slash) }))
        .nest_service(&format!("/{name}/assets"), assets)
        .nest_service(&format!("/{name}/"), pages)
}

/// Whether this node can do its work: the load balancer asks.
async fn health(State(app): State<App>) -> Response {
    let answer = tokio::time::timeout(Duration::from_secs(2), async {
        sqlx::query("select 1").execute(&app.pool).await
    });
    match answer.await {
        Ok(Ok(_)) => (StatusCode::OK, "ok").into_response(),
        _ => (StatusCode::SERVICE_UNAVAILABLE, "no database").into_response(),
    }
}

/// What every answer says to the browser about what it must not do.
async fn guarded(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut say = |name: &'static str, value: &'static str| {
        headers.entry(HeaderName::from_static(name)).or_insert(HeaderValue::from_static(value));
    };
    say("x-content-type-options", "nosniff");
    say("referrer-policy", "same-origin");
    say("x-frame-options", "DENY");
    say("cross-origin-opener-policy", "same-origin");
    say("permissions-policy", "camera=(self), microphone=(self), geolocation=(self)");
    say(
        "content-security-policy",
        "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; \
         worker-src 'self' blob:; style-src 'self' 'unsafe-inline'; connect-src 'self' ws: wss:; \
         object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'self'",
    );
    if is_api {
        say("cache-control", "no-store");
    }
    response
}

impl Parts {
    /// Parts that only describe: for the API's document, without any engine behind.
    pub fn described() -> Self {
        let pool = sqlx::postgres::PgPoolOptions::new().connect_lazy_with(Default::default());
        let app = App::new(pool, kernel::Clock::System);
        let stopping = tokio_util::sync::CancellationToken::new();
        let files = Files::in_memory();
        Self {
            telephone: Telephone {
                engine: None,
                files: files.clone(),
                numbers: Arc::new(crate::house::OrderNumbers),
                sip_url: None,
                realm: String::new(),
            },
            door: identity::Door {
                gate: Gate::new(app, Default::default()),
                permissions: &permissions::ALL,
                secure_cookie: false,
            },
            files,
            signer: Arc::new(ledger::Signer::new(&[0; 32])),
            hub: Hub::new(stopping),
            callers: Callers::closed(),
        }
    }
}
