//! Lines and postings as people look at them.

use crate::{EntryFilter, EntryView, Ledger, PostingView};
use kernel::{Error, PostingId, Result, Tx};
use std::str::FromStr;

struct Row {
    posting_id: PostingId,
    line: i32,
    valid_on: chrono::NaiveDate,
    recorded_at: chrono::DateTime<chrono::Utc>,
    ledger: String,
    account_id: Option<kernel::AccountId>,
    account_no: String,
    season: String,
    item: String,
    org_path: String,
    amount_fen: kernel::Fen,
    source: String,
    source_id: String,
    memo: String,
    channel: Option<String>,
}

impl TryFrom<Row> for EntryView {
    type Error = Error;

    fn try_from(r: Row) -> Result<Self> {
        let ledger = Ledger::from_str(&r.ledger).map_err(|e| Error::Internal(e.into()))?;
        Ok(Self {
            posting_id: r.posting_id,
            line: r.line,
            valid_on: r.valid_on,
            recorded_at: r.recorded_at,
            ledger,
            account_id: r.account_id,
            account_no: r.account_no,
            season: r.season,
            item: r.item,
            org_path: r.org_path,
            amount_fen: r.amount_fen,
            source: r.source,
            source_id: r.source_id,
            memo: r.memo,
            channel: r.channel,
        })
    }
}

/// Lines of the book, newest day first.
pub(crate) async fn entries(
    tx: &mut Tx,
    f: &EntryFilter,
    paths: &[String],
) -> Result<Vec<EntryView>> {
    let after = f.after.map(|(day, posting, line)| (day, *posting, line));
    let rows = sqlx::query_as!(
        Row,
        r#"select e.posting_id as "posting_id!", e.line as "line!", e.valid_on as "valid_on!",
                  e.recorded_at as "recorded_at!", e.ledger as "ledger!",
                  e.account_id as "account_id?", coalesce(a.account_no, '') as "account_no!",
                  coalesce(n.code, '') as "season!", e.item as "item!",
                  coalesce(s.org_path, '') as "org_path!", e.amount_fen as "amount_fen!",
                  p.source, p.source_id, p.memo, p.channel
           from (
             select e.* from ledger.entry e left join ledger.segment s on s.id = e.segment_id
             where e.valid_on >= $1 and e.valid_on <= $2 and e.recorded_at <= $3
               and coalesce(s.org_path, '/') ^@ any($4)
               and ($5::text is null or e.ledger = $5)
               and ($6::uuid is null or e.season_id = $6)
               and ($7::text is null or e.item = $7)
               and ($8::uuid is null or e.account_id = $8)
               and ($9::date is null or (e.valid_on, e.posting_id, e.line) < ($9, $10, $11))
             order by e.valid_on desc, e.posting_id desc, e.line desc limit $12
           ) e
           join ledger.posting p on p.id = e.posting_id
           left join ledger.segment s on s.id = e.segment_id
           left join ledger.season n on n.id = e.season_id
           left join directory.account a on a.id = e.account_id
           order by e.valid_on desc, e.posting_id desc, e.line desc"#,
        f.from,
        f.as_of.valid_on,
        f.as_of.known_at,
        paths,
        f.ledger.map(<&str>::from),
        f.season_id.map(|s| *s),
        f.item,
        f.account_id.map(|a| *a),
        after.map(|a| a.0),
        after.map(|a| a.1),
        after.map(|a| a.2),
        f.limit,
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// A posting's lines in sight, the first of them.
pub(crate) async fn lines_of(
    tx: &mut Tx,
    id: PostingId,
    paths: &[String],
    limit: i64,
) -> Result<Vec<EntryView>> {
    let rows = sqlx::query_as!(
        Row,
        r#"select e.posting_id, e.line, e.valid_on, e.recorded_at, e.ledger,
                  e.account_id as "account_id?", coalesce(a.account_no, '') as "account_no!",
                  coalesce(n.code, '') as "season!", e.item,
                  coalesce(s.org_path, '') as "org_path!", e.amount_fen,
                  p.source, p.source_id, p.memo, p.channel
           from ledger.entry e
           join ledger.posting p on p.id = e.posting_id
           left join ledger.segment s on s.id = e.segment_id
           left join ledger.season n on n.id = e.season_id
           left join directory.account a on a.id = e.account_id
           where e.posting_id = $1 and coalesce(s.org_path, '/') ^@ any($2)
           order by e.line limit $3"#,
        *id,
        paths,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// A posting without its lines.
pub(crate) async fn head(tx: &mut Tx, id: PostingId) -> Result<PostingView> {
    let row = sqlx::query!(
        r#"select p.id, p.source, p.source_id, p.memo, p.channel, p.valid_on, p.recorded_at,
                  coalesce(f.name, '') as "recorded_by!", p.corrects_id,
                  l.seq as "seq?",
                  array(select c.id from ledger.posting c where c.corrects_id = p.id
                        order by c.id) as "corrected_by!: Vec<PostingId>",
                  (select count(*) from ledger.entry e where e.posting_id = p.id)
                    as "line_count!"
           from ledger.posting p
           left join identity.staff f on f.id = p.recorded_by
           left join ledger.seal l on l.posting_id = p.id
           where p.id = $1"#,
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("posting"))?;
    Ok(PostingView {
        id: row.id,
        source: row.source,
        source_id: row.source_id,
        memo: row.memo,
        channel: row.channel,
        valid_on: row.valid_on,
        recorded_at: row.recorded_at,
        recorded_by: row.recorded_by,
        corrects_id: row.corrects_id,
        corrected_by: row.corrected_by,
        seq: row.seq,
        lines: Vec::new(),
        line_count: row.line_count,
    })
}
