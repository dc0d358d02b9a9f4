//! Pure types and rules of money coming in.

mod collect;
mod day;
mod office;
mod plan;
mod receipt;
mod rule;
mod settling;
mod state;
mod till;
mod views;

pub use collect::*;
pub use day::*;
pub use office::*;
pub use plan::*;
pub use receipt::*;
pub use rule::*;
pub use settling::*;
pub use state::*;
pub use till::*;
pub use views::*;
