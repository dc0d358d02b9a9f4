//! Repairers, their positions and tracks.

use crate::model::{ONLINE_FOR, OpenOrder, PositionPoint, TrackPoint, Worker, WorkerSettings};
use chrono::{DateTime, Utc};
use kernel::{Error, OnConstraint as _, PlaceId, Result, Scope, Tx, UserId};
use std::collections::HashMap;
use uuid::Uuid;

/// A repairer's row, locked.
pub(crate) struct Known {
    pub staff_id: UserId,
    pub org_path: String,
    pub on_shift: bool,
    pub lng: Option<f64>,
    pub lat: Option<f64>,
    pub accuracy_m: Option<f64>,
    pub position_at: Option<DateTime<Utc>>,
}

/// Enters somebody as a repairer of the place where he belongs now; what is set stays.
pub(crate) async fn put(tx: &mut Tx, id: UserId) -> Result<()> {
    sqlx::query!(
        "insert into dispatch.worker (staff_id, org_path)
         select s.id, o.path from identity.staff s join identity.org o on o.id = s.org_id
         where s.id = $1
         on conflict on constraint worker_pkey do update set org_path = excluded.org_path",
        *id,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// For a change; nothing when he is no repairer.
pub(crate) async fn lock(tx: &mut Tx, id: UserId) -> Result<Option<Known>> {
    Ok(sqlx::query_as!(
        Known,
        "select staff_id, org_path, on_shift, lng, lat, accuracy_m, position_at
         from dispatch.worker where staff_id = $1 for update",
        *id,
    )
    .fetch_optional(tx.db())
    .await?)
}

/// Begins or ends a shift; that is a sign of life.
pub(crate) async fn set_shift(tx: &mut Tx, id: UserId, on: bool) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update dispatch.worker set on_shift = $2, seen_at = $3 where staff_id = $1",
        *id,
        on,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Notes a sign of life.
pub(crate) async fn set_seen(tx: &mut Tx, id: UserId) -> Result<()> {
    let now = tx.now();
    sqlx::query!("update dispatch.worker set seen_at = $2 where staff_id = $1", *id, now)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Moves him, unless a newer position is known.
pub(crate) async fn set_position(tx: &mut Tx, id: UserId, point: &PositionPoint) -> Result<()> {
    sqlx::query!(
        "update dispatch.worker set lng = $2, lat = $3, accuracy_m = $4, position_at = $5
         where staff_id = $1 and (position_at is null or position_at < $5)",
        *id,
        point.lng,
        point.lat,
        point.accuracy_m,
        point.at,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Adds points to a track; those that are there already stay. Answers how many are new.
pub(crate) async fn add_track(tx: &mut Tx, id: UserId, points: &[PositionPoint]) -> Result<usize> {
    let ats: Vec<_> = points.iter().map(|p| p.at).collect();
    let lngs: Vec<_> = points.iter().map(|p| p.lng).collect();
    let lats: Vec<_> = points.iter().map(|p| p.lat).collect();
    let accuracies: Vec<_> = points.iter().map(|p| p.accuracy_m).collect();
    let done = sqlx::query!(
        "insert into dispatch.track (staff_id, at, lng, lat, accuracy_m)
         select $1, at, lng, lat, accuracy_m
         from unnest($2::timestamptz[], $3::float8[], $4::float8[], $5::float8[])
           as t (at, lng, lat, accuracy_m)
         on conflict on constraint track_pkey do nothing",
        *id,
        &ats,
        &lngs,
        &lats,
        &accuracies,
    )
    .execute(tx.db())
    .await?;
    Ok(usize::try_from(done.rows_affected()).unwrap_or(usize::MAX))
}

/// Where he was between two instants, oldest first; out of `scope` nowhere.
pub(crate) async fn track(
    tx: &mut Tx,
    scope: &Scope,
    id: UserId,
    from: DateTime<Utc>,
    to: DateTime<Utc>,
    most: i64,
) -> Result<Vec<TrackPoint>> {
    Ok(sqlx::query_as!(
        TrackPoint,
        "select t.at, t.lng, t.lat, t.accuracy_m
         from dispatch.track t join dispatch.worker w on w.staff_id = t.staff_id
         where t.staff_id = $1 and (w.org_path ^@ any($2) or w.staff_id = $3)
           and t.at >= $4 and t.at < $5
         order by t.at limit $6",
        *id,
        &scope.paths,
        scope.own.map(|u| *u),
        from,
        to,
        most,
    )
    .fetch_all(tx.db())
    .await?)
}

/// The repairers in sight, by name.
pub(crate) async fn list(tx: &mut Tx, scope: &Scope) -> Result<Vec<Worker>> {
    read(tx, scope, None).await
}

/// One repairer.
pub(crate) async fn me(tx: &mut Tx, id: UserId) -> Result<Option<Worker>> {
    let own = Scope { paths: Vec::new(), own: Some(id) };
    Ok(read(tx, &own, Some(id)).await?.pop())
}

async fn read(tx: &mut Tx, scope: &Scope, only: Option<UserId>) -> Result<Vec<Worker>> {
    let online_since = tx.now() - ONLINE_FOR;
    let rows = sqlx::query!(
        r#"select w.staff_id, s.name, w.org_path, w.skills, w.on_shift,
                  coalesce(w.seen_at >= $3, false) as "online!", w.lng, w.lat, w.accuracy_m,
                  w.position_at, w.load_cap,
                  array(select place_id from dispatch.territory t
                        where t.staff_id = w.staff_id) as "territory!: Vec<PlaceId>"
           from dispatch.worker w join identity.staff s on s.id = w.staff_id and s.active
           where (w.org_path ^@ any($1) or w.staff_id = $2)
             and ($4::uuid is null or w.staff_id = $4)
           order by s.name, w.staff_id"#,
        &scope.paths,
        scope.own.map(|u| *u),
        online_since,
        only.map(|u| *u),
    )
    .fetch_all(tx.db())
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|w| *w.staff_id).collect();
    let mut open = open_of(tx, &ids).await?;
    let workers = rows.into_iter().map(|w| Worker {
        open: open.remove(&w.staff_id).unwrap_or_default(),
        staff_id: w.staff_id,
        name: w.name,
        org_path: w.org_path,
        skills: w.skills,
        on_shift: w.on_shift,
        online: w.online,
        lng: w.lng,
        lat: w.lat,
        accuracy_m: w.accuracy_m,
        position_at: w.position_at,
        load_cap: w.load_cap,
        territory: w.territory,
    });
    Ok(workers.collect())
}

/// What each of them has in hand, next due first.
async fn open_of(tx: &mut Tx, staff: &[Uuid]) -> Result<HashMap<UserId, Vec<OpenOrder>>> {
    let rows = sqlx::query!(
        r#"select assignee_id as "assignee_id!: UserId", id, no, address, state, next_due
           from orders.work_order
           where assignee_id = any($1)
             and state in ('dispatched', 'accepted', 'en_route', 'on_site')
           order by next_due, id"#,
        staff,
    )
    .fetch_all(tx.db())
    .await?;
    let mut open: HashMap<UserId, Vec<OpenOrder>> = HashMap::new();
    for row in rows {
        open.entry(row.assignee_id).or_default().push(OpenOrder {
            id: row.id,
            no: row.no,
            address: row.address,
            state: row.state,
            next_due: row.next_due,
        });
    }
    Ok(open)
}

/// What is set of a repairer in sight, locked.
pub(crate) async fn settings_of(
    tx: &mut Tx,
    scope: &Scope,
    id: UserId,
) -> Result<(String, WorkerSettings)> {
    let row = sqlx::query!(
        r#"select org_path, skills, load_cap,
                  array(select place_id from dispatch.territory t where t.staff_id = w.staff_id
                        order by place_id) as "territory!: Vec<PlaceId>"
           from dispatch.worker w
           where staff_id = $1 and org_path ^@ any($2) for update"#,
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("repairer"))?;
    let (skills, load_cap, territory) = (row.skills, row.load_cap, row.territory);
    Ok((row.org_path, WorkerSettings { skills, load_cap, territory }))
}

/// Sets a repairer's skills, cap and territory.
pub(crate) async fn set_settings(tx: &mut Tx, id: UserId, set: &WorkerSettings) -> Result<()> {
    let places: Vec<Uuid> = set.territory.iter().map(|p| **p).collect();
    sqlx::query!(
        "update dispatch.worker set skills = $2, load_cap = $3 where staff_id = $1",
        *id,
        &set.skills,
        set.load_cap,
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "delete from dispatch.territory where staff_id = $1 and place_id <> all($2)",
        *id,
        &places,
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "insert into dispatch.territory (place_id, staff_id)
         select place_id, $1 from unnest($2::uuid[]) place_id on conflict do nothing",
        *id,
        &places,
    )
    .execute(tx.db())
    .await
    .on_constraint("territory_place", Error::invalid("territory", "片区不存在", "no such place"))?;
    Ok(())
}
