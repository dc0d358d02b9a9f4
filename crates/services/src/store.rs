//! SQL of this room.

mod audit;
mod catalogue;
mod offer;
mod sheet;
mod statement;

pub(crate) use audit::*;
pub(crate) use catalogue::*;
pub(crate) use offer::*;
pub(crate) use sheet::*;
pub(crate) use statement::*;
