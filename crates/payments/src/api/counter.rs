//! The counter over HTTP.

use crate::{
    CashShift, PaymentDetail, PaymentFilter, PaymentOrder, PaymentQuote, QuoteFor, Take, Taken,
    service,
};
use axum::Json as Answer;
use chrono::NaiveDate;
use kernel::error::extract::{Json, Path, Query};
use kernel::{Caller, Fen, Page, PaymentOrderId, Problem, Result, ShiftId, UserId};

/// What some accounts owe now, in the order in which it would be paid, with what forbids it.
#[utoipa::path(post, path = "/api/payments/quote", tag = "payments",
    responses((status = 200, body = PaymentQuote), (status = "4XX", body = Problem)))]
pub(super) async fn quote_payment(
    by: Caller,
    Json(of): Json<QuoteFor>,
) -> Result<Answer<PaymentQuote>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::quote(&mut tx, of).await?))
}

/// Takes money over the counter, in one's own turn at the till.
#[utoipa::path(post, path = "/api/payments/take", tag = "payments",
    responses((status = 200, body = Taken), (status = "4XX", body = Problem)))]
pub(super) async fn take_payment(by: Caller, Json(cmd): Json<Take>) -> Result<Answer<Taken>> {
    let mut tx = by.begin().await?;
    let taken = service::take(&mut tx, cmd).await?;
    tx.reply(taken).await
}

/// Payments that match, the newest first.
#[utoipa::path(get, path = "/api/payments/payments", tag = "payments", params(PaymentFilter),
    responses((status = 200, body = Page<PaymentOrder>), (status = "4XX", body = Problem)))]
pub(super) async fn list_payments(
    by: Caller,
    Query(filter): Query<PaymentFilter>,
) -> Result<Answer<Page<PaymentOrder>>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::payments(&mut tx, &filter).await?))
}

/// One payment with its tries, receipts, refunds, and what exactly it paid.
#[utoipa::path(get, path = "/api/payments/payments/{id}", tag = "payments",
    params(("id" = PaymentOrderId, Path)),
    responses((status = 200, body = PaymentDetail), (status = "4XX", body = Problem)))]
pub(super) async fn get_payment(
    by: Caller,
    Path(id): Path<PaymentOrderId>,
) -> Result<Answer<PaymentDetail>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::payment(&mut tx, id).await?))
}

/// Why something is done to money.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PaymentReason {
    /// In a person's words.
    pub reason: String,
}

/// Takes back what one took by mistake, while one's turn runs.
#[utoipa::path(post, path = "/api/payments/payments/{id}/reverse", tag = "payments",
    params(("id" = PaymentOrderId, Path)),
    responses((status = 200, body = PaymentOrder), (status = "4XX", body = Problem)))]
pub(super) async fn reverse_payment(
    by: Caller,
    Path(id): Path<PaymentOrderId>,
    Json(cmd): Json<PaymentReason>,
) -> Result<Answer<PaymentOrder>> {
    let mut tx = by.begin().await?;
    let order = service::reverse(&mut tx, id, &cmd.reason).await?;
    tx.reply(order).await
}

/// A cheque was not honoured: what it paid is owed again.
#[utoipa::path(post, path = "/api/payments/payments/{id}/bounce", tag = "payments",
    params(("id" = PaymentOrderId, Path)),
    responses((status = 200, body = PaymentOrder), (status = "4XX", body = Problem)))]
pub(super) async fn bounce_cheque(
    by: Caller,
    Path(id): Path<PaymentOrderId>,
    Json(cmd): Json<PaymentReason>,
) -> Result<Answer<PaymentOrder>> {
    let mut tx = by.begin().await?;
    let order = service::bounce(&mut tx, id, &cmd.reason).await?;
    tx.reply(order).await
}

/// How a turn begins.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenShift {
    /// The window.
    counter: String,
    /// Float, in fen.
    float_fen: Fen,
}

/// Opens one's turn at the till.
#[utoipa::path(post, path = "/api/payments/shifts", tag = "payments",
    responses((status = 200, body = CashShift), (status = "4XX", body = Problem)))]
