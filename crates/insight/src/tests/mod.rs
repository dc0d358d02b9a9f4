//! Tests on a real database.

mod chain;
mod fees;
mod house;
mod numbers;
mod pop;
