//! What the directory tells beside changes of facts. People's data only masked.

use kernel::{AccountId, Event, PersonId, Subject};
use serde::Serialize;
use serde_json::Value;
use uuid::Uuid;

/// Something around a household changed: a tag, a paper, the blacklist, a meter.
#[derive(Debug, Serialize)]
pub struct HouseholdChanged {
    /// Which household.
    pub account_id: AccountId,
    /// `tags`, `blacklist`, `document`, `meter`, `opened`.
    pub what: &'static str,
    /// As it was.
    pub from: Value,
    /// As it is.
    pub to: Value,
    #[serde(skip)]
    pub(crate) org_path: String,
}

impl Event for HouseholdChanged {
    fn kind(&self) -> &'static str {
        "directory.household_changed"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "account", id: *self.account_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// What is known of a person changed.
#[derive(Debug, Serialize)]
pub struct PersonChanged {
    /// Who.
    pub person_id: PersonId,
    /// As it was, masked.
    pub from: Value,
    /// As it is, masked.
    pub to: Value,
    #[serde(skip)]
    pub(crate) org_path: Option<String>,
}

impl Event for PersonChanged {
    fn kind(&self) -> &'static str {
        "directory.person_changed"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "person", id: *self.person_id }
    }
    fn org_path(&self) -> Option<&str> {
        self.org_path.as_deref()
    }
}

/// A dictionary, a utility's promise or the address book changed.
#[derive(Debug, Serialize)]
pub struct BookChanged {
    /// Which entry, when it has an id.
    pub id: Uuid,
    /// `term`, `utility` or `contact`.
    pub what: &'static str,
    /// As it was.
    pub from: Value,
    /// As it is.
    pub to: Value,
}

impl Event for BookChanged {
    fn kind(&self) -> &'static str {
        "directory.book_changed"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "book", id: self.id }
    }
}
