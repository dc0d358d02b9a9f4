//! Tests on a real database.

mod book;
mod export;
mod household;
mod lessons;
mod mass;
mod moment;
mod period;
mod seal;
mod sums;
