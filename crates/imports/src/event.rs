//! What happened to an import.

use crate::Kind;
use kernel::{Event, Subject};
use serde::Serialize;
use uuid::Uuid;

/// A step of an import.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Told {
    #[serde(skip)]
    pub kind: &'static str,
    #[serde(skip)]
    pub id: Uuid,
    #[serde(skip)]
    pub org_path: String,
    /// What the file holds.
    pub of: Kind,
    /// Its name.
    pub file: String,
    /// Lines of it.
    pub lines: i32,
}

impl Event for Told {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn subject(&self) -> Subject {
        Subject { kind: "import", id: self.id }
    }

    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// A step of a shadow run.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Shaded {
    #[serde(skip)]
    pub kind: &'static str,
    #[serde(skip)]
    pub id: Uuid,
    #[serde(skip)]
    pub org_path: String,
    /// The season that is charged again.
    pub season: String,
}

impl Event for Shaded {
    fn kind(&self) -> &'static str {
        self.kind
    }

    fn subject(&self) -> Subject {
        Subject { kind: "shadow", id: self.id }
    }

    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}
