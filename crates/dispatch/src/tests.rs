//! Behaviour on a real database.

mod giving;
mod house;
mod positions;
