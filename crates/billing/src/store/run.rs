//! SQL of runs over many households.

mod shown;

pub(crate) use shown::{changes, refusals, sums};

use crate::model::{Booked, ChargedItems, Looked};
use crate::{Run, RunKind, RunState};
use chrono::NaiveDate;
use kernel::{AccountId, Error, Fen, PackVersionId, Result, Scope, SeasonId, Tx};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// A run to be begun.
pub(crate) struct Fresh<'a> {
    pub kind: RunKind,
    pub pack: Option<(PackVersionId, i32)>,
    pub season: Option<SeasonId>,
    pub on: Option<NaiveDate>,
    pub paths: &'a [String],
    pub households: i32,
}

/// Begins one.
pub(crate) async fn insert(tx: &mut Tx, id: Uuid, new: Fresh<'_>) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    let name = tx.actor().name.clone();
    sqlx::query!(
        "insert into billing.run (id, kind, pack_version_id, revision, season_id, org_paths, state,
                                  households, made_at, made_by, made_by_name, on_day)
         values ($1, $2, $3, $4, $5, $6, 'reckoning', $7, $8, $9, $10, $11)",
        id,
        <&str>::from(new.kind),
        new.pack.map(|p| *p.0),
        new.pack.map(|p| p.1),
        new.season.map(|s| *s),
        new.paths,
        new.households,
        now,
        by,
        name,
        new.on,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Runs in sight, newest first: all, one sort's, or one.
pub(crate) async fn list(
    tx: &mut Tx,
    only: Option<Uuid>,
    kind: Option<RunKind>,
    pack: Option<PackVersionId>,
    scope: &Scope,
) -> Result<Vec<Run>> {
    let rows = sqlx::query_as!(
        Run,
        r#"select r.id, r.kind as "kind: RunKind",
                  r.pack_version_id as "pack_version_id: PackVersionId", r.revision,
                  r.season_id as "season_id: SeasonId", r.on_day, coalesce(s.code, '') as "season!",
                  r.state as "state: RunState", r.households, r.looked, r.changed, r.refused,
                  r.from_fen as "from_fen: Fen", r.to_fen as "to_fen: Fen", r.done, r.corrected,
                  r.made_at, r.made_by_name, r.posted_at, r.posted_by_name, r.finished_at
           from billing.run r left join ledger.season s on s.id = r.season_id
           where ($1::uuid is null or r.id = $1) and ($2::text is null or r.kind = $2)
             and ($3::uuid is null or r.pack_version_id = $3)
             and exists (select from unnest(r.org_paths) path where path ^@ any($4))
           order by r.made_at desc, r.id desc limit 100"#,
        only,
        kind.map(<&str>::from),
        pack.map(|p| *p),
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Where a run has come to, locked: two workers take steps one after the other.
pub(crate) struct Held {
    pub kind: RunKind,
    pub state: RunState,
    pub pack: Option<PackVersionId>,
    pub season: Option<SeasonId>,
    pub on: Option<NaiveDate>,
    pub paths: Vec<String>,
    pub at_season: Option<SeasonId>,
    pub at_account: Option<AccountId>,
}

/// Locks a run in sight.
pub(crate) async fn lock(tx: &mut Tx, id: Uuid, scope: &Scope) -> Result<Held> {
    sqlx::query_as!(
        Held,
        r#"select kind as "kind: RunKind", state as "state: RunState",
                  pack_version_id as "pack: PackVersionId", season_id as "season: SeasonId",
                  on_day as "on", org_paths as paths, at_season as "at_season: SeasonId",
                  at_account as "at_account: AccountId"
           from billing.run r
           where id = $1 and exists (select from unnest(org_paths) path where path ^@ any($2))
           for update"#,
        id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("run"))
}

/// Whether a run of the same sort for the same rules or season is going on.
pub(crate) async fn another(
    tx: &mut Tx,
    kind: RunKind,
    pack: Option<PackVersionId>,
    season: Option<SeasonId>,
) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (select from billing.run where state in ('reckoning', 'posting')
             and kind = $3 and (pack_version_id = $1 or season_id = $2)) as "found!""#,
        pack.map(|p| *p),
        season.map(|s| *s),
        <&str>::from(kind),
    )
    .fetch_one(tx.db())
    .await?;
    Ok(found)
}

/// Gives up what was reckoned for the same rules or season and not posted.
pub(crate) async fn give_up(
    tx: &mut Tx,
    kind: RunKind,
    pack: Option<PackVersionId>,
    season: Option<SeasonId>,
) -> Result<()> {
    sqlx::query!(
        "update billing.run set state = 'withdrawn'
         where state in ('reckoning', 'ready') and kind = $3
           and (pack_version_id = $1 or season_id = $2)",
        pack.map(|p| *p),
        season.map(|s| *s),
        <&str>::from(kind),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Moves a run to another state, from its beginning on.
pub(crate) async fn set_state(tx: &mut Tx, id: Uuid, state: RunState) -> Result<()> {
    let (now, name) = (tx.now(), tx.actor().name.clone());
    sqlx::query!(
        "update billing.run
         set state = $2, at_season = null, at_account = null,
             posted_at = case when $2 = 'posting' then $3 else posted_at end,
             posted_by_name = case when $2 = 'posting' then $4 else posted_by_name end,
             finished_at = case when $2 = 'posted' then $3 else finished_at end
         where id = $1",
        id,
        <&str>::from(state),
        now,
        name,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Remembers to which household a run has come, and how many it corrected on the way.
pub(crate) async fn advance(
    tx: &mut Tx,
    id: Uuid,
    at: (SeasonId, Option<AccountId>),
    (looked, corrected): (i32, i32),
    posting: bool,
) -> Result<()> {
    sqlx::query!(
        "update billing.run
         set at_season = $2, at_account = $3,
             looked = looked + case when $6 then 0 else $4::int end,
             done = done + case when $6 then $4::int else 0 end,
             corrected = corrected + $5
         where id = $1",
        id,
        *at.0,
        at.1.map(|a| *a),
        looked,
        corrected,
        posting,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The seasons that rules which apply from a year on concern: those with charges.
pub(crate) async fn seasons_since(tx: &mut Tx, year: i32) -> Result<Vec<(SeasonId, String)>> {
    let rows = sqlx::query!(
        r#"select s.id, s.code from ledger.season s
           where extract(year from s.starts_at at time zone 'Asia/Shanghai') >= $1::int
             and exists (select from billing.charge c where c.season_id = s.id)
           order by s.starts_at"#,
        year,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.code)).collect())
}

/// Households that were charged for a season, in the order of their ids, after one of them; with
/// `metered`, only those that were not charged by area alone.
pub(crate) async fn page(
    tx: &mut Tx,
    season: SeasonId,
    paths: &[String],
    metered: bool,
    after: Option<AccountId>,
    limit: i64,
) -> Result<Vec<AccountId>> {
    let ids = sqlx::query_scalar!(
        r#"select c.account_id from billing.charge c
           join directory.account a on a.id = c.account_id
           join ledger.segment g on g.id = c.segment_id
           where c.season_id = $1 and a.org_path ^@ any($2)
             and (not $3 or g.charge_type <> 'area')
             and ($4::uuid is null or c.account_id > $4)
           group by c.account_id order by c.account_id limit $5"#,
        *season,
        paths,
        metered,
        after.map(|a| *a),
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(ids)
}

/// How many households that is.
pub(crate) async fn count(
    tx: &mut Tx,
    season: SeasonId,
    paths: &[String],
    metered: bool,
) -> Result<i32> {
    let count = sqlx::query_scalar!(
        r#"select count(distinct c.account_id)::int as "count!" from billing.charge c
           join directory.account a on a.id = c.account_id
           join ledger.segment g on g.id = c.segment_id
           where c.season_id = $1 and a.org_path ^@ any($2)
             and (not $3 or g.charge_type <> 'area')"#,
        *season,
        paths,
        metered,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(count)
}

/// The last versions of these households' charges for a season.
pub(crate) async fn last_charges(
    tx: &mut Tx,
    season: SeasonId,
    accounts: &[AccountId],
) -> Result<HashMap<AccountId, Booked>> {
    let ids = super::facts::raw(accounts);
    let rows = sqlx::query!(
        "select distinct on (account_id) account_id, segment_id,
                heat_fen, basic_fen, metered_fen, height_fen
         from billing.charge where season_id = $1 and account_id = any($2)
         order by account_id, version desc",
        *season,
        &ids,
    )
    .fetch_all(tx.db())
    .await?;
    let booked = |segment, heat_fen, basic_fen, metered_fen, height_fen| Booked {
        items: ChargedItems { heat_fen, basic_fen, metered_fen, height_fen },
        segment,
    };
    Ok(rows
        .into_iter()
        .map(|r| {
            let b = booked(r.segment_id, r.heat_fen, r.basic_fen, r.metered_fen, r.height_fen);
            (r.account_id, b)
        })
        .collect())
}

/// Keeps what some households come to.
pub(crate) async fn keep(tx: &mut Tx, id: Uuid, season: SeasonId, looked: &[Looked]) -> Result<()> {
    keep_changes(tx, id, season, looked).await?;
    keep_refusals(tx, id, season, looked).await?;
    let mut sums: BTreeMap<(&str, &str), (i32, i64, i64)> = BTreeMap::new();
    for l in looked {
        let Looked::Differs { org_path, user_class, from, to, .. } = l else { continue };
        let sum = sums.entry((org_path, user_class)).or_default();
        sum.0 += 1;
        sum.1 = sum.1.saturating_add(from.get());
        sum.2 = sum.2.saturating_add(to.get());
    }
    let paths: Vec<String> = sums.keys().map(|k| k.0.to_owned()).collect();
    let classes: Vec<String> = sums.keys().map(|k| k.1.to_owned()).collect();
    let counts: Vec<i32> = sums.values().map(|s| s.0).collect();
    let (from, to): (Vec<i64>, Vec<i64>) = sums.values().map(|s| (s.1, s.2)).unzip();
    sqlx::query!(
        "insert into billing.run_sum as s
           (run_id, season_id, org_path, user_class, households, from_fen, to_fen)
         select $1, $2, t.path, t.class, t.households, t.before, t.after
         from unnest($3::text[], $4::text[], $5::int[], $6::bigint[], $7::bigint[])
           as t (path, class, households, before, after)
         on conflict on constraint run_sum_pkey do update
         set households = s.households + excluded.households,
             from_fen = s.from_fen + excluded.from_fen, to_fen = s.to_fen + excluded.to_fen",
        id,
        *season,
        &paths,
        &classes,
        &counts,
        &from,
        &to,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

async fn keep_changes(tx: &mut Tx, id: Uuid, season: SeasonId, looked: &[Looked]) -> Result<()> {
    let rows = looked.iter().filter_map(|l| match l {
        Looked::Differs { account, from, to, .. } => Some((**account, from.get(), to.get())),
        _ => None,
    });
    let rows: Vec<(Uuid, i64, i64)> = rows.collect();
    let accounts: Vec<Uuid> = rows.iter().map(|r| r.0).collect();
    let (from, to): (Vec<i64>, Vec<i64>) = rows.iter().map(|r| (r.1, r.2)).unzip();
    sqlx::query!(
        "with rows as (
           insert into billing.run_change (run_id, season_id, account_id, from_fen, to_fen)
           select $1, $2, t.account, t.before, t.after
           from unnest($3::uuid[], $4::bigint[], $5::bigint[]) as t (account, before, after)
           returning from_fen, to_fen
         )
         update billing.run
         set changed = changed + (select count(*) from rows)::int,
             from_fen = from_fen + coalesce((select sum(from_fen) from rows), 0)::bigint,
             to_fen = to_fen + coalesce((select sum(to_fen) from rows), 0)::bigint
         where id = $1",
        id,
        *season,
        &accounts,
        &from,
        &to,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

async fn keep_refusals(tx: &mut Tx, id: Uuid, season: SeasonId, looked: &[Looked]) -> Result<()> {
    let mut accounts = Vec::new();
    let [mut codes, mut zhs, mut ens] = [(); 3].map(|()| Vec::new());
    for l in looked {
        let Looked::Refused { account, code, zh, en } = l else { continue };
        accounts.push(**account);
        codes.push((*code).to_owned());
        zhs.push(zh.clone());
        ens.push(en.clone());
    }
    if accounts.is_empty() {
        return Ok(());
    }
    sqlx::query!(
        "with rows as (
           insert into billing.run_refusal (run_id, season_id, account_id, code, zh, en)
           select $1, $2, t.account, t.code, t.zh, t.en
           from unnest($3::uuid[], $4::text[], $5::text[], $6::text[])
             as t (account, code, zh, en)
           on conflict on constraint run_refusal_pkey do update
           set code = excluded.code, zh = excluded.zh, en = excluded.en
           returning xmax = 0 as new
         )
         update billing.run
         set refused = refused + (select count(*) filter (where new) from rows)::int
         where id = $1",
        id,
        *season,
        &accounts,
        &codes,
        &zhs,
        &ens,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
