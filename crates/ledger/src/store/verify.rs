//! What `hearthline ledger verify` asks of the tables, past every cache and every trigger.

use crate::{Content, Hash, SealedHead, SealedLine, hex};
use futures_util::TryStreamExt as _;
use kernel::{Fen, PostingId, Result};
use sqlx::PgConnection;

/// The first broken row of one check, in words; nothing when all is well.
pub(crate) type Broken = Option<String>;

/// Postings and their lines.
pub(crate) async fn counts(db: &mut PgConnection) -> Result<(i64, i64, i64)> {
    let row = sqlx::query!(
        r#"select (select count(*) from ledger.posting) as "postings!",
                  (select count(*) from ledger.entry) as "lines!",
                  (select count(*) from ledger.closing) as "closings!""#,
    )
    .fetch_one(db)
    .await?;
    Ok((row.postings, row.lines, row.closings))
}

/// Lines that sum to nothing, count from one, belong to a head and carry its days.
pub(crate) async fn broken_lines(db: &mut PgConnection) -> Result<Broken> {
    let row = sqlx::query!(
        r#"select l.posting_id as "posting_id!: PostingId", l.total::bigint as "total!: Fen",
                  l.many as "many!", p.id is null as "headless!", p.source as "source?",
                  p.source_id as "source_id?"
           from (select posting_id, sum(amount_fen) as total, count(*) as many,
                        min(line) as first, max(line) as last, count(distinct line) as numbers,
                        min(valid_on) as valid_on, max(valid_on) as valid_to,
                        min(recorded_at) as recorded_at, max(recorded_at) as recorded_to
                 from ledger.entry group by posting_id) l
           left join ledger.posting p on p.id = l.posting_id
           where l.total <> 0 or l.many < 2 or l.first <> 1 or l.last <> l.many
              or l.numbers <> l.many or p.id is null
              or p.valid_on <> l.valid_on or p.valid_on <> l.valid_to
              or p.recorded_at <> l.recorded_at or p.recorded_at <> l.recorded_to
           order by l.posting_id limit 1"#,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| {
        let named = r.source.zip(r.source_id).map(|(s, i)| format!(" ({s} {i})"));
        let what = match (r.headless, r.total == Fen::ZERO) {
            (true, _) => "has lines and no head".to_owned(),
            (false, false) => format!("does not balance: its lines sum to {} yuan", r.total),
            (false, true) => format!("has {} lines that are not numbered or dated as one", r.many),
        };
        format!("posting {}{} {what}", r.posting_id, named.unwrap_or_default())
    }))
}

/// Heads without lines.
pub(crate) async fn empty_head(db: &mut PgConnection) -> Result<Broken> {
    let row = sqlx::query!(
        "select p.id, p.source, p.source_id from ledger.posting p
         where not exists (select from ledger.entry e where e.posting_id = p.id)
         order by p.id limit 1",
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| format!("posting {} ({} {}) has no lines", r.id, r.source, r.source_id)))
}

/// The next pieces of the seal, recomputed from what the tables hold.
pub(crate) struct Walk {
    /// The last seal that was found good.
    pub seq: i64,
    /// Its hash.
    pub hash: Hash,
}

/// Walks on over up to `many` seals; false at the end, the first broken one in words.
pub(crate) async fn walk(
    db: &mut PgConnection,
    at: &mut Walk,
    many: i64,
) -> Result<Result<bool, String>> {
    let from = at.seq;
    let mut open: Option<(i64, String, Vec<u8>, Content)> = None;
    let mut rows = sqlx::query!(
        r#"select s.seq, s.hash, s.posting_id as "sealed!: PostingId",
                  p.id as "id?", p.source as "source?",
                  p.source_id as "source_id?", p.corrects_id as "corrects_id?", p.memo as "memo?",
                  p.channel as "channel?", p.valid_on as "valid_on?",
                  p.recorded_at as "recorded_at?", p.recorded_by as "recorded_by?",
                  e.line as "line?", e.ledger as "ledger?", e.account_id as "account_id?",
                  e.season_id as "season_id?", e.segment_id as "segment_id?: i32",
                  e.item as "item?", e.amount_fen as "amount?"
           from ledger.seal s
           left join ledger.posting p on p.id = s.posting_id
           left join ledger.entry e on e.posting_id = p.id
           where s.seq > $1 and s.seq <= $2
           order by s.seq, e.line"#,
        from,
        from.saturating_add(many),
    )
    .fetch(db);
    while let Some(r) = rows.try_next().await? {
        if open.as_ref().is_none_or(|(seq, ..)| *seq != r.seq) {
            if let Err(broken) = finish(at, open.take()) {
                return Ok(Err(broken));
            }
            if r.seq != at.seq + 1 {
                return Ok(Err(format!("seal {} is missing", at.seq + 1)));
            }
            let (Some(id), Some(valid_on), Some(recorded_at)) = (r.id, r.valid_on, r.recorded_at)
            else {
                return Ok(Err(format!("seal {}: its posting {} is gone", r.seq, r.sealed)));
            };
            let head = SealedHead {
                id,
                source: r.source.unwrap_or_default(),
                source_id: r.source_id.unwrap_or_default(),
                corrects_id: r.corrects_id,
                memo: r.memo.unwrap_or_default(),
                channel: r.channel,
                valid_on,
                recorded_at,
                recorded_by: r.recorded_by,
            };
            let name = format!("posting {id} ({} {})", head.source, head.source_id);
            open = Some((r.seq, name, r.hash, Content::of(&head)));
        }
        if let (Some((.., content)), Some(line), Some(amount)) = (open.as_mut(), r.line, r.amount) {
            content.line(&SealedLine {
                line,
                ledger: r.ledger.unwrap_or_default(),
                account_id: r.account_id,
                season_id: r.season_id,
                segment_id: r.segment_id,
                item: r.item.unwrap_or_default(),
                amount,
            });
        }
    }
    let end = finish(at, open);
    Ok(end.map(|()| at.seq > from))
}

