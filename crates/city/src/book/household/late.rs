//! Late fees of the past: reckoned by the pack from what was owed when, posted when they were
//! paid. A test lets `billing` reckon them again from the book.

use super::{Account, ITEMS, LATE, Move, Standing};
use crate::book::Book;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::Fen;
use kernel::clock::local_date;
use std::collections::BTreeMap;
use tariff::{LateDebt, Owed, late_fee};

impl Book {
    /// The first day on which a debt of that season grows.
    pub(super) fn late_from(&self, season: usize, account: &Account<'_>) -> NaiveDate {
        let calendar = self.season(season).map(|s| &s.calendar);
        let from = |c| self.pack.late_from(c, account.class, account.charge_type);
        calendar.map_or(NaiveDate::MAX, from)
    }

    /// What has to be paid for being late, beyond what was posted before.
    pub(super) fn late_due(
        &self,
        account: &Account<'_>,
        standing: &Standing,
        at: DateTime<Utc>,
    ) -> i64 {
        let on = local_date(at);
        let Some(season) = self.season(standing.season).filter(|_| on >= standing.late_from) else {
            return 0;
        };
        let of = |item| standing.moves.iter().filter(move |m| m.item == item);
        let charged = |item| of(item).filter(|m| m.charges).map(|m| m.fen).sum::<i64>();
        let mut grown = 0;
        for (n, item) in ITEMS.iter().enumerate() {
            let debt = LateDebt {
                item: *item,
                user_class: account.class,
                charge_type: account.charge_type,
                charged: Fen::new(charged(n)),
                owed: owed(of(n)),
                pauses: Vec::new(),
                posted: Fen::ZERO,
            };
            let fee = late_fee(&self.pack, &season.calendar, &debt, on);
            grown += fee.map_or(0, |f| f.amount.get());
        }
        let least = self.pack.late.least_fen.value.get();
        if grown < least { 0 } else { (grown - charged(LATE)).max(0) }
    }
}

/// What was owed from which day on: a bill grows from the day after it was made, a payment counts
/// from the day after it came, and what was charged too much was never owed.
fn owed<'m>(moves: impl Iterator<Item = &'m Move>) -> Vec<Owed> {
    let (mut bills, mut days) = (BTreeMap::<_, i64>::new(), BTreeMap::<NaiveDate, i64>::new());
    for m in moves {
        *if m.charges { &mut bills } else { &mut days }.entry(m.on).or_default() += m.fen;
    }
    let billed = bills.keys().next().copied();
    for (on, fen) in bills {
        *days.entry(billed.filter(|_| fen < 0).unwrap_or(on)).or_default() += fen;
    }
    let mut sum = 0;
    let steps = days.into_iter().map(|(on, fen)| {
        sum += fen;
        Owed { from: on.succ_opt().unwrap_or(on), amount: Fen::new(sum) }
    });
    steps.collect()
}
