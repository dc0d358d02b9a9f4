//! All SQL of the room.

pub(crate) mod application;
pub(crate) mod charge;
pub(crate) mod facts;
pub(crate) mod fees;
pub(crate) mod hold;
pub(crate) mod opening;
pub(crate) mod standing;
