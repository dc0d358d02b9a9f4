//! Arrears by how old they are.

use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use kernel::Fen;
use kernel::clock::local_date;
use ledger::AsOf;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How long ago the season ended that is owed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum FeeAge {
    /// It has not ended, or belongs to none.
    Current,
    /// Up to one year.
    OneYear,
    /// Up to two years.
    TwoYears,
    /// Up to three years: the ordinary limitation of claims.
    ThreeYears,
    /// Longer.
    Older,
}

impl FeeAge {
    /// The age on a day of what is owed for a season that ends then.
    pub(crate) fn of(ends_at: Option<DateTime<Utc>>, on: NaiveDate) -> Self {
        let Some(ended) = ends_at.map(local_date) else { return Self::Current };
        if ended > on {
            return Self::Current;
        }
        match years_between(ended, on) {
            0 => Self::OneYear,
            1 => Self::TwoYears,
            2 => Self::ThreeYears,
            _ => Self::Older,
        }
    }
}

/// Whole years from one day to another.
fn years_between(from: NaiveDate, to: NaiveDate) -> i32 {
    let passed = (to.month(), to.day()) >= (from.month(), from.day());
    to.year() - from.year() - i32::from(!passed)
}

/// What is owed of one age by one class of user.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FeeAgeRow {
    /// How old.
    pub age: FeeAge,
    /// The class of user; empty when the book names none.
    pub user_class: String,
    /// Open items: a household counts once for each season and item.
    pub open_items: i64,
    /// What is owed, in fen.
    pub owed_fen: Fen,
    /// What was paid too much, in fen.
    pub credit_fen: Fen,
}

/// Arrears by age and class.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeeAges {
    /// The moment.
    pub as_of: AsOf,
    /// By age, then class.
    pub items: Vec<FeeAgeRow>,
    /// What is owed altogether, in fen.
    pub owed_fen: Fen,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arrears_grow_older_on_the_day_their_season_ended() {
        let ended = "2024-03-15T16:00:00Z".parse().unwrap();
        for (on, age) in [
            ("2024-03-15", FeeAge::Current),
            ("2024-03-16", FeeAge::OneYear),
            ("2025-03-15", FeeAge::OneYear),
            ("2025-03-16", FeeAge::TwoYears),
            ("2027-03-15", FeeAge::ThreeYears),
            ("2027-03-16", FeeAge::Older),
        ] {
            assert_eq!(FeeAge::of(Some(ended), on.parse().unwrap()), age, "{on}");
        }
        assert_eq!(FeeAge::of(None, "2030-01-01".parse().unwrap()), FeeAge::Current);
    }
}
