//! What the book tells.

use chrono::NaiveDate;
use kernel::{AccountId, Event, PostingId, Subject};
use serde::Serialize;

/// Something was written to the book.
#[derive(Debug, Serialize)]
pub struct Posted {
    /// The posting.
    pub posting_id: PostingId,
    /// What caused it.
    pub source: String,
    /// Which one.
    pub source_id: String,
    /// The posting that it corrects.
    pub corrects_id: Option<PostingId>,
    /// The households that it touches.
    pub accounts: Vec<AccountId>,
    #[serde(skip)]
    pub(crate) org_path: String,
}

impl Event for Posted {
    fn kind(&self) -> &'static str {
        "ledger.posted"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "posting", id: *self.posting_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// A period was closed, for ever.
#[derive(Debug, Serialize)]
pub struct PeriodClosed {
    /// Its last day.
    pub through: NaiveDate,
    #[serde(skip)]
    pub(crate) id: uuid::Uuid,
}

impl Event for PeriodClosed {
    fn kind(&self) -> &'static str {
        "ledger.period_closed"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "period", id: self.id }
    }
}

/// The lowest organisation that has all of these below it.
pub(crate) fn common_org(paths: &[String]) -> String {
    let Some((first, rest)) = paths.split_first() else { return "/".to_owned() };
    let shared = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let len = rest.iter().map(|p| shared(first, p)).min().unwrap_or(first.len());
    let end = first.get(..len).and_then(|s| s.rfind('/')).map_or(0, |i| i + 1);
    first.get(..end).unwrap_or("/").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_common_organisation_ends_at_a_whole_name() {
        for (paths, common) in [
            (&["/hq/east/s1/", "/hq/east/s2/"][..], "/hq/east/"),
            (&["/hq/east/s1/", "/hq/east/s1/"], "/hq/east/s1/"),
            (&["/hq/east/s1/", "/hq/west/s9/"], "/hq/"),
            (&["/hq/east/s1/"], "/hq/east/s1/"),
            (&[], "/"),
        ] {
            let paths: Vec<String> = paths.iter().map(|p| (*p).to_owned()).collect();
            assert_eq!(common_org(&paths), common);
        }
    }
}
