//! All SQL of the book.

use crate::{BillingRule, Ledger, Line, Payment, Posting, Season, SeasonBalance};
use chrono::{DateTime, Utc};
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

/// Writes the head; nothing when this cause was posted before.
pub(crate) async fn insert_head(tx: &mut Tx, p: &Posting) -> Result<Option<PostingId>> {
    let (id, now): (PostingId, _) = (tx.new_id(), tx.now());
    let by = tx.actor().user.map(|u| *u);
    let id = sqlx::query_scalar!(
        "insert into billing.posting
           (id, source, source_id, corrects_id, memo, valid_on, recorded_at, recorded_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)
         on conflict (source, source_id) do nothing returning id",
        *id,
        p.source,
        p.source_id,
        p.corrects_id.map(|c| *c),
        p.memo,
        p.valid_on,
        now,
        by,
    )
    .fetch_optional(tx.db())
    .await
    .on_constraint("posting_corrects", Error::NotFound("posting"))?;
    Ok(id)
}

/// Writes the lines.
pub(crate) async fn insert_lines(tx: &mut Tx, id: PostingId, lines: &[Line]) -> Result<()> {
    let ledgers: Vec<_> = lines.iter().map(|l| <&str>::from(l.ledger).to_owned()).collect();
    let accounts: Vec<_> = lines.iter().map(|l| l.account_id.map(|a| *a)).collect();
    let seasons: Vec<_> = lines.iter().map(|l| l.season_id.map(|s| *s)).collect();
    let items: Vec<_> = lines.iter().map(|l| l.item.clone()).collect();
    let amounts: Vec<_> = lines.iter().map(|l| l.amount.get()).collect();
    sqlx::query!(
        "insert into billing.entry
           (posting_id, line, ledger, account_id, season_id, item, amount_fen)
         select $1, n, ledger, account_id, season_id, item, amount_fen
         from unnest($2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::bigint[])
           with ordinality as t (ledger, account_id, season_id, item, amount_fen, n)",
        *id,
        &ledgers,
        &accounts as &[Option<sqlx::types::Uuid>],
        &seasons as &[Option<sqlx::types::Uuid>],
        &items,
        &amounts,
    )
    .execute(tx.db())
    .await
    .on_constraint("entry_season", Error::NotFound("season"))?;
    Ok(())
}

