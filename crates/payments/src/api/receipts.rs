//! Receipts over HTTP.

use super::back::MadePayment;
use super::counter::PaymentReason;
use crate::{NewRange, Receipt, ReceiptFace, ReceiptRange, service};
use axum::Json as Answer;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use kernel::error::extract::{Json, Path};
use kernel::{Caller, Done, Items, PaymentOrderId, Problem, ReceiptId, Result};
use uuid::Uuid;

/// Media type of the paper.
const PDF: &str = "application/pdf";

/// Writes the receipt of a payment that has none.
#[utoipa::path(post, path = "/api/payments/payments/{id}/receipt", tag = "payments",
    params(("id" = PaymentOrderId, Path)),
    responses((status = 200, body = Receipt), (status = "4XX", body = Problem)))]
pub(super) async fn issue_receipt(
    by: Caller,
    Path(id): Path<PaymentOrderId>,
) -> Result<Answer<Receipt>> {
    let mut tx = by.begin().await?;
    let receipt = service::issue_receipt(&mut tx, id).await?;
    tx.reply(receipt).await
}

/// The paper, as it was issued; copies and void ones are marked.
#[utoipa::path(get, path = "/api/payments/receipts/{id}/receipt.pdf", tag = "payments",
    params(("id" = ReceiptId, Path)),
    responses((status = 200, content_type = PDF), (status = "4XX", body = Problem)))]
pub(super) async fn print_receipt(by: Caller, Path(id): Path<ReceiptId>) -> Result<Response> {
    let mut tx = by.begin().await?;
    let (no, pdf) = service::print_receipt(&mut tx, id).await?;
    tx.commit().await?;
    let name = format!("inline; filename=\"{no}.pdf\"");
    // The counter prints it from a frame of its own page, and of no other.
    let headers = [
        (header::CONTENT_TYPE, PDF.to_owned()),
        (header::CONTENT_DISPOSITION, name),
        (header::X_FRAME_OPTIONS, "SAMEORIGIN".to_owned()),
        (header::CONTENT_SECURITY_POLICY, "frame-ancestors 'self'".to_owned()),
    ];
    Ok((headers, pdf).into_response())
}

/// Counts one more copy: from now on the paper is marked as one.
#[utoipa::path(post, path = "/api/payments/receipts/{id}/copy", tag = "payments",
    params(("id" = ReceiptId, Path)),
    responses((status = 200, body = Receipt), (status = "4XX", body = Problem)))]
pub(super) async fn copy_receipt(by: Caller, Path(id): Path<ReceiptId>) -> Result<Answer<Receipt>> {
    let mut tx = by.begin().await?;
    let receipt = service::copy_receipt(&mut tx, id).await?;
    tx.reply(receipt).await
}

/// Makes a receipt void; the payment stands.
#[utoipa::path(post, path = "/api/payments/receipts/{id}/void", tag = "payments",
    params(("id" = ReceiptId, Path)),
    responses((status = 200, body = Receipt), (status = "4XX", body = Problem)))]
pub(super) async fn void_receipt(
    by: Caller,
    Path(id): Path<ReceiptId>,
    Json(cmd): Json<PaymentReason>,
) -> Result<Answer<Receipt>> {
    let mut tx = by.begin().await?;
    let receipt = service::void_receipt(&mut tx, id, &cmd.reason).await?;
    tx.reply(receipt).await
}

/// Blocks of numbers in sight.
#[utoipa::path(get, path = "/api/payments/receipt-ranges", tag = "payments",
    responses((status = 200, body = Items<ReceiptRange>), (status = "4XX", body = Problem)))]
pub(super) async fn list_receipt_ranges(by: Caller) -> Result<Answer<Items<ReceiptRange>>> {
    let mut tx = by.read().await?;
    Ok(Answer(Items { items: service::receipt_ranges(&mut tx).await? }))
}

/// Gives out a block of numbers.
#[utoipa::path(post, path = "/api/payments/receipt-ranges", tag = "payments",
    responses((status = 200, body = MadePayment), (status = "4XX", body = Problem)))]
pub(super) async fn give_receipt_numbers(
    by: Caller,
    Json(new): Json<NewRange>,
) -> Result<Answer<MadePayment>> {
    let mut tx = by.begin().await?;
    let id = service::give_numbers(&mut tx, new).await?;
    tx.reply(MadePayment { id }).await
}

/// Takes the rest of a block back.
#[utoipa::path(post, path = "/api/payments/receipt-ranges/{id}/close", tag = "payments",
    params(("id" = Uuid, Path)),
    responses((status = 200, body = Done), (status = "4XX", body = Problem)))]
pub(super) async fn close_receipt_numbers(
    by: Caller,
    Path(id): Path<Uuid>,
) -> Result<Answer<Done>> {
    let mut tx = by.begin().await?;
    service::close_numbers(&mut tx, id).await?;
    tx.reply(Done {}).await
}

/// How receipts look now.
#[utoipa::path(get, path = "/api/payments/receipt-face", tag = "payments",
    responses((status = 200, body = ReceiptFace), (status = "4XX", body = Problem)))]
pub(super) async fn get_receipt_face(by: Caller) -> Result<Answer<ReceiptFace>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::receipt_face(&mut tx).await?))
}

/// Lets receipts look different from now on.
#[utoipa::path(put, path = "/api/payments/receipt-face", tag = "payments",
    responses((status = 200, body = ReceiptFace), (status = "4XX", body = Problem)))]
pub(super) async fn set_receipt_face(
    by: Caller,
    Json(face): Json<ReceiptFace>,
) -> Result<Answer<ReceiptFace>> {
    let mut tx = by.begin().await?;
    service::set_receipt_face(&mut tx, &face).await?;
    tx.reply(face).await
}

/// A face on a made-up receipt, before it is set.
#[utoipa::path(post, path = "/api/payments/receipt-face/sample.pdf", tag = "payments",
    responses((status = 200, content_type = PDF), (status = "4XX", body = Problem)))]
pub(super) async fn try_receipt_face(
    by: Caller,
    Json(face): Json<ReceiptFace>,
) -> Result<Response> {
    let mut tx = by.read().await?;
    let pdf = service::try_receipt_face(&mut tx, face).await?;
    Ok(([(header::CONTENT_TYPE, PDF)], pdf).into_response())
}
