//! The house as a whole, through its front door.

mod door;
mod guards;
mod rights;
mod tidy;
