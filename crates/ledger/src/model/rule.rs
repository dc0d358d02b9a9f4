//! Why the book refuses.

use super::MOST_LINES;
use chrono::NaiveDate;
use kernel::{Fen, Rule};

/// Why the book refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LedgerRule {
    /// Nothing says what caused it.
    SourceMissing,
    /// Too few lines for a double entry, or too many for one.
    LineCount(usize),
    /// A line without money.
    ZeroLine,
    /// A household's line without a household.
    CustomerMissing,
    /// A household on a line of the house's own.
    CustomerMisplaced,
    /// The lines do not sum to nothing.
    Unbalanced(Fen),
    /// More money than there is.
    TooMuch,
    /// The same cause was posted with other content.
    SourceTaken,
    /// A season with that code exists, or it ends before it starts.
    SeasonInvalid,
    /// Nothing more is written for days up to this one.
    PeriodClosed(NaiveDate),
    /// A period is closed with a month's last day, after the last close and before today.
    PeriodInvalid,
    /// Somebody posts something long; try again.
    Busy,
}

impl Rule for LedgerRule {
    fn code(&self) -> &'static str {
        match self {
            Self::SourceMissing => "ledger.source_missing",
            Self::LineCount(_) => "ledger.line_count",
            Self::ZeroLine => "ledger.zero_line",
            Self::CustomerMissing => "ledger.customer_missing",
            Self::CustomerMisplaced => "ledger.customer_misplaced",
            Self::Unbalanced(_) => "ledger.unbalanced",
            Self::TooMuch => "ledger.too_much",
            Self::SourceTaken => "ledger.source_taken",
            Self::SeasonInvalid => "ledger.season_invalid",
            Self::PeriodClosed(_) => "ledger.period_closed",
            Self::PeriodInvalid => "ledger.period_invalid",
            Self::Busy => "ledger.busy",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::SourceMissing => "分录缺少来源".to_owned(),
            Self::LineCount(n) => format!("一笔分录应有 2 至 {MOST_LINES} 行，现有 {n} 行"),
            Self::ZeroLine => "分录行金额不能为零".to_owned(),
            Self::CustomerMissing => "应收和预收必须指明用户".to_owned(),
            Self::CustomerMisplaced => "现金、收入等科目不能指明用户".to_owned(),
            Self::Unbalanced(by) => format!("借贷不平，相差 {by} 元"),
            Self::TooMuch => "金额超出范围".to_owned(),
            Self::SourceTaken => "同一来源已记账，且内容不同".to_owned(),
            Self::SeasonInvalid => "采暖季重复、名称或起止时间有误".to_owned(),
            Self::PeriodClosed(day) => format!("{day} 及以前已结账，更正请记入未结账期间"),
            Self::PeriodInvalid => "结账日应为月末，晚于上次结账日且早于今天".to_owned(),
            Self::Busy => "账簿正在写入，请稍后再结账".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::SourceMissing => "A posting needs its cause".to_owned(),
            Self::LineCount(n) => format!("A posting has 2 to {MOST_LINES} lines, not {n}"),
            Self::ZeroLine => "A line must carry money".to_owned(),
            Self::CustomerMissing => "Receivable and advance need a household".to_owned(),
            Self::CustomerMisplaced => {
                "Only receivable, advance and refunds name a household".to_owned()
            }
            Self::Unbalanced(by) => format!("Debits and credits differ by {by} yuan"),
            Self::TooMuch => "The amount is out of range".to_owned(),
            Self::SourceTaken => "The same cause was posted with other content".to_owned(),
            Self::SeasonInvalid => {
                "The season exists already, ends before it starts, or has an odd name".to_owned()
            }
            Self::PeriodClosed(day) => {
                format!("The book is closed up to {day}; corrections go to the open period")
            }
            Self::PeriodInvalid => {
                "A close ends with a month, after the last close and before today".to_owned()
            }
            Self::Busy => "The book is being written; close it a little later".to_owned(),
        }
    }
}
