//! All SQL of the directory.

mod account;
mod binding;
mod fact;
mod find;
mod place;

pub(crate) use account::*;
pub(crate) use binding::*;
pub(crate) use fact::*;
pub(crate) use find::*;
pub(crate) use place::*;

/// Bounds in collation "C". Unlike `like` they use an index whatever the plan, and when nothing
/// was said they bound nothing.
pub(crate) struct Range {
    pub from: String,
    pub to: String,
}

/// Greater than every text that people write.
const LAST: &str = "\u{10ffff}";

impl Range {
    /// Everything that begins with `head`.
    pub fn of(head: &str) -> Self {
        Self { from: head.to_owned(), to: format!("{head}{LAST}") }
    }

    /// Only `whole`, or everything.
    pub fn exactly(whole: Option<&str>) -> Self {
        match whole {
            Some(whole) => Self { from: whole.to_owned(), to: whole.to_owned() },
            None => Self::of(""),
        }
    }
}
