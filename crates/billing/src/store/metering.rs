//! SQL of meters' readings and settlements.

use crate::{MeterReading, ReadingSource, Settlement, SettlementInputs};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Error, OnConstraint, PostingId, Result, Scope, SeasonId, Tx};
use sqlx::types::Json;
use tariff::MeteredSettlement;
use uuid::Uuid;

/// A meter on a day, with the household that pays for what it counts.
pub(crate) struct Meter {
    pub id: Uuid,
    pub unit: String,
    pub fitted_on: NaiveDate,
    pub start_milli: i64,
    pub area: i64,
    pub org_path: String,
    pub stopped: bool,
}

/// The heat meter of that number on that day, in sight.
pub(crate) async fn meter(
    tx: &mut Tx,
    number: &str,
    on: NaiveDate,
    scope: &Scope,
) -> Result<Option<Meter>> {
    let row = sqlx::query_as!(
        Meter,
        r#"select t.id, t.unit, t.valid_from as fitted_on,
                  (t.start_reading * 1000)::bigint as "start_milli!",
                  (m.heated_area * 100)::bigint as "area!",
                  m.org_path,
                  coalesce(v.heat_use_state <> 'using', false) as "stopped!"
           from directory.meter t
           join directory.premise m on m.id = t.premise_id
           left join directory.account_room r on r.premise_id = m.id
             and r.superseded_at = 'infinity' and r.valid_from <= $2 and r.valid_to > $2
           left join directory.account_version v on v.account_id = r.account_id
             and v.superseded_at = 'infinity' and v.valid_from <= $2 and v.valid_to > $2
           where t.number = $1 and t.kind = 'heat' and t.valid_from <= $2 and t.valid_to >= $2
             and m.org_path ^@ any($3)
           order by t.valid_from desc limit 1"#,
        number,
        on,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row)
}

/// The last reading of a meter before a day that nothing stands in place of.
pub(crate) async fn before(
    tx: &mut Tx,
    meter: Uuid,
    on: NaiveDate,
    without: Option<Uuid>,
) -> Result<Option<(NaiveDate, i64)>> {
    let row = sqlx::query!(
        "select read_on, value_milli from billing.reading r
         where meter_id = $1 and read_on < $2 and id is distinct from $3
           and not exists (select from billing.reading c where c.corrects_id = r.id)
         order by read_on desc, recorded_at desc limit 1",
        meter,
        on,
        without,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|r| (r.read_on, r.value_milli)))
}

/// What is written down with a reading.
pub(crate) struct Fresh<'a> {
    pub id: Uuid,
    pub meter: Uuid,
    pub read_on: NaiveDate,
    pub value_milli: i64,
    pub source: ReadingSource,
    pub oddities: Vec<String>,
    pub note: &'a str,
    pub corrects_id: Option<Uuid>,
}

