//! SQL of the fee reports. The book's own sums come from the ledger; here is what only reports ask.

use crate::model::FeeCell;
use crate::{FeeChange, FeeHousehold, JournalRow, JournalTotal, UseState};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Fen, PostingId, Result, SeasonId, Tx};
use ledger::AsOf;

/// Receivables of these seasons (all, when none is named) by every dimension. A line counts as
/// paid when its posting moved money, or used up an advance; otherwise it is a charge or the
/// correction of one.
pub(crate) async fn fee_cells(
    tx: &mut Tx,
    as_of: AsOf,
    seasons: &[SeasonId],
    paths: &[String],
) -> Result<Vec<FeeCell>> {
    let seasons: Vec<_> = seasons.iter().map(|s| **s).collect();
    let cells = sqlx::query_as!(
        FeeCell,
        r#"with line as (
             select e.season_id, e.item, e.segment_id, e.amount_fen, e.account_id,
                    case when p.channel is not null then p.channel
                         when e.amount_fen < 0 and exists (
                           select from ledger.entry a
                           where a.posting_id = e.posting_id and a.ledger = 'advance')
                         then 'advance' end as channel
             from ledger.entry e join ledger.posting p on p.id = e.posting_id
             where e.ledger = 'receivable' and e.valid_on <= $1 and e.recorded_at <= $2
               and (cardinality($3::uuid[]) = 0 or e.season_id = any($3))
           ), summed as (
             select season_id, item, segment_id, channel,
                    sum(amount_fen)::bigint as fen
             from line group by season_id, item, segment_id, channel
           )
           select coalesce(n.code, '') as "season!", l.item as "item!",
                  coalesce(s.org_path, '') as "org_path!",
                  coalesce(s.user_class, '') as "user_class!",
                  coalesce(s.charge_type, '') as "charge_type!", l.channel,
                  case when l.channel is null then l.fen else 0 end as "charged!: Fen",
                  case when l.channel is null then 0 else -l.fen end as "paid!: Fen"
           from summed l
           left join ledger.season n on n.id = l.season_id
           left join ledger.segment s on s.id = l.segment_id
           where coalesce(s.org_path, '/') ^@ any($4)
           order by n.starts_at, l.item, s.org_path, s.user_class, s.charge_type, l.channel"#,
        as_of.valid_on,
        as_of.known_at,
        &seasons,
        paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(cells)
}

/// Charged and paid on each day of a season.
pub(crate) async fn fee_days(
    tx: &mut Tx,
    as_of: AsOf,
    season: SeasonId,
    paths: &[String],
) -> Result<Vec<(NaiveDate, Fen, Fen)>> {
    let rows = sqlx::query!(
        r#"select e.valid_on as "day!",
                  coalesce(sum(e.amount_fen) filter (where not m.paying), 0)::bigint
                    as "charged!: Fen",
                  coalesce(-sum(e.amount_fen) filter (where m.paying), 0)::bigint as "paid!: Fen"
           from ledger.entry e
           join ledger.posting p on p.id = e.posting_id
           left join ledger.segment s on s.id = e.segment_id
           cross join lateral (
             select p.channel is not null or (e.amount_fen < 0 and exists (
               select from ledger.entry a
               where a.posting_id = e.posting_id and a.ledger = 'advance')) as paying) m
           where e.ledger = 'receivable' and e.season_id = $3
             and e.valid_on <= $1 and e.recorded_at <= $2
             and coalesce(s.org_path, '/') ^@ any($4)
           group by e.valid_on order by e.valid_on"#,
        as_of.valid_on,
        as_of.known_at,
        *season,
        paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.day, r.charged, r.paid)).collect())
}

