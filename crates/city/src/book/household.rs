//! What one household was charged and paid in each season.

mod late;
mod paying;

use super::Book;
use super::post::{Among, Head, Line};
use super::till::Way;
use crate::belief::{self, Space, Use};
use crate::life::{Act, Life};
use crate::totals::{Control, Totals};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use directory::Version;
use kernel::clock::local_date;
use tariff::{ChargeType, Facts, Item, UserClass, season_charge};
use uuid::Uuid;

/// A household as the book sees it.
pub(crate) struct Account<'a> {
    pub id: Uuid,
    pub no: &'a str,
    pub name: &'a str,
    pub address: &'a str,
    pub station: usize,
    pub life: &'a Life,
    /// As they are now: these decide from when a debt is late.
    pub class: UserClass,
    pub charge_type: ChargeType,
    /// Hundredths of a square metre.
    pub area: i64,
    /// Stopped by the company: he paid badly.
    pub owes: bool,
    /// His last bill is absurd: he does not pay it.
    pub disputes: bool,
}

/// What a season is charged for, and what is paid for it besides.
const ITEMS: [Item; 4] = [Item::Heat, Item::Basic, Item::Metered, Item::Height];
const OPEN: [Item; 5] = [Item::Heat, Item::Basic, Item::Metered, Item::Height, Item::Late];
const LATE: usize = 4;

/// How somebody pays, of a thousand seasons: in full, in two parts, in part only.
#[derive(Clone, Copy)]
struct Payer {
    old: [i64; 3],
    now: [i64; 3],
    slow: bool,
}

const GOOD: Payer = Payer { old: [985, 10, 2], now: [800, 30, 50], slow: false };
const SLOW: Payer = Payer { old: [890, 30, 40], now: [300, 50, 100], slow: true };
const BAD: Payer = Payer { old: [250, 50, 250], now: [30, 0, 80], slow: true };

/// Where a season of a household stands.
struct Standing {
    season: usize,
    segment: i32,
    version: i32,
    opening: Option<Uuid>,
    charged: [i64; 4],
    owed: [i64; 5],
    /// What moved what is owed, item by item, for the late fee.
    moves: Vec<Move>,
    /// The first day on which a debt grows.
    late_from: NaiveDate,
}

/// A change of what is owed for an item: a charge, or a payment.
struct Move {
    item: usize,
    on: NaiveDate,
    fen: i64,
    charges: bool,
}

#[derive(Clone, Copy)]
enum Event<'a> {
    Learned(&'a Act),
    Pays { tenths: i64, way: Way },
    WrittenOff,
}

impl Event<'_> {
    fn pays(&self) -> bool {
        matches!(self, Event::Pays { .. })
    }
}

impl Standing {
    fn moved(&mut self, item: usize, at: DateTime<Utc>, fen: i64, charges: bool) {
        self.moves.push(Move { item, on: local_date(at), fen, charges });
    }
}

type Known = (Vec<Version<Use>>, Vec<Version<Space>>);

impl Book {
    /// Charges a household for all its seasons, and takes what it paid.
    pub(crate) fn bill(&mut self, account: &Account<'_>, totals: &mut Totals) {
        let payer = match self.rng.between(1, 1000) {
            _ if account.owes => BAD,
            1..=18 => BAD,
            19..=65 => SLOW,
            _ => GOOD,
        };
        let mut credit = 0;
        for season in 0..self.seasons.len() {
            self.bill_season(account, season, payer, &mut credit, totals);
        }
        totals.advance += credit;
    }

