//! Whether an application can be granted, and everything that stands against it.

use crate::{
    ChangeKind, Condition, DayWindow, Decimal, Effective, MonthDay, Pack, Period, SeasonCalendar,
    StopTerm, UserClass,
};
use chrono::{Datelike as _, Days, NaiveDate};
use kernel::{Fen, Rule};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// How things stand with an account when something is applied for. The default has nothing
/// in the way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Circumstances {
    /// Owed over all seasons.
    pub arrears: Fen,
    /// The household can be shut off alone.
    pub shut_off: bool,
    /// The building is within its warranty.
    pub in_warranty: bool,
    /// A violation is open.
    pub violation: bool,
    /// All rooms of the contract are meant.
    pub whole_contract: bool,
    /// Last season's basic fee is paid.
    pub last_basic_paid: bool,
    /// Pipes inside are drained and disconnected.
    pub pipes_drained: bool,
    /// A hold lies on the account.
    pub hold: bool,
    /// Property proof and identity were shown.
    pub papers_shown: bool,
    /// Share of the building unit's households that would be stopped.
    pub unit_share_stopped: Decimal,
    /// Stops that this season has already.
    pub stops_this_season: u8,
}

impl Default for Circumstances {
    fn default() -> Self {
        Self {
            arrears: Fen::ZERO,
            shut_off: true,
            in_warranty: false,
            violation: false,
            whole_contract: true,
            last_basic_paid: true,
            pipes_drained: true,
            hold: false,
            papers_shown: true,
            unit_share_stopped: Decimal::ZERO,
            stops_this_season: 0,
        }
    }
}

/// What is applied for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "apply", deny_unknown_fields)]
#[schema(as = TariffApplication)]
pub enum Application {
    /// No heat for some days.
    Stop {
        /// Which days.
        during: Period,
    },
    /// Heat again.
    Restore {
        /// From this day on.
        from: NaiveDate,
    },
    /// Another change.
    Change {
        /// Which one.
        change: ChangeKind,
    },
}

/// One reason that stands against an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "reason")]
pub enum Reason {
    /// Not on these days of the year.
    OutsideWindow {
        /// When it may be applied for.
        window: DayWindow,
    },
    /// Too few days before it begins.
    TooLate {
        /// So many are needed.
        days: u16,
    },
    /// Only for whole seasons.
    WholeSeasonOnly,
    /// The stop is too short.
    TooShort {
        /// So many days are needed.
        days: u16,
    },
    /// The season has as many stops as it may have.
    TooManyStops {
        /// So many.
        most: u8,
    },
    /// It ends before it begins, or lies outside of the season.
    NoDays,
    /// Too many of the building unit would be stopped.
    UnitShare {
        /// At most this share.
        limit: Decimal,
    },
    /// A condition is not met.
    Unmet {
        /// Which one.
        condition: Condition,
    },
}

impl Condition {
    /// Whether it is met.
    pub fn met(self, by: &Circumstances) -> bool {
        match self {
            Self::NoArrears => by.arrears <= Fen::ZERO,
            Self::ShutOff => by.shut_off,
            Self::OutOfWarranty => !by.in_warranty,
            Self::NoViolation => !by.violation,
            Self::WholeContract => by.whole_contract,
            Self::LastBasicPaid => by.last_basic_paid,
            Self::PipesDrained => by.pipes_drained,
            Self::NoHold => !by.hold,
            Self::PapersShown => by.papers_shown,
        }
    }

    /// Why it is refused, Chinese and English.
    pub const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NoArrears => ("有欠费未结清", "There are arrears"),
            Self::ShutOff => ("不具备分户关断条件", "The household cannot be shut off alone"),
            Self::OutOfWarranty => ("建筑仍在保修期内", "The building is within its warranty"),
            Self::NoViolation => ("有稽查事项未处理", "A violation is open"),
            Self::WholeContract => ("须整户办理", "All rooms of the contract must be included"),
            Self::LastBasicPaid => ("上季停热基础费未缴", "Last season's basic fee is not paid"),
            Self::PipesDrained => {
                ("户内管道未排空断开", "Pipes inside are not drained and disconnected")
            }
            Self::NoHold => ("该户已被锁定", "A hold lies on the account"),
            Self::PapersShown => {
                ("未出示房产证明和身份证件", "Property proof and identity were not shown")
            }
        }
    }
}

