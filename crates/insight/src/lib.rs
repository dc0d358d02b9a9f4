//! What the rooms below know, put together for the eye: the pop while a telephone rings, today's
//! numbers, the backlog, the map, the wall, and the chain of one matter.
//!
//! Nothing is written here and nothing is kept: every figure is counted from the rows that the
//! events of the same transactions tell of. What each figure means, in which unit and by which
//! formula, stands in `docs/numbers.md`.

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
