//! Everything that is decided, without a database and without a switch.

pub mod align;
pub mod call;
pub mod decide;
pub mod flow;
pub mod queue;
pub mod seat;
pub mod sound;
