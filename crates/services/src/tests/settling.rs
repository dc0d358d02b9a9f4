//! What the repairer is paid, and how the book is put right.

use super::house::{House, code, phone};
use crate::{Earning, SheetId, StatementDetail, StatementId, StatementState, WantedLine};
use chrono::NaiveDate;
use kernel::{Actor, Fen, Result, UserId};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn propose(h: &House, by: &Actor, who: UserId, through: &str) -> Result<StatementDetail> {
    let mut tx = h.t.tx(by).await;
    let made = crate::propose_statement(&mut tx, who, day("2026-11-01"), day(through)).await?;
    tx.commit().await?;
    Ok(made)
}

async fn decide(h: &House, by: &Actor, id: StatementId, yes: bool) -> Result<StatementDetail> {
    let mut tx = h.t.tx(by).await;
    let done = crate::decide_statement(&mut tx, id, yes, "核对无误").await?;
    tx.commit().await?;
    Ok(done)
}

async fn reverse(h: &House, id: SheetId) -> Result<()> {
    let mut tx = h.t.tx(&h.office).await;
    crate::reverse(&mut tx, id, "重复收费").await?;
    tx.commit().await
}

/// accepts BI-21: work is settled once, by two people, as payable in the book; what was taken back
/// after it was paid for is deducted from the next statement, down to a debt of the repairer
#[tokio::test]
async fn a_repairer_is_paid_once_and_gives_back_what_was_taken_back() {
    let h = House::new().await;
    let work = h.visit(h.old, h.li, vec![h.line("FW-103", 100).await]).await;
    let extra = h.visit(h.new, h.li, vec![h.line("ZZ-302", 100).await]).await;
    assert_eq!(code(propose(&h, &h.office, h.li, "2026-11-22").await), "services.period_invalid");
    h.days(1);
    let made = propose(&h, &h.office, h.li, "2026-11-22").await.unwrap();
    // 50 for the leak, 45 % of 260 for the move
    assert_eq!(made.statement.earned_fen, Fen::new(5_000 + 11_700));
    let twice = propose(&h, &h.head, h.li, "2026-11-22").await;
    assert_eq!(code(twice), "services.nothing_to_settle");
    let id = made.statement.id;
    assert_eq!(code(decide(&h, &h.office, id, true).await), "services.second_person");
    assert_eq!(code(reverse(&h, work.id).await), "services.in_statement");
    let before = h.sums().await;
    decide(&h, &h.head, id, true).await.unwrap();
    assert_eq!(code(decide(&h, &h.head, id, true).await), "services.decided");
    let sums = h.sums().await;
    assert_eq!((sums["expense"], sums["payable"]), (16_700, -16_700));
    assert!(!before.contains_key("payable"));

    reverse(&h, extra.id).await.unwrap();
    assert_eq!(code(reverse(&h, extra.id).await), "services.wrong_state");
    h.days(1);
    let next = propose(&h, &h.office, h.li, "2026-11-23").await.unwrap();
    let lines: Vec<_> = next.lines.iter().map(|l| (l.kind, l.sheet_id, l.amount_fen)).collect();
    assert_eq!(lines, [(Earning::Deducted, extra.id, Fen::new(11_700))]);
    let first = crate_reverse(&h, id).await;
    assert_eq!(code(first), "services.in_statement", "its deduction stands on it");
    decide(&h, &h.head, next.statement.id, true).await.unwrap();
    let sums = h.sums().await;
    assert_eq!((sums["expense"], sums["payable"]), (5_000, -5_000));
    assert_eq!(sums["receivable"], 12_000, "the household owes the leak and no more");
    assert_eq!(sums.values().sum::<i64>(), 0);
}

async fn crate_reverse(h: &House, id: StatementId) -> Result<StatementDetail> {
    let mut tx = h.t.tx(&h.head).await;
    let done = crate::reverse_statement(&mut tx, id, "金额有误").await?;
    tx.commit().await?;
    Ok(done)
}

/// accepts BI-21: what waits for an audit is not paid, what an auditor objects to is never paid; a
/// refused or reversed statement lets its work go, and the book shows both postings
#[tokio::test]
async fn what_an_audit_holds_is_not_paid_and_a_statement_taken_back_lets_its_work_go() {
    let h = House::new().await;
    let free = |line: WantedLine| WantedLine { covered: Some(true), said: "照顾".into(), ..line };
    let odd = h.visit(h.old, h.li, vec![free(h.line("FW-104", 100).await)]).await;
    let good = h.visit(h.new, h.li, vec![h.line("ZZ-304", 100).await]).await;
    h.days(1);
    let mut tx = h.t.tx(&h.office).await;
    let open = crate::unsettled(&mut tx, None).await.unwrap();
    let seen: Vec<_> = open.iter().map(|u| (u.staff_id, u.earned_fen, u.waiting)).collect();
    assert_eq!(seen, [(h.li, Fen::new(4_000), 1)]);
    crate::decide_audit(&mut tx, odd.id, true, "无依据免单").await.unwrap();
    tx.commit().await.unwrap();

    let made = propose(&h, &h.office, h.li, "2026-11-22").await.unwrap();
    assert_eq!(made.lines.iter().map(|l| l.sheet_id).collect::<Vec<_>>(), [good.id]);
    let refused = decide(&h, &h.head, made.statement.id, false).await.unwrap();
    assert_eq!(refused.statement.state, StatementState::Refused);
    let made = propose(&h, &h.office, h.li, "2026-11-22").await.unwrap();
    let id = made.statement.id;
    decide(&h, &h.head, id, true).await.unwrap();
    let mut tx = h.t.tx(&phone(h.li)).await;
    let own = crate::statements(&mut tx, None, None, None).await.unwrap().items;
    assert_eq!(own.len(), 2, "he sees what he is paid");
    let mut tx = h.t.tx(&phone(h.wu)).await;
    assert_eq!(code(crate::statement(&mut tx, id).await), "not_found");
    crate_reverse(&h, id).await.unwrap();
    assert_eq!(h.sums().await.get("payable"), None);
    let again = propose(&h, &h.office, h.li, "2026-11-22").await.unwrap();
    assert_eq!(again.statement.earned_fen, Fen::new(4_000));
    // Nobody approves what he is paid.
    let himself = testing::actor(h.li, &[crate::permissions::APPROVE], "/hq/");
    let own = decide(&h, &himself, again.statement.id, true).await;
    assert_eq!(code(own), "services.second_person");
}

/// Two clerks settle the same work at once: one statement holds it, whoever is first.
#[tokio::test]
async fn two_who_settle_the_same_work_make_one_statement() {
    let h = House::new().await;
    h.visit(h.old, h.li, vec![h.line("FW-103", 100).await]).await;
    h.days(1);
    let (a, b, c) = tokio::join!(
        propose(&h, &h.office, h.li, "2026-11-22"),
        propose(&h, &h.head, h.li, "2026-11-22"),
        propose(&h, &h.office, h.li, "2026-11-22"),
    );
    let made = [a, b, c].into_iter().filter(Result::is_ok).count();
    assert_eq!(made, 1);
    let held: i64 =
        sqlx::query_scalar("select count(*) from services.statement_line where not released")
            .fetch_one(&h.t.app.pool)
            .await
            .unwrap();
    assert_eq!(held, 1);
}
