//! Tests on a real database.

mod chain;
mod house;
mod numbers;
mod pop;
