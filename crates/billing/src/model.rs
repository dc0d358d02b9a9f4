//! Postings, and what follows from them.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Event, Fen, PostingId, Rule, SeasonId, Subject};
use serde::Serialize;
use utoipa::ToSchema;

/// One account of the book.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, strum::IntoStaticStr, strum::EnumString, strum::VariantArray,
)]
#[strum(serialize_all = "snake_case")]
pub enum Ledger {
    /// What a household owes.
    Receivable,
    /// Notes and coins at a counter.
    Cash,
    /// The company's bank accounts.
    Bank,
    /// The company's WeChat account.
    Wechat,
    /// What was earned.
    Revenue,
    /// What a household has paid ahead.
    Advance,
    /// Money whose owner is not known yet.
    Suspense,
    /// Fen lost and gained in rounding.
    Rounding,
}

impl Ledger {
    /// Whether a line here belongs to a household.
    pub fn is_customers(self) -> bool {
        matches!(self, Self::Receivable | Self::Advance)
    }
}

/// One line of a posting.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Where it is booked.
    pub ledger: Ledger,
    /// The household, on receivable and advance.
    pub account_id: Option<AccountId>,
    /// The season that it is for.
    pub season_id: Option<SeasonId>,
    /// What for, such as `heat` or `late`.
    pub item: String,
    /// Debit positive, credit negative.
    pub amount: Fen,
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
    /// The day for which it counts; when we learned of it is the transaction's time.
    pub valid_on: NaiveDate,
    /// At least two, summing to nothing.
    pub lines: Vec<Line>,
}

impl Posting {
    /// Refuses what is no double entry.
    pub fn check(&self) -> Result<(), BillingRule> {
        if self.source.is_empty() || self.source_id.is_empty() {
            return Err(BillingRule::SourceMissing);
        }
        let many = self.lines.len();
        if !(2..=MOST_LINES).contains(&many) {
            return Err(BillingRule::LineCount(many));
        }
        if self.lines.iter().any(|l| l.amount == Fen::ZERO) {
            return Err(BillingRule::ZeroLine);
        }
        if self.lines.iter().any(|l| l.ledger.is_customers() && l.account_id.is_none()) {
            return Err(BillingRule::CustomerMissing);
        }
        match sum(self.lines.iter().map(|l| l.amount)) {
            Some(Fen::ZERO) => Ok(()),
            Some(by) => Err(BillingRule::Unbalanced(by)),
            None => Err(BillingRule::TooMuch),
        }
    }
}

/// The most lines that one posting may have.
pub const MOST_LINES: usize = 10_000;

/// The sum, unless it overflows on the way.
pub fn sum(amounts: impl IntoIterator<Item = Fen>) -> Option<Fen> {
    amounts.into_iter().try_fold(Fen::ZERO, Fen::checked_add)
}

/// A heating season.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Season {
    /// The season.
    pub id: SeasonId,
    /// As people say it: `2026-2027`.
    pub code: String,
    /// First instant of heating.
    pub starts_at: DateTime<Utc>,
    /// First instant after it.
    pub ends_at: DateTime<Utc>,
}

/// What one household owes and paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Balance {
    /// Owed over all seasons that are not paid in full, in fen.
    pub arrears_fen: Fen,
    /// Paid ahead or too much, in fen.
    pub credit_fen: Fen,
    /// Each season, newest first.
    pub by_season: Vec<SeasonBalance>,
    /// The last payments, newest first.
    pub last_payments: Vec<Payment>,
}

/// What one household owes and paid for one season.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct SeasonBalance {
    /// The season's code; empty for what belongs to none.
    pub season: String,
    /// Charges less their corrections, in fen.
    pub charged_fen: Fen,
    /// Payments less their corrections, in fen.
    pub paid_fen: Fen,
    /// What is left, in fen; negative when too much was paid.
    pub owed_fen: Fen,
}

/// Money that came in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Payment {
    /// When it was booked.
    pub at: DateTime<Utc>,
    /// How much, in fen; negative when it was given back.
    pub amount_fen: Fen,
    /// `cash`, `bank` or `wechat`.
    pub ledger: String,
    /// For people.
    pub memo: String,
}

/// Why the book refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BillingRule {
    /// Nothing says what caused it.
    SourceMissing,
    /// Too few lines for a double entry, or too many for one.
    LineCount(usize),
    /// A line without money.
    ZeroLine,
    /// A household's line without a household.
    CustomerMissing,
    /// The lines do not sum to nothing.
    Unbalanced(Fen),
    /// More money than there is.
    TooMuch,
    /// The same cause was posted with other content.
    SourceTaken,
    /// A season with that code exists, or it ends before it starts.
    SeasonInvalid,
}

