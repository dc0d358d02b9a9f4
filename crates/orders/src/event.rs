//! What this room tells: one enum, whose variants are the kinds `order.*`.

use crate::{Filter, Manner, Next, Origin, Satisfaction, State, Urgency, WorkOrder};
use chrono::{DateTime, Utc};
use kernel::{CallId, Event, MatterId, Point, Result, Subject, Tx, UserId};
use serde_json::Value;
use uuid::Uuid;

/// A person as history keeps him.
#[derive(Clone, Debug, serde::Serialize)]
pub(crate) struct Person {
    pub id: UserId,
    pub name: String,
}

/// What happened to an order. `from` and `to` are the values of what was changed.
#[derive(Debug, serde::Serialize, strum::IntoStaticStr)]
#[serde(untagged)]
#[strum(serialize_all = "snake_case", prefix = "order.")]
pub(crate) enum What {
    Filed {
        kind: String,
        symptom: Option<String>,
        urgency: Urgency,
        origin: Origin,
        address: String,
        description: String,
        call_id: Option<CallId>,
        accept_due: DateTime<Utc>,
        arrive_due: DateTime<Utc>,
        finish_due: DateTime<Utc>,
    },
    Answered {
        words: String,
    },
    Dispatched {
        from: Option<Person>,
        to: Person,
        manner: Manner,
        reason: String,
        ranking: Option<Value>,
    },
    Accepted {
        at: DateTime<Utc>,
    },
    SetOut {
        at: DateTime<Utc>,
    },
    Arrived {
        at: DateTime<Utc>,
        point: Option<Point>,
        accuracy_m: Option<f64>,
    },
    Finished {
        at: DateTime<Utc>,
        cause: String,
        cause_name: String,
        note: String,
        evidence_complete: bool,
    },
    Returned {
        at: DateTime<Utc>,
        from: Option<Person>,
        reason: String,
    },
    Passed {
        note: String,
        automatic: bool,
    },
    Failed {
        reason: String,
    },
    RevisitAttempted {
        attempts: i32,
        note: String,
    },
    Revisited {
        result: Satisfaction,
        reason: String,
        call_id: Option<CallId>,
    },
    Reopened {
        reason: String,
        accept_due: DateTime<Utc>,
        arrive_due: DateTime<Utc>,
        finish_due: DateTime<Utc>,
    },
    Closed {},
    Voided {
        reason: String,
    },
    Chased {
        chases: i32,
        note: String,
        call_id: Option<CallId>,
    },
    Noted {
        text: String,
    },
    UrgencyChanged {
        from: Urgency,
        to: Urgency,
        reason: String,
    },
    Supervised {
        from: Option<Person>,
        to: Person,
    },
    DueChanged {
        from: DateTime<Utc>,
        to: DateTime<Utc>,
        reason: String,
    },
    Unmasked {
        reason: String,
    },
    AtRisk(Warned),
    Late(Warned),
}

/// A limit that is at risk or has passed.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Warned {
    pub step: Next,
    pub due: DateTime<Utc>,
    pub assignee_id: Option<UserId>,
    pub supervisor_id: Option<UserId>,
}

#[derive(serde::Serialize)]
struct OrderEvent<'a> {
    #[serde(skip)]
    order: &'a WorkOrder,
    no: &'a str,
    round: i32,
    from_state: State,
    to_state: State,
    #[serde(flatten)]
    what: &'a What,
}

impl Event for OrderEvent<'_> {
    fn kind(&self) -> &'static str {
        self.what.into()
    }
    fn subject(&self) -> Subject {
        Subject { kind: "order", id: *self.order.id }
    }
    fn matter(&self) -> Option<MatterId> {
        Some(self.order.matter_id)
    }
    fn org_path(&self) -> Option<&str> {
        Some(&self.order.org_path)
    }
}

/// Tells what happened to `order`, which was in state `from` before.
pub(crate) fn tell(tx: &mut Tx, order: &WorkOrder, from: State, what: &What) -> Result<()> {
    tx.emit(&OrderEvent {
        order,
        no: &order.no,
        round: order.round,
        from_state: from,
        to_state: order.state,
        what,
    })
}

/// A list of orders left the house.
#[derive(Debug, serde::Serialize)]
pub(crate) struct Exported {
    pub id: Uuid,
    pub filter: Filter,
    pub rows: usize,
}

impl Event for Exported {
    fn kind(&self) -> &'static str {
        "order.exported"
    }
    fn subject(&self) -> Subject {
        Subject { kind: "export", id: self.id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_are_named_after_the_room() {
        assert_eq!(<&str>::from(&What::Closed {}), "order.closed");
        let chased = What::Chased { chases: 1, note: String::new(), call_id: None };
        assert_eq!(<&str>::from(&chased), "order.chased");
    }
}
