//! Use cases of money coming in.

mod book;
mod collect;
mod day;
mod read;
mod receipt;
mod refund;
mod reverse;
mod rules;
mod settle;
mod shift;
mod suspense;
mod take;

pub use book::apply_credit;
pub use collect::*;
pub use day::*;
pub use read::*;
pub use receipt::*;
pub use refund::*;
pub use reverse::*;
pub use settle::*;
pub use shift::*;
pub use suspense::*;
pub use take::*;

use kernel::{Error, Result};

/// The most characters that a note of a person has.
const LONGEST: usize = 200;

/// Words that must be there.
fn needed(field: &str, text: &str) -> Result<String> {
    match short(field, text)? {
        text if text.is_empty() => Err(Error::invalid(field, "不能为空", "must not be empty")),
        text => Ok(text),
    }
}

/// Words that may be there.
fn short(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.chars().count() > LONGEST {
        return Err(Error::invalid(field, "最多 200 字", "at most 200 characters"));
    }
    Ok(text.to_owned())
}
