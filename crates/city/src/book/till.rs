//! Where money came in: payment orders with their tries, the cashiers' turns and receipts, and the
//! close of each day. The last two seasons have them; what is older stands in the book alone.

use super::day;
use crate::company::Company;
use crate::random::{Ids, Rng};
use crate::sheet::{Parcel, Sheet};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::clock::{local_date, start_of_day};
use kernel::{AccountId, Fen, Result, Tx};
use payments::{
    AppliedLine, DayLine, PayMethod, ReceiptAccount, ReceiptContent, ReceiptFace, day_line,
};
use serde_json::json;
use std::collections::BTreeMap;
use uuid::Uuid;

/// Seasons whose payments have orders.
pub(super) const ORDERED_SEASONS: usize = 2;
/// What a cashier begins a turn with.
const FLOAT: i64 = 50_000;
/// Numbers that are left in the counters' block, and the smallest block.
const SPARE: i64 = 50_000;

/// How somebody pays.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub channel: &'static str,
    pub method: PayMethod,
}

impl Way {
    pub(super) fn drawn(rng: &mut Rng) -> Self {
        let (channel, method) = rng.weighted(&[
            (("wechat", PayMethod::Wechat), 37),
            (("bank", PayMethod::Bank), 30),
            (("cash", PayMethod::Cash), 18),
            (("card", PayMethod::Card), 6),
            (("alipay", PayMethod::Alipay), 9),
        ]);
        Self { channel, method }
    }

    pub(super) const WECHAT: Self = Self { channel: "wechat", method: PayMethod::Wechat };
    pub(super) const ALIPAY: Self = Self { channel: "alipay", method: PayMethod::Alipay };
    pub(super) const BANK: Self = Self { channel: "bank", method: PayMethod::Bank };

    /// Over the glass, in a cashier's turn.
    pub(super) fn at_counter(self) -> bool {
        matches!(self.method, PayMethod::Cash | PayMethod::Card)
    }
}

/// A cashier.
struct Cashier {
    id: Uuid,
    name: String,
    window: String,
}

/// A cashier's turn of a day.
struct Shift {
    id: Uuid,
    cash: i64,
}

/// A receipt that waits for its number: they are given out in the order of time.
struct Paper {
    at: DateTime<Utc>,
    order: Uuid,
    fen: i64,
    cashier: usize,
    content: String,
}

/// Whose money it is and what it pays.
pub(super) struct Paid<'a> {
    pub order: Uuid,
    pub at: DateTime<Utc>,
    pub way: Way,
    pub fen: i64,
    pub org_path: &'a str,
    pub posting: Uuid,
    pub late: Option<Uuid>,
    pub no: &'a str,
    pub cashier: Option<usize>,
}

/// What stands on the receipt.
pub(super) struct Slip<'a> {
    pub account: Uuid,
    pub account_no: &'a str,
    pub name: &'a str,
    pub address: &'a str,
    /// Hundredths of a square metre.
    pub area: i64,
    pub left: i64,
    pub season: String,
    pub lines: Vec<(&'static str, i64)>,
}

/// The counters and the channels.
pub(super) struct Till {
    now: DateTime<Utc>,
    ids: Ids,
    /// Where the counters are.
    hall: String,
    cashiers: Vec<Cashier>,
    finance: Option<Uuid>,
    orders: Sheet,
    shares: Sheet,
    attempts: Sheet,
    receipts: Sheet,
    /// Orders of each day, which number them.
    numbered: BTreeMap<NaiveDate, u32>,
    shifts: BTreeMap<(NaiveDate, usize), Shift>,
    /// Of each day and channel: how many payments and how much.
    days: BTreeMap<NaiveDate, BTreeMap<PayMethod, (i64, i64)>>,
    papers: Vec<Paper>,
}