impl Rule for BillingRule {
    fn code(&self) -> &'static str {
        match self {
            Self::SourceMissing => "billing.source_missing",
            Self::LineCount(_) => "billing.line_count",
            Self::ZeroLine => "billing.zero_line",
            Self::CustomerMissing => "billing.customer_missing",
            Self::Unbalanced(_) => "billing.unbalanced",
            Self::TooMuch => "billing.too_much",
            Self::SourceTaken => "billing.source_taken",
            Self::SeasonInvalid => "billing.season_invalid",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::SourceMissing => "分录缺少来源".to_owned(),
            Self::LineCount(n) => format!("一笔分录应有 2 至 {MOST_LINES} 行，现有 {n} 行"),
            Self::ZeroLine => "分录行金额不能为零".to_owned(),
            Self::CustomerMissing => "应收和预收必须指明用户".to_owned(),
            Self::Unbalanced(by) => format!("借贷不平，相差 {by} 元"),
            Self::TooMuch => "金额超出范围".to_owned(),
            Self::SourceTaken => "同一来源已记账，且内容不同".to_owned(),
            Self::SeasonInvalid => "采暖季重复或起止时间有误".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::SourceMissing => "A posting needs its cause".to_owned(),
            Self::LineCount(n) => format!("A posting has 2 to {MOST_LINES} lines, not {n}"),
            Self::ZeroLine => "A line must carry money".to_owned(),
            Self::CustomerMissing => "Receivable and advance need a household".to_owned(),
            Self::Unbalanced(by) => format!("Debits and credits differ by {by} yuan"),
            Self::TooMuch => "The amount is out of range".to_owned(),
            Self::SourceTaken => "The same cause was posted with other content".to_owned(),
            Self::SeasonInvalid => "The season exists already, or ends before it starts".to_owned(),
        }
    }
}

/// Something was written to the book.
#[derive(Debug, Serialize)]
pub struct Posted {
    /// The posting.
    pub posting_id: PostingId,
    /// What caused it.
    pub source: String,
    /// Which one.
    pub source_id: String,
    /// The posting that it corrects.
    pub corrects_id: Option<PostingId>,
    /// The households that it touches.
    pub accounts: Vec<AccountId>,
    #[serde(skip)]
    pub(crate) org_path: String,
}

impl Event for Posted {
    fn kind(&self) -> &'static str {
        "billing.posted"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "posting", id: *self.posting_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// The lowest organisation that has all of these below it.
pub(crate) fn common_org(paths: &[String]) -> String {
    let Some((first, rest)) = paths.split_first() else { return "/".to_owned() };
    let shared = |a: &str, b: &str| a.bytes().zip(b.bytes()).take_while(|(x, y)| x == y).count();
    let len = rest.iter().map(|p| shared(first, p)).min().unwrap_or(first.len());
    let end = first.get(..len).and_then(|s| s.rfind('/')).map_or(0, |i| i + 1);
    first.get(..end).unwrap_or("/").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(ledger: Ledger, fen: i64) -> Line {
        let account_id = ledger.is_customers().then(|| uuid::Uuid::nil().into());
        Line { ledger, account_id, season_id: None, item: "heat".into(), amount: Fen::new(fen) }
    }

    fn posting(lines: Vec<Line>) -> Posting {
        Posting {
            source: "test".into(),
            source_id: "1".into(),
            corrects_id: None,
            memo: String::new(),
            valid_on: "2026-11-22".parse().unwrap(),
            lines,
        }
    }

    #[test]
    fn what_is_no_double_entry_is_refused() {
        use Ledger::{Cash, Receivable, Revenue};
        let missing = Line { account_id: None, ..line(Receivable, 5) };
        for (lines, rule) in [
            (vec![], BillingRule::LineCount(0)),
            (vec![line(Cash, 5)], BillingRule::LineCount(1)),
            (vec![line(Cash, 0), line(Revenue, 0)], BillingRule::ZeroLine),
            (vec![line(Cash, 5), line(Revenue, -4)], BillingRule::Unbalanced(Fen::new(1))),
            (vec![missing, line(Revenue, -5)], BillingRule::CustomerMissing),
            (vec![line(Cash, i64::MAX), line(Cash, 1)], BillingRule::TooMuch),
        ] {
            assert_eq!(posting(lines).check(), Err(rule));
        }
        let nameless = Posting { source: String::new(), ..posting(vec![]) };
        assert_eq!(nameless.check(), Err(BillingRule::SourceMissing));
    }

    #[test]
    fn the_common_organisation_ends_at_a_whole_name() {
        for (paths, common) in [
            (&["/hq/east/s1/", "/hq/east/s2/"][..], "/hq/east/"),
            (&["/hq/east/s1/", "/hq/east/s1/"], "/hq/east/s1/"),
            (&["/hq/east/s1/", "/hq/west/s9/"], "/hq/"),
            (&["/hq/east/s1/"], "/hq/east/s1/"),
            (&[], "/"),
        ] {
            let paths: Vec<String> = paths.iter().map(|p| (*p).to_owned()).collect();
            assert_eq!(common_org(&paths), common);
        }
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
