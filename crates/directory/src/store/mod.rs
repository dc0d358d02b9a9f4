//! All SQL of the directory.

mod account;
mod binding;
mod contact;
mod fact;
mod find;
mod household;
mod merge;
mod open;
mod person;
mod place;
mod quality;
mod term;

pub(crate) use account::*;
pub(crate) use binding::*;
pub(crate) use contact::*;
pub(crate) use fact::*;
pub(crate) use find::*;
pub(crate) use household::*;
pub(crate) use merge::*;
pub(crate) use open::*;
pub(crate) use person::*;
pub(crate) use place::*;
pub use quality::FindingFilter;
pub(crate) use quality::{decide, findings, lock_finding, look_for, quality_counts, settle_pair};
pub(crate) use term::*;

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

/// The constraint that a statement ran against.
pub(crate) fn constraint(e: &sqlx::Error) -> Option<&str> {
    match e {
        sqlx::Error::Database(db) => db.constraint(),
        _ => None,
    }
}
