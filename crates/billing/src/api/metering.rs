//! Meters over HTTP.

use crate::{MeterReading, NewReading, ReadingSource, ReadingsTaken, Settlement, service};
use axum::Json as Answer;
use kernel::error::extract::{Json, Path, Query};
use kernel::{AccountId, App, Caller, Items, Page, Problem, Result, SeasonId};
use utoipa_axum::{router::OpenApiRouter, routes};

pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(list_readings, take_reading))
        .routes(routes!(import_readings))
        .routes(routes!(list_settlements))
        .routes(routes!(preview_settlement, settle_season))
}

/// Which readings.
#[derive(Debug, serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ReadingsPage {
    /// Of this household.
    account_id: Option<AccountId>,
    /// Of the meter with this number.
    meter_number: Option<String>,
    /// Only odd ones that nobody has explained.
    #[serde(default)]
    odd: bool,
    /// Rows of a page.
    limit: Option<i64>,
    /// Where the last page ended.
    after: Option<String>,
}

/// Readings, newest first.
#[utoipa::path(get, path = "/api/billing/readings", tag = "billing", params(ReadingsPage),
    security(("session" = ["billing.view"])),
    responses((status = 200, body = Page<MeterReading>), (status = "4XX", body = Problem)))]
async fn list_readings(
    by: Caller,
    Query(page): Query<ReadingsPage>,
) -> Result<Answer<Page<MeterReading>>> {
    let mut tx = by.read().await?;
    let ReadingsPage { account_id, meter_number, odd, limit, after } = page;
    let number = meter_number.as_deref();
    let rows =
        service::list_readings(&mut tx, account_id, number, odd, limit, after.as_deref()).await?;
    Ok(Answer(rows))
}

/// Writes a reading down, or corrects one.
#[utoipa::path(post, path = "/api/billing/readings", tag = "billing",
    security(("session" = ["billing.read_meters"])),
    responses((status = 200, body = MeterReading), (status = "4XX", body = Problem)))]
async fn take_reading(by: Caller, Json(new): Json<NewReading>) -> Result<Answer<MeterReading>> {
    let mut tx = by.begin().await?;
    let done = service::take_reading(&mut tx, &new, ReadingSource::Manual).await?;
    tx.reply(done).await
}

/// A list of readings.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct ImportReadings {
    /// At most 5,000.
    lines: Vec<NewReading>,
}

/// Takes a list of readings; what cannot be is handed back line by line.
#[utoipa::path(post, path = "/api/billing/readings/import", tag = "billing",
    security(("session" = ["billing.read_meters"])),
    responses((status = 200, body = ReadingsTaken), (status = "4XX", body = Problem)))]
async fn import_readings(
    by: Caller,
    Json(list): Json<ImportReadings>,
) -> Result<Answer<ReadingsTaken>> {
    let mut tx = by.begin().await?;
    let done = service::take_readings(&mut tx, &list.lines).await?;
    tx.reply(done).await
}

/// The settlements of a household, newest first.
#[utoipa::path(get, path = "/api/billing/accounts/{id}/settlements", tag = "billing",
    params(("id" = AccountId, Path)), security(("session" = ["billing.view"])),
    responses((status = 200, body = Items<Settlement>), (status = "4XX", body = Problem)))]
async fn list_settlements(
    by: Caller,
    Path(id): Path<AccountId>,
) -> Result<Answer<Items<Settlement>>> {
    let mut tx = by.read().await?;
    let items = service::settlements(&mut tx, id).await?;
    Ok(Answer(Items { items }))
}

/// What a settlement would come to now.
#[utoipa::path(get, path = "/api/billing/accounts/{id}/settlements/{season}", tag = "billing",
    params(("id" = AccountId, Path), ("season" = SeasonId, Path)),
    security(("session" = ["billing.view"])),
    responses((status = 200, body = Settlement), (status = "4XX", body = Problem)))]
async fn preview_settlement(
    by: Caller,
    Path((id, season)): Path<(AccountId, SeasonId)>,
) -> Result<Answer<Settlement>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::preview_settlement(&mut tx, id, season).await?))
}

/// Why a season is settled again.
#[derive(Debug, serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
struct SettleSeason {
    /// Needed from the second time on.
    #[serde(default)]
    reason: String,
}

/// Settles a household's season, or settles it again: the difference is posted.
#[utoipa::path(post, path = "/api/billing/accounts/{id}/settlements/{season}", tag = "billing",
    params(("id" = AccountId, Path), ("season" = SeasonId, Path)),
    security(("session" = ["billing.settle"])),
    responses((status = 200, body = Settlement), (status = "4XX", body = Problem)))]
async fn settle_season(
    by: Caller,
    Path((id, season)): Path<(AccountId, SeasonId)>,
    Json(cmd): Json<SettleSeason>,
) -> Result<Answer<Settlement>> {
    let mut tx = by.begin().await?;
    let done = service::settle_season(&mut tx, id, season, &cmd.reason).await?;
    tx.reply(done).await
}
