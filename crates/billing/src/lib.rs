//! What heat is charged for: rule packs, charges, openings of a season, corrections, late fees,
//! applications and holds.
//!
//! A charge is `tariff::season_charge` of the facts that we believed and of one version of a
//! rule pack; it keeps both, so that every figure can be made and explained again. Nothing is
//! edited: when a fact changes backwards in time, the difference is posted as a correction and
//! the charge gets its next version. Money itself stands in the room `ledger` below.

mod api;
mod event;
mod jobs;
mod model;
pub mod permissions;
mod service;
mod store;

#[cfg(test)]
mod tests;

pub use api::router;
pub use event::*;
pub use jobs::*;
pub use model::*;
pub use service::*;
