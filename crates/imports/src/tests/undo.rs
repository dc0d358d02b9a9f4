//! What can be taken back, and what cannot any more.

use super::house::{House, homes, house};
use crate::service::take_back;
use crate::*;
use kernel::{Actor, Error, Fen, PostingId, Result};
use ledger::{Ledger, Line, Posting};
use sqlx::AssertSqlSafe;
use uuid::Uuid;

fn in_use(refused: Result<()>, word: &str) {
    match refused.unwrap_err() {
        Error::Rule { code: "imports.in_use", zh, .. } => assert!(zh.contains(word), "{zh}"),
        other => panic!("{other}"),
    }
}

async fn as_program(h: &House, sql: &str) -> std::result::Result<u64, sqlx::Error> {
    let done = sqlx::query(AssertSqlSafe(sql.to_owned())).execute(&h.t.app.pool).await?;
    Ok(done.rows_affected())
}

/// accepts XB-17 (whoever did business with a household keeps it, whatever table says so)
#[tokio::test]
async fn households_with_business_cannot_be_taken_out_and_the_refusal_says_which() {
    let h = house().await;
    let id = h.put(Kind::Households, &homes(1, 3)).await;
    h.season().await;
    let charge = "户号,采暖季,应收金额,应收日期\nA00002,2025,1,2025-10-08\n";
    let charged = h.put(Kind::Charges, charge).await;
    in_use(h.undo(id).await, "账务 1 户");
    // The book never forgets that it knew them: a charge that was taken back keeps them, too.
    h.undo(charged).await.unwrap();
    in_use(h.undo(id).await, "账务 1 户");

    let other = h.put(Kind::Households, &homes(11, 3)).await;
    let meter = "insert into directory.meter (id, number, premise_id, kind, unit, valid_from)
                 select gen_random_uuid(), 'M1', premise_id, 'heat', 'GJ', '2025-01-01'
                 from directory.account where account_no = 'A00011'";
    as_program(&h, meter).await.unwrap();
    in_use(h.undo(other).await, "计量表 1 户");
    as_program(&h, "delete from directory.meter").await.unwrap();
    let holder = "update directory.account set person_id =
                    (select person_id from directory.account where account_no = 'A00012')
                  where account_no = 'A00001'";
    as_program(&h, holder).await.unwrap();
    in_use(h.undo(other).await, "客户资料 1 户");
}

/// accepts XB-17 (somebody paid since: charges stay until the payment is taken back)
#[tokio::test]
async fn charges_that_somebody_paid_since_cannot_be_taken_back() {
    let h = house().await;
    h.put(Kind::Households, &homes(1, 6)).await;
    let season = h.season().await;
    let line = |n: usize| format!("A{n:05},2025,1900.00,2025-10-08\n");
    let head = "户号,采暖季,应收金额,应收日期\n".to_owned();
    let id = h.put(Kind::Charges, &(head + &(1..=6).map(line).collect::<String>())).await;
    let mut tx = h.t.app.begin(Actor::system("test")).await.unwrap();
    let account: Uuid =
        sqlx::query_scalar("select id from directory.account where account_no = 'A00004'")
            .fetch_one(tx.db())
            .await
            .unwrap();
    let fen = Fen::new(190_000);
    let paid = Posting {
        source: "payment".into(),
        source_id: "1".into(),
        corrects_id: None,
        memo: "现金".into(),
        channel: Some("cash".into()),
        valid_on: "2026-11-22".parse().unwrap(),
        lines: vec![
            Line::customer(Ledger::Receivable, account.into(), "heat", Fen::new(-190_000))
                .of_season(season),
            Line::house(Ledger::Cash, "payment", fen).of_season(season),
        ],
    };
    let paid: PostingId = ledger::post(&mut tx, paid).await.unwrap();
    tx.commit().await.unwrap();
    in_use(h.undo(id).await, "缴费 1 户");

    let mut tx = h.t.app.begin(Actor::system("test")).await.unwrap();
    ledger::reverse(&mut tx, paid, "冲正").await.unwrap();
    tx.commit().await.unwrap();
    h.undo(id).await.unwrap();
    let owed = "select sum(amount_fen) from ledger.entry where ledger = 'receivable'";
    assert_eq!(h.one(owed).await, 0);
    let seen = h.see(id).await.batch;
    assert_eq!((seen.state, seen.done_count), (BatchState::Undone, 0));
    // The same batch may go in again, and is booked again.
    let mut tx = h.t.tx(&h.who).await;
    check_import(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = h.t.tx(&h.who).await;
    let run = dry_run(&mut tx, &h.t.app, id).await.unwrap();
    assert_eq!((run.lines, run.postings, run.problem_en), (6, 1, None));
    tx.commit().await.unwrap();
    h.commit(id).await.unwrap();
    assert_eq!(h.one(owed).await, 6 * 190_000);
}

/// accepts XB-17 (no guard of history is switched off for an undo)
#[tokio::test]
async fn the_guards_of_history_stand_while_a_batch_goes_out() {
    let h = house().await;
    let id = h.put(Kind::Households, &homes(1, 4)).await;
    let mut tx = h.t.tx(&h.who).await;
    undo_import(&mut tx, id).await.unwrap();
    tx.commit().await.unwrap();
    // In the middle of an undo, the program itself can neither delete a version nor say that one
    // may go; and no other batch's households can be named.
    for sql in [
        "delete from directory.account_version",
        "insert into directory.retraction (subject_id, subject, name, batch_id, retracted_at)
         select id, 'account', account_no, id, '2026-11-22' from directory.account",
        "delete from directory.retraction",
    ] {
        as_program(&h, sql).await.unwrap_err();
    }
    // Somebody does business between the wish and the deed: he stays, whole.
    let meter = "insert into directory.meter (id, number, premise_id, kind, unit, valid_from)
                 select gen_random_uuid(), 'M1', premise_id, 'heat', 'GJ', '2025-01-01'
                 from directory.account where account_no = 'A00002'";
    as_program(&h, meter).await.unwrap();
    take_back(&h.t.app, id).await.unwrap();
    let seen = h.see(id).await.batch;
    assert_eq!((seen.state, seen.done_count), (BatchState::Committed, 4));
    assert_eq!(h.one("select count(*) from directory.account_version").await, 4);
    assert_eq!(h.one("select count(*) from directory.retraction").await, 0);

    // A fact that was changed since is nobody's to take out, even without any reference.
    as_program(&h, "delete from directory.meter").await.unwrap();
    let change = "with c as (
                    insert into directory.change (id, recorded_at, actor, reason, source)
                    values (gen_random_uuid(), '2026-11-22', 't', '量房', 'desk') returning id)
                  insert into directory.premise_version
                    (premise_id, valid_from, recorded_at, change_id, building_area, heated_area,
                     charged_area, user_class, heating_manner)
                  select a.premise_id, '2026-01-01', '2026-11-22', c.id, 90, 90, 90, 'resident',
                         'radiator'
                  from c, directory.account a where a.account_no = 'A00003'";
    as_program(&h, change).await.unwrap();
    in_use(h.undo(id).await, "资料变更 1 户");
    // A batch that nobody undoes gives nothing away.
    let sql = format!("select imports.unmake('{id}', 10, '2026-11-22')");
    as_program(&h, &sql).await.unwrap_err();
}
