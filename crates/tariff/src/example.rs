//! Worked examples.
use crate::{Names, Pack};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What an example reckons.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "case", deny_unknown_fields)]
pub enum Case {
    /// A season's charge.
    Charge {
        /// The account's facts.
        facts: crate::Facts,
    },
}

/// A worked example.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Example {
    /// For people.
    pub names: Names,
}

/// How an example came out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ExampleResult {
    /// Which one.
    pub names: Names,
}

impl Pack {
    /// Runs all worked examples.
    pub fn run_examples(&self) -> Vec<ExampleResult> {
        Vec::new()
    }
}
