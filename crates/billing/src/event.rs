//! What happened here, told to the rooms above.

use crate::{ChargeReason, PackState, RunKind, RunState};
use kernel::{AccountId, Event, Fen, OpeningId, PackVersionId, SeasonId, Subject};
use serde::Serialize;

/// An opening moved on: `billing.opening_wanted` and `billing.opening_approved` set a job off.
#[derive(Debug, Serialize)]
pub struct OpeningMoved {
    /// Which one.
    pub opening_id: OpeningId,
    /// The season.
    pub season_id: SeasonId,
    /// Households that are charged.
    pub households: i32,
    /// What it comes to, in fen.
    pub amount_fen: Fen,
    #[serde(skip)]
    pub(crate) kind: &'static str,
}

impl Event for OpeningMoved {
    fn kind(&self) -> &'static str {
        self.kind
    }
    fn subject(&self) -> Subject {
        Subject { kind: "opening", id: *self.opening_id }
    }
}

/// A run over many households went a step further; `billing.run_wanted` sets a job off.
#[derive(Debug, Serialize)]
pub struct RunMoved {
    /// The run.
    pub run_id: uuid::Uuid,
    /// What it is about.
    pub run: RunKind,
    /// Where it stands.
    pub to: RunState,
    /// Households that are looked at.
    pub households: i32,
    /// Whose charge differs.
    pub changed: i32,
    /// What those were charged, in fen.
    pub from_fen: Fen,
    /// What they are charged then, in fen.
    pub to_fen: Fen,
}

impl Event for RunMoved {
    fn kind(&self) -> &'static str {
        match self.to {
            RunState::Reckoning | RunState::Posting => "billing.run_wanted",
            RunState::Ready => "billing.run_reckoned",
            RunState::Posted => "billing.run_posted",
            RunState::Withdrawn => "billing.run_withdrawn",
        }
    }
    fn subject(&self) -> Subject {
        Subject { kind: "run", id: self.run_id }
    }
}

/// A charge was made or corrected.
#[derive(Debug, Serialize)]
pub struct Charged {
    /// The household.
    pub account_id: AccountId,
    /// The season.
    pub season_id: SeasonId,
    /// The charge's new version.
    pub version: i32,
    /// Why.
    pub reason: ChargeReason,
    /// What it was before, in fen.
    pub from_fen: Fen,
    /// What it is now, in fen.
    pub to_fen: Fen,
    #[serde(skip)]
    pub(crate) org_path: String,
}

impl Event for Charged {
    fn kind(&self) -> &'static str {
        "billing.charged"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "account", id: *self.account_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// Somebody asks for a household's charges to be reckoned again.
#[derive(Debug, Serialize)]
pub struct RecalculationWanted {
    /// The household.
    pub account_id: AccountId,
    /// The season.
    pub season_id: SeasonId,
    /// Whether the rules that apply now count, or those of the charge.
    pub new_rules: bool,
    #[serde(skip)]
    pub(crate) org_path: String,
}

impl Event for RecalculationWanted {
    fn kind(&self) -> &'static str {
        "billing.recalculation_wanted"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "account", id: *self.account_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// A version of the rules went a step further.
#[derive(Debug, Serialize)]
pub struct PackMoved {
    /// The version.
    pub pack_version_id: PackVersionId,
    /// Where it stood; nowhere when it is new.
    pub from: Option<PackState>,
    /// Where it stands.
    pub to: PackState,
    /// What was said.
    pub note: String,
    #[serde(skip)]
    pub(crate) org_path: String,
}

impl Event for PackMoved {
    fn kind(&self) -> &'static str {
        "billing.pack_moved"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "rule_pack", id: *self.pack_version_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}
