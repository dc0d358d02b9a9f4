//! Closing periods: nothing enters them afterwards.

use super::household::{app, bookkeeper, household, moved};
use crate::Ledger::{Receivable, Revenue};
use crate::permissions::{BOOK, CLOSE, POST, VIEW};
use crate::{Posting, balance_closings, close, periods, post, posting, reverse};
use chrono::NaiveDate;
use kernel::{AccountId, Error, Fen, Tx};
use testing::TestApp;

pub(super) fn day(s: &str) -> NaiveDate {
    s.parse().unwrap()
}

pub(super) async fn accountant(t: &TestApp) -> Tx {
    t.tx(&testing::actor(testing::nobody(), &[POST, VIEW, BOOK, CLOSE], "/hq/")).await
}

fn bill(no: &str, account: AccountId, on: &str, fen: i64) -> Posting {
    Posting { valid_on: day(on), ..moved(no, account, None, (Revenue, Receivable), fen) }
}

fn code(e: Error) -> String {
    e.problem().code
}

/// accepts XB-02: after a close nothing more is written for its days, by the program or past it.
#[tokio::test]
async fn nothing_is_posted_into_a_closed_period() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = accountant(&t).await;
    post(&mut tx, bill("1", account, "2026-10-15", 100)).await.unwrap();
    close(&mut tx, day("2026-10-31")).await.unwrap();
    let late = post(&mut tx, bill("2", account, "2026-10-31", 100)).await.unwrap_err();
    assert_eq!(code(late), "ledger.period_closed");
    post(&mut tx, bill("3", account, "2026-11-01", 100)).await.unwrap();
    tx.commit().await.unwrap();
    let past = "insert into ledger.posting (id, source, source_id, memo, valid_on, recorded_at)
                values (gen_random_uuid(), 'x', '1', '', '2026-10-01', '2026-11-22')";
    for pool in [&t.app.pool, &t.owner] {
        let refused = sqlx::query(past).execute(pool).await.unwrap_err();
        assert!(refused.to_string().contains("the period of 2026-10-01 is closed"), "{refused}");
    }
}

/// accepts BI-16: what was wrong in a closed period is corrected in the open one, by name.
#[tokio::test]
async fn a_correction_of_a_closed_period_is_booked_today_and_names_what_it_corrects() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = accountant(&t).await;
    let wrong = post(&mut tx, bill("1", account, "2026-10-15", 100)).await.unwrap();
    let open = post(&mut tx, bill("2", account, "2026-11-15", 7)).await.unwrap();
    close(&mut tx, day("2026-10-31")).await.unwrap();
    let back = reverse(&mut tx, wrong, "面积有误").await.unwrap();
    assert_eq!(reverse(&mut tx, wrong, "又一次").await.unwrap(), back, "once");
    let also = reverse(&mut tx, open, "").await.unwrap();
    let back = posting(&mut tx, back).await.unwrap();
    assert_eq!((back.corrects_id, back.valid_on), (Some(wrong), day("2026-11-22")));
    assert_eq!(back.lines.iter().map(|l| l.amount_fen.get()).collect::<Vec<_>>(), [-100, 100]);
    let first = posting(&mut tx, wrong).await.unwrap();
    assert_eq!((first.corrected_by, first.valid_on), (vec![back.id], day("2026-10-15")));
    let also = posting(&mut tx, also).await.unwrap();
    assert_eq!(also.valid_on, day("2026-11-15"), "an open day stays the day");
}

#[tokio::test]
async fn a_close_ends_a_month_that_is_over_and_comes_after_the_last() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = accountant(&t).await;
    post(&mut tx, bill("1", account, "2026-08-15", 100)).await.unwrap();
    let open = periods(&mut tx).await.unwrap();
    let ends = [day("2026-08-31"), day("2026-09-30"), day("2026-10-31")];
    assert_eq!((open.items.len(), open.closable), (0, ends.to_vec()));
    for refused in ["2026-09-29", "2026-11-30", "2026-11-22"] {
        let e = close(&mut tx, day(refused)).await.unwrap_err();
        assert_eq!(code(e), "ledger.period_invalid", "{refused}");
    }
    close(&mut tx, ends[1]).await.unwrap();
    for refused in [ends[0], ends[1]] {
        assert_eq!(code(close(&mut tx, refused).await.unwrap_err()), "ledger.period_invalid");
    }
    tx.commit().await.unwrap();
    let mut tx = bookkeeper(&t, "/hq/").await;
    assert!(matches!(close(&mut tx, ends[2]).await, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn balances_of_a_close_are_summed_once_and_also_after_a_crash() {
    let t = app().await;
    let account = household(&t).await;
    let mut tx = accountant(&t).await;
    post(&mut tx, bill("1", account, "2026-08-15", 100)).await.unwrap();
    post(&mut tx, bill("2", account, "2026-09-15", 20)).await.unwrap();
    close(&mut tx, day("2026-08-31")).await.unwrap();
    close(&mut tx, day("2026-09-30")).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = accountant(&t).await;
    assert!(periods(&mut tx).await.unwrap().items.iter().all(|p| p.balanced_at.is_none()));
    drop(tx);
    let (a, b) = tokio::join!(balance_closings(&t.app), balance_closings(&t.app));
    // Two at once: one of them may be refused, and is tried again.
    let _ = (a, b);
    balance_closings(&t.app).await.unwrap();
    assert_eq!(balance_closings(&t.app).await.unwrap(), 0);
    let mut tx = accountant(&t).await;
    let closed = periods(&mut tx).await.unwrap().items;
    let sums: Vec<_> = closed.iter().map(|p| (p.receivable_fen, p.balances)).collect();
    assert_eq!(sums, [(Fen::new(120), 2), (Fen::new(100), 2)]);
}

/// Who posts while the book is being closed either comes before the close, and counts in it, or
/// is refused.
#[tokio::test]
async fn a_close_waits_for_who_is_posting() {
    let t = app().await;
    let account = household(&t).await;
    let mut till = accountant(&t).await;
    post(&mut till, bill("1", account, "2026-10-15", 100)).await.unwrap();
    let closing = async {
        let mut tx = accountant(&t).await;
        close(&mut tx, day("2026-10-31")).await.unwrap();
        tx.commit().await.unwrap();
    };
    let posting = async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        till.commit().await.unwrap();
    };
    tokio::join!(closing, posting);
    balance_closings(&t.app).await.unwrap();
    let mut tx = accountant(&t).await;
    assert_eq!(periods(&mut tx).await.unwrap().items[0].receivable_fen, Fen::new(100));
}

#[tokio::test]
async fn a_close_does_not_wait_for_ever() {
    let t = app().await;
    let account = household(&t).await;
    let mut till = accountant(&t).await;
    post(&mut till, bill("1", account, "2026-10-15", 100)).await.unwrap();
    let mut tx = accountant(&t).await;
    assert_eq!(code(close(&mut tx, day("2026-10-31")).await.unwrap_err()), "ledger.busy");
}