/// Writes a reading down.
pub(crate) async fn insert(tx: &mut Tx, f: Fresh<'_>) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    let name = tx.actor().name.clone();
    sqlx::query!(
        "insert into billing.reading
           (id, meter_id, read_on, value_milli, source, oddities, note, corrects_id, recorded_at,
            recorded_by, recorded_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        f.id,
        f.meter,
        f.read_on,
        f.value_milli,
        <&str>::from(f.source),
        &f.oddities,
        f.note,
        f.corrects_id,
        now,
        by,
        name,
    )
    .execute(tx.db())
    .await
    .on_constraint("reading_corrected_once", crate::MeterRule::NotCorrectable)?;
    Ok(())
}

/// The value of a meter's reading that nothing stands in place of.
pub(crate) async fn correctable(tx: &mut Tx, id: Uuid, meter: Uuid) -> Result<Option<i64>> {
    let value = sqlx::query_scalar!(
        "select value_milli from billing.reading r where id = $1 and meter_id = $2
           and not exists (select from billing.reading c where c.corrects_id = r.id)",
        id,
        meter,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(value)
}

/// What is asked of the list.
pub(crate) struct Wanted<'a> {
    pub id: Option<Uuid>,
    pub account: Option<AccountId>,
    pub meter_number: Option<&'a str>,
    pub odd_only: bool,
    pub limit: i64,
    pub after: Option<(NaiveDate, Uuid)>,
    pub paths: &'a [String],
}

/// Readings, newest first.
pub(crate) async fn list(tx: &mut Tx, w: Wanted<'_>) -> Result<Vec<MeterReading>> {
    let (after_on, after_id) = w.after.unzip();
    let rows = sqlx::query_as!(
        MeterReading,
        r#"select r.id, t.number as meter_number, t.unit,
                  h.account_id as "account_id?: AccountId", m.address, r.read_on, r.value_milli,
                  (r.value_milli - coalesce(
                    (select p.value_milli from billing.reading p
                     where p.meter_id = r.meter_id and p.read_on < r.read_on
                       and not exists (select from billing.reading c where c.corrects_id = p.id)
                     order by p.read_on desc, p.recorded_at desc limit 1),
                    (t.start_reading * 1000)::bigint)) as used_milli,
                  r.source as "source: ReadingSource", r.oddities, r.note, r.corrects_id,
                  w.value_milli as "corrects_milli?",
                  exists (select from billing.reading c where c.corrects_id = r.id)
                    as "corrected!",
                  r.recorded_at, r.recorded_by_name
           from billing.reading r
           join directory.meter t on t.id = r.meter_id
           join directory.premise m on m.id = t.premise_id
           left join directory.account_room h on h.premise_id = m.id
             and h.superseded_at = 'infinity' and h.valid_from <= r.read_on
             and h.valid_to > r.read_on
           left join billing.reading w on w.id = r.corrects_id
           where m.org_path ^@ any($1)
             and ($2::uuid is null or r.id = $2)
             and ($3::uuid is null or h.account_id = $3)
             and ($4::text is null or t.number = $4)
             and (not $5 or (r.oddities <> '{}' and r.note = ''))
             and ($6::date is null or (r.read_on, r.id) < ($6, $7))
           order by r.read_on desc, r.id desc limit $8"#,
        w.paths,
        w.id,
        w.account.map(|a| *a),
        w.meter_number,
        w.odd_only,
        after_on,
        after_id,
        w.limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// What a meter showed at both ends of some days.
pub(crate) struct Ends {
    pub number: String,
    pub unit: String,
    pub from: Option<(NaiveDate, i64)>,
    pub to: Option<(NaiveDate, i64)>,
}

/// The heat meters of a household in a season: the last reading up to its first day (or what was
/// shown when fitted), and the first one from its end on, else the last within.
pub(crate) async fn ends(
    tx: &mut Tx,
    account: AccountId,
    first: NaiveDate,
    end: NaiveDate,
) -> Result<Vec<Ends>> {
    let rows = sqlx::query!(
        r#"with mine as (
             select distinct t.id, t.number, t.unit, t.valid_from, t.valid_to,
                    (t.start_reading * 1000)::bigint as start_milli
             from directory.account_room r
             join directory.meter t on t.premise_id = r.premise_id and t.kind = 'heat'
               and t.valid_from < $3 and t.valid_to > $2
             where r.account_id = $1 and r.superseded_at = 'infinity'
               and r.valid_from < $3 and r.valid_to > $2
           ), good as (
             select r.* from billing.reading r join mine on mine.id = r.meter_id
             where not exists (select from billing.reading c where c.corrects_id = r.id)
           )
           select m.number as "number!", m.unit as "unit!",
                  coalesce(a.read_on, case when m.valid_from > $2 then m.valid_from end)
                    as from_on,
                  coalesce(a.value_milli, case when m.valid_from > $2 then m.start_milli end)
                    as from_milli,
                  z.read_on as "to_on?", z.value_milli as "to_milli?"
           from mine m
           left join lateral (select read_on, value_milli from good g
             where g.meter_id = m.id and g.read_on between $2::date - 30 and $2::date + 3
             order by abs(g.read_on - $2::date), g.recorded_at desc limit 1) a on true
           left join lateral (select read_on, value_milli from good g
             where g.meter_id = m.id
               and g.read_on between least(m.valid_to, $3) - 10 and least(m.valid_to, $3) + 30
             order by abs(g.read_on - least(m.valid_to, $3)), g.recorded_at desc limit 1) z
             on true
           order by m.number"#,
        *account,
        first,
        end,
    )
    .fetch_all(tx.db())
    .await?;
    let ends = rows.into_iter().map(|r| Ends {
        number: r.number,
        unit: r.unit,
        from: r.from_on.zip(r.from_milli),
        to: r.to_on.zip(r.to_milli),
    });
    Ok(ends.collect())
}

/// The settlements of a household, newest first.
pub(crate) async fn settlements(
    tx: &mut Tx,
    account: AccountId,
    season: Option<SeasonId>,
) -> Result<Vec<Settlement>> {
    let rows = sqlx::query_as!(
        Settlement,
        r#"select t.account_id as "account_id: AccountId", t.season_id as "season_id: SeasonId",
                  s.code as season, t.version, t.inputs as "inputs: Json<SettlementInputs>",
                  t.result as "result: Json<MeteredSettlement>",
                  t.posting_id as "posting_id: PostingId", t.reason, t.settled_at,
                  t.settled_by_name
           from billing.settlement t join ledger.season s on s.id = t.season_id
           where t.account_id = $1 and ($2::uuid is null or t.season_id = $2)
           order by s.starts_at desc, t.version desc"#,
        *account,
        season.map(|s| *s),
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Keeps a settlement.
pub(crate) async fn keep(tx: &mut Tx, s: &Settlement, pack: kernel::PackVersionId) -> Result<()> {
    let by = tx.actor().user.map(|u| *u);
    let json = |v: serde_json::Result<serde_json::Value>| v.map_err(|e| Error::Internal(e.into()));
    sqlx::query!(
        "insert into billing.settlement
           (account_id, season_id, version, pack_version_id, inputs, result, posting_id, reason,
            settled_at, settled_by, settled_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        *s.account_id,
        *s.season_id,
        s.version,
        *pack,
        json(serde_json::to_value(&s.inputs.0))?,
        json(serde_json::to_value(s.result.0))?,
        s.posting_id.map(|p| *p),
        s.reason,
        s.settled_at,
        by,
        s.settled_by_name,
    )
    .execute(tx.db())
    .await
    .on_constraint("settlement_pkey", Error::Stale)?;
    Ok(())
}

/// When a season ends.
pub(crate) async fn season_end(tx: &mut Tx, season: SeasonId) -> Result<DateTime<Utc>> {
    let at = sqlx::query_scalar!("select ends_at from ledger.season where id = $1", *season)
        .fetch_optional(tx.db())
        .await?;
    at.ok_or(Error::NotFound("season"))
}
