//! SQL of dispatch, by subject.

mod proposal;
mod setting;
mod worker;

pub(crate) use proposal::{decide, facts, find, keep, was_proposed, workers_for};
pub(crate) use setting::{automatic, set_automatic, told, waiting};
pub(crate) use worker::{
    Known, add_track, list, lock, me, put, set_position, set_seen, set_settings, set_shift,
    settings_of, track,
};
