//! Late fees over everybody: what closes kept, and what came after them.

use super::ground::{Ground, area, day};
use crate::{LateSum, close_late_sheets, late_fee_of, late_fees, post_late_fee};
use chrono::{DateTime, TimeDelta, Utc};
use directory::{AccountPatch, Change};
use kernel::{AccountId, Fen, Scope};
use ledger::{AsOf, Ledger, Line, Posting};

const EAST: &str = "/hq/east/s1/";
const WEST: &str = "/hq/west/s2/";

async fn pay(g: &Ground, account: AccountId, fens: &[(&str, i64)]) {
    let mut tx = g.system().await;
    let on = kernel::clock::local_date(g.t.now());
    let sum: i64 = fens.iter().map(|f| f.1).sum();
    let mut lines = vec![Line::house(Ledger::Cash, "payment", Fen::new(sum))];
    for (item, fen) in fens {
        let less = Fen::new(-fen);
        let line = Line::customer(Ledger::Receivable, account, item, less);
        lines.push(line.of_season(g.season));
    }
    let posting = Posting {
        source: "test_payment".to_owned(),
        source_id: format!("{account} {on}"),
        corrects_id: None,
        memo: "现金".to_owned(),
        channel: Some("counter".to_owned()),
        valid_on: on,
        lines,
    };
    ledger::post(&mut tx, posting).await.unwrap();
    tx.commit().await.unwrap();
}

fn until(g: &Ground, at: &str) {
    let at: DateTime<Utc> = at.parse().unwrap();
    g.t.advance(at - g.t.now());
}

async fn everybody(g: &Ground, as_of: AsOf, scope: &Scope) -> Vec<LateSum> {
    let mut tx = g.system().await;
    late_fees(&mut tx, as_of, scope).await.unwrap()
}

fn total(sums: &[LateSum]) -> (i64, i64, i64) {
    let due = sums.iter().map(|s| s.due_fen.get()).sum();
    let amount = sums.iter().map(|s| s.amount_fen.get()).sum();
    (sums.iter().map(|s| s.households).sum(), amount, due)
}

/// The sum over everybody is the sum of what each household's screen shows.
async fn is_the_sum_of_each(g: &Ground, homes: &[AccountId], on: &str) -> (i64, i64, i64) {
    let as_of = AsOf { valid_on: day(on), known_at: g.t.now() };
    let all = total(&everybody(g, as_of, &Scope::all()).await);
    let mut tx = g.system().await;
    let mut each = (0, 0, 0);
    for fee in late_fee_of(&mut tx, homes, day(on)).await.unwrap() {
        if fee.due_fen > Fen::ZERO {
            each = (each.0 + 1, each.1 + fee.amount_fen.get(), each.2 + fee.due_fen.get());
        }
    }
    assert_eq!(all, each, "on {on}");
    all
}

async fn close(g: &Ground, through: &str) {
    let mut tx = g.system().await;
    ledger::close(&mut tx, day(through)).await.unwrap();
    tx.commit().await.unwrap();
    ledger::balance_closings(&g.t.app).await.unwrap();
}

async fn town() -> (Ground, Vec<AccountId>) {
    let g = Ground::new().await;
    let mut homes = Vec::new();
    for (no, org) in [("1", EAST), ("2", EAST), ("3", EAST), ("4", WEST), ("5", WEST)] {
        homes.push(g.household(no, org, "resident").await);
    }
    g.opened().await;
    (g, homes)
}

/// accepts BI-14 IN-01: late fees of everybody are those of each; a past moment's stay, whatever
/// a close keeps, and whatever is paid, charged or learned after it.
#[tokio::test]
async fn late_fees_of_everybody_are_those_of_each_before_and_after_a_close() {
    let (g, homes) = town().await;
    until(&g, "2026-12-20T04:00:00Z");
    // One pays all but the late fee, one pays that too, one pays a part.
    pay(&g, homes[1], &[("heat", 198_000)]).await;
    let mut tx = g.system().await;
    let (_, late) =
        post_late_fee(&mut tx, homes[2], g.season, day("2026-12-20")).await.unwrap().unwrap();
    tx.commit().await.unwrap();
    pay(&g, homes[2], &[("heat", 198_000), ("late", late.get())]).await;
    pay(&g, homes[3], &[("heat", 98_000)]).await;
    let (owing, ..) = is_the_sum_of_each(&g, &homes, "2026-12-25").await;
    assert_eq!(owing, 4);
    let then = AsOf { valid_on: day("2026-12-25"), known_at: g.t.now() };
    let before = everybody(&g, then, &Scope::all()).await;

    until(&g, "2027-01-05T04:00:00Z");
    close(&g, "2026-12-31").await;
    assert_eq!(close_late_sheets(&g.t.app).await.unwrap(), 1);
    assert_eq!(close_late_sheets(&g.t.app).await.unwrap(), 0, "kept once");
    assert_eq!(g.count("select debts from billing.late_close").await, 4, "one is done with");
    is_the_sum_of_each(&g, &homes, "2027-01-05").await;

    // Who was done with is charged more; a proof is learned of late; somebody pays.
    g.amend(area(homes[2], "100"), day("2024-10-15"), None).await;
    let patch = AccountPatch { low_income: Some(true), ..AccountPatch::default() };
    let proof = Change::Account { account_id: homes[0], patch };
    g.amend(proof, day("2026-12-01"), Some(day("2026-12-11"))).await;
    g.follow_facts().await;
    g.t.advance(TimeDelta::days(1));
    pay(&g, homes[3], &[("heat", 50_000)]).await;
    for on in ["2027-01-06", "2027-03-01"] {
        let (owing, ..) = is_the_sum_of_each(&g, &homes, on).await;
        assert_eq!(owing, 5, "{on}");
    }
    assert_eq!(everybody(&g, then, &Scope::all()).await, before, "the past stays");
    let west = Scope { paths: vec!["/hq/west/".to_owned()], own: None };
    let now = AsOf { valid_on: day("2027-03-01"), known_at: g.t.now() };
    assert_eq!(total(&everybody(&g, now, &west).await).0, 2);
}
