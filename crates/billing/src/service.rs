//! Use cases.

mod charge;
mod opening;

pub use charge::*;
pub use opening::*;
