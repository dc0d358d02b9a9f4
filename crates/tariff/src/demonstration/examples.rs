//! The demonstration's worked examples.

use crate::Example;

/// Kept as data, as a company keeps its own.
pub(super) fn all() -> Vec<Example> {
    serde_json::from_str(include_str!("examples.json")).unwrap_or_default()
}
