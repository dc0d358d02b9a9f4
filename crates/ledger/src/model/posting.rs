//! Postings: double entries to be made once.

use super::LedgerRule;
use chrono::NaiveDate;
use kernel::{AccountId, Fen, PostingId, SeasonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// One account of the book.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Ledger {
    /// What a household owes.
    Receivable,
    /// What a household has paid ahead.
    Advance,
    /// Notes and coins at a counter.
    Cash,
    /// The company's bank accounts.
    Bank,
    /// The company's WeChat account.
    Wechat,
    /// The company's Alipay account.
    Alipay,
    /// What card terminals owe us.
    Card,
    /// Cheques that are not cleared yet.
    Cheque,
    /// What was earned.
    Revenue,
    /// Money whose owner is not known yet.
    Suspense,
    /// Fen lost and gained in rounding.
    Rounding,
    /// Arrears that were given up.
    BadDebt,
    /// What we must give back and have not yet.
    RefundPayable,
    /// What was let off.
    Discount,
    /// What we owe to those who repair for us; what they owe us when it is positive.
    Payable,
    /// What their work costs.
    Expense,
}

impl Ledger {
    /// Whether a line here belongs to a household.
    pub fn is_customers(self) -> bool {
        matches!(self, Self::Receivable | Self::Advance)
    }

    /// Whether a line here may name a household.
    pub fn may_name_customer(self) -> bool {
        self.is_customers() || self == Self::RefundPayable
    }

    /// Whether this is money itself.
    pub fn is_money(self) -> bool {
        use Ledger::{Alipay, Bank, Card, Cash, Cheque, Wechat};
        matches!(self, Cash | Bank | Wechat | Alipay | Card | Cheque)
    }
}

/// What reports group by, as it was when posted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, ToSchema)]
pub struct Segment {
    /// The station or other organisation.
    pub org_path: String,
    /// Class of user, such as `resident`.
    pub user_class: String,
    /// How it is charged: `area`, `two_part`, `metered`.
    pub charge_type: String,
}

/// A [`Segment`]'s number in the book.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct SegmentId(pub i32);

/// One line of a posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it is booked.
    pub ledger: Ledger,
    /// The household, on receivable and advance.
    pub account_id: Option<AccountId>,
    /// The season that it is for.
    pub season_id: Option<SeasonId>,
    /// Whose figure it is in reports; a household's line without one gets that of the charge
    /// that it touches, or of the household as it is now.
    pub segment_id: Option<SegmentId>,
    /// What for, such as `heat` or `late`.
    pub item: String,
    /// Debit positive, credit negative.
    pub amount: Fen,
}

impl Line {
    /// A line of the house's own: money, revenue and the like.
    pub fn house(ledger: Ledger, item: &str, amount: Fen) -> Self {
        let item = item.to_owned();
        Self { ledger, account_id: None, season_id: None, segment_id: None, item, amount }
    }

    /// A household's line.
    pub fn customer(ledger: Ledger, account: AccountId, item: &str, amount: Fen) -> Self {
        Self { account_id: Some(account), ..Self::house(ledger, item, amount) }
    }

    /// The same for a season.
    #[must_use]
    pub fn of_season(self, season: impl Into<Option<SeasonId>>) -> Self {
        Self { season_id: season.into(), ..self }
    }

    /// The same in a segment.
    #[must_use]
    pub fn in_segment(self, segment: impl Into<Option<SegmentId>>) -> Self {
        Self { segment_id: segment.into(), ..self }
    }
}

/// One entry into the book, to be made once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Posting {
    /// Which sort of thing caused it, such as `season_bill` or `wechat`.
    pub source: String,
    /// Which one; the pair posts once.
    pub source_id: String,
    /// The posting that this one corrects.
    pub corrects_id: Option<PostingId>,
    /// For people.
    pub memo: String,
    /// The way by which money came or went, such as `counter`; nothing when none moved.
    pub channel: Option<String>,
    /// The day for which it counts; when we learned of it is the transaction's time.
    pub valid_on: NaiveDate,
    /// Two to [`MOST_LINES`], summing to nothing.
    pub lines: Vec<Line>,
}

impl Posting {
    /// Whether `again` says the same; what it leaves open is taken as it was booked.
    pub(crate) fn says_the_same(&self, again: &Self) -> bool {
        let line = |(booked, l): (&Line, &Line)| {
            let segment_id = l.segment_id.or(booked.segment_id);
            *booked == Line { segment_id, ..l.clone() }
        };
        let heads = Self { lines: Vec::new(), ..self.clone() }
            == Self { lines: Vec::new(), ..again.clone() };
        heads
            && self.lines.len() == again.lines.len()
            && self.lines.iter().zip(&again.lines).all(line)
    }

