//! All SQL of the directory.

mod account;
mod binding;
mod find;
mod place;

pub(crate) use account::*;
pub(crate) use binding::*;
pub(crate) use find::*;
pub(crate) use place::*;