pub(super) async fn open_shift(
    by: Caller,
    Json(cmd): Json<OpenShift>,
) -> Result<Answer<CashShift>> {
    let mut tx = by.begin().await?;
    let shift = service::open_shift(&mut tx, &cmd.counter, cmd.float_fen).await?;
    tx.reply(shift).await
}

/// One's own turn, or nothing.
#[derive(Debug, serde::Serialize, utoipa::ToSchema)]
pub(super) struct MyShift {
    /// The turn that is not handed over.
    #[schema(required)]
    shift: Option<CashShift>,
}

/// One's turn that is not handed over, with what it took so far.
#[utoipa::path(get, path = "/api/payments/shifts/mine", tag = "payments",
    responses((status = 200, body = MyShift), (status = "4XX", body = Problem)))]
pub(super) async fn my_shift(by: Caller) -> Result<Answer<MyShift>> {
    let mut tx = by.read().await?;
    Ok(Answer(MyShift { shift: service::my_shift(&mut tx).await? }))
}

/// Which turns.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ShiftFilter {
    /// That began on this day.
    on: Option<NaiveDate>,
    /// `1`: only those that are not handed over.
    running: Option<u8>,
    /// How many.
    limit: Option<i64>,
    /// Where the last page ended.
    after: Option<String>,
}

/// Turns in sight: one's own for a cashier, everybody's for who closes the day.
#[utoipa::path(get, path = "/api/payments/shifts", tag = "payments", params(ShiftFilter),
    responses((status = 200, body = Page<CashShift>), (status = "4XX", body = Problem)))]
pub(super) async fn list_shifts(
    by: Caller,
    Query(f): Query<ShiftFilter>,
) -> Result<Answer<Page<CashShift>>> {
    let mut tx = by.read().await?;
    let running = f.running == Some(1);
    let page = service::shifts(&mut tx, f.on, running, f.limit, f.after.as_deref()).await?;
    Ok(Answer(page))
}

/// What is in the drawer.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CountShift {
    /// Float included, in fen.
    counted_fen: Fen,
}

/// Writes down what is in the drawer.
#[utoipa::path(post, path = "/api/payments/shifts/{id}/count", tag = "payments",
    params(("id" = ShiftId, Path)),
    responses((status = 200, body = CashShift), (status = "4XX", body = Problem)))]
pub(super) async fn count_shift(
    by: Caller,
    Path(id): Path<ShiftId>,
    Json(cmd): Json<CountShift>,
) -> Result<Answer<CashShift>> {
    let mut tx = by.begin().await?;
    let shift = service::count_shift(&mut tx, id, cmd.counted_fen).await?;
    tx.reply(shift).await
}

/// Takes money again after a count.
#[utoipa::path(post, path = "/api/payments/shifts/{id}/resume", tag = "payments",
    params(("id" = ShiftId, Path)),
    responses((status = 200, body = CashShift), (status = "4XX", body = Problem)))]
pub(super) async fn resume_shift(by: Caller, Path(id): Path<ShiftId>) -> Result<Answer<CashShift>> {
    let mut tx = by.begin().await?;
    let shift = service::resume_shift(&mut tx, id).await?;
    tx.reply(shift).await
}

/// How a turn ends.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseShift {
    /// Why the drawer differs, if it does.
    #[serde(default)]
    reason: String,
    /// Who takes it over; the safe when absent.
    handed_to: Option<UserId>,
}

/// Hands the drawer over.
#[utoipa::path(post, path = "/api/payments/shifts/{id}/close", tag = "payments",
    params(("id" = ShiftId, Path)),
    responses((status = 200, body = CashShift), (status = "4XX", body = Problem)))]
pub(super) async fn close_shift(
    by: Caller,
    Path(id): Path<ShiftId>,
    Json(cmd): Json<CloseShift>,
) -> Result<Answer<CashShift>> {
    let mut tx = by.begin().await?;
    let shift = service::close_shift(&mut tx, id, &cmd.reason, cmd.handed_to).await?;
    tx.reply(shift).await
}
