//! Late fee, refunds, pay-by dates, order of application, rounding.

use super::{ChargeType, Cited, Item, MonthDay, UserClass};
use crate::{Decimal, Rounding};
use kernel::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// From when a debt grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "from")]
pub enum LateStart {
    /// The day after the pay-by date.
    PayBy,
    /// The day after the season's end.
    SeasonEnd,
    /// A day of the year that follows the season's start, such as 1 January.
    Date {
        /// That day.
        day: MonthDay,
    },
}

/// How far a debt grows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "of")]
pub enum LateCap {
    /// Without end.
    Never,
    /// To a share of what the season was charged at.
    Charged {
        /// That share.
        share: Decimal,
    },
    /// To a share of what was overdue at first.
    Overdue {
        /// That share.
        share: Decimal,
    },
}

/// What stops the growth.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LateStop {
    /// The charge is disputed.
    Dispute,
    /// The household has a low-income proof.
    LowIncome,
    /// The account was stopped by the company.
    ForcedStop,
}

/// Who may waive how much of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Waiver {
    /// The role's key, such as `cashier`.
    pub role: String,
    /// Up to so much.
    pub up_to_fen: Fen,
}

/// The late fee (滞纳金).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LateRules {
    /// Items that grow.
    pub items: Cited<Vec<Item>>,
    /// From when.
    pub start: Cited<LateStart>,
    /// So many more days are free.
    pub grace_days: Cited<u16>,
    /// A day's share of what is owed: `0.001` is 1 ‰.
    pub daily_rate: Cited<Decimal>,
    /// How far.
    pub cap: Cited<LateCap>,
    /// Below this it is not asked for.
    pub least_fen: Cited<Fen>,
    /// Each item's late fee is rounded so.
    pub rounding: Cited<Rounding>,
    /// Who may waive how much, in rising order.
    pub waivers: Cited<Vec<Waiver>>,
    /// What stops the growth.
    pub stops: Cited<Vec<LateStop>>,
}

/// A step of the refund ladder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundBand {
    /// The room was colder than this, in degrees Celsius.
    pub below: Decimal,
    /// Share of the day's fee.
    pub share: Decimal,
}

/// Of which fee a day's is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RefundBasis {
    /// The whole fee.
    Full,
    /// The fee without its base part.
    WithoutBase,
}

/// In what an outage is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OutageUnit {
    /// By the hour.
    Hours,
    /// By full days of 24 hours.
    FullDays,
}

/// What is given back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundRules {
    /// Rooms must have so many degrees Celsius.
    pub least_celsius: Cited<Decimal>,
    /// The ladder; of all steps that a temperature is below, the coldest counts.
    pub bands: Vec<Cited<RefundBand>>,
    /// Of which fee.
    pub basis: Cited<RefundBasis>,
    /// Only for the part of the area that was too cold.
    pub affected_area_only: Cited<bool>,
    /// Outages of at least so many hours count.
    pub outage_hours: Cited<u16>,
    /// In what they are counted.
    pub outage_unit: Cited<OutageUnit>,
    /// A season's refunds reach at most this share of its fee.
    pub cap_share: Cited<Decimal>,
    /// Settled within so many days after the season's end.
    pub settle_days: Cited<u16>,
}

/// Who must decide on an adjustment.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Decider {
    /// Nobody: it is small.
    Nobody,
    /// A second person with the ordinary key.
    Ordinary,
    /// A second person with the key for large ones.
    Large,
}

/// From which amount on a second person decides, and which.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApprovalRules {
    /// Reductions and corrections up to this go without a second person.
    pub alone_fen: Cited<Fen>,
    /// Up to this the ordinary key decides.
    pub ordinary_fen: Cited<Fen>,
    /// No single adjustment is more.
    pub most_fen: Cited<Fen>,
}

impl ApprovalRules {
    /// Who decides on so much (its sign does not matter); nobody may where it is more than the
    /// most. Only `small` sorts, reductions and corrections, go alone.
    pub fn decider(&self, amount: Fen, small: bool) -> Option<Decider> {
        let size = amount.get().unsigned_abs();
        let within = |most: &Cited<Fen>| u64::try_from(most.value.get()).is_ok_and(|m| size <= m);
        if small && within(&self.alone_fen) {
            return Some(Decider::Nobody);
        }
        if within(&self.ordinary_fen) {
            return Some(Decider::Ordinary);
        }
        within(&self.most_fen).then_some(Decider::Large)
    }
}

/// What a debt counts as when money is applied.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Bucket {
    /// Of earlier seasons.
    Arrears,
    /// Of inspections.
    Violation,
    /// Metered heat beyond what was paid ahead.
    Overage,
    /// Late fees.
    Late,
    /// Of this season, and of none.
    Current,
}

/// Which of two debts of the same sort comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Within {
    /// The older one.
    OldestFirst,
    /// The newer one.
    NewestFirst,
}

/// A pay-by date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PayBy {
    /// For this class.
    pub user_class: UserClass,
    /// For this charge type.
    pub charge_type: ChargeType,
    /// That day; on or after the season's start it is in the year in which it fits the season.
    pub by: MonthDay,
}

/// Payment in parts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Instalments {
    /// The first part is at least this share; one forbids parts.
    pub first_share: Decimal,
    /// All is paid so many days before the season's end.
    pub days_before_end: u16,
}

/// Pay-by dates, order of application, rounding.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MoneyRules {
    /// One row for each class and charge type; the season's start where there is none.
    pub pay_by: Vec<Cited<PayBy>>,
    /// Payment in parts.
    pub instalments: Cited<Instalments>,
    /// What comes first; a sort that is missing comes last.
    pub order: Cited<Vec<Bucket>>,
    /// Of two debts of one sort.
    pub within: Cited<Within>,
    /// Of two debts of one sort and season: this item first; one that is missing comes last.
    pub item_order: Cited<Vec<Item>>,
    /// Each item of a charge is rounded so.
    pub rounding: Cited<Rounding>,
    /// What is taken in cash is rounded so.
    pub cash_rounding: Cited<Rounding>,
}
