//! All SQL of imports.

mod batch;
mod house;
mod money;

pub(crate) use batch::*;
pub(crate) use house::*;
pub(crate) use money::*;
