//! The rebate for early payment, and payment in parts.

use crate::{Charge, ChargeItem, Decimal, Pack, RoundMode, Rounding, SeasonCalendar, UserClass};
use chrono::{Days, NaiveDate};
use kernel::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A rebate that was earned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Discount {
    /// All of it.
    pub amount: Fen,
    /// What of it each item gets.
    pub items: Vec<ChargeItem>,
    /// The share.
    pub share: Decimal,
    /// The last day for it.
    pub by: NaiveDate,
    /// What it follows.
    pub citation: String,
}

/// The best rebate for paying everything on `on`; nothing when none fits.
pub fn early_discount(
    pack: &Pack,
    season: &SeasonCalendar,
    class: UserClass,
    charge: &Charge,
    arrears: Fen,
    on: NaiveDate,
) -> Option<Discount> {
    let rules = &pack.discounts;
    if rules.needs_no_arrears.value && arrears > Fen::ZERO {
        return None;
    }
    let down = Rounding { mode: RoundMode::Down, ..pack.money.rounding.value };
    let rows = rules.early.iter().filter(|row| row.value.user_classes.contains(&class));
    let earned = rows.filter_map(|row| {
        let by = season.day_for(row.value.by).filter(|by| on <= *by)?;
        let fits = charge.items.iter().filter(|i| row.value.items.contains(&i.item));
        let share = row.value.share;
        let part = |i: &ChargeItem| {
            let num = i128::from(i.amount.get()).checked_mul(share.micro().into())?;
            Some(ChargeItem { item: i.item, amount: down.apply(num, 1_000_000)? })
        };
        let items = fits.map(part).collect::<Option<Vec<_>>>()?;
        let amount = items.iter().try_fold(Fen::ZERO, |sum, i| sum.checked_add(i.amount))?;
        Some(Discount { amount, items, share, by, citation: row.citation.clone() })
    });
    earned.filter(|d| d.amount > Fen::ZERO).max_by_key(|d| d.amount)
}

impl Pack {
    /// The least first part of a charge, and the day by which all is paid.
    pub fn instalments(&self, season: &SeasonCalendar, total: Fen) -> Option<(Fen, NaiveDate)> {
        let rule = self.money.instalments.value;
        let num = i128::from(total.get()).checked_mul(rule.first_share.micro().into())?;
        let up = Rounding { mode: RoundMode::Up, ..self.money.rounding.value };
        let last = season.end.checked_sub_days(Days::new(rule.days_before_end.into()))?;
        Some((up.apply(num, 1_000_000)?.min(total), last))
    }
}