    fn bill_season(
        &mut self,
        account: &Account<'_>,
        season: usize,
        payer: Payer,
        credit: &mut i64,
        totals: &mut Totals,
    ) {
        let Some((opened_at, end)) = self.season(season).map(|s| (s.opened_at, s.calendar.end))
        else {
            return;
        };
        let uses = &account.life.uses;
        let born = uses.0.first().map_or(opened_at, |r| r.recorded_at);
        let from = opened_at.max(born);
        if local_date(from) >= end || from > self.now {
            return;
        }
        let known = |at| (uses.known(at), account.life.spaces.known(at));
        let mut facts = self.facts(season, &known(from));
        let reason = if born > opened_at { "entry" } else { "opening" };
        let mut standing = Standing {
            season,
            segment: self.segment(account, &facts),
            version: 0,
            opening: None,
            charged: [0; 4],
            owed: [0; 5],
            moves: Vec::new(),
            late_from: self.late_from(season, account),
        };
        self.charge(account, &mut standing, &facts, (from, reason, None), totals);
        self.use_credit(account, &mut standing, from, credit, totals);
        let mut events = self.payments(&standing, from, payer);
        if account.disputes && season + 1 == self.seasons.len() {
            events.clear();
        }
        let later = account.life.acts.iter().filter(|a| a.at > from);
        events.extend(later.map(|a| (a.at, Event::Learned(a))));
        events.sort_by_key(|(at, _)| *at);
        let mut next = 0;
        while let Some((at, event)) = events.get(next).copied() {
            next += 1;
            match event {
                Event::Learned(act) => {
                    let anew = self.facts(season, &known(at));
                    if anew != facts {
                        facts = anew;
                        let why = (at, "facts", Some(act.id));
                        self.charge(account, &mut standing, &facts, why, totals);
                        *credit += self.carry(account, &mut standing, at, totals);
                        let waits = events.iter().skip(next).any(|(_, e)| e.pays());
                        let rest = if waits { None } else { self.pays_rest(&standing, at, payer) };
                        if let Some(rest) = rest {
                            let place = events.partition_point(|(at, _)| *at <= rest.0);
                            events.insert(place.max(next), rest);
                        }
                    }
                }
                Event::Pays { tenths, way } => {
                    self.pay(account, &mut standing, (at, tenths, way), totals);
                }
                Event::WrittenOff => self.write_off(account, &mut standing, at, totals),
            }
        }
    }

    fn facts(&self, season: usize, known: &Known) -> Facts {
        match self.season(season) {
            Some(season) => belief::facts(&season.calendar, &known.0, &known.1),
            None => Facts::default(),
        }
    }

    /// Under what reports count him.
    fn segment(&self, account: &Account<'_>, facts: &Facts) -> i32 {
        let largest = facts.rooms.iter().max_by_key(|r| r.building_area);
        let class = largest.map_or(UserClass::Resident, |r| r.user_class);
        let key = (account.station, class, facts.charge_type);
        self.segments.get(&key).copied().unwrap_or_default()
    }

