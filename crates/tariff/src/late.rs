//! The late fee: reckoned anew from what was owed on which day, never accumulated, so that
//! running it twice charges once.

use crate::{
    ChargeType, Decimal, Item, LateCap, LateStart, LateStop, MonthDay, Pack, Period, RoundMode,
    RoundTo, Rounding, SeasonCalendar, TariffRule, UserClass,
};
use chrono::{Days, NaiveDate};
use kernel::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// So much is owed from that day on, until the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Owed {
    /// The first day that grows with this amount: the day after a payment.
    pub from: NaiveDate,
    /// What is owed.
    pub amount: Fen,
}

/// Days on which a debt does not grow, if the pack says so.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pause {
    /// Why.
    pub why: LateStop,
    /// Which days.
    pub during: Period,
}

/// One item of one season that may be late.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LateDebt {
    /// What is owed for.
    pub item: Item,
    /// Decides the pay-by date.
    pub user_class: UserClass,
    /// Decides the pay-by date.
    pub charge_type: ChargeType,
    /// What the season was charged at, for the cap.
    pub charged: Fen,
    /// What was owed when, in order of days.
    pub owed: Vec<Owed>,
    /// When it may rest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pauses: Vec<Pause>,
    /// What of the late fee is in the book already.
    #[serde(default)]
    pub posted: Fen,
}

/// What a late debt has grown by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LateFee {
    /// From the first late day to the day asked for.
    pub amount: Fen,
    /// Without what is in the book already; nothing while it is less than the pack's least.
    pub due: Fen,
    /// The first day that counts.
    pub starts_on: NaiveDate,
    /// Days that counted.
    pub days: i64,
    /// A day's share.
    pub daily_rate: Decimal,
    /// Whether it has reached the cap.
    pub capped: bool,
}

impl Pack {
    /// The pay-by date of a season.
    pub fn pay_by(
        &self,
        season: &SeasonCalendar,
        class: UserClass,
        charge_type: ChargeType,
    ) -> NaiveDate {
        let mut rows = self.money.pay_by.iter().map(|p| p.value);
        let row = rows.find(|p| p.user_class == class && p.charge_type == charge_type);
        row.and_then(|p| season.day_for(p.by)).unwrap_or(season.first)
    }

    /// The first day on which a debt of the season grows.
    pub fn late_from(
        &self,
        season: &SeasonCalendar,
        class: UserClass,
        charge_type: ChargeType,
    ) -> NaiveDate {
        let after = |day: NaiveDate| day.succ_opt().unwrap_or(day);
        let start = match self.late.start.value {
            LateStart::PayBy => after(self.pay_by(season, class, charge_type)),
            LateStart::SeasonEnd => season.end,
            LateStart::Date { day } => season.next(day).unwrap_or(season.end),
        };
        start + Days::new(self.late.grace_days.value.into())
    }

    /// The least role that may waive so much; nobody's when it is beyond all.
    pub fn waiver_role(&self, amount: Fen) -> Option<&str> {
        let mut levels = self.late.waivers.value.iter();
        levels.find(|w| amount <= w.up_to_fen).map(|w| w.role.as_str())
    }
}

impl SeasonCalendar {
    /// That day of the year, as it belongs to the season's bills: between the end of the season
    /// before and the end of this one.
    pub fn day_for(&self, day: MonthDay) -> Option<NaiveDate> {
        let next = day.of(self.year.checked_add(1)?)?;
        if next < self.end { Some(next) } else { day.of(self.year) }
    }

    /// The first such day after the season's beginning.
    pub fn next(&self, day: MonthDay) -> Option<NaiveDate> {
        let this = day.of(self.year)?;
        if this >= self.first { Some(this) } else { day.of(self.year.checked_add(1)?) }
    }
}

/// What a debt has grown by until `on`, that day included.
pub fn late_fee(
    pack: &Pack,
    season: &SeasonCalendar,
    debt: &LateDebt,
    on: NaiveDate,
) -> Result<LateFee, TariffRule> {
    let rules = &pack.late;
    let starts_on = pack.late_from(season, debt.user_class, debt.charge_type);
    let daily_rate = rules.daily_rate.value;
    let none = LateFee {
        amount: Fen::ZERO,
        due: Fen::ZERO,
        starts_on,
        days: 0,
        daily_rate,
        capped: false,
    };
    let ordered = debt.owed.is_sorted_by_key(|o| o.from);
    if !ordered {
        return Err(TariffRule::Input("owed"));
    }
    if !rules.items.value.contains(&debt.item) || on < starts_on {
        return Ok(none);
    }
    let end = on.succ_opt().ok_or(TariffRule::Input("on"))?;
    let (mut num, mut days) = (0_i128, 0);
    for (i, step) in debt.owed.iter().enumerate() {
        let until = debt.owed.get(i + 1).map_or(end, |next| next.from.min(end));
        let (from, amount) = (step.from.max(starts_on), step.amount.get().max(0));
        let grown = growing(pack, debt, from, until);
        if amount > 0 {
            days += grown;
        }
        let more = i128::from(amount).checked_mul(grown.into());
        num = more.and_then(|m| num.checked_add(m)).ok_or(TariffRule::TooMuch)?;
    }
    let num = num.checked_mul(daily_rate.micro().max(0).into()).ok_or(TariffRule::TooMuch)?;
    let grown = rules.rounding.value.apply(num, 1_000_000).ok_or(TariffRule::TooMuch)?;
    let cap = cap_of(rules.cap.value, debt, starts_on).ok_or(TariffRule::TooMuch)?;
    let amount = cap.map_or(grown, |cap| grown.min(cap));
    let open = amount.get().saturating_sub(debt.posted.get());
    let due = if amount < rules.least_fen.value { 0 } else { open.max(0) };
    let capped = cap.is_some_and(|cap| grown >= cap);
    Ok(LateFee { amount, due: Fen::new(due), days, capped, ..none })
}

/// Days from `from` to `until`, the last one excluded, on which the debt grows.
fn growing(pack: &Pack, debt: &LateDebt, from: NaiveDate, until: NaiveDate) -> i64 {
    let all = (until - from).num_days().max(0);
    let stops = &pack.late.stops.value;
    let pauses = debt.pauses.iter().filter(|p| stops.contains(&p.why));
    let mut rests: Vec<_> = pauses.filter_map(|p| p.during.clip(from, until)).collect();
    rests.sort_unstable();
    let (mut rested, mut seen) = (0, from);
    for (first, end) in rests {
        let first = first.max(seen);
        rested += (end - first).num_days().max(0);
        seen = seen.max(end);
    }
    all - rested
}

/// The most that the debt may grow by; `None` within where it has no end.
#[expect(clippy::option_option, reason = "outer: out of range; inner: no cap")]
fn cap_of(cap: LateCap, debt: &LateDebt, starts_on: NaiveDate) -> Option<Option<Fen>> {
    let (share, of) = match cap {
        LateCap::Never => return Some(None),
        LateCap::Charged { share } => (share, debt.charged),
        LateCap::Overdue { share } => {
            let before = debt.owed.iter().take_while(|o| o.from <= starts_on).last();
            (share, before.or(debt.owed.first()).map_or(Fen::ZERO, |o| o.amount))
        }
    };
    let down = Rounding { mode: RoundMode::Down, to: RoundTo::Fen };
    let num = i128::from(of.get().max(0)).checked_mul(share.micro().max(0).into())?;
    down.apply(num, 1_000_000).map(Some)
}
