//! Routes of the fee reports.

use crate::service::{self, FigureOf, Sheet, XLSX};
use crate::{
    FeeAge, FeeAges, FeeChanges, FeeCurve, FeeDimension, FeeHouseholds, FeePivot, Journal,
    UseState, Vouchers,
};
use axum::Json;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::error::extract::Query;
use kernel::{App, Caller, Error, Items, OrgId, Problem, Result, SeasonId, Tx};
use ledger::AsOf;
use serde::Deserialize;
use utoipa::IntoParams;
use utoipa_axum::{router::OpenApiRouter, routes};

/// The routes of the fee reports.
pub(super) fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_fee_pivot))
        .routes(routes!(get_fee_households))
        .routes(routes!(get_fee_ages))
        .routes(routes!(get_fee_curves))
        .routes(routes!(get_fee_changes))
        .routes(routes!(get_fee_journal))
        .routes(routes!(get_fee_vouchers))
        .routes(routes!(get_fee_vouchers_text))
        .routes(routes!(get_use_states))
}

/// What every report can be asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct FeeQuery {
    /// The day whose state is asked for; today when absent.
    valid_on: Option<NaiveDate>,
    /// The instant whose knowledge is asked for; now when absent.
    known_at: Option<DateTime<Utc>>,
    /// One organisation in sight.
    org: Option<OrgId>,
    /// One season.
    season: Option<SeasonId>,
    /// Another season to compare with.
    against: Option<SeasonId>,
    /// What the rows are.
    rows: Option<FeeDimension>,
    /// What the columns are.
    columns: Option<FeeDimension>,
    /// One item.
    item: Option<String>,
    /// One class of user.
    user_class: Option<String>,
    /// One age.
    age: Option<FeeAge>,
    /// Advances instead of arrears.
    advance: Option<bool>,
    /// The first day, or the earlier moment's day.
    from: Option<NaiveDate>,
    /// The earlier moment's knowledge.
    from_known_at: Option<DateTime<Utc>>,
    /// `xlsx` for a spreadsheet.
    format: Option<String>,
}

impl FeeQuery {
    async fn as_of(&self, tx: &mut Tx) -> Result<AsOf> {
        AsOf::settled(tx, self.valid_on, self.known_at).await
    }

    /// The answer as asked for.
    fn answer<T: serde::Serialize>(
        &self,
        report: &T,
        headers: &HeaderMap,
        sheet: fn(&T, bool) -> Sheet,
    ) -> Result<Response> {
        match self.format.as_deref() {
            None | Some("json") => Ok(Json(report).into_response()),
            Some("xlsx") => {
                let language = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
                let english = language.is_some_and(|l| l.starts_with("en"));
                let kind = (header::CONTENT_TYPE, XLSX);
                let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"fees.xlsx\"");
                Ok(([kind, name], sheet(report, english).write(english)?).into_response())
            }
            Some(_) => Err(Error::invalid("format", "格式应为 json 或 xlsx", "json or xlsx")),
        }
    }
}

/// Charged, received and owed by rows and columns.
#[utoipa::path(get, path = "/api/insight/fees", tag = "insight", params(FeeQuery),
    security(("session" = ["insight.fees"])),
    responses((status = 200, body = FeePivot), (status = "4XX", body = Problem)))]
async fn get_fee_pivot(
    by: Caller,
    headers: HeaderMap,
    Query(q): Query<FeeQuery>,
) -> Result<Response> {
    let mut tx = by.read().await?;
    let seasons: Vec<_> = q.season.into_iter().chain(q.against).collect();
    let dimensions = [q.rows.unwrap_or_default(), q.columns.unwrap_or_default()];
    let as_of = q.as_of(&mut tx).await?;
    let report = service::fee_pivot(&mut tx, as_of, q.org, &seasons, dimensions).await?;
    q.answer(&report, &headers, Sheet::of_pivot)
}

/// The households behind a figure.
#[utoipa::path(get, path = "/api/insight/fees/households", tag = "insight", params(FeeQuery),
    security(("session" = ["insight.fees"])),
    responses((status = 200, body = FeeHouseholds), (status = "4XX", body = Problem)))]
async fn get_fee_households(by: Caller, Query(q): Query<FeeQuery>) -> Result<Json<FeeHouseholds>> {
    let mut tx = by.read().await?;
    let as_of = q.as_of(&mut tx).await?;
    let of = FigureOf {
        season: q.season,
        item: q.item,
        user_class: q.user_class,
        age: q.age,
        advance: q.advance.unwrap_or_default(),
    };
    Ok(Json(service::fee_households(&mut tx, as_of, q.org, of).await?))
}

/// Arrears by age and class of user.
#[utoipa::path(get, path = "/api/insight/fees/ages", tag = "insight", params(FeeQuery),
    security(("session" = ["insight.fees"])),
    responses((status = 200, body = FeeAges), (status = "4XX", body = Problem)))]
