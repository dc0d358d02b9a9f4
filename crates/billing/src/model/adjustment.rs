//! Adjustments: money that is owed otherwise than it was charged, each with a reason and a second
//! person. Pure: how things stand and what is wanted give the lines of a posting, or a refusal.

use chrono::{DateTime, Utc};
use kernel::{AccountId, AdjustmentId, Event, Fen, PostingId, Rule, SeasonId, Subject};
use ledger::{Ledger, Line, SegmentId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// Which sort of adjustment.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type,
    strum::IntoStaticStr, strum::VariantArray,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AdjustmentKind {
    /// Part of a debt is let off (费用核减).
    Reduction,
    /// A charge was wrong; more or less is owed (更正).
    Correction,
    /// What was overpaid is kept for the next season (多收结转).
    CarryForward,
    /// A debt is given up as bad (坏账核销).
    WriteOff,
    /// A debt that was given up is claimed again, because it can be paid (核销收回).
    Recovery,
    /// Money goes back to the customer (退费).
    Refund,
}

/// Why money goes back.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type,
    strum::IntoStaticStr, strum::VariantArray,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RefundReason {
    /// Rooms were too cold.
    Temperature,
    /// There was no heat.
    Outage,
    /// The area was wrong.
    AreaError,
    /// It was paid twice.
    DoublePayment,
    /// The meter was read or settled wrongly.
    Metering,
    /// A policy.
    Policy,
}

impl RefundReason {
    /// Whether the company gives up what it earned; otherwise the customer gets back what he
    /// paid too much.
    pub fn from_revenue(self) -> bool {
        matches!(self, Self::Temperature | Self::Outage | Self::Policy)
    }
}

/// How an adjustment stands.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema, sqlx::Type,
    strum::IntoStaticStr, strum::VariantArray,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum AdjustmentState {
    /// Somebody must decide.
    Proposed,
    /// It is in the book.
    Posted,
    /// It was refused.
    Refused,
    /// It was taken back.
    Withdrawn,
}

/// What is wanted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAdjustment {
    /// Which sort.
    pub kind: AdjustmentKind,
    /// Of which household.
    pub account_id: AccountId,
    /// For which season; none for what belongs to none.
    #[schema(required)]
    pub season_id: Option<SeasonId>,
    /// What for: `heat`, `basic`, `late` …, or `advance` for money paid ahead.
    pub item: String,
    /// How much, in fen; only a correction may be less than nothing.
    pub amount_fen: Fen,
    /// Of a refund.
    #[serde(default)]
    pub reason_class: Option<RefundReason>,
    /// Why, in words.
    pub reason: String,
}

/// How the book stands with one item of one season of a household.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ItemStanding {
    /// Owed; less than nothing when too much was paid.
    pub owed: Fen,
    /// Given up and not claimed again.
    pub written_off: Fen,
    /// Paid ahead, whatever the item.
    pub advance: Fen,
    /// What may be given back of what the season earned.
    pub refundable: Fen,
    /// Whether the season is over.
    pub season_over: bool,
    /// Whose figure it is in reports.
    pub segment: Option<SegmentId>,
}

/// The most that one person may let off alone: 50 yuan.
pub const ALONE: Fen = Fen::new(5_000);
/// The most that is decided with the ordinary key: 10,000 yuan.
pub const ORDINARY: Fen = Fen::new(1_000_000);
/// The most that is adjusted at once: ten million yuan.
pub const MOST: Fen = Fen::new(1_000_000_000);
/// Money paid ahead, as an item.
pub const ADVANCE: &str = "advance";

/// Who must decide.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decider {
    /// Nobody: it is small.
    Nobody,
    /// A second person with the ordinary key.
    Ordinary,
    /// A second person with the key for large ones.
    Large,
}

impl NewAdjustment {
    fn size(&self) -> Fen {
        self.amount_fen.max(self.amount_fen.checked_neg().unwrap_or(MOST))
    }

    /// Who must decide: only small reductions and corrections go without a second person.
    pub fn decider(&self) -> Decider {
        let small = matches!(self.kind, AdjustmentKind::Reduction | AdjustmentKind::Correction);
        match self.size() {
            size if small && size <= ALONE => Decider::Nobody,
            size if size <= ORDINARY => Decider::Ordinary,
            _ => Decider::Large,
        }
    }

    /// Refuses what cannot be meant, however things stand.
    pub fn check(&self) -> Result<(), AdjustmentRule> {
        let positive = self.amount_fen > Fen::ZERO;
        let correction = self.kind == AdjustmentKind::Correction;
        if self.amount_fen == Fen::ZERO || !(positive || correction) {
            return Err(AdjustmentRule::Amount);
        }
        if self.size() > MOST {
            return Err(AdjustmentRule::TooMuch);
        }
        if (self.kind == AdjustmentKind::Refund) != self.reason_class.is_some() {
            return Err(AdjustmentRule::ReasonClass);
        }
        let overpaid = self.reason_class.is_some_and(|r| !r.from_revenue());
        if self.item == ADVANCE && !overpaid {
            return Err(AdjustmentRule::AdvanceOnlyRefunded);
        }
        Ok(())
    }

