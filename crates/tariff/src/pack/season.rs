//! When there is heat.

use super::Cited;
use chrono::{NaiveDate, NaiveDateTime};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A day of the year, such as 15 November.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema,
)]
#[serde(deny_unknown_fields)]
pub struct MonthDay {
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
}

impl MonthDay {
    /// The day of that month.
    pub const fn new(month: u32, day: u32) -> Self {
        Self { month, day }
    }

    /// That day of `year`; the last of February where there is no 29th, nothing if there is never
    /// such a day.
    pub fn of(self, year: i32) -> Option<NaiveDate> {
        let leap = (self.month, self.day) == (2, 29);
        let day = NaiveDate::from_ymd_opt(year, self.month, self.day);
        day.or_else(|| leap.then(|| NaiveDate::from_ymd_opt(year, 2, 28)).flatten())
    }
}

/// A moment of the year with its hour; hour 24 is the day's end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeasonMoment {
    /// 1 to 12.
    pub month: u32,
    /// 1 to 31.
    pub day: u32,
    /// 0 to 24.
    pub hour: u32,
}

/// A part of the season that is run differently.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Phase {
    /// Water is filled in and pressure tested.
    Fill,
    /// The trial run.
    Trial,
    /// The first days, when most complaints come.
    Opening,
    /// The long middle.
    Stable,
    /// The last days.
    Closing,
}

/// From what a phase's days are counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Anchor {
    /// The season's first day is 0.
    Start,
    /// The day after the season's last is 0.
    End,
}

/// A day counted from the season's edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SeasonDay {
    /// From which edge.
    pub anchor: Anchor,
    /// So many days after it; before it when negative.
    pub days: i32,
}

/// A phase and its days, the last one excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PhaseRule {
    /// Which phase.
    pub phase: Phase,
    /// Its first day.
    pub from: SeasonDay,
    /// The day after its last.
    pub to: SeasonDay,
}

/// An order of the authority that moves one season's edge.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Ordered {
    /// The year in which the season begins.
    pub season: i32,
    /// Begins then instead, Shanghai's time.
    #[schema(required)]
    pub starts: Option<NaiveDateTime>,
    /// Ends then instead, Shanghai's time.
    #[schema(required)]
    pub ends: Option<NaiveDateTime>,
}

/// By how many days the season's fee is divided to get a day's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "by")]
pub enum DayBasis {
    /// The days as the calendar says, whatever was ordered: an extension costs nothing.
    Nominal,
    /// The days that there is heat, ordered ones included.
    Actual,
    /// A fixed number.
    Fixed {
        /// That number.
        days: u16,
    },
}

/// When there is heat.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarRules {
    /// Heat begins.
    pub starts: Cited<SeasonMoment>,
    /// Heat ends, the next year.
    pub ends: Cited<SeasonMoment>,
    /// Early starts and extensions that were ordered.
    pub ordered: Vec<Cited<Ordered>>,
    /// The divisor of a day's fee.
    pub day_basis: Cited<DayBasis>,
    /// Parts of the season.
    pub phases: Vec<Cited<PhaseRule>>,
}
