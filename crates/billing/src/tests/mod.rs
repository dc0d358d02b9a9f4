//! Tests of the room.

mod adjusting;
mod business;
mod fees;
mod ground;
mod meters;
mod opening;
mod pack;
mod recalc;
