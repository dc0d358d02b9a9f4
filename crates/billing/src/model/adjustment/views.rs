//! How adjustments are shown and told.

use super::{AdjustmentKind, AdjustmentState, RefundReason};
use chrono::{DateTime, Utc};
use kernel::{AccountId, AdjustmentId, Event, Fen, PostingId, SeasonId, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

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

/// What a customer wants back because of cold rooms or an outage.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RefundWish {
    /// The household.
    pub account_id: AccountId,
    /// The season.
    pub season_id: SeasonId,
    /// Days that were measured, or hours without heat.
    pub claim: tariff::RefundClaim,
    /// Why, in words: the number of the measuring order, the outage's notice.
    pub reason: String,
}

/// What a claim is worth by the rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ClaimReckoned {
    /// How much, in fen.
    pub amount_fen: Fen,
    /// Days that count.
    #[schema(value_type = String)]
    pub days: tariff::Decimal,
    /// Whether the season's cap held.
    pub capped: bool,
    /// Settled by then.
    pub settle_by: chrono::NaiveDate,
    /// What the season was charged, in fen.
    pub fee_fen: Fen,
    /// What of it is owed whether there is heat or not, in fen.
    pub base_fen: Fen,
    /// Given back so far, in fen.
    pub given_back_fen: Fen,
}
