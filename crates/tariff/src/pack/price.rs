//! Areas, prices, high rooms, meters.

use super::{Cited, UserClass};
use crate::Decimal;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which of a room's areas is multiplied by the price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AreaBasis {
    /// Building area (建筑面积).
    Building,
    /// Area within the suite (套内面积).
    Usable,
    /// Area that is heated.
    Heated,
    /// The area that was agreed for charging.
    Charged,
}

/// The area that counts for one class.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ClassArea {
    /// For this class.
    pub user_class: UserClass,
    /// This area.
    pub basis: AreaBasis,
}

/// Which area counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AreaRules {
    /// One row a class.
    pub basis: Vec<Cited<ClassArea>>,
    /// Taken where the room has no such area; refused where absent too.
    pub fallback: Cited<AreaBasis>,
}

/// For what time a price is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "per")]
pub enum PriceUnit {
    /// A square metre and season.
    Season,
    /// A square metre and month; the season has so many months.
    Month {
        /// Months that a season is charged for.
        months: u8,
    },
}

/// A price.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Tariff {
    /// For this class.
    pub user_class: UserClass,
    /// For households with a low-income proof.
    pub low_income: bool,
    /// For what time.
    pub unit: PriceUnit,
    /// Yuan.
    pub price: Decimal,
}

impl Tariff {
    /// Yuan a square metre and season.
    pub fn season_price(&self) -> Option<Decimal> {
        match self.unit {
            PriceUnit::Season => Some(self.price),
            PriceUnit::Month { months } => self.price.times(Decimal::whole(months.into())),
        }
    }
}

/// What a square metre costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PriceRules {
    /// One row for each class, and one more where low income has a price of its own.
    pub tariffs: Vec<Cited<Tariff>>,
}

/// What a started step of height counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum PartialStep {
    /// As a whole one.
    Whole,
    /// Nothing.
    Nothing,
    /// Its part.
    Part,
}

/// The surcharge for high rooms.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct HeightRules {
    /// Classes that pay it; none where the place has no such surcharge.
    pub user_classes: Cited<Vec<UserClass>>,
    /// Metres of storey height that cost nothing more.
    pub threshold: Cited<Decimal>,
    /// Metres of one step.
    pub step: Cited<Decimal>,
    /// Share of the base price for each step.
    pub rate: Cited<Decimal>,
    /// A step that is not full.
    pub partial: Cited<PartialStep>,
    /// The surcharge is at most this share of the base price.
    pub cap: Cited<Decimal>,
}

/// What a meter counts.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum HeatUnit {
    /// Kilowatt hours.
    Kwh,
    /// Gigajoules.
    Gj,
}

/// What a unit of heat costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeteredPrice {
    /// For this class.
    pub user_class: UserClass,
    /// Yuan a unit.
    pub price: Decimal,
}

/// What happens at the season's end with heat paid ahead.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum SettlementMode {
    /// Given back or collected (多退少补).
    BothWays,
    /// Given back, never collected (多退少不补).
    RefundOnly,
    /// A surplus is carried to the next season as an advance; a lack is collected.
    Carry,
}

/// Two-part and metered accounts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MeteringRules {
    /// The base part of a two-part account, as a share of the area fee.
    pub base_share: Cited<Decimal>,
    /// What a two-part account pays ahead for its metered part, as a share of the area fee.
    pub two_part_prepay: Cited<Decimal>,
    /// What a metered account pays ahead, as a share of the area fee.
    pub metered_prepay: Cited<Decimal>,
    /// What meters count.
    pub unit: Cited<HeatUnit>,
    /// One row a class.
    pub prices: Vec<Cited<MeteredPrice>>,
    /// Base and metered parts together cost at most this share of the area fee.
    pub cap_share: Cited<Decimal>,
    /// What happens at the season's end.
    pub settlement: Cited<SettlementMode>,
}
