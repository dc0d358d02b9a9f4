//! The house as a whole, through its front door.

#![expect(clippy::unwrap_used, reason = "a test stops where it fails")]

mod door;
mod guards;
mod rights;
mod tidy;
