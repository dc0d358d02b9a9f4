//! Money that comes in with a file.

use chrono::NaiveDate;
use kernel::{AccountId, Fen, PostingId, Result, Scope, SeasonId, Tx};
use std::collections::HashMap;
use uuid::Uuid;

/// Accounts by their numbers, with their stations.
pub(crate) async fn accounts(
    tx: &mut Tx,
    numbers: &[String],
    within: &str,
) -> Result<HashMap<String, (AccountId, String)>> {
    let rows = sqlx::query!(
        "select account_no, id, org_path from directory.account
         where account_no = any($1) and org_path ^@ $2",
        numbers,
        within,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.account_no, (r.id.into(), r.org_path))).collect())
}

pub(crate) async fn seasons(tx: &mut Tx) -> Result<HashMap<String, SeasonId>> {
    let rows = sqlx::query!("select code, id from ledger.season").fetch_all(tx.db()).await?;
    Ok(rows.into_iter().map(|r| (r.code, r.id.into())).collect())
}

/// The last day that is closed.
pub(crate) async fn closed_through(tx: &mut Tx) -> Result<Option<NaiveDate>> {
    let day =
        sqlx::query_scalar!("select max(through) from ledger.period").fetch_one(tx.db()).await?;
    Ok(day)
}

/// A batch's postings that stand.
pub(crate) async fn postings(tx: &mut Tx, batch: Uuid, most: i64) -> Result<Vec<PostingId>> {
    let rows = sqlx::query_scalar!(
        "select p.id from ledger.posting p
         where p.source = 'import' and p.source_id ^@ $1
           and not exists (select from ledger.posting r where r.corrects_id = p.id
                           and r.source = 'reversal')
         order by p.id limit $2",
        format!("{batch}/"),
        most,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// What a batch's postings come to: by season, station and item.
pub(crate) async fn money_in(
    tx: &mut Tx,
    batch: Uuid,
) -> Result<Vec<(String, String, String, i64, i64)>> {
    let rows = sqlx::query!(
        r#"select s.code, g.org_path, e.item, count(*) as "lines!",
                  sum(abs(e.amount_fen) * case when b.kind = 'charges' then sign(e.amount_fen)
                                               else 1 end)::bigint as "sum!"
           from ledger.posting p
           join imports.batch b on b.id = $2
           join ledger.entry e on e.posting_id = p.id and e.ledger = 'receivable'
           join ledger.season s on s.id = e.season_id
           join ledger.segment g on g.id = e.segment_id
           where p.source = 'import' and p.source_id ^@ $1
             and not exists (select from ledger.posting r where r.corrects_id = p.id
                             and r.source = 'reversal')
           group by 1, 2, 3"#,
        format!("{batch}/"),
        batch,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.code, r.org_path, r.item, r.lines, r.sum)).collect())
}

/// What the old house charged for a season: by account what a season may be charged for.
pub(crate) async fn imported_charges(
    tx: &mut Tx,
    season: SeasonId,
    scope: &Scope,
) -> Result<Vec<(AccountId, String, Fen)>> {
    let rows = sqlx::query!(
        r#"select a.id, a.account_no, sum(e.amount_fen)::bigint as "fen!"
           from ledger.entry e
           join ledger.posting p on p.id = e.posting_id
           join directory.account a on a.id = e.account_id
           where e.season_id = $1 and e.ledger = 'receivable'
             and e.item in ('heat', 'basic', 'metered', 'height')
             and (p.source = 'import' and p.channel is null
                  or p.source = 'reversal' and p.channel is null and p.corrects_id in
                     (select i.id from ledger.posting i where i.source = 'import'))
             and a.org_path ^@ any($2)
           group by 1, 2 having sum(e.amount_fen) <> 0 order by 2"#,
        *season,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id.into(), r.account_no, Fen::new(r.fen))).collect())
}
