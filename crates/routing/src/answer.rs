//! What the planner says, in codes and numbers that a screen can word in any language.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// Everybody who was considered: the best first, then those who cannot go and why.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ranking {
    /// Who can go, best first.
    pub ranked: Vec<Ranked>,
    /// Who cannot, by id.
    pub excluded: Vec<Excluded>,
}

/// A repairer who can go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Ranked {
    /// The repairer.
    pub candidate: Uuid,
    /// Sum of the parts' points; more is better, and it may be negative.
    pub total: i64,
    /// Metres by bee-line with the position's uncertainty; none if a place is unknown.
    #[schema(required)]
    pub metres: Option<u32>,
    /// Minutes on the road.
    pub travel_minutes: u32,
    /// Minutes until he can be there, after the orders that come first.
    pub arrival_minutes: u32,
    /// Where his way was reckoned from.
    pub from: TravelFrom,
    /// Orders that he already holds.
    pub open_orders: u32,
    /// Why this total: every part, the most general first.
    pub parts: Vec<Reason>,
}

/// Where a repairer's way is reckoned from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TravelFrom {
    /// His phone's last position.
    Position,
    /// His home station: no position, or an old one that is nearer than the station.
    HomeStation,
    /// Nowhere: he or the order has no known place, an assumed time stands in.
    Unknown,
}

/// One part of a total.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingReason)]
pub struct Reason {
    /// What it is about.
    pub code: ReasonCode,
    /// Points that it adds (or, negative, takes).
    pub points: i64,
    /// The fact behind it; its unit stands at the code.
    pub value: i64,
}

/// What a part of a total is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[schema(as = RankingReasonCode)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// Minutes on the road; always there.
    Travel,
    /// Orders already held; always there.
    Load,
    /// Minutes late, as far as they depend on who goes.
    Late,
    /// The address lies in his territory; value 1.
    Territory,
    /// The address is heated by his home station; value 1.
    HomeStation,
    /// Orders that he holds on the same riser.
    SameRiser,
    /// Orders that he holds in the same unit.
    SameUnit,
    /// Orders that he holds in the same building.
    SameBuilding,
    /// Age of his position in minutes.
    StalePosition,
    /// He has no position; value 0.
    NoPosition,
}

/// A repairer who cannot go, with every reason that stands against it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Excluded {
    /// The repairer.
    pub candidate: Uuid,
    /// Why not; at least one.
    pub reasons: Vec<Exclusion>,
}

/// One reason why somebody cannot go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Exclusion {
    /// Which filter.
    pub code: ExclusionCode,
    /// The number behind it, where the code says that there is one.
    #[schema(required)]
    pub value: Option<i64>,
}

/// Which filter somebody failed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ExclusionCode {
    /// Works for another branch.
    OutsideBranch,
    /// Lacks the skill that the order needs.
    LacksSkill,
    /// Not on shift.
    OffShift,
    /// App unheard for too long; value: minutes, none if it was never heard.
    Offline,
    /// Has paused taking orders.
    NotAccepting,
    /// Has declined this order.
    Declined,
    /// Holds as many orders as one may; value: how many.
    Full,
}
