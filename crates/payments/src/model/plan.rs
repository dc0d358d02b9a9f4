//! Which debts a payment pays: the pack's order, turned into lines of the book.

use super::{PaymentRule, QuotedItem};
use chrono::{DateTime, Utc};
use kernel::{AccountId, Fen, Result, SeasonId, clock::local_date};
use ledger::{Ledger, Line, SegmentId};
use std::str::FromStr as _;
use tariff::{Bucket, Item, OpenKind, Pack};

/// A late fee reckoned for today, not in the book yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accrued {
    /// The account.
    pub account_id: AccountId,
    /// The season whose debt grew.
    pub season_id: Option<SeasonId>,
    /// Its code.
    pub season: String,
    /// The year in which it begins.
    pub year: Option<i32>,
    /// Whose figure it is in reports.
    pub segment_id: Option<SegmentId>,
    /// How much.
    pub amount: Fen,
}

/// How one account stands when money comes for it.
#[derive(Clone, Debug)]
pub struct Standing {
    /// The account.
    pub account_id: AccountId,
    /// Its open items in the book.
    pub items: Vec<ledger::OpenItem>,
    /// Late fees of today.
    pub accrued: Vec<Accrued>,
    /// What it has paid ahead.
    pub credit: Fen,
    /// Only debts of earlier seasons may be paid.
    pub arrears_only: bool,
}

/// The rules by which money is spread.
#[derive(Clone, Copy, Debug)]
pub struct Order<'a> {
    /// The pack in force.
    pub pack: &'a Pack,
    /// The year in which the current season begins.
    pub current: i32,
}

/// What a payment writes for one account.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Spread {
    /// Customers' lines of the money's posting; with the money they sum to nothing.
    pub lines: Vec<Line>,
    /// Late fees that are booked because they are paid: both sides.
    pub late: Vec<Line>,
}

/// The ledger's word for what is paid ahead.
pub const ADVANCE: &str = "advance";

fn year(starts_at: Option<DateTime<Utc>>) -> Option<i32> {
    use chrono::Datelike as _;
    starts_at.map(|at| local_date(at).year())
}

/// Any item of the book; a name that no pack knows counts as heat.
fn item_of(name: &str) -> Item {
    Item::from_str(name).unwrap_or(Item::Heat)
}

impl Standing {
    /// Owed over all, what is paid ahead taken off.
    pub fn owed(&self) -> Option<Fen> {
        let items = self.items.iter().map(|i| i.owed_fen);
        let late = self.accrued.iter().map(|a| a.amount);
        let minus = self.credit.checked_neg()?;
        ledger::sum(items.chain(late).chain([minus]))
    }

    /// As [`tariff::apportion`] wants it: the book's items, late fees, what is paid ahead.
    fn open(&self, order: Order<'_>) -> Vec<tariff::OpenItem> {
        let item = |item, season, owed| tariff::OpenItem {
            kind: OpenKind::Charge,
            item,
            season,
            owed,
            due_on: None,
        };
        let items =
            self.items.iter().map(|i| item(item_of(&i.item), year(i.starts_at), i.owed_fen));
        let late = self.accrued.iter().map(|a| item(Item::Late, a.year, a.amount));
        let credit = tariff::OpenItem {
            kind: OpenKind::Advance,
            ..item(Item::Heat, None, self.credit.checked_neg().unwrap_or(Fen::ZERO))
        };
        let mut open: Vec<_> = items.chain(late).chain([credit]).collect();
        if self.arrears_only {
            for o in &mut open {
                let current = order.pack.bucket(o, order.current) == Bucket::Current;
                if o.kind == OpenKind::Charge && o.owed > Fen::ZERO && current {
                    o.owed = Fen::ZERO;
                }
            }
        }
        open
    }

    /// What may be paid now: debts that no hold covers, less what is paid ahead.
    pub fn payable(&self, order: Order<'_>) -> Fen {
        let open = self.open(order);
        let sum = ledger::sum(open.iter().map(|o| o.owed)).unwrap_or(Fen::ZERO);
        sum.max(Fen::ZERO)
    }

