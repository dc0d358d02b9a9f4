//! Tests on a real database.

mod book;
mod household;
mod sums;
