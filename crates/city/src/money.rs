//! Two seasons in the book: what was charged, and what came in.

use crate::company::Company;
use crate::random::{Ids, Rng};
use crate::sheet::Sheet;
use crate::{Plan, Summary};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use kernel::clock::{local_date, start_of_day};
use kernel::{Result, Tx};
use uuid::Uuid;

/// Fen for a square metre and season.
const RESIDENT: i64 = 2_200;
const SHOP: i64 = 3_000;
/// Per cent of the heat fee that a stopped household pays.
const BASIC: i64 = 30;

/// The year in which the season began for which bills were sent last.
pub(crate) fn season_year(now: DateTime<Utc>) -> i32 {
    let today = local_date(now);
    if today >= day(today.year(), 10, 10) { today.year() } else { today.year() - 1 }
}

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
}

struct Season {
    id: Uuid,
    code: String,
    year: i32,
    /// How it was paid, of a thousand: in full, in two parts, in part only.
    paid: [i64; 3],
}

/// The book of the demonstration.
pub(crate) struct Book {
    rng: Rng,
    ids: Ids,
    now: DateTime<Utc>,
    seasons: [Season; 2],
    cashiers: Vec<Uuid>,
    season_rows: Sheet,
    postings: Sheet,
    entries: Sheet,
    charged: i64,
    paid: i64,
    count: u64,
}

struct Bill<'a> {
    account: Uuid,
    account_no: &'a str,
    season: usize,
    item: &'static str,
}

