//! How applications are asked for and shown.

use super::{ApplicationForm, ApplicationKind, ApplicationState};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, ApplicationId, Event, Fen, FileId, MatterId, OrderId, SeasonId, Subject};
use serde::{Deserialize, Serialize};
use tariff::Explained;
use utoipa::ToSchema;

/// What was shown or declared with an application.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Declared {
    /// Property proof and identity were shown.
    pub papers_shown: bool,
    /// Pipes inside are drained and disconnected.
    pub pipes_drained: bool,
    /// All rooms of the contract are meant.
    pub whole_contract: bool,
    /// The building is within its warranty.
    pub in_warranty: bool,
}

impl Default for Declared {
    fn default() -> Self {
        Self { papers_shown: false, pipes_drained: false, whole_contract: true, in_warranty: false }
    }
}

/// Something that stands against an application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Objection {
    /// Stable name.
    pub code: String,
    /// Chinese.
    pub zh: String,
    /// English.
    pub en: String,
}

impl Objection {
    /// As a rule says it.
    pub fn of(rule: &impl kernel::Rule) -> Self {
        Self { code: rule.code().to_owned(), zh: rule.zh(), en: rule.en() }
    }
}

/// An application to be taken in.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewApplication {
    /// Of which household.
    pub account_id: AccountId,
    /// What is asked for.
    pub form: ApplicationForm,
    /// What was shown and declared.
    #[serde(default)]
    pub declared: Declared,
    /// For people.
    #[serde(default)]
    pub note: String,
}

/// What an account would pay for the season, before and after.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PreviewedAccount {
    /// The account.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// As it is, in fen.
    pub before_fen: Fen,
    /// As it would be, in fen.
    pub after_fen: Fen,
    /// The lines as it is.
    pub before: Vec<Explained>,
    /// The lines as it would be.
    pub after: Vec<Explained>,
}

/// A fee that comes with the application.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ApplicationFee {
    /// `connection` or `reconnect`.
    pub item: String,
    /// In fen.
    pub amount_fen: Fen,
}

/// What an application would change, and what stands against it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApplicationPreview {
    /// The season that it is for.
    pub season_id: SeasonId,
    /// Its code.
    pub season: String,
    /// What the season costs as it is, in fen.
    pub before_fen: Fen,
    /// What it would cost, in fen.
    pub after_fen: Fen,
    /// What the change comes to, in fen, fees that come with it excluded.
    pub difference_fen: Fen,
    /// Fees that come with it.
    pub fees: Vec<ApplicationFee>,
    /// Account by account, with each line.
    pub accounts: Vec<PreviewedAccount>,
    /// What stands against it.
    pub objections: Vec<Objection>,
    /// Whether a second person must decide.
    pub needs_approval: bool,
    /// Whether it counts only from the day on which the valve was moved.
    pub counts_from_valve: bool,
    /// The day by which it is answered.
    pub answer_by: NaiveDate,
}

/// What an application was to change when it was checked: kept with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PreviewSummary {
    /// What the season cost, in fen.
    pub before_fen: Fen,
    /// What it was to cost, in fen.
    pub after_fen: Fen,
    /// Fees that come with it.
    pub fees: Vec<ApplicationFee>,
}

/// An application.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Application {
    /// The application.
    pub id: ApplicationId,
    /// As people say it: `YW20261122-0001`.
    pub no: String,
    /// Which business.
    pub kind: ApplicationKind,
    /// The household.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Who holds it.
    pub name: String,
    /// Where.
    pub address: String,
    /// The matter that it belongs to.
    pub matter_id: MatterId,
    /// The season.
    pub season: String,
    /// What is asked for.
    #[schema(value_type = ApplicationForm)]
    pub form: sqlx::types::Json<ApplicationForm>,
    /// What was shown and declared.
    #[schema(value_type = Declared)]
    pub declared: sqlx::types::Json<Declared>,
    /// For people.
    pub note: String,
    /// From when it is wanted.
    pub asked_from: NaiveDate,
    /// How it stands.
    pub state: ApplicationState,
    /// Whether a second person must decide.
    pub needs_approval: bool,
    /// What stood against it.
    #[schema(value_type = Vec<Objection>)]
    pub objections: sqlx::types::Json<Vec<Objection>>,
    /// Why it went on all the same.
    #[schema(required)]
    pub despite: Option<String>,
    /// What it was to change.
    #[schema(value_type = PreviewSummary)]
    pub preview: sqlx::types::Json<PreviewSummary>,
    /// From when it counts.
    #[schema(required)]
    pub effective_on: Option<NaiveDate>,
    /// When it was taken in.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by_name: String,
    /// The day by which it is answered.
    pub answer_by: NaiveDate,
    /// When it was decided.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom.
    #[schema(required)]
    pub decided_by_name: Option<String>,
    /// With which words.
    #[schema(required)]
    pub decision: Option<String>,
    /// When it was done.
    #[schema(required)]
    pub done_at: Option<DateTime<Utc>>,
    /// The order that moves its valve.
    #[schema(required)]
    pub order_id: Option<OrderId>,
    /// Its number.
    #[schema(required)]
    pub order_no: Option<String>,
    /// The day on which the valve was moved.
    #[schema(required)]
    pub valve_on: Option<NaiveDate>,
}

/// A paper that came with an application.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApplicationPaper {
    /// The file.
    pub file_id: FileId,
    /// Its name.
    pub name: String,
    /// Which sort of paper.
    pub kind: String,
    /// When it was added.
    pub added_at: DateTime<Utc>,
    /// By whom.
    pub added_by_name: String,
}

/// Something that happened to an application.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApplicationMoment {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub who: String,
    /// The event's name.
    pub event: String,
    /// The words that were said.
    pub note: String,
}

/// An application with its papers and its history.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ApplicationFile {
    /// The application.
    pub application: Application,
    /// Its papers.
    pub papers: Vec<ApplicationPaper>,
    /// What happened, oldest first.
    pub history: Vec<ApplicationMoment>,
}

/// Something happened to an application.
#[derive(Debug, Serialize)]
pub(crate) struct ApplicationTold {
    #[serde(skip)]
    pub id: ApplicationId,
    #[serde(skip)]
    pub event: &'static str,
    #[serde(skip)]
    pub matter: MatterId,
    #[serde(skip)]
    pub org_path: String,
    pub no: String,
    pub application: ApplicationKind,
    pub account_id: AccountId,
    pub from: Option<ApplicationState>,
    pub to: ApplicationState,
    pub note: String,
}

impl Event for ApplicationTold {
    fn kind(&self) -> &'static str {
        self.event
    }
    fn subject(&self) -> Subject {
        Subject { kind: "application", id: *self.id }
    }
    fn matter(&self) -> Option<MatterId> {
        Some(self.matter)
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// What a valve shall do.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, strum::IntoStaticStr,
)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ValveAction {
    /// Let heat in.
    Open,
    /// Shut it.
    Close,
}

/// A valve shall be moved: a job files the order.
#[derive(Debug, Serialize)]
pub(crate) struct ValveRequested {
    #[serde(skip)]
    pub application_id: ApplicationId,
    #[serde(skip)]
    pub matter: MatterId,
    #[serde(skip)]
    pub org_path: String,
    pub account_id: AccountId,
    pub action: ValveAction,
    pub reason: String,
}

impl Event for ValveRequested {
    fn kind(&self) -> &'static str {
        "billing.valve_requested"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "application", id: *self.application_id }
    }
    fn matter(&self) -> Option<MatterId> {
        Some(self.matter)
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}
