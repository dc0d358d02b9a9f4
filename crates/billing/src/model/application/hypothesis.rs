//! Facts as they would be: what an application would change, before it does.

use super::Effect;
use crate::model::{RoomRow, UseRow, use_state};
use chrono::NaiveDate;
use directory::{AccountPatch, Change, Measure, PremisePatch};
use kernel::AccountId;
use tariff::{Decimal, UseState};
use uuid::Uuid;

/// Days of the directory's rows that an application may change.
#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    pub uses: Vec<UseRow>,
    pub rooms: Vec<RoomRow>,
}

trait Days: Clone {
    fn days(&mut self) -> (&mut NaiveDate, &mut NaiveDate);
}

impl Days for UseRow {
    fn days(&mut self) -> (&mut NaiveDate, &mut NaiveDate) {
        (&mut self.from, &mut self.to)
    }
}

impl Days for RoomRow {
    fn days(&mut self) -> (&mut NaiveDate, &mut NaiveDate) {
        (&mut self.from, &mut self.to)
    }
}

/// Makes the days from `from` to `to` anew in the rows that are meant.
fn anew<T: Days>(
    rows: Vec<T>,
    (from, to): (NaiveDate, NaiveDate),
    meant: impl Fn(&T) -> bool,
    make: impl Fn(&mut T) -> bool,
) -> Vec<T> {
    let mut out = Vec::with_capacity(rows.len() + 2);
    for mut row in rows {
        let (start, end) = {
            let (a, b) = row.days();
            (*a, *b)
        };
        let (first, last) = (start.max(from), end.min(to));
        if !meant(&row) || first >= last {
            out.push(row);
            continue;
        }
        for (a, b, inside) in [(start, first, false), (first, last, true), (last, end, false)] {
            if a >= b {
                continue;
            }
            let mut part = row.clone();
            let (part_from, part_to) = part.days();
            (*part_from, *part_to) = (a, b);
            if !inside || make(&mut part) {
                out.push(part);
            }
        }
    }
    out
}

/// The rows as they would be after these effects.
pub(crate) fn hypothesise(mut rows: Rows, effects: &[Effect]) -> Rows {
    for effect in effects {
        let days = (effect.from, effect.to.unwrap_or(NaiveDate::MAX));
        match &effect.change {
            Change::Account { account_id, patch } => {
                let mine = |r: &UseRow| r.account == *account_id;
                rows.uses = anew(rows.uses, days, mine, |r| {
                    patch_use(r, patch);
                    true
                });
            }
            Change::Premise { premise_id, patch } => {
                let mine = |r: &RoomRow| r.premise == **premise_id;
                rows.rooms = anew(rows.rooms, days, mine, |r| {
                    patch_room(r, patch);
                    true
                });
            }
            Change::LeaveRoom { .. } => {}
            Change::TakeRoom { account_id, premise_id } => {
                rows.rooms = taken(rows.rooms, *account_id, **premise_id, days);
            }
        }
    }
    rows
}

/// A room has one account at a time: who takes it has it from whoever had it.
fn taken(
    rooms: Vec<RoomRow>,
    account: AccountId,
    premise: Uuid,
    days: (NaiveDate, NaiveDate),
) -> Vec<RoomRow> {
    anew(
        rooms,
        days,
        |r| r.premise == premise,
        |r| {
            r.account = account;
            true
        },
    )
}

fn patch_use(row: &mut UseRow, patch: &AccountPatch) {
    let removed = patch.network_state.map(<&str>::from);
    let state = patch.heat_use_state.map(<&str>::from);
    match (removed, state) {
        (Some(network), state) => {
            let wanted = state.unwrap_or("using");
            row.state = use_state(network, wanted).unwrap_or(UseState::NotConnected);
        }
        // Who is not on the network draws nothing, whatever is said of his use.
        (None, Some(state)) if row.state != UseState::NotConnected => {
            row.state = use_state("connected", state).unwrap_or(row.state);
        }
        _ => {}
    }
    if let Some(low_income) = patch.low_income {
        row.low_income = low_income;
    }
}

fn patch_room(row: &mut RoomRow, patch: &PremisePatch) {
    let area = |m: Measure| Decimal::from_hundredths(m.hundredths());
    row.building_area = patch.building_area.map_or(row.building_area, area);
    row.heated_area = patch.heated_area.map_or(row.heated_area, area);
    row.charged_area = patch.charged_area.map_or(row.charged_area, area);
    row.usable_area = patch.usable_area.map(area).or(row.usable_area);
    row.storey_height = patch.storey_height.map(area).or(row.storey_height);
    if let Some(class) = patch.user_class {
        row.user_class = <&str>::from(class).parse().unwrap_or(row.user_class);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use tariff::{ChargeType, UserClass};

    fn day(n: u64) -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 11, 15).unwrap() + chrono::Days::new(n)
    }

    fn account(n: u128) -> AccountId {
        Uuid::from_u128(n).into()
    }

    fn using(of: u128, from: u64, to: u64) -> UseRow {
        UseRow {
            account: account(of),
            from: day(from),
            to: day(to),
            state: UseState::Using,
            charge_type: ChargeType::Area,
            low_income: false,
        }
    }

    fn stop(from: u64, to: u64) -> Effect {
        let patch = AccountPatch {
            heat_use_state: Some(directory::HeatUseState::Stopped),
            ..AccountPatch::default()
        };
        let change = Change::Account { account_id: account(1), patch };
        Effect { change, from: day(from), to: Some(day(to)) }
    }

    proptest! {
        /// Whatever is stopped in whatever order, every day stays covered once, and a day is
        /// stopped exactly when a stop holds it.
        #[test]
        fn stops_cover_each_day_once(
            stops in prop::collection::vec((0_u64..100, 1_u64..40), 0..6),
        ) {
            let effects: Vec<_> = stops.iter().map(|(f, n)| stop(*f, f + n)).collect();
            let rows = Rows { uses: vec![using(1, 0, 120), using(2, 0, 120)], rooms: vec![] };
            let after = hypothesise(rows, &effects);
            for n in 0..120 {
                let mine: Vec<_> = after.uses.iter()
                    .filter(|r| r.account == account(1) && r.from <= day(n) && day(n) < r.to)
                    .collect();
                prop_assert_eq!(mine.len(), 1);
                let held = stops.iter().any(|(f, len)| (*f..f + len).contains(&n));
                prop_assert_eq!(mine[0].state == UseState::Stopped, held);
            }
            prop_assert_eq!(after.uses.iter().filter(|r| r.account == account(2)).count(), 1);
        }
    }

    #[test]
    fn a_room_that_is_taken_is_nobody_elses() {
        let room = RoomRow {
            account: account(1),
            premise: Uuid::from_u128(9),
            from: day(0),
            to: day(120),
            user_class: UserClass::Resident,
            building_area: Decimal::whole(90),
            usable_area: None,
            heated_area: Decimal::whole(88),
            charged_area: Decimal::whole(88),
            storey_height: None,
        };
        let change =
            Change::TakeRoom { account_id: account(2), premise_id: Uuid::from_u128(9).into() };
        let effect = Effect { change, from: day(30), to: None };
        let rows = Rows { uses: vec![], rooms: vec![room] };
        let after = hypothesise(rows, &[effect]);
        let shown: Vec<_> = after.rooms.iter().map(|r| (r.account, r.from, r.to)).collect();
        assert_eq!(shown, [(account(1), day(0), day(30)), (account(2), day(30), day(120))]);
    }
}
