//! Service orders: from a customer's request to its closing.
//!
//! An order is filed (usually in a call), given to a repairer, worked through by him, judged,
//! and its customer is asked. Its states are a table ([`STEPS`]), its time limits are promises
//! of its kind ([`Policy`]); each step is a use case here, an event on the matter's timeline,
//! and a line of `docs/orders.md`.
//!
//! Rooms above call the use cases ([`dispatch_to`] from `dispatch`, [`advance`] from `field`);
//! they hear of everything else through events named `order.*`.

mod api;
mod event;
pub mod jobs;
mod model;
pub mod permissions;
mod seed;
mod service;
mod store;

pub use api::router;
pub use model::*;
pub use seed::seed_defaults;
pub use service::*;

#[cfg(test)]
mod tests;