async fn get_fee_ages(
    by: Caller,
    headers: HeaderMap,
    Query(q): Query<FeeQuery>,
) -> Result<Response> {
    let mut tx = by.read().await?;
    let as_of = q.as_of(&mut tx).await?;
    let report = service::fee_ages(&mut tx, as_of, q.org).await?;
    q.answer(&report, &headers, Sheet::of_ages)
}

/// How the fees of a season, and of one to compare with, came in.
#[utoipa::path(get, path = "/api/insight/fees/curves", tag = "insight", params(FeeQuery),
    security(("session" = ["insight.fees"])),
    responses((status = 200, body = Items<FeeCurve>), (status = "4XX", body = Problem)))]
async fn get_fee_curves(by: Caller, Query(q): Query<FeeQuery>) -> Result<Json<Items<FeeCurve>>> {
    let mut tx = by.read().await?;
    let wanted: Vec<_> = q.season.into_iter().chain(q.against).collect();
    let as_of = q.as_of(&mut tx).await?;
    Ok(Json(Items { items: service::fee_curves(&mut tx, as_of, q.org, &wanted).await? }))
}

/// Why what is owed changed between two moments.
#[utoipa::path(get, path = "/api/insight/fees/changes", tag = "insight", params(FeeQuery),
    security(("session" = ["insight.fees"])),
    responses((status = 200, body = FeeChanges), (status = "4XX", body = Problem)))]
async fn get_fee_changes(
    by: Caller,
    headers: HeaderMap,
    Query(q): Query<FeeQuery>,
) -> Result<Response> {
    let mut tx = by.read().await?;
    let to = q.as_of(&mut tx).await?;
    let from = AsOf {
        valid_on: q.from.unwrap_or(to.valid_on),
        known_at: q.from_known_at.unwrap_or(to.known_at),
    };
    let report = service::fee_changes(&mut tx, from, to, q.org).await?;
    q.answer(&report, &headers, Sheet::of_changes)
}

/// The cashiers' journal of a day.
#[utoipa::path(get, path = "/api/insight/fees/journal", tag = "insight", params(FeeQuery),
    security(("session" = ["insight.fees"])),
    responses((status = 200, body = Journal), (status = "4XX", body = Problem)))]
async fn get_fee_journal(
    by: Caller,
    headers: HeaderMap,
    Query(q): Query<FeeQuery>,
) -> Result<Response> {
    let mut tx = by.read().await?;
    let day = q.as_of(&mut tx).await?.valid_on;
    let report = service::fee_journal(&mut tx, day, q.org).await?;
    q.answer(&report, &headers, Sheet::of_journal)
}

/// Vouchers for the finance office.
#[utoipa::path(get, path = "/api/insight/fees/vouchers", tag = "insight", params(FeeQuery),
    security(("session" = ["insight.fees"])),
    responses((status = 200, body = Vouchers), (status = "4XX", body = Problem)))]
async fn get_fee_vouchers(
    by: Caller,
    headers: HeaderMap,
    Query(q): Query<FeeQuery>,
) -> Result<Response> {
    let mut tx = by.read().await?;
    let as_of = q.as_of(&mut tx).await?;
    let report = service::vouchers(&mut tx, q.from.unwrap_or(as_of.valid_on), as_of).await?;
    q.answer(&report, &headers, Sheet::of_vouchers)
}

/// The same as a plain journal.
#[utoipa::path(get, path = "/api/insight/fees/vouchers.txt", tag = "insight", params(FeeQuery),
    security(("session" = ["insight.fees"])),
    responses((status = 200, content_type = "text/plain"), (status = "4XX", body = Problem)))]
async fn get_fee_vouchers_text(by: Caller, Query(q): Query<FeeQuery>) -> Result<Response> {
    let mut tx = by.read().await?;
    let as_of = q.as_of(&mut tx).await?;
    let report = service::vouchers(&mut tx, q.from.unwrap_or(as_of.valid_on), as_of).await?;
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"vouchers.journal\"");
    Ok(([name], service::plain_journal(&report)).into_response())
}

/// Households by station and use of heat.
#[utoipa::path(get, path = "/api/insight/fees/states", tag = "insight", params(FeeQuery),
    security(("session" = ["insight.fees"])),
    responses((status = 200, body = Items<UseState>), (status = "4XX", body = Problem)))]
async fn get_use_states(by: Caller, Query(q): Query<FeeQuery>) -> Result<Json<Items<UseState>>> {
    let mut tx = by.read().await?;
    let as_of = q.as_of(&mut tx).await?;
    Ok(Json(Items { items: service::use_states(&mut tx, as_of, q.org).await? }))
}
