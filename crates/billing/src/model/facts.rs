//! From the directory's versions to what a season's charge depends on.

use chrono::NaiveDate;
use kernel::AccountId;
use std::collections::HashMap;
use std::str::FromStr as _;
use tariff::UserClass;
use tariff::{ChargeType, Decimal, Facts, Period, Room, SeasonCalendar, UsePeriod, UseState};
use uuid::Uuid;

/// Some days of an account, the last one excluded.
#[derive(Clone, Debug)]
pub(crate) struct UseRow {
    pub account: AccountId,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub state: UseState,
    pub charge_type: ChargeType,
    pub low_income: bool,
}

/// Some days of one of its rooms.
#[derive(Clone, Debug)]
pub(crate) struct RoomRow {
    pub account: AccountId,
    pub premise: Uuid,
    pub from: NaiveDate,
    pub to: NaiveDate,
    pub user_class: UserClass,
    pub building_area: Decimal,
    pub usable_area: Option<Decimal>,
    pub heated_area: Decimal,
    pub charged_area: Decimal,
    pub storey_height: Option<Decimal>,
}

/// What no version of this program wrote.
#[derive(Debug, thiserror::Error)]
#[error("unknown word in the directory: {0}")]
pub(crate) struct Unknown(pub String);

/// The state of use; who is not on the network draws nothing.
pub(crate) fn use_state(network: &str, heat_use: &str) -> Result<UseState, Unknown> {
    if network != "connected" {
        return Ok(UseState::NotConnected);
    }
    UseState::from_str(heat_use).map_err(|_| Unknown(heat_use.to_owned()))
}

/// One of the tariff's words.
pub(crate) fn word<T: std::str::FromStr>(text: &str) -> Result<T, Unknown> {
    T::from_str(text).map_err(|_| Unknown(text.to_owned()))
}

/// Which days of the season are meant; `None` for all of them, and nothing for none.
#[expect(clippy::option_option, reason = "outer: none; inner: all")]
fn within(season: &SeasonCalendar, from: NaiveDate, to: NaiveDate) -> Option<Option<Period>> {
    let (first, end) = (from.max(season.first), to.min(season.end));
    if first >= end {
        return None;
    }
    let all = first == season.first && end == season.end;
    Some((!all).then(|| Period::new(first, end)))
}

/// An account's facts, cut to the season: equal facts of neighbouring days become one, so that
/// what does not matter to the charge does not show in it.
pub(crate) fn assemble<'a>(
    season: &SeasonCalendar,
    uses: impl IntoIterator<Item = &'a UseRow>,
    rooms: &[RoomRow],
    names: &HashMap<Uuid, String>,
) -> Facts {
    let mut facts = Facts::default();
    let mut uses: Vec<&UseRow> = uses.into_iter().collect();
    uses.sort_by_key(|u| u.from);
    for row in joined(&uses, |a, b| a.state == b.state, |r| (r.from, r.to)) {
        if let Some(during) = within(season, row.1, row.2) {
            let during = during.unwrap_or(Period::ALWAYS);
            facts.uses.push(UsePeriod { during, state: row.0.state });
        }
    }
    let poor: Vec<&UseRow> = uses.iter().copied().filter(|u| u.low_income).collect();
    for row in joined(&poor, |_, _| true, |r| (r.from, r.to)) {
        if let Some(during) = within(season, row.1, row.2) {
            facts.low_income.push(during.unwrap_or(Period::ALWAYS));
        }
    }
    let in_season = |u: &&&UseRow| u.from < season.end && season.first < u.to;
    facts.charge_type = uses.iter().rfind(in_season).map_or(ChargeType::Area, |u| u.charge_type);
    facts.rooms = rooms_of(season, rooms, names);
    facts
}

fn rooms_of(season: &SeasonCalendar, rows: &[RoomRow], names: &HashMap<Uuid, String>) -> Vec<Room> {
    let mut rows: Vec<&RoomRow> = rows.iter().collect();
    rows.sort_by_key(|r| (r.premise, r.from));
    let same = |a: &RoomRow, b: &RoomRow| {
        let plain =
            |r: &RoomRow| (r.premise, r.user_class, r.building_area, r.usable_area, r.heated_area);
        let more = |r: &RoomRow| (r.charged_area, r.storey_height);
        plain(a) == plain(b) && more(a) == more(b)
    };
    let mut rooms = Vec::with_capacity(rows.len());
    for (row, from, to) in joined(&rows, same, |r| (r.from, r.to)) {
        let Some(during) = within(season, from, to) else { continue };
        rooms.push(Room {
            label: names.get(&row.premise).cloned().unwrap_or_default(),
            during,
            user_class: row.user_class,
            building_area: Some(row.building_area),
            usable_area: row.usable_area,
            heated_area: Some(row.heated_area),
            charged_area: Some(row.charged_area),
            storey_height: row.storey_height,
        });
    }
    rooms
}

/// Neighbouring rows that say the same become one; `rows` are in order.
fn joined<'a, T>(
    rows: &[&'a T],
    same: impl Fn(&T, &T) -> bool,
    days: impl Fn(&T) -> (NaiveDate, NaiveDate),
) -> Vec<(&'a T, NaiveDate, NaiveDate)> {
    let mut out: Vec<(&T, NaiveDate, NaiveDate)> = Vec::with_capacity(rows.len());
    for row in rows {
        let (from, to) = days(row);
        match out.last_mut() {
            Some((last, _, end)) if *end == from && same(last, row) => *end = to,
            _ => out.push((row, from, to)),
        }
    }
    out
}

/// The premises of an account that has several: their rooms need names.
pub(crate) fn several(rows: &[RoomRow]) -> bool {
    rows.iter().any(|r| rows.first().is_some_and(|f| f.premise != r.premise))
}

/// Under which class the household counts in reports: that of its largest room.
pub(crate) fn class_of(facts: &Facts) -> UserClass {
    let area = |r: &&Room| (r.building_area, std::cmp::Reverse(r.user_class));
    facts.rooms.iter().max_by_key(area).map_or(UserClass::Resident, |r| r.user_class)
}
