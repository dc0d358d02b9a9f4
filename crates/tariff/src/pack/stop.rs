//! Stop and restore, and other changes.

use super::{Cited, Item, MonthDay, UserClass};
use crate::Decimal;
use kernel::Fen;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Days of the year within which something may be applied for, both included; over the new
/// year where the first is later than the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DayWindow {
    /// First day.
    pub opens: MonthDay,
    /// Last day.
    pub closes: MonthDay,
}

impl DayWindow {
    /// Whether that day of the year is within.
    pub fn holds(&self, day: MonthDay) -> bool {
        if self.opens <= self.closes {
            self.opens <= day && day <= self.closes
        } else {
            day >= self.opens || day <= self.closes
        }
    }
}

/// For how long heat may be stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "term")]
pub enum StopTerm {
    /// Whole seasons only.
    WholeSeason,
    /// Parts of a season.
    Periods {
        /// A stop lasts at least so many days.
        shortest_days: u16,
        /// So many stops a season.
        most: u8,
    },
}

/// What must be so before a change is allowed.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Condition {
    /// Nothing is owed.
    NoArrears,
    /// The household can be shut off alone, and its valve locked.
    ShutOff,
    /// The building's warranty is over.
    OutOfWarranty,
    /// No violation is open.
    NoViolation,
    /// All rooms of the contract together.
    WholeContract,
    /// Last season's basic fee is paid.
    LastBasicPaid,
    /// Pipes inside are drained and disconnected.
    PipesDrained,
    /// No hold lies on the account.
    NoHold,
    /// Property proof and identity were shown.
    PapersShown,
}

/// The basic fee of one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BasicFee {
    /// For this class.
    pub user_class: UserClass,
    /// Share of the area fee.
    pub share: Decimal,
}

/// From when a stop counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effective {
    /// From the day for which there is evidence that the valve was moved.
    ValveEvidence,
    /// From the day that was applied for.
    Application,
}

/// Stop and restore.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopRules {
    /// Days on which a stop may be applied for.
    pub stop_window: Cited<DayWindow>,
    /// Days on which a restoration may be applied for.
    pub restore_window: Cited<DayWindow>,
    /// A stop is applied for so many days before it begins.
    pub lead_days: Cited<u16>,
    /// For how long.
    pub term: Cited<StopTerm>,
    /// What must be so before a stop.
    pub stop_conditions: Cited<Vec<Condition>>,
    /// What must be so before a restoration.
    pub restore_conditions: Cited<Vec<Condition>>,
    /// At most this share of a building unit's households is stopped.
    pub unit_share_limit: Cited<Decimal>,
    /// What stopped households owe; nothing where a class has no row.
    pub basic: Vec<Cited<BasicFee>>,
    /// What households owe whom the company stopped, as a share of the area fee.
    pub forced_basic_share: Cited<Decimal>,
    /// For opening the valve again.
    pub reconnect_fen: Cited<Fen>,
    /// From when it counts.
    pub effective: Cited<Effective>,
    /// A stop ends with its season unless it is renewed.
    pub yearly_renewal: Cited<bool>,
    /// The company answers within so many days.
    pub answer_days: Cited<u16>,
}

impl StopRules {
    /// Share of the area fee that a stopped household of this class owes.
    pub fn basic_share(&self, class: UserClass) -> Decimal {
        let row = self.basic.iter().map(|b| b.value).find(|b| b.user_class == class);
        row.map_or(Decimal::ZERO, |b| b.share)
    }
}

/// Business that changes an account, other than stop and restore.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ChangeKind {
    /// Network entry (入网).
    Entry,
    /// Transfer to another person (过户).
    Transfer,
    /// One account becomes several (分户).
    Split,
    /// Several become one (合户).
    Merge,
    /// Another area.
    Area,
    /// Another class of use.
    Class,
    /// Demolition (拆迁).
    Demolition,
}

/// When and how one change may be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRule {
    /// Which change.
    pub change: ChangeKind,
    /// Days on which it may be applied for.
    pub window: DayWindow,
    /// What must be so.
    pub conditions: Vec<Condition>,
    /// A second person approves it.
    pub approval: bool,
}

/// What entry to the network costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ConnectionPrice {
    /// For this class.
    pub user_class: UserClass,
    /// Yuan a square metre.
    pub price: Decimal,
}

/// Changes of accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeRules {
    /// One row a change; a change without a row is always possible.
    pub rules: Vec<Cited<ChangeRule>>,
    /// What entry costs; nothing where a class has no row.
    pub connection: Vec<Cited<ConnectionPrice>>,
}

impl ChangeRules {
    /// The rule of one change.
    pub fn rule(&self, change: ChangeKind) -> Option<&ChangeRule> {
        self.rules.iter().map(|r| &r.value).find(|r| r.change == change)
    }
}

/// A rebate for early payment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct EarlyDiscount {
    /// Paid by this day before or in the season's first year.
    pub by: MonthDay,
    /// Classes that get it.
    pub user_classes: Vec<UserClass>,
    /// Items that it is reckoned on.
    pub items: Vec<Item>,
    /// Share of those items.
    pub share: Decimal,
}

/// Rebates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DiscountRules {
    /// For early payment; the best one that fits is taken.
    pub early: Vec<Cited<EarlyDiscount>>,
    /// Not for who owes for earlier seasons.
    pub needs_no_arrears: Cited<bool>,
}
