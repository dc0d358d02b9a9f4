//! What the counter asks and is shown.

use super::{
    AttemptState, Outcome, PayMethod, PaymentState, ReceiptState, RefundKind, RefundState,
    ShiftState, SuspenseState, VisitResult,
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    AccountId, AttemptId, Fen, PaymentOrderId, PlaceId, PostingId, ReceiptId, RefundId, SeasonId,
    ShiftId, SuspenseId, UserId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

/// Whose fees somebody wants to pay.
#[derive(Clone, Debug, Default, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct QuoteFor {
    /// Accounts by id.
    #[serde(default)]
    pub account_ids: Vec<AccountId>,
    /// Accounts by number, as a company's list has them.
    #[serde(default)]
    pub account_nos: Vec<String>,
}

/// What is owed, before money is taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentQuote {
    /// Each account.
    pub accounts: Vec<QuotedAccount>,
    /// Numbers of the list that are no account's, or out of sight.
    pub unknown: Vec<String>,
    /// Owed over all of them, late fees and credit reckoned in, in fen.
    pub owed_fen: Fen,
    /// What may be paid now, holds reckoned in, in fen.
    pub payable_fen: Fen,
    /// How cash is rounded.
    pub cash_rounding: tariff::Rounding,
    /// The day for which late fees are reckoned.
    pub on: NaiveDate,
}

/// What one account owes.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuotedAccount {
    /// The account.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Who holds it.
    pub name: String,
    /// Where.
    pub address: String,
    /// Whether heat is used.
    pub heat_use_state: String,
    /// Charged area in square metres.
    pub heated_area: String,
    /// Marks that an agent must see.
    pub tags: Vec<String>,
    /// What must be known before money is taken.
    pub holds: Vec<QuotedHold>,
    /// Open items, those that are paid first on top.
    pub items: Vec<QuotedItem>,
    /// Paid ahead, in fen.
    pub credit_fen: Fen,
    /// Owed less what is paid ahead, in fen.
    pub owed_fen: Fen,
    /// What may be paid now, in fen.
    pub payable_fen: Fen,
    /// Whether no money may be taken at all.
    pub blocked: bool,
}

/// A hold as the cashier sees it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct QuotedHold {
    /// `block_all`, `block_current` or `warn`.
    pub kind: String,
    /// For the customer.
    pub words: String,
    /// Its last day.
    #[schema(required)]
    pub until: Option<NaiveDate>,
}

/// One open item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct QuotedItem {
    /// The season.
    #[schema(required)]
    pub season_id: Option<SeasonId>,
    /// Its code.
    pub season: String,
    /// What for.
    pub item: String,
    /// Owed, in fen.
    pub owed_fen: Fen,
    /// Reckoned today and booked only when it is paid.
    pub accrued: bool,
    /// A hold forbids to pay it now.
    pub held: bool,
}

/// What a cashier takes.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Take {
    /// Who gets how much.
    pub shares: Vec<TakeShare>,
    /// How it is paid.
    pub method: PayMethod,
    /// Cash on the counter, in fen; what is due when absent.
    pub tendered_fen: Option<Fen>,
    /// The slip's or the cheque's number.
    #[serde(default)]
    pub reference: String,
    /// Who stood at the counter, when it is not the holder.
    #[serde(default)]
    pub payer: String,
    /// For people.
    #[serde(default)]
    pub memo: String,
    /// Whether a receipt is printed at once.
    pub receipt: bool,
}

/// One account's part of a payment.
#[derive(Clone, Copy, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TakeShare {
    /// The account.
    pub account_id: AccountId,
    /// What it gets, in fen; more than it owes is paid ahead.
    pub amount_fen: Fen,
    /// What the screen said it owes, in fen: if that has changed, nothing is taken.
    pub shown_fen: Option<Fen>,
}

/// Money that was taken.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Taken {
    /// The payment.
    pub payment: PaymentOrder,
    /// The receipt, when one was asked for.
    #[schema(required)]
    pub receipt: Option<Receipt>,
}

/// A payment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentOrder {
    /// The payment.
    pub id: PaymentOrderId,
    /// Its number.
    pub no: String,
    /// How it was paid.
    pub method: PayMethod,
    /// What the accounts got, in fen.
    pub amount_fen: Fen,
    /// What rounding gave the customer, in fen.
    pub rounding_fen: Fen,
    /// Cash on the counter, in fen.
    #[schema(required)]
    pub tendered_fen: Option<Fen>,
    /// Change given, in fen.
    #[schema(required)]
    pub change_fen: Option<Fen>,
    /// How it stands.
    pub state: PaymentState,
    /// The turn at the till that took it.
    #[schema(required)]
    pub shift_id: Option<ShiftId>,
    /// Who paid.
    pub payer: String,
    /// For people.
    pub memo: String,
    /// Who took it.
    pub created_by_name: String,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When the money was booked.
    #[schema(required)]
    pub settled_at: Option<DateTime<Utc>>,
    /// The ledger's posting.
    #[schema(required)]
    pub posting_id: Option<PostingId>,
    /// How many accounts share it.
    pub accounts: i64,
    /// The first account's holder and address.
    pub first_name: String,
    /// Where the first account is.
    pub first_address: String,
    /// Its valid receipt.
    #[schema(required)]
    pub receipt_id: Option<ReceiptId>,
    /// That receipt's number.
    #[schema(required)]
    pub receipt_no: Option<String>,
    /// Why it was taken back.
    pub reversal_reason: String,
    /// Tries that brought money too often.
    pub surplus: i64,
}

