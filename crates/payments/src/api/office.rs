//! The end of the day, over HTTP.

use crate::{DayBooks, service};
use axum::Json as Answer;
use chrono::NaiveDate;
use kernel::error::extract::{Json, Path};
use kernel::{Caller, Problem, Result};

/// A day's books: payments, ledger and drawers beside each other.
#[utoipa::path(get, path = "/api/payments/days/{on}", tag = "payments",
    params(("on" = NaiveDate, Path)),
    responses((status = 200, body = DayBooks), (status = "4XX", body = Problem)))]
pub(super) async fn day_books(by: Caller, Path(on): Path<NaiveDate>) -> Result<Answer<DayBooks>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::day_books(&mut tx, on).await?))
}

/// How a day is closed.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct CloseDay {
    /// Why it does not agree, if it does not.
    #[serde(default)]
    explanation: String,
}

/// Closes the day.
#[utoipa::path(post, path = "/api/payments/days/{on}", tag = "payments",
    params(("on" = NaiveDate, Path)),
    responses((status = 200, body = DayBooks), (status = "4XX", body = Problem)))]
pub(super) async fn close_day(
    by: Caller,
    Path(on): Path<NaiveDate>,
    Json(cmd): Json<CloseDay>,
) -> Result<Answer<DayBooks>> {
    let mut tx = by.begin().await?;
    let books = service::close_day(&mut tx, on, &cmd.explanation).await?;
    tx.reply(books).await
}
