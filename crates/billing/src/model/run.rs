//! Runs over many households: reckoned, looked at, posted.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Fen, PackVersionId, Rule, SeasonId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// What a run is about.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RunKind {
    /// Charges follow a version of the rules.
    Rules,
    /// A season's meters are settled.
    Settlement,
    /// A season's late fees go to the book as they stand on a day.
    Late,
}

/// Where a run stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    ToSchema,
    sqlx::Type,
    strum::IntoStaticStr,
    strum::VariantArray,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum RunState {
    /// It is reckoned what it would come to.
    Reckoning,
    /// Somebody may look at it.
    Ready,
    /// It goes to the book.
    Posting,
    /// All of it is in the book.
    Posted,
    /// It was given up.
    Withdrawn,
}

/// A run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BillingRun)]
pub struct Run {
    /// The run.
    pub id: Uuid,
    /// What it is about.
    pub kind: RunKind,
    /// The rules that it is about.
    #[schema(required)]
    pub pack_version_id: Option<PackVersionId>,
    /// The count of changes at which they were looked at.
    #[schema(required)]
    pub revision: Option<i32>,
    /// The season whose meters are settled, or whose late fees are closed.
    #[schema(required)]
    pub season_id: Option<SeasonId>,
    /// The day until which late fees have grown.
    #[schema(required)]
    pub on_day: Option<NaiveDate>,
    /// Its code; empty for rules.
    pub season: String,
    /// Where it stands.
    pub state: RunState,
    /// Households that are looked at, counted in each season.
    pub households: i32,
    /// Looked at so far.
    pub looked: i32,
    /// Whose charge differs.
    pub changed: i32,
    /// For whom nothing could be reckoned.
    pub refused: i32,
    /// What those were charged, in fen.
    pub from_fen: Fen,
    /// What they are charged then, in fen.
    pub to_fen: Fen,
    /// Looked at again while posting.
    pub done: i32,
    /// Corrected so far.
    pub corrected: i32,
    /// When it was begun.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by_name: String,
    /// When somebody said yes.
    #[schema(required)]
    pub posted_at: Option<DateTime<Utc>>,
    /// Who.
    #[schema(required)]
    pub posted_by_name: Option<String>,
    /// When all of it was in the book.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
}

/// A run with what it is made of.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = BillingRunReport)]
pub struct RunReport {
    /// The run.
    #[serde(flatten)]
    pub run: Run,
    /// By season, station and class.
    pub sums: Vec<RunSum>,
    /// Where it differs most.
    pub changes: Vec<RunChange>,
    /// For whom nothing could be reckoned; the first of them.
    pub refusals: Vec<RunRefusal>,
}

/// One season, station and class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BillingRunSum)]
pub struct RunSum {
    /// The season's code.
    pub season: String,
    /// The organisation.
    pub org_path: String,
    /// Its name.
    pub org_name: String,
    /// Class of users.
    pub user_class: String,
    /// Households whose charge differs.
    pub households: i32,
    /// What they were charged, in fen.
    pub from_fen: Fen,
    /// What they are charged then, in fen.
    pub to_fen: Fen,
}

/// A household whose charge differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BillingRunChange)]
pub struct RunChange {
    /// The season's code.
    pub season: String,
    /// The household.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Where it is.
    pub address: String,
    /// Before, in fen.
    pub from_fen: Fen,
    /// Then, in fen.
    pub to_fen: Fen,
}

/// A household for which nothing could be reckoned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = BillingRunRefusal)]
pub struct RunRefusal {
    /// The season's code.
    pub season: String,
    /// The household.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Where it is.
    pub address: String,
    /// The rule's name.
    pub code: String,
    /// Why, Chinese.
    pub zh: String,
    /// Why, English.
    pub en: String,
}

/// What one household comes to in a run.
#[derive(Clone, Debug)]
pub(crate) enum Looked {
    /// Nothing differs.
    Same,
    /// Charged otherwise.
    Differs { account: AccountId, org_path: String, user_class: String, from: Fen, to: Fen },
    /// Nothing can be reckoned.
    Refused { account: AccountId, code: &'static str, zh: String, en: String },
}

/// Why a run is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RunRule {
    /// The run is not where that step begins.
    Step,
    /// Another run of the same sort is being posted or reckoned.
    AnotherRuns,
    /// Nobody has looked at what the rules would come to.
    NotLookedAt,
}

impl Rule for RunRule {
    fn code(&self) -> &'static str {
        match self {
            Self::Step => "billing.run_step",
            Self::AnotherRuns => "billing.run_another",
            Self::NotLookedAt => "billing.run_not_looked_at",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::Step => "该批次当前状态不允许此操作",
            Self::AnotherRuns => "同类批次正在进行，请等待完成",
            Self::NotLookedAt => "请先试算新规则的影响（多少户、多少元），试算完成后再发布",
        }
        .to_owned()
    }

    fn en(&self) -> String {
        match self {
            Self::Step => "The run is not in a state for that step",
            Self::AnotherRuns => "Another run of this sort is going on; wait for it",
            Self::NotLookedAt => "First see what the new rules come to; then publish them",
        }
        .to_owned()
    }
}
