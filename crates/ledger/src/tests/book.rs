//! The book itself: once, balanced, never changed.

use super::household::{app, bookkeeper, household, moved};
use crate::Ledger::{Cash, Receivable, Revenue};
use crate::{Posting, permissions::VIEW, post, reverse};
use kernel::{Error, Fen};
use std::collections::BTreeSet;
use strum::VariantArray as _;

#[tokio::test]
async fn the_same_cause_posts_once_and_with_other_content_is_refused() {
    let t = app().await;
    let account = household(&t).await;
    let bill = moved("bill-1", account, None, (Revenue, Receivable), 120_000);
    let mut tx = bookkeeper(&t, "/hq/").await;
    let first = post(&mut tx, bill.clone()).await.unwrap();
    assert_eq!(post(&mut tx, bill.clone()).await.unwrap(), first);
    tx.commit().await.unwrap();
    let mut tx = bookkeeper(&t, "/hq/").await;
    assert_eq!(post(&mut tx, bill.clone()).await.unwrap(), first, "also a day later");
    let later = Posting { valid_on: "2026-11-23".parse().unwrap(), ..bill.clone() };
    let mut dearer = bill.clone();
    dearer.lines[0].amount = Fen::new(130_000);
    dearer.lines[1].amount = Fen::new(-130_000);
    let other_words = Posting { memo: "改".to_owned(), ..bill };
    for changed in [later, dearer, other_words] {
        let refused = post(&mut tx, changed).await.unwrap_err();
        assert_eq!(refused.problem().code, "ledger.source_taken");
    }
    tx.commit().await.unwrap();
    let (postings, entries, events): (i64, i64, i64) = sqlx::query_as(
        "select (select count(*) from ledger.posting), (select count(*) from ledger.entry),
                (select count(*) from kernel.event where kind = 'ledger.posted')",
    )
    .fetch_one(&t.app.pool)
    .await
    .unwrap();
    assert_eq!((postings, entries, events), (1, 2, 1));
}

#[tokio::test]
async fn two_who_post_the_same_at_once_post_once() {
    let t = app().await;
    let account = household(&t).await;
    let pay = moved("pay-1", account, None, (Receivable, Cash), 500);
    let posting = async |pay: Posting| {
        let mut tx = bookkeeper(&t, "/hq/").await;
        let id = post(&mut tx, pay).await.unwrap();
        tx.commit().await.unwrap();
        id
    };
    let (a, b) = tokio::join!(posting(pay.clone()), posting(pay));
    assert_eq!(a, b);
}

#[tokio::test]
async fn nobody_posts_without_the_key_or_for_households_out_of_scope() {
    let t = app().await;
    let account = household(&t).await;
    let bill = moved("bill-1", account, None, (Revenue, Receivable), 120_000);
    let mut tx = t.tx(&testing::actor(testing::nobody(), &[VIEW], "/hq/")).await;
    assert!(matches!(post(&mut tx, bill.clone()).await, Err(Error::Forbidden(_))));
    let mut tx = bookkeeper(&t, "/hq/west/").await;
    assert!(matches!(post(&mut tx, bill.clone()).await, Err(Error::NotFound(_))));
    let unknown = moved("bill-2", t.app.new_id(), None, (Revenue, Receivable), 1);
    let mut tx = bookkeeper(&t, "/hq/").await;
    assert!(matches!(post(&mut tx, unknown).await, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_posting_is_taken_back_by_its_opposite_and_only_once() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = bookkeeper(&t, "/hq/").await;
    let bill = moved("bill-1", account, None, (Revenue, Receivable), 120_000);
    let wrong = post(&mut tx, bill).await.unwrap();
    let back = reverse(&mut tx, wrong, "面积有误").await.unwrap();
    assert_eq!(reverse(&mut tx, wrong, "面积有误").await.unwrap(), back);
    tx.commit().await.unwrap();
    let (sum, corrects): (i64, uuid::Uuid) = sqlx::query_as(
        "select (select sum(amount_fen)::bigint from ledger.entry where ledger = 'receivable'),
                (select corrects_id from ledger.posting where id = $1)",
    )
    .bind(*back)
    .fetch_one(&t.app.pool)
    .await
    .unwrap();
    assert_eq!((sum, corrects), (0, *wrong));
}

/// Not even who owns the tables changes or removes what is written.
#[tokio::test]
async fn the_book_is_append_only_even_for_its_owner() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = bookkeeper(&t, "/hq/").await;
    post(&mut tx, moved("bill-1", account, None, (Revenue, Receivable), 5)).await.unwrap();
    tx.commit().await.unwrap();
    for change in [
        "update ledger.posting set memo = 'x'",
        "update ledger.entry set amount_fen = amount_fen",
        "delete from ledger.entry",
        "delete from ledger.posting",
        "truncate ledger.entry",
        "truncate ledger.posting cascade",
    ] {
        let refused = sqlx::query(change).execute(&t.app.pool).await.unwrap_err();
        assert!(refused.to_string().contains("permission denied"), "{change}: {refused}");
        let refused = sqlx::query(change).execute(&t.owner).await.unwrap_err();
        assert!(refused.to_string().contains("append-only"), "{change}: {refused}");
    }
}

/// The database holds the rule too, for who comes past the program.
#[tokio::test]
async fn what_does_not_balance_cannot_be_committed() {
    let t = app().await;
    let id = "'00000000-0000-0000-0000-000000000001'";
    let head = format!(
        "insert into ledger.posting (id, source, source_id, memo, valid_on, recorded_at)
         values ({id}, 'x', '1', '', '2026-11-22', '2026-11-22')"
    );
    let lines = |rows: &[(i32, i64, &str)]| {
        let rows: Vec<_> = rows
            .iter()
            .map(|(n, fen, on)| format!("({id}, {n}, 'cash', 'heat', {fen}, '{on}', '2026-11-22')"))
            .collect();
        format!(
            "insert into ledger.entry
               (posting_id, line, ledger, item, amount_fen, valid_on, recorded_at)
             values {}",
            rows.join(", ")
        )
    };
    let (today, later) = ("2026-11-22", "2026-11-23");
    for statements in [
        vec![head.clone()],
        vec![head.clone(), lines(&[(1, 5, today)])],
        vec![head.clone(), lines(&[(1, 5, today), (2, -4, today)])],
        vec![head.clone(), lines(&[(1, 5, today), (3, -5, today)])],
        vec![head.clone(), lines(&[(1, 5, today), (2, -5, later)])],
        vec![lines(&[(1, 5, today), (2, -5, today)])],
    ] {
        let mut db = t.app.pool.begin().await.unwrap();
        let mut refused = None;
        for sql in &statements {
            let done = sqlx::query(sqlx::AssertSqlSafe(sql.as_str())).execute(&mut *db).await;
            refused = refused.or(done.err());
        }
        let refused = match refused {
            Some(refused) => refused,
            None => db.commit().await.unwrap_err(),
        };
        assert!(refused.to_string().contains("does not balance"), "{statements:?}: {refused}");
    }
}

/// The words of the program are the words of the schema.
#[tokio::test]
async fn the_ledgers_are_those_that_the_schema_knows() {
    let t = app().await;
    let check: String = sqlx::query_scalar(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = 'entry_ledger_known'",
    )
    .fetch_one(&t.app.pool)
    .await
    .unwrap();
    let known: BTreeSet<&str> = check.split('\'').skip(1).step_by(2).collect();
    let ours: BTreeSet<&str> = crate::Ledger::VARIANTS.iter().map(|l| <&str>::from(*l)).collect();
    assert_eq!(known, ours);
}
