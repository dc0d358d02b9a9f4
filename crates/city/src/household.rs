//! Who lives behind a door: person, telephones, premise, account, their past, and what they owe.

mod faults;
mod rows;

use crate::belief::{Space, Use};
use crate::book::{Account, Book};
use crate::life::Life;
use crate::random::{Ids, Rng};
use crate::sheet::{Parcel, Sheet};
use crate::totals::Totals;
use crate::{Plan, Summary, words};
use chrono::{DateTime, NaiveDate, Utc};
use faults::Faults;
use kernel::clock::local_date;
use tariff::{UseState, UserClass};
use uuid::Uuid;

/// Where somebody moves in.
pub(crate) struct Door<'a> {
    pub unit: Uuid,
    pub unit_code: &'a str,
    pub unit_address: &'a str,
    pub community: &'a str,
    pub station: usize,
    pub org_path: &'a str,
    pub riser: Uuid,
    pub floor: i64,
    pub room: i64,
    pub shop: bool,
    pub lng: f64,
    pub lat: f64,
}

/// A household, for what is told of it afterwards.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub account: Uuid,
    pub premise: Uuid,
    pub unit: Uuid,
    pub riser: Uuid,
    pub station: usize,
    pub org_path: String,
    pub community: String,
    pub name: String,
    pub phone: String,
    pub address: String,
    pub lng: f64,
    pub lat: f64,
}

/// Households remembered for calls and orders.
const REMEMBERED: u32 = 5_000;

#[derive(Clone)]
struct Holder {
    id: Uuid,
    name: String,
    id_number: Option<String>,
    phone: String,
    /// All of them, that one included.
    phones: Vec<String>,
}

/// What a premise and its account are like now.
struct Kind {
    state: UseState,
    valve: &'static str,
    space: Space,
    /// The building area that is right, where a wrong one was typed in this autumn.
    right: Option<i64>,
}

/// All of them, on their way into the tables.
pub(crate) struct Households {
    accounts: u32,
    seed: u64,
    now: DateTime<Utc>,
    /// Path of each station.
    stations: Vec<String>,
    rng: Rng,
    past: Rng,
    ids: Ids,
    persons: Sheet,
    phones: Sheet,
    premises: Sheet,
    account_rows: Sheet,
    premise_versions: Sheet,
    account_versions: Sheet,
    rooms: Sheet,
    changes: Sheet,
    marks: Sheet,
    book: Option<Book>,
    faults: Faults,
    last: Option<Holder>,
    /// Whether the last one was a fault.
    alike: bool,
    made: u32,
    numbers: u64,
    people: u64,
    pub homes: Vec<Home>,
    pub totals: Summary,
    pub money: Totals,
}

