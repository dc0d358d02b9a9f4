//! Tests on a real database.

mod chain;
mod customer;
mod fees;
mod house;
mod lists;
mod numbers;
mod pop;
