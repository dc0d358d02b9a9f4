//! One season's days.

use crate::{Anchor, CalendarRules, DayBasis, Pack, Phase, SeasonDay, SeasonMoment, TariffRule};
use chrono::{DateTime, Days, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Utc};
use kernel::clock::SHANGHAI;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Days from one to another, the last one excluded; without end when it has none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Period {
    /// First day.
    pub from: NaiveDate,
    /// The day after the last.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<NaiveDate>,
}

/// Before any contract.
const DAWN: NaiveDate = match NaiveDate::from_ymd_opt(1900, 1, 1) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

impl Period {
    /// Days from one to another, the last one excluded.
    pub const fn new(from: NaiveDate, to: NaiveDate) -> Self {
        Self { from, to: Some(to) }
    }

    /// From a day on.
    pub const fn since(from: NaiveDate) -> Self {
        Self { from, to: None }
    }

    /// All days.
    pub const ALWAYS: Self = Self { from: DAWN, to: None };

    /// Whether the day is within.
    pub fn holds(&self, day: NaiveDate) -> bool {
        self.from <= day && self.to.is_none_or(|to| day < to)
    }

    /// The part of `from..to` that is within; nothing if it is empty.
    pub(crate) fn clip(&self, from: NaiveDate, to: NaiveDate) -> Option<(NaiveDate, NaiveDate)> {
        let (from, to) = (from.max(self.from), self.to.map_or(to, |end| end.min(to)));
        (from < to).then_some((from, to))
    }
}

/// One season's days, as the calendar and the authority's orders make them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SeasonCalendar {
    /// The year in which it begins.
    pub year: i32,
    /// As people say it: `2026-2027`.
    pub code: String,
    /// First instant of heat.
    pub starts_at: DateTime<Utc>,
    /// First instant after it.
    pub ends_at: DateTime<Utc>,
    /// First day that is charged.
    pub first: NaiveDate,
    /// The day after the last one that is charged.
    pub end: NaiveDate,
    /// What a season's fee is divided by to get a day's.
    pub days: u16,
    /// First day of heat, ordered days included.
    pub heat_first: NaiveDate,
    /// The day after the last of heat, ordered days included.
    pub heat_end: NaiveDate,
    /// Its phases, the last day of each excluded.
    pub phases: Vec<(Phase, NaiveDate, NaiveDate)>,
}

impl SeasonCalendar {
    /// The phase of one day; where two meet, the later in the list.
    pub fn phase(&self, day: NaiveDate) -> Option<Phase> {
        let hit = self.phases.iter().rev().find(|(_, from, to)| *from <= day && day < *to);
        hit.map(|(phase, ..)| *phase)
    }

    /// How many days of the season are charged for.
    pub fn charged_days(&self) -> i64 {
        (self.end - self.first).num_days()
    }
}

/// First day and day after the last: a day that begins after midday's start belongs to the
/// season when a full 24 hours of heat are begun in it.
fn days_of(starts: NaiveDateTime, ends: NaiveDateTime) -> Option<(NaiveDate, NaiveDate)> {
    let first = starts.date();
    let hours = (ends - starts).num_hours();
    let days = u64::try_from(hours).ok()?.div_ceil(24);
    (days > 0).then_some(())?;
    Some((first, first.checked_add_days(Days::new(days))?))
}

fn moment(at: SeasonMoment, year: i32) -> Option<NaiveDateTime> {
    let day = crate::MonthDay::new(at.month, at.day).of(year)?;
    (at.hour <= 24).then_some(())?;
    day.and_time(NaiveTime::MIN).checked_add_signed(TimeDelta::hours(at.hour.into()))
}

fn instant(local: NaiveDateTime) -> Option<DateTime<Utc>> {
    local.and_local_timezone(SHANGHAI).single().map(|at| at.to_utc())
}

impl CalendarRules {
    fn season(&self, year: i32) -> Option<SeasonCalendar> {
        let starts = moment(self.starts.value, year)?;
        let ends = moment(self.ends.value, year.checked_add(1)?)?;
        let mut heat = (starts, ends);
        for order in self.ordered.iter().map(|o| &o.value).filter(|o| o.season == year) {
            heat = (order.starts.unwrap_or(heat.0), order.ends.unwrap_or(heat.1));
        }
        let nominal = days_of(starts, ends)?;
        let (heat_first, heat_end) = days_of(heat.0, heat.1)?;
        let (first, end) = match self.day_basis.value {
            DayBasis::Nominal | DayBasis::Fixed { .. } => nominal,
            DayBasis::Actual => (heat_first, heat_end),
        };
        let days = match self.day_basis.value {
            DayBasis::Fixed { days } => days,
            _ => u16::try_from((end - first).num_days()).ok()?,
        };
        (1..=366).contains(&days).then_some(())?;
        (1..=366).contains(&(heat_end - heat_first).num_days()).then_some(())?;
        let day = |d: SeasonDay| {
            let edge = if d.anchor == Anchor::Start { heat_first } else { heat_end };
            edge.checked_add_signed(TimeDelta::days(d.days.into()))
        };
        let phases = self.phases.iter().map(|p| &p.value);
        let phases = phases.map(|p| Some((p.phase, day(p.from)?, day(p.to)?)));
        Some(SeasonCalendar {
            year,
            code: format!("{year}-{}", year + 1),
            starts_at: instant(heat.0)?,
            ends_at: instant(heat.1)?,
            first,
            end,
            days,
            heat_first,
            heat_end,
            phases: phases.collect::<Option<_>>()?,
        })
    }
}

impl Pack {
    /// The season that begins in `year`.
    pub fn season(&self, year: i32) -> Result<SeasonCalendar, TariffRule> {
        let plausible = (1950..=2200).contains(&year).then_some(());
        plausible.and_then(|()| self.calendar.season(year)).ok_or(TariffRule::NoSeason(year))
    }
}
