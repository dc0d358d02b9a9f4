//! The use cases: who goes, and who can.

mod assign;
mod setting;
mod worker;

pub use assign::{Assign, assign, auto, propose};
pub(crate) use assign::{PATIENCE, give_if_automatic, take_back_if_untouched};
pub use setting::{set_setting, setting};
pub use worker::{configure_worker, me, report, shift, track, workers};
