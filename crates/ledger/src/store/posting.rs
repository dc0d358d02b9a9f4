//! Writing postings, and reading them back; seasons.

use crate::{Ledger, LedgerRule, Line, Posting, Season};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Error, Fen, OnConstraint, PostingId, Result, Scope, SeasonId, Tx};
use std::str::FromStr;

/// The organisations of these households; fewer than the households when some are out of sight.
pub(crate) async fn orgs_of(
    tx: &mut Tx,
    accounts: &[AccountId],
    scope: &Scope,
) -> Result<Vec<String>> {
    let ids: Vec<_> = accounts.iter().map(|a| **a).collect();
    let paths = sqlx::query_scalar!(
        "select org_path from directory.account where id = any($1) and org_path ^@ any($2)",
        &ids,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(paths)
}

/// The last day for which nothing is written any more.
pub(crate) async fn closed_through(tx: &mut Tx) -> Result<Option<NaiveDate>> {
    Ok(sqlx::query_scalar!("select max(through) from ledger.period").fetch_one(tx.db()).await?)
}

/// Writes the head; nothing when this cause was posted before.
pub(crate) async fn insert_head(tx: &mut Tx, p: &Posting) -> Result<Option<PostingId>> {
    let (id, now): (PostingId, _) = (tx.new_id(), tx.now());
    let by = tx.actor().user.map(|u| *u);
    let id = sqlx::query_scalar!(
        "insert into ledger.posting
           (id, source, source_id, corrects_id, memo, channel, valid_on, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
         on conflict (source, source_id) do nothing returning id",
        *id,
        p.source,
        p.source_id,
        p.corrects_id.map(|c| *c),
        p.memo,
        p.channel,
        p.valid_on,
        now,
        by,
    )
    .fetch_optional(tx.db())
    .await
    .on_constraint("posting_corrects", Error::NotFound("posting"))
    .map_err(|e| closed(e, p.valid_on))?;
    Ok(id)
}

/// Somebody closed the period while we were asking.
fn closed(e: Error, day: NaiveDate) -> Error {
    let is_closed = match &e {
        Error::Internal(e) => e
            .downcast_ref::<sqlx::Error>()
            .and_then(|e| e.as_database_error())
            .is_some_and(|e| e.message().starts_with("the period of")),
        _ => false,
    };
    if is_closed { LedgerRule::PeriodClosed(day).into() } else { e }
}

/// Writes the lines.
pub(crate) async fn insert_lines(tx: &mut Tx, id: PostingId, p: &Posting) -> Result<()> {
    let lines = &p.lines;
    let ledgers: Vec<_> = lines.iter().map(|l| <&str>::from(l.ledger).to_owned()).collect();
    let accounts: Vec<_> = lines.iter().map(|l| l.account_id.map(|a| *a)).collect();
    let seasons: Vec<_> = lines.iter().map(|l| l.season_id.map(|s| *s)).collect();
    let segments: Vec<_> = lines.iter().map(|l| l.segment_id.map(|s| s.0)).collect();
    let items: Vec<_> = lines.iter().map(|l| l.item.clone()).collect();
    let amounts: Vec<_> = lines.iter().map(|l| l.amount.get()).collect();
    let now = tx.now();
    sqlx::query!(
        "insert into ledger.entry
           (posting_id, line, valid_on, recorded_at, ledger, account_id, season_id, segment_id,
            item, amount_fen)
         select $1, n, $8, $9, ledger, account_id, season_id, segment_id, item, amount_fen
         from unnest($2::text[], $3::uuid[], $4::uuid[], $5::int[], $6::text[], $7::bigint[])
           with ordinality as t (ledger, account_id, season_id, segment_id, item, amount_fen, n)",
        *id,
        &ledgers,
        &accounts as &[Option<sqlx::types::Uuid>],
        &seasons as &[Option<sqlx::types::Uuid>],
        &segments as &[Option<i32>],
        &items,
        &amounts,
        p.valid_on,
        now,
    )
    .execute(tx.db())
    .await
    .map_err(no_part)?;
    Ok(())
}

/// A season without a part of the book is no season.
pub(super) fn no_part(e: sqlx::Error) -> Error {
    match e.as_database_error() {
        Some(db) if db.message().starts_with("no partition of relation") => {
            Error::NotFound("season")
        }
        _ => e.into(),
    }
}

/// What was posted for this cause.
pub(crate) async fn by_source(
    tx: &mut Tx,
    source: &str,
    source_id: &str,
) -> Result<Option<(PostingId, Posting)>> {
    let id = sqlx::query_scalar!(
        "select id from ledger.posting where source = $1 and source_id = $2",
        source,
        source_id,
    )
    .fetch_optional(tx.db())
    .await?;
    let Some(id) = id else { return Ok(None) };
    Ok(Some((id, posting(tx, id).await?)))
}

/// A posting with its lines.
pub(crate) async fn posting(tx: &mut Tx, id: PostingId) -> Result<Posting> {
    let head = sqlx::query!(
        "select source, source_id, corrects_id, memo, channel, valid_on
         from ledger.posting where id = $1",
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("posting"))?;
    let rows = sqlx::query!(
        "select ledger, account_id, season_id, segment_id, item, amount_fen
         from ledger.entry where posting_id = $1 order by line",
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    let mut lines = Vec::with_capacity(rows.len());
    for r in rows {
        lines.push(Line {
            ledger: Ledger::from_str(&r.ledger).map_err(|e| Error::Internal(e.into()))?,
            account_id: r.account_id,
            season_id: r.season_id,
            segment_id: r.segment_id,
            item: r.item,
            amount: r.amount_fen,
        });
    }
    Ok(Posting {
        source: head.source,
        source_id: head.source_id,
        corrects_id: head.corrects_id,
        memo: head.memo,
        channel: head.channel,
        valid_on: head.valid_on,
        lines,
    })
}

/// The seasons, newest first.
pub(crate) async fn seasons(tx: &mut Tx) -> Result<Vec<Season>> {
    let seasons = sqlx::query_as!(
        Season,
        "select id, code, starts_at, ends_at from ledger.season order by starts_at desc",
    )
    .fetch_all(tx.db())
    .await?;
    Ok(seasons)
}

/// Adds a season, and with it its part of the book.
pub(crate) async fn insert_season(
    tx: &mut Tx,
    code: &str,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
) -> Result<SeasonId> {
    let id: SeasonId = tx.new_id();
    sqlx::query!(
        "insert into ledger.season (id, code, starts_at, ends_at) values ($1, $2, $3, $4)",
        *id,
        code,
        starts_at,
        ends_at,
    )
    .execute(tx.db())
    .await
    .map_err(|e| match e.as_database_error().and_then(|d| d.constraint()) {
        Some("season_code_key" | "season_code_form") => LedgerRule::SeasonInvalid.into(),
        _ => Error::from(e),
    })?;
    Ok(id)
}

/// Whether an amount is all that was meant: a helper for sums that cannot overflow silently.
pub(crate) fn negated(amount: Fen) -> Result<Fen> {
    Ok(amount.checked_neg().ok_or(LedgerRule::TooMuch)?)
}
