//! Types and rules, without any SQL.

mod adjustment;
mod application;
mod charge;
mod facts;
mod fees;
mod hold;
mod late;
mod metering;
mod opening;
mod pack;
mod renewal;
mod rule;
mod run;

pub use adjustment::*;
pub use application::*;
pub use charge::*;
pub(crate) use facts::*;
pub use fees::*;
pub use hold::*;
pub use late::*;
pub use metering::*;
pub use opening::*;
pub use pack::*;
pub use renewal::*;
pub use rule::*;
pub use run::*;