    /// The items as a cashier reads them, in the order in which they are paid.
    pub fn shown(&self, order: Order<'_>) -> Vec<QuotedItem> {
        let open = self.open(order);
        let enough = ledger::sum(open.iter().map(|o| o.owed.max(Fen::ZERO)));
        let first = enough.and_then(|all| {
            tariff::apportion(order.pack, order.current, all, &open).ok().map(|a| a.parts)
        });
        let mut place = vec![usize::MAX; open.len()];
        for (n, part) in first.unwrap_or_default().iter().enumerate() {
            if let Some(p) = place.get_mut(part.index) {
                *p = n;
            }
        }
        let book = self.items.iter().map(|i| QuotedItem {
            season_id: i.season_id,
            season: i.season.clone(),
            item: i.item.clone(),
            owed_fen: i.owed_fen,
            accrued: false,
            held: false,
        });
        let late = self.accrued.iter().map(|a| QuotedItem {
            season_id: a.season_id,
            season: a.season.clone(),
            item: <&str>::from(Item::Late).to_owned(),
            owed_fen: a.amount,
            accrued: true,
            held: false,
        });
        let mut items: Vec<_> = place
            .into_iter()
            .zip(book.chain(late))
            .zip(&open)
            .map(|((n, q), o)| (n, QuotedItem { held: o.owed != q.owed_fen, ..q }))
            .collect();
        items.sort_by_key(|(n, _)| *n);
        items.into_iter().map(|(_, q)| q).collect()
    }

    /// The lines by which `amount` pays what is owed, in the pack's order; what is over is paid
    /// ahead. Money paid ahead before is used first.
    pub fn pay(&self, order: Order<'_>, amount: Fen) -> Result<Spread> {
        if self.arrears_only && amount > self.payable(order) {
            let words = "只可缴纳往年欠费".to_owned();
            return Err(PaymentRule::Held(words).into());
        }
        let open = self.open(order);
        let spread = tariff::apportion(order.pack, order.current, amount, &open)
            .map_err(|_| PaymentRule::TooMuch)?;
        let mut done = Spread::default();
        for part in spread.parts {
            self.book(&mut done, part)?;
        }
        if spread.advance > Fen::ZERO {
            let back = spread.advance.checked_neg().ok_or(PaymentRule::TooMuch)?;
            done.lines.push(Line::customer(Ledger::Advance, self.account_id, ADVANCE, back));
        }
        Ok(done)
    }

