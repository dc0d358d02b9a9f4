//! What was believed of a household, and when: the versions that the directory keeps.

use chrono::{DateTime, NaiveDate, Utc};
use directory::{Version, rewrite};
use tariff::{
    ChargeType, Decimal, Facts, Period, Room, SeasonCalendar, UsePeriod, UseState, UserClass,
};
use uuid::Uuid;

/// What is true of an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Use {
    pub person: Uuid,
    pub state: UseState,
    pub charge_type: ChargeType,
    pub low_income: bool,
}

/// What is true of its rooms; areas in hundredths of a square metre.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Space {
    pub building: i64,
    pub usable: i64,
    pub heated: i64,
    pub charged: i64,
    /// Centimetres from floor to ceiling.
    pub height: i64,
    pub class: UserClass,
    pub manner: &'static str,
}

/// A version as the table keeps it.
#[derive(Clone, Debug)]
pub(crate) struct Row<F> {
    pub version: Version<F>,
    pub recorded_at: DateTime<Utc>,
    pub superseded_at: Option<DateTime<Utc>>,
    pub change: Option<Uuid>,
}

/// Everything that was ever believed of one thing.
#[derive(Clone, Debug)]
pub(crate) struct Belief<F>(pub Vec<Row<F>>);

impl<F: Clone + PartialEq> Belief<F> {
    /// Believed from the beginning.
    pub(crate) fn new(from: NaiveDate, facts: F, recorded_at: DateTime<Utc>) -> Self {
        let version = Version { from, to: None, facts };
        Self(vec![Row { version, recorded_at, superseded_at: None, change: None }])
    }

    /// What was known at an instant.
    pub(crate) fn known(&self, at: DateTime<Utc>) -> Vec<Version<F>> {
        let held = |r: &&Row<F>| r.recorded_at <= at && r.superseded_at.is_none_or(|end| at < end);
        let mut known: Vec<_> = self.0.iter().filter(held).map(|r| r.version.clone()).collect();
        known.sort_by_key(|v| v.from);
        known
    }

    /// From then on it is believed to have been otherwise from a day on.
    pub(crate) fn amend(
        &mut self,
        at: DateTime<Utc>,
        change: Uuid,
        (from, to): (NaiveDate, Option<NaiveDate>),
        anew: impl Fn(&F) -> F,
    ) {
        let before = self.known(at);
        let after = rewrite(&before, from, to, |old| old.map(&anew));
        for row in self.0.iter_mut().filter(|r| r.superseded_at.is_none()) {
            if !after.contains(&row.version) {
                row.superseded_at = Some(at);
            }
        }
        for version in after.into_iter().filter(|v| !before.contains(v)) {
            let change = Some(change);
            self.0.push(Row { version, recorded_at: at, superseded_at: None, change });
        }
    }
}

/// What a season's charge depended on, as known at an instant; cut to the season.
pub(crate) fn facts(
    season: &SeasonCalendar,
    uses: &[Version<Use>],
    spaces: &[Version<Space>],
) -> Facts {
    let mut facts = Facts { rooms: Vec::new(), ..Facts::default() };
    for space in spaces {
        let Some((from, to)) = clip(season, space) else { continue };
        let whole = (from, to) == (season.first, season.end);
        let during = (!whole).then(|| Period::new(from, to));
        facts.rooms.push(room(&space.facts, during));
    }
    for used in uses {
        let Some((from, to)) = clip(season, used) else { continue };
        facts.charge_type = used.facts.charge_type;
        let state = used.facts.state;
        match facts.uses.last_mut() {
            Some(last) if last.state == state && last.during.to == Some(from) => {
                last.during.to = Some(to);
            }
            _ => facts.uses.push(UsePeriod { during: Period::new(from, to), state }),
        }
        if !used.facts.low_income {
            continue;
        }
        match facts.low_income.last_mut() {
            Some(last) if last.to == Some(from) => last.to = Some(to),
            _ => facts.low_income.push(Period::new(from, to)),
        }
    }
    let whole = |p: &mut Period| {
        if *p == Period::new(season.first, season.end) {
            *p = Period::ALWAYS;
        }
    };
    facts.uses.iter_mut().map(|u| &mut u.during).chain(&mut facts.low_income).for_each(whole);
    facts
}

fn clip<F>(season: &SeasonCalendar, version: &Version<F>) -> Option<(NaiveDate, NaiveDate)> {
    let from = version.from.max(season.first);
    let to = version.to.map_or(season.end, |to| to.min(season.end));
    (from < to).then_some((from, to))
}

fn room(space: &Space, during: Option<Period>) -> Room {
    let area = |hundredths| Some(Decimal::from_hundredths(hundredths));
    Room {
        label: String::new(),
        during,
        user_class: space.class,
        building_area: area(space.building),
        usable_area: area(space.usable),
        heated_area: area(space.heated),
        charged_area: area(space.charged),
        storey_height: area(space.height),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_belief_of_the_past_stays_when_another_follows() {
        let mut belief = Belief::new(day("2020-01-01"), 1, at("2020-01-01T00:00:00Z"));
        let told = at("2023-02-01T00:00:00Z");
        belief.amend(told, Uuid::nil(), (day("2022-11-15"), Some(day("2023-01-10"))), |_| 2);
        let then = belief.known(at("2023-01-31T00:00:00Z"));
        assert_eq!(then.iter().map(|v| v.facts).collect::<Vec<_>>(), [1]);
        let now: Vec<_> = belief.known(told).into_iter().map(|v| (v.from, v.facts)).collect();
        let wanted = [(day("2020-01-01"), 1), (day("2022-11-15"), 2), (day("2023-01-10"), 1)];
        assert_eq!(now, wanted);
    }
}
