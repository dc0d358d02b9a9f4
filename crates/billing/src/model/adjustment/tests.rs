//! A small book of one item, on which any sequence of adjustments is tried.

use super::*;
use proptest::prelude::*;
use strum::VariantArray as _;

fn wanted(kind: AdjustmentKind, fen: i64, why: Option<RefundReason>, item: &str) -> NewAdjustment {
    NewAdjustment {
        kind,
        account_id: uuid::Uuid::nil().into(),
        season_id: Some(uuid::Uuid::nil().into()),
        item: item.to_owned(),
        amount_fen: Fen::new(fen),
        reason_class: why,
        reason: "测试".to_owned(),
    }
}

#[derive(Debug, Default)]
struct Book {
    owed: i64,
    advance: i64,
    bad_debt: i64,
    payable: i64,
    house: i64,
    refunded: i64,
}

impl Book {
    fn standing(&self) -> ItemStanding {
        ItemStanding {
            owed: Fen::new(self.owed),
            written_off: Fen::new(self.bad_debt),
            advance: Fen::new(self.advance),
            refundable: Fen::new((100_000 - self.refunded).max(0)),
            season_over: true,
            segment: None,
        }
    }

    fn post(&mut self, a: &NewAdjustment) -> bool {
        let Ok(lines) = a.lines(&self.standing()) else { return false };
        for l in &lines {
            let fen = l.amount.get();
            match l.ledger {
                Ledger::Receivable => self.owed += fen,
                Ledger::Advance => self.advance -= fen,
                Ledger::BadDebt => self.bad_debt += fen,
                Ledger::RefundPayable => self.payable -= fen,
                _ => self.house += fen,
            }
        }
        if a.reason_class.is_some_and(RefundReason::from_revenue) {
            self.refunded += a.amount_fen.get();
        }
        true
    }

    fn sum(&self) -> i64 {
        self.owed - self.advance + self.bad_debt - self.payable + self.house
    }
}

fn any_adjustment() -> impl Strategy<Value = NewAdjustment> {
    let kinds = prop::sample::select(AdjustmentKind::VARIANTS.to_vec());
    let reasons = prop::option::of(prop::sample::select(RefundReason::VARIANTS.to_vec()));
    let items = prop::sample::select(vec!["heat", ADVANCE]);
    (kinds, reasons, items, -60_000_i64..60_000)
        .prop_map(|(kind, why, item, fen)| wanted(kind, fen, why, item))
}

proptest! {
    /// accepts BI-10 BI-12: whatever is adjusted in whatever order, each posting sums to
    /// nothing; nobody gets back more than he paid too much or the season earned, and what was
    /// given up can be claimed again, but no more than that.
    #[test]
    fn any_sequence_of_adjustments_keeps_the_book_balanced(
        owed in -50_000_i64..200_000, advance in 0_i64..50_000,
        steps in prop::collection::vec(any_adjustment(), 0..30),
    ) {
        let mut book = Book { owed, advance, ..Book::default() };
        let start = book.sum();
        for a in &steps {
            if let Ok(lines) = a.lines(&book.standing()) {
                prop_assert_eq!(lines.iter().map(|l| l.amount.get()).sum::<i64>(), 0);
                prop_assert!(lines.len() >= 2 && lines.iter().all(|l| l.amount != Fen::ZERO));
            }
            book.post(a);
            prop_assert_eq!(book.sum(), start);
            prop_assert!(book.bad_debt >= 0 && book.advance >= 0 && book.payable >= 0);
        }
    }

    /// No input panics, however absurd.
    #[test]
    fn no_amount_panics(fen in any::<i64>(), owed in any::<i64>(), a in any_adjustment()) {
        let a = NewAdjustment { amount_fen: Fen::new(fen), ..a };
        let s = ItemStanding {
            owed: Fen::new(owed), written_off: Fen::new(owed), refundable: Fen::new(owed),
            advance: Fen::new(owed), season_over: true, segment: None,
        };
        let _ = (a.lines(&s), a.decider(&tariff::demonstration_pack().approvals));
    }
}

/// A written-off bill leaves a right balance, and can be recovered and paid.
#[test]
fn a_written_off_debt_is_gone_and_can_come_back() {
    let mut book = Book { owed: 80_000, ..Book::default() };
    assert!(book.post(&wanted(AdjustmentKind::WriteOff, 80_000, None, "heat")));
    assert_eq!((book.owed, book.bad_debt), (0, 80_000));
    assert!(!book.post(&wanted(AdjustmentKind::Recovery, 80_001, None, "heat")));
    assert!(book.post(&wanted(AdjustmentKind::Recovery, 30_000, None, "heat")));
    assert_eq!((book.owed, book.bad_debt), (30_000, 50_000));
    let running = ItemStanding { season_over: false, ..book.standing() };
    let refused = wanted(AdjustmentKind::WriteOff, 100, None, "heat").lines(&running);
    assert_eq!(refused, Err(AdjustmentRule::SeasonRuns));
}

#[test]
fn a_refund_is_set_off_against_what_is_owed() {
    let mut book = Book { owed: 30_000, ..Book::default() };
    let cold = Some(RefundReason::Temperature);
    assert!(book.post(&wanted(AdjustmentKind::Refund, 50_000, cold, "heat")));
    assert_eq!((book.owed, book.payable), (0, 20_000));
    assert!(!book.post(&wanted(AdjustmentKind::Refund, 50_001, cold, "heat")));
}

#[test]
fn what_was_overpaid_is_carried_forward_or_paid_out_once() {
    let mut book = Book { owed: -10_000, ..Book::default() };
    assert!(book.post(&wanted(AdjustmentKind::CarryForward, 6_000, None, "heat")));
    assert_eq!((book.owed, book.advance), (-4_000, 6_000));
    let double = Some(RefundReason::DoublePayment);
    assert!(!book.post(&wanted(AdjustmentKind::Refund, 4_001, double, "heat")));
    assert!(book.post(&wanted(AdjustmentKind::Refund, 4_000, double, "heat")));
    assert!(book.post(&wanted(AdjustmentKind::Refund, 6_000, double, ADVANCE)));
    assert_eq!((book.owed, book.advance, book.payable), (0, 0, 10_000));
}

#[test]
fn the_amount_says_who_decides() {
    use AdjustmentKind::{Correction, Reduction, WriteOff};
    let rules = tariff::demonstration_pack().approvals;
    for (kind, fen, decider) in [
        (Reduction, 5_000, Decider::Nobody),
        (Correction, -5_000, Decider::Nobody),
        (Reduction, 5_001, Decider::Ordinary),
        (WriteOff, 1, Decider::Ordinary),
        (Correction, -1_000_001, Decider::Large),
        (WriteOff, 1_000_001, Decider::Large),
    ] {
        let decides = wanted(kind, fen, None, "heat").decider(&rules);
        assert_eq!(decides, Ok(decider), "{kind:?} {fen}");
    }
    let most = AdjustmentRule::AboveMost(rules.most_fen.value);
    for fen in [1_000_000_001, i64::MIN, i64::MAX] {
        assert_eq!(wanted(Correction, fen, None, "heat").decider(&rules), Err(most));
    }
}
