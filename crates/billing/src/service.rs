//! Use cases.

mod adjustment;
mod application;
mod fees;
mod hold;
mod late;
mod metering;
mod opening;
mod pack;
mod recalc;
mod reckon;
mod rules;
mod settlement;

pub use adjustment::*;
pub use application::*;
pub use fees::*;
pub use hold::{hold_for_event, holds, inspection_hold, list_holds, place_hold, release_hold};
pub use late::*;
pub use metering::*;
pub use opening::*;
pub use pack::*;
pub use recalc::*;
pub use reckon::*;
pub use rules::{pack_for, pack_on, pack_version, publish_demonstration};
pub use settlement::*;
