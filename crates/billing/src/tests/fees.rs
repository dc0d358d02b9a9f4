//! What one household sees, and late fees.

use super::ground::{Ground, day, yuan};
use crate::permissions::VIEW;
use crate::{Moment, account_fees, close_late_fees, late_fee_of, post_late_fee};
use chrono::TimeDelta;
use kernel::{AccountId, Error, Fen};
use ledger::{Ledger, Line, Posting};

async fn pay(g: &Ground, account: AccountId, fen: i64, on: &str) {
    let mut tx = g.system().await;
    let amount = Fen::new(fen);
    let less = amount.checked_neg().unwrap();
    let posting = Posting {
        source: "test_payment".to_owned(),
        source_id: format!("{on} {fen}"),
        corrects_id: None,
        memo: "现金".to_owned(),
        channel: Some("counter".to_owned()),
        valid_on: day(on),
        lines: vec![
            Line::house(Ledger::Cash, "heat", amount),
            Line::customer(Ledger::Receivable, account, "heat", less).of_season(g.season),
        ],
    };
    ledger::post(&mut tx, posting).await.unwrap();
    tx.commit().await.unwrap();
}

/// accepts BI-33 BI-02: what the counter took is what the agent sees, at once; by season, item
/// and posting, and as it was at any moment.
#[tokio::test]
async fn fees_show_what_is_owed_and_paid_now_and_at_a_past_moment() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    g.opened().await;
    let then = g.t.now();
    g.t.advance(TimeDelta::days(2));
    pay(&g, home, 98_000, "2026-11-24").await;
    let fees = g.fees(home).await;
    assert_eq!(fees.owed_fen, Fen::new(100_000));
    let season = &fees.seasons[0];
    assert_eq!((season.charged_fen.get(), season.paid_fen.get()), (198_000, 98_000));
    assert_eq!(season.items[0].item, "heat");
    assert_eq!(fees.movements.len(), 2);

    let mut tx = g.office_tx().await;
    let at = Moment { valid_on: None, known_at: Some(then) };
    let past = account_fees(&mut tx, home, at).await.unwrap();
    assert_eq!((past.owed_fen.get(), past.movements.len()), (198_000, 1));
    let west = testing::actor(testing::nobody(), &[VIEW], "/hq/west/");
    let mut tx = g.t.tx(&west).await;
    let unseen = account_fees(&mut tx, home, Moment::default()).await;
    assert!(matches!(unseen, Err(Error::NotFound(_))));
}

/// accepts BI-14: the late fee follows what was owed on which day, grows by the pack's rate and
/// is not in the book until somebody pays it.
#[tokio::test]
async fn a_late_fee_is_reckoned_from_the_book_and_posted_when_paid() {
    let g = Ground::new().await;
    let home = g.household("1", "/hq/east/s1/", "resident").await;
    g.opened().await;
    let on = day("2027-03-01");
    let mut tx = g.system().await;
    let fee = late_fee_of(&mut tx, &[home], on).await.unwrap().remove(0);
    // The bill of 22 November grows from the 23rd on.
    let days = (on - day("2026-11-22")).num_days();
    assert_eq!(fee.days, days);
    let grown = 198_000 * days * fee.daily_rate.micro() / 1_000_000;
    assert_eq!(fee.amount_fen.get(), grown, "{}", yuan(fee.amount_fen));
    assert_eq!(g.owed(home).await, 198_000, "not in the book");
    let (_, amount) = post_late_fee(&mut tx, home, g.season, on).await.unwrap().unwrap();
    assert_eq!(amount, fee.due_fen);
    let after = late_fee_of(&mut tx, &[home], on).await.unwrap().remove(0);
    assert_eq!((after.posted_fen, after.due_fen), (amount, Fen::ZERO));
    tx.commit().await.unwrap();
    assert_eq!(g.owed(home).await, 198_000 + amount.get());
    // What was paid before does not grow.
    let mut tx = g.system().await;
    let again = post_late_fee(&mut tx, home, g.season, on).await.unwrap();
    assert_eq!(again, None);
}

/// accepts BI-14: the lesson of the nightly job that charges twice.
#[tokio::test]
async fn a_close_of_late_fees_run_twice_changes_nothing() {
    let g = Ground::new().await;
    let homes = [
        g.household("1", "/hq/east/s1/", "resident").await,
        g.household("2", "/hq/east/s1/", "resident").await,
    ];
    g.opened().await;
    pay(&g, homes[1], 198_000, "2026-11-22").await;
    let on = day("2027-03-15");
    for (run, posted) in [(1, 1), (2, 0)] {
        let mut tx = g.system().await;
        let done = close_late_fees(&mut tx, &homes, g.season, on).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(done, posted, "run {run}");
    }
    assert_eq!(g.owed(homes[1]).await, 0);
    // The next night adds a night's growth, no more.
    let mut tx = g.system().await;
    let total = |fees: &[crate::LateFeeOf]| fees[0].amount_fen.get();
    let today = total(&late_fee_of(&mut tx, &homes, on).await.unwrap());
    let next = on.succ_opt().unwrap();
    let tomorrow = total(&late_fee_of(&mut tx, &homes, next).await.unwrap());
    close_late_fees(&mut tx, &homes, g.season, next).await.unwrap();
    tx.commit().await.unwrap();
    assert!(tomorrow >= today);
    assert_eq!(g.owed(homes[0]).await, 198_000 + tomorrow);
}
