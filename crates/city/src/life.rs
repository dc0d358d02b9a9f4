//! What happens to a household in seven years: it stops and restores its heat, changes hands, is
//! measured again, gets a low-income proof. Some of it is learned of late.

use crate::belief::{Belief, Space, Use};
use crate::random::{Ids, Rng};
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use kernel::clock::{local_date, start_of_day};
use tariff::{ChargeType, UseState, UserClass};
use uuid::Uuid;

/// Seasons that are told.
pub(crate) const SEASONS: usize = 7;

/// A household's past.
pub(crate) struct Life {
    pub uses: Belief<Use>,
    pub spaces: Belief<Space>,
    /// What was changed, in the order in which it was learned.
    pub acts: Vec<Act>,
}

/// Something that changed.
#[derive(Clone, Debug)]
pub(crate) struct Act {
    pub id: Uuid,
    /// When we learned of it.
    pub at: DateTime<Utc>,
    /// From which day it is so.
    from: NaiveDate,
    to: Option<NaiveDate>,
    what: What,
    pub reason: &'static str,
    pub source: &'static str,
}

#[derive(Clone, Copy, Debug)]
enum What {
    Person(Uuid),
    State(UseState),
    LowIncome,
    Space(Space),
}

/// How things stand at the end, and what else decides the past.
pub(crate) struct End {
    pub opened_on: NaiveDate,
    /// The first of the seasons, and now.
    pub first_year: i32,
    pub now: DateTime<Utc>,
    pub person: Uuid,
    /// Who held it before.
    pub seller: Option<Uuid>,
    pub state: UseState,
    pub space: Space,
    /// What somebody typed this autumn by a slip of his finger.
    pub mistyped: Option<Space>,
}

/// The past of a household, and how things stand now.
pub(crate) fn live(rng: &mut Rng, ids: &mut Ids, end: &End) -> Life {
    let mut acts = Vec::new();
    let mut teller = Teller { rng, ids, end, acts: &mut acts };
    let (state, stops) = teller.stops();
    teller.stopping(stops);
    let person = teller.transfer();
    let space = teller.measuring();
    teller.proof();
    teller.slip();
    let charge_type = if teller.rng.chance(20) { ChargeType::TwoPart } else { ChargeType::Area };
    let born = start_of_day(end.opened_on) + TimeDelta::hours(9);
    settle(&mut acts, end, born);
    let used = Use { person, state, charge_type, low_income: false };
    let built = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default();
    let mut life = Life {
        uses: Belief::new(end.opened_on, used, born),
        spaces: Belief::new(built, space, start_of_day(built)),
        acts,
    };
    for act in &life.acts {
        let when = (act.from, act.to);
        let uses = &mut life.uses;
        match act.what {
            What::Person(person) => uses.amend(act.at, act.id, when, |u| Use { person, ..*u }),
            What::State(state) => uses.amend(act.at, act.id, when, |u| Use { state, ..*u }),
            What::LowIncome => {
                uses.amend(act.at, act.id, when, |u| Use { low_income: true, ..*u });
            }
            What::Space(space) => life.spaces.amend(act.at, act.id, when, |_| space),
        }
    }
    life
}

/// Nothing is learned of a household before there is one, nor two things in one instant; who
/// stopped before that stands stopped from the beginning.
fn settle(acts: &mut Vec<Act>, end: &End, born: DateTime<Utc>) {
    for act in acts.iter_mut().filter(|a| matches!(a.what, What::State(_))) {
        act.from = act.from.max(end.opened_on);
    }
    acts.retain(|a| a.from >= end.opened_on && a.at <= end.now);
    acts.sort_by_key(|a| a.at);
    let mut last = born;
    for act in acts {
        act.at = act.at.max(last + TimeDelta::milliseconds(1));
        last = act.at;
    }
}

struct Teller<'a> {
    rng: &'a mut Rng,
    ids: &'a mut Ids,
    end: &'a End,
    acts: &'a mut Vec<Act>,
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

