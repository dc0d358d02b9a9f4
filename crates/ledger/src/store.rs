//! All SQL of the book.

mod balance;
mod posting;
mod segment;

pub(crate) use balance::*;
pub(crate) use posting::*;
pub(crate) use segment::*;
