//! When and how somebody pays, and what becomes of who does not.

use super::{Account, Event, ITEMS, Payer, Standing, control, receivable};
use crate::book::post::{Among, Head, Line};
use crate::book::{Book, day};
use crate::random::Rng;
use crate::totals::{Fault, Totals};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::clock::{local_date, start_of_day};
use uuid::Uuid;

impl Book {
    pub(super) fn pay(
        &mut self,
        account: &Account<'_>,
        standing: &mut Standing,
        (at, tenths): (DateTime<Utc>, i64),
        totals: &mut Totals,
    ) {
        let mut lines = Vec::new();
        for (n, item) in ITEMS.iter().enumerate() {
            let part = standing.owed[n].max(0) * tenths / 10;
            if part > 0 {
                standing.owed[n] -= part;
                lines.push(receivable(account, standing, item.name(), -part));
                control(account, standing, *item, totals).paid_fen += part;
                totals.paid += part;
            }
        }
        if lines.is_empty() {
            return;
        }
        let (channel, name) = self.rng.weighted(&[
            (("wechat", "微信"), 37),
            (("bank", "银行代收"), 30),
            (("cash", "现金"), 18),
            (("card", "刷卡"), 6),
            (("alipay", "支付宝"), 9),
        ]);
        if channel == "bank" && self.listed(standing.season, at, &lines).is_some() {
            return;
        }
        let sum: i64 = lines.iter().map(|l| l.fen).sum();
        lines.push(Line::house(channel, "payment", -sum));
        let memo = format!("{name}缴费");
        let paid = (at, Some(channel));
        let first = self.post_own(standing, paid, ("payment", &memo), &lines);
        let newest = standing.season + 1 == self.seasons.len();
        if newest && channel == "wechat" && self.rng.chance(3) {
            self.pay_twice(account, standing, (at, sum), first, totals);
        }
    }

    /// A day's list of the bank holds many; today's is not closed yet.
    pub(super) fn listed(
        &mut self,
        season: usize,
        at: DateTime<Utc>,
        lines: &[Line],
    ) -> Option<Uuid> {
        let date = local_date(at);
        let closes = start_of_day(date) + TimeDelta::minutes(21 * 60 + 30);
        if closes > self.now {
            return None;
        }
        if !self.season(season)?.lists.contains_key(&date) {
            let mass = self.mass(closes);
            self.seasons.get_mut(season)?.lists.insert(date, mass);
        }
        self.post_among(season, Among::List(date), lines, ("bank", Some("payment")))
    }

    /// The fault of faults: the same bill paid through two channels.
    pub(super) fn pay_twice(
        &mut self,
        account: &Account<'_>,
        standing: &Standing,
        (at, sum): (DateTime<Utc>, i64),
        first: Option<Uuid>,
        totals: &mut Totals,
    ) {
        let at = (at + TimeDelta::seconds(self.rng.between(20, 150))).min(self.now);
        let lines = [
            Line::house("alipay", "payment", -sum),
            Line {
                ledger: "advance",
                account: Some(account.id),
                segment: Some(standing.segment),
                item: "advance",
                fen: sum,
            },
        ];
        let paid = (at, Some("alipay"));
        let second = self.post_own(standing, paid, ("payment", "支付宝缴费"), &lines);
        totals.paid -= sum;
        totals.advance -= sum;
        totals.faults.push(Fault {
            kind: "double_payment",
            account_no: account.no.to_owned(),
            ids: first.into_iter().chain(second).collect(),
            right: format!("{:.2}", f64::from(i32::try_from(-sum).unwrap_or_default()) / 100.0),
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
        let counter = channel.is_some_and(|c| ["cash", "card"].contains(&c));
        let n = usize::try_from(self.count % 97).unwrap_or_default();
        let cashier = self.cashiers.get(n % self.cashiers.len().max(1)).copied();
        let source_id = format!("H{:010}", self.count);
        let head = Head {
            season: standing.season,
            at,
            source: (source, &source_id),
            memo,
            channel,
            corrects: None,
            by: cashier.filter(|_| counter),
        };
        self.post(&head, lines)
    }

    /// When he pays how much of what he then owes.
    pub(super) fn payments(
        &mut self,
        season: usize,
        from: DateTime<Utc>,
        payer: Payer,
    ) -> Vec<(DateTime<Utc>, Event<'static>)> {
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
            at = moment(&mut self.rng, at, self.now, payer.slow);
            events.push((at, Event::Pays { tenths: *tenths }));
        }
        let year = self.season(season).map_or(0, |s| s.calendar.year);
        if season < 3 && tenths.last() != Some(&10) && self.rng.chance(300) {
            let at = start_of_day(day(year + 3, 6, 30)) + TimeDelta::hours(10);
            events.push((at, Event::WrittenOff));
        }
        events.retain(|(at, _)| *at <= self.now);
        events
    }
}

/// When somebody pays: mostly before the heat comes, some late, nobody in the future.
fn moment(rng: &mut Rng, from: DateTime<Utc>, now: DateTime<Utc>, slow: bool) -> DateTime<Utc> {
    let in_time = rng.chance(if slow { 200 } else { 900 });
    let days = if in_time { rng.between(0, 37) } else { rng.between(38, 160) };
    let minutes = TimeDelta::minutes(rng.between(8 * 60, 20 * 60));
    let wanted = start_of_day(local_date(from) + TimeDelta::days(days + 1)) + minutes;
    if wanted <= now {
        return wanted;
    }
    let open = (now - from).num_seconds().max(1);
    from + TimeDelta::seconds(rng.between(0, open))
}
