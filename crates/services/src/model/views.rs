//! What people see, and what they send.

use crate::{
    AuditState, Earning, Finding, ItemId, ItemKind, Part, PriceId, Reason, RuleId, ServiceClass,
    SheetId, SheetState, StatementId, StatementState,
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Fen, FileId, OrderId, PostingId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A price, from a day on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServicePrice)]
pub struct Price {
    /// Which.
    pub id: PriceId,
    /// Of what.
    pub item_id: ItemId,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Whether it is offered from then on.
    pub offered: bool,
    /// For one unit.
    pub price_fen: Fen,
    /// Whether another price may be agreed on.
    pub negotiable: bool,
    /// How long the work is warranted.
    pub warranty_days: i32,
    /// What the repairer earns for one unit.
    pub pay_fixed_fen: Fen,
    /// And which share of the price, in hundredths of a percent.
    pub pay_share_bp: i32,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: String,
}

/// A service or a material with its price.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceItem)]
pub struct Item {
    /// Which.
    pub id: ItemId,
    /// As papers name it.
    pub code: String,
    /// Work or a thing.
    pub kind: ItemKind,
    /// Repair, or a service of the market.
    pub class: ServiceClass,
    /// Whose the thing is.
    pub part: Part,
    /// For people, Chinese.
    pub name: String,
    /// For people, English; may be empty.
    pub name_en: String,
    /// What is counted.
    pub unit: String,
    /// The price in force; nothing before the first one.
    #[schema(required)]
    pub price: Option<Price>,
    /// Those that follow, and those that were, newest first.
    pub history: Vec<Price>,
}

/// The warranty, from a day on.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = WarrantyRule)]
pub struct Rule {
    /// Which.
    pub id: RuleId,
    /// Its first day.
    pub valid_from: NaiveDate,
    /// Whether work on the company's part is free.
    pub public_free: bool,
    /// How long a new installation is covered.
    pub installation_days: i32,
    /// Within how many days the same flat is looked at.
    pub repeat_days: i32,
    /// How many of a hundred are drawn for an audit.
    pub sample_percent: i32,
    /// On what paper it stands.
    pub citation: String,
    /// When it was written down.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: String,
}

/// Everything that is offered, and the warranty.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceCatalogue)]
pub struct Catalogue {
    /// The day of which it is.
    pub on: NaiveDate,
    /// What is there.
    pub items: Vec<Item>,
    /// The warranty in force.
    #[schema(required)]
    pub rule: Option<Rule>,
    /// Those that follow, and those that were, newest first.
    pub rules: Vec<Rule>,
}

/// A price to be set.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewServicePrice)]
pub struct NewPrice {
    /// From which day on.
    pub valid_from: NaiveDate,
    /// Whether it is offered from then on.
    pub offered: bool,
    /// For one unit.
    pub price_fen: Fen,
    /// Whether another price may be agreed on.
    pub negotiable: bool,
    /// How long the work is warranted.
    pub warranty_days: i32,
    /// What the repairer earns for one unit.
    pub pay_fixed_fen: Fen,
    /// And which share of the price, in hundredths of a percent.
    pub pay_share_bp: i32,
}

/// A service or material to be added.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewServiceItem)]
pub struct NewItem {
    /// As papers name it.
    pub code: String,
    /// Work or a thing.
    pub kind: ItemKind,
    /// Repair, or a service of the market.
    pub class: ServiceClass,
    /// Whose the thing is.
    pub part: Part,
    /// For people, Chinese.
    pub name: String,
    /// For people, English.
    #[serde(default)]
    pub name_en: String,
    /// What is counted.
    pub unit: String,
    /// Its first price.
    pub price: NewPrice,
}

/// A warranty to be set.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = NewWarrantyRule)]
pub struct NewRule {
    /// From which day on.
    pub valid_from: NaiveDate,
    /// Whether work on the company's part is free.
    pub public_free: bool,
    /// How long a new installation is covered.
    pub installation_days: i32,
    /// Within how many days the same flat is looked at.
    pub repeat_days: i32,
    /// How many of a hundred are drawn for an audit.
    pub sample_percent: i32,
    /// On what paper it stands.
    pub citation: String,
}

/// A line that a repairer offers.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = OfferedLine)]
pub struct WantedLine {
    /// What.
    pub item_id: ItemId,
    /// How much, in hundredths of the unit.
    pub quantity: i32,
    /// Another price than the list's.
    pub unit_fen: Option<Fen>,
    /// Whether the warranty covers it; what the rule says when nothing is said.
    pub covered: Option<bool>,
    /// Why it is not what the rule or the list says.
    #[serde(default)]
    pub said: String,
}

