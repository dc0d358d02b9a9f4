//! What one household sees: owed, charged and paid, by season and item.

use crate::{ChargeVersion, LateFeeOf};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Fen, PostingId, SeasonId};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// A moment of the book; now and today where it says nothing.
#[derive(Clone, Copy, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct Moment {
    /// Lines count when their day is not after this one.
    pub valid_on: Option<NaiveDate>,
    /// Lines count when they were written at this instant or before.
    pub known_at: Option<DateTime<Utc>>,
}

/// A household's fees as of a moment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct AccountFees {
    /// The household.
    pub account_id: AccountId,
    /// The day that it is told for.
    pub valid_on: NaiveDate,
    /// What was known.
    pub known_at: DateTime<Utc>,
    /// Owed over all seasons, late fees that are not in the book yet excluded, in fen.
    pub owed_fen: Fen,
    /// Late fees that would be posted when all is paid that day, in fen.
    pub late_fen: Fen,
    /// Paid ahead, in fen.
    pub advance_fen: Fen,
    /// Each season, newest first.
    pub seasons: Vec<SeasonFees>,
    /// Every version of every charge, newest first.
    pub charges: Vec<ChargeVersion>,
    /// What the book says of the household, newest first.
    pub movements: Vec<FeeMovement>,
}

/// One season of a household.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SeasonFees {
    /// The season; nothing for what belongs to none.
    #[schema(required)]
    pub season_id: Option<SeasonId>,
    /// Its code; empty for what belongs to none.
    pub season: String,
    /// Charged, in fen.
    pub charged_fen: Fen,
    /// Paid, in fen.
    pub paid_fen: Fen,
    /// Owed, in fen.
    pub owed_fen: Fen,
    /// Item by item.
    pub items: Vec<ItemFees>,
    /// The late fee so far.
    #[schema(required)]
    pub late: Option<LateFeeOf>,
}

/// One item of one season.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ItemFees {
    /// What for: `heat`, `basic`, `late` and so on.
    pub item: String,
    /// Charged, in fen.
    pub charged_fen: Fen,
    /// Paid, in fen.
    pub paid_fen: Fen,
    /// Owed, in fen.
    pub owed_fen: Fen,
}

/// One posting as the household meets it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FeeMovement {
    /// The posting.
    pub posting_id: PostingId,
    /// What caused it.
    pub source: String,
    /// For people.
    pub memo: String,
    /// The way by which money came or went.
    #[schema(required)]
    pub channel: Option<String>,
    /// The posting that it corrects.
    #[schema(required)]
    pub corrects_id: Option<PostingId>,
    /// The day for which it counts.
    pub valid_on: NaiveDate,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
    /// The season; empty for none.
    pub season: String,
    /// What for.
    pub item: String,
    /// Receivable or advance.
    pub ledger: String,
    /// More owed positive, less owed negative, in fen.
    pub amount_fen: Fen,
}

/// A line of the book, summed, before it is told.
#[derive(Clone, Debug)]
pub(crate) struct FeeSum {
    pub season_id: Option<SeasonId>,
    pub season: String,
    pub ledger: String,
    pub item: String,
    pub charged: Fen,
    pub paid: Fen,
}

/// Seasons with their items, in the order in which the sums came, and what is paid ahead.
pub(crate) fn seasons_of(sums: Vec<FeeSum>) -> Option<(Vec<SeasonFees>, Fen)> {
    let (mut seasons, mut advance): (Vec<SeasonFees>, Fen) = (Vec::new(), Fen::ZERO);
    for s in sums {
        let owed_fen = s.charged.checked_add(s.paid.checked_neg()?)?;
        if s.ledger == "advance" {
            advance = advance.checked_add(owed_fen.checked_neg()?)?;
            continue;
        }
        let same = seasons.last().is_some_and(|l| l.season_id == s.season_id);
        if !same {
            seasons.push(SeasonFees {
                season_id: s.season_id,
                season: s.season,
                charged_fen: Fen::ZERO,
                paid_fen: Fen::ZERO,
                owed_fen: Fen::ZERO,
                items: Vec::new(),
                late: None,
            });
        }
        let season = seasons.last_mut()?;
        season.charged_fen = season.charged_fen.checked_add(s.charged)?;
        season.paid_fen = season.paid_fen.checked_add(s.paid)?;
        season.owed_fen = season.owed_fen.checked_add(owed_fen)?;
        let (charged_fen, paid_fen) = (s.charged, s.paid);
        season.items.push(ItemFees { item: s.item, charged_fen, paid_fen, owed_fen });
    }
    Some((seasons, advance))
}