impl Rule for Reason {
    fn code(&self) -> &'static str {
        match self {
            Self::OutsideWindow { .. } => "tariff.outside_window",
            Self::TooLate { .. } => "tariff.too_late",
            Self::WholeSeasonOnly => "tariff.whole_season_only",
            Self::TooShort { .. } => "tariff.too_short",
            Self::TooManyStops { .. } => "tariff.too_many_stops",
            Self::NoDays => "tariff.no_days",
            Self::UnitShare { .. } => "tariff.unit_share",
            Self::Unmet { .. } => "tariff.unmet",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::OutsideWindow { window: DayWindow { opens, closes } } => format!(
                "受理时间为 {} 月 {} 日至 {} 月 {} 日",
                opens.month, opens.day, closes.month, closes.day
            ),
            Self::TooLate { days } => format!("须提前 {days} 天申请"),
            Self::WholeSeasonOnly => "只能按整个采暖季办理".to_owned(),
            Self::TooShort { days } => format!("停热时间不得少于 {days} 天"),
            Self::TooManyStops { most } => format!("每个采暖季最多报停 {most} 次"),
            Self::NoDays => "起止日期有误或不在采暖季内".to_owned(),
            Self::UnitShare { limit } => {
                format!("本单元报停户数超过 {}%", limit.percent())
            }
            Self::Unmet { condition } => condition.words().0.to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::OutsideWindow { window: DayWindow { opens, closes } } => format!(
                "Applications are taken from {}-{} to {}-{}",
                opens.month, opens.day, closes.month, closes.day
            ),
            Self::TooLate { days } => format!("It must be applied for {days} days ahead"),
            Self::WholeSeasonOnly => "Only whole seasons can be stopped".to_owned(),
            Self::TooShort { days } => format!("A stop lasts at least {days} days"),
            Self::TooManyStops { most } => format!("A season has at most {most} stops"),
            Self::NoDays => "The days are reversed or outside of the season".to_owned(),
            Self::UnitShare { limit } => {
                format!("More than {}% of the building unit would be stopped", limit.percent())
            }
            Self::Unmet { condition } => condition.words().1.to_owned(),
        }
    }
}

fn outside(window: DayWindow, on: NaiveDate) -> Option<Reason> {
    let day = MonthDay::new(on.month(), on.day());
    (!window.holds(day)).then_some(Reason::OutsideWindow { window })
}

fn unmet<'a>(
    conditions: &'a [Condition],
    by: &'a Circumstances,
) -> impl Iterator<Item = Reason> + 'a {
    let open = conditions.iter().copied().filter(|c| !c.met(by));
    open.map(|condition| Reason::Unmet { condition })
}

/// Everything that stands against stopping `during`, applied for on `on`; nothing when it may be.
pub fn can_stop(
    pack: &Pack,
    season: &SeasonCalendar,
    on: NaiveDate,
    during: Period,
    by: &Circumstances,
) -> Vec<Reason> {
    let rules = &pack.stop;
    let mut reasons: Vec<Reason> = outside(rules.stop_window.value, on).into_iter().collect();
    let days = rules.lead_days.value;
    if (during.from - on).num_days() < i64::from(days) {
        reasons.push(Reason::TooLate { days });
    }
    match (during.clip(season.heat_first, season.heat_end), rules.term.value) {
        (None, _) => reasons.push(Reason::NoDays),
        (Some((from, to)), StopTerm::WholeSeason) => {
            if (from, to) != (season.heat_first, season.heat_end) {
                reasons.push(Reason::WholeSeasonOnly);
            }
        }
        (Some((from, to)), StopTerm::Periods { shortest_days, most }) => {
            if (to - from).num_days() < i64::from(shortest_days) {
                reasons.push(Reason::TooShort { days: shortest_days });
            }
            if by.stops_this_season >= most {
                reasons.push(Reason::TooManyStops { most });
            }
        }
    }
    let limit = rules.unit_share_limit.value;
    if by.unit_share_stopped > limit {
        reasons.push(Reason::UnitShare { limit });
    }
    reasons.extend(unmet(&rules.stop_conditions.value, by));
    reasons
}

