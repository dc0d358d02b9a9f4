//! What a customer sees and asks for on his household's own page.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Event, Fen, PersonId, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// How long a link to a household's page lives.
pub const LINK_DAYS: i64 = 3;
/// A household is sent no second link before so much time has passed.
pub const LINK_EVERY: chrono::TimeDelta = chrono::TimeDelta::minutes(2);
/// The most links that a household is sent in a day.
pub const LINKS_A_DAY: i64 = 6;
/// The most bytes of a signature, and of a photograph of a paper.
pub const MOST_INK: usize = 300 * 1024;
/// See [`MOST_INK`].
pub const MOST_PHOTO: usize = 1536 * 1024;
/// The most papers that come with an application.
pub const MOST_PAPERS: usize = 3;

/// A household as whoever holds a link to it sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PortalHousehold)]
pub struct Resident {
    /// Number that is printed on bills.
    pub account_no: String,
    /// The holder, masked.
    pub name_masked: String,
    /// Where, without the room.
    pub address_masked: String,
    /// `using`, `stopped`, `forced_stop` or `not_connected`.
    pub heat_use_state: String,
    /// The season that a stop would be for.
    #[schema(required)]
    pub season: Option<PortalSeason>,
    /// The newest stop that was asked for in this season.
    #[schema(required)]
    pub stop: Option<PortalStop>,
    /// Until when the link opens this page.
    pub link_until: DateTime<Utc>,
}

/// A season of heat.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PortalSeason {
    /// Such as `2026-2027`.
    pub code: String,
    /// First day.
    pub first: NaiveDate,
    /// The day after the last.
    pub end: NaiveDate,
}

/// A stop that was asked for.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PortalStop {
    /// As people say it.
    pub no: String,
    /// How it stands.
    pub state: billing::ApplicationState,
    /// First day without heat that was asked for.
    pub from: NaiveDate,
    /// First day with heat again; the season's end without it.
    #[schema(required)]
    pub to: Option<NaiveDate>,
    /// When it was asked for.
    pub made_at: DateTime<Utc>,
    /// The order that shuts the valve.
    #[schema(required)]
    pub order_no: Option<String>,
    /// The day on which the valve was shut.
    #[schema(required)]
    pub valve_on: Option<NaiveDate>,
    /// From when it counts.
    #[schema(required)]
    pub effective_on: Option<NaiveDate>,
    /// What a refusal says.
    #[schema(required)]
    pub decision: Option<String>,
}

/// What a stop would be for, before anything is asked for.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct StopWish {
    /// First day without heat.
    pub from: NaiveDate,
    /// First day with heat again; the season's end without it.
    pub to: Option<NaiveDate>,
    /// Pipes inside are drained.
    #[serde(default)]
    pub pipes_drained: bool,
    /// Papers are at hand.
    #[serde(default)]
    pub papers: bool,
}

/// What a stop would change, and what stands against it.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PortalStopPreview)]
pub struct StopPreview {
    /// What the season costs as it is, in fen.
    pub before_fen: Fen,
    /// What it would cost, in fen.
    pub after_fen: Fen,
    /// How the new sum comes about, line by line.
    pub lines: Vec<tariff::Explained>,
    /// What stands against it; nothing when it may be.
    pub objections: Vec<billing::Objection>,
    /// Whether it counts only from the day on which the valve was shut.
    pub counts_from_valve: bool,
    /// The day by which it is answered.
    pub answer_by: NaiveDate,
}

/// A stop as it is asked for: with consent, papers and a signature.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = PortalStopOrder)]
pub struct StopOrder {
    /// First day without heat.
    pub from: NaiveDate,
    /// First day with heat again; the season's end without it.
    pub to: Option<NaiveDate>,
    /// Pipes inside are drained.
    #[serde(default)]
    pub pipes_drained: bool,
    /// The notice was read and is agreed to.
    pub consent: bool,
    /// The signature: a PNG in base64.
    pub signature: String,
    /// Photographs of papers in base64.
    #[serde(default)]
    pub papers: Vec<String>,
}

/// A link was sent.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct LinkSent {
    /// To which number, masked.
    pub phone_masked: String,
}

/// A household's link is wanted: a job signs and sends it.
#[derive(Debug, Serialize)]
pub(crate) struct LinkWanted {
    #[serde(skip)]
    pub account: AccountId,
    #[serde(skip)]
    pub org_path: String,
    pub invitation: Uuid,
}

impl Event for LinkWanted {
    fn kind(&self) -> &'static str {
        "portal.link_wanted"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "account", id: *self.account }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// A household that a link opens.
#[derive(Clone, Debug)]
pub(crate) struct Home {
    pub account: AccountId,
    pub person: PersonId,
    pub account_no: String,
    pub name: String,
    pub address: String,
    pub heat_use_state: String,
    pub org_path: String,
}
