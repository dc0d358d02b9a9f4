//! How facts are shown.

use super::{AccountFacts, FieldChange, PremiseFacts, Version};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, PremiseId};
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Everything that is so of an account over all time, as known at one time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountTimeline {
    /// The account.
    pub account_id: AccountId,
    /// `heat`, `water`, `gas` or `power`.
    pub utility: String,
    /// Path of the station that serves it.
    pub org_path: String,
    /// First day of the account.
    pub opened_on: NaiveDate,
    /// Its facts, in the order of their days.
    pub versions: Vec<Version<AccountFacts>>,
    /// Its rooms.
    pub rooms: Vec<RoomTimeline>,
}

/// A room that an account pays for, and when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RoomTimeline {
    /// The room.
    pub premise_id: PremiseId,
    /// As people say it.
    pub address: String,
    /// First day of the account in it.
    pub from: NaiveDate,
    /// First day without it.
    pub to: Option<NaiveDate>,
    /// The room's facts, in the order of their days; also of days outside the stay.
    pub versions: Vec<Version<PremiseFacts>>,
}

/// What was so of an account on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct FactsThen {
    /// The account.
    pub account_id: AccountId,
    /// The day.
    pub on: NaiveDate,
    /// As known then; as known now when absent.
    #[schema(required)]
    pub known_at: Option<DateTime<Utc>>,
    /// The account's facts; none when it did not exist, or was not known.
    #[schema(required)]
    pub facts: Option<AccountFacts>,
    /// The rooms that it held.
    pub rooms: Vec<RoomThen>,
}

/// What was so of a room on a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RoomThen {
    /// The room.
    pub premise_id: PremiseId,
    /// As people say it.
    pub address: String,
    /// Its facts.
    pub facts: PremiseFacts,
}

/// One act in the history of a household.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HistoryLine {
    /// Its number.
    pub change_id: Uuid,
    /// When it was written down.
    pub at: DateTime<Utc>,
    /// Who did it.
    pub who: String,
    /// Why, in words.
    pub why: String,
    /// What sort of business it was: `desk`, `application`, `import`, `merge`.
    pub source: String,
    /// Which piece of that business.
    #[schema(required)]
    pub source_id: Option<Uuid>,
    /// `account`, `premise` or `room`.
    pub subject: String,
    /// Of the room, when it is about one.
    #[schema(required)]
    pub address: Option<String>,
    /// From what to what, from when to when.
    pub changes: Vec<FieldChange>,
}