/// A line of an offer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = ServiceLine)]
pub struct Line {
    /// What.
    pub item_id: ItemId,
    /// Under which price.
    pub price_id: PriceId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its name, English.
    pub name_en: String,
    /// What is counted.
    pub unit: String,
    /// Work or a thing.
    pub kind: ItemKind,
    /// How much, in hundredths of the unit.
    pub quantity: i32,
    /// The list's price.
    pub list_fen: Fen,
    /// The price taken.
    pub unit_fen: Fen,
    /// What it is worth.
    pub sum_fen: Fen,
    /// What the rule says.
    pub rule_covered: bool,
    /// Why.
    pub rule_reason: Reason,
    /// Until when.
    #[schema(required)]
    pub rule_until: Option<NaiveDate>,
    /// The earlier work that it stands on.
    #[schema(required)]
    pub rule_sheet_id: Option<SheetId>,
    /// What was done.
    pub covered: bool,
    /// Why, when it is not what the rule or the list says.
    pub said: String,
    /// What the household pays.
    pub charge_fen: Fen,
    /// What the repairer earns.
    pub pay_fen: Fen,
}

/// An offer to a household.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceSheet)]
pub struct Sheet {
    /// Which.
    pub id: SheetId,
    /// As papers name it.
    pub no: String,
    /// On which order.
    pub order_id: OrderId,
    /// The order's number.
    pub order_no: String,
    /// Whose flat.
    pub account_id: AccountId,
    /// The account's number.
    pub account_no: String,
    /// Where.
    pub address: String,
    /// Who offers it.
    pub staff_id: UserId,
    /// His name.
    pub staff_name: String,
    /// How it stands.
    pub state: SheetState,
    /// The day whose prices count.
    pub priced_on: NaiveDate,
    /// What the household pays.
    pub total_fen: Fen,
    /// What the repairer earns.
    pub pay_fen: Fen,
    /// When it was offered.
    pub quoted_at: DateTime<Utc>,
    /// When the customer signed.
    #[schema(required)]
    pub agreed_at: Option<DateTime<Utc>>,
    /// Who signed.
    pub signer: String,
    /// His signature.
    #[schema(required)]
    pub signature_id: Option<FileId>,
    /// The day on which it became a debt.
    #[schema(required)]
    pub charged_on: Option<NaiveDate>,
    /// Where it stands in the book.
    #[schema(required)]
    pub posting_id: Option<PostingId>,
    /// When it ended without or after a charge.
    #[schema(required)]
    pub ended_at: Option<DateTime<Utc>>,
    /// By whom.
    pub ended_by: String,
    /// Why.
    pub end_reason: String,
    /// The statement that settles it, if one does.
    #[schema(required)]
    pub statement_no: Option<String>,
    /// What was offered.
    pub lines: Vec<Line>,
}

/// What somebody must look at, or has.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = ServiceAudit)]
pub struct Audit {
    /// The work.
    pub sheet: Sheet,
    /// What looks odd.
    pub findings: Vec<Finding>,
    /// Since when it waits.
    pub found_at: DateTime<Utc>,
    /// How it stands.
    pub state: AuditState,
    /// When it was decided.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom.
    pub decided_by_name: String,
    /// What he said.
    pub note: String,
}

/// What a repairer could be paid for.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = UnsettledWork)]
pub struct Unsettled {
    /// Who.
    pub staff_id: UserId,
    /// His name.
    pub staff_name: String,
    /// His organisation.
    pub org_name: String,
    /// How many sheets.
    pub sheets: i64,
    /// What he earned.
    pub earned_fen: Fen,
    /// What he gives back.
    pub deducted_fen: Fen,
    /// How many sheets wait for an audit and are not counted.
    pub waiting: i64,
}

/// What one repairer is paid for a period.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RepairStatement)]
pub struct Statement {
    /// Which.
    pub id: StatementId,
    /// As papers name it.
    pub no: String,
    /// Who.
    pub staff_id: UserId,
    /// His name.
    pub staff_name: String,
    /// His organisation.
    pub org_name: String,
    /// First day.
    pub from_day: NaiveDate,
    /// Last day.
    pub through: NaiveDate,
    /// How it stands.
    pub state: StatementState,
    /// What he earned.
    pub earned_fen: Fen,
    /// What he gives back.
    pub deducted_fen: Fen,
    /// When it was proposed.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: UserId,
    /// His name.
    pub made_by_name: String,
    /// When it was decided.
    #[schema(required)]
    pub decided_at: Option<DateTime<Utc>>,
    /// By whom.
    pub decided_by_name: String,
    /// What he said.
    pub decision: String,
    /// Where it stands in the book.
    #[schema(required)]
    pub posting_id: Option<PostingId>,
    /// When it was taken back.
    #[schema(required)]
    pub reversed_at: Option<DateTime<Utc>>,
    /// Why.
    pub reverse_reason: String,
}

/// A statement's line: one sheet.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RepairStatementLine)]
pub struct StatementLine {
    /// On which side.
    pub kind: Earning,
    /// Which work.
    pub sheet_id: SheetId,
    /// Its number.
    pub sheet_no: String,
    /// The order's number.
    pub order_no: String,
    /// Where.
    pub address: String,
    /// When it was done.
    pub charged_on: NaiveDate,
    /// What was done, in a few words.
    pub what: String,
    /// What the household was charged.
    pub total_fen: Fen,
    /// What it comes to.
    pub amount_fen: Fen,
}

/// A statement with its lines.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = RepairStatementDetail)]
pub struct StatementDetail {
    /// The statement.
    #[serde(flatten)]
    pub statement: Statement,
    /// Its lines, earned first.
    pub lines: Vec<StatementLine>,
}
