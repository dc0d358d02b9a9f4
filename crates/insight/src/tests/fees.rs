//! Fee reports over a small book made by hand.

use super::house::House;
use crate::permissions::FEES;
use crate::{
    FeeAge, FeeDimension, FeeField, FigureOf, fee_ages, fee_changes, fee_curves, fee_households,
    fee_journal, fee_pivot, plain_journal, vouchers,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::{AccountId, Error, Fen, SeasonId, Tx};
use ledger::Ledger::{Advance, Cash, Receivable, Revenue, Wechat};
use ledger::{AsOf, Ledger, Line, Posting};

/// Two seasons: the last one is over, this one runs.
struct Book {
    h: House,
    last: SeasonId,
    this: SeasonId,
    posted: usize,
}

fn day(s: &str) -> NaiveDate {
    s.parse().unwrap()
}

fn instant(s: &str) -> DateTime<Utc> {
    s.parse().unwrap()
}

impl Book {
    async fn new() -> Self {
        let h = House::new().await;
        let mut tx = Self::clerk(&h).await;
        let season = async |tx: &mut Tx, code, from, to| {
            ledger::add_season(tx, code, instant(from), instant(to)).await.unwrap()
        };
        let last =
            season(&mut tx, "2025-2026", "2025-11-14T16:00:00Z", "2026-03-15T16:00:00Z").await;
        let this =
            season(&mut tx, "2026-2027", "2026-11-14T16:00:00Z", "2027-03-15T16:00:00Z").await;
        tx.commit().await.unwrap();
        let mut book = Self { h, last, this, posted: 0 };
        let (a, b, c, west) = (book.h.a, book.h.b, book.h.c, book.h.west);
        for (who, season, fen) in [
            (a, book.last, 200_000),
            (west, book.last, 100_000),
            (a, book.this, 210_000),
            (b, book.this, 150_000),
            (c, book.this, 130_000),
            (west, book.this, 110_000),
        ] {
            book.post("season_opening", None, who, season, (Revenue, Receivable), fen).await;
        }
        book.h.t.advance(TimeDelta::hours(1));
        let (last, this) = (book.last, book.this);
        book.post("payment", Some("counter"), a, last, (Receivable, Cash), 200_000).await;
        book.post("payment", Some("counter"), a, this, (Receivable, Cash), 10_000).await;
        book.post("payment", Some("wechat"), b, this, (Receivable, Wechat), 150_000).await;
        book.post("payment", Some("wechat"), c, this, (Advance, Wechat), 5_000).await;
        book.post("advance_used", None, c, this, (Receivable, Advance), 5_000).await;
        book.post("recalculation", None, west, last, (Receivable, Revenue), 30_000).await;
        book
    }

    async fn clerk(h: &House) -> Tx {
        let keys = [ledger::permissions::POST, ledger::permissions::VIEW];
        h.t.tx(&testing::actor(h.agent, &keys, "/hq/")).await
    }

    /// `from` is credited and `to` debited.
    async fn post(
        &mut self,
        source: &str,
        channel: Option<&str>,
        account: AccountId,
        season: SeasonId,
        (from, to): (Ledger, Ledger),
        fen: i64,
    ) {
        self.posted += 1;
        let line = |l: Ledger, fen| match l.is_customers() {
            true => Line::customer(l, account, "heat", Fen::new(fen)).of_season(season),
            false => Line::house(l, "heat", Fen::new(fen)),
        };
        let posting = Posting {
            source: source.to_owned(),
            source_id: self.posted.to_string(),
            corrects_id: None,
            memo: String::new(),
            channel: channel.map(str::to_owned),
            valid_on: day("2026-11-22"),
            lines: vec![line(to, fen), line(from, -fen)],
        };
        let mut tx = Self::clerk(&self.h).await;
        ledger::post(&mut tx, posting).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn head_of(&self, path: &str) -> Tx {
        let keys = [FEES, ledger::permissions::VIEW];
        self.h.t.tx(&testing::actor(testing::nobody(), &keys, path)).await
    }
}

fn seen(f: &FeeField) -> (&str, &str, i64, i64, i64) {
    (&f.row, &f.column, f.charged_fen.get(), f.paid_fen.get(), f.owed_fen.get())
}

/// accepts ST-24 PY-09: charged, received and owed by any two dimensions, to the fen.
#[tokio::test]
async fn charged_received_and_owed_by_whatever_one_asks_for() {
    let book = Book::new().await;
    let mut tx = book.head_of("/hq/").await;
    let now = AsOf::now(&tx);
    let of = [FeeDimension::Branch, FeeDimension::Season];
    let report = fee_pivot(&mut tx, now, None, &[], of).await.unwrap();
    assert_eq!(
        report.fields.iter().map(seen).collect::<Vec<_>>(),
        [
            ("/hq/east/", "2025-2026", 200_000, 200_000, 0),
            ("/hq/east/", "2026-2027", 490_000, 165_000, 325_000),
            ("/hq/west/", "2025-2026", 70_000, 0, 70_000),
            ("/hq/west/", "2026-2027", 110_000, 0, 110_000),
        ]
    );
    assert_eq!(seen(&report.total), ("", "", 870_000, 365_000, 505_000));
    assert!(report.names.contains_key("/hq/east/"), "people read names");
    let of = [FeeDimension::Channel, FeeDimension::Total];
    let report = fee_pivot(&mut tx, now, None, &[book.this], of).await.unwrap();
    assert_eq!(
        report.fields.iter().map(seen).collect::<Vec<_>>(),
        [
            ("", "", 600_000, 0, 600_000),
            ("advance", "", 0, 5_000, -5_000),
            ("counter", "", 0, 10_000, -10_000),
            ("wechat", "", 0, 150_000, -150_000),
        ]
    );
    let curves = fee_curves(&mut tx, now, None, &[book.this]).await.unwrap();
    let last = curves[0].days.last().unwrap();
    assert_eq!((last.day, last.charged_fen.get(), last.paid_fen.get()), (7, 600_000, 165_000));
}

/// accepts BI-20: arrears by age and class, and the households behind a figure, which sum to it.
#[tokio::test]
async fn arrears_by_age_open_into_households() {
    let book = Book::new().await;
    let mut tx = book.head_of("/hq/").await;
    let now = AsOf::now(&tx);
    let ages = fee_ages(&mut tx, now, None).await.unwrap();
    let rows: Vec<_> = ages.items.iter().map(|r| (r.age, r.open_items, r.owed_fen.get())).collect();
    assert_eq!(rows, [(FeeAge::Current, 3, 435_000), (FeeAge::OneYear, 1, 70_000)]);
    for row in &ages.items {
        let figure = FigureOf {
            age: Some(row.age),
            user_class: Some(row.user_class.clone()),
            ..FigureOf::default()
        };
        let behind = match row.age {
            // What has not ended is no season's age alone; it is opened by its season.
            FeeAge::Current => FigureOf { season: Some(book.this), ..figure },
            _ => figure,
        };
        let opened = fee_households(&mut tx, now, None, behind).await.unwrap();
        let sum: i64 = opened.items.iter().map(|h| h.fen.get()).sum();
        assert_eq!(sum, row.owed_fen.get());
        assert!(opened.items.iter().all(|h| h.name.ends_with('*')), "names leave masked");
    }
    let none = FigureOf { user_class: Some("palace".into()), ..FigureOf::default() };
    assert!(fee_households(&mut tx, now, None, none).await.unwrap().items.is_empty());
}

/// accepts XB-02: what changed between two moments is named by its causes, without a rest.
#[tokio::test]
async fn the_causes_of_a_change_sum_to_it() {
    let book = Book::new().await;
    let mut tx = book.head_of("/hq/").await;
    let to = AsOf::now(&tx);
    let from = AsOf { known_at: to.known_at - TimeDelta::minutes(30), ..to };
    let changes = fee_changes(&mut tx, from, to, None).await.unwrap();
    assert_eq!((changes.before_fen.get(), changes.after_fen.get()), (900_000, 505_000));
    let causes: Vec<_> =
        changes.items.iter().map(|c| (c.source.as_str(), c.postings, c.fen.get())).collect();
    assert_eq!(
        causes,
        [
            ("payment", 2, -210_000),
            ("payment", 1, -150_000),
            ("recalculation", 1, -30_000),
            ("advance_used", 1, -5_000),
        ]
    );
    let sum: i64 = changes.items.iter().map(|c| c.fen.get()).sum();
    assert_eq!(changes.before_fen.get() + sum, changes.after_fen.get());
}

/// accepts BI-17 XB-02: a report of a past moment is the same to the byte after a hundred later,
/// also back-dated, corrections.
#[tokio::test]
async fn a_past_report_is_the_same_for_ever() {
    let mut book = Book::new().await;
    let report = async |book: &Book, as_of| {
        let mut tx = book.head_of("/hq/").await;
        let of = [FeeDimension::Station, FeeDimension::Item];
        let pivot = fee_pivot(&mut tx, as_of, None, &[], of).await.unwrap();
        let ages = fee_ages(&mut tx, as_of, None).await.unwrap();
        let all = FigureOf::default();
        let households = fee_households(&mut tx, as_of, None, all).await.unwrap();
        serde_json::to_vec(&(pivot, ages, households)).unwrap()
    };
    let then = AsOf { valid_on: day("2026-11-22"), known_at: book.h.t.now() };
    let archived = report(&book, then).await;
    book.h.t.advance(TimeDelta::days(1));
    for n in 0..100_i64 {
        let (a, west) = (book.h.a, book.h.west);
        let who = if n % 3 == 0 { west } else { a };
        let ways = [(Receivable, Revenue), (Revenue, Receivable), (Receivable, Cash)];
        let way = ways[usize::try_from(n % 3).unwrap()];
        let channel = (way.1 == Cash).then_some("counter");
        let season = if n % 2 == 0 { book.last } else { book.this };
        book.post("correction", channel, who, season, way, 1 + n * 37).await;
    }
    assert_eq!(report(&book, then).await, archived);
    let now = AsOf { known_at: book.h.t.now(), ..then };
    assert_ne!(report(&book, now).await, archived, "the present moved on");
}

/// accepts R-06: a station head sees the fees of his own station.
#[tokio::test]
async fn fees_are_seen_as_far_as_one_may() {
    let book = Book::new().await;
    let mut tx = book.head_of("/hq/west/").await;
    let now = AsOf::now(&tx);
    let of = [FeeDimension::Total, FeeDimension::Total];
    let report = fee_pivot(&mut tx, now, None, &[], of).await.unwrap();
    assert_eq!(seen(&report.total), ("", "", 180_000, 0, 180_000));
    let opened = fee_households(&mut tx, now, None, FigureOf::default()).await.unwrap();
    assert_eq!(opened.items.iter().map(|h| h.account_id).collect::<Vec<_>>(), [book.h.west]);
    let half = vouchers(&mut tx, day("2026-11-01"), now).await;
    assert!(matches!(half, Err(Error::Forbidden(_))), "half a voucher does not balance");
    assert!(fee_journal(&mut tx, day("2026-11-22"), None).await.unwrap().items.is_empty());
    drop(tx);
    let mut tx = book.h.t.tx(&book.h.agent()).await;
    let refused = fee_pivot(&mut tx, now, None, &[], of).await;
    assert!(matches!(refused, Err(Error::Forbidden(_))));
}

/// accepts BI-18: the finance office gets vouchers that balance, each in itself.
#[tokio::test]
async fn vouchers_balance_each_in_itself() {
    let book = Book::new().await;
    let mut tx = book.head_of("/hq/").await;
    let now = AsOf::now(&tx);
    let report = vouchers(&mut tx, day("2026-11-22"), now).await.unwrap();
    let mut sums = std::collections::BTreeMap::<_, i64>::new();
    for line in &report.items {
        let sum = sums.entry((line.day, line.number)).or_default();
        *sum += line.debit_fen.get() - line.credit_fen.get();
    }
    assert_eq!(sums.values().copied().collect::<Vec<_>>(), [0; 4], "one for each kind of cause");
    assert_eq!(report.total_fen.get(), 900_000 + 365_000 + 5_000 + 30_000);
    let text = plain_journal(&report);
    assert!(text.contains("(001) advance_used"), "{text}");
    for (from, to) in [("2026-11-23", "2026-11-22"), ("2020-01-01", "2026-11-22")] {
        let as_of = AsOf { valid_on: day(to), ..now };
        assert!(vouchers(&mut tx, day(from), as_of).await.is_err(), "{from}");
    }
}

/// accepts ST-24: the cashiers' journal shows each receipt and the sum of each cashier and way.
#[tokio::test]
async fn the_journal_shows_what_each_cashier_took() {
    let book = Book::new().await;
    let mut tx = book.head_of("/hq/").await;
    let journal = fee_journal(&mut tx, day("2026-11-22"), None).await.unwrap();
    assert_eq!(journal.items.len(), 4);
    let totals: Vec<_> =
        journal.totals.iter().map(|t| (t.ledger.as_str(), t.count, t.fen.get())).collect();
    assert_eq!(totals, [("cash", 2, 210_000), ("wechat", 2, 155_000)]);
    assert!(fee_journal(&mut tx, day("2026-11-21"), None).await.unwrap().items.is_empty());
}
