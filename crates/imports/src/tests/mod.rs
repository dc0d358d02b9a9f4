//! Imports on a real database.

mod files;
mod house;
