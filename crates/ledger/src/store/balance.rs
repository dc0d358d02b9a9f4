//! What households owe: sums over the book.

use crate::{AsOf, LedgerRule, OpenItem, Payment, SeasonBalance};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Error, Fen, Result, Scope, Tx};

/// The bounds of a moment for a query; nothing bounds what is asked for now.
fn bounds(as_of: Option<AsOf>) -> (Option<NaiveDate>, Option<DateTime<Utc>>) {
    (as_of.map(|a| a.valid_on), as_of.map(|a| a.known_at))
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
pub(crate) async fn sums(
    tx: &mut Tx,
    account: AccountId,
    scope: &Scope,
    as_of: Option<AsOf>,
) -> Result<Sums> {
    let (valid_on, known_at) = bounds(as_of);
    let rows = sqlx::query!(
        r#"select e.ledger as "ledger?", coalesce(s.code, '') as "season!",
                  coalesce(sum(e.amount_fen) filter (where not e.paying), 0)::bigint
                    as "charged!: Fen",
                  coalesce(-sum(e.amount_fen) filter (where e.paying), 0)::bigint as "paid!: Fen",
                  coalesce(sum(e.amount_fen), 0)::bigint as "owed!: Fen"
           from directory.account a
           left join lateral (
             select ledger, season_id, amount_fen,
                    exists (select from ledger.entry m where m.posting_id = e.posting_id
                            and m.ledger in ('cash', 'bank', 'wechat', 'alipay', 'card', 'cheque',
                                             'advance')) as paying
             from ledger.entry e where e.account_id = a.id and ledger in ('receivable', 'advance')
               and ($3::date is null or e.valid_on <= $3)
               and ($4::timestamptz is null or e.recorded_at <= $4)
           ) e on true
           left join ledger.season s on s.id = e.season_id
           where a.id = $1 and a.org_path ^@ any($2)
           group by e.ledger, s.code, s.starts_at
           order by s.starts_at desc nulls last"#,
        *account,
        &scope.paths,
        valid_on,
        known_at,
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
                sums.advance = credit.ok_or(LedgerRule::TooMuch)?;
            }
            None => {}
        }
    }
    Ok(sums)
}

/// The last postings that moved money for a household, newest first.
pub(crate) async fn payments(
    tx: &mut Tx,
    account: AccountId,
    as_of: Option<AsOf>,
    limit: i64,
) -> Result<Vec<Payment>> {
    let (valid_on, known_at) = bounds(as_of);
    let payments = sqlx::query_as!(
        Payment,
        r#"select p.recorded_at as at, mine.paid as "amount_fen!: Fen", money.ledger as "ledger!",
                  p.memo
           from (
             select posting_id, -sum(amount_fen)::bigint as paid from ledger.entry
             where account_id = $1 and ledger in ('receivable', 'advance')
               and ($3::date is null or valid_on <= $3)
               and ($4::timestamptz is null or recorded_at <= $4)
             group by posting_id having sum(amount_fen) <> 0
           ) mine
           join lateral (
             select min(ledger) as ledger from ledger.entry
             where posting_id = mine.posting_id
               and ledger in ('cash', 'bank', 'wechat', 'alipay', 'card', 'cheque')
           ) money on money.ledger is not null
           join ledger.posting p on p.id = mine.posting_id
           order by p.recorded_at desc, p.id desc limit $2"#,
        *account,
        limit,
        valid_on,
        known_at,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(payments)
}

/// What these households owe, by season and item; what is settled is not shown.
pub(crate) async fn open_items(tx: &mut Tx, accounts: &[AccountId]) -> Result<Vec<OpenItem>> {
    let ids: Vec<_> = accounts.iter().map(|a| **a).collect();
    let items = sqlx::query_as!(
        OpenItem,
        r#"select e.account_id as "account_id!", e.season_id as "season_id?",
                  coalesce(s.code, '') as "season!", s.starts_at as "starts_at?", e.item,
                  e.segment_id as "segment_id?", sum(e.amount_fen)::bigint as "owed_fen!: Fen"
           from ledger.entry e left join ledger.season s on s.id = e.season_id
           where e.account_id = any($1) and e.ledger = 'receivable'
           group by e.account_id, e.season_id, s.code, s.starts_at, e.item, e.segment_id
           having sum(e.amount_fen) <> 0
           order by e.account_id, s.starts_at nulls first, e.item, e.segment_id"#,
        &ids,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(items)
}

/// What these households have paid ahead.
pub(crate) async fn advances(tx: &mut Tx, accounts: &[AccountId]) -> Result<Vec<(AccountId, Fen)>> {
    let ids: Vec<_> = accounts.iter().map(|a| **a).collect();
    let rows = sqlx::query!(
        r#"select account_id as "account_id!", -sum(amount_fen)::bigint as "credit!: Fen"
           from ledger.entry where account_id = any($1) and ledger = 'advance'
           group by account_id having sum(amount_fen) <> 0 order by account_id"#,
        &ids,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.account_id, r.credit)).collect())
}
