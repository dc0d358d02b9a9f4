//! When and how somebody pays, and what becomes of who does not.

use super::{Account, Event, ITEMS, LATE, OPEN, Payer, Standing, control, receivable};
use crate::book::post::{Among, Head, Line};
use crate::book::till::{Paid, Slip, Way, comes, write_off_day};
use crate::book::{Book, List};
use crate::totals::{Fault, Totals};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::clock::{local_date, start_of_day};
use tariff::Item;
use uuid::Uuid;

impl Book {
    /// Takes so many tenths of what is owed, with the late fee of it all.
    pub(super) fn pay(
        &mut self,
        account: &Account<'_>,
        standing: &mut Standing,
        (at, tenths, way): (DateTime<Utc>, i64, Way),
        totals: &mut Totals,
    ) {
        let late = self.late_due(account, standing, at);
        // What is late is not collected by the bank's list: one comes, or opens the telephone.
        let way = if late > 0 && way == Way::BANK { Way::WECHAT } else { way };
        let mut lines = Vec::new();
        standing.owed[LATE] += late;
        for (n, item) in OPEN.iter().enumerate() {
            let owed = standing.owed[n].max(0);
            let part = if n == LATE { owed } else { owed * tenths / 10 };
            if part > 0 {
                lines.push(receivable(account, standing, item.name(), -part));
            }
        }
        let sum: i64 = lines.iter().map(|l| -l.fen).sum();
        if sum == 0 {
            return;
        }
        let order = self.ids.next();
        let late = if late > 0 {
            self.charge_late(account, standing, (order, at, late), totals)
        } else {
            None
        };
        for line in &lines {
            let Some(n) = OPEN.iter().position(|i| i.name() == line.item) else { continue };
            standing.owed[n] += line.fen;
            standing.moved(n, at, line.fen, false);
            control(account, standing, OPEN[n], totals).paid_fen -= line.fen;
        }
        totals.paid += sum;
        if way == Way::BANK && self.listed(account, standing.season, at, &lines) {
            return;
        }
        let way = if way == Way::BANK { Way::WECHAT } else { way };
        let first = self.settled(account, standing, (order, at, way), &lines, late);
        let newest = standing.season + 1 == self.seasons.len();
        if newest && way == Way::WECHAT && self.rng.chance(3) {
            self.pay_twice(account, standing, (at, sum), first, totals);
        }
    }

    /// The late fee that is paid goes to the book with the payment.
    fn charge_late(
        &mut self,
        account: &Account<'_>,
        standing: &mut Standing,
        (order, at, fen): (Uuid, DateTime<Utc>, i64),
        totals: &mut Totals,
    ) -> Option<Uuid> {
        standing.moved(LATE, at, fen, true);
        control(account, standing, Item::Late, totals).charged_fen += fen;
        totals.charged += fen;
        let owed = receivable(account, standing, Item::Late.name(), fen);
        let earned = Line { account: None, ledger: "revenue", fen: -fen, ..owed };
        let source_id = order.to_string();
        let head = Head {
            season: standing.season,
            at,
            source: ("payment_late_fee", &source_id),
            memo: "滞纳金",
            channel: None,
            corrects: None,
            by: None,
        };
        self.post(&head, &[owed, earned])
    }

