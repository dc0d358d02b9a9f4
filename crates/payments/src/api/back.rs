//! Money that goes back, and money without an owner, over HTTP.

use crate::{NewSuspense, PayMethod, PaymentRefund, SuspenseItem, Taken, service};
use axum::Json as Answer;
use kernel::error::extract::{Json, Path, Query};
use kernel::{
    AccountId, Caller, Done, Fen, Items, PaymentOrderId, Problem, RefundId, Result, SuspenseId,
};
use uuid::Uuid;

/// What was made.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(super) struct MadePayment {
    /// Its id.
    pub id: Uuid,
}

/// Whether only what is open is wanted.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct OnlyOpen {
    /// `1`: what is open.
    open: Option<u8>,
}

/// How a payment goes back.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestRefund {
    /// The way.
    method: PayMethod,
    /// In a person's words.
    reason: String,
}

/// Asks to give a whole payment back; a second person approves it.
#[utoipa::path(post, path = "/api/payments/payments/{id}/refund", tag = "payments",
    params(("id" = PaymentOrderId, Path)),
    responses((status = 200, body = MadePayment), (status = "4XX", body = Problem)))]
pub(super) async fn request_payment_refund(
    by: Caller,
    Path(id): Path<PaymentOrderId>,
    Json(cmd): Json<RequestRefund>,
) -> Result<Answer<MadePayment>> {
    let mut tx = by.begin().await?;
    let id = service::request_refund(&mut tx, id, cmd.method, &cmd.reason).await?;
    tx.reply(MadePayment { id: *id }).await
}

/// Money on its way back, open ones first.
#[utoipa::path(get, path = "/api/payments/refunds", tag = "payments", params(OnlyOpen),
    responses((status = 200, body = Items<PaymentRefund>), (status = "4XX", body = Problem)))]
pub(super) async fn list_refunds(
    by: Caller,
    Query(f): Query<OnlyOpen>,
) -> Result<Answer<Items<PaymentRefund>>> {
    let mut tx = by.read().await?;
    Ok(Answer(Items { items: service::refunds(&mut tx, f.open == Some(1)).await? }))
}

/// What an account wants back of what it paid ahead.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct RequestCredit {
    /// The account.
    account_id: AccountId,
    /// How much, in fen.
    amount_fen: Fen,
    /// The way.
    method: PayMethod,
    /// In a person's words.
    reason: String,
}

/// Asks to give back what an account has paid ahead; a second person approves it.
#[utoipa::path(post, path = "/api/payments/refunds", tag = "payments",
    responses((status = 200, body = MadePayment), (status = "4XX", body = Problem)))]
pub(super) async fn request_credit_refund(
    by: Caller,
    Json(cmd): Json<RequestCredit>,
) -> Result<Answer<MadePayment>> {
    let mut tx = by.begin().await?;
    let RequestCredit { account_id, amount_fen, method, reason } = cmd;
    let id =
        service::request_credit_refund(&mut tx, account_id, amount_fen, method, &reason).await?;
    tx.reply(MadePayment { id: *id }).await
}

/// A second person's word.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct DecideRefund {
    /// Yes or no.
    approve: bool,
    /// In a person's words.
    #[serde(default)]
    reason: String,
}

/// Approves a refund that somebody else asked for, or does not.
#[utoipa::path(post, path = "/api/payments/refunds/{id}/decide", tag = "payments",
    params(("id" = RefundId, Path)),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn decide_refund(
    by: Caller,
    Path(id): Path<RefundId>,
    Json(cmd): Json<DecideRefund>,
) -> Result<Answer<Done>> {
    let mut tx = by.begin().await?;
    service::decide_refund(&mut tx, id, cmd.approve, &cmd.reason).await?;
    tx.reply(Done {}).await
}

/// How it was paid out.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PayRefund {
    /// The slip's number; none for cash.
    #[serde(default)]
    reference: String,
}

/// Writes that the customer has it.
#[utoipa::path(post, path = "/api/payments/refunds/{id}/pay", tag = "payments",
    params(("id" = RefundId, Path)),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn pay_refund(
    by: Caller,
    Path(id): Path<RefundId>,
    Json(cmd): Json<PayRefund>,
) -> Result<Answer<Done>> {
    let mut tx = by.begin().await?;
    service::pay_refund(&mut tx, id, &cmd.reference).await?;
    tx.reply(Done {}).await
}

/// Money without an owner, the oldest first.
#[utoipa::path(get, path = "/api/payments/suspense", tag = "payments", params(OnlyOpen),
    responses((status = 200, body = Items<SuspenseItem>), (status = "4XX", body = Problem)))]
pub(super) async fn list_suspense(
    by: Caller,
    Query(f): Query<OnlyOpen>,
) -> Result<Answer<Items<SuspenseItem>>> {
    let mut tx = by.read().await?;
    Ok(Answer(Items { items: service::suspense(&mut tx, f.open == Some(1)).await? }))
}

/// Books money whose owner is not known.
#[utoipa::path(post, path = "/api/payments/suspense", tag = "payments",
    responses((status = 200, body = MadePayment), (status = "4XX", body = Problem)))]
pub(super) async fn book_suspense(
    by: Caller,
    Json(new): Json<NewSuspense>,
) -> Result<Answer<MadePayment>> {
    let mut tx = by.begin().await?;
    let id = service::book_suspense(&mut tx, new).await?;
    tx.reply(MadePayment { id: *id }).await
}

/// Whose it is.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AssignSuspense {
    /// The account.
    account_id: AccountId,
    /// How that is known.
    reason: String,
}

/// Gives it an owner: it pays his open items.
#[utoipa::path(post, path = "/api/payments/suspense/{id}/assign", tag = "payments",
    params(("id" = SuspenseId, Path)),
    responses((status = 200, body = Taken), (status = "4XX", body = Problem)))]
pub(super) async fn assign_suspense(
    by: Caller,
    Path(id): Path<SuspenseId>,
    Json(cmd): Json<AssignSuspense>,
) -> Result<Answer<Taken>> {
    let mut tx = by.begin().await?;
    let taken = service::assign_suspense(&mut tx, id, cmd.account_id, &cmd.reason).await?;
    tx.reply(taken).await
}

/// Sends it back to where it came from.
#[utoipa::path(post, path = "/api/payments/suspense/{id}/return", tag = "payments",
    params(("id" = SuspenseId, Path)),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn return_suspense(
    by: Caller,
    Path(id): Path<SuspenseId>,
    Json(cmd): Json<super::counter::PaymentReason>,
) -> Result<Answer<Done>> {
    let mut tx = by.begin().await?;
    service::return_suspense(&mut tx, id, &cmd.reason).await?;
    tx.reply(Done {}).await
}
