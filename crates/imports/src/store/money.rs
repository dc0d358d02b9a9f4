//! Money that comes in with a file.

use chrono::NaiveDate;
use kernel::{AccountId, PostingId, Result, SeasonId, Tx};
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

/// Remembers which postings a batch made.
pub(crate) async fn remember(tx: &mut Tx, batch: Uuid, made: &[PostingId]) -> Result<()> {
    let ids: Vec<Uuid> = made.iter().map(|p| **p).collect();
    sqlx::query!(
        "insert into imports.posted (batch_id, posting_id) select $1, unnest($2::uuid[])",
        batch,
        &ids,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The last postings that a batch made.
pub(crate) async fn postings(tx: &mut Tx, batch: Uuid, most: i64) -> Result<Vec<PostingId>> {
    let rows = sqlx::query_scalar!(
        "select posting_id from imports.posted where batch_id = $1
         order by posting_id desc limit $2",
        batch,
        most,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(Into::into).collect())
}

/// They were taken back; how many lines of households that was.
pub(crate) async fn forget(tx: &mut Tx, batch: Uuid, gone: &[PostingId]) -> Result<i32> {
    let ids: Vec<Uuid> = gone.iter().map(|p| **p).collect();
    let lines = sqlx::query_scalar!(
        r#"with gone as (
             delete from imports.posted where batch_id = $1 and posting_id = any($2)
             returning posting_id
           )
           select count(*)::int as "lines!" from gone g
           join ledger.entry e on e.posting_id = g.posting_id and e.ledger = 'receivable'"#,
        batch,
        &ids,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(lines)
}

/// What was paid or let off since on what a batch charged, and still stands: by what caused it,
/// with how many households.
pub(crate) async fn paid_since(tx: &mut Tx, batch: Uuid) -> Result<Vec<(String, i64)>> {
    let rows = sqlx::query!(
        r#"with charged as (
             select distinct e.account_id, e.season_id
             from imports.posted b join ledger.entry e on e.posting_id = b.posting_id
             where b.batch_id = $1 and e.ledger = 'receivable'
           )
           select p.source as "what!", count(distinct e.account_id) as "households!"
           from charged c
           join ledger.entry e on e.account_id = c.account_id and e.season_id = c.season_id
             and e.ledger = 'receivable' and e.amount_fen < 0
           join ledger.posting p on p.id = e.posting_id
           where p.source <> 'reversal'
             and not exists (select from imports.posted b
                             where b.batch_id = $1 and b.posting_id = p.id)
             and not exists (select from ledger.posting r
                             where r.corrects_id = p.id and r.source = 'reversal')
           group by 1 order by 1"#,
        batch,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.what, r.households)).collect())
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
           from imports.posted p
           join imports.batch b on b.id = p.batch_id
           join ledger.entry e on e.posting_id = p.posting_id and e.ledger = 'receivable'
           join ledger.season s on s.id = e.season_id
           join ledger.segment g on g.id = e.segment_id
           where p.batch_id = $1
           group by 1, 2, 3"#,
        batch,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.code, r.org_path, r.item, r.lines, r.sum)).collect())
}
