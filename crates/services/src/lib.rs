//! Paid services: what is done in a flat beyond the public service, who pays for it, and what the
//! repairer earns by it.
//!
//! A repairer offers lines of the catalogue; prices and the warranty come from data that was in
//! force that day, never from him. The customer sees the sum and signs before the work; when the
//! order is finished the sum becomes a debt of the household (item `service`) that the counter
//! takes like any other. What looks odd waits for an audit; what he earned is settled by period,
//! approved by a second person, and stands in the book as payable. Nothing is edited: what was
//! wrong is reversed by a posting that names it.

mod api;
mod event;
pub mod jobs;
mod model;
pub mod permissions;
mod seed;
mod service;
mod store;

#[cfg(test)]
mod tests;

pub use api::router;
pub use model::*;
pub use seed::seed_defaults;
pub use service::*;
