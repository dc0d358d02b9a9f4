//! What turns, receipts and money without an owner look like.

use super::{PayMethod, ReceiptState, ShiftState, SuspenseState};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{Fen, PaymentOrderId, ReceiptId, ShiftId, SuspenseId, UserId};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;

/// A turn at the till.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CashShift {
    /// The turn.
    pub id: ShiftId,
    /// Its number.
    pub no: String,
    /// Whose.
    pub cashier_id: UserId,
    /// His name.
    pub cashier_name: String,
    /// The window.
    pub counter: String,
    /// How it stands.
    pub state: ShiftState,
    /// Float at the beginning, in fen.
    pub float_fen: Fen,
    /// When it began.
    pub opened_at: DateTime<Utc>,
    /// When the drawer was counted.
    #[schema(required)]
    pub counted_at: Option<DateTime<Utc>>,
    /// What was in it, in fen.
    #[schema(required)]
    pub counted_fen: Option<Fen>,
    /// What should be in it: now, or when it was counted; in fen.
    pub expected_fen: Fen,
    /// Why it differs.
    pub difference_reason: String,
    /// When it was handed over.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
    /// To whom.
    #[schema(required)]
    pub handed_to_name: Option<String>,
    /// What was taken, by way of paying.
    pub totals: Vec<ShiftTotal>,
    /// Receipts: how many, and the first and last number.
    pub receipts: ReceiptCount,
}

/// What one turn took one way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ShiftTotal {
    /// The way.
    pub method: PayMethod,
    /// How many payments.
    pub payments: i64,
    /// Received less what was taken back, in fen.
    pub received_fen: Fen,
    /// How many were taken back.
    pub reversed: i64,
}

/// Receipts of a turn.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct ReceiptCount {
    /// Issued, void ones included.
    pub issued: i64,
    /// Void ones.
    pub void: i64,
    /// The first number.
    pub first: String,
    /// The last number.
    pub last: String,
    /// Numbers left in the cashier's stock.
    pub left: i64,
}

/// A receipt.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Receipt {
    /// The receipt.
    pub id: ReceiptId,
    /// Its number.
    pub no: String,
    /// The payment.
    pub order_id: PaymentOrderId,
    /// Whether it counts.
    pub state: ReceiptState,
    /// How much, in fen.
    pub amount_fen: Fen,
    /// Copies printed after the first.
    pub copies: i32,
    /// When.
    pub issued_at: DateTime<Utc>,
    /// Why it is void.
    pub void_reason: String,
}

/// A block of receipt numbers.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct ReceiptRange {
    /// The block.
    pub id: Uuid,
    /// Whose; everybody's of the organisation when absent.
    #[schema(required)]
    pub cashier_id: Option<UserId>,
    /// His name.
    #[schema(required)]
    pub cashier_name: Option<String>,
    /// The organisation.
    pub org_path: String,
    /// What stands before the figures.
    pub prefix: String,
    /// How many figures.
    pub digits: i32,
    /// First number.
    pub first_no: i64,
    /// Last number.
    pub last_no: i64,
    /// The next to be used.
    pub next_no: i64,
    /// When it was given out.
    pub given_at: DateTime<Utc>,
    /// When it was used up or taken back.
    #[schema(required)]
    pub closed_at: Option<DateTime<Utc>>,
}

/// A new block of numbers.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewRange {
    /// Whose; everybody's of the organisation when absent.
    pub cashier_id: Option<UserId>,
    /// What stands before the figures.
    pub prefix: String,
    /// How many figures.
    pub digits: i32,
    /// First number.
    pub first_no: i64,
    /// Last number.
    pub last_no: i64,
}

/// Money without an owner.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct SuspenseItem {
    /// The money.
    pub id: SuspenseId,
    /// How it came.
    pub channel: PayMethod,
    /// The slip's number.
    pub reference: String,
    /// How much, in fen.
    pub amount_fen: Fen,
    /// Who paid, as the slip says.
    pub payer: String,
    /// What the slip says.
    pub remark: String,
    /// When it came.
    pub received_on: NaiveDate,
    /// For how many days nobody has claimed it.
    pub days: i64,
    /// How it stands.
    pub state: SuspenseState,
    /// The payment that it became.
    #[schema(required)]
    pub order_id: Option<PaymentOrderId>,
    /// Why, in words.
    pub reason: String,
}

/// Money that came and nobody knows for whom.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewSuspense {
    /// How it came.
    pub channel: PayMethod,
    /// The slip's number.
    pub reference: String,
    /// How much, in fen.
    pub amount_fen: Fen,
    /// Who paid, as the slip says.
    #[serde(default)]
    pub payer: String,
    /// What the slip says.
    #[serde(default)]
    pub remark: String,
    /// When it came.
    pub received_on: NaiveDate,
}
