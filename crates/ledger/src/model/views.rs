//! What is read from the book.

use super::{Ledger, SegmentId};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Fen, PostingId, SeasonId};
use serde::Serialize;
use utoipa::ToSchema;

/// A heating season.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Season {
    /// The season.
    pub id: SeasonId,
    /// As people say it: `2026-2027`.
    pub code: String,
    /// First instant of heating.
    pub starts_at: DateTime<Utc>,
    /// First instant after it.
    pub ends_at: DateTime<Utc>,
}

/// What one household owes and paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Balance {
    /// Owed over all seasons that are not paid in full, in fen.
    pub arrears_fen: Fen,
    /// Paid ahead or too much, in fen.
    pub credit_fen: Fen,
    /// Each season, newest first.
    pub by_season: Vec<SeasonBalance>,
    /// The last payments, newest first.
    pub last_payments: Vec<Payment>,
}

/// What one household owes and paid for one season.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeasonBalance {
    /// The season's code; empty for what belongs to none.
    pub season: String,
    /// Charges less their corrections, in fen.
    pub charged_fen: Fen,
    /// Payments less their corrections, in fen.
    pub paid_fen: Fen,
    /// What is left, in fen; negative when too much was paid.
    pub owed_fen: Fen,
}

/// Money that came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Payment {
    /// When it was booked.
    pub at: DateTime<Utc>,
    /// How much, in fen; negative when it was given back.
    pub amount_fen: Fen,
    /// `cash`, `bank` or `wechat`.
    pub ledger: String,
    /// For people.
    pub memo: String,
}

/// A moment of the book: what was known at an instant, of what counted on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AsOf {
    /// Lines count when their day is not after this one.
    pub valid_on: NaiveDate,
    /// Lines count when they were written at this instant or before.
    pub known_at: DateTime<Utc>,
}

/// What one household owes for one item of one season.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct OpenItem {
    /// The household.
    pub account_id: AccountId,
    /// The season; nothing for what belongs to none.
    #[schema(required)]
    pub season_id: Option<SeasonId>,
    /// Its code; empty for what belongs to none.
    pub season: String,
    /// When it starts.
    #[schema(required)]
    pub starts_at: Option<DateTime<Utc>>,
    /// What for.
    pub item: String,
    /// Whose figure it is in reports: a payment's line carries the same.
    #[schema(required)]
    pub segment_id: Option<SegmentId>,
    /// Owed, in fen; negative when too much was paid.
    pub owed_fen: Fen,
}

/// Balances of households, summed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ArrearsRow {
    /// Receivable or advance.
    pub ledger: Ledger,
    /// The season; nothing for what belongs to none.
    #[schema(required)]
    pub season_id: Option<SeasonId>,
    /// What for.
    pub item: String,
    /// The segment.
    #[schema(required)]
    pub segment_id: Option<SegmentId>,
    /// Households with a balance.
    pub households: i64,
    /// What they owe, in fen: the sum of the balances above nothing.
    pub owed_fen: Fen,
    /// What we owe them, in fen: the sum of the balances below nothing, as a positive number.
    pub credit_fen: Fen,
}

/// A close of the book: nothing is written any more for days up to its last one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LedgerPeriod)]
pub struct Period {
    /// Its last day.
    pub through: NaiveDate,
    /// When it was closed.
    pub closed_at: DateTime<Utc>,
    /// By whom; nobody in person for history that was loaded.
    #[schema(required)]
    pub closed_by: Option<String>,
    /// Since when its balances stand as a snapshot; nothing while they are being summed.
    #[schema(required)]
    pub balanced_at: Option<DateTime<Utc>>,
    /// Balances other than nothing in the snapshot.
    pub balances: i64,
    /// What households owed at its end, in fen.
    pub receivable_fen: Fen,
    /// What households had paid ahead at its end, in fen, positive.
    pub advance_fen: Fen,
}

/// Periods, and what can be closed next.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LedgerPeriods)]
pub struct Periods {
    /// Closes, newest first.
    pub items: Vec<Period>,
    /// Months' last days that can be closed, oldest first.
    pub closable: Vec<NaiveDate>,
}

