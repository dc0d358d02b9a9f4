//! What the directory shows, what it refuses and what it tells.

mod event;
mod fact;
mod fact_rule;
mod household;
mod household_rule;
mod measure;
mod quality;
mod timeline;
#[cfg(test)]
mod timeline_tests;
mod views;

pub use event::*;
pub use fact::*;
pub use fact_rule::FactRule;
pub use household::*;
pub use household_rule::HouseholdRule;
pub use measure::Measure;
pub use quality::*;
pub use timeline::*;
pub use views::*;

use chrono::NaiveDate;
use kernel::{AccountId, NetworkNodeId, PersonId, PlaceId, Rule};
use kernel::{Event, Subject};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// A household in a list of finds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct AccountHit {
    /// The account.
    pub account_id: AccountId,
    /// Number that is printed on bills.
    pub account_no: String,
    /// The holder.
    pub name: String,
    /// As people say it: 阳光小区3号楼2单元602.
    pub address: String,
    /// The holder's phones, masked.
    pub phones: Vec<String>,
    /// `using`, `stopped`, `forced_stop` or `not_connected`.
    pub heat_use_state: String,
    /// Path of the station that serves it.
    pub org_path: String,
    /// What the search met.
    pub matched: Matched,
}

/// What a search met, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Matched {
    /// The account number, whole or its beginning.
    AccountNo,
    /// A phone, whole.
    Phone,
    /// The last digits of a phone.
    PhoneTail,
    /// Digits anywhere in a phone.
    PhonePart,
    /// The holder's name, whole.
    Name,
    /// Characters of the holder's name.
    NamePart,
    /// The address.
    Address,
    /// A meter's number, whole or its beginning.
    Meter,
}

/// A household that a caller's number may mean.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Candidate {
    /// The household.
    #[serde(flatten)]
    pub hit: AccountHit,
    /// Whether somebody said so; otherwise it is a holder's own number.
    pub bound: bool,
}

/// How many households a number means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Match {
    /// Exactly one.
    One,
    /// More than one: somebody chooses.
    Several,
    /// None.
    Unknown,
}

/// Who a number may be.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PhoneMatch {
    /// How many.
    #[serde(rename = "match")]
    pub matched: Match,
    /// Which, the ones that somebody bound first.
    pub accounts: Vec<Candidate>,
}

/// A phone of a holder.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Phone {
    /// Digits, masked unless unmasked for a reason.
    pub number: String,
    /// What it is for, such as 本人 or 配偶.
    pub label: String,
}

/// Something about a household that an agent must see.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Mark {
    /// `alteration`, `violation`, `stop_heat` or `restore`.
    pub kind: String,
    /// What exactly.
    pub note: String,
    /// First day.
    pub since: NaiveDate,
    /// Last day, when it has ended or will.
    #[schema(required)]
    pub until: Option<NaiveDate>,
}

/// A household, whole: who, where, connected how, in what state.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Account {
    /// The account.
    pub id: AccountId,
    /// Number that is printed on bills.
    pub account_no: String,
    /// `heat`, `water`, `gas` or `power`.
    pub utility: String,
    /// The holder's name.
    pub name: String,
    /// The holder.
    pub person_id: PersonId,
    /// The holder's phones, masked.
    pub phones: Vec<Phone>,
    /// As people say it.
    pub address: String,
    /// Unified address code of the room.
    pub code: String,
    /// Community's name.
    pub community: String,
    /// Building's name.
    pub building: String,
    /// Unit's name.
    pub unit: String,
    /// The unit.
    pub unit_id: PlaceId,
    /// The riser that heats it.
    #[schema(required)]
    pub riser_id: Option<NetworkNodeId>,
    /// That riser's name.
    #[schema(required)]
    pub riser_name: Option<String>,
    /// Room's number.
    pub room: String,
    /// Storey.
    pub floor: i32,
    /// Square metres.
    pub building_area: String,
    /// Square metres that are charged.
    pub heated_area: String,
    /// `resident`, `shop`, `public` or `garage`.
    pub user_class: String,
    /// `radiator`, `floor` or `fan_coil`.
    pub heating_manner: String,
    /// `open`, `closed`, `sealed` or `none`.
    pub valve_state: String,
    /// `using`, `stopped`, `forced_stop` or `not_connected`.
    pub heat_use_state: String,
    /// Such as `key` or `sensitive`.
    pub tags: Vec<String>,
    /// Path of the station that serves it.
    pub org_path: String,
    /// Name of the station that serves it.
    pub org_name: String,
    /// The exchange station whose water it gets.
    #[schema(required)]
    pub station_node_id: Option<NetworkNodeId>,
    /// That exchange station's name.
    #[schema(required)]
    pub station_name: Option<String>,
    /// Degrees east, WGS-84.
    pub lng: f64,
    /// Degrees north, WGS-84.
    pub lat: f64,
    /// First day of the account.
    pub opened_on: NaiveDate,
    /// What an agent must see, newest first.
    pub marks: Vec<Mark>,
}

