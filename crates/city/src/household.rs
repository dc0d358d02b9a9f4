//! Who lives behind a door: person, telephones, premise, account, marks, and what they owe.

use crate::company::Company;
use crate::money::Book;
use crate::random::{Ids, Rng};
use crate::sheet::Sheet;
use crate::{Plan, Summary, words};
use chrono::NaiveDate;
use kernel::{Result, Tx};
use uuid::Uuid;

/// Where somebody moves in.
pub(crate) struct Door<'a> {
    pub unit: Uuid,
    pub unit_code: &'a str,
    pub unit_address: &'a str,
    pub community: &'a str,
    pub station: Option<usize>,
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

struct Holder {
    id: Uuid,
    name: String,
    phone: String,
}

/// What a premise and its account are like.
struct Kind {
    user_class: &'static str,
    manner: &'static str,
    state: &'static str,
    valve: &'static str,
    /// Hundredths of a square metre.
    area: i64,
    heated: i64,
}

/// All of them, on their way into the tables.
pub(crate) struct Households<'a> {
    plan: &'a Plan,
    rng: Rng,
    ids: Ids,
    persons: Sheet,
    phones: Sheet,
    premises: Sheet,
    accounts: Sheet,
    marks: Sheet,
    book: Option<Book>,
    last: Option<Holder>,
    made: u32,
    numbers: u64,
    pub homes: Vec<Home>,
    pub totals: Summary,
}

