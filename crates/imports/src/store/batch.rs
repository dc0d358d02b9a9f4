//! Batches and remembered mappings.

use crate::{Batch, BatchState, DryRun, Kind, Mapping, Total};
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
        "insert into imports.batch (id, kind, file_name, file_size, sha256, file_id, org_path,
           state, step_began_at, step_at, created_at, created_by, created_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, 'reading', $8, $8, $8, $9, $10)",
        b.id,
        <&str>::from(b.kind),
        b.file_name,
        b.file_size,
        sha256,
        b.file_id,
        b.org_path,
        b.created_at,
        by,
        b.created_by_name,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

macro_rules! batches {
    ($tail:literal, $($arg:expr),*) => {
        sqlx::query!(
            r#"select id, kind as "kind: Kind", file_name, file_size, file_id, headers, mapping,
                      org_path, state as "state: BatchState", refusal, row_count, error_count,
                      left_count, done_count, attempt, at_line, step_began_at, step_at, trial,
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
            file_id: $r.file_id,
            headers: $r.headers,
            mapping: from_json($r.mapping),
            org_path: $r.org_path,
            state: $r.state,
            refusal: $r.refusal,
            row_count: $r.row_count,
            error_count: $r.error_count,
            left_count: $r.left_count,
            done_count: $r.done_count,
            attempt: $r.attempt,
            at_line: $r.at_line,
            step_began_at: $r.step_began_at,
            step_at: $r.step_at,
            trial: $r.trial.and_then(|t| serde_json::from_value(t).ok()),
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

/// Puts a batch into a state; a step that runs there begins now, with the first line.
pub(crate) async fn set_state(tx: &mut Tx, id: Uuid, state: BatchState) -> Result<(), sqlx::Error> {
    let now = tx.now();
    sqlx::query!(
        "update imports.batch set state = $2, at_line = 0, step_began_at = $3, step_at = $3,
           attempt = attempt + case when $2 = 'committing' then 1 else 0 end,
           committed_at = case when $2 = 'committed' then coalesce(committed_at, $3)
                               when $2 in ('undoing', 'undone') then committed_at end,
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

/// A file that could not be read after all.
pub(crate) async fn set_refused(tx: &mut Tx, id: Uuid, code: &str) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update imports.batch set state = 'refused', refusal = $2, step_at = $3 where id = $1",
        id,
        code,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What the first line of the file says.
pub(crate) async fn set_headers(tx: &mut Tx, b: &Batch) -> Result<()> {
    sqlx::query!(
        "update imports.batch set headers = $2, mapping = $3 where id = $1",
        b.id,
        &b.headers,
        json(&b.mapping),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// How many lines were read so far.
pub(crate) async fn set_rows(tx: &mut Tx, id: Uuid, rows: i32) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update imports.batch set row_count = $2, at_line = $2, step_at = $3 where id = $1",
        id,
        rows,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The running step is that far; so many lines more, or fewer, are in.
pub(crate) async fn set_at(tx: &mut Tx, id: Uuid, at_line: i32, more: i32) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update imports.batch set at_line = $2, done_count = done_count + $3, step_at = $4
         where id = $1",
        id,
        at_line,
        more,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// How the last dry run went, or that one is at it.
pub(crate) async fn set_trial(tx: &mut Tx, id: Uuid, trial: Option<&DryRun>) -> Result<()> {
    let trial = trial.map(json);
    sqlx::query!("update imports.batch set trial = $2 where id = $1", id, trial)
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

/// What the old system states.
pub(crate) async fn set_stated(tx: &mut Tx, id: Uuid, totals: &[Total]) -> Result<()> {
    sqlx::query!("update imports.batch set stated = $2 where id = $1", id, json(&totals))
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Control totals of the file, and what the old system states.
pub(crate) async fn totals(tx: &mut Tx, id: Uuid) -> Result<(Vec<Total>, Vec<Total>)> {
    let found = sqlx::query!("select totals, stated from imports.batch where id = $1", id)
        .fetch_one(tx.db())
        .await?;
    Ok((from_json(found.totals), from_json(found.stated)))
}

pub(crate) async fn set_mapping(tx: &mut Tx, b: &Batch) -> Result<()> {
    let now = tx.now();
    set_headers(tx, b).await?;
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
