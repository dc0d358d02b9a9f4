//! Use cases of insight.

mod chain;
mod numbers;
mod pop;

pub use chain::chain;
pub use numbers::{backlog, live_map, today, wall};
pub use pop::{pop, pop_of_household};
