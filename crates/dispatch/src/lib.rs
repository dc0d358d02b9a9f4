//! Who goes: repairers, where they are, and which of them gets an order.
//!
//! Facts come by SQL, the ranking from the pure crate `routing`, and every ranking is kept with
//! its reasons, whatever was decided ([`propose`]). A person takes the first with one click or
//! somebody else with a reason ([`assign`]); where the station said so the first is taken without
//! a person ([`on_order_open`]), and [`dispatch_waiting`] comes back for orders that nobody could
//! take when they were filed.
//!
//! Positions come in batches from the repairers' phones ([`report`]). They make no events: a
//! live map reads them.

mod api;
mod jobs;
mod model;
pub mod permissions;
mod service;
mod store;
#[cfg(test)]
mod tests;

pub use api::router;
pub use jobs::{dispatch_waiting, on_order_dispatched, on_order_open};
pub use model::*;
pub use service::*;