impl Book {
    pub(crate) fn new(plan: &Plan, company: &Company) -> Self {
        let mut ids = Ids::new(plan.seed, "book ids", crate::base());
        let year = season_year(plan.now);
        let mut season = |year: i32, paid| Season {
            id: ids.next(),
            code: format!("{year}-{}", year + 1),
            year,
            paid,
        };
        let seasons = [season(year - 1, [900, 40, 30]), season(year, [780, 30, 60])];
        let mut season_rows = Sheet::new("ledger.season (id, code, starts_at, ends_at)");
        for s in &seasons {
            let (from, to) = (day(s.year, 11, 15), day(s.year + 1, 3, 16));
            season_rows.row(&[&s.id, &s.code, &start_of_day(from), &start_of_day(to)]);
        }
        Self {
            rng: Rng::new(plan.seed, "money"),
            ids,
            now: plan.now,
            seasons,
            cashiers: company.staff.iter().filter(|s| s.role == "cashier").map(|s| s.id).collect(),
            season_rows,
            postings: Sheet::new(
                "ledger.posting (id, source, source_id, memo, channel, valid_on, recorded_at,
                                 recorded_by)",
            ),
            entries: Sheet::new(
                "ledger.entry (posting_id, line, ledger, account_id, season_id, item,
                               amount_fen, valid_on, recorded_at)",
            ),
            charged: 0,
            paid: 0,
            count: 0,
        }
    }

    /// Sends what waits, and adds it to the totals.
    pub(crate) async fn flush(&mut self, tx: &mut Tx, totals: &mut Summary) -> Result<u64> {
        let seasons = self.season_rows.flush(tx.db()).await?;
        let postings = self.postings.flush(tx.db()).await?;
        let entries = self.entries.flush(tx.db()).await?;
        totals.charged_fen = self.charged;
        totals.paid_fen = self.paid;
        totals.arrears_fen = self.charged - self.paid;
        totals.postings = self.count;
        Ok(seasons + postings + entries)
    }

    /// Charges a household for both seasons, and takes what it paid.
    pub(crate) fn bill(
        &mut self,
        account: Uuid,
        account_no: &str,
        class: &str,
        state: &str,
        hundredths: i64,
    ) {
        if state == "not_connected" {
            return;
        }
        let price = if class == "shop" { SHOP } else { RESIDENT };
        let full = (hundredths * price + 50) / 100;
        for season in 0..self.seasons.len() {
            let stopped = season == 1 && state != "using";
            let (item, fee) =
                if stopped { ("basic", (full * BASIC + 50) / 100) } else { ("heat", full) };
            let bill = Bill { account, account_no, season, item };
            self.charge(&bill, fee);
            self.settle(&bill, fee);
        }
    }

    fn charge(&mut self, bill: &Bill<'_>, fee: i64) {
        let s = &self.seasons[bill.season];
        let source_id = format!("{}/{}", s.code, bill.account_no);
        let what = if bill.item == "basic" { "基本热费" } else { "热费" };
        let memo = format!("{}采暖季{what}", s.code);
        let on = day(s.year, 10, 8);
        let at = start_of_day(on) + TimeDelta::hours(2);
        self.post(
            bill,
            ["season_bill", &source_id, &memo],
            (on, at, None),
            ["receivable", "revenue"],
            fee,
        );
        self.charged += fee;
    }

    fn settle(&mut self, bill: &Bill<'_>, fee: i64) {
        let [full, parts, part] = self.seasons[bill.season].paid;
        let fate = self.rng.between(1, 1000);
        let share = fee * self.rng.between(3, 7) / 10;
        let amounts = match fate {
            f if f <= full => vec![fee],
            f if f <= full + parts => vec![share, fee - share],
            f if f <= full + parts + part => vec![share],
            _ => return,
        };
        let opened = start_of_day(day(self.seasons[bill.season].year, 10, 9));
        let mut from = opened;
        for (n, amount) in (1..).zip(amounts) {
            let at = self.moment(from);
            from = at;
            self.pay(bill, n, amount, at);
        }
    }

    /// When somebody pays: mostly before the heat comes, some late, nobody in the future.
    fn moment(&mut self, from: DateTime<Utc>) -> DateTime<Utc> {
        let days =
            if self.rng.chance(880) { self.rng.between(0, 37) } else { self.rng.between(38, 150) };
        let hours = TimeDelta::minutes(self.rng.between(8 * 60, 20 * 60));
        let wanted = from + TimeDelta::days(days) + hours;
        if wanted <= self.now {
            return wanted;
        }
        let open = (self.now - from).num_seconds().max(1);
        from + TimeDelta::seconds(self.rng.between(0, open))
    }

    fn pay(&mut self, bill: &Bill<'_>, n: i32, amount: i64, at: DateTime<Utc>) {
        let (ledger, how) = self.rng.weighted(&[
            (("wechat", "微信"), 62),
            (("bank", "银行代收"), 23),
            (("cash", "现金"), 15),
        ]);
        let cashier = if ledger == "cash" {
            self.cashiers.get(self.rng.index(self.cashiers.len())).copied()
        } else {
            None
        };
        let code = &self.seasons[bill.season].code;
        let source_id = format!("{code}/{}/{n}", bill.account_no);
        let memo = format!("{code}采暖季{how}缴费");
        let when = (local_date(at), at, cashier);
        self.post(bill, [ledger, &source_id, &memo], when, [ledger, "receivable"], amount);
        self.paid += amount;
    }

    fn post(
        &mut self,
        bill: &Bill<'_>,
        [source, source_id, memo]: [&str; 3],
        (on, at, by): (NaiveDate, DateTime<Utc>, Option<Uuid>),
        [debit, credit]: [&str; 2],
        amount: i64,
    ) {
        let id = self.ids.next();
        let season = self.seasons[bill.season].id;
        let channel = (source != "season_bill").then_some(source);
        self.postings.row(&[&id, &source, &source_id, &memo, &channel, &on, &at, &by]);
        for (line, ledger, fen) in [(1_i16, debit, amount), (2, credit, -amount)] {
            let account = (ledger == "receivable").then_some(bill.account);
            let what = bill.item;
            self.entries.row(&[&id, &line, &ledger, &account, &season, &what, &fen, &on, &at]);
        }
        self.count += 1;
    }
}
