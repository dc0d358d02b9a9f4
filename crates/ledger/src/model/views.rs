//! What is read from the book.

use super::{Ledger, SegmentId};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Fen, SeasonId};
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
