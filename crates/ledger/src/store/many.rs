//! Many postings in few statements.

use super::segment;
use crate::{Ledger, LedgerRule, Line, Posting};
use kernel::{Error, OnConstraint as _, PostingId, Result, Tx};
use sqlx::types::Uuid;
use std::collections::HashMap;
use std::str::FromStr as _;

/// Writes heads and lines; a cause that was posted before is refused.
pub(crate) async fn insert_many(tx: &mut Tx, postings: &mut [Posting]) -> Result<Vec<PostingId>> {
    fill_all(tx, postings).await?;
    let ids: Vec<PostingId> = postings.iter().map(|_| tx.new_id()).collect();
    insert_heads(tx, &ids, postings).await?;
    insert_all_lines(tx, &ids, postings).await?;
    Ok(ids)
}

async fn insert_heads(tx: &mut Tx, ids: &[PostingId], postings: &[Posting]) -> Result<()> {
    let raw: Vec<Uuid> = ids.iter().map(|id| **id).collect();
    let sources: Vec<_> = postings.iter().map(|p| p.source.clone()).collect();
    let source_ids: Vec<_> = postings.iter().map(|p| p.source_id.clone()).collect();
    let corrects: Vec<_> = postings.iter().map(|p| p.corrects_id.map(|c| *c)).collect();
    let memos: Vec<_> = postings.iter().map(|p| p.memo.clone()).collect();
    let channels: Vec<_> = postings.iter().map(|p| p.channel.clone()).collect();
    let days: Vec<_> = postings.iter().map(|p| p.valid_on).collect();
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    sqlx::query!(
        "insert into ledger.posting
           (id, source, source_id, corrects_id, memo, channel, valid_on, recorded_at, recorded_by)
         select id, source, source_id, corrects_id, memo, channel, valid_on, $8, $9
         from unnest($1::uuid[], $2::text[], $3::text[], $4::uuid[], $5::text[], $6::text[],
                     $7::date[])
           as t (id, source, source_id, corrects_id, memo, channel, valid_on)",
        &raw,
        &sources,
        &source_ids,
        &corrects as &[Option<Uuid>],
        &memos,
        &channels as &[Option<String>],
        &days,
        now,
        by,
    )
    .execute(tx.db())
    .await
    .on_constraint("posting_source_key", LedgerRule::SourceTaken)?;
    Ok(())
}

/// All lines in one statement: each posting's come together, and so they balance.
async fn insert_all_lines(tx: &mut Tx, ids: &[PostingId], postings: &[Posting]) -> Result<()> {
    let each = || {
        ids.iter().zip(postings).flat_map(|(id, p)| {
            (1_i32..).zip(&p.lines).map(move |(n, line)| (*id, n, p.valid_on, line))
        })
    };
    let heads: Vec<Uuid> = each().map(|(id, ..)| *id).collect();
    let numbers: Vec<i32> = each().map(|(_, n, ..)| n).collect();
    let days: Vec<_> = each().map(|(_, _, day, _)| day).collect();
    let line = || each().map(|(.., line)| line);
    let ledgers: Vec<_> = line().map(|l| <&str>::from(l.ledger).to_owned()).collect();
    let accounts: Vec<_> = line().map(|l| l.account_id.map(|a| *a)).collect();
    let seasons: Vec<_> = line().map(|l| l.season_id.map(|s| *s)).collect();
    let segments: Vec<_> = line().map(|l| l.segment_id.map(|s| s.0)).collect();
    let items: Vec<_> = line().map(|l| l.item.clone()).collect();
    let amounts: Vec<_> = line().map(|l| l.amount.get()).collect();
    let now = tx.now();
    sqlx::query!(
        "insert into ledger.entry
           (posting_id, line, valid_on, recorded_at, ledger, account_id, season_id, segment_id,
            item, amount_fen)
         select posting_id, line, valid_on, $10, ledger, account_id, season_id, segment_id, item,
                amount_fen
         from unnest($1::uuid[], $2::int[], $3::date[], $4::text[], $5::uuid[], $6::uuid[],
                     $7::int[], $8::text[], $9::bigint[])
           as t (posting_id, line, valid_on, ledger, account_id, season_id, segment_id, item,
                 amount_fen)",
        &heads,
        &numbers,
        &days,
        &ledgers,
        &accounts as &[Option<Uuid>],
        &seasons as &[Option<Uuid>],
        &segments as &[Option<i32>],
        &items,
        &amounts,
        now,
    )
    .execute(tx.db())
    .await
    .map_err(super::no_part)?;
    Ok(())
}

/// Gives all lines their segments at once.
async fn fill_all(tx: &mut Tx, postings: &mut [Posting]) -> Result<()> {
    let counts: Vec<usize> = postings.iter().map(|p| p.lines.len()).collect();
    let mut lines: Vec<Line> = postings.iter_mut().flat_map(|p| p.lines.drain(..)).collect();
    segment::fill(tx, &mut lines).await?;
    let mut lines = lines.into_iter();
    for (posting, count) in postings.iter_mut().zip(counts) {
        posting.lines = lines.by_ref().take(count).collect();
    }
    Ok(())
}

/// Those of these postings that nobody took back, with their lines.
pub(crate) async fn standing(tx: &mut Tx, ids: &[PostingId]) -> Result<Vec<(PostingId, Posting)>> {
    let raw: Vec<Uuid> = ids.iter().map(|id| **id).collect();
    let heads = sqlx::query!(
        "select p.id, p.source, p.source_id, p.corrects_id, p.memo, p.channel, p.valid_on
         from ledger.posting p
         where p.id = any($1) and not exists (
           select from ledger.posting r where r.corrects_id = p.id and r.source = 'reversal')",
        &raw,
    )
    .fetch_all(tx.db())
    .await?;
    let rows = sqlx::query!(
        "select posting_id, ledger, account_id, season_id, segment_id, item, amount_fen
         from ledger.entry where posting_id = any($1) order by posting_id, line",
        &raw,
    )
    .fetch_all(tx.db())
    .await?;
    let mut lines: HashMap<Uuid, Vec<Line>> = HashMap::with_capacity(heads.len());
    for r in rows {
        lines.entry(*r.posting_id).or_default().push(Line {
            ledger: Ledger::from_str(&r.ledger).map_err(|e| Error::Internal(e.into()))?,
            account_id: r.account_id,
            season_id: r.season_id,
            segment_id: r.segment_id,
            item: r.item,
            amount: r.amount_fen,
        });
    }
    let posting = |source, source_id, corrects_id, memo, channel, valid_on, lines| Posting {
        source,
        source_id,
        corrects_id,
        memo,
        channel,
        valid_on,
        lines,
    };
    let with_lines = heads.into_iter().map(|h| {
        let lines = lines.remove(&*h.id).unwrap_or_default();
        let of = h.corrects_id;
        (h.id, posting(h.source, h.source_id, of, h.memo, h.channel, h.valid_on, lines))
    });
    Ok(with_lines.collect())
}
