//! Tests of the room.

mod adjusting;
mod business;
mod everybody;
mod fees;
mod ground;
mod late_close;
mod mass;
mod meters;
mod opening;
mod pack;
mod recalc;
mod rules;
mod run;
mod sequences;
