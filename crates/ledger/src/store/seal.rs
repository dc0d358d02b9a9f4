//! Sealing postings behind their commits, in commit order.

use crate::{Content, DigestView, GENESIS, Hash, SealedHead, SealedLine, hex, is_signed};
use chrono::{DateTime, NaiveDate, Utc};
use futures_util::TryStreamExt as _;
use kernel::{Error, PostingId, Result, Tx};
use sqlx::PgConnection;
use uuid::Uuid;

/// The seal's end.
#[derive(Clone, Debug)]
pub(crate) struct End {
    pub seq: i64,
    pub hash: Hash,
    /// The last sealed posting's transaction and id.
    pub xid: String,
    pub id: Uuid,
}

fn hash_of(bytes: &[u8]) -> Result<Hash> {
    Hash::try_from(bytes).map_err(|e| Error::Internal(e.into()))
}

/// The seal's end; before the first posting, the beginning.
pub(crate) async fn end(tx: &mut Tx) -> Result<End> {
    let row = sqlx::query!(
        r#"select s.seq, s.hash, p.xid::text as "xid!", p.id
           from ledger.seal s join ledger.posting p on p.id = s.posting_id
           order by s.seq desc limit 1"#,
    )
    .fetch_optional(tx.db())
    .await?;
    match row {
        None => Ok(End { seq: 0, hash: GENESIS, xid: "0".to_owned(), id: Uuid::nil() }),
        Some(r) => Ok(End { seq: r.seq, hash: hash_of(&r.hash)?, xid: r.xid, id: *r.id }),
    }
}

/// Joins by index for the rest of the transaction: a batch is small, the book is not.
pub(crate) async fn by_index(db: &mut PgConnection) -> Result<()> {
    sqlx::query!(
        "select set_config('enable_hashjoin', 'off', true) as hash,
                set_config('enable_mergejoin', 'off', true) as merge",
    )
    .fetch_one(db)
    .await?;
    Ok(())
}

/// Seals up to `limit` postings after `end` and returns how many. What still runs, and what was
/// committed after something that still runs, waits.
pub(crate) async fn seal_after(tx: &mut Tx, end: End, limit: i64) -> Result<usize> {
    let mut links: Vec<(Uuid, Hash)> = Vec::new();
    let mut last = end.hash;
    let mut open: Option<(PostingId, Content)> = None;
    let mut rows = sqlx::query!(
        r#"select p.id, p.source, p.source_id, p.corrects_id, p.memo, p.channel, p.valid_on,
                  p.recorded_at, p.recorded_by, e.line, e.ledger, e.account_id, e.season_id,
                  e.segment_id as "segment_id: i32", e.item, e.amount_fen
           from (
             select * from ledger.posting
             where (xid, id) > ($1::text::xid8, $2)
               and xid < pg_snapshot_xmin(pg_current_snapshot())
             order by xid, id limit $3
           ) p
           join ledger.entry e on e.posting_id = p.id
           order by p.xid, p.id, e.line"#,
        end.xid,
        end.id,
        limit,
    )
    .fetch(tx.db());
    while let Some(r) = rows.try_next().await? {
        if open.as_ref().is_none_or(|(id, _)| *id != r.id) {
            if let Some((id, content)) = open.take() {
                last = content.link(&last);
                links.push((*id, last));
            }
            let head = SealedHead {
                id: r.id,
                source: r.source,
                source_id: r.source_id,
                corrects_id: r.corrects_id,
                memo: r.memo,
                channel: r.channel,
                valid_on: r.valid_on,
                recorded_at: r.recorded_at,
                recorded_by: r.recorded_by,
            };
            open = Some((r.id, Content::of(&head)));
        }
        if let Some((_, content)) = open.as_mut() {
            content.line(&SealedLine {
                line: r.line,
                ledger: r.ledger,
                account_id: r.account_id,
                season_id: r.season_id,
                segment_id: r.segment_id,
                item: r.item,
                amount: r.amount_fen,
            });
        }
    }
    drop(rows);
    if let Some((id, content)) = open {
        links.push((*id, content.link(&last)));
    }
    write(tx, end.seq, &links).await?;
    Ok(links.len())
}

async fn write(tx: &mut Tx, after: i64, links: &[(Uuid, Hash)]) -> Result<()> {
    let ids: Vec<_> = links.iter().map(|l| l.0).collect();
    let hashes: Vec<_> = links.iter().map(|l| l.1.to_vec()).collect();
    sqlx::query!(
        "insert into ledger.seal (seq, posting_id, hash)
         select $1 + n, id, hash
         from unnest($2::uuid[], $3::bytea[]) with ordinality t (id, hash, n)",
        after,
        &ids,
        &hashes,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The day of the last digest, and how far it went.
pub(crate) async fn last_digest(tx: &mut Tx) -> Result<Option<(NaiveDate, i64)>> {
    let row = sqlx::query!("select day, seq from ledger.digest order by day desc limit 1")
        .fetch_optional(tx.db())
        .await?;
    Ok(row.map(|r| (r.day, r.seq)))
}

/// Writes a digest, unless the day has one.
pub(crate) async fn insert_digest(
    tx: &mut Tx,
    day: NaiveDate,
    end: &End,
    signature: &[u8],
    key: &[u8],
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "insert into ledger.digest (day, seq, hash, signature, public_key, made_at)
         values ($1, $2, $3, $4, $5, $6) on conflict (day) do nothing",
        day,
        end.seq,
        end.hash.as_slice(),
        signature,
        key,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Digests, newest first.
pub(crate) async fn digests(db: &mut PgConnection, limit: i64) -> Result<Vec<DigestView>> {
    let rows = sqlx::query!(
        "select day, seq, hash, signature, public_key, made_at
         from ledger.digest order by day desc limit $1",
        limit,
    )
    .fetch_all(db)
    .await?;
    let digests = rows.into_iter().map(|r| DigestView {
        valid: is_signed(&r.public_key, &r.signature, r.day, r.seq, &r.hash),
        day: r.day,
        seq: r.seq,
        hash: hex(&r.hash),
        signature: hex(&r.signature),
        public_key: hex(&r.public_key),
        made_at: r.made_at,
    });
    Ok(digests.collect())
}

/// How many postings wait for their seal, and since when; the instant of the last sealed one.
pub(crate) async fn lag(
    tx: &mut Tx,
    end: &End,
) -> Result<(i64, Option<DateTime<Utc>>, Option<DateTime<Utc>>)> {
    let row = sqlx::query!(
        r#"select count(*) as "waiting!", min(recorded_at) as since,
                  (select recorded_at from ledger.posting where id = $2) as sealed_to
           from ledger.posting where (xid, id) > ($1::text::xid8, $2)"#,
        end.xid,
        end.id,
    )
    .fetch_one(tx.db())
    .await?;
    Ok((row.waiting, row.since, row.sealed_to))
}
