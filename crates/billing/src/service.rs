//! Use cases.

mod application;
mod fees;
mod hold;
mod late;
mod opening;
mod recalc;
mod reckon;
mod rules;

pub use application::*;
pub use fees::*;
pub use hold::{
    hold_for_event, holds, inspection_hold, list_holds, place_hold, release_hold,
};
pub use late::*;
pub use opening::*;
pub use recalc::*;
pub use reckon::*;
