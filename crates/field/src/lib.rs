//! The repairer's work on the spot: visits, evidence, temperatures.
//!
//! His phone works without a signal, so what it tells arrives late and sometimes twice. Each
//! step is kept with the instant that the phone names (never in the future), a step implies those
//! before it, and a step that was taken already is answered like the first time.
//!
//! Work is finished when its evidence is complete ([`missing`]); whoever judges it sees the
//! pictures, the temperatures, and how far from the house he stood on arriving.

mod api;
mod event;
mod model;
pub mod permissions;
mod service;
mod store;
#[cfg(test)]
mod tests;

pub use api::router;
pub use model::*;
pub use service::*;
