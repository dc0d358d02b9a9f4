//! What a household owes: sums over the book.

use super::household::{app, bookkeeper, household, moved};
use crate::Ledger::{Advance, Bank, Cash, Receivable, Revenue, Wechat};
use crate::{Ledger, add_season, balance, post, reverse, seasons};
use kernel::{Error, Fen};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::collections::BTreeSet;

/// accepts AD-04: arrears by season and the last payments.
#[tokio::test]
async fn a_balance_shows_each_season_and_the_last_payments() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = bookkeeper(&t, "/hq/").await;
    let at = |s: &str| s.parse().unwrap();
    let old =
        add_season(&mut tx, "2025-2026", at("2025-10-15T00:00:00Z"), at("2026-04-15T00:00:00Z"))
            .await
            .unwrap();
    let new =
        add_season(&mut tx, "2026-2027", at("2026-10-15T00:00:00Z"), at("2027-04-15T00:00:00Z"))
            .await
            .unwrap();
    for (no, season, way, fen) in [
        ("bill-old", old, (Revenue, Receivable), 200_000),
        ("pay-old", old, (Receivable, Bank), 150_000),
        ("bill-new", new, (Revenue, Receivable), 210_000),
        ("ahead", new, (Advance, Wechat), 30_000),
    ] {
        post(&mut tx, moved(no, account, Some(season), way, fen)).await.unwrap();
    }
    let b = balance(&mut tx, account).await.unwrap();
    assert_eq!((b.arrears_fen, b.credit_fen), (Fen::new(260_000), Fen::new(30_000)));
    let rows: Vec<_> = b
        .by_season
        .iter()
        .map(|s| (s.season.as_str(), s.charged_fen.get(), s.paid_fen.get(), s.owed_fen.get()))
        .collect();
    assert_eq!(rows, [("2026-2027", 210_000, 0, 210_000), ("2025-2026", 200_000, 150_000, 50_000)]);
    let paid: Vec<_> =
        b.last_payments.iter().map(|p| (p.ledger.as_str(), p.amount_fen.get())).collect();
    assert_eq!(BTreeSet::from_iter(paid), BTreeSet::from([("bank", 150_000), ("wechat", 30_000)]));
    assert_eq!(seasons(&mut tx).await.unwrap().len(), 2);

    // The advance is used, a bill was wrong, and the bank takes its payment back.
    tx.commit().await.unwrap();
    t.advance(chrono::TimeDelta::days(1));
    let mut tx = bookkeeper(&t, "/hq/").await;
    post(&mut tx, moved("use", account, Some(new), (Receivable, Advance), 30_000)).await.unwrap();
    let fix = moved("fix", account, Some(new), (Receivable, Revenue), 10_000);
    post(&mut tx, fix).await.unwrap();
    let pay_old = moved("pay-old", account, Some(old), (Receivable, Bank), 150_000);
    let pay_old = post(&mut tx, pay_old).await.unwrap();
    reverse(&mut tx, pay_old, "退票").await.unwrap();
    let b = balance(&mut tx, account).await.unwrap();
    let rows: Vec<_> = b
        .by_season
        .iter()
        .map(|s| (s.charged_fen.get(), s.paid_fen.get(), s.owed_fen.get()))
        .collect();
    assert_eq!(rows, [(200_000, 30_000, 170_000), (200_000, 0, 200_000)]);
    assert_eq!((b.arrears_fen.get(), b.credit_fen.get()), (370_000, 0));
    assert_eq!(b.last_payments[0].amount_fen.get(), -150_000, "given back is shown too");
}

#[tokio::test]
async fn a_household_without_postings_owes_nothing_and_one_out_of_scope_is_not_there() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = bookkeeper(&t, "/hq/east/").await;
    let b = balance(&mut tx, account).await.unwrap();
    assert_eq!((b.arrears_fen, b.credit_fen), (Fen::ZERO, Fen::ZERO));
    assert!(b.by_season.is_empty() && b.last_payments.is_empty());
    let mut tx = bookkeeper(&t, "/hq/west/").await;
    assert!(matches!(balance(&mut tx, account).await, Err(Error::NotFound(_))));
    let mut tx = t.tx(&testing::actor(testing::nobody(), &[], "/hq/")).await;
    assert!(matches!(balance(&mut tx, account).await, Err(Error::Forbidden(_))));
}

/// Any sequence of postings leaves a book that sums to nothing, and arrears less credit are the
/// sum of the household's lines.
#[test]
fn a_balance_is_the_sum_of_the_book_whatever_was_posted() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let t = runtime.block_on(app());
    let ways: &[(Ledger, Ledger)] = &[
        (Revenue, Receivable),
        (Receivable, Cash),
        (Receivable, Bank),
        (Advance, Wechat),
        (Receivable, Advance),
        (Receivable, Revenue),
    ];
    let sequence = prop::collection::vec((0..ways.len(), 1_i64..1_000_000, any::<bool>()), 0..12);
    let mut runner =
        TestRunner::new(Config { cases: 24, failure_persistence: None, ..Config::default() });
    let outcome = runner.run(&sequence, |sequence| {
        runtime.block_on(async {
            let account = household(&t).await;
            let mut tx = bookkeeper(&t, "/hq/").await;
            let mut expected = 0;
            for (i, (way, fen, taken_back)) in sequence.into_iter().enumerate() {
                let way = ways[way];
                let source = format!("{account}/{i}");
                let id = post(&mut tx, moved(&source, account, None, way, fen)).await.unwrap();
                if taken_back {
                    reverse(&mut tx, id, "").await.unwrap();
                } else {
                    let side = |l: Ledger| i64::from(l.is_customers());
                    expected += fen * (side(way.1) - side(way.0));
                }
            }
            let b = balance(&mut tx, account).await.unwrap();
            prop_assert_eq!(b.arrears_fen.get() - b.credit_fen.get(), expected);
            prop_assert!(b.arrears_fen >= Fen::ZERO);
            tx.commit().await.unwrap();
            let total: i64 =
                sqlx::query_scalar("select coalesce(sum(amount_fen), 0)::bigint from ledger.entry")
                    .fetch_one(&t.app.pool)
                    .await
                    .unwrap();
            prop_assert_eq!(total, 0);
            Ok(())
        })
    });
    outcome.unwrap();
}
