//! Use cases.

mod adjustment;
mod application;
mod claim;
mod fees;
mod hold;
mod late;
mod metering;
mod opening;
mod pack;
mod recalc;
mod reckon;
mod renewal;
mod rules;
mod run;
mod settlement;

pub use adjustment::*;
pub use application::*;
pub use claim::*;
pub use fees::*;
pub use hold::{
    bounced_cheque_hold, hold_for_event, hold_for_room, holds, inspection_hold, list_holds,
    place_hold, release_hold,
};
pub use late::*;
pub use metering::*;
pub use opening::*;
pub use pack::*;
pub use recalc::*;
pub use reckon::*;
pub use renewal::*;
pub use rules::{pack_for, pack_on, pack_version, publish_demonstration};
pub use run::{
    close_season_late_fees, go_on, post_run, preview_pack, run, runs, settle_everybody,
    withdraw_run,
};
pub use settlement::{preview_settlement, settle_season, settlements};
