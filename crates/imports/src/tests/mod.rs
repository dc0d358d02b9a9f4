//! Imports on a real database.

mod files;
mod house;
mod large;
mod shade;
mod undo;
mod worklist;
