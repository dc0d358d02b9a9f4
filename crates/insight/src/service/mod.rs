//! Use cases of insight.

mod chain;
mod fee_sheets;
mod fees;
mod numbers;
mod pop;

pub use chain::chain;
pub use fee_sheets::*;
pub use fees::*;
pub use numbers::{backlog, live_map, today, wall};
pub use pop::{pop, pop_of_household};