impl Households {
    pub(crate) fn new(plan: &Plan, stations: Vec<String>, book: Option<Book>) -> Self {
        Self {
            accounts: plan.accounts,
            seed: plan.seed,
            now: plan.now,
            stations,
            rng: Rng::new(plan.seed, "households"),
            past: Rng::new(plan.seed, "lives"),
            ids: Ids::new(plan.seed, "household ids", crate::base()),
            persons: Sheet::binary("directory.person (id, kind, name, id_number)"),
            phones: Sheet::binary("directory.phone (person_id, number, label)"),
            premises: Sheet::binary(
                "directory.premise (id, unit_id, riser_id, code, floor, room, address,
                   building_area, usable_area, heated_area, charged_area, storey_height,
                   user_class, heating_manner, valve_state, org_path, lng, lat)",
            ),
            account_rows: Sheet::binary(
                "directory.account (id, account_no, premise_id, person_id, heat_use_state,
                   charge_type, low_income, tags, org_path, grams, opened_on)",
            ),
            premise_versions: Sheet::binary(
                "directory.premise_version (premise_id, valid_from, valid_to, recorded_at,
                   superseded_at, change_id, building_area, usable_area, heated_area,
                   charged_area, storey_height, user_class, heating_manner)",
            ),
            account_versions: Sheet::binary(
                "directory.account_version (account_id, valid_from, valid_to, recorded_at,
                   superseded_at, change_id, person_id, network_state, heat_use_state,
                   charge_type, low_income)",
            ),
            rooms: Sheet::binary(
                "directory.account_room (account_id, premise_id, valid_from, recorded_at)",
            ),
            changes: Sheet::binary("directory.change (id, recorded_at, actor, reason, source)"),
            marks: Sheet::binary("directory.mark (id, account_id, kind, note, since)"),
            book,
            faults: Faults::new(plan.seed),
            last: None,
            alike: false,
            made: 0,
            numbers: 0,
            people: 0,
            homes: Vec::new(),
            totals: Summary::default(),
            money: Totals::default(),
        }
    }

    pub(crate) fn made(&self) -> u32 {
        self.made
    }

    pub(crate) fn wanted(&self) -> u32 {
        self.accounts - self.made
    }

    /// Everybody is in: what is summed over all of them is written.
    pub(crate) fn finish(&mut self) {
        if let Some(book) = &mut self.book {
            book.close(&mut self.money);
        }
    }

    /// Takes the rows that wait, in the order in which the tables refer to each other.
    pub(crate) fn take(&mut self, parcels: &mut Vec<Parcel>) {
        for sheet in [
            &mut self.persons,
            &mut self.phones,
            &mut self.premises,
            &mut self.account_rows,
            &mut self.changes,
            &mut self.premise_versions,
            &mut self.account_versions,
            &mut self.rooms,
            &mut self.marks,
        ] {
            parcels.extend(sheet.take());
        }
        if let Some(book) = &mut self.book {
            book.take(parcels);
        }
    }

    /// Gives up the book, to be closed by who holds the connection.
    pub(crate) fn take_book(&mut self) -> Option<Book> {
        self.book.take()
    }

    /// Somebody takes the rooms behind this door.
    pub(crate) fn move_in(&mut self, door: &Door<'_>) {
        self.made += 1;
        self.totals.accounts += 1;
        let account_no = format!("60{:08}", self.made);
        let holder = self.holder(door, &account_no);
        let kind = self.kind(door);
        let room = format!("{}{:02}", door.floor, door.room);
        let address = format!("{}{room}", door.unit_address);
        let (premise, account) = (self.ids.next(), self.ids.next());
        let opened_on = self.opened_on();
        let life = self.past(door, &holder, &kind, opened_on);
        self.premise(premise, door, (&room, &address, ""), &kind);
        if let Some(area) = kind.right {
            let right = format!("{}.{:02}", area / 100, area % 100);
            self.money.plant("impossible_area", &account_no, vec![premise], right);
        }
        if kind.state == UseState::Stopped && kind.valve == "open" {
            let right = "closed".to_owned();
            self.money.plant("valve_contradicts", &account_no, vec![account], right);
        }
        self.duplicate_room(premise, door, (&room, &address, &account_no), &kind);
        let tags = self.tags(&kind);
        let station = self.faults.station(door.station, self.stations.len());
        if station != door.station {
            let right = door.org_path.to_owned();
            self.money.plant("misfiled", &account_no, vec![account], right);
        }
        let org_path = self.stations.get(station).map_or(door.org_path, String::as_str).to_owned();
        let now = current(&life, self.now);
        let grams = directory::account_grams(&holder.name, &address, &org_path, &holder.phones);
        self.account_rows.row(&[
            &account,
            &account_no,
            &premise,
            &holder.id,
            &<&str>::from(kind.state),
            &<&str>::from(now.charge_type),
            &now.low_income,
            &tags,
            &org_path,
            &grams,
            &opened_on,
        ]);
        let state = <&'static str>::from(kind.state);
        *self.totals.states.entry(state).or_default() += 1;
        self.versions(account, premise, &life);
        self.mark(account, &kind);
        if let Some(book) = &mut self.book {
            let owes = kind.state == UseState::ForcedStop;
            let disputes = kind.right.is_some();
            let space = life.spaces.known(self.now).last().map_or(kind.space, |v| v.facts);
            let seen = Account {
                id: account,
                no: &account_no,
                name: &holder.name,
                address: &address,
                station,
                life: &life,
                class: space.class,
                charge_type: now.charge_type,
                area: space.charged,
                owes,
                disputes,
            };
            book.bill(&seen, &mut self.money);
        }
        let remembered = self.made.is_multiple_of((self.accounts / REMEMBERED).max(1));
        if remembered && !holder.phone.is_empty() {
            self.homes.push(Home {
                account,
                premise,
                unit: door.unit,
                riser: door.riser,
                station: door.station,
                org_path: door.org_path.to_owned(),
                community: door.community.to_owned(),
                name: holder.name.clone(),
                phone: holder.phone.clone(),
                address,
                lng: door.lng,
                lat: door.lat,
            });
        }
        // Who stands there twice already is nobody's neighbour: each fault is one of its own.
        self.last = (!self.alike).then_some(holder);
    }

    /// A new person; now and then the neighbour holds both, or both are reached under one number.
    fn holder(&mut self, door: &Door<'_>, account_no: &str) -> Holder {
        let fate = self.rng.between(1, 1000);
        self.alike = false;
        if let Some(neighbour) = self.last.take().filter(|_| !door.shop) {
            match fate {
                1..=15 => return neighbour,
                16..=35 if !neighbour.phone.is_empty() => {
                    return self.person(door, Some(neighbour.phone), account_no);
                }
                36..=37 if neighbour.id_number.is_some() => {
                    return self.alike(neighbour, "duplicate_person", account_no);
                }
                38..=39 if neighbour.id_number.is_some() => {
                    return self.alike(neighbour, "namesake", account_no);
                }
                _ => {}
            }
        }
        self.person(door, None, account_no)
    }

    /// The same person entered twice, or another one of the same name.
    fn alike(&mut self, first: Holder, kind: &'static str, account_no: &str) -> Holder {
        self.alike = true;
        let mut second = Holder { id: self.ids.next(), ..first.clone() };
        if kind == "namesake" {
            second.id_number = Some(self.id_number());
            second.phone = self.number();
            second.phones = vec![second.phone.clone()];
        }
        self.persons.row(&[&second.id, &"natural", &second.name, &second.id_number]);
        self.totals.persons += 1;
        if !second.phone.is_empty() {
            self.phones.row(&[&second.id, &second.phone, &"本人"]);
            self.totals.phones += 1;
        }
        let right = second.name.clone();
        self.money.plant(kind, account_no, vec![first.id, second.id], right);
        second
    }

    fn person(&mut self, door: &Door<'_>, shared: Option<String>, account_no: &str) -> Holder {
        let id = self.ids.next();
        let (kind, name) = if door.shop {
            ("body", words::shop(&mut self.rng))
        } else {
            ("natural", words::person(&mut self.rng))
        };
        let id_number = (kind == "natural").then(|| self.id_number());
        self.persons.row(&[&id, &kind, &name, &id_number]);
        self.totals.persons += 1;
        if shared.is_none() && self.faults.strikes(3) {
            self.money.plant("missing_phone", account_no, vec![id], String::new());
            return Holder { id, name, id_number, phone: String::new(), phones: Vec::new() };
        }
        let phone = shared.unwrap_or_else(|| self.number());
        self.phones.row(&[&id, &phone, &"本人"]);
        self.totals.phones += 1;
        let mut phones = vec![phone.clone()];
        if self.rng.chance(120) {
            let (second, label) = (self.number(), self.rng.pick(&["配偶", "子女", "父母"]));
            self.phones.row(&[&id, &second, &label]);
            self.totals.phones += 1;
            phones.push(second);
        }
        Holder { id, name, id_number, phone, phones }
    }

    /// A mobile number that nobody has: the count, scattered over eight digits.
    fn number(&mut self) -> String {
        const HEADS: &[&str] = &[
            "130", "132", "133", "134", "135", "136", "137", "138", "139", "150", "151", "152",
            "153", "155", "156", "158", "159", "180", "182", "183", "186", "187", "188", "189",
        ];
        self.numbers += 1;
        let tail = (self.numbers * 38_571_427 + self.seed % 100_000_000) % 100_000_000;
        format!("{}{tail:08}", self.rng.pick(HEADS))
    }

    /// Shaped like an identity number of a district that does not exist; nobody else has it.
    fn id_number(&mut self) -> String {
        const ALL: u64 = 59 * 12 * 28 * 10_000;
        self.people += 1;
        let n = (self.people * 123_456_791 + self.seed % ALL) % ALL;
        let (year, month, day) = (1945 + n % 59, 1 + n / 59 % 12, 1 + n / 708 % 28);
        format!("140299{year}{month:02}{day:02}{:04}", n / 19_824)
    }

    fn kind(&mut self, door: &Door<'_>) -> Kind {
        let class = match door.shop {
            true if self.rng.chance(150) => UserClass::Public,
            true => UserClass::Shop,
            false => UserClass::Resident,
        };
        let state = self.rng.weighted(&[
            (UseState::Using, 932),
            (UseState::Stopped, 60),
            (UseState::ForcedStop, 4),
            (UseState::NotConnected, 4),
        ]);
        let amiss = self.rng.chance(15);
        let valve = match state {
            UseState::Using if amiss => "none",
            UseState::Using => "open",
            UseState::Stopped if amiss => "open",
            UseState::Stopped => "closed",
            UseState::ForcedStop => "sealed",
            UseState::NotConnected => "none",
        };
        let typical = if door.shop { (3000, 16_000) } else { (5200, 13_800) };
        let area = self.rng.between(typical.0, typical.1);
        let balcony = if self.rng.chance(80) { self.rng.between(300, 1100) } else { 0 };
        let manner = match self.rng.between(1, 100) {
            1..=52 => "radiator",
            53..=98 => "floor",
            _ => "fan_coil",
        };
        let heated = area - balcony;
        let height = if door.shop { self.rng.between(30, 52) * 10 } else { 280 };
        let slip = self.faults.strikes(1);
        let building = if slip { area * 100 } else { area };
        let usable = area * 79 / 100;
        let space = Space { building, usable, heated, charged: heated, height, class, manner };
        Kind { state, valve, space, right: slip.then_some(area) }
    }

    fn tags(&mut self, kind: &Kind) -> Vec<&'static str> {
        let mut tags = Vec::new();
        if kind.space.heated > 15_000 {
            tags.push("big");
        }
        for (tag, per_mille) in [("key", 8), ("sensitive", 5), ("repeat_complainer", 6)] {
            if self.rng.chance(per_mille) {
                tags.push(tag);
            }
        }
        tags
    }

    fn opened_on(&mut self) -> NaiveDate {
        let (year, month) = (self.rng.between(2004, 2024), self.rng.between(1, 12));
        let day = self.rng.between(1, 28);
        let part = |n: i64| u32::try_from(n).unwrap_or(1);
        let year = i32::try_from(year).unwrap_or(2004);
        NaiveDate::from_ymd_opt(year, part(month), part(day)).unwrap_or_default()
    }

    fn mark(&mut self, account: Uuid, kind: &Kind) {
        let season = crate::book::season_year(self.now);
        let since = NaiveDate::from_ymd_opt(season, 10, 12).unwrap_or_default();
        let fate = self.rng.between(1, 1000);
        let (mark, note) = match (kind.state, fate) {
            (UseState::Stopped | UseState::ForcedStop, _) => ("stop_heat", "本采暖季已办理停热"),
            (_, 1..=8) => ("alteration", "自行加装散热片，未备案"),
            (_, 9..=12) => ("violation", "私自放水，已告知整改"),
            (_, 13..=18) => ("restore", "上季停热，本季已复热"),
            _ => return,
        };
        let id = self.ids.next();
        self.marks.row(&[&id, &account, &mark, &note, &since]);
        self.totals.marks += 1;
    }
}

fn current(life: &Life, now: DateTime<Utc>) -> Use {
    let known = life.uses.known(now);
    let today = known.iter().find(|v| v.holds(local_date(now)));
    let fallback = Use {
        person: Uuid::nil(),
        state: UseState::Using,
        charge_type: tariff::ChargeType::Area,
        low_income: false,
    };
    today.or(known.last()).map_or(fallback, |v| v.facts)
}