/// One line of the trial balance.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrialRow {
    /// The account of the book.
    pub ledger: Ledger,
    /// The season; nothing for what belongs to none.
    #[schema(required)]
    pub season_id: Option<SeasonId>,
    /// Its code; empty for what belongs to none.
    pub season: String,
    /// What for.
    pub item: String,
    /// Debit positive, credit negative, in fen.
    pub amount_fen: Fen,
}

/// The trial balance of a moment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct TrialBalance {
    /// The moment.
    pub as_of: AsOf,
    /// The close from which it was summed on.
    #[schema(required)]
    pub since: Option<NaiveDate>,
    /// Its lines.
    pub items: Vec<TrialRow>,
    /// Sum of all: nothing, when the book is whole and all of it is in sight.
    pub sum_fen: Fen,
}

/// One line of the book with its head.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LedgerEntry)]
pub struct EntryView {
    /// The posting.
    pub posting_id: PostingId,
    /// Its line.
    pub line: i32,
    /// The day for which it counts.
    pub valid_on: NaiveDate,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
    /// Where it is booked.
    pub ledger: Ledger,
    /// The household.
    #[schema(required)]
    pub account_id: Option<AccountId>,
    /// Its number; empty when there is none.
    pub account_no: String,
    /// The season's code; empty for what belongs to none.
    pub season: String,
    /// What for.
    pub item: String,
    /// The organisation whose figure it is; empty when there is none.
    pub org_path: String,
    /// Debit positive, credit negative, in fen.
    pub amount_fen: Fen,
    /// What caused it.
    pub source: String,
    /// Which one.
    pub source_id: String,
    /// For people.
    pub memo: String,
    /// The way by which money came or went.
    #[schema(required)]
    pub channel: Option<String>,
}

/// A posting as people look at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PostingView {
    /// The posting.
    pub id: PostingId,
    /// What caused it.
    pub source: String,
    /// Which one.
    pub source_id: String,
    /// For people.
    pub memo: String,
    /// The way by which money came or went.
    #[schema(required)]
    pub channel: Option<String>,
    /// The day for which it counts.
    pub valid_on: NaiveDate,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
    /// By whom; empty for jobs.
    pub recorded_by: String,
    /// The posting that it corrects.
    #[schema(required)]
    pub corrects_id: Option<PostingId>,
    /// Postings that correct it.
    pub corrected_by: Vec<PostingId>,
    /// Its place in the seal; nothing while it waits.
    #[schema(required)]
    pub seq: Option<i64>,
    /// Its lines in sight; a mass posting shows the first.
    pub lines: Vec<EntryView>,
    /// How many lines it has.
    pub line_count: i64,
}

/// A figure of [`ArrearsRow`]s that is opened: empty lists mean all.
#[derive(Clone, Debug)]
pub struct Figure {
    /// Receivable or advance.
    pub ledger: Ledger,
    /// These seasons only.
    pub seasons: Vec<SeasonId>,
    /// These items only.
    pub items: Vec<String>,
    /// These segments only.
    pub segments: Vec<SegmentId>,
    /// Read on after this balance and household.
    pub after: Option<(Fen, AccountId)>,
    /// The most rows.
    pub limit: i64,
}

/// Which lines of the book to look at.
#[derive(Clone, Debug)]
pub struct EntryFilter {
    /// One ledger only.
    pub ledger: Option<Ledger>,
    /// One season only.
    pub season_id: Option<SeasonId>,
    /// One item only.
    pub item: Option<String>,
    /// One household only.
    pub account_id: Option<AccountId>,
    /// First day.
    pub from: NaiveDate,
    /// The moment up to which.
    pub as_of: AsOf,
    /// Read on after this line.
    pub after: Option<EntryKey>,
    /// The most rows.
    pub limit: i64,
}

/// A line's place in the order of days.
pub type EntryKey = (NaiveDate, PostingId, i32);
