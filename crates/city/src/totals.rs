//! Control totals: what a load must come to, by year, branch, item and state.

use serde::Serialize;
use std::collections::BTreeMap;

/// Sums of one season, branch and item, in fen.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Control {
    /// Charged, corrections included.
    pub charged_fen: i64,
    /// Paid in money for it.
    pub paid_fen: i64,
    /// Settled from what was paid ahead, less what was moved there.
    pub credited_fen: i64,
    /// Given up.
    pub written_off_fen: i64,
}

impl Control {
    /// Still owed.
    pub fn owed_fen(&self) -> i64 {
        self.charged_fen - self.paid_fen - self.credited_fen - self.written_off_fen
    }
}

/// A season, a branch, an item.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct ControlKey {
    /// Code of the season.
    pub season: String,
    /// Path of the station.
    pub org_path: String,
    /// What for.
    pub item: &'static str,
}

/// Something that was planted for the search for bad data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Fault {
    /// What is wrong: `duplicate_person`, `duplicate_premise`, `missing_phone`,
    /// `impossible_area`, `misfiled`, `double_payment`; and `namesake`, which only looks wrong.
    pub kind: &'static str,
    /// The household at which it lies.
    pub account_no: String,
    /// Ids of the rows in question; of a pair both.
    pub ids: Vec<uuid::Uuid>,
    /// What would be right, where there is such a thing.
    pub right: String,
}

/// Control totals of a load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub postings: u64,
    pub charges: u64,
    pub charged: i64,
    pub paid: i64,
    pub written_off: i64,
    pub advance: i64,
    pub controls: BTreeMap<(usize, usize, &'static str), Control>,
    pub faults: Vec<Fault>,
}

impl Totals {
    /// Writes down what was planted.
    pub(crate) fn plant(
        &mut self,
        kind: &'static str,
        account_no: &str,
        ids: Vec<uuid::Uuid>,
        right: String,
    ) {
        let account_no = account_no.to_owned();
        self.faults.push(Fault { kind, account_no, ids, right });
    }
}
