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

/// What was owed from which day on. A bill may grow the day after it was made, a payment stops it
/// the day after. What was charged too much was never owed; what was charged too little is owed
/// from when it was asked for.
pub(crate) fn steps(movements: &[&Movement]) -> Option<Vec<Owed>> {
    let mut charged: BTreeMap<NaiveDate, Fen> = BTreeMap::new();
    let mut days: BTreeMap<NaiveDate, Fen> = BTreeMap::new();
    for m in movements {
        let (days, from) =
            if m.charges { (&mut charged, m.on) } else { (&mut days, m.on.succ_opt()?) };
        let sum = days.entry(from).or_default();
        *sum = sum.checked_add(m.amount)?;
    }
    let billed = charged.keys().next().copied();
    for (on, amount) in charged {
        let from = if amount < Fen::ZERO { billed? } else { on };
        let sum = days.entry(from.succ_opt()?).or_default();
        *sum = sum.checked_add(amount)?;
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
    fn what_was_owed_when_follows_bills_payments_and_corrections() {
        let shown = |moves: &[Movement]| -> Vec<(String, i64)> {
            let steps = steps(&moves.iter().collect::<Vec<_>>()).unwrap();
            steps.iter().map(|o| (o.from.to_string(), o.amount.get())).collect()
        };
        let bill = movement("2026-10-08", 100, true);
        let paid = movement("2026-12-01", -30, false);
        let less = movement("2027-01-05", -20, true);
        let more = movement("2027-01-05", 20, true);
        let (first, after, late) = ("2026-10-09", "2026-12-02", "2027-01-06");
        let day = |d: &str, fen| (d.to_owned(), fen);
        let moves = [bill.clone(), paid.clone(), less.clone()];
        assert_eq!(shown(&moves), [day(first, 80), day(after, 50)], "never owed");
        let moves = [bill.clone(), paid.clone(), more.clone()];
        assert_eq!(shown(&moves), [day(first, 100), day(after, 70), day(late, 90)]);
        // A charge that only moves to another segment changes nothing.
        let moves = [bill.clone(), less, more];
        assert_eq!(shown(&moves), [day(first, 100), day(late, 100)]);
        let at_once = movement("2026-10-08", -100, false);
        assert_eq!(shown(&[bill, at_once]), [day(first, 0)], "paid the same day");
    }
}
