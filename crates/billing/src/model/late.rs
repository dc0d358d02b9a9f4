//! Late fees: derived from what was owed when, never accumulated.

use chrono::NaiveDate;
use kernel::{AccountId, Fen, SeasonId};
use serde::Serialize;
use std::collections::BTreeMap;
use tariff::Owed;
use utoipa::ToSchema;

/// The late fee of one household and season.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LateFeeOf {
    /// The household.
    pub account_id: AccountId,
    /// The season whose charges are late.
    pub season_id: SeasonId,
    /// Its code.
    pub season: String,
    /// What it has grown to until the day asked for, in fen.
    pub amount_fen: Fen,
    /// What of it is in the book already, in fen.
    pub posted_fen: Fen,
    /// What is to be posted when it is paid that day, in fen.
    pub due_fen: Fen,
    /// The first day that counts.
    pub starts_on: NaiveDate,
    /// Days that counted.
    pub days: i64,
    /// A day's share, such as 0.001.
    #[schema(value_type = String)]
    pub daily_rate: tariff::Decimal,
    /// Whether it has reached the cap.
    pub capped: bool,
}

/// A change of what is owed for one item.
#[derive(Clone, Debug)]
pub(crate) struct Movement {
    pub account: AccountId,
    pub season: SeasonId,
    pub item: String,
    /// The day for which it counts.
    pub on: NaiveDate,
    pub amount: Fen,
    /// Whether it charges or corrects a charge; otherwise it pays.
    pub charges: bool,
}

/// What was owed from which day on: a day's payment stops the growth the day after. Charges and
/// their corrections count from the beginning: what was owed in truth does not depend on when
/// somebody found out.
pub(crate) fn steps(movements: &[&Movement]) -> Option<Vec<Owed>> {
    let mut days: BTreeMap<NaiveDate, Fen> = BTreeMap::new();
    for m in movements {
        let from = if m.charges { NaiveDate::MIN } else { m.on.succ_opt()? };
        let sum = days.entry(from).or_default();
        *sum = sum.checked_add(m.amount)?;
    }
    let mut owed = Fen::ZERO;
    let mut steps = Vec::with_capacity(days.len());
    for (from, change) in days {
        owed = owed.checked_add(change)?;
        steps.push(Owed { from, amount: owed });
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn movement(on: &str, fen: i64, charges: bool) -> Movement {
        let nil = uuid::Uuid::nil();
        Movement {
            account: nil.into(),
            season: nil.into(),
            item: "heat".to_owned(),
            on: on.parse().unwrap(),
            amount: Fen::new(fen),
            charges,
        }
    }

    #[test]
    fn a_payment_counts_from_the_day_after_and_a_correction_from_the_beginning() {
        let moves = [
            movement("2026-10-08", 100, true),
            movement("2026-12-01", -30, false),
            movement("2027-01-05", -20, true),
        ];
        let steps = steps(&moves.iter().collect::<Vec<_>>()).unwrap();
        let shown: Vec<_> = steps.iter().map(|o| (o.from, o.amount.get())).collect();
        let second = "2026-12-02".parse().unwrap();
        assert_eq!(shown, [(NaiveDate::MIN, 80), (second, 50)]);
    }
}
