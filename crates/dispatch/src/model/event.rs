//! What dispatch tells. Who got an order, and why, is told by `orders` (`order.dispatched`).

use kernel::{Event, MatterId, OrderId, ProposalId, Subject, UserId};
use serde_json::Value;
use uuid::Uuid;

/// A repairer began or ended a shift.
#[derive(Debug, serde::Serialize)]
pub(crate) struct ShiftChanged {
    #[serde(skip)]
    pub staff_id: UserId,
    #[serde(skip)]
    pub org_path: String,
    pub from: bool,
    pub to: bool,
}

impl Event for ShiftChanged {
    fn kind(&self) -> &'static str {
        "dispatch.shift_changed"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "worker", id: *self.staff_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// A repairer's skills, territory or cap were set.
#[derive(Debug, serde::Serialize)]
pub(crate) struct WorkerChanged {
    #[serde(skip)]
    pub staff_id: UserId,
    #[serde(skip)]
    pub org_path: String,
    pub from: Value,
    pub to: Value,
}

impl Event for WorkerChanged {
    fn kind(&self) -> &'static str {
        "dispatch.worker_changed"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "worker", id: *self.staff_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// Automatic dispatch was switched on or off.
#[derive(Debug, serde::Serialize)]
pub(crate) struct SettingChanged {
    #[serde(skip)]
    pub org_id: Uuid,
    pub org_path: String,
    pub from: bool,
    pub to: bool,
}

impl Event for SettingChanged {
    fn kind(&self) -> &'static str {
        "dispatch.setting_changed"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "org", id: self.org_id }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// Automatic dispatch found nobody: a person must look. The reasons stand in the proposal.
#[derive(Debug, serde::Serialize)]
pub(crate) struct NobodyFree {
    #[serde(skip)]
    pub order_id: OrderId,
    #[serde(skip)]
    pub matter_id: MatterId,
    #[serde(skip)]
    pub org_path: String,
    pub proposal_id: ProposalId,
    pub considered: usize,
}

impl Event for NobodyFree {
    fn kind(&self) -> &'static str {
        "dispatch.nobody_free"
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
