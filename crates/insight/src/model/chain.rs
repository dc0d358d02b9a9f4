//! One matter, one chain: everything that one request set off, and what led to what.

use chrono::{DateTime, Utc};
use kernel::MatterId;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

/// Everything that belongs to one matter. Walk it from any node in either direction along
/// `edges`.
#[derive(Debug, Serialize, ToSchema)]
pub struct Chain {
    /// Which matter.
    pub matter_id: MatterId,
    /// Calls.
    pub calls: Vec<ChainNode>,
    /// Recordings of those calls.
    pub recordings: Vec<ChainNode>,
    /// Orders.
    pub orders: Vec<ChainNode>,
    /// Visits of repairers.
    pub visits: Vec<ChainNode>,
    /// Photos, sounds and signatures from those visits.
    pub evidence: Vec<ChainNode>,
    /// Temperatures measured on those visits.
    pub temperatures: Vec<ChainNode>,
    /// Revisits.
    pub revisits: Vec<ChainNode>,
    /// Messages to customers and staff.
    pub messages: Vec<ChainNode>,
    /// What led to what.
    pub edges: Vec<ChainEdge>,
}

/// Something in a chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChainNode {
    /// Its id.
    pub id: Uuid,
    /// What tells it from its like, in no language: a number, a name, a round.
    pub label: String,
    /// How it stands or came out.
    pub state: String,
    /// When it began.
    pub at: DateTime<Utc>,
}

/// The sort of a node.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NodeKind {
    /// A call.
    Call,
    /// Its recording.
    Recording,
    /// An order.
    Order,
    /// A visit.
    Visit,
    /// A photo, sound or signature.
    Evidence,
    /// A temperature.
    Temperature,
    /// A revisit.
    Revisit,
    /// A message.
    Message,
}

/// One end of an edge.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, ToSchema)]
pub struct ChainEnd {
    /// Sort of node.
    pub kind: NodeKind,
    /// Which.
    pub id: Uuid,
}

/// One thing led to another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChainEdge {
    /// What led.
    pub from: ChainEnd,
    /// To what.
    pub to: ChainEnd,
    /// How: `filing`, `chase`, `revisit`, `other`, `recorded`, `visited`, `proved`, `measured`,
    /// `asked` or `told`.
    pub why: String,
}
