//! All SQL of the room.

pub(crate) mod charge;
pub(crate) mod opening;