    /// Writes a version of the charge and what it posts; nothing when it costs what it did.
    fn charge(
        &mut self,
        account: &Account<'_>,
        standing: &mut Standing,
        facts: &Facts,
        (at, reason, cause): (DateTime<Utc>, &'static str, Option<Uuid>),
        totals: &mut Totals,
    ) {
        let Some(season) = self.season(standing.season) else { return };
        let Ok(charge) = season_charge(&self.pack, &season.calendar, facts) else { return };
        let now = ITEMS.map(|item| charge.of(item).get());
        let first = standing.version == 0;
        if !first && now == standing.charged || first && facts.uses.is_empty() {
            return;
        }
        let mut lines = Vec::new();
        for ((item, new), old) in ITEMS.iter().zip(now).zip(standing.charged) {
            if new != old {
                lines.push(receivable(account, standing, item.name(), new - old));
            }
        }
        let posting = if lines.is_empty() {
            None
        } else if first && reason == "opening" {
            let id = self.open_for(account, standing, &lines);
            standing.opening = id;
            id
        } else {
            self.correct(account, standing, &lines, at)
        };
        standing.version += 1;
        for (n, (new, item)) in now.iter().zip(ITEMS).enumerate() {
            let more = new - standing.charged[n];
            if more != 0 {
                standing.owed[n] += more;
                standing.moved(n, at, more, true);
                control(account, standing, item, totals).charged_fen += more;
                totals.charged += more;
            }
        }
        standing.charged = now;
        totals.charges += 1;
        let facts = serde_json::to_string(facts).unwrap_or_default();
        let fen = now.map(|fen| (fen != 0).then_some(fen));
        let (total, pack) = (now.iter().sum::<i64>(), self.pack_version);
        let Some(season) = self.seasons.get_mut(standing.season) else { return };
        let [heat, basic, metered, height] = fen;
        season.charges.row(&[
            &account.id,
            &season.id,
            &pack,
            &posting,
            &at,
            &total,
            &heat,
            &basic,
            &metered,
            &height,
            &standing.version,
            &standing.segment,
            &reason,
            &cause,
            &facts,
        ]);
    }

    fn open_for(
        &mut self,
        account: &Account<'_>,
        standing: &Standing,
        lines: &[Line],
    ) -> Option<Uuid> {
        let (n, station) = (standing.season, account.station);
        let opened_at = self.season(n)?.opened_at;
        if !self.season(n)?.openings.contains_key(&station) {
            let mass = self.mass(opened_at);
            self.seasons.get_mut(n)?.openings.insert(station, mass);
        }
        self.post_among(n, Among::Opening(station), lines, ("revenue", None))
    }

    fn correct(
        &mut self,
        account: &Account<'_>,
        standing: &Standing,
        lines: &[Line],
        at: DateTime<Utc>,
    ) -> Option<Uuid> {
        let code = &self.season(standing.season)?.calendar.code;
        let source_id = format!("{code}/{}/{}", account.no, standing.version + 1);
        let memo = format!("{code}采暖季应收更正");
        let mut both = Vec::with_capacity(lines.len() * 2);
        for line in lines {
            let earned = Line { account: None, ledger: "revenue", fen: -line.fen, ..*line };
            both.extend([*line, earned]);
        }
        let head = Head {
            season: standing.season,
            at,
            source: (if standing.version == 0 { "charge" } else { "recalculation" }, &source_id),
            memo: &memo,
            channel: None,
            corrects: standing.opening,
            by: None,
        };
        self.post(&head, &both)
    }

    /// What was paid too much becomes credit; says how much.
    fn carry(
        &mut self,
        account: &Account<'_>,
        standing: &mut Standing,
        at: DateTime<Utc>,
        totals: &mut Totals,
    ) -> i64 {
        let mut surplus: i64 = standing.owed.iter().filter(|o| **o < 0).map(|o| -o).sum();
        if surplus == 0 {
            return 0;
        }
        let mut lines = Vec::new();
        for (n, item) in ITEMS.iter().enumerate() {
            let owed = standing.owed[n];
            let moved = if owed < 0 { -owed } else { -owed.min(surplus) };
            if owed > 0 {
                surplus += moved;
            }
            if moved != 0 {
                lines.push(receivable(account, standing, item.name(), moved));
                standing.owed[n] += moved;
                standing.moved(n, at, moved, false);
                control(account, standing, *item, totals).credited_fen -= moved;
            }
        }
        if surplus > 0 {
            let credit = receivable(account, standing, "advance", -surplus);
            lines.push(Line { ledger: "advance", ..credit });
        }
        let source = ("carry", "多收转预存");
        let at = at + TimeDelta::milliseconds(1);
        self.post_own(standing, (at, Some("credit")), source, &lines);
        surplus
    }

    /// Credit pays before money does.
    fn use_credit(
        &mut self,
        account: &Account<'_>,
        standing: &mut Standing,
        at: DateTime<Utc>,
        credit: &mut i64,
        totals: &mut Totals,
    ) {
        let mut lines = Vec::new();
        let before = *credit;
        for (n, item) in ITEMS.iter().enumerate() {
            let taken = standing.owed[n].min(*credit).max(0);
            if taken > 0 {
                *credit -= taken;
                standing.owed[n] -= taken;
                standing.moved(n, at, -taken, false);
                lines.push(receivable(account, standing, item.name(), -taken));
                control(account, standing, *item, totals).credited_fen += taken;
            }
        }
        if let Some(first) = lines.first().copied() {
            let fen = before - *credit;
            lines.push(Line { ledger: "advance", item: "advance", fen, ..first });
            let when = (at + TimeDelta::seconds(1), Some("credit"));
            self.post_own(standing, when, ("credit", "预存抵扣"), &lines);
        }
    }
}

fn control<'t>(
    account: &Account<'_>,
    standing: &Standing,
    item: Item,
    totals: &'t mut Totals,
) -> &'t mut Control {
    totals.controls.entry((standing.season, account.station, item.name())).or_default()
}

fn receivable(account: &Account<'_>, s: &Standing, item: &'static str, fen: i64) -> Line {
    let (account, segment) = (Some(account.id), Some(s.segment));
    Line { ledger: "receivable", account, segment, item, fen }
}
