//! Sanity: what no place can mean, and what somebody should look at twice.
use crate::Pack;
use serde::Serialize;
use utoipa::ToSchema;

/// How bad a finding is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The pack cannot be published.
    Error,
    /// Unusual; a person must look.
    Warning,
}

/// Something wrong with a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Finding {
    /// Stable name.
    pub code: &'static str,
    /// How bad.
    pub severity: Severity,
    /// Where, such as `late.daily_rate`.
    pub path: String,
    /// For people, Chinese.
    pub zh: String,
    /// For people, English.
    pub en: String,
}

impl Pack {
    /// Everything that is wrong with the parameters.
    pub fn check(&self) -> Vec<Finding> {
        Vec::new()
    }
}