    /// Books a payment, with its order and paper where the season has them.
    fn settled(
        &mut self,
        account: &Account<'_>,
        standing: &Standing,
        (order, at, way): (Uuid, DateTime<Utc>, Way),
        lines: &[Line],
        late: Option<Uuid>,
    ) -> Option<Uuid> {
        let fen: i64 = lines.iter().map(|l| -l.fen).sum();
        let cashier = if way.at_counter() { self.till.cashier(&mut self.rng) } else { None };
        let ordered = self.has_orders(standing.season);
        let no = if ordered { self.till.number(at) } else { String::new() };
        let memo = format!("{} {no}", way.method.zh());
        let source_id = order.to_string();
        let head = Head {
            season: standing.season,
            at,
            source: ("payment", &source_id),
            memo: memo.trim_end(),
            channel: Some(way.channel),
            corrects: None,
            by: cashier.and_then(|n| self.till.cashier_id(n)),
        };
        let mut all = lines.to_vec();
        all.push(Line::house(way.channel, "payment", fen));
        let posting = self.post(&head, &all)?;
        if !ordered {
            return Some(posting);
        }
        let station = self.stations.get(account.station).cloned().unwrap_or_default();
        let (org_path, no) = (station.0.as_str(), no.as_str());
        let paid = Paid { order, at, way, fen, org_path, posting, late, no, cashier };
        self.till.order(&paid, "");
        self.till.share(order, account.id, fen);
        if standing.season + 1 == self.seasons.len() && cashier.is_some() {
            let season = self.season(standing.season);
            let season = season.map_or_else(String::new, |s| s.calendar.code.clone());
            let slip = Slip {
                account: account.id,
                account_no: account.no,
                name: account.name,
                address: account.address,
                area: account.area,
                left: standing.owed.iter().filter(|o| **o > 0).sum(),
                season,
                lines: lines.iter().map(|l| (l.item, -l.fen)).collect(),
            };
            self.till.paper(&paid, slip);
        }
        Some(posting)
    }

    /// A day's list of the bank holds many; nobody stands on one twice.
    fn listed(
        &mut self,
        account: &Account<'_>,
        season: usize,
        at: DateTime<Utc>,
        lines: &[Line],
    ) -> bool {
        let date = local_date(at);
        let closes = start_of_day(date) + TimeDelta::minutes(21 * 60 + 30);
        if closes > self.now {
            return false;
        }
        let known = self.season(season).and_then(|s| s.lists.get(&date));
        if known.is_some_and(|l| l.last == Some(account.id)) {
            return false;
        }
        if known.is_none() {
            let (mass, order) = (self.mass(closes), self.ids.next());
            let list = List { mass, order, last: None, fen: 0 };
            if let Some(season) = self.seasons.get_mut(season) {
                season.lists.insert(date, list);
            }
        }
        let fen: i64 = lines.iter().map(|l| -l.fen).sum();
        let ordered = self.has_orders(season);
        let list = self.seasons.get_mut(season).and_then(|s| s.lists.get_mut(&date));
        if let Some(list) = list {
            (list.last, list.fen) = (Some(account.id), list.fen + fen);
            if ordered {
                self.till.share(list.order, account.id, fen);
            }
        }
        self.post_among(season, Among::List(date), lines, ("bank", Some("payment"))).is_some()
    }

    /// The fault of faults: the same bill paid through two channels.
    fn pay_twice(
        &mut self,
        account: &Account<'_>,
        standing: &Standing,
        (at, sum): (DateTime<Utc>, i64),
        first: Option<Uuid>,
        totals: &mut Totals,
    ) {
        let at = (at + TimeDelta::seconds(self.rng.between(20, 150))).min(self.now);
        let line = receivable(account, standing, "advance", -sum);
        let lines = [Line { ledger: "advance", ..line }];
        let order = self.ids.next();
        let second = self.settled(account, standing, (order, at, Way::ALIPAY), &lines, None);
        totals.paid += sum;
        totals.advance += sum;
        totals.faults.push(Fault {
            kind: "double_payment",
            account_no: account.no.to_owned(),
            ids: first.into_iter().chain(second).collect(),
            right: format!("{}.{:02}", sum / 100, sum % 100),
        });
    }