    /// The lines that do it, or why they cannot be.
    pub fn lines(&self, s: &ItemStanding) -> Result<Vec<Line>, AdjustmentRule> {
        self.check()?;
        let amount = self.amount_fen;
        let less = amount.checked_neg().ok_or(AdjustmentRule::TooMuch)?;
        let overpaid = s.owed.checked_neg().ok_or(AdjustmentRule::TooMuch)?;
        let at_most = |limit: Fen| {
            let limit = limit.max(Fen::ZERO);
            if amount <= limit { Ok(()) } else { Err(AdjustmentRule::AtMost(limit)) }
        };
        let owes = |amount| self.line(Ledger::Receivable, s, amount);
        let house = |ledger, amount| self.line(ledger, s, amount);
        Ok(match self.kind {
            AdjustmentKind::Reduction => {
                at_most(s.owed)?;
                vec![owes(less), house(Ledger::Discount, amount)]
            }
            AdjustmentKind::Correction => vec![owes(amount), house(Ledger::Revenue, less)],
            AdjustmentKind::CarryForward => {
                at_most(overpaid)?;
                vec![owes(amount), self.advance(less)]
            }
            AdjustmentKind::WriteOff => {
                if !s.season_over {
                    return Err(AdjustmentRule::SeasonRuns);
                }
                at_most(s.owed)?;
                vec![owes(less), house(Ledger::BadDebt, amount)]
            }
            AdjustmentKind::Recovery => {
                at_most(s.written_off)?;
                vec![owes(amount), house(Ledger::BadDebt, less)]
            }
            AdjustmentKind::Refund => self.refund(s, amount, at_most)?,
        })
    }

    fn refund(
        &self,
        s: &ItemStanding,
        amount: Fen,
        at_most: impl Fn(Fen) -> Result<(), AdjustmentRule>,
    ) -> Result<Vec<Line>, AdjustmentRule> {
        let too_much = AdjustmentRule::TooMuch;
        let less = amount.checked_neg().ok_or(too_much)?;
        let payable = |amount: Fen| {
            Line::customer(Ledger::RefundPayable, self.account_id, &self.item, amount)
                .of_season(self.season_id)
                .in_segment(s.segment)
        };
        if !self.reason_class.is_some_and(RefundReason::from_revenue) {
            if self.item == ADVANCE {
                at_most(s.advance)?;
                return Ok(vec![self.advance(amount), payable(less)]);
            }
            at_most(s.owed.checked_neg().ok_or(too_much)?)?;
            return Ok(vec![self.line(Ledger::Receivable, s, amount), payable(less)]);
        }
        at_most(s.refundable)?;
        // Who still owes for it owes less; only the rest is paid out.
        let set_off = s.owed.max(Fen::ZERO).min(amount);
        let rest = less.checked_add(set_off).ok_or(too_much)?;
        let set_off = set_off.checked_neg().ok_or(too_much)?;
        let mut lines = vec![self.line(Ledger::Revenue, s, amount)];
        if set_off != Fen::ZERO {
            lines.push(self.line(Ledger::Receivable, s, set_off));
        }
        if rest != Fen::ZERO {
            lines.push(payable(rest));
        }
        Ok(lines)
    }

    fn line(&self, ledger: Ledger, s: &ItemStanding, amount: Fen) -> Line {
        let line = if ledger.is_customers() {
            Line::customer(ledger, self.account_id, &self.item, amount)
        } else {
            Line::house(ledger, &self.item, amount)
        };
        line.of_season(self.season_id).in_segment(s.segment)
    }

    fn advance(&self, amount: Fen) -> Line {
        Line::customer(Ledger::Advance, self.account_id, ADVANCE, amount)
    }
}

/// Why an adjustment is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AdjustmentRule {
    /// An amount that cannot be meant.
    Amount,
    /// More than so much is not there to be adjusted.
    AtMost(Fen),
    /// More money than there is.
    TooMuch,
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
            Self::TooMuch => format!("单笔调整不得超过 {MOST} 元"),
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
            Self::TooMuch => format!("One adjustment is at most {MOST} yuan"),
            Self::ReasonClass => "A refund needs a class of reason; nothing else has one".to_owned(),
            Self::AdvanceOnlyRefunded => {
                "Money paid ahead can only be refunded as paid too much".to_owned()
            }
            Self::SeasonRuns => "The season is not over; its debts are not written off".to_owned(),
            Self::Decided => "It was decided already".to_owned(),
            Self::SecondPerson => "Who proposed it does not decide on it".to_owned(),
        }
    }
}

/// An adjustment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Adjustment {
    /// The adjustment.
    pub id: AdjustmentId,
    /// Which sort.
    pub kind: AdjustmentKind,
    /// The household.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Who holds it.
    pub name: String,
    /// Where.
    pub address: String,
    /// The season.
    #[schema(required)]
    pub season_id: Option<SeasonId>,
    /// Its code; empty for none.
    pub season: String,
    /// What for.
    pub item: String,
    /// How much, in fen.
    pub amount_fen: Fen,
    /// Of a refund.
    #[schema(required)]
    pub reason_class: Option<RefundReason>,
    /// Why.
    pub reason: String,
    /// How it stands.
    pub state: AdjustmentState,
    /// When it was proposed.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by_name: String,
    /// When it was decided.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom.
    #[schema(required)]
    pub decided_by_name: Option<String>,
    /// With which words.
    #[schema(required)]
    pub decision: Option<String>,
    /// What it posted.
    #[schema(required)]
    pub posting_id: Option<PostingId>,
}

/// Something happened to an adjustment.
#[derive(Debug, Serialize)]
pub(crate) struct AdjustmentTold {
    #[serde(skip)]
    pub id: AdjustmentId,
    #[serde(skip)]
    pub event: &'static str,
    #[serde(skip)]
    pub org_path: String,
    pub account_id: AccountId,
    pub adjustment: AdjustmentKind,
    pub amount_fen: Fen,
    pub from: Option<AdjustmentState>,
    pub to: AdjustmentState,
    pub note: String,
}

impl Event for AdjustmentTold {
    fn kind(&self) -> &'static str {
        self.event
    }
    fn subject(&self) -> Subject {
        Subject { kind: "adjustment", id: *self.id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

#[cfg(test)]
#[path = "adjustment_tests.rs"]
mod tests;
