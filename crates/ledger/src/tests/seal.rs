//! The seal, its digests, and what `verify` finds.

use super::household::{app, bookkeeper, household, moved};
use super::period::{accountant, day};
use crate::Ledger::{Cash, Receivable, Revenue};
use crate::{Posting, Signer, balance_closings, chain, close, post, seal_next, sign_day, verify};
use chrono::TimeDelta;
use kernel::AccountId;
use sqlx::AssertSqlSafe;
use testing::TestApp;

async fn bills(t: &TestApp, account: AccountId, from: i64, many: i64) {
    let mut tx = bookkeeper(t, "/hq/").await;
    for n in from..from + many {
        let bill = moved(&n.to_string(), account, None, (Revenue, Receivable), 100 + n);
        post(&mut tx, Posting { valid_on: day("2026-10-20"), ..bill }).await.unwrap();
    }
    tx.commit().await.unwrap();
}

/// Seals whatever is settled; other tests' transactions on the cluster may hold it up for minutes.
async fn seal_all(t: &TestApp) {
    for _ in 0..6_000 {
        while seal_next(&t.app, 3).await.unwrap() > 0 {}
        let mut tx = accountant(t).await;
        if chain(&mut tx).await.unwrap().waiting == 0 {
            return;
        }
        drop(tx);
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("the seal does not come on");
}

/// Five bills and a payment, a close, a digest, and two bills more: all sealed.
async fn sealed() -> (TestApp, Signer) {
    let t = app().await;
    let account = household(&t).await;
    bills(&t, account, 1, 5).await;
    let mut tx = accountant(&t).await;
    let pay = moved("pay", account, None, (Receivable, Cash), 50);
    post(&mut tx, Posting { valid_on: day("2026-10-30"), ..pay }).await.unwrap();
    close(&mut tx, day("2026-09-30")).await.unwrap();
    close(&mut tx, day("2026-10-31")).await.unwrap();
    tx.commit().await.unwrap();
    balance_closings(&t.app).await.unwrap();
    seal_all(&t).await;
    let signer = Signer::new(&[7; 32]);
    sign_day(&t.app, &signer).await.unwrap();
    t.advance(TimeDelta::days(1));
    let mut tx = bookkeeper(&t, "/hq/").await;
    for n in [6, 7] {
        let bill = moved(&n.to_string(), account, None, (Revenue, Receivable), n);
        post(&mut tx, bill).await.unwrap();
    }
    tx.commit().await.unwrap();
    seal_all(&t).await;
    (t, signer)
}

/// accepts XB-02: the whole book is proven by its sums, its seal, its digests and its closes.
#[tokio::test]
async fn a_book_that_nobody_touched_is_proven() {
    let (t, signer) = sealed().await;
    let proof = verify(&t.app, Some(&signer.public_key()), &|_| ()).await.unwrap();
    assert_eq!(proof.broken, Vec::<String>::new());
    assert_eq!((proof.postings, proof.lines, proof.sealed), (8, 16, 8));
    assert_eq!((proof.digests, proof.closings), (1, 2));
    let other = Signer::new(&[8; 32]).public_key();
    let proof = verify(&t.app, Some(&other), &|_| ()).await.unwrap();
    assert_eq!(proof.broken, ["the digest of 2026-11-21 is signed by another key"]);
}

/// accepts XB-02: each kind of tampering, past every trigger, is found, and the row is named.
#[tokio::test]
async fn every_kind_of_tampering_is_named() {
    let kinds = [
        (
            "update ledger.entry set amount_fen = amount_fen + 1 where line = 1 and posting_id =
            (select id from ledger.posting where source_id = '3')",
            "(test 3) does not balance",
        ),
        (
            "update ledger.entry set amount_fen = amount_fen * 2 where posting_id =
            (select id from ledger.posting where source_id = '3')",
            "(test 3): ",
        ),
        (
            "update ledger.entry set account_id = (select id from directory.account limit 1),
            ledger = 'advance' where ledger = 'revenue' and posting_id =
            (select id from ledger.posting where source_id = '7')",
            "(test 7): ",
        ),
        ("update ledger.posting set memo = 'x' where source_id = '4'", "(test 4)"),
        (
            "update ledger.posting set valid_on = '2026-10-21' where source_id = '4'",
            "(test 4) has 2 lines that are not numbered or dated as one",
        ),
        (
            "delete from ledger.entry where posting_id =
            (select id from ledger.posting where source_id = '2')",
            "(test 2) has no lines",
        ),
        (
            "with gone as (delete from ledger.entry where posting_id =
              (select id from ledger.posting where source_id = '2'))
          delete from ledger.posting where source_id = '2'",
            "its posting",
        ),
        ("delete from ledger.posting where source_id = '2'", "has lines and no head"),
        ("update ledger.seal set hash = sha256('x') where seq = 5", "seal 5 does not fit"),
        ("delete from ledger.seal where seq = 4", "seal 4 is missing"),
        (
            "delete from ledger.seal where posting_id =
            (select id from ledger.posting where source_id = '4')",
            "(test 4) was slipped in",
        ),
        ("update ledger.digest set hash = sha256('x')", "the digest of 2026-11-21 names a hash"),
        (
            "update ledger.digest set signature = decode(repeat('ab', 64), 'hex')",
            "the signature of 2026-11-21 is false",
        ),
        (
            "update ledger.closing_balance set amount_fen = 1 where ledger = 'cash'",
            "the closing of 2026-10-31 says 0.01 yuan of cash heat, the book says 0.50",
        ),
        ("delete from ledger.closing_balance where ledger = 'receivable'", "of account"),
        (
            "update ledger.period set closed_at = '2026-10-01' where through = '2026-10-31'",
            "was written into the period of 2026-10-31 after its close",
        ),
    ];
    let (t, signer) = sealed().await;
    for (tampering, named) in kinds {
        // Each on the whole book: what was done is undone.
        let mut db = t.owner.begin().await.unwrap();
        sqlx::query("set local session_replication_role = replica")
            .execute(&mut *db)
            .await
            .unwrap();
        let done = sqlx::query(AssertSqlSafe(tampering)).execute(&mut *db).await.unwrap();
        assert!(done.rows_affected() > 0, "{tampering}");
        let broken = crate::service::prove(&mut db, Some(&signer.public_key()), &|_| ())
            .await
            .unwrap()
            .broken;
        assert!(broken.iter().any(|b| b.contains(named)), "{tampering}: {broken:?}");
        db.rollback().await.unwrap();
    }
    let proof = verify(&t.app, Some(&signer.public_key()), &|_| ()).await.unwrap();
    assert!(proof.broken.is_empty(), "{:?}", proof.broken);
}

