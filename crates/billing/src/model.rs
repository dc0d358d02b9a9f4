//! Types and rules, without any SQL.

mod charge;
mod opening;

pub use charge::*;
pub use opening::*;
