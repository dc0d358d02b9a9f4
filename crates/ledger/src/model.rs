//! Postings, and what follows from them.

mod event;
mod posting;
mod rule;
mod views;

pub(crate) use event::common_org;
pub use event::*;
pub use posting::*;
pub use rule::*;
pub use views::*;
