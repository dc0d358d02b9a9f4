//! Use cases of insight.

mod chain;
mod customer;
mod fee_sheets;
mod fees;
mod list_sheet;
mod numbers;
mod pop;

pub use chain::chain;
pub use customer::{customer, repairs};
pub use fee_sheets::*;
pub use fees::*;
pub use list_sheet::list_sheet;
pub(crate) use list_sheet::wide;
pub use numbers::{backlog, live_map, today, wall};
pub use pop::{pop, pop_of_household};
