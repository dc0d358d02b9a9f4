//! Adjustments and holds over the real book.

use super::ground::{Ground, day};
use crate::permissions::{ADJUST, DECIDE, DECIDE_LARGE, HOLD, RELEASE, VIEW};
use crate::{
    Adjustment, AdjustmentKind as Kind, AdjustmentState as State, HoldKind, HoldReason,
    NewAdjustment, Paying, PlaceHold, RefundReason, approve_adjustment, forbids, holds, list_holds,
    place_hold, propose_adjustment, refuse_adjustment, release_hold,
};
use chrono::TimeDelta;
use kernel::{AccountId, Actor, AdjustmentId, Fen, Permission, Result};
use ledger::{Ledger, Line, Posting};
use testing::{actor, nobody};

struct Book {
    g: Ground,
    home: AccountId,
    clerk: Actor,
    boss: Actor,
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().problem().code
}

impl Book {
    /// One household that owes 1,980 yuan for the season.
    async fn new() -> Self {
        let g = Ground::new().await;
        let home = g.household("1001", "/hq/east/s1/", "resident").await;
        g.opened().await;
        let post = ledger::permissions::POST;
        let somebody = |keys: &[Permission]| actor(nobody(), keys, "/hq/");
        let clerk = somebody(&[VIEW, ADJUST, post]);
        let boss = somebody(&[VIEW, DECIDE, post]);
        Self { g, home, clerk, boss }
    }

    fn wanted(&self, kind: Kind, fen: i64, why: Option<RefundReason>) -> NewAdjustment {
        NewAdjustment {
            kind,
            account_id: self.home,
            season_id: Some(self.g.season),
            item: "heat".to_owned(),
            amount_fen: Fen::new(fen),
            reason_class: why,
            reason: "测试".to_owned(),
        }
    }

