//! The signed link as a way in.

use crate::limit::Limiter;
use crate::store::home as store;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use chrono::{DateTime, Utc};
use kernel::error::extract::Path;
use kernel::{AccountId, Actor, App, Caller, Channel, Error, Grant, OrderId, Reach, Scope};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use uuid::Uuid;

/// Who holds a valid link: which order it opens, and a caller who holds no key but that to see
/// public notices. Whoever may be signed in on the same browser does not count here.
pub(crate) struct Linked {
    pub order: OrderId,
    pub by: Caller,
}

impl FromRequestParts<App> for Linked {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Path(token) = Path::<String>::from_request_parts(parts, app).await?;
        let order = OrderId::from(channels::link::verify(app, &token).await?);
        if let Some(limiter) = parts.extensions.get::<Limiter>() {
            limiter.admit(*order, app.clock.now())?;
        }
        parts.extensions.insert(holder());
        let by = Caller::from_request_parts(parts, app).await?;
        Ok(Self { order, by })
    }
}

/// Who holds a valid link to a household: he may ask for its business, and for no other's.
pub(crate) struct Resided {
    pub door: Door,
    pub by: Caller,
}

/// Which household a link opens, and until when.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Door {
    pub account: AccountId,
    pub until: DateTime<Utc>,
}

impl FromRequestParts<App> for Resided {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Path(token) = Path::<String>::from_request_parts(parts, app).await?;
        let id = channels::link::verify(app, &token).await?;
        if let Some(limiter) = parts.extensions.get::<Limiter>() {
            limiter.admit(id, app.clock.now())?;
        }
        let gone = || Error::NotFound("page");
        let mut tx = app.begin(holder()).await?;
        let link = store::invitation(&mut tx, id).await?.ok_or_else(gone)?;
        let home = store::home(&mut tx, link.account_id, &Scope::all()).await?;
        drop(tx);
        let keys = [billing::permissions::VIEW, billing::permissions::APPLY];
        let own = keys.map(|k| Grant {
            key: k.key.to_owned(),
            path: home.org_path.clone(),
            reach: Reach::Subtree,
        });
        let customer = Actor::customer("客户", Channel::Portal);
        parts.extensions.insert(Actor { grants: own.into(), ..customer });
        let by = Caller::from_request_parts(parts, app).await?;
        let door = Door { account: link.account_id, until: link.expires_at };
        Ok(Self { door, by })
    }
}

/// Somebody without a link who asks for one.
pub(crate) struct Passing {
    pub caller: Caller,
    limiter: Option<Limiter>,
    now: DateTime<Utc>,
}

impl Passing {
    /// Refuses who tries many numbers on one household.
    pub fn brake(&self, account_no: &str) -> Result<(), Error> {
        let mut hasher = DefaultHasher::new();
        account_no.trim().hash(&mut hasher);
        let link = Uuid::from_u128(hasher.finish().into());
        self.limiter.as_ref().map_or(Ok(()), |l| l.admit(link, self.now))
    }
}

impl FromRequestParts<App> for Passing {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let limiter = parts.extensions.get::<Limiter>().cloned();
        parts.extensions.insert(Actor::customer("客户", Channel::Portal));
        let caller = Caller::from_request_parts(parts, app).await?;
        Ok(Self { caller, limiter, now: app.clock.now() })
    }
}

/// The customer as history names him.
pub(crate) fn holder() -> Actor {
    let key = notices::permissions::VIEW.key.to_owned();
    let notices = Grant { key, path: "/".to_owned(), reach: Reach::Subtree };
    Actor { grants: [notices].into(), ..Actor::customer("客户", Channel::Portal) }
}
