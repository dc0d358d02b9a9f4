//! All SQL of the book.

mod balance;
mod export;
mod many;
mod mass;
mod moment;
mod period;
mod posting;
mod read;
mod seal;
mod segment;
mod verify;

pub(crate) use balance::*;
pub(crate) use export::*;
pub(crate) use many::*;
pub use mass::STAGE_COLUMNS;
pub(crate) use mass::*;
pub(crate) use moment::*;
pub(crate) use period::*;
pub(crate) use posting::*;
pub(crate) use read::*;
pub(crate) use seal::*;
pub(crate) use segment::*;
pub(crate) use verify::*;
