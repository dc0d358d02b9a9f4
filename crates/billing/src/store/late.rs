//! What late fees of everybody are reckoned from: changes by mass, and sheets kept with closes.

use super::copy::rows;
use super::mass::Bad;
use crate::model::Move;
use crate::model::sheet::Told;
use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use futures_util::StreamExt as _;
use kernel::{Error, Fen, PackVersionId, Result, SeasonId, Tx};
use ledger::{AsOf, SegmentId};
use std::collections::HashMap;
use std::str::FromStr as _;
use tariff::{Item, LateStop, Pause, Period};
use uuid::Uuid;

/// Which rules apply to a season in an organisation.
pub(crate) struct InForce {
    pub season: SeasonId,
    pub code: String,
    pub org_path: String,
    pub pack: PackVersionId,
}

/// The rules of every season and organisation as known at an instant; before there were any, the
/// first ones.
pub(crate) async fn in_force(tx: &mut Tx, known_at: DateTime<Utc>) -> Result<Vec<InForce>> {
    let found = sqlx::query_as!(
        InForce,
        r#"select n.id as "season!: SeasonId", n.code as "code!", o.org_path as "org_path!",
                  v.id as "pack!: PackVersionId"
           from ledger.season n
           cross join (select distinct org_path from ledger.segment
                       union select min(path) from identity.org
                       having min(path) is not null) o
           cross join lateral (
             select f.*, min(f.published_at) over () as first_at
             from billing.rule_pack_version f
             where f.state in ('published', 'superseded') and o.org_path ^@ f.org_path
               and f.first_season <= extract(year from n.starts_at at time zone 'Asia/Shanghai')
             order by f.published_at > greatest($1, min(f.published_at) over ()),
                      coalesce(f.superseded_at <= $1, false),
                      length(f.org_path) desc, f.first_season desc, f.published_at desc
             limit 1) v
           order by n.starts_at, o.org_path"#,
        known_at,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(found)
}

/// The last close with sheets that was known then, and not after the day.
pub(crate) async fn base(tx: &mut Tx, as_of: AsOf) -> Result<Option<NaiveDate>> {
    let base = sqlx::query_scalar!(
        "select max(p.through) from ledger.period p
         where p.through <= $1 and p.closed_at <= $2
           and exists (select from billing.late_close c where c.through = p.through)",
        as_of.valid_on,
        as_of.known_at,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(base)
}

/// Closes that have no sheets yet, and the instants at which they were made.
pub(crate) async fn unsheeted(tx: &mut Tx) -> Result<Vec<AsOf>> {
    let closes = sqlx::query_as!(
        AsOf,
        "select through as valid_on, closed_at as known_at from ledger.period
         where through > (select coalesce(max(through), '-infinity') from billing.late_close)
         order by through",
    )
    .fetch_all(tx.db())
    .await?;
    Ok(closes)
}

/// When everybody's debts rest, as known at an instant: see [`super::pause::of`].
pub(crate) async fn pauses(
    tx: &mut Tx,
    known_at: DateTime<Utc>,
) -> Result<HashMap<Uuid, Vec<Pause>>> {
    let rows = sqlx::query!(
        r#"select account_id as "account!: Uuid", why as "why!", from_on as "from!",
                  nullif(to_on, 'infinity') as "to?: NaiveDate"
           from (
             select account_id, 'dispute' as why, from_on,
                    least(until_on + 1,
                          (case when released_at <= $1 then released_at end
                             at time zone 'Asia/Shanghai')::date) as to_on
             from billing.hold where reason_class = 'dispute' and made_at <= $1
             union all
             select v.account_id, w.why, v.valid_from, v.valid_to
             from directory.account_version v
             cross join lateral (
               select 'low_income' as why where v.low_income
               union all select 'forced_stop' where v.heat_use_state = 'forced_stop') w
             where v.recorded_at <= $1 and v.superseded_at > $1
               and (v.low_income or v.heat_use_state = 'forced_stop')
           ) p
           where to_on is null or from_on < to_on"#,
        known_at,
    )
    .fetch_all(tx.db())
    .await?;
    let mut pauses: HashMap<Uuid, Vec<Pause>> = HashMap::new();
    for r in rows {
        let why = LateStop::from_str(&r.why).map_err(|e| Error::Internal(e.into()))?;
        let during = Period { from: r.from, to: r.to };
        pauses.entry(r.account).or_default().push(Pause { why, during });
    }
    Ok(pauses)
}

/// Households of whose rests something else is known since a close: what is done with may not be.
pub(crate) async fn unrested(tx: &mut Tx, through: NaiveDate) -> Result<Vec<Uuid>> {
    let accounts = sqlx::query_scalar!(
        r#"with close as (select closed_at from ledger.period where through = $1)
           select account_id as "account!: Uuid" from billing.hold, close
           where reason_class = 'dispute'
             and (made_at > closed_at or released_at > closed_at)
           union
           select v.account_id from directory.account_version v, close
           where (v.low_income or v.heat_use_state = 'forced_stop')
             and (v.recorded_at > closed_at
                  or v.superseded_at > closed_at and v.superseded_at < 'infinity')
           order by 1"#,
        through,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(accounts)
}

/// The versions of the rules by which a season's debts were kept with a close; nothing when it
/// had none then.
pub(crate) async fn packs(
    tx: &mut Tx,
    through: NaiveDate,
    season: SeasonId,
) -> Result<Option<Vec<Uuid>>> {
    let packs = sqlx::query_scalar!(
        "select packs from billing.late_close where through = $1 and season_id = $2",
        through,
        *season,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(packs)
}

/// A season's debts as they were kept with a close.
pub(crate) async fn sheet(
    tx: &mut Tx,
    through: NaiveDate,
    season: SeasonId,
) -> Result<Vec<Vec<u8>>> {
    let parts = sqlx::query_scalar!(
        "select debts from billing.late_sheet where through = $1 and season_id = $2
         order by part",
        through,
        *season,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(parts)
}

/// Keeps a season's debts with a close.
pub(crate) async fn keep(
    tx: &mut Tx,
    through: NaiveDate,
    season: SeasonId,
    packs: &[Uuid],
    (debts, parts): (i64, &[Vec<u8>]),
) -> Result<()> {
    sqlx::query!(
        "insert into billing.late_close (through, season_id, packs, debts)
         values ($1, $2, $3, $4)",
        through,
        *season,
        packs,
        debts,
    )
    .execute(tx.db())
    .await?;
    for (part, bytes) in (0_i32..).zip(parts) {
        sqlx::query!(
            "insert into billing.late_sheet (through, season_id, part, debts)
             values ($1, $2, $3, $4)",
            through,
            *season,
            part,
            bytes,
        )
        .execute(tx.db())
        .await?;
    }
    Ok(())
}

/// A line of the book as it changes a debt. Whether a posting pays is told by its channel or
/// source; where they do not tell, by its other lines.
const CHANGE: &str = "e.account_id, coalesce(e.segment_id, -1)::bigint, e.item, e.valid_on, \
    e.amount_fen, \
    p.channel is null and (p.source in ('season_opening', 'charge', 'recalculation', 'late_fee', \
      'payment_late_fee') \
      or coalesce((select false from ledger.entry m where m.posting_id = e.posting_id \
                   and m.ledger in ('cash', 'bank', 'wechat', 'alipay', 'card', 'cheque', \
                                    'advance', 'suspense') limit 1), true))";

/// Everything that changed these seasons' debts after a day, as of a moment; season by season.
pub(crate) async fn told(
    tx: &mut Tx,
    seasons: &[SeasonId],
    after: Option<NaiveDate>,
    as_of: AsOf,
) -> Result<Vec<Vec<Told>>> {
    let mut all = vec![Vec::new(); seasons.len()];
    if seasons.is_empty() {
        return Ok(all);
    }
    let (on, known) = (as_of.valid_on, as_of.known_at.to_rfc3339_opts(SecondsFormat::Micros, true));
    let after = after.map_or_else(|| "-infinity".to_owned(), |day| day.to_string());
    let ids: Vec<String> = seasons.iter().map(|s| format!("'{s}'")).collect();
    let ids = ids.join(",");
    let sql = format!(
        "copy (select array_position(array[{ids}]::uuid[], e.season_id)::bigint, {CHANGE}
               from ledger.entry e join ledger.posting p on p.id = e.posting_id
               where e.season_id in ({ids}) and e.ledger = 'receivable'
                 and e.account_id is not null
                 and e.valid_on > '{after}' and e.valid_on <= '{on}'
                 and e.recorded_at <= '{known}'
                 and p.valid_on > '{after}' and p.valid_on <= '{on}')
         to stdout (format binary)"
    );
    // The heads of the span are put into memory once, instead of each being looked up.
    look_up(tx, false).await?;
    read(tx, &sql, |season, told| {
        let place = usize::try_from(season.saturating_sub(1)).unwrap_or(usize::MAX);
        if let Some(mine) = all.get_mut(place) {
            mine.push(told);
        }
    })
    .await?;
    look_up(tx, true).await?;
    Ok(all)
}

async fn look_up(tx: &mut Tx, each: bool) -> Result<()> {
    let way = if each { "on" } else { "off" };
    sqlx::query!(
        "select set_config('work_mem', '128MB', true) as memory,
                set_config('enable_nestloop', $1, true) as way",
        way,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(())
}

/// Everything that changed these households' debts of a season, as of a moment.
pub(crate) async fn told_of(
    tx: &mut Tx,
    season: SeasonId,
    accounts: &[Uuid],
    as_of: AsOf,
) -> Result<Vec<Told>> {
    if accounts.is_empty() {
        return Ok(Vec::new());
    }
    let (on, known) = (as_of.valid_on, as_of.known_at.to_rfc3339_opts(SecondsFormat::Micros, true));
    let list: Vec<String> = accounts.iter().map(Uuid::to_string).collect();
    let sql = format!(
        "copy (select 1::bigint, {CHANGE}
               from ledger.entry e join ledger.posting p on p.id = e.posting_id
               where e.season_id = '{season}' and e.ledger = 'receivable'
                 and e.account_id = any('{{{}}}'::uuid[])
                 and e.valid_on <= '{on}' and e.recorded_at <= '{known}')
         to stdout (format binary)",
        list.join(",")
    );
    let mut all = Vec::new();
    read(tx, &sql, |_, told| all.push(told)).await?;
    Ok(all)
}

async fn read(tx: &mut Tx, sql: &str, mut hear: impl FnMut(i64, Told)) -> Result<()> {
    let mut messages = tx.db().copy_out_raw(sql).await?;
    while let Some(message) = messages.next().await {
        rows(&message?, |f| {
            let season = f.number()?.unwrap_or_default();
            let (account, segment, item) = (f.uuid()?, f.number()?, f.text()?);
            let item = Item::from_str(item).ok();
            let (on, amount, charges) = (f.date()?, f.number()?.unwrap_or_default(), f.flag()?);
            let segment = segment.and_then(|s| i32::try_from(s).ok()).filter(|s| *s >= 0);
            // What is no item of a season's rules does not grow.
            if let Some(item) = item {
                let change = Move { item, on, amount: Fen::new(amount), charges };
                hear(season, Told { account, segment: segment.map(SegmentId), change });
            }
            Ok::<(), Bad>(())
        })?;
    }
    Ok(())
}
