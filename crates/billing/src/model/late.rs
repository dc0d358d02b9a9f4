//! Late fees: derived from what was owed when, never accumulated.

pub(crate) mod sheet;

use crate::ChargeRule;
use chrono::NaiveDate;
use kernel::{AccountId, Error, Fen, SeasonId};
use ledger::SegmentId;
use serde::Serialize;
use tariff::{ChargeType, Item, LateDebt, Owed, Pack, Pause, SeasonCalendar, UserClass};
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

/// Late fees of many, by season and segment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct LateSum {
    /// The season whose charges are late.
    pub season_id: SeasonId,
    /// What it was charged under.
    #[schema(required)]
    pub segment_id: Option<SegmentId>,
    /// Households that owe some of it.
    pub households: i64,
    /// What the late fees of these households have grown to, in fen.
    pub amount_fen: Fen,
    /// What of that is in the book already, in fen.
    pub posted_fen: Fen,
    /// What is to be posted when it is paid, in fen.
    pub due_fen: Fen,
}

/// A change of what a household owes for one item of one season.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Move {
    pub item: Item,
    /// The day for which it counts.
    pub on: NaiveDate,
    pub amount: Fen,
    /// Whether it charges or corrects a charge; otherwise it pays.
    pub charges: bool,
}

/// The same with its household and season.
#[derive(Clone, Debug)]
pub(crate) struct Movement {
    pub account: AccountId,
    pub season: SeasonId,
    pub change: Move,
}

/// What a household's debts of one season have grown by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Grown {
    pub amount: Fen,
    pub posted: Fen,
    pub due: Fen,
    pub starts_on: NaiveDate,
    pub days: i64,
    pub daily_rate: tariff::Decimal,
    pub capped: bool,
}

/// Reckons the late fee of one household and season; `moves` has each item's changes together,
/// `pauses` say when the household's debts rest.
pub(crate) fn grown(
    (pack, season): (&Pack, &SeasonCalendar),
    (user_class, charge_type): (UserClass, ChargeType),
    (moves, pauses): (&[Move], &[Pause]),
    on: NaiveDate,
) -> Result<Option<Grown>, Error> {
    let mut all: Option<Grown> = None;
    let mut posted = Fen::ZERO;
    for debt in moves.chunk_by(|a, b| a.item == b.item) {
        let Some(item) = debt.first().map(|m| m.item) else { continue };
        let charges = || debt.iter().filter(|m| m.charges).map(|m| m.amount);
        if item == Item::Late {
            posted = ledger::sum(charges()).ok_or(ChargeRule::TooMuch)?;
            continue;
        }
        let late = LateDebt {
            item,
            user_class,
            charge_type,
            charged: ledger::sum(charges()).ok_or(ChargeRule::TooMuch)?,
            owed: steps(debt).ok_or(ChargeRule::TooMuch)?,
            pauses: pauses.to_vec(),
            posted: Fen::ZERO,
        };
        let more = tariff::late_fee(pack, season, &late, on)?;
        if more.amount == Fen::ZERO {
            continue;
        }
        let sum = all.get_or_insert(Grown {
            amount: Fen::ZERO,
            posted: Fen::ZERO,
            due: Fen::ZERO,
            starts_on: more.starts_on,
            days: 0,
            daily_rate: more.daily_rate,
            capped: false,
        });
        sum.amount = sum.amount.checked_add(more.amount).ok_or(ChargeRule::TooMuch)?;
        sum.days = sum.days.max(more.days);
        sum.capped |= more.capped;
    }
    Ok(all.map(|mut grown| {
        let due = grown.amount.get().saturating_sub(posted.get()).max(0);
        let least = pack.late.least_fen.value;
        grown.posted = posted;
        grown.due = if grown.amount < least { Fen::ZERO } else { Fen::new(due) };
        grown
    }))
}

/// What was owed from which day on. A bill may grow the day after it was made, a payment stops it
/// the day after. What was charged too much was never owed; what was charged too little is owed
/// from when it was asked for.
pub(crate) fn steps(moves: &[Move]) -> Option<Vec<Owed>> {
    let charged = || moves.iter().filter(|m| m.charges);
    let billed = charged().map(|m| m.on).min();
    // What charges of one day come to together tells whether they were too much.
    let mut days: Vec<(NaiveDate, Fen)> = Vec::with_capacity(moves.len());
    for m in charged() {
        match days.iter_mut().find(|(on, _)| *on == m.on) {
            Some((_, sum)) => *sum = sum.checked_add(m.amount)?,
            None => days.push((m.on, m.amount)),
        }
    }
    for (on, amount) in &mut days {
        let from = if *amount < Fen::ZERO { billed? } else { *on };
        *on = from.succ_opt()?;
    }
    for m in moves.iter().filter(|m| !m.charges) {
        days.push((m.on.succ_opt()?, m.amount));
    }
    days.sort_by_key(|(from, _)| *from);
    let mut owed = Fen::ZERO;
    let mut steps = Vec::with_capacity(days.len());
    for day in days.chunk_by(|a, b| a.0 == b.0) {
        for (_, change) in day {
            owed = owed.checked_add(*change)?;
        }
        let from = day.first()?.0;
        steps.push(Owed { from, amount: owed });
    }
    Some(steps)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn movement(on: &str, fen: i64, charges: bool) -> Move {
        Move { item: Item::Heat, on: on.parse().unwrap(), amount: Fen::new(fen), charges }
    }

    #[test]
    fn what_was_owed_when_follows_bills_payments_and_corrections() {
        let shown = |moves: &[Move]| -> Vec<(String, i64)> {
            let steps = steps(moves).unwrap();
            steps.iter().map(|o| (o.from.to_string(), o.amount.get())).collect()
        };
        let bill = movement("2026-10-08", 100, true);
        let paid = movement("2026-12-01", -30, false);
        let less = movement("2027-01-05", -20, true);
        let more = movement("2027-01-05", 20, true);
        let (first, after, late) = ("2026-10-09", "2026-12-02", "2027-01-06");
        let day = |d: &str, fen| (d.to_owned(), fen);
        let moves = [bill, paid, less];
        assert_eq!(shown(&moves), [day(first, 80), day(after, 50)], "never owed");
        let moves = [bill, paid, more];
        assert_eq!(shown(&moves), [day(first, 100), day(after, 70), day(late, 90)]);
        // A charge that only moves to another segment changes nothing.
        let moves = [bill, less, more];
        assert_eq!(shown(&moves), [day(first, 100), day(late, 100)]);
        let at_once = movement("2026-10-08", -100, false);
        assert_eq!(shown(&[bill, at_once]), [day(first, 0)], "paid the same day");
    }
}
