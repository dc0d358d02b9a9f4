//! What the desk sees of an import.

use super::{Batch, Column};
use chrono::{DateTime, Utc};
use kernel::UserId;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

/// What is wrong with a line, or with the columns.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = ImportFault)]
pub struct Fault {
    /// The field.
    pub field: String,
    /// What is wrong, Chinese.
    pub zh: String,
    /// What is wrong, English.
    pub en: String,
}

/// The faults as a refusal.
pub(crate) fn invalid(faults: Vec<Fault>) -> kernel::Error {
    let each = |f: Fault| kernel::error::Fault { field: f.field, zh: f.zh, en: f.en };
    kernel::Error::Invalid(faults.into_iter().map(each).collect())
}

/// A control total: how many lines and how much, under one heading each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Total {
    /// Code of the season; empty for households.
    pub season: String,
    /// Path of the station.
    pub org_path: String,
    /// The item, or the state of households.
    pub what: String,
    /// Lines.
    pub lines: i64,
    /// Fen; for households hundredths of square metres of building area.
    pub sum: i64,
}

/// A control total of the file beside what is in the house.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Compared {
    /// As the file has it.
    #[serde(flatten)]
    pub file: Total,
    /// Lines that are in.
    pub lines_in: i64,
    /// Their sum.
    pub sum_in: i64,
    /// Lines that the old system states.
    #[schema(required)]
    pub lines_stated: Option<i64>,
    /// The sum that it states.
    #[schema(required)]
    pub sum_stated: Option<i64>,
}

/// An import with everything to decide on it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BatchFile {
    /// The import.
    pub batch: Batch,
    /// The fields that columns may be.
    pub columns: Vec<Column>,
    /// What the mapping lacks.
    pub mapping_faults: Vec<Fault>,
    /// Control totals.
    pub totals: Vec<Compared>,
    /// What is wrong, most frequent first.
    pub faults: Vec<FaultCount>,
}

/// A line of the file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct StagedLine {
    /// Its number in the file, headings excluded.
    pub no: i32,
    /// Its cells.
    pub cells: Vec<String>,
    /// What is wrong with it.
    pub faults: Vec<Fault>,
    /// Whether it is in.
    pub done: bool,
    /// Whether people decided that it does not go in.
    pub left_out: bool,
    /// As the file had it, when people put it right.
    #[schema(required)]
    pub original: Option<Vec<String>>,
    /// What they said about it.
    #[schema(required)]
    pub note: Option<String>,
    /// Who looks after it.
    #[schema(required)]
    pub assignee_id: Option<UserId>,
    /// His name.
    #[schema(required)]
    pub assignee_name: Option<String>,
    /// Who decided.
    #[schema(required)]
    pub decided_by: Option<String>,
    /// When.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
}

/// What people decide about a line.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(tag = "what", rename_all = "snake_case", deny_unknown_fields)]
pub enum LineDecision {
    /// Its cells are put right, in place.
    Correct {
        /// All of its cells.
        cells: Vec<String>,
    },
    /// It does not go in.
    LeaveOut {
        /// Why.
        note: String,
    },
    /// It shall go in after all.
    TakeBack,
}

/// How many lines have a fault of a kind.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FaultCount {
    /// The field.
    pub field: String,
    /// What is wrong, Chinese.
    pub zh: String,
    /// What is wrong, English.
    pub en: String,
    /// How many lines.
    pub lines: i64,
}

/// Which wrong lines shall be whose.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Assignment {
    /// Only those with a fault in this field.
    #[serde(default)]
    pub field: Option<String>,
    /// Only these lines.
    #[serde(default)]
    pub nos: Vec<i32>,
    /// Whose; nobody's when absent.
    pub to: Option<UserId>,
}

/// Which lines.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields, default)]
#[into_params(parameter_in = Query)]
pub struct LineFilter {
    /// Only those with faults.
    pub wrong: bool,
    /// Those after this number.
    pub after: i32,
    /// Only those with a fault in this field.
    pub field: Option<String>,
    /// Only those that this person looks after.
    pub assignee: Option<UserId>,
    /// Only those that people decided about.
    pub decided: bool,
}

/// What a dry run came to.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DryRun {
    /// Whether it is at it still.
    pub running: bool,
    /// Lines that would go in.
    pub lines: i32,
    /// Postings that would be made.
    pub postings: i64,
    /// Households that would be made.
    pub households: i64,
    /// Why nothing would go in, Chinese; nothing when all would.
    #[schema(required)]
    pub problem_zh: Option<String>,
    /// The same, English.
    #[schema(required)]
    pub problem_en: Option<String>,
    /// When it ended.
    #[schema(required)]
    pub at: Option<DateTime<Utc>>,
}