impl<'a> Households<'a> {
    pub(crate) fn new(plan: &'a Plan, company: &Company) -> Self {
        Self {
            plan,
            rng: Rng::new(plan.seed, "households"),
            ids: Ids::new(plan.seed, "household ids", crate::base()),
            persons: Sheet::new("directory.person (id, kind, name, id_number)"),
            phones: Sheet::new("directory.phone (person_id, number, label)"),
            premises: Sheet::new(
                "directory.premise (id, unit_id, riser_id, code, floor, room, address,
                   building_area, heated_area, user_class, heating_manner, valve_state, org_path,
                   lng, lat)",
            ),
            accounts: Sheet::new(
                "directory.account (id, account_no, premise_id, person_id, heat_use_state, tags,
                   org_path, grams, opened_on)",
            ),
            marks: Sheet::new("directory.mark (id, account_id, kind, note, since)"),
            book: plan.with_billing.then(|| Book::new(plan, company)),
            last: None,
            made: 0,
            numbers: 0,
            homes: Vec::new(),
            totals: Summary::default(),
        }
    }

    pub(crate) fn made(&self) -> u32 {
        self.made
    }

    pub(crate) fn wanted(&self) -> u32 {
        self.plan.accounts - self.made
    }

    /// Sends what waits, in the order in which the tables refer to each other.
    pub(crate) async fn flush(&mut self, tx: &mut Tx) -> Result<u64> {
        let mut rows = 0;
        for sheet in [
            &mut self.persons,
            &mut self.phones,
            &mut self.premises,
            &mut self.accounts,
            &mut self.marks,
        ] {
            rows += sheet.flush(tx.db()).await?;
        }
        if let Some(book) = &mut self.book {
            rows += book.flush(tx, &mut self.totals).await?;
        }
        Ok(rows)
    }

    /// Somebody takes the rooms behind this door.
    pub(crate) fn move_in(&mut self, door: &Door<'_>) {
        self.made += 1;
        self.totals.accounts += 1;
        let holder = self.holder(door);
        let kind = self.kind(door);
        let room = format!("{}{:02}", door.floor, door.room);
        let address = format!("{}{room}", door.unit_address);
        let code = format!("{}-{:02}{:02}", door.unit_code, door.floor, door.room);
        let (premise, account) = (self.ids.next(), self.ids.next());
        let area = |hundredths: i64| format!("{}.{:02}", hundredths / 100, hundredths % 100);
        self.premises.row(&[
            &premise,
            &door.unit,
            &door.riser,
            &code,
            &door.floor,
            &room,
            &address,
            &area(kind.area),
            &area(kind.heated),
            &kind.user_class,
            &kind.manner,
            &kind.valve,
            &door.org_path,
            &door.lng,
            &door.lat,
        ]);
        let account_no = format!("60{:08}", self.made);
        let tags = self.tags(&kind);
        let grams = directory::account_grams(&holder.name, &address);
        let opened = self.opened_on();
        self.accounts.row(&[
            &account,
            &account_no,
            &premise,
            &holder.id,
            &kind.state,
            &tags,
            &door.org_path,
            &grams,
            &opened,
        ]);
        self.mark(account, &kind);
        if let Some(book) = &mut self.book {
            book.bill(account, &account_no, kind.user_class, kind.state, kind.heated);
        }
        if self.made.is_multiple_of((self.plan.accounts / REMEMBERED).max(1)) {
            self.homes.push(Home {
                account,
                premise,
                unit: door.unit,
                riser: door.riser,
                station: door.station.unwrap_or_default(),
                org_path: door.org_path.to_owned(),
                community: door.community.to_owned(),
                name: holder.name.clone(),
                phone: holder.phone.clone(),
                address,
                lng: door.lng,
                lat: door.lat,
            });
        }
        self.last = Some(holder);
    }

    /// A new person; now and then the neighbour holds both, or both are reached under one number.
    fn holder(&mut self, door: &Door<'_>) -> Holder {
        let fate = self.rng.between(1, 1000);
        if let Some(neighbour) = self.last.take().filter(|_| !door.shop) {
            match fate {
                1..=15 => return neighbour,
                16..=35 => return self.person(door, Some(neighbour.phone)),
                _ => {}
            }
        }
        self.person(door, None)
    }

    fn person(&mut self, door: &Door<'_>, shared: Option<String>) -> Holder {
        let id = self.ids.next();
        let (kind, name) = if door.shop {
            ("body", words::shop(&mut self.rng))
        } else {
            ("natural", words::person(&mut self.rng))
        };
        let number = (kind == "natural").then(|| self.id_number());
        self.persons.row(&[&id, &kind, &name, &number]);
        self.totals.persons += 1;
        let phone = shared.unwrap_or_else(|| self.number());
        self.phones.row(&[&id, &phone, &"本人"]);
        self.totals.phones += 1;
        if self.rng.chance(120) {
            let (second, label) = (self.number(), self.rng.pick(&["配偶", "子女", "父母"]));
            self.phones.row(&[&id, &second, &label]);
            self.totals.phones += 1;
        }
        Holder { id, name, phone }
    }

    /// A mobile number that nobody has: the count, scattered over eight digits.
    fn number(&mut self) -> String {
        const HEADS: &[&str] = &[
            "130", "132", "133", "134", "135", "136", "137", "138", "139", "150", "151", "152",
            "153", "155", "156", "158", "159", "180", "182", "183", "186", "187", "188", "189",
        ];
        self.numbers += 1;
        let tail = (self.numbers * 38_571_427 + self.plan.seed % 100_000_000) % 100_000_000;
        format!("{}{tail:08}", self.rng.pick(HEADS))
    }

    /// Shaped like an identity number of a district that does not exist.
    fn id_number(&mut self) -> String {
        let (year, month) = (self.rng.between(1945, 2003), self.rng.between(1, 12));
        let (day, tail) = (self.rng.between(1, 28), self.rng.between(0, 9999));
        format!("140299{year}{month:02}{day:02}{tail:04}")
    }

    fn kind(&mut self, door: &Door<'_>) -> Kind {
        let user_class = if door.shop { "shop" } else { "resident" };
        let state = self.rng.weighted(&[
            ("using", 932),
            ("stopped", 60),
            ("forced_stop", 4),
            ("not_connected", 4),
        ]);
        let amiss = self.rng.chance(15);
        let valve = match state {
            "using" if amiss => "none",
            "using" => "open",
            "stopped" if amiss => "open",
            "stopped" => "closed",
            "forced_stop" => "sealed",
            _ => "none",
        };
        let typical = if door.shop { (3000, 16_000) } else { (5200, 13_800) };
        let area = self.rng.between(typical.0, typical.1);
        let balcony = if self.rng.chance(80) { self.rng.between(300, 1100) } else { 0 };
        let manner = match self.rng.between(1, 100) {
            1..=52 => "radiator",
            53..=98 => "floor",
            _ => "fan_coil",
        };
        Kind { user_class, manner, state, valve, area, heated: area - balcony }
    }

    fn tags(&mut self, kind: &Kind) -> Vec<&'static str> {
        let mut tags = Vec::new();
        if kind.area > 15_000 {
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
        let season = crate::money::season_year(self.plan.now);
        let since = NaiveDate::from_ymd_opt(season, 10, 12).unwrap_or_default();
        let fate = self.rng.between(1, 1000);
        let (mark, note) = match (kind.state, fate) {
            ("stopped" | "forced_stop", _) => ("stop_heat", "本采暖季已办理停热"),
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
