//! Fee reports; `docs/numbers.md` says what each figure means.
//!
//! Every figure is a sum over the book as of a moment, so the same question gets the same fen for
//! ever.

mod age;
mod pivot;
mod words;

pub use age::*;
pub use pivot::*;
pub(crate) use words::word;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Fen, PostingId, SeasonId};
use ledger::AsOf;
use serde::Serialize;
use utoipa::ToSchema;

/// A household behind a figure.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeeHousehold {
    /// The household.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Who it is, masked.
    pub name: String,
    /// Where.
    pub address: String,
    /// What it owes of the figure, in fen; negative when we owe it.
    pub fen: Fen,
}

/// The households behind a figure, who owes most first.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeeHouseholds {
    /// The moment.
    pub as_of: AsOf,
    /// The households.
    pub items: Vec<FeeHousehold>,
    /// Whether there are more.
    pub more: bool,
}

/// What one day brought.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeeDay {
    /// Days since the season's first day; negative before it.
    pub day: i32,
    /// Charges less their corrections up to and with that day, in fen.
    pub charged_fen: Fen,
    /// Payments less their corrections up to and with that day, in fen.
    pub paid_fen: Fen,
}

/// How one season's fees came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeeCurve {
    /// The season.
    pub season_id: SeasonId,
    /// Its code.
    pub season: String,
    /// The days on which something happened, in order; sums run on.
    pub days: Vec<FeeDay>,
}

/// What one kind of cause did to what households owe.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeeChange {
    /// The cause, such as `season_opening`.
    pub source: String,
    /// The way by which money came or went; nothing when none moved.
    #[schema(required)]
    pub channel: Option<String>,
    /// Postings.
    pub postings: i64,
    /// Change of what is owed, in fen.
    pub fen: Fen,
}

/// Why what is owed changed between two moments.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeeChanges {
    /// The earlier moment.
    pub from: AsOf,
    /// The later moment.
    pub to: AsOf,
    /// Owed less overpaid at the earlier moment, in fen.
    pub before_fen: Fen,
    /// The causes, the largest first; they sum to the difference.
    pub items: Vec<FeeChange>,
    /// Owed less overpaid at the later moment, in fen.
    pub after_fen: Fen,
}

/// One receipt of money in the cashiers' journal.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct JournalRow {
    /// The posting.
    pub posting_id: PostingId,
    /// When it was written.
    pub at: DateTime<Utc>,
    /// Who took it; empty for jobs and callbacks.
    pub cashier: String,
    /// The way by which it came.
    pub channel: String,
    /// Where the money lies: `cash`, `bank`, `wechat` …
    pub ledger: String,
    /// How much, in fen; negative when given back.
    pub fen: Fen,
    /// What caused it, such as `payment`.
    pub source: String,
    /// For people.
    pub memo: String,
    /// The household's number, or how many households.
    pub households: String,
}

/// What one cashier took in one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct JournalTotal {
    /// Who took it; empty for jobs and callbacks.
    pub cashier: String,
    /// Where the money lies.
    pub ledger: String,
    /// Receipts of money.
    pub count: i64,
    /// How much, in fen.
    pub fen: Fen,
}

/// The cashiers' journal of one day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Journal {
    /// The day, in Shanghai.
    pub day: NaiveDate,
    /// By cashier and way.
    pub totals: Vec<JournalTotal>,
    /// Each receipt of money, oldest first.
    pub items: Vec<JournalRow>,
    /// Whether there are more.
    pub more: bool,
}

/// One line of a finance voucher.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct VoucherLine {
    /// The day for which it counts.
    pub day: NaiveDate,
    /// The voucher's number of that day.
    pub number: i32,
    /// What caused it, such as `season_opening`.
    pub source: String,
    /// The account of the book.
    pub ledger: String,
    /// The season's code; empty for what belongs to none.
    pub season: String,
    /// What for.
    pub item: String,
    /// Debit, in fen; one of the two is nothing.
    pub debit_fen: Fen,
    /// Credit, in fen.
    pub credit_fen: Fen,
}

/// Vouchers for the finance office: a day's postings by cause, each balancing in itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Vouchers {
    /// First day.
    pub from: NaiveDate,
    /// The moment; its day is the last.
    pub as_of: AsOf,
    /// The lines, in order.
    pub items: Vec<VoucherLine>,
    /// Sum of the debits, in fen; that of the credits is the same.
    pub total_fen: Fen,
}

/// Households of one station by how they use heat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct UseState {
    /// The station.
    pub org_path: String,
    /// Its name.
    pub org: String,
    /// `using`, `stopped`, `forced_stop`, `not_connected`.
    pub state: String,
    /// Households.
    pub households: i64,
}
