//! Versions of the rules: who wrote them, who approved them, from which season they apply.

use chrono::{DateTime, Utc};
use kernel::{OrgId, PackVersionId, Rule, UserId};
use serde::{Deserialize, Serialize};
use tariff::{Difference, ExampleResult, Finding, Pack, Severity};
use utoipa::ToSchema;

/// Where a version stands.
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
    strum::EnumString,
    strum::VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum PackState {
    /// Its author writes it.
    Draft,
    /// Handed in; a second person looks at it.
    Submitted,
    /// The second person agreed.
    Approved,
    /// In force from its first season on.
    Published,
    /// Another version is in force in its place.
    Superseded,
}

/// What can be done with a version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PackStep {
    /// Hand it in.
    Submit,
    /// Hand it back to its author.
    Return,
    /// Agree to it.
    Approve,
    /// Put it in force.
    Publish,
    /// Another one was put in force in its place.
    Supersede,
}

/// Every step that exists.
pub const PACK_STEPS: &[(PackState, PackStep, PackState)] = &[
    (PackState::Draft, PackStep::Submit, PackState::Submitted),
    (PackState::Submitted, PackStep::Return, PackState::Draft),
    (PackState::Submitted, PackStep::Approve, PackState::Approved),
    (PackState::Approved, PackStep::Return, PackState::Draft),
    (PackState::Approved, PackStep::Publish, PackState::Published),
    (PackState::Published, PackStep::Supersede, PackState::Superseded),
];

impl PackState {
    /// Where a step leads.
    pub fn step(self, step: PackStep) -> Result<Self, PackRule> {
        let found = PACK_STEPS.iter().find(|(from, by, _)| (*from, *by) == (self, step));
        found.map(|(_, _, to)| *to).ok_or(PackRule::Step)
    }
}

/// A version in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PackVersion {
    /// The version.
    pub id: PackVersionId,
    /// The pack's stable name.
    pub code: String,
    /// Counts the pack's versions.
    pub version: i32,
    /// Name, Chinese.
    pub name: String,
    /// Name, English.
    pub name_en: String,
    /// The organisation whose households it is for.
    pub org_path: String,
    /// Its name.
    pub org_name: String,
    /// The year in which the first season begins that it applies to.
    pub first_season: i32,
    /// Where it stands.
    pub state: PackState,
    /// Counts changes of a draft.
    pub revision: i32,
    /// What the author says about it; why it came back, if it did.
    pub note: String,
    /// Who wrote it; nobody for what came with the product.
    #[schema(required)]
    pub author_id: Option<UserId>,
    /// Who wrote it.
    pub author_name: String,
    /// When it was last changed.
    pub changed_at: DateTime<Utc>,
    /// When it was handed in.
    #[schema(required)]
    pub submitted_at: Option<DateTime<Utc>>,
    /// Who agreed.
    #[schema(required)]
    pub approver_name: Option<String>,
    /// When.
    #[schema(required)]
    pub approved_at: Option<DateTime<Utc>>,
    /// When it was put in force.
    #[schema(required)]
    pub published_at: Option<DateTime<Utc>>,
    /// When another one took its place.
    #[schema(required)]
    pub superseded_at: Option<DateTime<Utc>>,
}

/// What the machine says about a pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PackReport {
    /// What is wrong or unusual, errors first.
    pub findings: Vec<Finding>,
    /// How its worked examples come out.
    pub examples: Vec<ExampleResult>,
    /// What differs from the version in force; nothing where there is none.
    pub differences: Vec<Difference>,
    /// That version.
    #[schema(required)]
    pub compared_to: Option<PackVersionId>,
    /// Whether it may be handed in.
    pub sound: bool,
}

impl PackReport {
    /// Checks a pack, runs its examples, compares it.
    pub fn of(pack: &Pack, before: Option<(PackVersionId, &Pack)>) -> Self {
        let (findings, examples) = (pack.check(), pack.run_examples());
        let sound = check_sound(&findings, &examples).is_ok();
        let differences = before.map_or_else(Vec::new, |(_, b)| tariff::diff(b, pack));
        let compared_to = before.map(|(id, _)| id);
        Self { findings, examples, differences, compared_to, sound }
    }
}

