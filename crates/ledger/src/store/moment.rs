//! The book as of a moment: the last close that was known then, and what came after it.
//!
//! Now and then take the same way, so that a past report costs what today's does.

use crate::{ArrearsRow, AsOf, Ledger, TrialRow};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Error, Fen, Result, SeasonId, Tx};
use std::str::FromStr;

fn ledger(name: &str) -> Result<Ledger> {
    Ledger::from_str(name).map_err(|e| Error::Internal(e.into()))
}

/// Since when the one writes that has been writing longest, others than we; nothing when nobody
/// does. The marks are `kernel::running_since`.
pub(crate) async fn writing_since(tx: &mut Tx) -> Result<Option<DateTime<Utc>>> {
    let micros = sqlx::query_scalar!(
        "select min((classid::bigint << 32 | objid::bigint) & ((1::bigint << 52) - 1))
         from pg_locks
         where locktype = 'advisory' and objsubid = 1 and granted
           and database = (select oid from pg_database where datname = current_database())
           and classid::bigint >> 20 = $1 and pid <> pg_backend_pid()",
        kernel::running_since(DateTime::UNIX_EPOCH) >> 52,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(micros.and_then(DateTime::from_timestamp_micros))
}

/// Says since when we write, until the connection that is given back is dropped: for what is
/// written by other ways than a [`Tx`].
pub(crate) async fn announce(app: &kernel::App) -> Result<sqlx::PgConnection> {
    let mut held = app.pool.acquire().await?.detach();
    let since = kernel::running_since(app.clock.now());
    sqlx::query_scalar!(
        r#"select true as "held!" from (select pg_advisory_lock_shared($1)) l"#,
        since,
    )
    .fetch_one(&mut held)
    .await?;
    Ok(held)
}

/// The close from which a moment is summed on: known then, and not after the day.
pub(crate) async fn base(tx: &mut Tx, as_of: AsOf) -> Result<Option<NaiveDate>> {
    let base = sqlx::query_scalar!(
        "select max(p.through) from ledger.period p
         join ledger.closing c on c.through = p.through
         where p.through <= $1 and p.closed_at <= $2",
        as_of.valid_on,
        as_of.known_at,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(base)
}

/// Balances of households that are not nothing, summed by season, item and segment.
pub(crate) async fn arrears(
    tx: &mut Tx,
    as_of: AsOf,
    base: Option<NaiveDate>,
    paths: &[String],
) -> Result<Vec<ArrearsRow>> {
    let rows = sqlx::query!(
        r#"select ledger as "ledger!", season_id as "season_id?: SeasonId", item as "item!",
                  segment_id as "segment_id?: crate::SegmentId", households as "households!",
                  owed_fen as "owed!: Fen", credit_fen as "credit!: Fen"
           from ledger.arrears($1, $2, $3, $4)
           order by ledger, season_id, item, segment_id"#,
        as_of.valid_on,
        as_of.known_at,
        base,
        paths,
    )
    .fetch_all(tx.db())
    .await?;
    let mut arrears = Vec::with_capacity(rows.len());
    for r in rows {
        arrears.push(ArrearsRow {
            ledger: ledger(&r.ledger)?,
            season_id: r.season_id,
            item: r.item,
            segment_id: r.segment_id,
            households: r.households,
            owed_fen: r.owed,
            credit_fen: r.credit,
        });
    }
    Ok(arrears)
}

/// One household's balance in a moment's arrears.
pub(crate) struct Owing {
    pub account_id: AccountId,
    pub fen: Fen,
}

/// Who makes up a figure of [`arrears`]: households by what they owe, most first.
pub(crate) async fn owing(
    tx: &mut Tx,
    as_of: AsOf,
    base: Option<NaiveDate>,
    figure: &crate::Figure,
    paths: &[String],
) -> Result<Vec<Owing>> {
    let segments: Vec<_> = figure.segments.iter().map(|s| s.0).collect();
    let seasons: Vec<_> = figure.seasons.iter().map(|s| **s).collect();
    let after = figure.after.map(|(fen, account)| (fen.get(), *account));
    let rows = sqlx::query_as!(
        Owing,
        r#"select account_id as "account_id!: AccountId", fen as "fen!: Fen"
           from (
             select account_id, sum(amount_fen)::bigint as fen
             from (
               select account_id, season_id, segment_id, item, amount_fen
               from ledger.closing_balance where through = $3 and ledger = $5
               union all
               select account_id, season_id, segment_id, item, amount_fen from ledger.entry
               where ($3::date is null or valid_on > $3) and valid_on <= $1 and recorded_at <= $2
                 and ledger = $5
             ) l
             left join ledger.segment s on s.id = l.segment_id
             where coalesce(s.org_path, '/') ^@ any($4)
               and (cardinality($6::int[]) = 0 or l.segment_id = any($6))
               and (cardinality($7::uuid[]) = 0 or l.season_id = any($7))
               and (cardinality($8::text[]) = 0 or l.item = any($8))
             group by account_id having sum(amount_fen) <> 0
           ) b
           where $9::bigint is null or (b.fen, b.account_id) < ($9, $10)
           order by b.fen desc, b.account_id desc limit $11"#,
        as_of.valid_on,
        as_of.known_at,
        base,
        paths,
        <&str>::from(figure.ledger),
        &segments,
        &seasons,
        &figure.items,
        after.map(|a| a.0),
        after.map(|a| a.1),
        figure.limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Every ledger by season and item.
pub(crate) async fn trial(
    tx: &mut Tx,
    as_of: AsOf,
    base: Option<NaiveDate>,
    paths: &[String],
) -> Result<Vec<TrialRow>> {
    let rows = sqlx::query!(
        r#"select l.ledger as "ledger!", l.season_id as "season_id?: SeasonId",
                  coalesce(n.code, '') as "season!", l.item as "item!",
                  sum(l.amount_fen)::bigint as "amount!: Fen"
           from (
             select season_id, segment_id, ledger, item, amount_fen
             from ledger.closing_balance where through = $3
             union all
             select season_id, segment_id, ledger, item, amount_fen from ledger.entry
             where ($3::date is null or valid_on > $3) and valid_on <= $1 and recorded_at <= $2
           ) l
           left join ledger.season n on n.id = l.season_id
           left join ledger.segment s on s.id = l.segment_id
           where coalesce(s.org_path, '/') ^@ any($4)
           group by l.ledger, l.season_id, n.code, n.starts_at, l.item
           having sum(l.amount_fen) <> 0
           order by l.ledger, n.starts_at desc nulls last, l.item"#,
        as_of.valid_on,
        as_of.known_at,
        base,
        paths,
    )
    .fetch_all(tx.db())
    .await?;
    let mut trial = Vec::with_capacity(rows.len());
    for r in rows {
        trial.push(TrialRow {
            ledger: ledger(&r.ledger)?,
            season_id: r.season_id,
            season: r.season,
            item: r.item,
            amount_fen: r.amount,
        });
    }
    Ok(trial)
}
