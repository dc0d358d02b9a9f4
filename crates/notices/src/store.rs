//! All SQL of notices and readings.

use crate::{NewNotice, Notice, Reading, Station, StationTrend, Temperatures};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{AccountId, Error, NetworkNodeId, NoticeId, Result, Scope, Tx};
use sqlx::types::Json;

/// The most notices that one list shows.
const MOST: i64 = 200;

/// The organisation that looks after the notice's area.
pub(crate) async fn org_of_area(tx: &mut Tx, new: &NewNotice, scope: &Scope) -> Result<String> {
    let found = sqlx::query_scalar!(
        r#"select org_path as "org_path!" from directory.place
           where id = $1 and org_path ^@ any($3)
           union all
           select org_path from directory.network_node where id = $2 and org_path ^@ any($3)"#,
        new.place_id.map(|p| *p),
        new.node_id.map(|n| *n),
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?;
    found.ok_or(Error::NotFound("area"))
}

/// Writes a new notice.
pub(crate) async fn insert(tx: &mut Tx, notice: &Notice) -> Result<()> {
    let by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "insert into notices.notice (id, kind, title, body, place_id, node_id, org_path,
                                     starts_at, expected_end_at, created_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)",
        *notice.id,
        notice.kind,
        notice.title,
        notice.body,
        notice.place_id.map(|p| *p),
        notice.node_id.map(|n| *n),
        notice.org_path,
        notice.starts_at,
        notice.expected_end_at,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Locks a notice that its publisher may change.
pub(crate) async fn lock(tx: &mut Tx, id: NoticeId, scope: &Scope) -> Result<Notice> {
    sqlx::query_as!(
        Notice,
        "select id, kind, title, body, place_id, node_id, starts_at, expected_end_at, ended_at,
                org_path
         from notices.notice where id = $1 and org_path ^@ any($2) for update",
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("notice"))
}

/// Writes what may change about a notice.
pub(crate) async fn update(tx: &mut Tx, notice: &Notice) -> Result<()> {
    sqlx::query!(
        "update notices.notice set title = $2, body = $3, expected_end_at = $4, ended_at = $5
         where id = $1",
        *notice.id,
        notice.title,
        notice.body,
        notice.expected_end_at,
        notice.ended_at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Notices of the organisations in sight and of those above them, newest first.
pub(crate) async fn list(tx: &mut Tx, active: bool, scope: &Scope) -> Result<Vec<Notice>> {
    let now = tx.now();
    let notices = sqlx::query_as!(
        Notice,
        "select id, kind, title, body, place_id, node_id, starts_at, expected_end_at, ended_at,
                org_path
         from notices.notice n
         where (n.org_path ^@ any($1) or exists
                 (select from unnest($1::text[]) mine where mine ^@ n.org_path))
           and (not $2 or (n.starts_at <= $3 and n.ended_at is null))
         order by n.starts_at desc, n.id desc limit $4",
        &scope.paths,
        active,
        now,
        MOST,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(notices)
}

/// Notices on the household's unit, building or community, on the riser, loop, station or source
/// above it, or on its whole organisation, that run or begin before `until`.
pub(crate) async fn concerning(
    tx: &mut Tx,
    account: AccountId,
    until: DateTime<Utc>,
    scope: &Scope,
) -> Result<Vec<Notice>> {
    let notices = sqlx::query_as!(
        Notice,
        r#"with recursive home as (
             select pr.unit_id, pr.riser_id, a.org_path from directory.account a
             join directory.premise pr on pr.id = a.premise_id
             where a.id = $1 and a.org_path ^@ any($3)),
           place as (
             select p.id, p.parent_id from home join directory.place p on p.id = home.unit_id
             union all
             select p.id, p.parent_id from place join directory.place p on p.id = place.parent_id),
           node as (
             select n.id, n.parent_id from home
             join directory.network_node n on n.id = home.riser_id
             union all
             select n.id, n.parent_id from node
             join directory.network_node n on n.id = node.parent_id)
           select n.id, n.kind, n.title, n.body, n.place_id, n.node_id, n.starts_at,
                  n.expected_end_at, n.ended_at, n.org_path
           from notices.notice n
           where n.ended_at is null and n.starts_at <= $2
             and (n.place_id in (select id from place) or n.node_id in (select id from node)
               or (n.place_id is null and n.node_id is null
                   and exists (select from home where home.org_path ^@ n.org_path)))
           order by n.starts_at desc, n.id desc"#,
        *account,
        until,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(notices)
}

/// Keeps readings; one that is kept already stays as it is.
pub(crate) async fn insert_readings(tx: &mut Tx, readings: &[Reading]) -> Result<()> {
    let nodes: Vec<_> = readings.iter().map(|r| *r.node_id).collect();
    let at: Vec<_> = readings.iter().map(|r| r.at).collect();
    let supply: Vec<_> = readings.iter().map(|r| r.supply_decidegrees).collect();
    let back: Vec<_> = readings.iter().map(|r| r.return_decidegrees).collect();
    let supply_kpa: Vec<_> = readings.iter().map(|r| r.supply_kpa).collect();
    let return_kpa: Vec<_> = readings.iter().map(|r| r.return_kpa).collect();
    let flow: Vec<_> = readings.iter().map(|r| r.flow_lph).collect();
    sqlx::query!(
        "insert into notices.reading (node_id, at, supply_decidegrees, return_decidegrees,
                                      supply_kpa, return_kpa, flow_lph)
         select * from unnest($1::uuid[], $2::timestamptz[], $3::int[], $4::int[], $5::int[],
                              $6::int[], $7::int[])
         on conflict do nothing",
        &nodes,
        &at,
        &supply,
        &back,
        &supply_kpa,
        &return_kpa,
        &flow,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The newest reading of each exchange station in sight.
pub(crate) async fn stations(tx: &mut Tx, scope: &Scope) -> Result<Vec<Station>> {
    let stations = sqlx::query_as!(
        Station,
        "select n.id as node_id, n.name, r.at, r.supply_decidegrees, r.return_decidegrees,
                r.supply_kpa, r.return_kpa, r.flow_lph
         from directory.network_node n
         join lateral (select at, supply_decidegrees, return_decidegrees, supply_kpa, return_kpa,
                              flow_lph
                       from notices.reading where node_id = n.id order by at desc limit 1) r on true
         where n.kind = 'station' and n.org_path ^@ any($1)
         order by n.name, n.id",
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(stations)
}

/// The newest reading of one station, and the temperatures of its last `tail` readings.
pub(crate) async fn station(
    tx: &mut Tx,
    node: NetworkNodeId,
    tail: i64,
    scope: &Scope,
) -> Result<Option<StationTrend>> {
    let row = sqlx::query!(
        r#"with tail as (
             select at, supply_decidegrees, return_decidegrees, supply_kpa, return_kpa, flow_lph
             from notices.reading where node_id = $1 order by at desc limit $2)
           select n.id as node_id, n.name, r.at as "at!",
                  r.supply_decidegrees as "supply_decidegrees!",
                  r.return_decidegrees as "return_decidegrees!", r.supply_kpa as "supply_kpa!",
                  r.return_kpa as "return_kpa!", r.flow_lph as "flow_lph!",
                  (select jsonb_agg(jsonb_build_object('at', t.at, 'supply', t.supply_decidegrees,
                     'return', t.return_decidegrees) order by t.at) from tail t)
                    as "recent!: Json<Vec<Temperatures>>"
           from directory.network_node n
           join (select * from tail order by at desc limit 1) r on true
           where n.id = $1 and n.org_path ^@ any($3)"#,
        *node,
        tail,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|r| StationTrend {
        now: Station {
            node_id: r.node_id,
            name: r.name,
            at: r.at,
            supply_decidegrees: r.supply_decidegrees,
            return_decidegrees: r.return_decidegrees,
            supply_kpa: r.supply_kpa,
            return_kpa: r.return_kpa,
            flow_lph: r.flow_lph,
        },
        recent: r.recent.0,
    }))
}

/// How far ahead a notice is worth knowing.
pub(crate) const AHEAD: TimeDelta = TimeDelta::days(3);
