//! Tests on a real database.

mod book;
mod household;
mod moment;
mod period;
mod sums;
