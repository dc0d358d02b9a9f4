//! All SQL of this room, one file for each thing that is read or written.

mod catalogue;
mod facts;
mod list;
mod order;
mod read;
mod revisit;
mod warning;

pub(crate) use catalogue::*;
pub(crate) use facts::*;
pub(crate) use list::*;
pub(crate) use order::*;
pub(crate) use read::*;
pub(crate) use revisit::*;
pub(crate) use warning::*;