    async fn propose(&self, a: NewAdjustment) -> Result<Adjustment> {
        let mut tx = self.g.t.tx(&self.clerk).await;
        let done = propose_adjustment(&mut tx, a).await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn approve(&self, by: &Actor, id: AdjustmentId) -> Result<Adjustment> {
        let mut tx = self.g.t.tx(by).await;
        let done = approve_adjustment(&mut tx, id, "").await?;
        tx.commit().await?;
        Ok(done)
    }

    async fn through(&self, kind: Kind, fen: i64, why: Option<RefundReason>) -> Result<Adjustment> {
        let proposed = self.propose(self.wanted(kind, fen, why)).await?;
        self.approve(&self.boss, proposed.id).await
    }

    async fn pay(&self, fen: i64) {
        let mut tx = self.g.system().await;
        let paid = Fen::new(fen);
        let owed = Fen::new(-fen);
        let posting = Posting {
            source: "test".to_owned(),
            source_id: format!("{fen}"),
            corrects_id: None,
            memo: "现金".to_owned(),
            channel: Some("counter".to_owned()),
            valid_on: day("2026-11-22"),
            lines: vec![
                Line::house(Ledger::Cash, "heat", paid),
                Line::customer(Ledger::Receivable, self.home, "heat", owed)
                    .of_season(self.g.season),
            ],
        };
        ledger::post(&mut tx, posting).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn on(&self, ledger: &str) -> i64 {
        let sql = format!(
            "select coalesce(sum(amount_fen), 0)::bigint from ledger.entry
             where ledger = '{ledger}'"
        );
        self.g.count(&sql).await
    }
}

/// accepts BI-10: a small reduction is posted at once; a larger one waits for a second person
/// with the key for its size, and is never more than what is owed.
#[tokio::test]
async fn a_reduction_is_decided_by_its_size() {
    let b = Book::new().await;
    let small = b.propose(b.wanted(Kind::Reduction, 5_000, None)).await.unwrap();
    assert_eq!(small.state, State::Posted);
    assert_eq!(b.g.owed(b.home).await, 193_000);
    let larger = b.propose(b.wanted(Kind::Reduction, 30_000, None)).await.unwrap();
    assert_eq!((larger.state, b.g.owed(b.home).await), (State::Proposed, 193_000));
    assert_eq!(code(b.approve(&b.clerk, larger.id).await), "forbidden");
    let mut own = b.boss.clone();
    own.user = b.clerk.user;
    assert_eq!(code(b.approve(&own, larger.id).await), "billing.adjustment_second_person");
    assert_eq!(b.approve(&b.boss, larger.id).await.unwrap().state, State::Posted);
    assert_eq!(code(b.approve(&b.boss, larger.id).await), "billing.adjustment_decided");
    assert_eq!((b.g.owed(b.home).await, b.on("discount").await), (163_000, 35_000));
    let over = b.propose(b.wanted(Kind::Reduction, 163_001, None)).await;
    assert_eq!(code(over), "billing.adjustment_at_most");
    let huge = b.propose(b.wanted(Kind::Correction, 2_000_000, None)).await.unwrap();
    assert_eq!(code(b.approve(&b.boss, huge.id).await), "forbidden");
    let head = [VIEW, DECIDE, DECIDE_LARGE, ledger::permissions::POST];
    let head = actor(nobody(), &head, "/hq/");
    let mut tx = b.g.t.tx(&head).await;
    assert_eq!(refuse_adjustment(&mut tx, huge.id, "不合规").await.unwrap().state, State::Refused);
}

/// Two proposals on one overpayment: the second one, approved later, finds nothing left.
#[tokio::test]
async fn what_is_left_is_asked_again_when_it_is_posted() {
    let b = Book::new().await;
    b.pay(200_000).await;
    let carry = b.propose(b.wanted(Kind::CarryForward, 2_000, None)).await.unwrap();
    let double = Some(RefundReason::DoublePayment);
    let refund = b.propose(b.wanted(Kind::Refund, 2_000, double)).await.unwrap();
    b.approve(&b.boss, carry.id).await.unwrap();
    assert_eq!(code(b.approve(&b.boss, refund.id).await), "billing.adjustment_at_most");
    assert_eq!((b.g.owed(b.home).await, b.on("advance").await), (0, -2_000));
    assert_eq!(b.on("refund_payable").await, 0);
}

/// accepts BI-12: what was overpaid is carried on as an advance, with a second person.
#[tokio::test]
async fn what_was_overpaid_is_carried_forward() {
    let b = Book::new().await;
    b.pay(208_000).await;
    b.through(Kind::CarryForward, 10_000, None).await.unwrap();
    assert_eq!((b.g.owed(b.home).await, b.on("advance").await), (0, -10_000));
    let fees = b.g.fees(b.home).await;
    assert_eq!((fees.owed_fen.get(), fees.advance_fen.get()), (0, 10_000));
}

/// An old debt is given up only when its season is over; the balance is right
/// then, and it can be claimed again and paid.
#[tokio::test]
async fn an_old_debt_is_written_off_and_recovered() {
    let b = Book::new().await;
    let early = b.propose(b.wanted(Kind::WriteOff, 198_000, None)).await;
    assert_eq!(code(early), "billing.season_runs");
    b.g.t.advance(TimeDelta::days(365));
    b.through(Kind::WriteOff, 198_000, None).await.unwrap();
    assert_eq!((b.g.owed(b.home).await, b.on("bad_debt").await), (0, 198_000));
    assert_eq!(b.g.fees(b.home).await.owed_fen, Fen::ZERO);
    assert_eq!(code(b.through(Kind::Recovery, 198_001, None).await), "billing.adjustment_at_most");
    b.through(Kind::Recovery, 98_000, None).await.unwrap();
    assert_eq!((b.g.owed(b.home).await, b.on("bad_debt").await), (98_000, 100_000));
}

/// A refund says why by class, is set off against what is owed, and is not more than the season.
#[tokio::test]
async fn a_refund_is_payable_only_beyond_what_is_owed() {
    let b = Book::new().await;
    b.pay(178_000).await;
    b.through(Kind::Refund, 50_000, Some(RefundReason::Temperature)).await.unwrap();
    assert_eq!((b.g.owed(b.home).await, b.on("refund_payable").await), (0, -30_000));
    let more = b.propose(b.wanted(Kind::Refund, 148_001, Some(RefundReason::Outage))).await;
    assert_eq!(code(more), "billing.adjustment_at_most");
    let classless = b.propose(b.wanted(Kind::Refund, 100, None)).await;
    assert_eq!(code(classless), "billing.adjustment_reason_class");
    for fen in [0, -5, i64::MIN, i64::MAX] {
        let absurd = b.propose(b.wanted(Kind::Refund, fen, Some(RefundReason::Policy))).await;
        assert!(code(absurd).starts_with("billing.adjustment_"), "{fen}");
    }
    assert_eq!(b.g.count("select coalesce(sum(amount_fen), 0)::bigint from ledger.entry").await, 0);
}

/// accepts XB-08: a hold binds from its first to its last day or until it is released, says its
/// words, and leaves a trace of who placed and released it.
#[tokio::test]
async fn a_hold_binds_until_it_ends_or_is_released() {
    let b = Book::new().await;
    let keeper = actor(nobody(), &[VIEW, HOLD, RELEASE], "/hq/east/");
    let new = |kind, until: Option<&str>| PlaceHold {
        account_id: b.home,
        kind,
        reason_class: HoldReason::Dispute,
        reason: "用户对面积有异议".to_owned(),
        words: "面积复核中，本季费用暂缓缴纳".to_owned(),
        from_on: None,
        until_on: until.map(day),
    };
    let mut tx = b.g.t.tx(&keeper).await;
    let backwards = place_hold(&mut tx, new(HoldKind::Warn, Some("2026-11-21"))).await;
    assert_eq!(code(backwards), "billing.hold_backwards");
    let short = place_hold(&mut tx, new(HoldKind::Warn, Some("2026-11-24"))).await.unwrap();
    let long = place_hold(&mut tx, new(HoldKind::BlockCurrent, None)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = b.g.system().await;
    for (on, bound) in [("2026-11-21", 0), ("2026-11-22", 2), ("2026-11-24", 2), ("2026-11-25", 1)]
    {
        assert_eq!(holds(&mut tx, &[b.home], day(on)).await.unwrap().len(), bound, "{on}");
    }
    let now = holds(&mut tx, &[b.home], day("2026-11-22")).await.unwrap();
    assert_eq!(forbids(&now, Paying::Current).unwrap().words, "面积复核中，本季费用暂缓缴纳");
    assert!(forbids(&now, Paying::Arrears).is_none());
    let mut tx = b.g.t.tx(&keeper).await;
    assert_eq!(code(release_hold(&mut tx, long.id, " ").await), "invalid");
    let gone = release_hold(&mut tx, long.id, "已复核").await.unwrap();
    assert_eq!(gone.release_reason.as_deref(), Some("已复核"));
    assert_eq!(code(release_hold(&mut tx, long.id, "再次").await), "billing.hold_released");
    tx.commit().await.unwrap();
    let mut tx = b.g.t.tx(&keeper).await;
    let left = list_holds(&mut tx, Some(b.home), true, None, None).await.unwrap().items;
    assert_eq!(left.iter().map(|h| h.id).collect::<Vec<_>>(), [short.id]);
    let west = actor(nobody(), &[VIEW, HOLD], "/hq/west/");
    let mut tx = b.g.t.tx(&west).await;
    assert_eq!(code(place_hold(&mut tx, new(HoldKind::Warn, None)).await), "not_found");
}
