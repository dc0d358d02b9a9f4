//! The settlement of two-part and metered accounts at the season's end.

use crate::{Decimal, Pack, RoundMode, RoundTo, Rounding, SettlementMode, TariffRule, UserClass};
use kernel::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an account drew, and what it was charged ahead.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeteredUse {
    /// Whose meter.
    pub user_class: UserClass,
    /// Units of heat over the season; less than nothing is refused.
    pub used: Decimal,
    /// What the account would be charged by area.
    pub area_fee: Fen,
    /// Its base part (item `heat`).
    pub base: Fen,
    /// What it was charged ahead (item `metered`).
    pub prepaid: Fen,
}

/// What is settled. Exactly one of `collect`, `refund` and `carry` is more than nothing, or none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MeteredSettlement {
    /// What the heat costs, after the cap.
    pub cost: Fen,
    /// Whether the cap held.
    pub capped: bool,
    /// To be paid still.
    pub collect: Fen,
    /// To be given back.
    pub refund: Fen,
    /// To be kept as an advance for the next season.
    pub carry: Fen,
    /// What the pack forbids to collect.
    pub forgone: Fen,
    /// Yuan a unit.
    pub price: Decimal,
}

impl Pack {
    /// What a unit of heat costs.
    pub fn metered_price(&self, class: UserClass) -> Option<Decimal> {
        let mut rows = self.metering.prices.iter().map(|p| p.value);
        rows.find(|p| p.user_class == class).map(|p| p.price)
    }
}

/// Settles what a meter counted against what was charged ahead.
pub fn settle_metered(pack: &Pack, used: &MeteredUse) -> Result<MeteredSettlement, TariffRule> {
    let class = used.user_class;
    let price = pack.metered_price(class).ok_or(TariffRule::NoMeteredPrice(class))?;
    if used.used < Decimal::ZERO {
        return Err(TariffRule::Input("used"));
    }
    let num = i128::from(price.micro()).checked_mul(used.used.micro().into());
    let num = num.and_then(|n| n.checked_mul(100)).ok_or(TariffRule::TooMuch)?;
    let full = pack.money.rounding.value.apply(num, 10_i128.pow(12));
    let full = full.ok_or(TariffRule::TooMuch)?;
    let down = Rounding { mode: RoundMode::Down, to: RoundTo::Fen };
    let cap = i128::from(used.area_fee.get())
        .checked_mul(pack.metering.cap_share.value.micro().into())
        .and_then(|n| down.apply(n, 1_000_000))
        .ok_or(TariffRule::TooMuch)?;
    let most = Fen::new(cap.get().saturating_sub(used.base.get()).max(0));
    let cost = full.min(most);
    let less = used.prepaid.checked_neg().ok_or(TariffRule::TooMuch)?;
    let more = cost.checked_add(less).ok_or(TariffRule::TooMuch)?;
    let surplus = more.checked_neg().ok_or(TariffRule::TooMuch)?.max(Fen::ZERO);
    let lack = more.max(Fen::ZERO);
    let none = Fen::ZERO;
    let (collect, refund, carry, forgone) = match pack.metering.settlement.value {
        SettlementMode::BothWays => (lack, surplus, none, none),
        SettlementMode::RefundOnly => (none, surplus, none, lack),
        SettlementMode::Carry => (lack, none, surplus, none),
    };
    Ok(MeteredSettlement { cost, capped: full > most, collect, refund, carry, forgone, price })
}
