//! The customer's side: what he is told of his order, and what he sees and does by the link in it.
//!
//! A signed link (`channels::link`) stands for a sign-in: it opens one order, masked, and lets
//! its holder press for it. Another kind of link is sent to a household's holder: it opens that
//! household's page, where heat is stopped online, and ends in days or with the holder. Nothing
//! else of the house is reachable through here.

mod api;
mod jobs;
mod limit;
mod linked;
mod model;
mod service;
mod store;
#[cfg(test)]
mod tests;

pub use api::router;
pub use jobs::{on_link_wanted, on_order_dispatched, on_order_finished};
pub use model::*;
pub use service::{chase, progress};
