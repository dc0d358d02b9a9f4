//! What the desk sees of an import, and why it refuses.

use super::{Column, Kind, Mapping};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

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
    /// The file was read.
    Staged,
    /// Every line was checked.
    Checked,
    /// Lines are going in.
    Committing,
    /// All lines are in.
    Committed,
    /// Lines are going out again.
    Undoing,
    /// It is as if it had not been.
    Undone,
}

/// A step of an import.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BatchStep {
    /// Check every line.
    Check,
    /// Let the lines in.
    Commit,
    /// The last line is in.
    Finish,
    /// Take them out.
    Undo,
    /// The last line is out.
    Leave,
}

impl BatchState {
    /// Every step that there is.
    pub const STEPS: &[(Self, BatchStep, Self)] = &[
        (Self::Staged, BatchStep::Check, Self::Checked),
        (Self::Checked, BatchStep::Check, Self::Checked),
        (Self::Undone, BatchStep::Check, Self::Checked),
        (Self::Checked, BatchStep::Commit, Self::Committing),
        (Self::Committing, BatchStep::Finish, Self::Committed),
        (Self::Committed, BatchStep::Undo, Self::Undoing),
        (Self::Undoing, BatchStep::Leave, Self::Undone),
    ];

    /// Where a step leads.
    pub fn step(self, step: BatchStep) -> Result<Self, ImportRule> {
        let hit = Self::STEPS.iter().find(|(from, by, _)| (*from, *by) == (self, step));
        hit.map(|(.., to)| *to).ok_or(ImportRule::NotNow(self))
    }
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
    /// Its headings.
    pub headers: Vec<String>,
    /// Which column is what.
    #[schema(value_type = std::collections::HashMap<String, usize>)]
    pub mapping: Mapping,
    /// For whose households.
    pub org_path: String,
    /// Where it stands.
    pub state: BatchState,
    /// Lines.
    pub row_count: i32,
    /// Lines with faults.
    pub error_count: i32,
    /// Lines that are in.
    pub done_count: i32,
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
}

/// What a dry run came to.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct DryRun {
    /// Lines that would go in.
    pub lines: i32,
    /// Postings that would be made.
    pub postings: i64,
    /// Households that would be made.
    pub households: i64,
}

/// Why imports refuse.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportRule {
    /// More bytes than are taken.
    TooLarge,
    /// Too many lines or columns.
    TooMuch,
    /// Neither a spreadsheet nor separated text, or broken.
    Unreadable,
    /// No line below the headings.
    Empty,
    /// The step does not exist in this state.
    NotNow(BatchState),
    /// Lines are wrong still.
    Faults(i32),
    /// The same file is in already.
    Twice,
    /// Something came to refer to what it made.
    InUse(i64),
    /// The mapping lacks columns.
    Unmapped,
    /// Nothing was imported for that season.
    NothingToCompare,
}

impl kernel::Rule for ImportRule {
    fn code(&self) -> &'static str {
        match self {
            Self::TooLarge => "imports.too_large",
            Self::TooMuch => "imports.too_much",
            Self::Unreadable => "imports.unreadable",
            Self::Empty => "imports.empty",
            Self::NotNow(_) => "imports.not_now",
            Self::Faults(_) => "imports.faults",
            Self::Twice => "imports.twice",
            Self::InUse(_) => "imports.in_use",
            Self::Unmapped => "imports.unmapped",
            Self::NothingToCompare => "imports.nothing_to_compare",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::TooLarge => "文件过大，请拆分后再导入（每个文件不超过 256 MB）".into(),
            Self::TooMuch => "行数或列数过多，请拆分后再导入".into(),
            Self::Unreadable => "文件无法读取：请上传 xlsx 或 csv 文件".into(),
            Self::Empty => "文件中没有数据行".into(),
            Self::NotNow(state) => format!("导入批次当前状态（{state:?}）不允许此操作"),
            Self::Faults(n) => format!("还有 {n} 行有错误，请改正后再提交"),
            Self::Twice => "同一文件已经导入过".into(),
            Self::InUse(n) => format!("已有 {n} 户发生业务，不能撤销"),
            Self::Unmapped => "列对应关系不完整".into(),
            Self::NothingToCompare => "该采暖季没有导入的应收，无从比较".into(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::TooLarge => "The file is too large: at most 256 MB each".into(),
            Self::TooMuch => "Too many lines or columns: split the file".into(),
            Self::Unreadable => "The file cannot be read: xlsx or csv are taken".into(),
            Self::Empty => "There is no line in the file".into(),
            Self::NotNow(state) => format!("The import is {state:?}: not now"),
            Self::Faults(n) => format!("{n} lines have faults still"),
            Self::Twice => "The same file went in before".into(),
            Self::InUse(n) => format!("{n} households are in use: it cannot be undone"),
            Self::Unmapped => "The columns are not all mapped".into(),
            Self::NothingToCompare => "No charges were imported for that season".into(),
        }
    }
}
