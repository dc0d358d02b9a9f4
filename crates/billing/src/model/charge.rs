//! Charges: what a household owes for a season, and from what it was reckoned.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Fen, PackVersionId, PostingId, SeasonId};
use ledger::{Ledger, Line, SegmentId};
use serde::{Deserialize, Serialize};
use tariff::{Explained, Facts, Item};
use utoipa::ToSchema;
use uuid::Uuid;

/// Why a charge got a version.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ChargeReason {
    /// The season was opened.
    Opening,
    /// The household came to the season when it was open.
    Entry,
    /// A fact was other than we had believed.
    Facts,
    /// Another version of the rules applies.
    Rules,
}

/// The items that a season may be charged for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChargedItems {
    /// Heat by area.
    #[schema(required)]
    pub heat_fen: Option<Fen>,
    /// Basic fee while stopped.
    #[schema(required)]
    pub basic_fen: Option<Fen>,
    /// Metered heat, paid ahead.
    #[schema(required)]
    pub metered_fen: Option<Fen>,
    /// Surcharge for high rooms.
    #[schema(required)]
    pub height_fen: Option<Fen>,
}

impl ChargedItems {
    /// Item by item, in the order of [`Item`].
    pub fn each(&self) -> [(Item, Fen); 4] {
        let or_nothing = |f: Option<Fen>| f.unwrap_or(Fen::ZERO);
        [
            (Item::Heat, or_nothing(self.heat_fen)),
            (Item::Basic, or_nothing(self.basic_fen)),
            (Item::Metered, or_nothing(self.metered_fen)),
            (Item::Height, or_nothing(self.height_fen)),
        ]
    }

    /// The sum; nothing when it is more money than there is.
    pub fn total(&self) -> Option<Fen> {
        ledger::sum(self.each().map(|(_, amount)| amount))
    }
}

impl From<&tariff::Charge> for ChargedItems {
    fn from(charge: &tariff::Charge) -> Self {
        let of = |item| Some(charge.of(item)).filter(|f| *f != Fen::ZERO);
        Self {
            heat_fen: of(Item::Heat),
            basic_fen: of(Item::Basic),
            metered_fen: of(Item::Metered),
            height_fen: of(Item::Height),
        }
    }
}

/// A charge as it is in the book: enough to correct it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Booked {
    /// Its items.
    pub items: ChargedItems,
    /// Whose figure it is in reports.
    pub segment: SegmentId,
}

/// The lines that lead from one charge to the next; none when there is nothing to correct. Where
/// reports count the household elsewhere, all of the old goes and all of the new comes.
pub fn correction(
    account: AccountId,
    season: SeasonId,
    from: Option<Booked>,
    to: Booked,
) -> Option<Vec<Line>> {
    let mut lines = Vec::new();
    let mut both = |item: Item, amount: Fen, segment: SegmentId| {
        if amount == Fen::ZERO {
            return Some(());
        }
        let name = item.name();
        let (season, segment) = (Some(season), Some(segment));
        let owed = Line::customer(Ledger::Receivable, account, name, amount);
        let earned = Line::house(Ledger::Revenue, name, amount.checked_neg()?);
        lines.push(owed.of_season(season).in_segment(segment));
        lines.push(earned.of_season(season).in_segment(segment));
        Some(())
    };
    match from {
        Some(from) if from.segment == to.segment => {
            for ((item, old), (_, new)) in from.items.each().into_iter().zip(to.items.each()) {
                both(item, new.checked_add(old.checked_neg()?)?, to.segment)?;
            }
        }
        from => {
            for (item, old) in from.iter().flat_map(|f| f.items.each()) {
                both(item, old.checked_neg()?, from.map_or(to.segment, |f| f.segment))?;
            }
            for (item, new) in to.items.each() {
                both(item, new, to.segment)?;
            }
        }
    }
    Some(lines)
}

/// One version of a charge.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ChargeVersion {
    /// The season.
    pub season_id: SeasonId,
    /// Its code.
    pub season: String,
    /// Counts from one.
    pub version: i32,
    /// When it was made.
    pub charged_at: DateTime<Utc>,
    /// Why.
    pub reason: ChargeReason,
    /// What set it off, for people: who changed which fact.
    pub why: String,
    /// What the season cost by then, in fen.
    pub amount_fen: Fen,
    /// Item by item.
    #[serde(flatten)]
    pub items: ChargedItems,
    /// Under which version of the rules.
    pub pack_version_id: PackVersionId,
    /// What it posted.
    #[schema(required)]
    pub posting_id: Option<PostingId>,
}

/// A charge with its inputs and the lines that make it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ExplainedCharge {
    /// The version.
    pub charge: ChargeVersion,
    /// The rules' name and version.
    pub pack: String,
    /// What we believed.
    #[schema(value_type = Object)]
    pub facts: Facts,
    /// First day that is charged.
    pub first: NaiveDate,
    /// The last one.
    pub last: NaiveDate,
    /// Each line with its sentence.
    pub lines: Vec<Explained>,
}

/// A charge as it is kept.
#[derive(Clone, Debug)]
pub(crate) struct Charge {
    pub version: i32,
    pub booked: Booked,
}

/// A charge to be kept.
#[derive(Clone, Debug)]
pub(crate) struct NewCharge {
    pub account: AccountId,
    pub version: i32,
    pub posting_id: Option<PostingId>,
    pub booked: Booked,
    pub amount: Fen,
    pub facts: String,
}

/// What all charges of one act have in common.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ChargeAct {
    pub season: SeasonId,
    pub pack_version_id: PackVersionId,
    pub reason: ChargeReason,
    pub cause_id: Option<Uuid>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn booked(heat: i64, basic: i64, segment: i32) -> Booked {
        let some = |f: i64| Some(Fen::new(f)).filter(|f| *f != Fen::ZERO);
        let items =
            ChargedItems { heat_fen: some(heat), basic_fen: some(basic), ..Default::default() };
        Booked { items, segment: SegmentId(segment) }
    }

    proptest! {
        /// Whatever the charges were, the corrections sum to the last one, item by item and
        /// segment by segment, and every posting balances.
        #[test]
        fn corrections_sum_to_the_last_charge(
            steps in prop::collection::vec((-9_000_i64..90_000, 0_i64..9_000, 1..3_i32), 1..12),
        ) {
            let account: AccountId = Uuid::nil().into();
            let season: SeasonId = Uuid::nil().into();
            let mut before = None;
            let mut book = std::collections::BTreeMap::new();
            for (heat, basic, segment) in steps {
                let next = booked(heat, basic, segment);
                let lines = correction(account, season, before, next).unwrap();
                if before == Some(next) {
                    prop_assert!(lines.is_empty());
                }
                prop_assert_eq!(lines.iter().map(|l| l.amount.get()).sum::<i64>(), 0);
                for l in lines.iter().filter(|l| l.ledger == Ledger::Receivable) {
                    *book.entry((l.item.clone(), l.segment_id)).or_insert(0) += l.amount.get();
                }
                before = Some(next);
            }
            book.retain(|_, fen| *fen != 0);
            let last = before.unwrap();
            let owed = last.items.each().into_iter().filter(|(_, f)| *f != Fen::ZERO);
            let owed = owed.map(|(i, f)| ((i.name().to_owned(), Some(last.segment)), f.get()));
            prop_assert_eq!(book, owed.collect());
        }
    }
}
