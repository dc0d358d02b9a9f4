//! The book as of a moment: the same fen for ever.

use super::household::{app, bookkeeper, household, moved};
use super::period::{accountant, day};
use crate::Ledger::{self, Advance, Cash, Receivable, Revenue};
use crate::{
    ArrearsRow, AsOf, EntryFilter, Figure, Posting, add_season, arrears, arrears_households,
    balance_as_of, balance_closings, close, entries, post, reverse, segments, trial_balance,
};
use chrono::{Days, NaiveDate, TimeDelta};
use kernel::{AccountId, Fen, Scope, Tx};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use testing::TestApp;

/// What is asked of the book at one moment.
#[derive(Debug, PartialEq)]
struct Answer {
    arrears: Vec<ArrearsRow>,
    households: Vec<(AccountId, Fen)>,
    trial: Vec<crate::TrialRow>,
    balances: Vec<crate::Balance>,
}

async fn ask(tx: &mut Tx, as_of: AsOf, accounts: &[AccountId]) -> Answer {
    let figure = Figure {
        ledger: Receivable,
        seasons: Vec::new(),
        items: Vec::new(),
        segments: Vec::new(),
        after: None,
        limit: 1_000,
    };
    let trial = trial_balance(tx, as_of).await.unwrap();
    assert_eq!(trial.sum_fen, Fen::ZERO);
    let mut balances = Vec::new();
    for account in accounts {
        balances.push(balance_as_of(tx, *account, as_of).await.unwrap());
    }
    Answer {
        arrears: arrears(tx, as_of, &Scope::all()).await.unwrap(),
        households: arrears_households(tx, as_of, &figure, &Scope::all()).await.unwrap(),
        trial: trial.items,
        balances,
    }
}

/// accepts XB-02 BI-17 CU-16: arrears as known then, of the state valid then.
#[tokio::test]
async fn what_was_known_then_of_a_day_is_told_apart_from_what_is_known_now() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = bookkeeper(&t, "/hq/").await;
    post(&mut tx, moved("bill", account, None, (Revenue, Receivable), 1_000)).await.unwrap();
    tx.commit().await.unwrap();
    let then = t.now();
    t.advance(TimeDelta::days(70));
    let mut tx = bookkeeper(&t, "/hq/").await;
    // Learned in January: the area was smaller already in November.
    let fix = moved("fix", account, None, (Receivable, Revenue), 300);
    post(&mut tx, fix).await.unwrap();
    let mut owed = async |valid_on: &str, known_at| {
        let as_of = AsOf { valid_on: day(valid_on), known_at };
        balance_as_of(&mut tx, account, as_of).await.unwrap().arrears_fen.get()
    };
    assert_eq!(owed("2026-11-22", then).await, 1_000);
    assert_eq!(owed("2026-11-22", t.now()).await, 700);
    assert_eq!(owed("2026-11-21", t.now()).await, 0, "not yet due");
    assert_eq!(owed("2026-11-22", then - TimeDelta::seconds(1)).await, 0, "not yet known");
}

/// accepts XB-02 BI-17: a line that is still being written carries the instant at which its
/// transaction began; an answer "as known now" goes back before it, says so, and stays.
#[tokio::test]
async fn what_is_still_being_written_does_not_slip_under_an_answer() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = bookkeeper(&t, "/hq/").await;
    post(&mut tx, moved("bill", account, None, (Revenue, Receivable), 1_000)).await.unwrap();
    tx.commit().await.unwrap();
    t.advance(TimeDelta::minutes(1));
    let began = t.now();
    let mut slow = bookkeeper(&t, "/hq/").await;
    t.advance(TimeDelta::minutes(1));
    let mut quick = bookkeeper(&t, "/hq/").await;
    post(&mut quick, moved("quick", account, None, (Revenue, Receivable), 20)).await.unwrap();
    quick.commit().await.unwrap();
    t.advance(TimeDelta::minutes(1));

    let mut reader = accountant(&t).await;
    let as_of = AsOf::settled(&mut reader, None, None).await.unwrap();
    let safe = began - TimeDelta::microseconds(1);
    assert_eq!(as_of.known_at, safe, "the slow one began then and may still write");
    let told = ask(&mut reader, as_of, &[account]).await;
    assert_eq!(told.balances[0].arrears_fen, Fen::new(1_000));
    drop(reader);
    post(&mut slow, moved("slow", account, None, (Revenue, Receivable), 3)).await.unwrap();
    slow.commit().await.unwrap();

    let mut reader = accountant(&t).await;
    assert_eq!(ask(&mut reader, as_of, &[account]).await, told, "the same for ever");
    let now = AsOf::settled(&mut reader, None, None).await.unwrap();
    assert_eq!(now.known_at, t.now());
    assert_eq!(ask(&mut reader, now, &[account]).await.balances[0].arrears_fen, Fen::new(1_023));
    let past = AsOf::settled(&mut reader, None, Some(began)).await.unwrap();
    assert_eq!(past.known_at, began, "a moment that nobody writes in stays as it was asked");
}

/// One step of a random history: what is posted (or taken back), how many days ago it counts,
/// whether the last month is closed afterwards.
type Step = (usize, usize, i64, bool, u64, bool);

const WAYS: &[(Ledger, Ledger)] = &[
    (Revenue, Receivable),
    (Receivable, Cash),
    (Advance, Cash),
    (Receivable, Advance),
    (Receivable, Revenue),
];