impl Till {
    pub(super) fn new(seed: u64, now: DateTime<Utc>, company: &Company) -> Self {
        let cashiers = company.staff.iter().filter(|s| s.role == "cashier").enumerate();
        Self {
            now,
            ids: Ids::new(seed, "till ids", crate::base()),
            hall: "/hq/hall/".to_owned(),
            cashiers: cashiers
                .map(|(n, s)| Cashier {
                    id: s.id,
                    name: s.name.clone(),
                    window: format!("{}号窗口", n + 1),
                })
                .collect(),
            finance: company.staff.iter().find(|s| s.login == "finance01").map(|s| s.id),
            orders: Sheet::binary(
                "payments.payment_order (id, no, method, amount_fen, tendered_fen, change_fen,
                   state, org_path, shift_id, payer, created_by, created_by_name, created_at,
                   settled_at, posting_id, late_posting_id)",
            ),
            shares: Sheet::binary("payments.share (order_id, account_id, amount_fen)"),
            attempts: Sheet::binary(
                "payments.attempt (id, order_id, channel, reference, amount_fen, state, outcome,
                                   began_at, told_at)",
            ),
            receipts: Sheet::new(
                "payments.receipt (id, no, range_id, order_id, state, amount_fen, face_version,
                                   content, issued_at, issued_by)",
            ),
            numbered: BTreeMap::new(),
            shifts: BTreeMap::new(),
            days: BTreeMap::new(),
            papers: Vec::new(),
        }
    }

    /// Takes the rows that wait.
    pub(super) fn take(&mut self, parcels: &mut Vec<Parcel>) {
        parcels.extend(self.orders.take());
        parcels.extend(self.shares.take());
        parcels.extend(self.attempts.take());
    }

    /// Whose window he came to.
    pub(super) fn cashier(&self, rng: &mut Rng) -> Option<usize> {
        (!self.cashiers.is_empty()).then(|| rng.index(self.cashiers.len()))
    }

    pub(super) fn cashier_id(&self, n: usize) -> Option<Uuid> {
        self.cashiers.get(n).map(|c| c.id)
    }

    /// The next order's number of a day.
    pub(super) fn number(&mut self, at: DateTime<Utc>) -> String {
        let date = local_date(at);
        let n = self.numbered.entry(date).or_default();
        *n += 1;
        format!("SF{}-{n:06}", date.format("%Y%m%d"))
    }

    /// Somebody's part of an order.
    pub(super) fn share(&mut self, order: Uuid, account: Uuid, fen: i64) {
        self.shares.row(&[&order, &account, &fen]);
    }

    /// Money that came: the order, its one try, and the turn at the till.
    pub(super) fn order(&mut self, paid: &Paid<'_>, payer: &str) {
        let Paid { order, at, way, fen, no, .. } = *paid;
        let turn = paid.cashier.map(|n| self.shift(local_date(at), n, way, fen));
        let cashier = paid.cashier.and_then(|n| self.cashiers.get(n));
        let (by, name) = cashier.map_or((None, ""), |c| (Some(c.id), c.name.as_str()));
        let cash = way.method == PayMethod::Cash;
        let tendered = cash.then(|| (fen + 9_999) / 10_000 * 10_000);
        let change = tendered.map(|t| t - fen);
        let path = if turn.is_some() { self.hall.as_str() } else { paid.org_path };
        self.orders.row(&[
            &order,
            &no,
            &way.channel,
            &fen,
            &tendered,
            &change,
            &"settled",
            &path,
            &turn,
            &payer,
            &by,
            &name,
            &at,
            &at,
            &paid.posting,
            &paid.late,
        ]);
        // Cash has no number but ours; providers and terminals have their own.
        let id = self.ids.next();
        let reference = match way.method {
            PayMethod::Cash => order.to_string(),
            PayMethod::Card => format!("{:012}", id.as_u128() % 1_000_000_000_000),
            PayMethod::Bank => format!("DS{}", no.trim_start_matches("SF")),
            _ => format!("4200{:020}", id.as_u128() % 100_000_000_000_000_000_000),
        };
        let (done, settled) = ("succeeded", "settled");
        self.attempts.row(&[
            &id,
            &order,
            &way.channel,
            &reference,
            &fen,
            &done,
            &settled,
            &at,
            &at,
        ]);
        self.moved(local_date(at), way.method, 1, fen);
    }

    /// Money that came that day.
    pub(super) fn moved(&mut self, on: NaiveDate, method: PayMethod, many: i64, fen: i64) {
        let sum = self.days.entry(on).or_default().entry(method).or_default();
        *sum = (sum.0 + many, sum.1 + fen);
    }

    fn shift(&mut self, date: NaiveDate, cashier: usize, way: Way, fen: i64) -> Uuid {
        let ids = &mut self.ids;
        let new = || Shift { id: ids.next(), cash: 0 };
        let shift = self.shifts.entry((date, cashier)).or_insert_with(new);
        if way.method == PayMethod::Cash {
            shift.cash += fen;
        }
        shift.id
    }

    /// The paper that he took home.
    pub(super) fn paper(&mut self, paid: &Paid<'_>, slip: Slip<'_>) {
        let Some((n, cashier)) = paid.cashier.and_then(|n| Some((n, self.cashiers.get(n)?))) else {
            return;
        };
        let account_id = AccountId::from(slip.account);
        let line = |(item, fen): &(&'static str, i64)| AppliedLine {
            account_id,
            season: slip.season.clone(),
            item: (*item).to_owned(),
            amount_fen: Fen::new(*fen),
        };
        let tendered = (paid.fen + 9_999) / 10_000 * 10_000;
        let cash = |fen| (paid.way.method == PayMethod::Cash).then(|| Fen::new(fen));
        let content = ReceiptContent {
            order_no: paid.no.to_owned(),
            payer: slip.name.to_owned(),
            accounts: vec![ReceiptAccount {
                account_no: slip.account_no.to_owned(),
                name: slip.name.to_owned(),
                address: slip.address.to_owned(),
                area: format!("{}.{:02}", slip.area / 100, slip.area % 100),
                amount: Fen::new(paid.fen),
                left: Fen::new(slip.left),
                lines: slip.lines.iter().map(line).collect(),
            }],
            method: paid.way.method,
            amount: Fen::new(paid.fen),
            rounding: Fen::ZERO,
            tendered: cash(tendered),
            change: cash(tendered - paid.fen),
            reference: String::new(),
            cashier: cashier.name.clone(),
            counter: cashier.window.clone(),
            at: paid.at,
        };
        let content = serde_json::to_string(&content).unwrap_or_default();
        let (at, order, fen) = (paid.at, paid.order, paid.fen);
        self.papers.push(Paper { at, order, fen, cashier: n, content });
    }

    /// Days also hold what came without a name.
    pub(super) fn expect_suspense(&mut self) {
        for (days_ago, fen, ..) in crate::business::SUSPENSE {
            let on = local_date(self.now) - TimeDelta::days(*days_ago);
            self.moved(on, PayMethod::Transfer, 0, *fen);
        }
    }

    /// Everybody has paid: turns, receipts and closes of days are written, and numbers go on
    /// where they ended.
    pub(super) async fn close(&mut self, tx: &mut Tx) -> Result<u64> {
        let rows = self.write_shifts(tx).await? + self.write_receipts(tx).await?;
        let rows = rows + self.write_days(tx).await?;
        let orders = self.numbered.values().max().copied().unwrap_or_default();
        let shifts = i64::try_from(self.shifts.len()).unwrap_or_default();
        for (sequence, last) in
            [("payments.order_no", i64::from(orders)), ("payments.shift_no", shifts)]
        {
            if last > 0 {
                let next = "select setval($1::regclass, $2)";
                sqlx::query(next).bind(sequence).bind(last).execute(tx.db()).await?;
            }
        }
        Ok(rows)
    }

    /// Turns begin at a quarter past eight and end when the money is counted.
    async fn write_shifts(&mut self, tx: &mut Tx) -> Result<u64> {
        let mut sheet = Sheet::new(
            "payments.shift (id, no, cashier_id, org_path, counter, float_fen, state, opened_at,
               counted_at, counted_fen, expected_fen, closed_at)",
        );
        for (n, ((date, who), shift)) in (1..).zip(&self.shifts) {
            let Some(cashier) = self.cashiers.get(*who) else { continue };
            let at = |minutes| start_of_day(*date) + TimeDelta::minutes(minutes);
            let no = format!("BC{}-{n:04}", date.format("%Y%m%d"));
            let sum = FLOAT + shift.cash;
            let (opened, counted, closed) = (at(8 * 60 + 15), at(17 * 60 + 40), at(17 * 60 + 52));
            sheet.row(&[
                &shift.id,
                &no,
                &cashier.id,
                &self.hall,
                &cashier.window,
                &FLOAT,
                &"closed",
                &opened,
                &counted,
                &sum,
                &sum,
                &closed,
            ]);
        }
        sheet.flush(tx.db()).await
    }

    async fn write_receipts(&mut self, tx: &mut Tx) -> Result<u64> {
        let mut papers = std::mem::take(&mut self.papers);
        papers.sort_unstable_by_key(|p| (p.at, p.order));
        let used = i64::try_from(papers.len()).unwrap_or_default();
        let range = self.ids.next();
        let face = serde_json::to_value(ReceiptFace::default()).unwrap_or_default();
        let given = papers.first().map_or(self.now, |p| p.at - TimeDelta::days(1));
        sqlx::query(
            "insert into payments.receipt_range
               (id, org_path, prefix, digits, first_no, last_no, next_no, given_at)
             values ($1, '/hq/', 'A', 8, 1, $2, $3, $4)",
        )
        .bind(range)
        .bind((used + SPARE - 1) / SPARE * SPARE + SPARE - 1)
        .bind(used + 1)
        .bind(given)
        .execute(tx.db())
        .await?;
        if used > 0 {
            let face_row = "insert into payments.receipt_face (version, face, made_at)
                            values (1, $1, $2)";
            sqlx::query(face_row).bind(face).bind(given).execute(tx.db()).await?;
        }
        for (n, paper) in (1..).zip(papers) {
            let id = self.ids.at(paper.at);
            let (no, by) = (format!("A{n:08}"), self.cashier_id(paper.cashier));
            self.receipts.row(&[
                &id,
                &no,
                &range,
                &paper.order,
                &"issued",
                &paper.fen,
                &1_i32,
                &paper.content,
                &paper.at,
                &by,
            ]);
        }
        self.receipts.flush(tx.db()).await
    }

    /// Each day but yesterday was closed the morning after; payments, book and drawers agreed.
    async fn write_days(&mut self, tx: &mut Tx) -> Result<u64> {
        let mut sheet = Sheet::new(
            "payments.day_close (id, on_date, org_path, lines, difference_fen, closed_by,
                                 closed_at)",
        );
        let until = local_date(self.now) - TimeDelta::days(1);
        for (on, methods) in self.days.range(..until) {
            let counted: i64 =
                self.shifts.range((*on, 0)..=(*on, usize::MAX)).map(|(_, shift)| shift.cash).sum();
            let turns = self.shifts.range((*on, 0)..=(*on, usize::MAX)).next().is_some();
            let lines: Vec<DayLine> = methods
                .iter()
                .map(|(method, (many, fen))| {
                    let drawer = (*method == PayMethod::Cash && turns).then(|| Fen::new(counted));
                    day_line(*method, *many, Fen::new(*fen), Fen::new(*fen), drawer)
                })
                .collect();
            let at = start_of_day(*on) + TimeDelta::hours(33);
            let id = self.ids.next();
            let lines = crate::sheet::Json(json!(lines));
            sheet.row(&[&id, on, &"/hq/", &lines, &0_i64, &self.finance, &at]);
        }
        sheet.flush(tx.db()).await
    }
}

