//! What hangs on a household beside its facts.

use super::Measure;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, FileId, PersonId, PremiseId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Everything around an account that its first page does not show.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Household {
    /// Who holds it.
    pub holder: Person,
    /// The rooms that it holds today.
    pub rooms: Vec<RoomNow>,
    /// Meters in these rooms.
    pub meters: Vec<FittedMeter>,
    /// Accounts of any utility at the same address code, this one among them.
    pub utilities: Vec<UtilityAccount>,
    /// Other accounts of the same holder.
    pub others: Vec<OtherAccount>,
    /// Standing on the blacklist, now or once; newest first.
    pub blacklist: Vec<Listing>,
    /// Papers, newest first.
    pub documents: Vec<HouseholdPaper>,
    /// Whether it is cut off, planned or removed, paid by meter, or poor.
    pub network_state: String,
    /// `area`, `two_part` or `metered`.
    pub charge_type: String,
    /// Whether a low-income proof counts.
    pub low_income: bool,
}

/// A person or body.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Person {
    /// Which.
    pub id: PersonId,
    /// `natural` or `body`.
    pub kind: String,
    /// Name.
    pub name: String,
    /// A term of the dictionary `customer_type`.
    #[schema(required)]
    pub customer_type: Option<String>,
    /// A term of the dictionary `relation_level`.
    #[schema(required)]
    pub relation_level: Option<String>,
    /// Who signs for a body.
    #[schema(required)]
    pub signatory: Option<String>,
    /// A body's tax number.
    #[schema(required)]
    pub tax_number: Option<String>,
    /// Identity number, masked.
    #[schema(required)]
    pub id_number: Option<String>,
    /// Phones, masked.
    pub phones: Vec<super::Phone>,
}

/// A room of an account, today.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct RoomNow {
    /// Which.
    pub premise_id: PremiseId,
    /// Unified address code.
    pub code: String,
    /// As people say it.
    pub address: String,
    /// Whether bills name it.
    pub main: bool,
    /// First day of the account in it.
    pub from: NaiveDate,
    /// Of the deed.
    pub building_area: Measure,
    /// Inside the walls.
    #[schema(required)]
    pub usable_area: Option<Measure>,
    /// That is heated.
    pub heated_area: Measure,
    /// That is paid for.
    pub charged_area: Measure,
    /// Metres from floor to ceiling.
    #[schema(required)]
    pub storey_height: Option<Measure>,
    /// What it is used for.
    pub user_class: String,
    /// How it is heated.
    pub heating_manner: String,
    /// `open`, `closed`, `sealed` or `none`.
    pub valve_state: String,
}

/// A meter.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct FittedMeter {
    /// Which.
    pub id: Uuid,
    /// Number on its face.
    pub number: String,
    /// Where.
    pub premise_id: PremiseId,
    /// `heat`, `water`, `gas` or `power`.
    pub kind: String,
    /// `GJ`, `kWh`, `MWh` or `m3`.
    pub unit: String,
    /// What it showed when it was fitted.
    pub start_reading: String,
    /// First day.
    pub valid_from: NaiveDate,
    /// First day without it.
    #[schema(required)]
    pub valid_to: Option<NaiveDate>,
}

/// An account of one utility, and what its company promises.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct UtilityAccount {
    /// The account.
    pub account_id: AccountId,
    /// `heat`, `water`, `gas` or `power`.
    pub utility: String,
    /// Number that is printed on bills.
    pub account_no: String,
    /// Holder's name.
    pub name: String,
    /// The company that serves it.
    pub company: String,
    /// Its number.
    pub hotline: String,
    /// Promised at the door, minutes.
    pub arrive_minutes: i32,
    /// Promised repaired, minutes.
    pub repair_minutes: i32,
}

/// Another account of the same holder.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct OtherAccount {
    /// The account.
    pub account_id: AccountId,
    /// Number that is printed on bills.
    pub account_no: String,
    /// As people say it.
    pub address: String,
    /// `using`, `stopped`, `forced_stop` or `not_connected`.
    pub heat_use_state: String,
}

/// A time on the blacklist.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Listing {
    /// Which.
    pub id: Uuid,
    /// Why.
    pub reason: String,
    /// First day.
    pub since: NaiveDate,
    /// When it was lifted.
    #[schema(required)]
    pub lifted_at: Option<DateTime<Utc>>,
    /// Why it was lifted.
    #[schema(required)]
    pub lift_reason: Option<String>,
}

