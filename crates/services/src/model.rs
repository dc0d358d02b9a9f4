//! Prices, the warranty, offers, audits and settlements. Pure.

mod audit;
mod id;
mod money;
mod offer;
mod rule;
mod settlement;
mod state;
mod views;
mod warranty;

pub use audit::*;
pub use id::*;
pub use money::*;
pub use offer::*;
pub use rule::*;
pub use settlement::*;
pub use state::*;
pub use views::*;
pub use warranty::*;
