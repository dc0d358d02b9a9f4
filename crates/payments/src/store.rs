//! All SQL of money coming in.

mod account;
mod attempt;
mod collection;
mod day;
mod debtor;
mod list;
mod order;
mod receipt;
mod refund;
mod shift;
mod suspense;

pub(crate) use account::*;
pub(crate) use attempt::*;
pub(crate) use collection::*;
pub(crate) use day::*;
pub(crate) use debtor::*;
pub(crate) use list::*;
pub(crate) use order::*;
pub(crate) use receipt::*;
pub(crate) use refund::*;
pub(crate) use shift::*;
pub(crate) use suspense::*;