/// When somebody comes, between two days: at the counter on its hours and not today, for today's
/// turns are the visitor's own; else in waking hours. Nobody comes in the future.
pub(super) fn comes(
    rng: &mut Rng,
    (first, wanted): (NaiveDate, NaiveDate),
    way: Way,
    now: DateTime<Utc>,
) -> Option<DateTime<Utc>> {
    let today = local_date(now);
    let settled = way.at_counter() || way == Way::BANK;
    let last = if settled { today - TimeDelta::days(1) } else { today };
    let span = (last - first).num_days();
    let drawn =
        if wanted <= last { wanted } else { first + TimeDelta::days(rng.between(0, span.max(0))) };
    let (opens, closes) = if way.at_counter() { (515, 1035) } else { (420, 1330) };
    let seconds = rng.between(opens * 60, closes * 60);
    let at = start_of_day(drawn) + TimeDelta::seconds(seconds);
    if span < 0 {
        return None;
    }
    if at <= now {
        return Some(at);
    }
    let before = at - TimeDelta::days(1);
    (local_date(before) >= first).then_some(before)
}

/// The first day of the summer in which a season's old debts are looked at.
pub(super) fn write_off_day(year: i32) -> DateTime<Utc> {
    start_of_day(day(year + 3, 6, 30)) + TimeDelta::hours(10)
}
