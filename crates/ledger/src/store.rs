//! All SQL of the book.

mod balance;
mod moment;
mod period;
mod posting;
mod read;
mod segment;

pub(crate) use balance::*;
pub(crate) use moment::*;
pub(crate) use period::*;
pub(crate) use posting::*;
pub(crate) use read::*;
pub(crate) use segment::*;
