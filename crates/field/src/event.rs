//! What field work tells. The steps themselves are told by `orders` (`order.accepted` and on).

use crate::{EvidenceKind, Room};
use chrono::{DateTime, Utc};
use kernel::{Event, FileId, MatterId, OrderId, Subject, VisitId};
use uuid::Uuid;

/// Something was handed in or measured on a visit.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Recorded {
    #[serde(skip)]
    pub order_id: OrderId,
    #[serde(skip)]
    pub matter_id: MatterId,
    #[serde(skip)]
    pub org_path: String,
    pub no: String,
    pub id: Uuid,
    pub visit_id: VisitId,
    pub round: i32,
    /// By the phone's clock.
    pub at: DateTime<Utc>,
    #[serde(flatten)]
    pub what: What,
}

/// What it was.
#[derive(Debug, serde::Serialize)]
#[serde(untagged)]
pub(crate) enum What {
    Evidence {
        kind: EvidenceKind,
        file_id: FileId,
    },
    Temperature {
        room: Room,
        decidegrees: i32,
    },
    /// He stands too far from the house for the arrival to prove anything.
    ArrivedFar {
        distance_m: f64,
        accuracy_m: Option<f64>,
    },
}

impl Event for Recorded {
    fn kind(&self) -> &'static str {
        match self.what {
            What::Evidence { .. } => "field.evidence_added",
            What::Temperature { .. } => "field.temperature_taken",
            What::ArrivedFar { .. } => "field.arrived_far",
        }
    }
    fn subject(&self) -> Subject {
        Subject { kind: "order", id: *self.order_id }
    }
    fn matter(&self) -> Option<MatterId> {
        Some(self.matter_id)
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}
