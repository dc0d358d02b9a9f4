//! A customer across the utilities, and everything that was ever repaired at his address.

use chrono::{DateTime, NaiveDate, Utc};
use directory::UtilityAccount;
use kernel::{AccountId, Fen, FileId, OrderId};
use serde::Serialize;
use sqlx::types::Json;
use utoipa::ToSchema;

/// A customer as all companies under this roof know him.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CustomerProfile {
    /// First day of the account.
    pub since: NaiveDate,
    /// Words of the dictionary `tag`.
    pub tags: Vec<String>,
    /// A term of the dictionary `customer_type`.
    #[schema(required)]
    pub customer_type: Option<String>,
    /// A term of the dictionary `relation_level`.
    #[schema(required)]
    pub relation_level: Option<String>,
    /// Why he stands on the blacklist now.
    #[schema(required)]
    pub blacklisted: Option<String>,
    /// His accounts of all utilities at this address.
    pub utilities: Vec<UtilityStanding>,
    /// How he pays his heat, season by season, newest first; nothing for who may not see money.
    pub seasons: Vec<ledger::SeasonBalance>,
    /// What he asked for in the last twelve months.
    pub year: CustomerYear,
}

/// One utility's account and how it stands.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UtilityStanding {
    /// The account, and what its company promises.
    #[serde(flatten)]
    pub account: UtilityAccount,
    /// Orders that are open.
    pub open_orders: i64,
    /// Orders of the last twelve months.
    pub orders: i64,
    /// When the last one was filed.
    #[schema(required)]
    pub last_order_at: Option<DateTime<Utc>>,
    /// What it owes; nothing for who may not see money.
    #[schema(required)]
    pub owed_fen: Option<Fen>,
}

/// Twelve months of a customer.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CustomerYear {
    /// Calls that reached or sought an agent.
    pub calls: i64,
    /// Repairs.
    pub repairs: i64,
    /// Complaints.
    pub complaints: i64,
    /// Times that he pressed for an order.
    pub chases: i64,
    /// Visits more than one for the same order.
    pub reworks: i64,
    /// Revisits at which he was not content.
    pub unsatisfied: i64,
}

/// One order in a customer's repair file.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RepairRecord {
    /// Which.
    pub order_id: OrderId,
    /// Its number.
    pub no: String,
    /// `heat`, `water`, `gas` or `power`.
    pub utility: String,
    /// Whose account it was filed for.
    pub account_id: AccountId,
    /// Its kind's name.
    pub kind_name: String,
    /// Its symptom's name.
    #[schema(required)]
    pub symptom_name: Option<String>,
    /// How it stands.
    pub state: orders::State,
    /// What was found.
    #[schema(required)]
    pub cause_name: Option<String>,
    /// `user`, `network` or `none`.
    #[schema(required)]
    pub side: Option<String>,
    /// What was done.
    pub resolution: String,
    /// Visits.
    pub round: i32,
    /// What the customer said of it.
    #[schema(required)]
    pub satisfaction: Option<orders::Satisfaction>,
    /// When it was filed.
    pub opened_at: DateTime<Utc>,
    /// When the work was done.
    #[schema(required)]
    pub finished_at: Option<DateTime<Utc>>,
    /// Who did it.
    #[schema(required)]
    pub assignee_name: Option<String>,
    /// Pictures, sound and film of the visits.
    #[schema(value_type = Vec<RepairProof>)]
    pub proofs: Json<Vec<RepairProof>>,
    /// Parts and services that were charged or covered.
    #[schema(value_type = Vec<RepairPart>)]
    pub parts: Json<Vec<RepairPart>>,
    /// What the customer pays for it, in fen.
    pub charged_fen: i64,
}

/// A picture, a sound or a film of a visit.
#[derive(Clone, Debug, Serialize, serde::Deserialize, ToSchema)]
pub struct RepairProof {
    /// The file.
    pub file_id: FileId,
    /// `photo_before`, `photo_after`, `signature`, `audio` or `video`.
    pub kind: String,
    /// When it was taken.
    pub taken_at: DateTime<Utc>,
}

/// A part or a service of a visit.
#[derive(Clone, Debug, Serialize, serde::Deserialize, ToSchema)]
pub struct RepairPart {
    /// What.
    pub name: String,
    /// `service` or `material`.
    pub kind: String,
    /// Hundredths of the unit.
    pub quantity: i64,
    /// The unit.
    pub unit: String,
    /// What the customer pays, in fen; nothing when it is covered.
    pub charge_fen: i64,
    /// Whether the warranty covers it.
    pub covered: bool,
}
