//! All SQL of this domain.

pub(crate) mod calls;
pub(crate) mod lists;
pub(crate) mod recordings;
pub(crate) mod seats;
pub(crate) mod setup;