impl Teller<'_> {
    fn year(&self, season: usize) -> i32 {
        self.end.first_year + i32::try_from(season).unwrap_or_default()
    }

    fn act(
        &mut self,
        learned: NaiveDate,
        (from, to): (NaiveDate, Option<NaiveDate>),
        what: What,
        (reason, source): (&'static str, &'static str),
    ) {
        let minute = self.rng.between(9 * 60, 17 * 60);
        let at = start_of_day(learned) + TimeDelta::minutes(minute);
        let id = self.ids.next();
        self.acts.push(Act { id, at, from, to, what, reason, source });
    }

    /// The state at the beginning, and in which seasons heat was stopped: told backwards from
    /// how it is now, for who stopped once stops again.
    fn stops(&mut self) -> (UseState, [bool; SEASONS]) {
        let mut stops = [false; SEASONS];
        if self.end.state == UseState::NotConnected {
            return (UseState::NotConnected, stops);
        }
        if self.end.state == UseState::ForcedStop {
            return (UseState::Using, stops);
        }
        let mut next = self.end.state == UseState::Stopped;
        for (n, stop) in stops.iter_mut().enumerate().rev() {
            *stop = match n + 1 {
                SEASONS => next,
                _ => self.rng.chance(if next { 550 } else { 30 }),
            };
            next = *stop;
        }
        (UseState::Using, stops)
    }

    fn stopping(&mut self, stops: [bool; SEASONS]) {
        let today = local_date(self.end.now);
        let mut stopped = false;
        for (season, stop) in stops.into_iter().enumerate() {
            let year = self.year(season);
            let deadline = day(year, 10, 15).min(today);
            if stop && !stopped {
                // Most apply before the season is opened, some on the last days.
                let late = deadline > day(year, 10, 14) && self.rng.chance(200);
                let learned = if late {
                    day(year, 10, 9) + TimeDelta::days(self.rng.between(0, 5))
                } else {
                    day(year, 8, 1) + TimeDelta::days(self.rng.between(0, 66))
                };
                let what = What::State(UseState::Stopped);
                self.act(learned, (deadline, None), what, ("用户申请报停", "application"));
                stopped = true;
            } else if !stop && stopped {
                let learned = day(year, 8, 1) + TimeDelta::days(self.rng.between(0, 66));
                let what = What::State(UseState::Using);
                self.act(learned, (deadline, None), what, ("用户申请复热", "application"));
                stopped = false;
            }
            let back = day(year, 12, 1) + TimeDelta::days(self.rng.between(0, 80));
            if stopped && back < today && season + 1 < SEASONS && self.rng.chance(80) {
                let what = What::State(UseState::Using);
                self.act(back, (back, None), what, ("采暖季中复热", "application"));
                stopped = false;
            }
        }
        if self.end.state == UseState::ForcedStop {
            let from = day(self.year(SEASONS - 2), 12, 10);
            let what = What::State(UseState::ForcedStop);
            self.act(from, (from, None), what, ("欠费强制停热", "desk"));
        }
    }

    /// Who held it at the beginning.
    fn transfer(&mut self) -> Uuid {
        let Some(seller) = self.end.seller else { return self.end.person };
        let first = self.end.opened_on.max(day(self.year(0), 6, 1)).succ_opt();
        let first = first.unwrap_or_default();
        let span = (local_date(self.end.now) - first).num_days();
        if span < 2 {
            return self.end.person;
        }
        let from = first + TimeDelta::days(self.rng.between(0, span - 1));
        self.act(from, (from, None), What::Person(self.end.person), ("房屋过户", "application"));
        seller
    }

    /// How the rooms were at the beginning.
    fn measuring(&mut self) -> Space {
        let end = self.end.space;
        let fate = self.rng.between(1, 1000);
        let season = self.rng.index(SEASONS - 1);
        let year = self.year(season);
        let shift = self.rng.between(40, 900);
        let other = Space { building: end.building + shift, heated: end.heated + shift, ..end };
        let other = Space { charged: other.heated, ..other };
        let begun = self.end.opened_on < day(year, 4, 1);
        match fate {
            _ if !begun => end,
            1..=12 => {
                let from = day(year, 4, 1) + TimeDelta::days(self.rng.between(0, 180));
                self.act(from, (from, None), What::Space(end), ("复测面积", "application"));
                other
            }
            13..=17 => {
                let learned = day(year + 1, 1, 5) + TimeDelta::days(self.rng.between(0, 60));
                let why = ("面积登记有误，追溯更正", "desk");
                self.act(learned, (day(year, 11, 1), None), What::Space(end), why);
                other
            }
            18..=47 if end.class == UserClass::Shop => {
                let from = day(year, 7, 1);
                self.act(from, (from, None), What::Space(end), ("住宅改商业用房", "application"));
                Space { class: UserClass::Resident, ..end }
            }
            _ => end,
        }
    }

    fn slip(&mut self) {
        if let Some(space) = self.end.mistyped {
            let from = day(self.year(SEASONS - 1), 9, 12);
            self.act(from, (from, None), What::Space(space), ("面积重新录入", "desk"));
        }
    }

    fn proof(&mut self) {
        if self.end.space.class != UserClass::Resident || !self.rng.chance(20) {
            return;
        }
        let season = self.rng.index(SEASONS);
        let from = day(self.year(season), 9, 1);
        let to = day(from.year() + i32::from(self.rng.chance(500)) + 1, 9, 1);
        // Some bring their proof when the season has begun.
        let late = self.rng.weighted(&[(0, 70), (25, 10), (80, 20)]);
        let learned = from + TimeDelta::days(late);
        self.act(learned, (from, Some(to)), What::LowIncome, ("登记低保证明", "desk"));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_lived_his_life_stands_where_he_should() {
        let now: DateTime<Utc> = "2026-11-22T01:00:00Z".parse().unwrap();
        let (mut rng, mut ids) = (Rng::new(3, "life"), Ids::new(3, "life", now));
        let states = [UseState::Using, UseState::Stopped, UseState::ForcedStop];
        let mut told = 0;
        for n in 0..3000 {
            let space = Space {
                building: 9000,
                usable: 7500,
                heated: 8800,
                charged: 8800,
                height: 280,
                class: UserClass::Resident,
                manner: "floor",
            };
            let (person, seller) = (ids.next(), (n % 9 == 0).then(|| ids.next()));
            let state = states[n % 3];
            let opened_on = day(2004 + i32::try_from(n % 21).unwrap(), 6, 3);
            let end = End {
                opened_on,
                first_year: 2020,
                now,
                person,
                seller,
                state,
                space,
                mistyped: None,
            };
            let life = live(&mut rng, &mut ids, &end);
            let known = life.uses.known(now);
            let last = known.iter().find(|v| v.holds(local_date(now))).expect("a state").facts;
            assert_eq!((last.person, last.state), (person, state), "{:?}", life.acts);
            let spaces = life.spaces.known(now);
            assert_eq!(spaces.last().unwrap().facts, space);
            assert!(known.windows(2).all(|w| w[0].to == Some(w[1].from)), "{known:?}");
            told += life.acts.len();
        }
        assert!(told > 1000, "{told} acts");
    }
}