    /// Refuses what is no double entry.
    pub fn check(&self) -> Result<(), LedgerRule> {
        if self.source.is_empty() || self.source_id.is_empty() {
            return Err(LedgerRule::SourceMissing);
        }
        let many = self.lines.len();
        if !(2..=MOST_LINES).contains(&many) {
            return Err(LedgerRule::LineCount(many));
        }
        if self.lines.iter().any(|l| l.amount == Fen::ZERO) {
            return Err(LedgerRule::ZeroLine);
        }
        if self.lines.iter().any(|l| l.ledger.is_customers() && l.account_id.is_none()) {
            return Err(LedgerRule::CustomerMissing);
        }
        if self.lines.iter().any(|l| !l.ledger.may_name_customer() && l.account_id.is_some()) {
            return Err(LedgerRule::CustomerMisplaced);
        }
        if self.lines.iter().any(|l| l.amount.get().unsigned_abs() > MOST_FEN) {
            return Err(LedgerRule::TooMuch);
        }
        match sum(self.lines.iter().map(|l| l.amount)) {
            Some(Fen::ZERO) => Ok(()),
            Some(by) => Err(LedgerRule::Unbalanced(by)),
            None => Err(LedgerRule::TooMuch),
        }
    }
}

/// The most lines that one posting may have.
pub const MOST_LINES: usize = 10_000;

/// The most that one line may say, in fen: more than any company charges, and so little that the
/// sums of a report over a million such lines are numbers still.
pub const MOST_FEN: u64 = 9_000_000_000_000;

/// The sum, unless it overflows on the way.
pub fn sum(amounts: impl IntoIterator<Item = Fen>) -> Option<Fen> {
    amounts.into_iter().try_fold(Fen::ZERO, Fen::checked_add)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(ledger: Ledger, fen: i64) -> Line {
        let account_id = ledger.is_customers().then(|| uuid::Uuid::nil().into());
        Line { account_id, ..Line::house(ledger, "heat", Fen::new(fen)) }
    }

    fn posting(lines: Vec<Line>) -> Posting {
        Posting {
            source: "test".into(),
            source_id: "1".into(),
            corrects_id: None,
            memo: String::new(),
            channel: None,
            valid_on: "2026-11-22".parse().unwrap(),
            lines,
        }
    }

    #[test]
    fn what_is_no_double_entry_is_refused() {
        use Ledger::{Cash, Receivable, Revenue};
        let missing = Line { account_id: None, ..line(Receivable, 5) };
        let misplaced = Line { ledger: Cash, ..line(Receivable, 5) };
        for (lines, rule) in [
            (vec![], LedgerRule::LineCount(0)),
            (vec![line(Cash, 5)], LedgerRule::LineCount(1)),
            (vec![line(Cash, 0), line(Revenue, 0)], LedgerRule::ZeroLine),
            (vec![line(Cash, 5), line(Revenue, -4)], LedgerRule::Unbalanced(Fen::new(1))),
            (vec![missing, line(Revenue, -5)], LedgerRule::CustomerMissing),
            (vec![misplaced, line(Revenue, -5)], LedgerRule::CustomerMisplaced),
            (vec![line(Cash, i64::MAX), line(Cash, 1)], LedgerRule::TooMuch),
            (vec![line(Cash, i64::MAX), line(Revenue, -i64::MAX)], LedgerRule::TooMuch),
            (vec![line(Cash, i64::MIN), line(Revenue, 5)], LedgerRule::TooMuch),
        ] {
            assert_eq!(posting(lines).check(), Err(rule));
        }
        let nameless = Posting { source: String::new(), ..posting(vec![]) };
        assert_eq!(nameless.check(), Err(LedgerRule::SourceMissing));
    }

    proptest! {
        /// Whatever is booked and balanced is taken; one fen off, and it is refused.
        #[test]
        fn a_posting_is_taken_exactly_when_it_sums_to_nothing(
            amounts in prop::collection::vec(
                prop_oneof![-1_000_000_i64..0, 1_i64..1_000_000], 1..20),
            off in -2_i64..=2,
        ) {
            let total: i64 = amounts.iter().sum();
            prop_assume!(off != total);
            let mut lines: Vec<Line> =
                amounts.iter().map(|a| line(Ledger::Receivable, *a)).collect();
            lines.push(line(Ledger::Revenue, off - total));
            prop_assert_eq!(posting(lines).check().is_ok(), off == 0);
        }
    }
}
