//! What a role can allow, and how far it reaches.

use crate::UserId;

/// A key that a role may hold. Each domain declares its own in `permissions.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permission {
    /// Stable name, `domain.verb`.
    pub key: &'static str,
    /// What it allows, in Chinese.
    pub zh: &'static str,
    /// What it allows, in English.
    pub en: &'static str,
}

/// How far a grant reaches from the organisation that it is given in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reach {
    /// Everything in that organisation and below it.
    Subtree,
    /// Only what is given to the person.
    Own,
}

/// One key that a person holds, and where.
#[derive(Clone, Debug)]
pub struct Grant {
    /// The permission's key.
    pub key: String,
    /// Path of the organisation that it is granted in, such as `/hq/east/`.
    pub path: String,
    /// How far it reaches.
    pub reach: Reach,
}

/// The rows that a person may see under one permission. Every query takes it:
/// `where org_path ^@ any($paths) or assignee_id = $own`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scope {
    /// Prefixes of `org_path`.
    pub paths: Vec<String>,
    /// Set when the person may also see what is his own.
    pub own: Option<UserId>,
}

/// A path that no organisation has. An empty list of paths would be right as well, but PostgreSQL
/// takes `any('{}')` to imply whatever a partial index asks, and reads that whole index.
pub(crate) const NOWHERE: &str = "-";

impl Scope {
    /// Everything: for jobs, which act for nobody in particular.
    pub fn all() -> Self {
        Self { paths: vec!["/".to_owned()], own: None }
    }

    /// Whether a row of that organisation is in sight.
    pub fn covers(&self, org_path: &str) -> bool {
        self.paths.iter().any(|p| org_path.starts_with(p.as_str()))
    }
}
