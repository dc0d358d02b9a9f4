//! What the counter asks and is shown.

use super::{
    AttemptOutcome, AttemptState, PayMethod, PaymentState, Receipt, RefundKind, RefundState,
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    AccountId, AttemptId, Fen, PaymentOrderId, PostingId, ReceiptId, RefundId, SeasonId, ShiftId,
};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};

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
    pub outcome: Option<AttemptOutcome>,
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