/// A paper, scanned or made electronically.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct HouseholdPaper {
    /// Which.
    pub id: Uuid,
    /// A term of the dictionary `document`.
    pub kind: String,
    /// What it says on it.
    pub title: String,
    /// The scan.
    #[schema(required)]
    pub file_id: Option<FileId>,
    /// The scan's media type.
    #[schema(required)]
    pub media_type: Option<String>,
    /// Of a contract that is kept electronically.
    #[schema(required)]
    pub contract_no: Option<String>,
    /// When it was signed.
    #[schema(required)]
    pub signed_on: Option<NaiveDate>,
    /// Until when it counts.
    #[schema(required)]
    pub valid_to: Option<NaiveDate>,
    /// When it came here.
    pub added_at: DateTime<Utc>,
}

/// A paper that comes in.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewDocument {
    /// A term of the dictionary `document`.
    pub kind: String,
    /// What it says on it.
    pub title: String,
    /// The scan, uploaded before.
    pub file_id: Option<FileId>,
    /// Of a contract that is kept electronically.
    pub contract_no: Option<String>,
    /// When it was signed.
    pub signed_on: Option<NaiveDate>,
    /// Until when it counts.
    pub valid_to: Option<NaiveDate>,
}

/// What is known of a person; of an existing one, what is absent stays.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PersonPatch {
    /// `natural` or `body`.
    pub kind: Option<String>,
    /// Name.
    pub name: Option<String>,
    /// Identity number, or a body's registration number.
    pub id_number: Option<String>,
    /// A term of the dictionary `customer_type`.
    pub customer_type: Option<String>,
    /// A term of the dictionary `relation_level`.
    pub relation_level: Option<String>,
    /// Who signs for a body.
    pub signatory: Option<String>,
    /// A body's tax number.
    pub tax_number: Option<String>,
}

/// A meter that is fitted.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMeter {
    /// Number on its face.
    pub number: String,
    /// Where.
    pub premise_id: PremiseId,
    /// `heat`, `water`, `gas` or `power`.
    pub kind: String,
    /// `GJ`, `kWh`, `MWh` or `m3`.
    pub unit: String,
    /// What it shows, such as `0.000`.
    pub start_reading: Option<String>,
    /// First day.
    pub from: NaiveDate,
}

/// An account that is opened for a room.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewAccount {
    /// Number that is printed on bills; the next free one when absent.
    pub account_no: Option<String>,
    /// `heat`, `water`, `gas` or `power`.
    pub utility: String,
    /// The main room.
    pub premise_id: PremiseId,
    /// First day.
    pub opened_on: NaiveDate,
    /// Its facts from that day on.
    pub facts: super::AccountFacts,
    /// Why, in words.
    pub reason: String,
}

/// A room that is new to the directory.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPremise {
    /// The unit that it lies in.
    pub unit_id: kernel::PlaceId,
    /// The riser that heats it.
    pub riser_id: Option<kernel::NetworkNodeId>,
    /// Storey.
    pub floor: i32,
    /// Room's number.
    pub room: String,
    /// First day of its facts.
    pub from: NaiveDate,
    /// Its facts from that day on.
    pub facts: super::PremiseFacts,
    /// Why, in words.
    pub reason: String,
}

/// A word that people choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Term {
    /// Which list: `customer_type`, `relation`, `relation_level`, `tag`, `document`.
    pub dictionary: String,
    /// Stable name.
    pub code: String,
    /// Name, Chinese.
    pub zh: String,
    /// Name, English.
    pub en: String,
    /// Place in the list.
    pub position: i32,
    /// No longer offered.
    pub retired: bool,
}

/// A company that serves one utility, and what it promises.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Utility {
    /// `heat`, `water`, `gas` or `power`.
    pub code: String,
    /// The company.
    pub company: String,
    /// Its number.
    pub hotline: String,
    /// Whose its orders are; of heat they are the station's that serves the address.
    #[schema(required)]
    pub org_id: Option<kernel::OrgId>,
    /// Promised at the door, minutes.
    pub arrive_minutes: i32,
    /// Promised repaired, minutes.
    pub repair_minutes: i32,
}

/// Somebody in the address book.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct BookContact {
    /// Which.
    pub id: Uuid,
    /// Name.
    pub name: String,
    /// Where he works.
    pub organisation: String,
    /// As what.
    pub post: String,
    /// Number, in full: the book is for ringing people up.
    pub phone: String,
    /// Mail address.
    pub email: String,
    /// Such as 物业 or 社区.
    pub groups: Vec<String>,
    /// Anything else.
    pub note: String,
}

/// An entry of the address book.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ContactEntry {
    /// Name.
    pub name: String,
    /// Where he works.
    #[serde(default)]
    pub organisation: String,
    /// As what.
    #[serde(default)]
    pub post: String,
    /// Number.
    pub phone: String,
    /// Mail address.
    #[serde(default)]
    pub email: String,
    /// Such as 物业 or 社区.
    #[serde(default)]
    pub groups: Vec<String>,
    /// Anything else.
    #[serde(default)]
    pub note: String,
}