    fn book(&self, done: &mut Spread, part: tariff::Part) -> Result<(), PaymentRule> {
        let amount = part.amount.checked_neg().ok_or(PaymentRule::TooMuch)?;
        let books = self.items.len();
        if let Some(item) = self.items.get(part.index) {
            let line = Line::customer(Ledger::Receivable, self.account_id, &item.item, amount);
            done.lines.push(line.of_season(item.season_id).in_segment(item.segment_id));
        } else if let Some(late) = part.index.checked_sub(books).and_then(|n| self.accrued.get(n)) {
            let name = <&str>::from(Item::Late);
            let owed = Line::customer(Ledger::Receivable, self.account_id, name, part.amount);
            let owed = owed.of_season(late.season_id).in_segment(late.segment_id);
            let earned = Line::house(Ledger::Revenue, name, amount);
            let earned = earned.of_season(late.season_id).in_segment(late.segment_id);
            done.lines.push(Line { amount, ..owed.clone() });
            done.late.extend([owed, earned]);
        } else {
            done.lines.push(Line::customer(Ledger::Advance, self.account_id, ADVANCE, amount));
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn item(year: i32, item: &str, owed: i64) -> ledger::OpenItem {
        ledger::OpenItem {
            account_id: Uuid::nil().into(),
            season_id: Some(Uuid::from_u128(u128::try_from(year).unwrap()).into()),
            season: format!("{year}"),
            starts_at: format!("{year}-11-01T00:00:00Z").parse().ok(),
            item: item.to_owned(),
            segment_id: None,
            owed_fen: Fen::new(owed),
        }
    }

    fn standing(items: Vec<ledger::OpenItem>, late: i64, credit: i64) -> Standing {
        let accrued = Accrued {
            account_id: Uuid::nil().into(),
            season_id: Some(Uuid::from_u128(2025).into()),
            season: "2025".to_owned(),
            year: Some(2025),
            segment_id: None,
            amount: Fen::new(late),
        };
        Standing {
            account_id: Uuid::nil().into(),
            items,
            accrued: if late > 0 { vec![accrued] } else { Vec::new() },
            credit: Fen::new(credit),
            arrears_only: false,
        }
    }

    fn pay(s: &Standing, amount: i64) -> Result<Spread> {
        let pack = tariff::demonstration_pack();
        s.pay(Order { pack: &pack, current: 2026 }, Fen::new(amount))
    }

    fn total(lines: &[Line]) -> i64 {
        lines.iter().map(|l| l.amount.get()).sum()
    }

    /// accepts PY-01 BI-04: the oldest season first; what is over is paid ahead.
    #[test]
    fn arrears_are_paid_before_the_season() {
        let s = standing(vec![item(2026, "heat", 500), item(2025, "heat", 300)], 0, 0);
        let done = pay(&s, 400).unwrap();
        let paid: Vec<_> = done.lines.iter().map(|l| l.amount.get()).collect();
        assert_eq!(paid, [-300, -100]);
        let more = pay(&s, 1_000).unwrap();
        let last = more.lines.last().unwrap();
        assert_eq!((last.ledger, last.amount.get()), (Ledger::Advance, -200));
    }

    /// accepts BI-12: what was paid ahead, or charged too much, pays open items by itself.
    #[test]
    fn credit_is_used_before_money() {
        let s = standing(vec![item(2026, "heat", 500), item(2025, "heat", -120)], 0, 80);
        let done = pay(&s, 300).unwrap();
        assert_eq!(total(&done.lines), -300);
        let of = |l: Ledger, i: &str| -> i64 {
            let mine = done.lines.iter().filter(|x| x.ledger == l && x.item == i);
            mine.map(|x| x.amount.get()).sum()
        };
        assert_eq!((of(Ledger::Advance, ADVANCE), of(Ledger::Receivable, "heat")), (80, -380));
        assert_eq!(s.owed(), Some(Fen::new(300)));
        let alone = pay(&s, 0).unwrap();
        assert_eq!(total(&alone.lines), 0);
        assert_eq!(alone.lines.len(), 3);
    }

    /// A late fee is booked as far as it is paid, both sides; the rest is reckoned anew tomorrow.
    #[test]
    fn a_late_fee_is_booked_as_far_as_it_is_paid() {
        let s = standing(vec![item(2025, "heat", 300)], 40, 0);
        let all = pay(&s, 340).unwrap();
        assert_eq!((total(&all.late), total(&all.lines)), (0, -340));
        assert_eq!(all.late.iter().filter(|l| l.amount.get() == 40).count(), 1);
        let part = pay(&s, 20).unwrap();
        assert!(part.late.iter().all(|l| l.amount.get().abs() <= 20));
    }

    /// accepts BI-30: under a hold of the season only arrears may be paid.
    #[test]
    fn a_hold_lets_arrears_through() {
        let s = Standing {
            arrears_only: true,
            ..standing(vec![item(2026, "heat", 500), item(2025, "heat", 300)], 0, 0)
        };
        let pack = tariff::demonstration_pack();
        let order = Order { pack: &pack, current: 2026 };
        assert_eq!(s.payable(order), Fen::new(300));
        assert_eq!(total(&pay(&s, 300).unwrap().lines), -300);
        let refused = pay(&s, 301).unwrap_err();
        assert_eq!(refused.problem().code, "payments.held");
        let held: Vec<_> = s.shown(order).into_iter().map(|i| (i.season, i.held)).collect();
        assert_eq!(held, [("2025".to_owned(), false), ("2026".to_owned(), true)]);
    }

    proptest! {
        /// Whatever is owed and however much is paid, no fen is lost: customers' lines sum to the
        /// money, late fees to nothing.
        #[test]
        fn no_fen_is_lost(
            owed in prop::collection::vec((2020_i32..2027, -50_000_i64..50_000), 0..8),
            late in 0_i64..5_000, credit in 0_i64..20_000, amount in 0_i64..200_000,
        ) {
            let items = owed.into_iter().filter(|(_, o)| *o != 0)
                .map(|(y, o)| item(y, "heat", o)).collect();
            let s = standing(items, late, credit);
            let done = pay(&s, amount).unwrap();
            prop_assert_eq!(total(&done.lines), -amount);
            prop_assert_eq!(total(&done.late), 0);
            prop_assert!(done.lines.iter().chain(&done.late).all(|l| l.amount != Fen::ZERO));
        }
    }
}
