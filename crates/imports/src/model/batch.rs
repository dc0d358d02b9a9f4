//! An import: where it stands, and which steps there are.

use super::{DryRun, ImportRule, Kind, Mapping};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Where an import stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::VariantArray,
    sqlx::Type,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum BatchState {
    /// The file is being read.
    Reading,
    /// It turned out not to be one that can be read.
    Refused,
    /// The file was read; its lines wait for a check.
    Staged,
    /// Lines are being checked.
    Checking,
    /// Every line was checked.
    Checked,
    /// Lines are going in.
    Committing,
    /// Lines are in.
    Committed,
    /// Lines are going out again.
    Undoing,
    /// It is as if it had not been.
    Undone,
}

/// A step of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchStep {
    /// The last line was read.
    Stage,
    /// What was read so far shows that it cannot be.
    Refuse,
    /// Somebody put a line right, or left it out.
    Correct,
    /// Check every line behind the desk.
    Recheck,
    /// Every line was checked.
    Check,
    /// Let the lines in.
    Commit,
    /// The last line is in.
    Finish,
    /// Take them out.
    Undo,
    /// The last line is out.
    Leave,
    /// Somebody did business with them in the meantime: the rest stays.
    Stop,
}

impl BatchState {
    /// Every step that there is.
    pub const STEPS: &[(Self, BatchStep, Self)] = &[
        (Self::Reading, BatchStep::Stage, Self::Staged),
        (Self::Reading, BatchStep::Refuse, Self::Refused),
        (Self::Staged, BatchStep::Correct, Self::Staged),
        (Self::Staged, BatchStep::Check, Self::Checked),
        (Self::Staged, BatchStep::Recheck, Self::Checking),
        (Self::Checking, BatchStep::Check, Self::Checked),
        (Self::Checked, BatchStep::Correct, Self::Staged),
        (Self::Checked, BatchStep::Check, Self::Checked),
        (Self::Checked, BatchStep::Recheck, Self::Checking),
        (Self::Checked, BatchStep::Commit, Self::Committing),
        (Self::Committing, BatchStep::Finish, Self::Committed),
        (Self::Committed, BatchStep::Undo, Self::Undoing),
        (Self::Undoing, BatchStep::Stop, Self::Committed),
        (Self::Undoing, BatchStep::Leave, Self::Undone),
        (Self::Undone, BatchStep::Check, Self::Checked),
        (Self::Undone, BatchStep::Recheck, Self::Checking),
    ];

    /// Where a step leads.
    pub fn step(self, step: BatchStep) -> Result<Self, ImportRule> {
        let hit = Self::STEPS.iter().find(|(from, by, _)| (*from, *by) == (self, step));
        hit.map(|(.., to)| *to).ok_or(ImportRule::NotNow(self))
    }

    /// As people call it.
    pub(crate) fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Reading => ("正在读取", "being read"),
            Self::Refused => ("已拒收", "refused"),
            Self::Staged => ("待检查", "waiting for a check"),
            Self::Checking => ("正在检查", "being checked"),
            Self::Checked => ("已检查", "checked"),
            Self::Committing => ("正在提交", "going in"),
            Self::Committed => ("已提交", "in"),
            Self::Undoing => ("正在撤销", "going out"),
            Self::Undone => ("已撤销", "taken back"),
        }
    }
}

/// An import.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Batch {
    /// Its id.
    pub id: Uuid,
    /// What the file holds.
    pub kind: Kind,
    /// The file's name.
    pub file_name: String,
    /// Bytes.
    pub file_size: i64,
    /// The bytes as they came, to be looked at again.
    #[serde(skip)]
    pub file_id: Uuid,
    /// Its headings.
    pub headers: Vec<String>,
    /// Which column is what.
    #[schema(value_type = std::collections::HashMap<String, usize>)]
    pub mapping: Mapping,
    /// For whose households.
    pub org_path: String,
    /// Where it stands.
    pub state: BatchState,
    /// The code of the refusal of a file that could not be read.
    #[schema(required)]
    pub refusal: Option<String>,
    /// Lines.
    pub row_count: i32,
    /// Lines with faults.
    pub error_count: i32,
    /// Lines that people left out.
    pub left_count: i32,
    /// Lines that are in.
    pub done_count: i32,
    /// How often it went in.
    pub attempt: i32,
    /// The last line that the running step has done.
    pub at_line: i32,
    /// When that step began.
    #[schema(required)]
    pub step_began_at: Option<DateTime<Utc>>,
    /// When it last did something.
    #[schema(required)]
    pub step_at: Option<DateTime<Utc>>,
    /// The last dry run.
    #[schema(required)]
    pub trial: Option<DryRun>,
    /// When it came.
    pub created_at: DateTime<Utc>,
    /// Who brought it.
    pub created_by_name: String,
    /// When it was in.
    #[schema(required)]
    pub committed_at: Option<DateTime<Utc>>,
    /// When it was taken back.
    #[schema(required)]
    pub undone_at: Option<DateTime<Utc>>,
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray as _;

    #[test]
    fn every_state_but_a_refusal_leads_on_and_no_step_leads_twice() {
        for state in BatchState::VARIANTS {
            let out = BatchState::STEPS.iter().filter(|(from, ..)| from == state).count();
            assert_eq!(out == 0, *state == BatchState::Refused, "{state:?}");
        }
        for (n, (from, step, _)) in BatchState::STEPS.iter().enumerate() {
            let again = BatchState::STEPS.iter().skip(n + 1);
            assert!(again.clone().all(|(f, s, _)| (f, s) != (from, step)), "{from:?} {step:?}");
        }
        let states: Vec<&str> = BatchState::VARIANTS.iter().map(|s| <&str>::from(*s)).collect();
        let sql = include_str!("../../../../migrations/20261122000560_imports.sql");
        let from = sql.find("batch_state_known").unwrap();
        let known = sql[from..].split("))").next().unwrap();
        assert!(states.iter().all(|s| known.contains(&format!("'{s}'"))));
        assert_eq!(known.matches('\'').count(), states.len() * 2);
    }
}
