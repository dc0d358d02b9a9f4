//! Behaviour on a real database.

mod door;
mod house;
mod http;
mod settling;
