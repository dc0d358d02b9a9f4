//! What this room tells, `services.*`. Payloads hold numbers and sums, never people.

use crate::Finding;
use chrono::NaiveDate;
use kernel::{AccountId, Event, Fen, OrderId, Result, Subject, Tx};
use serde::Serialize;
use uuid::Uuid;

/// Something that happened to a price, an offer, an audit or a statement.
#[derive(Debug, Serialize, strum::IntoStaticStr)]
#[serde(untagged)]
#[strum(serialize_all = "snake_case", prefix = "services.")]
pub(crate) enum What {
    /// A price was set.
    PriceSet { valid_from: NaiveDate, price: Fen, offered: bool },
    /// The warranty was set.
    RuleSet { valid_from: NaiveDate, citation: String },
    /// A price was shown to a customer.
    Quoted { no: String, order_id: OrderId, total: Fen },
    /// He signed.
    Agreed { no: String, order_id: OrderId, total: Fen },
    /// It came to nothing.
    Ended { no: String, order_id: OrderId, state: &'static str, reason: String },
    /// It was done; the household owes it.
    Charged { no: String, order_id: OrderId, account_id: AccountId, total: Fen },
    /// The charge was taken back.
    Reversed { no: String, account_id: AccountId, total: Fen, reason: String },
    /// Something looks odd.
    AuditOpened { no: String, findings: Vec<Finding> },
    /// Somebody looked.
    AuditDecided { objected: bool, note: String },
    /// A statement was proposed.
    StatementProposed { earned: Fen, deducted: Fen },
    /// It was approved, or not.
    StatementDecided { no: String, approved: bool, note: String },
    /// It was taken back.
    StatementReversed { no: String, reason: String },
}

struct Told<'a> {
    subject: Subject,
    org_path: Option<&'a str>,
    what: &'a What,
}

impl Serialize for Told<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        self.what.serialize(to)
    }
}

impl Event for Told<'_> {
    fn kind(&self) -> &'static str {
        self.what.into()
    }
    fn subject(&self) -> Subject {
        self.subject
    }
    fn org_path(&self) -> Option<&str> {
        self.org_path
    }
}

/// Tells it to those who see `org_path`.
pub(crate) fn tell(
    tx: &mut Tx,
    subject: (&'static str, Uuid),
    org_path: Option<&str>,
    what: &What,
) -> Result<()> {
    let subject = Subject { kind: subject.0, id: subject.1 };
    tx.emit(&Told { subject, org_path, what })
}
