//! Postings, and what follows from them.

mod event;
mod posting;
mod rule;
mod seal;
mod views;

pub(crate) use event::common_org;
pub use event::*;
pub use posting::*;
pub use rule::*;
pub(crate) use seal::Content;
pub use seal::*;
pub use views::*;
