//! The signed link as a way in.

use crate::limit::Limiter;
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use kernel::error::extract::Path;
use kernel::{Actor, App, Caller, Channel, Error, Grant, OrderId, Reach};

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
            limiter.admit(order, app.clock.now())?;
        }
        parts.extensions.insert(holder());
        let by = Caller::from_request_parts(parts, app).await?;
        Ok(Self { order, by })
    }
}

/// The customer as history names him.
pub(crate) fn holder() -> Actor {
    let key = notices::permissions::VIEW.key.to_owned();
    let notices = Grant { key, path: "/".to_owned(), reach: Reach::Subtree };
    Actor { grants: [notices].into(), ..Actor::customer("客户", Channel::Portal) }
}