    pub(super) fn write_off(
        &mut self,
        account: &Account<'_>,
        standing: &mut Standing,
        at: DateTime<Utc>,
        totals: &mut Totals,
    ) {
        let mut lines = Vec::new();
        for (n, item) in ITEMS.iter().enumerate() {
            let owed = std::mem::take(&mut standing.owed[n]);
            if owed > 0 {
                lines.push(receivable(account, standing, item.name(), -owed));
                lines.push(Line {
                    segment: Some(standing.segment),
                    ..Line::house("bad_debt", item.name(), owed)
                });
                standing.moved(n, at, -owed, true);
                control(account, standing, *item, totals).written_off_fen += owed;
                totals.written_off += owed;
            }
        }
        self.post_own(standing, (at, None), ("write_off", "坏账核销"), &lines);
    }

    pub(super) fn post_own(
        &mut self,
        standing: &Standing,
        (at, channel): (DateTime<Utc>, Option<&'static str>),
        (source, memo): (&'static str, &str),
        lines: &[Line],
    ) -> Option<Uuid> {
        let source_id = format!("H{:010}", self.count);
        let head = Head {
            season: standing.season,
            at,
            source: (source, &source_id),
            memo,
            channel,
            corrects: None,
            by: None,
        };
        self.post(&head, lines)
    }

    /// When he pays how much of what he then owes.
    pub(super) fn payments(
        &mut self,
        standing: &Standing,
        from: DateTime<Utc>,
        payer: Payer,
    ) -> Vec<(DateTime<Utc>, Event<'static>)> {
        let season = standing.season;
        let newest = season + 1 == self.seasons.len();
        let [full, parts, part] = if newest { payer.now } else { payer.old };
        let fate = self.rng.between(1, 1000);
        let some = self.rng.between(3, 7);
        let tenths: &[i64] = match fate {
            f if f <= full => &[10],
            f if f <= full + parts => &[some, 10],
            f if f <= full + parts + part => &[some],
            _ => &[],
        };
        let (mut events, mut at) = (Vec::new(), from);
        for tenths in tenths {
            let way = Way::drawn(&mut self.rng);
            let Some(comes) = self.moment(at, standing.late_from, payer.slow, way) else { break };
            at = comes;
            events.push((at, Event::Pays { tenths: *tenths, way }));
        }
        let year = self.season(season).map_or(0, |s| s.calendar.year);
        let all = events.last().is_some_and(|(_, e)| matches!(e, Event::Pays { tenths: 10, .. }));
        if season < 3 && !all && self.rng.chance(300) {
            events.push((write_off_day(year), Event::WrittenOff));
        }
        events.retain(|(at, _)| *at <= self.now);
        events
    }

    /// Who paid pays what a correction brings, when the letter has come.
    pub(super) fn pays_rest(
        &mut self,
        standing: &Standing,
        at: DateTime<Utc>,
        payer: Payer,
    ) -> Option<(DateTime<Utc>, Event<'static>)> {
        let owes = standing.owed.iter().any(|o| *o > 0);
        let paid = standing.moves.iter().any(|m| !m.charges && m.fen < 0);
        if !owes || !paid || payer.old[0] < 500 {
            return None;
        }
        let way = Way::drawn(&mut self.rng);
        let first = local_date(at) + TimeDelta::days(2);
        let wanted = first + TimeDelta::days(self.rng.between(0, 30));
        let at = comes(&mut self.rng, (first, wanted), way, self.now)?;
        Some((at, Event::Pays { tenths: 10, way }))
    }

    /// When somebody pays: mostly in time, some late.
    fn moment(
        &mut self,
        from: DateTime<Utc>,
        late_from: NaiveDate,
        slow: bool,
        way: Way,
    ) -> Option<DateTime<Utc>> {
        let first = local_date(from) + TimeDelta::days(1);
        let free = ((late_from - first).num_days() - 1).clamp(0, 90);
        let in_time = self.rng.chance(if slow { 200 } else { 900 });
        let days = if in_time {
            self.rng.between(0, free)
        } else {
            self.rng.between(free + 1, free + 123)
        };
        comes(&mut self.rng, (first, first + TimeDelta::days(days)), way, self.now)
    }
}