/// What happened between two moments to what households owe, by cause.
pub(crate) async fn fee_changes(
    tx: &mut Tx,
    from: AsOf,
    to: AsOf,
    paths: &[String],
) -> Result<Vec<FeeChange>> {
    let changes = sqlx::query_as!(
        FeeChange,
        r#"select p.source, p.channel, count(distinct p.id) as "postings!",
                  sum(case when e.valid_on <= $3 and e.recorded_at <= $4
                           then e.amount_fen else -e.amount_fen end)::bigint as "fen!: Fen"
           from ledger.entry e
           join ledger.posting p on p.id = e.posting_id
           left join ledger.segment s on s.id = e.segment_id
           where e.ledger = 'receivable' and coalesce(s.org_path, '/') ^@ any($5)
             and (e.valid_on <= $1 and e.recorded_at <= $2)
                 <> (e.valid_on <= $3 and e.recorded_at <= $4)
           group by p.source, p.channel
           order by abs(sum(case when e.valid_on <= $3 and e.recorded_at <= $4
                                 then e.amount_fen else -e.amount_fen end)) desc, p.source"#,
        from.valid_on,
        from.known_at,
        to.valid_on,
        to.known_at,
        paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(changes)
}

/// Who these households are; the order is the caller's.
pub(crate) async fn fee_households(
    tx: &mut Tx,
    owing: &[(AccountId, Fen)],
) -> Result<Vec<FeeHousehold>> {
    let ids: Vec<_> = owing.iter().map(|o| *o.0).collect();
    let fens: Vec<_> = owing.iter().map(|o| o.1.get()).collect();
    let households = sqlx::query_as!(
        FeeHousehold,
        r#"select a.id as "account_id!: AccountId", a.account_no, p.name, h.address,
                  t.fen as "fen!: Fen"
           from unnest($1::uuid[], $2::bigint[]) with ordinality as t (id, fen, n)
           join directory.account a on a.id = t.id
           join directory.person p on p.id = a.person_id
           join directory.premise h on h.id = a.premise_id
           order by t.n"#,
        &ids,
        &fens,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(households)
}

/// Ledgers that hold money.
const MONEY: &[&str] = &["cash", "bank", "wechat", "alipay", "card", "cheque"];

/// Money that was booked in a span of time, oldest first.
pub(crate) async fn journal(
    tx: &mut Tx,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    paths: &[String],
    limit: i64,
) -> Result<Vec<JournalRow>> {
    let money: Vec<_> = MONEY.iter().map(|m| (*m).to_owned()).collect();
    let rows = sqlx::query_as!(
        JournalRow,
        r#"select p.id as "posting_id!: PostingId", p.recorded_at as "at!",
                  coalesce(u.name, '') as "cashier!", coalesce(p.channel, '') as "channel!",
                  m.ledger as "ledger!", m.fen as "fen!: Fen", p.source as "source!",
                  p.memo as "memo!",
                  case when c.many = 1 then c.no else c.many::text end as "households!"
           from ledger.posting p
           cross join lateral (
             select ledger, sum(amount_fen)::bigint as fen from ledger.entry
             where posting_id = p.id and ledger = any($3) group by ledger) m
           cross join lateral (
             select count(distinct a.id) as many, coalesce(min(a.account_no), '') as no,
                    bool_or(a.org_path ^@ any($4)) as mine
             from ledger.entry e join directory.account a on a.id = e.account_id
             where e.posting_id = p.id) c
           left join identity.staff u on u.id = p.recorded_by
           where p.recorded_at >= $1 and p.recorded_at < $2
             and (c.mine or '/' = any($4))
           order by p.recorded_at, p.id, m.ledger limit $5"#,
        from,
        to,
        &money,
        paths,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// The same by cashier and way.
pub(crate) async fn journal_totals(
    tx: &mut Tx,
    (from, to): (DateTime<Utc>, DateTime<Utc>),
    paths: &[String],
) -> Result<Vec<JournalTotal>> {
    let money: Vec<_> = MONEY.iter().map(|m| (*m).to_owned()).collect();
    let totals = sqlx::query_as!(
        JournalTotal,
        r#"select coalesce(u.name, '') as "cashier!", m.ledger as "ledger!",
                  count(*) as "count!", sum(m.fen)::bigint as "fen!: Fen"
           from ledger.posting p
           cross join lateral (
             select ledger, sum(amount_fen)::bigint as fen from ledger.entry
             where posting_id = p.id and ledger = any($3) group by ledger) m
           left join identity.staff u on u.id = p.recorded_by
           where p.recorded_at >= $1 and p.recorded_at < $2
             and ('/' = any($4) or exists (
               select from ledger.entry e join directory.account a on a.id = e.account_id
               where e.posting_id = p.id and a.org_path ^@ any($4)))
           group by 1, 2 order by 1, 2"#,
        from,
        to,
        &money,
        paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(totals)
}

/// A day's postings of one cause in one account of the book.
pub(crate) struct DaySum {
    pub day: NaiveDate,
    pub source: String,
    pub ledger: String,
    pub season: String,
    pub item: String,
    pub debit: Fen,
    pub credit: Fen,
}

/// The book by day, cause, account, season and item; debits and credits are not set off.
pub(crate) async fn day_sums(tx: &mut Tx, from: NaiveDate, as_of: AsOf) -> Result<Vec<DaySum>> {
    let sums = sqlx::query_as!(
        DaySum,
        r#"select e.valid_on as "day!", p.source as "source!", e.ledger as "ledger!",
                  coalesce(n.code, '') as "season!", e.item as "item!",
                  coalesce(sum(e.amount_fen) filter (where e.amount_fen > 0), 0)::bigint
                    as "debit!: Fen",
                  coalesce(-sum(e.amount_fen) filter (where e.amount_fen < 0), 0)::bigint
                    as "credit!: Fen"
           from ledger.entry e
           join ledger.posting p on p.id = e.posting_id
           left join ledger.season n on n.id = e.season_id
           where e.valid_on between $1 and $2 and e.recorded_at <= $3
           group by e.valid_on, p.source, e.ledger, n.code, e.item
           order by e.valid_on, p.source, e.ledger, n.code, e.item"#,
        from,
        as_of.valid_on,
        as_of.known_at,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(sums)
}

/// Households by station and use of heat, as of a moment.
pub(crate) async fn use_states(
    tx: &mut Tx,
    as_of: AsOf,
    paths: &[String],
) -> Result<Vec<UseState>> {
    let states = sqlx::query_as!(
        UseState,
        r#"select a.org_path as "org_path!", coalesce(o.name, a.org_path) as "org!",
                  v.heat_use_state as "state!", count(*) as "households!"
           from directory.account_version v
           join directory.account a on a.id = v.account_id
           left join identity.org o on o.path = a.org_path
           where v.valid_from <= $1 and v.valid_to > $1
             and v.recorded_at <= $2 and v.superseded_at > $2
             and a.org_path ^@ any($3)
           group by a.org_path, o.name, v.heat_use_state
           order by a.org_path, v.heat_use_state"#,
        as_of.valid_on,
        as_of.known_at,
        paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(states)
}

/// Names of the organisations in sight by path.
pub(crate) async fn org_names(tx: &mut Tx, paths: &[String]) -> Result<Vec<(String, String)>> {
    let rows = sqlx::query!("select path, name from identity.org where path ^@ any($1)", paths)
        .fetch_all(tx.db())
        .await?;
    Ok(rows.into_iter().map(|r| (r.path, r.name)).collect())
}
