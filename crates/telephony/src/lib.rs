//! The telephone: voice menus, queues, agents' seats, calls, recordings, click to call.
//!
//! What happens is decided in `model`, which is pure. The [`Engine`] hears the switch, takes each
//! step in one short transaction on the locked call, and afterwards asks the switch for what the
//! call's row now says. State lives in the database: a restarted server takes over live calls, and
//! whatever differs between the rows and the switch is healed within seconds.

mod engine;
mod events;
mod model;
pub mod permissions;
mod rules;
mod store;

#[cfg(test)]
mod tests;

pub use engine::{Engine, RecordingStore};
pub use model::call::{CallState, Direction, OfferResult, Outcome, Party};
pub use model::flow::{Graph, Node};
pub use model::queue::Strategy;
pub use model::seat::SeatState;
pub use rules::TelephonyRule;