/// What was posted for this cause.
pub(crate) async fn by_source(
    tx: &mut Tx,
    source: &str,
    source_id: &str,
) -> Result<Option<(PostingId, Posting)>> {
    let id = sqlx::query_scalar!(
        "select id from billing.posting where source = $1 and source_id = $2",
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
        "select source, source_id, corrects_id, memo, valid_on from billing.posting where id = $1",
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("posting"))?;
    let rows = sqlx::query!(
        "select ledger, account_id, season_id, item, amount_fen
         from billing.entry where posting_id = $1 order by line",
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    let line = |r: Row| -> Result<Line> {
        let ledger = Ledger::from_str(&r.ledger).map_err(|e| Error::Internal(e.into()))?;
        let Row { account_id, season_id, item, amount, .. } = r;
        Ok(Line { ledger, account_id, season_id, item, amount })
    };
    let lines = rows
        .into_iter()
        .map(|r| Row {
            ledger: r.ledger,
            account_id: r.account_id,
            season_id: r.season_id,
            item: r.item,
            amount: r.amount_fen,
        })
        .map(line)
        .collect::<Result<_>>()?;
    Ok(Posting {
        source: head.source,
        source_id: head.source_id,
        corrects_id: head.corrects_id,
        memo: head.memo,
        valid_on: head.valid_on,
        lines,
    })
}

struct Row {
    ledger: String,
    account_id: Option<AccountId>,
    season_id: Option<SeasonId>,
    item: String,
    amount: Fen,
}

/// What a household has outside of any season and in each.
pub(crate) struct Sums {
    /// Credit of the advance ledger: positive when the household has money with us.
    pub advance: Fen,
    /// Receivables by season, newest first.
    pub seasons: Vec<SeasonBalance>,
}

/// Sums over the book of one household. A line is a payment when its posting moves money or an
/// advance; otherwise it is a charge or a charge's correction.
pub(crate) async fn sums(tx: &mut Tx, account: AccountId, scope: &Scope) -> Result<Sums> {
    let rows = sqlx::query!(
        r#"select e.ledger as "ledger?", coalesce(s.code, '') as "season!",
                  coalesce(sum(e.amount_fen) filter (where not e.paying), 0)::bigint
                    as "charged!: Fen",
                  coalesce(-sum(e.amount_fen) filter (where e.paying), 0)::bigint as "paid!: Fen",
                  coalesce(sum(e.amount_fen), 0)::bigint as "owed!: Fen"
           from directory.account a
           left join lateral (
             select ledger, season_id, amount_fen,
                    exists (select from billing.entry m where m.posting_id = e.posting_id
                            and m.ledger in ('cash', 'bank', 'wechat', 'advance')) as paying
             from billing.entry e where e.account_id = a.id and ledger in ('receivable', 'advance')
           ) e on true
           left join billing.season s on s.id = e.season_id
           where a.id = $1 and a.org_path ^@ any($2)
           group by e.ledger, s.code, s.starts_at
           order by s.starts_at desc nulls last"#,
        *account,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    if rows.is_empty() {
        return Err(Error::NotFound("household"));
    }
    let mut sums = Sums { advance: Fen::ZERO, seasons: Vec::new() };
    for r in rows {
        match r.ledger.as_deref() {
            Some("receivable") => sums.seasons.push(SeasonBalance {
                season: r.season,
                charged_fen: r.charged,
                paid_fen: r.paid,
                owed_fen: r.owed,
            }),
            Some(_) => {
                let credit = r.owed.checked_neg().and_then(|c| sums.advance.checked_add(c));
                sums.advance = credit.ok_or(BillingRule::TooMuch)?;
            }
            None => {}
        }
    }
    Ok(sums)
}

/// The last postings that moved money for a household, newest first.
pub(crate) async fn payments(tx: &mut Tx, account: AccountId, limit: i64) -> Result<Vec<Payment>> {
    let payments = sqlx::query_as!(
        Payment,
        r#"select p.recorded_at as at, mine.paid as "amount_fen!: Fen", money.ledger as "ledger!",
                  p.memo
           from (
             select posting_id, -sum(amount_fen)::bigint as paid from billing.entry
             where account_id = $1 and ledger in ('receivable', 'advance')
             group by posting_id having sum(amount_fen) <> 0
           ) mine
           join lateral (
             select min(ledger) as ledger from billing.entry
             where posting_id = mine.posting_id and ledger in ('cash', 'bank', 'wechat')
           ) money on money.ledger is not null
           join billing.posting p on p.id = mine.posting_id
           order by p.recorded_at desc, p.id desc limit $2"#,
        *account,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(payments)
}

/// The seasons, newest first.
pub(crate) async fn seasons(tx: &mut Tx) -> Result<Vec<Season>> {
    let seasons = sqlx::query_as!(
        Season,
        "select id, code, starts_at, ends_at from billing.season order by starts_at desc",
    )
    .fetch_all(tx.db())
    .await?;
    Ok(seasons)
}

/// Adds a season.
pub(crate) async fn insert_season(
    tx: &mut Tx,
    code: &str,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
) -> Result<SeasonId> {
    let id: SeasonId = tx.new_id();
    sqlx::query!(
        "insert into billing.season (id, code, starts_at, ends_at) values ($1, $2, $3, $4)",
        *id,
        code,
        starts_at,
        ends_at,
    )
    .execute(tx.db())
    .await
    .on_constraint("season_code_key", BillingRule::SeasonInvalid)?;
    Ok(id)
}
