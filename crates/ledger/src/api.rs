//! Routes of the book.

use crate::{
    AsOf, Balance, ChainState, EntryFilter, EntryKey, EntryView, Ledger, Periods, PostingView,
    Season, TrialBalance, service,
};
use axum::Json as Answer;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::error::extract::{Json, Path, Query};
use kernel::page::{Cursor, MAX_PAGE};
use kernel::{AccountId, App, Caller, Items, Page, PostingId, Problem, Result, SeasonId, Tx};
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use utoipa_axum::{router::OpenApiRouter, routes};

/// The book's routes. Postings are made by the domains that take money, not from outside.
pub fn router() -> OpenApiRouter<App> {
    OpenApiRouter::new()
        .routes(routes!(get_balance))
        .routes(routes!(list_seasons))
        .routes(routes!(list_periods, close_period))
        .routes(routes!(trial_balance))
        .routes(routes!(export_trial_balance))
        .routes(routes!(list_entries))
        .routes(routes!(get_posting))
        .routes(routes!(ledger_chain))
}

/// A moment of the book; the present one where it says nothing.
#[derive(Debug, Default, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Moment {
    /// Of which day's state.
    valid_on: Option<NaiveDate>,
    /// As known when.
    known_at: Option<DateTime<Utc>>,
}

impl Moment {
    async fn or_now(&self, tx: &mut Tx) -> Result<AsOf> {
        AsOf::settled(tx, self.valid_on, self.known_at).await
    }
}

/// What a household owes and paid, now or as of a moment.
#[utoipa::path(get, path = "/api/ledger/accounts/{id}/balance", tag = "ledger",
    params(("id" = AccountId, Path), Moment), security(("session" = ["ledger.view"])),
    responses((status = 200, body = Balance), (status = "4XX", body = Problem)))]
async fn get_balance(
    by: Caller,
    Path(id): Path<AccountId>,
    Query(moment): Query<Moment>,
) -> Result<Answer<Balance>> {
    let mut tx = by.read().await?;
    if moment.valid_on.is_none() && moment.known_at.is_none() {
        return Ok(Answer(service::balance(&mut tx, id).await?));
    }
    let as_of = moment.or_now(&mut tx).await?;
    Ok(Answer(service::balance_as_of(&mut tx, id, as_of).await?))
}

/// The heating seasons, newest first.
#[utoipa::path(get, path = "/api/ledger/seasons", tag = "ledger",
    responses((status = 200, body = Items<Season>), (status = "4XX", body = Problem)))]
async fn list_seasons(by: Caller) -> Result<Answer<Items<Season>>> {
    let mut tx = by.read().await?;
    Ok(Answer(Items { items: service::seasons(&mut tx).await? }))
}

/// Closes of the book, newest first, and what can be closed next.
#[utoipa::path(get, path = "/api/ledger/periods", tag = "ledger",
    responses((status = 200, body = Periods), (status = "4XX", body = Problem)))]
async fn list_periods(by: Caller) -> Result<Answer<Periods>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::periods(&mut tx).await?))
}

/// Which period to close.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
struct ClosePeriod {
    /// Its last day.
    through: NaiveDate,
}

/// Closes the book up to a month's last day, for ever.
#[utoipa::path(post, path = "/api/ledger/periods", tag = "ledger", request_body = ClosePeriod,
    responses((status = 200, body = Periods), (status = "4XX", body = Problem)))]
async fn close_period(by: Caller, Json(body): Json<ClosePeriod>) -> Result<Answer<Periods>> {
    let mut tx = by.begin().await?;
    service::close(&mut tx, body.through).await?;
    let periods = service::periods(&mut tx).await?;
    tx.reply(periods).await
}

/// Every ledger by season and item, now or as of a moment.
#[utoipa::path(get, path = "/api/ledger/trial-balance", tag = "ledger", params(Moment),
    responses((status = 200, body = TrialBalance), (status = "4XX", body = Problem)))]
async fn trial_balance(by: Caller, Query(moment): Query<Moment>) -> Result<Answer<TrialBalance>> {
    let mut tx = by.read().await?;
    let as_of = moment.or_now(&mut tx).await?;
    Ok(Answer(service::trial_balance(&mut tx, as_of).await?))
}

/// The same as a spreadsheet.
#[utoipa::path(get, path = "/api/ledger/trial-balance.xlsx", tag = "ledger", params(Moment),
    responses((status = 200, content_type = service::XLSX), (status = "4XX", body = Problem)))]
async fn export_trial_balance(
    by: Caller,
    headers: HeaderMap,
    Query(moment): Query<Moment>,
) -> Result<Response> {
    let language = headers.get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
    let english = language.is_some_and(|l| l.starts_with("en"));
    let mut tx = by.read().await?;
    let as_of = moment.or_now(&mut tx).await?;
    let trial = service::trial_balance(&mut tx, as_of).await?;
    let sheet = service::trial_sheet(&trial, english)?;
    let kind = (header::CONTENT_TYPE, service::XLSX);
    let name = (header::CONTENT_DISPOSITION, "attachment; filename=\"trial-balance.xlsx\"");
    Ok(([kind, name], sheet).into_response())
}

/// Which lines of the book to show; the last month of the moment where nothing is said.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
struct Lines {
    /// One ledger only.
    ledger: Option<Ledger>,
    /// One season only.
    season_id: Option<SeasonId>,
    /// One item only.
    item: Option<String>,
    /// One household only.
    account_id: Option<AccountId>,
    /// First day.
    from: Option<NaiveDate>,
    /// Last day.
    valid_on: Option<NaiveDate>,
    /// As known when.
    known_at: Option<DateTime<Utc>>,
    /// Read on after this cursor.
    after: Option<String>,
    /// The most rows.
    limit: Option<i64>,
}

/// Lines of the book, newest day first.
#[utoipa::path(get, path = "/api/ledger/entries", tag = "ledger", params(Lines),
    responses((status = 200, body = Page<EntryView>), (status = "4XX", body = Problem)))]
async fn list_entries(by: Caller, Query(q): Query<Lines>) -> Result<Answer<Page<EntryView>>> {
    let after = Cursor::decode::<EntryKey>(q.after.as_deref())?;
    let limit = q.limit.unwrap_or(50).clamp(1, MAX_PAGE);
    let mut tx = by.read().await?;
    let as_of = AsOf::settled(&mut tx, q.valid_on, q.known_at).await?;
    let month = as_of.valid_on.checked_sub_days(Days::new(30)).unwrap_or(as_of.valid_on);
    let filter = EntryFilter {
        ledger: q.ledger,
        season_id: q.season_id,
        item: q.item,
        account_id: q.account_id,
        from: q.from.unwrap_or(month),
        as_of,
        after,
        limit: limit + 1,
    };
    let items = service::entries(&mut tx, &filter).await?;
    Ok(Answer(Page::cut(items, limit, |e| (e.valid_on, e.posting_id, e.line))))
}

/// A posting with its lines.
#[utoipa::path(get, path = "/api/ledger/postings/{id}", tag = "ledger",
    params(("id" = PostingId, Path)),
    responses((status = 200, body = PostingView), (status = "4XX", body = Problem)))]
async fn get_posting(by: Caller, Path(id): Path<PostingId>) -> Result<Answer<PostingView>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::posting(&mut tx, id).await?))
}

/// How far the seal over the book has come, and the signed ends of days.
#[utoipa::path(get, path = "/api/ledger/chain", tag = "ledger",
    responses((status = 200, body = ChainState), (status = "4XX", body = Problem)))]
async fn ledger_chain(by: Caller) -> Result<Answer<ChainState>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::chain(&mut tx).await?))
}
