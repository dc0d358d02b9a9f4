//! What this domain tells.

use crate::model::call::{Call, OfferResult, Outcome, Party};
use crate::model::seat::SeatState;
use kernel::{AccountId, CallId, Event, MatterId, QueueId, Subject, UserId};

/// Something happened to a call.
#[derive(Clone, Debug, serde::Serialize)]
pub struct CallEvent {
    #[serde(skip)]
    kind: &'static str,
    #[serde(skip)]
    call: CallId,
    #[serde(skip)]
    matter: MatterId,
    #[serde(skip)]
    org_path: String,
    /// What exactly.
    #[serde(flatten)]
    pub what: CallPayload,
}

/// What exactly happened.
#[derive(Clone, Debug, serde::Serialize)]
#[serde(untagged)]
pub enum CallPayload {
    /// A call came in, or was begun.
    Arrived {
        /// From whom.
        direction: crate::Direction,
        /// The outside party's number, masked.
        number: String,
        /// Our number.
        service_number: String,
        /// The household, when the number told.
        account_id: Option<AccountId>,
        /// What it is made for.
        purpose: String,
    },
    /// A key led somewhere.
    Menu {
        /// The key.
        key: char,
        /// Where.
        node: String,
    },
    /// It waits.
    Queued {
        /// In which queue.
        queue_id: Option<QueueId>,
    },
    /// An agent is rung.
    Agent {
        /// Who.
        agent: UserId,
    },
    /// An offer is over.
    Offer {
        /// To whom.
        agent: UserId,
        /// How it ended.
        result: OfferResult,
    },
    /// Connected, held, taken back, handed on.
    By {
        /// The agent.
        agent: Option<UserId>,
    },
    /// Over.
    Ended {
        /// What became of it.
        outcome: Option<Outcome>,
        /// Who ended it.
        hung_up_by: Option<Party>,
        /// How long people spoke.
        seconds: i64,
        /// Who spoke.
        agent: Option<UserId>,
        /// What it was made for.
        purpose: String,
    },
    /// The recording is stored, or there is none.
    Recording {
        /// How it ended.
        state: &'static str,
        /// How long it is.
        seconds: f64,
    },
    /// Somebody said whose call it is.
    Identified {
        /// The household before.
        from: Option<AccountId>,
        /// The household now.
        to: AccountId,
    },
}

impl CallEvent {
    /// An event about `call`.
    pub fn new(kind: &'static str, call: &Call, what: CallPayload) -> Self {
        let org_path = call.org_path.clone();
        Self { kind, call: call.id, matter: call.matter_id, org_path, what }
    }

    /// An event about a call that is known by its ids only.
    pub fn about(
        kind: &'static str,
        call: CallId,
        matter: MatterId,
        org_path: String,
        what: CallPayload,
    ) -> Self {
        Self { kind, call, matter, org_path, what }
    }
}

impl Event for CallEvent {
    fn kind(&self) -> &'static str {
        self.kind
    }
    fn subject(&self) -> Subject {
        Subject { kind: "call", id: *self.call }
    }
    fn matter(&self) -> Option<MatterId> {
        Some(self.matter)
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.org_path)
    }
}

/// A seat changed.
#[derive(Clone, Debug, serde::Serialize)]
pub struct SeatChanged {
    /// Whose.
    #[serde(skip)]
    pub agent: UserId,
    /// The agent's organisation.
    #[serde(skip)]
    pub path: String,
    /// Before.
    pub from: SeatState,
    /// Now.
    pub to: SeatState,
    /// Why.
    pub reason: String,
}

impl Event for SeatChanged {
    fn kind(&self) -> &'static str {
        "telephony.seat_changed"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "agent", id: *self.agent }
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.path)
    }
}

/// Queues or flows were changed.
#[derive(Clone, Debug, serde::Serialize)]
pub struct Configured {
    /// The queue, or nothing for a flow.
    #[serde(skip)]
    pub subject: uuid::Uuid,
    /// What was changed.
    pub what: &'static str,
    /// Its stable name.
    pub key: String,
    /// As it was.
    pub from: serde_json::Value,
    /// As it is.
    pub to: serde_json::Value,
}

impl Event for Configured {
    fn kind(&self) -> &'static str {
        "telephony.configured"
    }
    fn subject(&self) -> Subject {
        Subject { kind: self.what, id: self.subject }
    }
}
