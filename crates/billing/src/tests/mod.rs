//! Tests of the room.

mod fees;
mod ground;
mod opening;
mod recalc;
