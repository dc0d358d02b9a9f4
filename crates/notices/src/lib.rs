//! What an agent must know about the caller's area before the caller says it: incidents, works,
//! outages and announcements, and how the exchange station runs.
//!
//! A notice hangs on one node of the address tree or of the heat network, and [`concerns`] every
//! household below it. Stations report [`Reading`]s; the newest and a short tail are shown.

mod api;
mod model;
pub mod permissions;
mod service;
mod store;

#[cfg(test)]
mod tests;

pub use api::router;
pub use model::*;
pub use service::*;
