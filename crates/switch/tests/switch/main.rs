//! The switch as the platform meets it: one contract for every adapter, and what only a real
//! engine can prove.

mod contract;
mod engine;
mod sound;
mod world;
