//! All SQL of the room.

pub(crate) mod adjustment;
pub(crate) mod application;
pub(crate) mod charge;
pub(crate) mod copy;
pub(crate) mod facts;
pub(crate) mod fees;
pub(crate) mod hold;
pub(crate) mod late;
pub(crate) mod mass;
pub(crate) mod metering;
pub(crate) mod opening;
pub(crate) mod pack;
pub(crate) mod pause;
pub(crate) mod renewal;
pub(crate) mod run;
pub(crate) mod standing;
pub(crate) mod valve;
