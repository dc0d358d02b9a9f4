//! Data that may be wrong, and what people decide about it.

use chrono::{DateTime, Utc};
use kernel::{Event, Rule, Subject, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::ToSchema;
use uuid::Uuid;

/// A rule that data should obey.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum QualityRule {
    /// One person under two rows: the same name with the same identity number, or with a phone
    /// in common while no identity number speaks against it.
    DuplicatePerson,
    /// One identity number under two names.
    SameIdNumber,
    /// One room under two address codes.
    DuplicatePremise,
    /// A household that nobody can ring up.
    MissingPhone,
    /// A number that no telephone has.
    BadPhone,
    /// An identity number that nobody has.
    BadIdNumber,
    /// An area that no such room has.
    ImpossibleArea,
    /// A room that no account pays for.
    PremiseWithoutAccount,
    /// Under another station than its address.
    Misfiled,
    /// Heat is stopped and the valve stands open.
    ValveContradicts,
}

/// How a finding stands.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    sqlx::Type,
    Serialize,
    Deserialize,
    ToSchema,
    strum::IntoStaticStr,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum FindingState {
    /// Waits for somebody.
    Open,
    /// Somebody put it right.
    Resolved,
    /// Somebody says that it is right.
    Skipped,
    /// The data obeys the rule by now.
    Gone,
}

/// Something that disobeys a rule.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Finding {
    /// Which.
    pub id: Uuid,
    /// The rule's name.
    pub rule: String,
    /// `person`, `premise` or `account`.
    pub subject: String,
    /// What it is about.
    pub subject_ids: Vec<Uuid>,
    /// What to look at: names, addresses, values.
    #[schema(value_type = Object)]
    pub detail: Value,
    /// How it stands.
    pub state: FindingState,
    /// Who looks after it.
    #[schema(required)]
    pub assignee_id: Option<UserId>,
    /// His name.
    #[schema(required)]
    pub assignee_name: Option<String>,
    /// When it was found.
    pub found_at: DateTime<Utc>,
    /// What was said when it was decided.
    #[schema(required)]
    pub note: Option<String>,
}

/// How many findings a rule has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QualityCount {
    /// The rule's name.
    pub rule: String,
    /// Waiting.
    pub open: i64,
    /// Of these, looked after by somebody.
    pub assigned: i64,
    /// Put right.
    pub resolved: i64,
    /// Said to be right.
    pub skipped: i64,
}

/// What somebody decides about a finding.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case", tag = "what", deny_unknown_fields)]
pub enum Decision {
    /// It is right as it is.
    Skip {
        /// Why, at least four characters.
        note: String,
    },
    /// Somebody shall look after it; nobody when absent.
    Assign {
        /// Who.
        to: Option<UserId>,
    },
    /// It was put right.
    Resolve {
        /// How, at least four characters.
        note: String,
    },
    /// It waits again.
    Reopen,
}

/// Two rows made one.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Merge {
    /// Which.
    pub id: Uuid,
    /// `person` or `premise`.
    pub subject: String,
    /// The row that stays.
    pub kept_id: Uuid,
    /// The row that went into it.
    pub gone_id: Uuid,
    /// What they are called.
    pub title: String,
    /// Why.
    pub reason: String,
    /// Who did it.
    pub who: String,
    /// When.
    pub merged_at: DateTime<Utc>,
    /// When it was undone.
    #[schema(required)]
    pub undone_at: Option<DateTime<Utc>>,
}

/// Two rows that shall be one.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct MergeTwo {
    /// `person` or `premise`.
    pub subject: String,
    /// The row that stays.
    pub keep: Uuid,
    /// The row that goes into it.
    pub gone: Uuid,
    /// Why, in words.
    pub reason: String,
}

/// Why a cleansing is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, strum::VariantArray)]
pub enum CleanseRule {
    /// One row cannot go into itself.
    SameRow,
    /// It went into another row before.
    AlreadyMerged,
    /// It was undone before.
    AlreadyUndone,
    /// A later merge builds on it.
    MergedOn,
    /// Decided by somebody already.
    Decided,
    /// Two identity numbers are two people.
    TwoPeople,
}

impl Rule for CleanseRule {
    fn code(&self) -> &'static str {
        match self {
            Self::SameRow => "directory.same_row",
            Self::AlreadyMerged => "directory.already_merged",
            Self::AlreadyUndone => "directory.already_undone",
            Self::MergedOn => "directory.merged_on",
            Self::Decided => "directory.decided",
            Self::TwoPeople => "directory.two_people",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::SameRow => "不能与自身合并",
            Self::AlreadyMerged => "该记录已并入另一条",
            Self::AlreadyUndone => "该合并已撤销",
            Self::MergedOn => "保留的记录后来又被合并，请先撤销后一次合并",
            Self::Decided => "该问题已处理",
            Self::TwoPeople => "证件号码不同，是两个人，不能合并",
        }
        .to_owned()
    }

    fn en(&self) -> String {
        match self {
            Self::SameRow => "A row cannot go into itself",
            Self::AlreadyMerged => "It went into another row before",
            Self::AlreadyUndone => "That merge was undone before",
            Self::MergedOn => "A later merge builds on it; undo that one first",
            Self::Decided => "That was decided already",
            Self::TwoPeople => "Two identity numbers are two people",
        }
        .to_owned()
    }
}

/// Two rows became one, or two again.
#[derive(Debug, Serialize)]
pub struct Merged {
    /// Which merge.
    pub merge_id: Uuid,
    /// `person` or `premise`.
    pub subject: String,
    /// The row that stays.
    pub kept_id: Uuid,
    /// The row that went into it.
    pub gone_id: Uuid,
    /// How many accounts now point to the row that stays, or again to the other.
    pub accounts: usize,
    /// Whether it was undone.
    pub undone: bool,
    #[serde(skip)]
    pub(crate) org_path: Option<String>,
}

impl Event for Merged {
    fn kind(&self) -> &'static str {
        if self.undone { "directory.merge_undone" } else { "directory.merged" }
    }
    fn subject(&self) -> Subject {
        Subject { kind: "merge", id: self.merge_id }
    }
    fn org_path(&self) -> Option<&str> {
        self.org_path.as_deref()
    }
}

/// Somebody decided about a finding.
#[derive(Debug, Serialize)]
pub struct FindingDecided {
    /// Which finding.
    pub finding_id: Uuid,
    /// As it stood.
    pub from: FindingState,
    /// As it stands.
    pub to: FindingState,
    /// Who looks after it now.
    pub assignee_id: Option<UserId>,
    /// What was said.
    pub note: Option<String>,
    #[serde(skip)]
    pub(crate) org_path: String,
}

impl Event for FindingDecided {
    fn kind(&self) -> &'static str {
        "directory.finding_decided"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "finding", id: self.finding_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}