/// Everything that stands against heat again from `from` on.
pub fn can_restore(
    pack: &Pack,
    season: &SeasonCalendar,
    on: NaiveDate,
    from: NaiveDate,
    by: &Circumstances,
) -> Vec<Reason> {
    let rules = &pack.stop;
    let mut reasons: Vec<Reason> = outside(rules.restore_window.value, on).into_iter().collect();
    if from < on || from >= season.heat_end {
        reasons.push(Reason::NoDays);
    }
    if rules.term.value == StopTerm::WholeSeason && from > season.heat_first {
        reasons.push(Reason::WholeSeasonOnly);
    }
    reasons.extend(unmet(&rules.restore_conditions.value, by));
    reasons
}

/// Everything that stands against another change, applied for on `on`.
pub fn can_change(
    pack: &Pack,
    on: NaiveDate,
    change: ChangeKind,
    by: &Circumstances,
) -> Vec<Reason> {
    let Some(rule) = pack.changes.rule(change) else { return Vec::new() };
    let window = outside(rule.window, on);
    window.into_iter().chain(unmet(&rule.conditions, by)).collect()
}

/// What entry to the network costs for so many square metres; nothing where it is free, `None`
/// where it is more money than there is.
pub fn connection_fee(pack: &Pack, class: UserClass, area: Decimal) -> Option<Fen> {
    let mut rows = pack.changes.connection.iter().map(|c| c.value);
    let Some(row) = rows.find(|c| c.user_class == class) else { return Some(Fen::ZERO) };
    let num = i128::from(row.price.micro()).checked_mul(area.micro().into())?;
    pack.money.rounding.value.apply(num.checked_mul(100)?, 10_i128.pow(12))
}

/// What opening the valve again costs.
pub fn reconnect_fee(pack: &Pack) -> Fen {
    pack.stop.reconnect_fen.value
}

impl Pack {
    /// Everything that stands against an application.
    pub fn gate(
        &self,
        season: &SeasonCalendar,
        on: NaiveDate,
        application: &Application,
        by: &Circumstances,
    ) -> Vec<Reason> {
        match *application {
            Application::Stop { during } => can_stop(self, season, on, during, by),
            Application::Restore { from } => can_restore(self, season, on, from, by),
            Application::Change { change } => can_change(self, on, change, by),
        }
    }

    /// From when a stop or restoration counts; not yet while the evidence is missing that the
    /// pack asks for.
    pub fn effective_on(&self, asked: NaiveDate, valve: Option<NaiveDate>) -> Option<NaiveDate> {
        match self.stop.effective.value {
            Effective::Application => Some(asked),
            Effective::ValveEvidence => valve.map(|day| day.max(asked)),
        }
    }

    /// The days that a granted stop lasts: not beyond its season where it is renewed yearly.
    pub fn stop_lasts(&self, season: &SeasonCalendar, during: Period) -> Period {
        if !self.stop.yearly_renewal.value {
            return during;
        }
        let to = during.to.map_or(season.heat_end, |to| to.min(season.heat_end));
        Period::new(during.from, to)
    }

    /// The day by which an application is answered.
    pub fn answer_by(&self, on: NaiveDate) -> NaiveDate {
        on.checked_add_days(Days::new(self.stop.answer_days.value.into())).unwrap_or(on)
    }
}