/// Refuses a pack with an error or with an example that does not come out.
pub fn check_sound(findings: &[Finding], examples: &[ExampleResult]) -> Result<(), PackRule> {
    if let Some(f) = findings.iter().find(|f| f.severity == Severity::Error) {
        return Err(PackRule::Unsound(format!("{}：{}", f.path, f.zh)));
    }
    match examples.iter().find(|e| !e.passed) {
        Some(e) => Err(PackRule::ExampleFails(e.names.zh.clone())),
        None => Ok(()),
    }
}

/// A version with its rules.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct PackDetail {
    /// The version.
    pub version: PackVersion,
    /// Its rules.
    pub pack: Pack,
    /// What the machine says about them.
    pub report: PackReport,
    /// What the caller may do with it now: `edit`, `submit`, `return`, `approve`, `publish`,
    /// `preview`, `copy`.
    pub actions: Vec<&'static str>,
}

/// A new draft.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPack {
    /// Begins as a copy of this version; of the demonstration without it.
    pub copy_of: Option<PackVersionId>,
    /// The pack's stable name; the copied one's without it.
    pub code: Option<String>,
    /// The organisation whose households it is for; the copied one's without it.
    pub org_id: Option<OrgId>,
    /// The year in which the first season begins that it applies to.
    pub first_season: i32,
    /// What it is for.
    pub note: String,
}

/// A draft as its author wants it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackEdit {
    /// The draft's count that the author saw.
    pub revision: i32,
    /// The rules.
    pub pack: Pack,
    /// The year in which the first season begins that it applies to.
    pub first_season: i32,
    /// What it is for.
    pub note: String,
}

/// Rules to be looked at without keeping them.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackTrial {
    /// The rules.
    pub pack: Pack,
}

/// Why a draft goes back.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PackReturn {
    /// Why.
    pub reason: String,
}

/// Why a version of the rules is refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PackRule {
    /// It is not where that step begins.
    Step,
    /// Who wrote it cannot approve it.
    SecondPerson,
    /// A parameter is out of all reason.
    Unsound(String),
    /// A worked example does not come out.
    ExampleFails(String),
    /// No rules apply to that season and organisation.
    NoPack,
    /// Two people began the same version.
    VersionTaken,
    /// Only its author changes a draft.
    NotAuthor,
}

impl Rule for PackRule {
    fn code(&self) -> &'static str {
        match self {
            Self::Step => "billing.pack_step",
            Self::SecondPerson => "billing.pack_second_person",
            Self::Unsound(_) => "billing.pack_unsound",
            Self::ExampleFails(_) => "billing.pack_example_fails",
            Self::NoPack => "billing.no_pack",
            Self::VersionTaken => "billing.pack_version_taken",
            Self::NotAuthor => "billing.pack_not_author",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::Step => "规则包当前状态不允许此操作".to_owned(),
            Self::SecondPerson => "编制人不能审批自己编制的规则包".to_owned(),
            Self::Unsound(what) => format!("参数检查未通过：{what}"),
            Self::ExampleFails(name) => format!("算例未通过：{name}"),
            Self::NoPack => "该采暖季没有已发布的规则包，请先发布".to_owned(),
            Self::VersionTaken => "同一版本已由他人新建，请重试".to_owned(),
            Self::NotAuthor => "只有编制人可以修改草稿".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::Step => "The version is not in a state for that step".to_owned(),
            Self::SecondPerson => "Who wrote a version cannot approve it".to_owned(),
            Self::Unsound(what) => format!("A parameter is out of all reason: {what}"),
            Self::ExampleFails(name) => format!("A worked example does not come out: {name}"),
            Self::NoPack => "No published rules apply to that season".to_owned(),
            Self::VersionTaken => "Somebody else began the same version; try again".to_owned(),
            Self::NotAuthor => "Only its author changes a draft".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use strum::VariantArray as _;

    #[test]
    fn nothing_is_published_that_nobody_approved() {
        let ways = |to| PACK_STEPS.iter().filter(move |s| s.2 == to).map(|s| s.0);
        assert!(ways(PackState::Published).eq([PackState::Approved]));
        assert!(ways(PackState::Approved).eq([PackState::Submitted]));
        assert!(ways(PackState::Submitted).eq([PackState::Draft]));
        for state in PackState::VARIANTS {
            let again = state.step(PackStep::Publish);
            assert_eq!(again.is_ok(), *state == PackState::Approved, "{state:?}");
        }
    }
}
