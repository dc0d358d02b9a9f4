//! The telephone: voice menus, queues, agents' seats, calls, recordings, click to call.
//!
//! What happens is decided in `model`, which is pure. The [`Engine`] hears the switch, takes each
//! step in one short transaction on the locked call, and afterwards asks the switch for what the
//! call's row now says. State lives in the database: a restarted server takes over live calls, and
//! whatever differs between the rows and the switch is healed within seconds.

mod api;
mod engine;
mod events;
mod model;
pub mod permissions;
mod rules;
mod seed;
mod service;
mod store;
mod views;

#[cfg(test)]
mod tests;

pub use api::sip::pass_through;
pub use api::{Telephone, router};
pub use engine::Engine;
pub use model::call::{CallState, Direction, OfferResult, Outcome, Party};
pub use model::flow::{Graph, Node};
pub use model::queue::Strategy;
pub use model::seat::SeatState;
pub use rules::TelephonyRule;
pub use seed::{SERVICE_NUMBER, join_queue, main_flow, seed_defaults};
pub use service::calls::{current, get as call, list as calls};
pub use service::dial::{Called, Numbers, Purpose};
pub use service::seats::all as seats;
pub use service::setup::queues;
pub use views::*;