fn finish(at: &mut Walk, open: Option<(i64, String, Vec<u8>, Content)>) -> Result<(), String> {
    let Some((seq, name, stored, content)) = open else { return Ok(()) };
    let hash = content.link(&at.hash);
    if hash.as_slice() != stored {
        let short = |h: &[u8]| hex(h).chars().take(12).collect::<String>();
        return Err(format!(
            "seal {seq} does not fit {name}: {}… is stored, {}… follows from the tables",
            short(&stored),
            short(&hash)
        ));
    }
    (at.seq, at.hash) = (seq, hash);
    Ok(())
}

/// A posting that the seal has passed by: it was not there when its turn was.
pub(crate) async fn slipped_in(db: &mut PgConnection) -> Result<Broken> {
    let row = sqlx::query!(
        "with last as (
           select p.xid, p.id from ledger.seal s join ledger.posting p on p.id = s.posting_id
           order by s.seq desc limit 1)
         select p.id, p.source, p.source_id from ledger.posting p, last
         where (p.xid, p.id) <= (last.xid, last.id)
           and not exists (select from ledger.seal s where s.posting_id = p.id)
         order by p.xid, p.id limit 1",
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| {
        format!("posting {} ({} {}) was slipped in behind the seal", r.id, r.source, r.source_id)
    }))
}

/// A digest that names another hash than the seal has at its place.
pub(crate) async fn unfit_digest(db: &mut PgConnection) -> Result<Broken> {
    let row = sqlx::query_scalar!(
        "select d.day from ledger.digest d left join ledger.seal s on s.seq = d.seq
         where s.hash is distinct from d.hash order by d.day limit 1",
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|day| format!("the digest of {day} names a hash that the seal does not have")))
}

/// What is dated into a closed period after its close.
pub(crate) async fn late_posting(db: &mut PgConnection) -> Result<Broken> {
    let row = sqlx::query!(
        r#"select p.id, p.source, p.source_id, c.through from ledger.posting p
           join lateral (select through, closed_at from ledger.period c
                         where c.through >= p.valid_on order by c.through limit 1) c on true
           where p.recorded_at > c.closed_at order by p.id limit 1"#,
    )
    .fetch_optional(db)
    .await?;
    Ok(row.map(|r| {
        format!(
            "posting {} ({} {}) was written into the period of {} after its close",
            r.id, r.source, r.source_id, r.through
        )
    }))
}

/// A snapshot's balance that is not what the book gives: each close from the one before it.
pub(crate) async fn unfit_balance(db: &mut PgConnection) -> Result<Broken> {
    let closings = sqlx::query_scalar!("select through from ledger.closing order by through")
        .fetch_all(&mut *db)
        .await?;
    let mut before: Option<chrono::NaiveDate> = None;
    for through in closings {
        let row = sqlx::query!(
            r#"select account_id::text as "account?", ledger as "ledger!", item as "item!",
                      sum(stored)::bigint as "stored!: Fen", sum(booked)::bigint as "booked!: Fen"
               from (
                 select account_id, season_id, segment_id, ledger, item,
                        amount_fen as stored, 0 as booked
                 from ledger.closing_balance where through = $1
                 union all
                 select account_id, season_id, segment_id, ledger, item, 0, amount_fen
                 from ledger.closing_balance where through = $2
                 union all
                 select account_id, season_id, segment_id, ledger, item, 0, amount_fen
                 from ledger.entry where valid_on <= $1 and ($2::date is null or valid_on > $2)
               ) l
               group by account_id, season_id, segment_id, ledger, item
               having sum(stored) <> sum(booked)
               order by account_id limit 1"#,
            through,
            before,
        )
        .fetch_optional(&mut *db)
        .await?;
        if let Some(r) = row {
            let whose = r.account.map_or_else(String::new, |a| format!(" of account {a}"));
            return Ok(Some(format!(
                "the closing of {through} says {} yuan of {} {}{whose}, the book says {}",
                r.stored, r.ledger, r.item, r.booked
            )));
        }
        before = Some(through);
    }
    Ok(None)
}

/// The number of the last seal.
pub(crate) async fn last_seq(db: &mut PgConnection) -> Result<i64> {
    Ok(sqlx::query_scalar!(r#"select coalesce(max(seq), 0) as "last!" from ledger.seal"#)
        .fetch_one(db)
        .await?)
}