/// What is hidden otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct Unmasked {
    /// The holder's phones in full.
    pub phones: Vec<Phone>,
    /// The holder's identity number in full.
    #[schema(required)]
    pub id_number: Option<String>,
}

/// A node of the address tree.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Place {
    /// The node.
    pub id: PlaceId,
    /// The node above; none above a community.
    #[schema(required)]
    pub parent_id: Option<PlaceId>,
    /// `community`, `building` or `unit`.
    pub kind: String,
    /// Unified address code.
    pub code: String,
    /// As people say it.
    pub name: String,
    /// Degrees east, WGS-84.
    pub lng: f64,
    /// Degrees north, WGS-84.
    pub lat: f64,
}

/// Why the directory refuses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DirectoryRule {
    /// A search for next to nothing.
    QueryTooShort,
    /// Not a telephone number.
    PhoneInvalid,
    /// Nothing to unbind.
    NotBound,
    /// Numbers are shown in full only for a reason.
    ReasonMissing,
}

impl Rule for DirectoryRule {
    fn code(&self) -> &'static str {
        match self {
            Self::QueryTooShort => "directory.query_too_short",
            Self::PhoneInvalid => "directory.phone_invalid",
            Self::NotBound => "directory.not_bound",
            Self::ReasonMissing => "directory.reason_missing",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::QueryTooShort => "请至少输入两个字或三位数字",
            Self::PhoneInvalid => "电话号码应为 3 至 20 位数字",
            Self::NotBound => "该号码没有绑定这一户",
            Self::ReasonMissing => "请写明原因（至少四个字）",
        }
        .to_owned()
    }

    fn en(&self) -> String {
        match self {
            Self::QueryTooShort => "Type at least two characters or three digits",
            Self::PhoneInvalid => "A phone number has 3 to 20 digits",
            Self::NotBound => "This number is not bound to that household",
            Self::ReasonMissing => "Say why (at least four characters)",
        }
        .to_owned()
    }
}

/// A number was bound to a household: which households it meant before and means now.
#[derive(Debug, Serialize)]
pub struct PhoneBound {
    /// The number, masked.
    pub number: String,
    /// The household that was added.
    pub account_id: AccountId,
    /// Numbers of the accounts that it was bound to before.
    pub from: Vec<String>,
    /// Numbers of the accounts that it is bound to now.
    pub to: Vec<String>,
    #[serde(skip)]
    pub(crate) org_path: String,
}

impl Event for PhoneBound {
    fn kind(&self) -> &'static str {
        "directory.phone_bound"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "account", id: *self.account_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// A number was taken from a household: which households it meant before and means now.
#[derive(Debug, Serialize)]
pub struct PhoneUnbound {
    /// The number, masked.
    pub number: String,
    /// The household that was taken away.
    pub account_id: AccountId,
    /// Numbers of the accounts that it was bound to before.
    pub from: Vec<String>,
    /// Numbers of the accounts that it is bound to now.
    pub to: Vec<String>,
    #[serde(skip)]
    pub(crate) org_path: String,
}

impl Event for PhoneUnbound {
    fn kind(&self) -> &'static str {
        "directory.phone_unbound"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "account", id: *self.account_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// Somebody saw a holder's numbers in full.
#[derive(Debug, Serialize)]
pub struct PersonUnmasked {
    /// Whose household.
    pub account_id: AccountId,
    /// Why, in the words of who looked.
    pub reason: String,
    #[serde(skip)]
    pub(crate) org_path: String,
}

impl Event for PersonUnmasked {
    fn kind(&self) -> &'static str {
        "directory.unmasked"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "account", id: *self.account_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// Facts of households changed, perhaps backwards in time: what is charged may change too.
#[derive(Debug, Serialize)]
pub struct FactChanged {
    /// The accounts that it touches.
    pub account_ids: Vec<AccountId>,
    /// The first day on which something differs.
    pub from: NaiveDate,
    /// Its number in history.
    pub change_id: uuid::Uuid,
    /// From what to what; people only by their ids.
    pub changes: Vec<FieldChange>,
    /// Why.
    pub reason: String,
    #[serde(skip)]
    pub(crate) org_path: String,
}

impl Event for FactChanged {
    fn kind(&self) -> &'static str {
        "directory.fact_changed"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "account", id: self.account_ids.first().map_or(self.change_id, |a| **a) }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}
