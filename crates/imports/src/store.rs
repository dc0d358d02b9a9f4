//! All SQL of imports.

mod batch;
mod house;
mod line;
mod making;
mod money;
mod shadow;

pub(crate) use batch::*;
pub(crate) use house::*;
pub(crate) use line::*;
pub(crate) use making::*;
pub(crate) use money::*;
pub(crate) use shadow::*;