/// A payment with what hangs on it.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentDetail {
    /// The payment.
    pub payment: PaymentOrder,
    /// Who got how much.
    pub shares: Vec<PaymentShare>,
    /// Each try.
    pub attempts: Vec<Attempt>,
    /// Receipts, void ones included.
    pub receipts: Vec<Receipt>,
    /// Money on its way back.
    pub refunds: Vec<PaymentRefund>,
    /// What exactly was paid: account, season, item, amount.
    pub applied: Vec<AppliedLine>,
}

/// One account's part of a payment.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentShare {
    /// The account.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Who holds it.
    pub name: String,
    /// Where.
    pub address: String,
    /// What it got, in fen.
    pub amount_fen: Fen,
}

/// What a payment paid.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AppliedLine {
    /// The account.
    pub account_id: AccountId,
    /// The season's code; empty for what belongs to none.
    pub season: String,
    /// What for; `advance` for what is paid ahead.
    pub item: String,
    /// How much, in fen.
    pub amount_fen: Fen,
}

/// One try to pay.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct Attempt {
    /// The try.
    pub id: AttemptId,
    /// The payment.
    pub order_id: PaymentOrderId,
    /// Through which channel.
    pub channel: PayMethod,
    /// The provider's number of it.
    pub reference: String,
    /// How much, in fen.
    pub amount_fen: Fen,
    /// How it stands.
    pub state: AttemptState,
    /// What became of the money.
    #[schema(required)]
    pub outcome: Option<Outcome>,
    /// When it began.
    pub began_at: DateTime<Utc>,
    /// When something was last heard.
    #[schema(required)]
    pub told_at: Option<DateTime<Utc>>,
    /// How often the provider was asked.
    pub queries: i32,
    /// What went wrong last.
    pub last_error: String,
}

/// Money on its way back.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PaymentRefund {
    /// The refund.
    pub id: RefundId,
    /// The payment that it takes back.
    #[schema(required)]
    pub order_id: Option<PaymentOrderId>,
    /// That payment's number.
    #[schema(required)]
    pub order_no: Option<String>,
    /// The account whose credit is returned.
    #[schema(required)]
    pub account_id: Option<AccountId>,
    /// That account's number.
    #[schema(required)]
    pub account_no: Option<String>,
    /// How much, in fen.
    pub amount_fen: Fen,
    /// How it goes back.
    pub method: PayMethod,
    /// Why, by class.
    pub kind: RefundKind,
    /// Why, in words.
    pub reason: String,
    /// How far it has come.
    pub state: RefundState,
    /// Who asked for it; the house itself when empty.
    #[schema(required)]
    pub requested_by_name: Option<String>,
    /// When.
    pub requested_at: DateTime<Utc>,
    /// Who decided.
    #[schema(required)]
    pub decided_by_name: Option<String>,
    /// How often it was tried.
    pub tries: i32,
    /// When it is tried next.
    #[schema(required)]
    pub next_try_at: Option<DateTime<Utc>>,
    /// What went wrong last.
    pub last_error: String,
    /// When the customer had it.
    #[schema(required)]
    pub done_at: Option<DateTime<Utc>>,
}

/// Which payments.
#[derive(Clone, Debug, Default, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PaymentFilter {
    /// Of this account.
    pub account: Option<AccountId>,
    /// Of this turn at the till.
    pub shift: Option<ShiftId>,
    /// Taken on this day.
    pub on: Option<NaiveDate>,
    /// Paid this way.
    pub method: Option<PayMethod>,
    /// In this state.
    pub state: Option<PaymentState>,
    /// By number of payment or receipt, or by payer.
    pub q: Option<String>,
    /// How many.
    pub limit: Option<i64>,
    /// Where the last page ended.
    pub after: Option<String>,
}

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

/// A collector's list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CollectionList {
    /// The list.
    pub id: Uuid,
    /// Its number.
    pub no: String,
    /// Building or community.
    pub place_id: PlaceId,
    /// Its name.
    pub place_name: String,
    /// Who goes.
    pub collector_name: String,
    /// Until when.
    pub due_on: NaiveDate,
    /// Doors on it.
    pub doors: i64,
    /// Doors visited.
    pub visited: i64,
    /// Owed when it was made, in fen.
    pub owed_fen: Fen,
    /// Paid by those on it since, in fen.
    pub paid_fen: Fen,
}

/// One door of a list.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct CollectionDoor {
    /// The account.
    pub account_id: AccountId,
    /// Its number.
    pub account_no: String,
    /// Who holds it.
    pub name: String,
    /// The building and unit.
    pub unit: String,
    /// Where.
    pub address: String,
    /// Owed when the list was made, in fen.
    pub owed_fen: Fen,
    /// Paid since, in fen.
    pub paid_fen: Fen,
    /// What came of the visit.
    #[schema(required)]
    pub result: Option<VisitResult>,
    /// In the collector's words.
    pub note: String,
    /// When.
    #[schema(required)]
    pub visited_at: Option<DateTime<Utc>>,
}

/// A new list for a collector.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewCollection {
    /// Community, building or unit.
    pub place_id: PlaceId,
    /// Who goes; the caller when absent.
    pub collector_id: Option<UserId>,
    /// Until when.
    pub due_on: NaiveDate,
    /// Only who owes at least so much, in fen.
    #[serde(default)]
    pub at_least_fen: Fen,
}
