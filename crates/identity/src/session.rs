//! Who is asking: a cookie, a row, and an actor in the request.
//!
//! The actor of a session is kept in memory for [`TTL`], so that a request costs no look-up of
//! its own; ending a session empties it here at once and elsewhere within that time.

use crate::model::{AppKind, is_alive};
use crate::{Me, store};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use kernel::{Actor, App, Channel, Error, Result};
use rand::TryRngCore as _;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use uuid::Uuid;

/// How long another node may still honour a session that was ended here.
pub const TTL: Duration = Duration::from_secs(5);
/// The cookie's name.
pub const COOKIE: &str = "hl_session";

/// SHA-256 of a session's token: what the database keeps.
pub type TokenHash = [u8; 32];

/// The session that a request came with.
#[derive(Clone, Copy, Debug)]
pub struct Session {
    /// Its id.
    pub id: Uuid,
    /// Its key in the table.
    pub token: TokenHash,
    /// What it is for.
    pub app: AppKind,
}

/// The door: knows who came in lately and who comes too often.
pub struct Gate {
    app: App,
    known: Mutex<HashMap<TokenHash, Known>>,
    by_session: DefaultKeyedRateLimiter<Uuid>,
    by_address: DefaultKeyedRateLimiter<String>,
    by_login: DefaultKeyedRateLimiter<String>,
}

#[derive(Clone)]
struct Known {
    actor: Actor,
    session: Session,
    read_at: Instant,
}

/// How often one may come.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Requests a second of one session; bursts may be ten times as many.
    pub per_session: NonZeroU32,
    /// Requests a second of one address that is not signed in.
    pub per_address: NonZeroU32,
    /// Sign-ins a minute with one login.
    pub sign_ins: NonZeroU32,
}

impl Default for Limits {
    fn default() -> Self {
        let n = |n| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
        Self { per_session: n(50), per_address: n(50), sign_ins: n(20) }
    }
}

impl Gate {
    /// A door for this application.
    pub fn new(app: App, limits: Limits) -> Arc<Self> {
        let burst = |n: NonZeroU32| Quota::per_second(n).allow_burst(n.saturating_mul(TEN));
        Arc::new(Self {
            app,
            known: Mutex::default(),
            by_session: RateLimiter::keyed(burst(limits.per_session)),
            by_address: RateLimiter::keyed(burst(limits.per_address)),
            by_login: RateLimiter::keyed(Quota::per_minute(limits.sign_ins)),
        })
    }

    /// Refuses who tries one login too often.
    pub fn admit_sign_in(&self, login: &str) -> Result<()> {
        self.by_login.check_key(&login.to_owned()).map_err(|_| Error::TooMany(60))
    }

    /// Forgets a session that was ended.
    pub fn forget(&self, is_gone: impl Fn(&Session, &Actor) -> bool) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.retain(|_, k| !is_gone(&k.session, &k.actor));
    }

    async fn find(&self, token: TokenHash) -> Result<Option<Known>> {
        {
            let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some(k) = known.get(&token).filter(|k| k.read_at.elapsed() < TTL) {
                return Ok(Some(k.clone()));
            }
        }
        let now = self.app.clock.now();
        let Some(row) = store::session(&self.app, &token).await? else { return Ok(None) };
        if !is_alive(row.app, row.created_at, row.seen_at, now) {
            return Ok(None);
        }
        store::touch_session(&self.app, &token, now).await?;
        let channel = if row.app == AppKind::Field { Channel::Field } else { Channel::Desk };
        let grants = store::grants(&self.app, row.staff_id).await?.into();
        let actor = Actor { user: Some(row.staff_id), name: row.name, channel, grants };
        let session = Session { id: row.id, token, app: row.app };
        let found = Known { actor, session, read_at: Instant::now() };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() > 10_000 {
            known.retain(|_, k| k.read_at.elapsed() < TTL);
        }
        known.insert(token, found.clone());
        Ok(Some(found))
    }
}

const TEN: NonZeroU32 = match NonZeroU32::new(10) {
    Some(n) => n,
    None => NonZeroU32::MIN,
};

/// Middleware: puts the [`Actor`] and [`Session`] of a signed-in request where handlers find
/// them, and turns away who comes too often.
pub async fn authenticate(
    State(gate): State<Arc<Gate>>,
    mut request: Request,
    next: Next,
) -> Response {
    let known = match token_of(request.headers()) {
        None => None,
        Some(token) => match gate.find(token).await {
            Ok(known) => known,
            Err(e) => return e.into_response(),
        },
    };
    let often = match &known {
        Some(k) => gate.by_session.check_key(&k.session.id).is_err(),
        None => gate.by_address.check_key(&address_of(&request)).is_err(),
    };
    if often {
        return Error::TooMany(1).into_response();
    }
    if let Some(Known { actor, session, .. }) = known {
        request.extensions_mut().insert(actor);
        request.extensions_mut().insert(session);
    }
    next.run(request).await
}

/// The address that a request came from.
pub fn address_of(request: &Request) -> String {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>();
    peer.map_or_else(|| "local".to_owned(), |ConnectInfo(a)| a.ip().to_string())
}

/// The hash of the token in the cookie, if there is one.
pub fn token_of(headers: &HeaderMap) -> Option<TokenHash> {
    let cookies = headers.get_all(header::COOKIE).iter().filter_map(|v| v.to_str().ok());
    let token = cookies
        .flat_map(|line| line.split(';'))
        .find_map(|pair| pair.trim().strip_prefix(COOKIE)?.strip_prefix('='))?;
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
    (bytes.len() == 32).then(|| Sha256::digest(bytes).into())
}

/// A new token: what the browser keeps, and what we keep of it.
pub fn new_token() -> Result<(String, TokenHash)> {
    let mut bytes = [0; 32];
    rand::rngs::OsRng.try_fill_bytes(&mut bytes).map_err(|e| Error::Internal(e.into()))?;
    Ok((BASE64_URL_SAFE_NO_PAD.encode(bytes), Sha256::digest(bytes).into()))
}

/// The cookie that carries a token; without one, the cookie that takes it away. `Secure` is left
/// to the TLS proxy's configuration: the embedded default speaks plain HTTP on loopback.
pub fn cookie(token: Option<&str>, app: AppKind, secure: bool) -> String {
    let secure = if secure { "; Secure" } else { "" };
    let (value, age) = match token {
        Some(token) => (token, app.absolute().num_seconds()),
        None => ("", 0),
    };
    format!("{COOKIE}={value}; Path=/; HttpOnly; SameSite=Strict; Max-Age={age}{secure}")
}

/// Who signed in, with the cookie to set.
pub struct SignedIn {
    /// The person.
    pub me: Me,
    /// The token for the cookie.
    pub token: String,
}
