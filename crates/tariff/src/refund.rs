//! What is given back for cold rooms and for outages.

use crate::{
    Decimal, OutageUnit, Pack, RefundBasis, RoundMode, RoundTo, Rounding, SeasonCalendar,
    TariffRule,
};
use chrono::{Days, NaiveDate};
use kernel::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A day on which a room was measured.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ColdDay {
    /// That day.
    pub on: NaiveDate,
    /// Degrees Celsius.
    pub celsius: Decimal,
}

/// Why something shall be given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "reason", deny_unknown_fields)]
pub enum RefundClaim {
    /// Rooms were too cold.
    Temperature {
        /// Days that were measured; a day counts once, by its coldest room.
        days: Vec<ColdDay>,
        /// The cold rooms' share of the area.
        affected: Decimal,
    },
    /// There was no heat.
    Outage {
        /// For so many hours.
        hours: u32,
    },
}

/// What was charged, and given back so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundBase {
    /// The season's fee.
    pub fee: Fen,
    /// What of it is its base part.
    pub base_part: Fen,
    /// Given back so far for this season.
    #[serde(default)]
    pub refunded: Fen,
}

/// What is given back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Refund {
    /// How much.
    pub amount: Fen,
    /// Days that counted, hours of an outage as their part of a day.
    pub days: Decimal,
    /// Whether the season's cap held.
    pub capped: bool,
    /// Settled by then.
    pub settle_by: NaiveDate,
}

impl Pack {
    /// Share of the day's fee that is given back at this temperature.
    pub fn refund_share(&self, celsius: Decimal) -> Decimal {
        if celsius >= self.refunds.least_celsius.value {
            return Decimal::ZERO;
        }
        let below = self.refunds.bands.iter().map(|b| b.value).filter(|b| celsius < b.below);
        below.min_by_key(|b| b.below).map_or(Decimal::ZERO, |b| b.share)
    }
}

/// What a claim is worth.
pub fn refund(
    pack: &Pack,
    season: &SeasonCalendar,
    base: &RefundBase,
    claim: &RefundClaim,
) -> Result<Refund, TariffRule> {
    let rules = &pack.refunds;
    let fee = match rules.basis.value {
        RefundBasis::Full => base.fee.get(),
        RefundBasis::WithoutBase => base.fee.get().saturating_sub(base.base_part.get()),
    };
    // `shares` are days' shares in millionths, `area` the affected part of it
    let (shares, days, area) = match claim {
        RefundClaim::Temperature { days, affected } => cold(pack, season, days, *affected)?,
        RefundClaim::Outage { hours } => outage(pack, season, *hours),
    };
    let num = i128::from(fee.max(0))
        .checked_mul(shares.into())
        .and_then(|n| n.checked_mul(area.micro().into()))
        .ok_or(TariffRule::TooMuch)?;
    let den = 10_i128.pow(12) * i128::from(season.days.max(1));
    let worth = pack.money.rounding.value.apply(num, den).ok_or(TariffRule::TooMuch)?;
    let down = Rounding { mode: RoundMode::Down, to: RoundTo::Fen };
    let cap = i128::from(base.fee.get().max(0)) * i128::from(rules.cap_share.value.micro());
    let cap = down.apply(cap, 1_000_000).ok_or(TariffRule::TooMuch)?;
    let left = Fen::new(cap.get().saturating_sub(base.refunded.get()).max(0));
    let settle_by = season.heat_end + Days::new(rules.settle_days.value.into());
    Ok(Refund { amount: worth.min(left), days, capped: worth > left, settle_by })
}

fn cold(
    pack: &Pack,
    season: &SeasonCalendar,
    days: &[ColdDay],
    affected: Decimal,
) -> Result<(i64, Decimal, Decimal), TariffRule> {
    if !(Decimal::ZERO..=Decimal::ONE).contains(&affected) {
        return Err(TariffRule::Input("affected"));
    }
    let within = |d: &&ColdDay| season.heat_first <= d.on && d.on < season.heat_end;
    let mut days: Vec<_> = days.iter().filter(within).map(|d| (d.on, d.celsius)).collect();
    days.sort_unstable();
    days.dedup_by_key(|d| d.0);
    let shares = days.iter().map(|(_, celsius)| pack.refund_share(*celsius).micro());
    let shares: Vec<i64> = shares.filter(|s| *s > 0).collect();
    let counted = i32::try_from(shares.len()).map_err(|_| TariffRule::TooMuch)?;
    let sum = shares.iter().try_fold(0_i64, |sum, s| sum.checked_add(*s));
    let area = if pack.refunds.affected_area_only.value { affected } else { Decimal::ONE };
    Ok((sum.ok_or(TariffRule::TooMuch)?, Decimal::whole(counted), area))
}

/// At most the season's days.
fn outage(pack: &Pack, season: &SeasonCalendar, hours: u32) -> (i64, Decimal, Decimal) {
    let hours = i64::from(hours).min(i64::from(season.days) * 24);
    if hours < i64::from(pack.refunds.outage_hours.value) {
        return (0, Decimal::ZERO, Decimal::ONE);
    }
    let days = match pack.refunds.outage_unit.value {
        OutageUnit::FullDays => hours / 24 * 1_000_000,
        OutageUnit::Hours => hours * 1_000_000 / 24,
    };
    (days, Decimal::from_micro(days), Decimal::ONE)
}
