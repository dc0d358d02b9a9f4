//! Meters: what they showed, what is odd about it, and what a season's heat comes to.

mod rule;

pub use rule::*;

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Event, Fen, PostingId, SeasonId, Subject};
use serde::{Deserialize, Serialize};
use tariff::{Decimal, HeatUnit, MeteredSettlement, MeteredUse};
use utoipa::ToSchema;
use uuid::Uuid;

/// How a reading came.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReadingSource {
    /// Somebody read the dial.
    Manual,
    /// A list was imported.
    Import,
    /// The meter sent it.
    Remote,
}

/// What is odd about a reading. None of it is impossible, so a person may confirm it.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Oddity {
    /// Less than before: another meter, a slip of the pen, or the counter went round.
    Backwards,
    /// More than such a home can draw.
    Excessive,
    /// Nothing was drawn in the middle of the season.
    Standstill,
    /// The household is stopped, and the meter went on.
    WhileStopped,
}

impl Oddity {
    /// For people, Chinese.
    pub fn zh(self) -> &'static str {
        match self {
            Self::Backwards => "读数小于上次",
            Self::Excessive => "用热量异常偏大",
            Self::Standstill => "采暖期内没有用热",
            Self::WhileStopped => "报停期间有用热",
        }
    }
}

/// What a new reading is held against. Quantities are thousandths of the meter's unit.
#[derive(Clone, Copy, Debug)]
pub struct ReadingContext {
    /// The reading before, or what the meter showed when it was fitted.
    pub before: Option<(NaiveDate, i64)>,
    /// Heated area, hundredths of a square metre.
    pub area: i64,
    /// How many kWh a unit of the meter is, in thousandths.
    pub kwh_milli: i64,
    /// Whether heat is stopped that day.
    pub stopped: bool,
    /// Whether the days between lie in the heart of a season.
    pub in_season: bool,
}

/// More than this a day and square metre, in thousandths of a kWh, no home draws: 1.5 kWh is
/// what an uninsulated house needs at −25 °C.
const MOST_PER_DAY_M2: i128 = 1_500;

/// What is odd about a reading.
pub fn oddities(on: NaiveDate, value_milli: i64, c: &ReadingContext) -> Vec<Oddity> {
    let Some((day, before)) = c.before else { return Vec::new() };
    let used = i128::from(value_milli) - i128::from(before);
    let days = i128::from((on - day).num_days().max(1));
    let mut found = Vec::new();
    if used < 0 {
        found.push(Oddity::Backwards);
    }
    // used/1000 units × kWh/1000 a unit, against area/100 m² × days × limit/1000
    let drawn = used * i128::from(c.kwh_milli) * 100;
    if drawn > i128::from(c.area.max(1)) * days * MOST_PER_DAY_M2 * 1_000 {
        found.push(Oddity::Excessive);
    }
    if used == 0 && days >= 14 && c.in_season && !c.stopped {
        found.push(Oddity::Standstill);
    }
    // A litre or two of warmth leaks through any valve.
    if c.stopped && used > 100 {
        found.push(Oddity::WhileStopped);
    }
    found
}

/// Thousandths of a kWh in one unit of a meter.
pub fn kwh_milli(unit: &str) -> Option<i64> {
    match unit {
        "kWh" => Some(1_000),
        "MWh" => Some(1_000_000),
        "GJ" => Some(277_778),
        _ => None,
    }
}

/// Heat in the pack's unit, exact to six places; `None` when it is more than there is.
pub fn in_pack_unit(used_milli: i64, meter_unit: &str, wanted: HeatUnit) -> Option<Decimal> {
    // one kWh is 0.0036 GJ, exactly
    let micro = i128::from(used_milli) * 1_000;
    let micro = match (meter_unit, wanted) {
        ("kWh", HeatUnit::Kwh) | ("GJ", HeatUnit::Gj) => micro,
        ("MWh", HeatUnit::Kwh) => micro * 1_000,
        ("kWh", HeatUnit::Gj) => half_up(micro * 36, 10_000),
        ("MWh", HeatUnit::Gj) => half_up(micro * 36, 10),
        ("GJ", HeatUnit::Kwh) => half_up(micro * 10_000, 36),
        _ => return None,
    };
    i64::try_from(micro).ok().map(Decimal::from_micro)
}

fn half_up(num: i128, den: i128) -> i128 {
    (num + num.signum() * den / 2) / den
}

/// A reading to be written down.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewReading {
    /// The number on the meter.
    pub meter_number: String,
    /// On which day.
    pub read_on: NaiveDate,
    /// What it showed, with at most three decimals.
    #[schema(value_type = String, example = "12.5")]
    pub value: Decimal,
    /// For people; needed where something is odd, or a reading is corrected.
    #[serde(default)]
    pub note: String,
    /// The reading that was wrong.
    #[serde(default)]
    pub corrects_id: Option<Uuid>,
    /// Odd, and right all the same.
    #[serde(default)]
    pub confirmed: bool,
}

