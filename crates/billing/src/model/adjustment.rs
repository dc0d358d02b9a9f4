//! Adjustments: money that is owed otherwise than it was charged, each with a reason and a second
//! person. Pure: how things stand and what is wanted give the lines of a posting, or a refusal.

mod rule;
mod views;

pub use rule::*;
pub use views::*;

use kernel::{AccountId, Fen, SeasonId};
use ledger::{Ledger, Line, SegmentId};
use serde::{Deserialize, Serialize};
use tariff::{ApprovalRules, Decider, Item};
use utoipa::ToSchema;

/// Which sort of adjustment.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
    strum::VariantArray,
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
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
    strum::VariantArray,
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
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
    strum::VariantArray,
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

/// Money paid ahead, as an item.
pub const ADVANCE: &str = "advance";

impl NewAdjustment {
    /// Who must decide by the rules that apply; refused where it is more than anybody may.
    pub fn decider(&self, rules: &ApprovalRules) -> Result<Decider, AdjustmentRule> {
        let small = matches!(self.kind, AdjustmentKind::Reduction | AdjustmentKind::Correction);
        let decider = rules.decider(self.amount_fen, small);
        decider.ok_or(AdjustmentRule::AboveMost(rules.most_fen.value))
    }

    /// Whether a late fee is let off: then the rules say which role may let off how much.
    pub fn waives_late_fee(&self) -> bool {
        self.kind == AdjustmentKind::Reduction && self.item == Item::Late.name()
    }

    /// Refuses what cannot be meant, however things stand.
    pub fn check(&self) -> Result<(), AdjustmentRule> {
        let positive = self.amount_fen > Fen::ZERO;
        let correction = self.kind == AdjustmentKind::Correction;
        if self.amount_fen == Fen::ZERO || !(positive || correction) {
            return Err(AdjustmentRule::Amount);
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

#[cfg(test)]
mod tests;
