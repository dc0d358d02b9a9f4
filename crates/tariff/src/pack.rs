//! A rule pack: everything that differs from place to place, as data.

mod money;
mod price;
mod season;
mod service;
mod stop;

pub use money::*;
pub use price::*;
pub use season::*;
pub use service::*;
pub use stop::*;

use crate::{Decimal, Example};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A parameter and the text that it follows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Cited<T> {
    /// The parameter.
    pub value: T,
    /// Document, number and article; for the people who must answer for it.
    pub citation: String,
}

impl<T> Cited<T> {
    /// A parameter with the text that it follows.
    pub fn new(value: T, citation: &str) -> Self {
        Self { value, citation: citation.to_owned() }
    }
}

/// A name in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Names {
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

/// What the fee depends on besides the area: whose rooms they are.
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
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum UserClass {
    /// A dwelling.
    Resident,
    /// A shop, also below dwellings.
    Shop,
    /// An office, a school, a hospital.
    Public,
    /// A garage for own use.
    Garage,
}

/// How an account pays.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
pub enum ChargeType {
    /// By area.
    #[default]
    Area,
    /// A base part by area, the rest by meter (两部制).
    TwoPart,
    /// By meter alone.
    Metered,
}

/// Whether heat is drawn.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
#[schema(as = TariffUseState)]
pub enum UseState {
    /// Heat is drawn.
    #[default]
    Using,
    /// Stopped at the household's wish (报停).
    Stopped,
    /// Stopped by the company (强制停热).
    ForcedStop,
    /// Never connected: owes nothing.
    NotConnected,
}

/// What money is owed for. The ledger's `item` is its name.
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
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Item {
    /// Heat by area, and the base part of a two-part tariff.
    Heat,
    /// The basic fee of a stopped household (停热基础费).
    Basic,
    /// Heat by meter: paid ahead, then settled.
    Metered,
    /// The surcharge for high rooms.
    Height,
    /// The late fee (滞纳金).
    Late,
    /// Connection to the network (入网).
    Connection,
    /// Opening the valve again (开栓费).
    Reconnect,
    /// What an inspection found (稽查补费).
    Violation,
    /// Metered heat beyond what was paid ahead, of an earlier season.
    Overage,
}

impl Item {
    /// Its stable name.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// As a cashier says it, Chinese.
    pub const fn zh(self) -> &'static str {
        match self {
            Self::Heat => "采暖费",
            Self::Basic => "停热基础费",
            Self::Metered => "计量热费",
            Self::Height => "超高加收",
            Self::Late => "滞纳金",
            Self::Connection => "入网费",
            Self::Reconnect => "开栓费",
            Self::Violation => "稽查补费",
            Self::Overage => "超用热量费",
        }
    }

    /// As a cashier says it, English.
    pub const fn en(self) -> &'static str {
        match self {
            Self::Heat => "heating fee",
            Self::Basic => "basic fee",
            Self::Metered => "metered heat",
            Self::Height => "height surcharge",
            Self::Late => "late fee",
            Self::Connection => "connection fee",
            Self::Reconnect => "valve-opening fee",
            Self::Violation => "inspection charge",
            Self::Overage => "metered overage",
        }
    }
}

/// Everything that a place decides about heating fees. Versions of it are published by
/// `billing`; nothing here is anybody's law until a company has entered and approved it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// Stable name, such as `demonstration`.
    pub code: String,
    /// For people.
    pub names: Names,
    /// When there is heat.
    pub calendar: CalendarRules,
    /// Which area counts.
    pub areas: AreaRules,
    /// What a square metre costs.
    pub prices: PriceRules,
    /// High rooms.
    pub height: HeightRules,
    /// Two-part and metered accounts.
    pub metering: MeteringRules,
    /// Stop and restore.
    pub stop: StopRules,
    /// The late fee.
    pub late: LateRules,
    /// Rebates.
    pub discounts: DiscountRules,
    /// What is given back for cold rooms and outages.
    pub refunds: RefundRules,
    /// Pay-by dates, the order in which money is applied, and rounding.
    pub money: MoneyRules,
    /// Who decides on adjustments.
    pub approvals: ApprovalRules,
    /// How fast the company must come.
    pub service: ServiceRules,
    /// Transfer, split, merge and the like.
    pub changes: ChangeRules,
    /// Worked examples; all must come out before a version may be published.
    pub examples: Vec<Example>,
}

impl Pack {
    /// What a square metre costs a season, for this class; a household with a low-income proof
    /// pays the ordinary price where there is none of its own.
    pub fn season_price(
        &self,
        class: UserClass,
        low_income: bool,
    ) -> Option<(&Cited<Tariff>, Decimal)> {
        let row = |low| {
            let mut rows = self.prices.tariffs.iter();
            rows.find(|t| t.value.user_class == class && t.value.low_income == low)
        };
        let tariff = if low_income { row(true).or_else(|| row(false)) } else { row(false) }?;
        Some((tariff, tariff.value.season_price()?))
    }

    /// Share of the area fee that a stopped household of this class owes.
    pub fn basic_share(&self, class: UserClass, state: UseState) -> Decimal {
        match state {
            UseState::ForcedStop => self.stop.forced_basic_share.value,
            UseState::Stopped => self.stop.basic_share(class),
            UseState::Using | UseState::NotConnected => Decimal::ZERO,
        }
    }
}