/// A reading.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct MeterReading {
    /// The reading.
    pub id: Uuid,
    /// The number on the meter.
    pub meter_number: String,
    /// `GJ`, `kWh` or `MWh`.
    pub unit: String,
    /// Who pays for it.
    #[schema(required)]
    pub account_id: Option<AccountId>,
    /// Where.
    pub address: String,
    /// On which day.
    pub read_on: NaiveDate,
    /// What it showed, thousandths of the unit.
    pub value_milli: i64,
    /// What it drew since the reading before, thousandths of the unit.
    #[schema(required)]
    pub used_milli: Option<i64>,
    /// How it came.
    pub source: ReadingSource,
    /// What was odd about it.
    pub oddities: Vec<String>,
    /// For people.
    pub note: String,
    /// The reading that it corrects.
    #[schema(required)]
    pub corrects_id: Option<Uuid>,
    /// The value that was wrong, thousandths of the unit.
    #[schema(required)]
    pub corrects_milli: Option<i64>,
    /// Whether another reading stands in its place.
    pub corrected: bool,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by_name: String,
}

/// A line of an imported list that was not taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReadingRefused {
    /// Its place in the list, from one.
    pub line: usize,
    /// The number on the meter.
    pub meter_number: String,
    /// Why, Chinese.
    pub zh: String,
    /// Why, English.
    pub en: String,
}

/// What came of an imported list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReadingsTaken {
    /// Lines that were written down.
    pub taken: usize,
    /// Of them, those with something odd.
    pub odd: usize,
    /// Lines that were not.
    pub refused: Vec<ReadingRefused>,
}

/// The inputs of a settlement: kept with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SettlementInputs {
    /// Each meter's first and last reading.
    pub meters: Vec<MeterUse>,
    /// What is settled.
    pub used: MeteredUse,
}

/// What one meter counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MeterUse {
    /// The number on it.
    pub number: String,
    /// Its unit.
    pub unit: String,
    /// The first reading's day.
    pub from_on: NaiveDate,
    /// The first reading, thousandths.
    pub from_milli: i64,
    /// The last reading's day.
    pub to_on: NaiveDate,
    /// The last reading, thousandths.
    pub to_milli: i64,
}

/// What a season's metered heat came to.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Settlement {
    /// The household.
    pub account_id: AccountId,
    /// The season.
    pub season_id: SeasonId,
    /// Its code.
    pub season: String,
    /// Counts from one; zero of one that is only previewed.
    pub version: i32,
    /// From what.
    #[schema(value_type = SettlementInputs)]
    pub inputs: sqlx::types::Json<SettlementInputs>,
    /// What came of it.
    #[schema(value_type = MeteredSettlement)]
    pub result: sqlx::types::Json<MeteredSettlement>,
    /// What it posted.
    #[schema(required)]
    pub posting_id: Option<PostingId>,
    /// Why there is this version.
    pub reason: String,
    /// When.
    pub settled_at: DateTime<Utc>,
    /// By whom.
    pub settled_by_name: String,
}

/// What a settlement puts where: collected, given back, carried on.
pub(crate) fn parts(s: Option<&MeteredSettlement>) -> [Fen; 3] {
    s.map_or([Fen::ZERO; 3], |s| [s.collect, s.refund, s.carry])
}

/// Something happened to a meter or its money.
#[derive(Debug, Serialize)]
pub(crate) struct MeterTold {
    #[serde(skip)]
    pub event: &'static str,
    #[serde(skip)]
    pub subject: Subject,
    #[serde(skip)]
    pub org_path: String,
    pub from: Option<String>,
    pub to: String,
    pub note: String,
}

impl Event for MeterTold {
    fn kind(&self) -> &'static str {
        self.event
    }
    fn subject(&self) -> Subject {
        self.subject
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    /// accepts ME-01: an odd reading is seen when it comes, not on the bill.
    #[test]
    fn odd_readings_are_seen() {
        use Oddity::{Backwards, Excessive, Standstill, WhileStopped};
        let plain = ReadingContext {
            before: Some((day("2026-12-01"), 10_000)),
            area: 9_000,
            kwh_milli: 1_000_000,
            stopped: false,
            in_season: true,
        };
        let stopped = ReadingContext { stopped: true, ..plain };
        let first = ReadingContext { before: None, ..plain };
        // 90 m², 30 days: 4.05 MWh is the most
        for (on, value, context, found) in [
            ("2026-12-31", 12_000, plain, vec![]),
            ("2026-12-31", 14_050, plain, vec![]),
            ("2026-12-31", 14_051, plain, vec![Excessive]),
            ("2026-12-31", 9_999, plain, vec![Backwards]),
            ("2026-12-31", 10_000, plain, vec![Standstill]),
            ("2026-12-10", 10_000, plain, vec![]),
            ("2026-12-31", 10_100, stopped, vec![]),
            ("2026-12-31", 10_101, stopped, vec![WhileStopped]),
            ("2026-12-31", i64::MAX, first, vec![]),
        ] {
            assert_eq!(oddities(day(on), value, &context), found, "{on} {value}");
        }
        assert_eq!(oddities(day("2026-12-31"), i64::MAX, &plain), [Excessive]);
    }

    #[test]
    fn heat_is_converted_exactly() {
        use HeatUnit::{Gj, Kwh};
        for (milli, from, to, shown) in [
            (1_000, "GJ", Gj, Some("1")),
            (3_600, "GJ", Kwh, Some("1000")),
            (1_000, "GJ", Kwh, Some("277.777778")),
            (1_000, "kWh", Gj, Some("0.0036")),
            (1_000, "MWh", Gj, Some("3.6")),
            (2_500, "MWh", Kwh, Some("2500")),
            (1, "m3", Kwh, None),
            (i64::MAX, "MWh", Kwh, None),
        ] {
            let got = in_pack_unit(milli, from, to).map(|d| d.to_string());
            assert_eq!(got.as_deref(), shown, "{milli} {from}");
        }
    }
}
