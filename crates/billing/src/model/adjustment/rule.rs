//! Why an adjustment is refused.

use kernel::{Fen, Rule};

/// Why an adjustment is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdjustmentRule {
    /// An amount that cannot be meant.
    Amount,
    /// More than so much is not there to be adjusted.
    AtMost(Fen),
    /// More money than there is.
    TooMuch,
    /// More than the rules allow at once.
    AboveMost(Fen),
    /// More of a late fee than his role may let off.
    WaiverLimit(Fen),
    /// Nothing comes out of what is claimed.
    NothingClaimed,
    /// A refund says why by class, and nothing else does.
    ReasonClass,
    /// Money paid ahead is refunded, and nothing else is done with it here.
    AdvanceOnlyRefunded,
    /// The season is not over: it is collected, not given up.
    SeasonRuns,
    /// It was decided already.
    Decided,
    /// Who proposed it does not decide.
    SecondPerson,
}

impl Rule for AdjustmentRule {
    fn code(&self) -> &'static str {
        match self {
            Self::Amount => "billing.adjustment_amount",
            Self::AtMost(_) => "billing.adjustment_at_most",
            Self::TooMuch => "billing.adjustment_too_much",
            Self::AboveMost(_) => "billing.adjustment_above_most",
            Self::WaiverLimit(_) => "billing.waiver_limit",
            Self::NothingClaimed => "billing.nothing_claimed",
            Self::ReasonClass => "billing.adjustment_reason_class",
            Self::AdvanceOnlyRefunded => "billing.advance_only_refunded",
            Self::SeasonRuns => "billing.season_runs",
            Self::Decided => "billing.adjustment_decided",
            Self::SecondPerson => "billing.adjustment_second_person",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::Amount => "金额须大于零；只有更正可以为负".to_owned(),
            Self::AtMost(limit) => format!("最多可调整 {limit} 元"),
            Self::TooMuch => "金额超出范围".to_owned(),
            Self::AboveMost(most) => format!("单笔调整不得超过 {most} 元"),
            Self::WaiverLimit(most) => {
                format!("按规则包，您的岗位最多可减免滞纳金 {most} 元，请上级审批")
            }
            Self::NothingClaimed => "按规则包计算，应退金额为零".to_owned(),
            Self::ReasonClass => "退费须选择原因类别，其他调整不需要".to_owned(),
            Self::AdvanceOnlyRefunded => "预存款只能按多收退费处理".to_owned(),
            Self::SeasonRuns => "采暖季尚未结束，不能核销坏账".to_owned(),
            Self::Decided => "该调整已处理".to_owned(),
            Self::SecondPerson => "提出人不能审批自己的调整".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Amount => {
                "More than nothing; only a correction may be less than nothing".to_owned()
            }
            Self::AtMost(limit) => format!("At most {limit} yuan can be adjusted"),
            Self::TooMuch => "The amount is out of range".to_owned(),
            Self::AboveMost(most) => format!("One adjustment is at most {most} yuan"),
            Self::WaiverLimit(most) => {
                format!("By the rules your role lets off at most {most} yuan of late fees")
            }
            Self::NothingClaimed => "By the rules nothing is to be given back".to_owned(),
            Self::ReasonClass => {
                "A refund needs a class of reason; nothing else has one".to_owned()
            }
            Self::AdvanceOnlyRefunded => {
                "Money paid ahead can only be refunded as paid too much".to_owned()
            }
            Self::SeasonRuns => "The season is not over; its debts are not written off".to_owned(),
            Self::Decided => "It was decided already".to_owned(),
            Self::SecondPerson => "Who proposed it does not decide on it".to_owned(),
        }
    }
}
