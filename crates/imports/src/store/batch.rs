//! Batches, their lines, remembered mappings, certificates.

use crate::{Batch, BatchState, Certificate, Fault, Kind, LineFilter, Mapping, StagedLine, Total};
use kernel::{Error, Result, Scope, Tx};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use uuid::Uuid;

pub(crate) fn json(value: &impl Serialize) -> Value {
    serde_json::to_value(value).unwrap_or_default()
}

pub(crate) fn from_json<T: DeserializeOwned + Default>(value: Value) -> T {
    serde_json::from_value(value).unwrap_or_default()
}

pub(crate) async fn insert_batch(tx: &mut Tx, b: &Batch, sha256: &[u8]) -> Result<()> {
    let by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "insert into imports.batch (id, kind, file_name, file_size, sha256, headers, mapping,
           org_path, state, row_count, created_at, created_by, created_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, 'staged', 0, $9, $10, $11)",
        b.id,
        <&str>::from(b.kind),
        b.file_name,
        b.file_size,
        sha256,
        &b.headers,
        json(&b.mapping),
        b.org_path,
        b.created_at,
        by,
        b.created_by_name,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn insert_lines(
    tx: &mut Tx,
    batch: Uuid,
    before: i32,
    lines: &[Vec<String>],
) -> Result<()> {
    sqlx::query!(
        "insert into imports.line (batch_id, no, cells)
         select $1, $2 + n::int, c from jsonb_array_elements($3::jsonb) with ordinality t (c, n)",
        batch,
        before,
        json(&lines),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

macro_rules! batches {
    ($tail:literal, $($arg:expr),*) => {
        sqlx::query!(
            r#"select id, kind as "kind: Kind", file_name, file_size, headers, mapping, org_path,
                      state as "state: BatchState", row_count, error_count, done_count,
                      created_at, created_by_name, committed_at, undone_at
               from imports.batch "# + $tail, $($arg),*
        )
    };
}

macro_rules! as_batch {
    ($r:expr) => {
        Batch {
            id: $r.id,
            kind: $r.kind,
            file_name: $r.file_name,
            file_size: $r.file_size,
            headers: $r.headers,
            mapping: from_json($r.mapping),
            org_path: $r.org_path,
            state: $r.state,
            row_count: $r.row_count,
            error_count: $r.error_count,
            done_count: $r.done_count,
            created_at: $r.created_at,
            created_by_name: $r.created_by_name,
            committed_at: $r.committed_at,
            undone_at: $r.undone_at,
        }
    };
}

pub(crate) async fn batches(tx: &mut Tx, scope: &Scope) -> Result<Vec<Batch>> {
    let rows = batches!(
        "where org_path ^@ any($1) order by created_at desc, id desc limit 200",
        &scope.paths
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| as_batch!(r)).collect())
}

pub(crate) async fn batch(tx: &mut Tx, id: Uuid, scope: &Scope) -> Result<Batch> {
    let row = batches!("where id = $1 and org_path ^@ any($2)", id, &scope.paths)
        .fetch_optional(tx.db())
        .await?
        .ok_or(Error::NotFound("import"))?;
    Ok(as_batch!(row))
}

/// The same, and nobody else touches it until the transaction ends.
pub(crate) async fn lock(tx: &mut Tx, id: Uuid, scope: &Scope) -> Result<Batch> {
    let row = batches!("where id = $1 and org_path ^@ any($2) for update", id, &scope.paths)
        .fetch_optional(tx.db())
        .await?
        .ok_or(Error::NotFound("import"))?;
    Ok(as_batch!(row))
}

pub(crate) async fn set_state(tx: &mut Tx, id: Uuid, state: BatchState) -> Result<(), sqlx::Error> {
    let now = tx.now();
    sqlx::query!(
        "update imports.batch set state = $2,
           committed_at = case when $2 = 'committed' then $3
                               when $2 in ('checked', 'committing') then null
                               else committed_at end,
           undone_at = case when $2 = 'undone' then $3::timestamptz end
         where id = $1",
        id,
        <&str>::from(state),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn set_counts(tx: &mut Tx, id: Uuid, rows: i32, wrong: i32) -> Result<()> {
    sqlx::query!(
        "update imports.batch set row_count = $2, error_count = $3 where id = $1",
        id,
        rows,
        wrong,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn set_totals(tx: &mut Tx, id: Uuid, totals: &[Total]) -> Result<()> {
    sqlx::query!("update imports.batch set totals = $2 where id = $1", id, json(&totals))
        .execute(tx.db())
        .await?;
    Ok(())
}

pub(crate) async fn totals(tx: &mut Tx, id: Uuid) -> Result<Vec<Total>> {
    let found = sqlx::query_scalar!("select totals from imports.batch where id = $1", id)
        .fetch_one(tx.db())
        .await?;
    Ok(from_json(found))
}

pub(crate) async fn set_mapping(tx: &mut Tx, b: &Batch) -> Result<()> {
    let now = tx.now();
    sqlx::query!("update imports.batch set mapping = $2 where id = $1", b.id, json(&b.mapping))
        .execute(tx.db())
        .await?;
    sqlx::query!(
        "insert into imports.mapping (kind, headers, mapping, used_at) values ($1, $2, $3, $4)
         on conflict (kind, headers)
         do update set mapping = excluded.mapping, used_at = excluded.used_at",
        <&str>::from(b.kind),
        b.headers.join("\t"),
        json(&b.mapping),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn remembered(
    tx: &mut Tx,
    kind: Kind,
    headers: &[String],
) -> Result<Option<Mapping>> {
    let found = sqlx::query_scalar!(
        "select mapping from imports.mapping where kind = $1 and headers = $2",
        <&str>::from(kind),
        headers.join("\t"),
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(found.map(from_json))
}

/// Lines after that one: all, or those with faults.
pub(crate) async fn lines(
    tx: &mut Tx,
    batch: Uuid,
    filter: &LineFilter,
    most: i64,
) -> Result<Vec<StagedLine>> {
    let rows = sqlx::query!(
        "select no, cells, faults, done from imports.line
         where batch_id = $1 and no > $2 and (not $3 or faults is not null)
         order by no limit $4",
        batch,
        filter.after,
        filter.wrong,
        most,
    )
    .fetch_all(tx.db())
    .await?;
    let line = |no, cells, faults: Option<Value>, done| StagedLine {
        no,
        cells: from_json(cells),
        faults: faults.map(from_json).unwrap_or_default(),
        done,
    };
    Ok(rows.into_iter().map(|r| line(r.no, r.cells, r.faults, r.done)).collect())
}

/// The next lines that are not in, or not out again.
pub(crate) async fn next(
    tx: &mut Tx,
    batch: Uuid,
    done: bool,
    most: i64,
) -> Result<Vec<(i32, Vec<String>, Option<Value>)>> {
    let rows = sqlx::query!(
        "select no, cells, made from imports.line where batch_id = $1 and done = $2
         order by no limit $3",
        batch,
        done,
        most,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.no, from_json(r.cells), r.made)).collect())
}

pub(crate) async fn set_faults(
    tx: &mut Tx,
    batch: Uuid,
    wrong: &[(i32, Vec<Fault>)],
) -> Result<()> {
    let nos: Vec<i32> = wrong.iter().map(|(no, _)| *no).collect();
    let faults: Vec<Value> = wrong.iter().map(|(_, f)| json(f)).collect();
    sqlx::query!(
        "update imports.line l set faults = t.f
         from unnest($2::int[], $3::jsonb[]) t (no, f) where l.batch_id = $1 and l.no = t.no",
        batch,
        &nos,
        &faults,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn forget_faults(tx: &mut Tx, batch: Uuid) -> Result<()> {
    sqlx::query!(
        "update imports.line set faults = null where batch_id = $1 and faults is not null",
        batch,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Lines are in with what was made of them, or out again.
pub(crate) async fn mark(
    tx: &mut Tx,
    batch: Uuid,
    done: bool,
    lines: &[(i32, Option<Value>)],
) -> Result<()> {
    let nos: Vec<i32> = lines.iter().map(|(no, _)| *no).collect();
    let made: Vec<Option<Value>> = lines.iter().map(|(_, made)| made.clone()).collect();
    sqlx::query!(
        "update imports.line l set done = $2, made = t.m
         from unnest($3::int[], $4::jsonb[]) t (no, m) where l.batch_id = $1 and l.no = t.no",
        batch,
        done,
        &nos,
        &made as &[Option<Value>],
    )
    .execute(tx.db())
    .await?;
    let many = i32::try_from(lines.len()).unwrap_or(i32::MAX) * if done { 1 } else { -1 };
    sqlx::query!(
        "update imports.batch set done_count = done_count + $2 where id = $1",
        batch,
        many,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn insert_certificate(
    tx: &mut Tx,
    season: Uuid,
    org_path: &str,
    c: &Certificate,
    digest: &[u8],
) -> Result<()> {
    let by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "insert into imports.certificate (id, season_id, org_path, body, digest, made_at, made_by,
           made_by_name) values ($1, $2, $3, $4, $5, $6, $7, $8)",
        c.id,
        season,
        org_path,
        json(&c.shadow),
        digest,
        c.made_at,
        by,
        c.made_by_name,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}