/// What was committed while something older still ran waits for it: the order is that of the
/// transactions, and nothing is passed by.
#[tokio::test]
async fn the_seal_waits_for_older_transactions_and_passes_nobody_by() {
    let t = app().await;
    let account = household(&t).await;
    // Its segment is known before: a new one would make the second wait for the first.
    let mut tx = bookkeeper(&t, "/hq/").await;
    post(&mut tx, moved("0", account, None, (Revenue, Receivable), 1)).await.unwrap();
    tx.commit().await.unwrap();
    seal_all(&t).await;
    let mut slow = bookkeeper(&t, "/hq/").await;
    let first = moved("slow", account, None, (Revenue, Receivable), 1);
    post(&mut slow, first).await.unwrap();
    bills(&t, account, 1, 1).await;
    assert_eq!(seal_next(&t.app, 100).await.unwrap(), 0);
    let mut tx = accountant(&t).await;
    let state = chain(&mut tx).await.unwrap();
    assert_eq!((state.sealed, state.waiting), (1, 1), "seen, not sealed");
    drop(tx);
    slow.commit().await.unwrap();
    seal_all(&t).await;
    let order: Vec<String> = sqlx::query_scalar(
        "select p.source_id from ledger.seal s join ledger.posting p on p.id = s.posting_id
         order by s.seq",
    )
    .fetch_all(&t.app.pool)
    .await
    .unwrap();
    assert_eq!(order, ["0", "slow", "1"]);
}

#[tokio::test]
async fn two_who_seal_at_once_seal_each_posting_once() {
    let t = app().await;
    let account = household(&t).await;
    bills(&t, account, 1, 6).await;
    let _ = tokio::join!(seal_next(&t.app, 100), seal_next(&t.app, 100));
    seal_all(&t).await;
    let proof = verify(&t.app, None, &|_| ()).await.unwrap();
    assert_eq!((proof.sealed, proof.broken.len()), (6, 0), "{:?}", proof.broken);
}

#[tokio::test]
async fn a_day_is_signed_once_and_only_when_something_was_sealed() {
    let t = app().await;
    let account = household(&t).await;
    let signer = Signer::new(&[7; 32]);
    sign_day(&t.app, &signer).await.unwrap();
    bills(&t, account, 1, 1).await;
    seal_all(&t).await;
    for _ in 0..2 {
        sign_day(&t.app, &signer).await.unwrap();
    }
    t.advance(TimeDelta::days(1));
    sign_day(&t.app, &signer).await.unwrap();
    let mut tx = accountant(&t).await;
    let state = chain(&mut tx).await.unwrap();
    let [digest] = state.digests.as_slice() else { panic!("{state:?}") };
    assert_eq!((digest.day, digest.seq, digest.valid), (day("2026-11-21"), 1, true));
    assert_eq!(digest.hash, state.hash);
    let mut tx = bookkeeper(&t, "/hq/").await;
    assert!(matches!(chain(&mut tx).await, Err(kernel::Error::Forbidden(_))));
}
