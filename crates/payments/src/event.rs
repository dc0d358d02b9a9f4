//! What this room tells, `payments.*`. Payloads name accounts and sums, never people.

use kernel::{AccountId, Event, Fen, PaymentOrderId, Result, Subject, Tx};
use serde::Serialize;
use uuid::Uuid;

/// Something that happened to money.
#[derive(Debug, Serialize, strum::IntoStaticStr)]
#[serde(untagged)]
#[strum(serialize_all = "snake_case", prefix = "payments.")]
pub(crate) enum What {
    /// A payment was booked.
    Settled { no: String, method: &'static str, amount: Fen, accounts: Vec<AccountId> },
    /// Money came for what was paid already; it goes back.
    Surplus { no: String, channel: &'static str, amount: Fen },
    /// A payment was taken back in the turn that took it.
    Reversed { no: String, amount: Fen, reason: String, accounts: Vec<AccountId> },
    /// A cheque was not honoured.
    Bounced { no: String, amount: Fen, reason: String, accounts: Vec<AccountId> },
    /// Credit paid open items.
    CreditApplied { accounts: Vec<AccountId> },
    /// Somebody asks to give money back.
    RefundRequested { amount: Fen, reason: String },
    /// It was approved, or not.
    RefundDecided { approved: bool, amount: Fen, reason: String },
    /// Giving it back did not work this time.
    RefundFailed { tries: i32, error: String },
    /// The customer has it.
    RefundDone { amount: Fen },
    /// A turn at the till began.
    ShiftOpened { no: String, counter: String, float: Fen },
    /// A drawer was counted.
    ShiftCounted { no: String, counted: Fen, expected: Fen },
    /// A counted drawer takes money again.
    ShiftResumed { no: String },
    /// A turn was handed over.
    ShiftClosed { no: String, difference: Fen, reason: String },
    /// A receipt was printed.
    ReceiptIssued { no: String, order_id: PaymentOrderId },
    /// A marked copy was printed.
    ReceiptCopied { no: String, copies: i32 },
    /// A receipt was made void.
    ReceiptVoided { no: String, reason: String },
    /// A block of numbers was given out.
    NumbersGiven { prefix: String, first: i64, last: i64 },
    /// The rest of a block was taken back.
    NumbersClosed {},
    /// Receipts look different.
    FaceChanged { version: i32 },
    /// Money without an owner came.
    SuspenseBooked { amount: Fen, channel: &'static str },
    /// It has one.
    SuspenseAssigned { amount: Fen, order_id: PaymentOrderId },
    /// It went back.
    SuspenseReturned { amount: Fen, reason: String },
    /// A day's books were closed.
    DayClosed { on: chrono::NaiveDate, difference: Fen, explanation: String },
    /// A list for a collector was made.
    CollectionMade { no: String, doors: usize },
    /// A door was visited, or called.
    DoorVisited { account_id: AccountId, way: &'static str, result: &'static str },
    /// Reminders went out.
    Reminded { queued: i64 },
}

struct Told<'a> {
    subject: Subject,
    org_path: &'a str,
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
        Some(self.org_path)
    }
}

/// Tells it to those who see `org_path`.
pub(crate) fn tell(
    tx: &mut Tx,
    subject: (&'static str, Uuid),
    org_path: &str,
    what: &What,
) -> Result<()> {
    let subject = Subject { kind: subject.0, id: subject.1 };
    tx.emit(&Told { subject, org_path, what })
}
