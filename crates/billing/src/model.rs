//! Types and rules, without any SQL.

mod application;
mod charge;
mod facts;
mod fees;
mod hold;
mod late;
mod opening;
mod rule;

pub use application::*;
pub use charge::*;
pub(crate) use facts::*;
pub use fees::*;
pub use hold::*;
pub use late::*;
pub use opening::*;
pub use rule::*;
