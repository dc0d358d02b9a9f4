//! Lines of files.

use crate::read::SEPARATOR;
use crate::store::{from_json, json};
use crate::{Assignment, Fault, FaultCount, LineFilter, StagedLine};
use kernel::{Error, Result, Tx, UserId};
use serde_json::Value;
use uuid::Uuid;

/// Adds lines after number `before`.
pub(crate) async fn insert_lines(
    tx: &mut Tx,
    batch: Uuid,
    before: i32,
    lines: &[Vec<String>],
) -> Result<()> {
    let by = SEPARATOR.to_string();
    let joined: Vec<String> = lines.iter().map(|cells| cells.join(&by)).collect();
    sqlx::query!(
        "insert into imports.line (batch_id, no, cells)
         select $1, $2 + n::int, string_to_array(c, $4)
         from unnest($3::text[]) with ordinality t (c, n)",
        batch,
        before,
        &joined,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Lines after that one: all, or those that are asked for.
pub(crate) async fn lines(
    tx: &mut Tx,
    batch: Uuid,
    filter: &LineFilter,
    most: i64,
) -> Result<Vec<StagedLine>> {
    let rows = sqlx::query!(
        r#"select l.no, l.cells, l.faults, l.left_out, l.original, l.note,
                  l.assignee_id as "assignee_id: UserId", s.name as "assignee_name?",
                  l.decided_by, l.decided_at,
                  not l.left_out and (
                    exists (select from imports.made m where m.batch_id = $1 and m.no = l.no)
                    or exists (select from imports.batch b
                               where b.id = $1 and b.kind <> 'households'
                                 and (b.state = 'committed'
                                      or b.state = 'committing' and l.no <= b.at_line))
                  ) as "done!"
           from imports.line l left join identity.staff s on s.id = l.assignee_id
           where l.batch_id = $1 and l.no > $2
             and (not $3 or l.faults is not null) and (not $4 or l.decided_at is not null)
             and ($5::text is null
                  or l.faults @> jsonb_build_array(jsonb_build_object('field', $5::text)))
             and ($6::uuid is null or l.assignee_id = $6)
           order by l.no limit $7"#,
        batch,
        filter.after,
        filter.wrong,
        filter.decided,
        filter.field,
        filter.assignee.map(|a| *a),
        most,
    )
    .fetch_all(tx.db())
    .await?;
    let line = |faults: Option<Value>| faults.map(from_json).unwrap_or_default();
    Ok(rows
        .into_iter()
        .map(|r| StagedLine {
            no: r.no,
            cells: r.cells,
            faults: line(r.faults),
            done: r.done,
            left_out: r.left_out,
            original: r.original,
            note: r.note,
            assignee_id: r.assignee_id,
            assignee_name: r.assignee_name,
            decided_by: r.decided_by,
            decided_at: r.decided_at,
        })
        .collect())
}

/// A line as the machine takes it.
pub(crate) struct Next {
    pub no: i32,
    pub cells: Vec<String>,
    pub left_out: bool,
}

/// The next lines.
pub(crate) async fn next(tx: &mut Tx, batch: Uuid, after: i32, most: i64) -> Result<Vec<Next>> {
    let rows = sqlx::query_as!(
        Next,
        "select no, cells, left_out from imports.line where batch_id = $1 and no > $2
         order by no limit $3",
        batch,
        after,
        most,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// One line, and nobody else touches it until the transaction ends.
pub(crate) async fn lock_line(tx: &mut Tx, batch: Uuid, no: i32) -> Result<Vec<String>> {
    sqlx::query_scalar!(
        "select cells from imports.line where batch_id = $1 and no = $2 for update",
        batch,
        no,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("line"))
}

/// A line is put right: what the file had is kept beside it.
pub(crate) async fn correct(
    tx: &mut Tx,
    batch: Uuid,
    no: i32,
    cells: &[String],
    faults: Option<&[Fault]>,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().name.clone());
    sqlx::query!(
        "update imports.line set original = coalesce(original, cells), cells = $3, faults = $4,
           decided_at = $5, decided_by = $6
         where batch_id = $1 and no = $2",
        batch,
        no,
        cells,
        faults.map(|f| json(&f)),
        now,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A line does not go in, or shall after all.
pub(crate) async fn leave_out(
    tx: &mut Tx,
    batch: Uuid,
    no: i32,
    out: bool,
    note: Option<&str>,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().name.clone());
    sqlx::query!(
        "update imports.line set left_out = $3, note = $4, decided_at = $5, decided_by = $6
         where batch_id = $1 and no = $2",
        batch,
        no,
        out,
        note,
        now,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Gives wrong lines to somebody; how many it was.
pub(crate) async fn assign(tx: &mut Tx, batch: Uuid, a: &Assignment) -> Result<u64> {
    let done = sqlx::query!(
        "update imports.line set assignee_id = $2
         where batch_id = $1 and faults is not null and (cardinality($3::int[]) = 0 or no = any($3))
           and ($4::text is null
                or faults @> jsonb_build_array(jsonb_build_object('field', $4::text)))",
        batch,
        a.to.map(|u| *u),
        &a.nos,
        a.field,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn set_faults(
    tx: &mut Tx,
    batch: Uuid,
    wrong: &[(i32, Vec<Fault>)],
) -> Result<()> {
    if wrong.is_empty() {
        return Ok(());
    }
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

/// Counts lines that are wrong, and lines that are left out.
pub(crate) async fn recount(tx: &mut Tx, batch: Uuid) -> Result<()> {
    sqlx::query!(
        "update imports.batch b set
           error_count = (select count(*) from imports.line l
                          where l.batch_id = b.id and l.faults is not null and not l.left_out),
           left_count = (select count(*) from imports.line l
                         where l.batch_id = b.id and l.decided_at is not null and l.left_out)
         where b.id = $1",
        batch,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What is wrong with lines that are to go in, most frequent first.
pub(crate) async fn fault_counts(tx: &mut Tx, batch: Uuid) -> Result<Vec<FaultCount>> {
    let rows = sqlx::query_as!(
        FaultCount,
        r#"select f->>'field' as "field!", f->>'zh' as "zh!", f->>'en' as "en!",
                  count(*) as "lines!"
           from imports.line l cross join jsonb_array_elements(l.faults) f
           where l.batch_id = $1 and l.faults is not null and not l.left_out
           group by 1, 2, 3 order by 4 desc, 1 limit 30"#,
        batch,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}