async fn play(
    t: &TestApp,
    n: usize,
    (way, who, fen, taken_back, ago, closes): Step,
    accounts: &[AccountId],
) {
    t.advance(TimeDelta::days(5));
    let mut tx = accountant(t).await;
    let today = kernel::clock::local_date(t.now());
    let wanted = today.checked_sub_days(Days::new(ago)).unwrap();
    let valid_on = crate::open_day(&mut tx, wanted).await.unwrap();
    let source = format!("{}/{n}", accounts[0]);
    let posting = moved(&source, accounts[who], None, WAYS[way], fen);
    let id = post(&mut tx, Posting { valid_on, ..posting }).await.unwrap();
    tx.commit().await.unwrap();
    if taken_back {
        t.advance(TimeDelta::hours(1));
        let mut tx = accountant(t).await;
        reverse(&mut tx, id, "").await.unwrap();
        tx.commit().await.unwrap();
    }
    if closes {
        let mut tx = accountant(t).await;
        let ends = crate::periods(&mut tx).await.unwrap().closable;
        if let Some(end) = ends.last() {
            close(&mut tx, *end).await.unwrap();
            tx.commit().await.unwrap();
            balance_closings(&t.app).await.unwrap();
        }
    }
}

/// accepts XB-02 BI-16 BI-17: whatever is posted, backdated, taken back or closed later, the
/// answer for a moment stays what it was, and the book balances at every one.
#[test]
fn a_past_answer_never_changes_whatever_comes_later() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let step = (0..WAYS.len(), 0..3_usize, 1_i64..100_000, any::<bool>(), 0_u64..60, any::<bool>());
    let history = prop::collection::vec(step, 1..10);
    let config = Config { cases: 8, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&history, |history| {
        runtime.block_on(async {
            let t = app().await;
            let mut accounts = Vec::new();
            for _ in 0..3 {
                accounts.push(household(&t).await);
            }
            let mut archive = Vec::new();
            for (n, step) in history.into_iter().enumerate() {
                play(&t, n, step, &accounts).await;
                let mut tx = accountant(&t).await;
                let today = kernel::clock::local_date(t.now());
                for back in [0, 3, 20, 45] {
                    let valid_on = today.checked_sub_days(Days::new(back)).unwrap();
                    let as_of = AsOf { valid_on, known_at: t.now() };
                    archive.push((as_of, ask(&mut tx, as_of, &accounts).await));
                }
            }
            let mut tx = accountant(&t).await;
            for (as_of, before) in &archive {
                prop_assert_eq!(&ask(&mut tx, *as_of, &accounts).await, before);
            }
            Ok(())
        })
    });
    outcome.unwrap();
}

#[tokio::test]
async fn a_payment_stands_in_the_segment_of_its_charge_also_after_the_household_changed() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = accountant(&t).await;
    let at = |s: &str| s.parse().unwrap();
    let (from, to) = (at("2026-10-15T00:00:00Z"), at("2027-04-15T00:00:00Z"));
    let season = add_season(&mut tx, "2026-2027", from, to).await.unwrap();
    let bill = moved("bill", account, Some(season), (Revenue, Receivable), 900);
    post(&mut tx, bill).await.unwrap();
    tx.commit().await.unwrap();
    sqlx::query("update directory.premise set user_class = 'shop'")
        .execute(&t.owner)
        .await
        .unwrap();
    t.advance(TimeDelta::days(1));
    let mut tx = accountant(&t).await;
    let pay = moved("pay", account, Some(season), (Receivable, Cash), 400);
    post(&mut tx, pay).await.unwrap();
    let as_of = AsOf { valid_on: day("2026-11-23"), known_at: t.now() };
    let rows = arrears(&mut tx, as_of, &Scope::all()).await.unwrap();
    let [row] = rows.as_slice() else { panic!("{rows:?}") };
    assert_eq!((row.owed_fen.get(), row.households), (500, 1));
    let segment = &segments(&mut tx).await.unwrap()[&row.segment_id.unwrap()];
    assert_eq!((segment.org_path.as_str(), segment.user_class.as_str()), ("/hq/east/", "resident"));
    let west = Scope { paths: vec!["/hq/west/".to_owned()], own: None };
    assert!(arrears(&mut tx, as_of, &west).await.unwrap().is_empty());
}

#[tokio::test]
async fn lines_are_read_day_by_day_and_page_by_page() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = accountant(&t).await;
    for n in 1..=5 {
        let on: NaiveDate = day(&format!("2026-11-0{n}"));
        let bill = moved(&format!("{n}"), account, None, (Revenue, Receivable), n);
        post(&mut tx, Posting { valid_on: on, ..bill }).await.unwrap();
    }
    let mut filter = EntryFilter {
        ledger: Some(Receivable),
        season_id: None,
        item: None,
        account_id: Some(account),
        from: day("2026-11-02"),
        as_of: AsOf { valid_on: day("2026-11-04"), known_at: t.now() },
        after: None,
        limit: 2,
    };
    let page = entries(&mut tx, &filter).await.unwrap();
    assert_eq!(page.iter().map(|e| e.amount_fen.get()).collect::<Vec<_>>(), [4, 3]);
    filter.after = page.last().map(|e| (e.valid_on, e.posting_id, e.line));
    let page = entries(&mut tx, &filter).await.unwrap();
    assert_eq!(page.iter().map(|e| e.amount_fen.get()).collect::<Vec<_>>(), [2]);
    assert_eq!(page[0].org_path, "/hq/east/");
}
