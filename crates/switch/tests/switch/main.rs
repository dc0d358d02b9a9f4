//! The switch as the platform meets it: one contract for every adapter, and what only a real
//! engine can prove.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on says where")]

mod contract;
mod engine;
mod sound;
mod world;
