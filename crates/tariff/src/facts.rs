//! What a charge is made of.

use crate::{ChargeType, Decimal, Period, UseState, UserClass};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One room (or flat) of an account, for the days that it was so.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = TariffRoom)]
pub struct Room {
    /// What people call it; empty where there is one only.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub label: String,
    /// The days for which this describes it; all without it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub during: Option<Period>,
    /// Whose rooms they are.
    pub user_class: UserClass,
    /// Square metres.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub building_area: Option<Decimal>,
    /// Square metres within the suite.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub usable_area: Option<Decimal>,
    /// Square metres that are heated.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub heated_area: Option<Decimal>,
    /// Square metres that were agreed for charging.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charged_area: Option<Decimal>,
    /// Metres from floor to ceiling.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storey_height: Option<Decimal>,
}

impl Room {
    /// A room of so much building area, with nothing special.
    pub fn plain(user_class: UserClass, building_area: Decimal) -> Self {
        Self {
            label: String::new(),
            during: None,
            user_class,
            building_area: Some(building_area),
            usable_area: None,
            heated_area: None,
            charged_area: None,
            storey_height: None,
        }
    }
}

/// Days in one state of use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UsePeriod {
    /// Which days.
    pub during: Period,
    /// What state.
    pub state: UseState,
}

/// What a season's charge depends on. Days that no use period covers are not charged for, so an
/// account that begins in mid-season pays from then on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The account's rooms; one whose attributes changed stands here once for each time.
    pub rooms: Vec<Room>,
    /// How it pays.
    #[serde(default)]
    pub charge_type: ChargeType,
    /// When heat was drawn; must not overlap.
    pub uses: Vec<UsePeriod>,
    /// When a low-income proof was valid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub low_income: Vec<Period>,
}

impl Facts {
    /// Rooms that draw heat all the time and pay by area.
    pub fn using(rooms: Vec<Room>) -> Self {
        let always = UsePeriod { during: Period::ALWAYS, state: UseState::Using };
        Self { rooms, charge_type: ChargeType::Area, uses: vec![always], low_income: Vec::new() }
    }
}
