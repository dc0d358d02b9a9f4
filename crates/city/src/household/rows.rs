//! Rooms and versions of facts as rows.

use super::{Door, Holder, Households, Kind};
use crate::belief::{Belief, Row, Space};
use crate::life::{Act, End, Life, live};
use crate::sheet::{Hundredths, Until};
use crate::words;
use chrono::NaiveDate;
use tariff::UseState;
use uuid::Uuid;

impl Households {
    pub(super) fn premise(
        &mut self,
        id: Uuid,
        door: &Door<'_>,
        (room, address, suffix): (&str, &str, &str),
        kind: &Kind,
    ) {
        let code = format!("{}-{:02}{:02}{suffix}", door.unit_code, door.floor, door.room);
        let floor = i32::try_from(door.floor).unwrap_or_default();
        let s = &kind.space;
        self.premises.row(&[
            &id,
            &door.unit,
            &door.riser,
            &code,
            &floor,
            &room,
            &address,
            &Hundredths(s.building),
            &Hundredths(s.usable),
            &Hundredths(s.heated),
            &Hundredths(s.charged),
            &Hundredths(s.height),
            &<&str>::from(s.class),
            &s.manner,
            &kind.valve,
            &door.org_path,
            &door.lng,
            &door.lat,
        ]);
    }

    /// The same room under another code, as two clerks enter it.
    pub(super) fn duplicate_room(
        &mut self,
        first: Uuid,
        door: &Door<'_>,
        (room, address, account_no): (&str, &str, &str),
        kind: &Kind,
    ) {
        if !self.faults.strikes(2) {
            return;
        }
        let second = self.ids.next();
        self.premise(second, door, (room, address, "-B"), kind);
        let built = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap_or_default();
        let belief = Belief::new(built, kind.space, kernel::clock::start_of_day(built));
        for row in &belief.0 {
            self.premise_version(second, row);
        }
        if kind.right.is_some() {
            self.money.plant("impossible_area", account_no, vec![second], String::new());
        }
        let both = vec![first, second];
        self.money.plant("duplicate_premise", account_no, both, address.to_owned());
    }

    /// What happened here; a former holder is a person too.
    pub(super) fn past(
        &mut self,
        door: &Door<'_>,
        holder: &Holder,
        kind: &Kind,
        opened_on: NaiveDate,
    ) -> Life {
        let seller = self.past.chance(100).then(|| {
            let mut rng = self.past.clone();
            let name = if door.shop { words::shop(&mut rng) } else { words::person(&mut rng) };
            self.past.next();
            let id = self.ids.next();
            let sort = if door.shop { "body" } else { "natural" };
            let (id_number, phone) = ((!door.shop).then(|| self.id_number()), self.number());
            self.persons.row(&[&id, &sort, &name, &id_number]);
            self.phones.row(&[&id, &phone, &"本人"]);
            self.totals.persons += 1;
            self.totals.phones += 1;
            id
        });
        let first_year = crate::book::season_year(self.now) + 1
            - i32::try_from(crate::life::SEASONS).unwrap_or_default();
        let end = End {
            opened_on,
            first_year,
            now: self.now,
            person: holder.id,
            seller,
            state: kind.state,
            space: Space { building: kind.right.unwrap_or(kind.space.building), ..kind.space },
            mistyped: kind.right.map(|_| kind.space),
        };
        live(&mut self.past, &mut self.ids, &end)
    }

    pub(super) fn versions(&mut self, account: Uuid, premise: Uuid, life: &Life) {
        for Act { id, at, reason, source, .. } in &life.acts {
            self.changes.row(&[id, at, &"演示数据", reason, source]);
        }
        for row in &life.spaces.0 {
            self.premise_version(premise, row);
        }
        for row in &life.uses.0 {
            let (v, network) = (&row.version, network(row.version.facts.state));
            self.account_versions.row(&[
                &account,
                &v.from,
                &Until(v.to),
                &row.recorded_at,
                &Until(row.superseded_at),
                &row.change,
                &v.facts.person,
                &network,
                &<&str>::from(v.facts.state),
                &<&str>::from(v.facts.charge_type),
                &v.facts.low_income,
            ]);
        }
        if let Some(first) = life.uses.0.first() {
            self.rooms.row(&[&account, &premise, &first.version.from, &first.recorded_at]);
        }
    }

    pub(super) fn premise_version(&mut self, premise: Uuid, row: &Row<Space>) {
        let (v, s) = (&row.version, &row.version.facts);
        self.premise_versions.row(&[
            &premise,
            &v.from,
            &Until(v.to),
            &row.recorded_at,
            &Until(row.superseded_at),
            &row.change,
            &Hundredths(s.building),
            &Hundredths(s.usable),
            &Hundredths(s.heated),
            &Hundredths(s.charged),
            &Hundredths(s.height),
            &<&str>::from(s.class),
            &s.manner,
        ]);
    }
}

fn network(state: UseState) -> &'static str {
    if state == UseState::NotConnected { "planned" } else { "connected" }
}
