//! The backlog, the map and the wall.

use crate::Today;
use chrono::{DateTime, Utc};
use kernel::{OrderId, OrgId, PlaceId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What one organisation has open.
#[derive(Debug, Serialize, ToSchema)]
pub struct Backlog {
    /// Which.
    pub org_id: OrgId,
    /// Its name.
    pub org_name: String,
    /// Open orders.
    pub open: i64,
    /// Of them, past the limit that runs.
    pub late: i64,
    /// Of them, with a quarter or less of the step's time left.
    pub at_risk: i64,
    /// When the oldest of them was filed.
    #[schema(required)]
    pub oldest_at: Option<DateTime<Utc>>,
    /// Where they are, most first.
    pub by_community: Vec<CommunityBacklog>,
}

/// What one community has open.
#[derive(Debug, Serialize, Deserialize, ToSchema)]
pub struct CommunityBacklog {
    /// Its name; empty for addresses outside of communities.
    pub community: String,
    /// Open orders.
    pub n: i64,
    /// Of them, late.
    pub late: i64,
    /// Degrees east of their middle, WGS-84.
    #[schema(required)]
    pub lng: Option<f64>,
    /// Degrees north of their middle, WGS-84.
    #[schema(required)]
    pub lat: Option<f64>,
}

/// Open orders, repairers and communities, each with a place.
#[derive(Debug, Serialize, ToSchema)]
pub struct LiveMap {
    /// Open orders that have a place, the most pressing first, at most 2,000.
    pub orders: Vec<MapOrder>,
    /// Repairers whose place is known.
    pub workers: Vec<MapWorker>,
    /// Communities with open orders.
    pub communities: Vec<MapCommunity>,
}

/// An open order on the map.
#[derive(Debug, Serialize, ToSchema)]
pub struct MapOrder {
    /// Which.
    pub id: OrderId,
    /// Its number.
    pub no: String,
    /// How it stands.
    pub state: String,
    /// 1 ordinary, 2 urgent, 3 emergency.
    pub urgency: i16,
    /// The limit that runs now.
    #[schema(required)]
    pub next_due: Option<DateTime<Utc>>,
    /// Degrees east, WGS-84.
    pub lng: f64,
    /// Degrees north, WGS-84.
    pub lat: f64,
    /// The community.
    pub community: String,
    /// Where.
    pub address: String,
}

/// A repairer on the map.
#[derive(Debug, Serialize, ToSchema)]
pub struct MapWorker {
    /// Who.
    pub staff_id: UserId,
    /// His name.
    pub name: String,
    /// Degrees east, WGS-84.
    pub lng: f64,
    /// Degrees north, WGS-84.
    pub lat: f64,
    /// When he was there.
    pub position_at: DateTime<Utc>,
    /// Whether his phone was heard of late.
    pub online: bool,
    /// Whether he works now.
    pub on_shift: bool,
    /// Orders that he holds.
    pub open: i64,
}

/// A community with open orders on the map.
#[derive(Debug, Serialize, ToSchema)]
pub struct MapCommunity {
    /// Which.
    pub id: PlaceId,
    /// Its name.
    pub name: String,
    /// Degrees east, WGS-84.
    pub lng: f64,
    /// Degrees north, WGS-84.
    pub lat: f64,
    /// Open orders.
    pub n: i64,
    /// Of them, late.
    pub late: i64,
}

/// The wall: nothing here names a customer.
#[derive(Debug, Serialize, ToSchema)]
pub struct Wall {
    /// The day so far.
    pub today: Today,
    /// Queues now.
    pub queues: Vec<WallQueue>,
    /// Communities with open orders, most first, at most thirty.
    pub communities: Vec<MapCommunity>,
}

/// A queue on the wall.
#[derive(Debug, Serialize, ToSchema)]
pub struct WallQueue {
    /// Stable name.
    pub key: String,
    /// Name, Chinese.
    pub name: String,
    /// Name, English.
    pub name_en: String,
    /// Callers who wait.
    pub waiting: i64,
    /// Seconds that the first of them has waited.
    pub longest_wait_s: i64,
    /// Its agents who are free.
    pub idle: i64,
    /// Its agents who are on a call.
    pub talking: i64,
}
