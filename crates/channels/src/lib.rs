//! Messages out, and the links in them.
//!
//! A domain above says what to tell whom and why ([`queue`]); the reason is the key, so the same
//! reason tells once however often its subscriber runs. A job ([`send_waiting`]) hands what waits
//! to a provider ([`SmsProvider`]), tries again when it fails, and gives up in the open.
//!
//! A link that a customer gets is signed ([`link`]): whoever holds it may see one subject until a
//! day, without a sign-in and without a row to look up.

mod api;
pub mod link;
mod model;
pub mod permissions;
mod send;
mod service;
mod store;
pub mod template;
#[cfg(test)]
mod tests;

pub use api::router;
pub use model::{Medium, Message, NewMessage, SendState};
pub use send::{LogSms, SendError, SmsProvider, send_waiting};
pub use service::{list, queue};
