//! Repairers.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{OrderId, PlaceId, UserId};
use orders::State;

/// A repairer whose phone was heard this recently is online.
pub const ONLINE_FOR: TimeDelta = TimeDelta::minutes(3);

/// A repairer as the desk and he himself see him.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
pub struct Worker {
    /// Who.
    pub staff_id: UserId,
    /// His name.
    pub name: String,
    /// Where he belongs.
    pub org_path: String,
    /// What he can do, in the words of `orders.kind`.
    pub skills: Vec<String>,
    /// Whether he works now.
    pub on_shift: bool,
    /// Whether his phone was heard within [`ONLINE_FOR`].
    pub online: bool,
    /// Longitude of his last position, WGS-84.
    #[schema(required)]
    pub lng: Option<f64>,
    /// Latitude of his last position, WGS-84.
    #[schema(required)]
    pub lat: Option<f64>,
    /// Uncertainty of his last position, metres.
    #[schema(required)]
    pub accuracy_m: Option<f64>,
    /// When he was there.
    #[schema(required)]
    pub position_at: Option<DateTime<Utc>>,
    /// How many orders he may hold; an urgent one may go on top.
    pub load_cap: i32,
    /// Communities that he looks after.
    pub territory: Vec<PlaceId>,
    /// Orders that he holds, next due first.
    pub open: Vec<OpenOrder>,
}

/// An order that a repairer holds.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = WorkerOpenOrder)]
pub struct OpenOrder {
    /// Which.
    pub id: OrderId,
    /// Its number.
    pub no: String,
    /// Where.
    pub address: String,
    /// How it stands.
    pub state: State,
    /// The limit that runs now.
    #[schema(required)]
    pub next_due: Option<DateTime<Utc>>,
}

/// What a station's head sets of a repairer.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkerSettings {
    /// What he can do, in the words of `orders.kind`.
    pub skills: Vec<String>,
    /// How many orders he may hold: 1 to 100.
    pub load_cap: i32,
    /// Communities that he looks after.
    pub territory: Vec<PlaceId>,
}

/// Whether orders are given without a person.
#[derive(Clone, Debug, serde::Serialize, utoipa::ToSchema)]
#[schema(as = DispatchSetting)]
pub struct Setting {
    /// For which part of the house.
    pub org_path: String,
    /// Whether.
    pub automatic: bool,
}
