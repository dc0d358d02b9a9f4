//! Lines by mass.

use crate::StagedHead;
use kernel::{App, Result, SeasonId, Tx};
use sqlx::types::Uuid;
use tokio::sync::mpsc::Receiver;

/// The columns of a staged line, in the order in which they are written.
pub const STAGE_COLUMNS: &str = "posting_id, account_id, season_id, amount_fen, recorded_at, \
    valid_on, line, segment_id, ledger, item";

pub(crate) async fn stage_open(app: &App, season: SeasonId) -> Result<()> {
    sqlx::query_scalar!("select ledger.stage_open($1)", *season).fetch_one(&app.pool).await?;
    Ok(())
}

pub(crate) async fn stage_drop(app: &App, season: SeasonId) -> Result<()> {
    sqlx::query_scalar!("select ledger.stage_drop($1)::text", *season).fetch_one(&app.pool).await?;
    Ok(())
}

pub(crate) async fn stage_write(
    app: &App,
    season: SeasonId,
    mut pieces: Receiver<Vec<u8>>,
) -> Result<u64> {
    let part = sqlx::query_scalar!(r#"select ledger.part_of($1) as "part!""#, *season)
        .fetch_one(&app.pool)
        .await?;
    let stage = part.replace("entry_", "stage_");
    let sql = format!("copy ledger.{stage} ({STAGE_COLUMNS}) from stdin (format binary)");
    // A connection of its own: who gives up half-way drops it, and the COPY ends with it. In the
    // pool it would wait for rows for ever, and keep its table from the next try.
    let mut db = app.pool.acquire().await?.detach();
    let mut copy = db.copy_in_raw(&sql).await?;
    while let Some(bytes) = pieces.recv().await {
        copy.send(bytes).await?;
    }
    Ok(copy.finish().await?)
}

pub(crate) async fn stage_index(app: &App, season: SeasonId) -> Result<()> {
    let mut db = app.pool.begin().await?;
    sqlx::query_scalar!("select set_config('maintenance_work_mem', '256MB', true)")
        .fetch_one(&mut *db)
        .await?;
    sqlx::query_scalar!("select ledger.stage_index($1)::text", *season).fetch_one(&mut *db).await?;
    db.commit().await?;
    let mut db = app.pool.begin().await?;
    sqlx::query_scalar!("select set_config('maintenance_work_mem', '256MB', true)")
        .fetch_one(&mut *db)
        .await?;
    sqlx::query_scalar!("select ledger.stage_validate($1)::text", *season)
        .fetch_one(&mut *db)
        .await?;
    Ok(db.commit().await?)
}

pub(crate) async fn stage_heads(tx: &mut Tx, heads: &[StagedHead]) -> Result<()> {
    let ids: Vec<Uuid> = heads.iter().map(|h| *h.id).collect();
    let sources: Vec<String> = heads.iter().map(|h| h.source.to_owned()).collect();
    let source_ids: Vec<String> = heads.iter().map(|h| h.source_id.clone()).collect();
    let memos: Vec<String> = heads.iter().map(|h| h.memo.clone()).collect();
    let days: Vec<_> = heads.iter().map(|h| h.valid_on).collect();
    let instants: Vec<_> = heads.iter().map(|h| h.recorded_at).collect();
    let by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "insert into ledger.posting
           (id, source, source_id, memo, valid_on, recorded_at, recorded_by)
         select t.id, t.source, t.source_id, t.memo, t.valid_on, t.recorded_at, $7
         from unnest($1::uuid[], $2::text[], $3::text[], $4::text[], $5::date[],
                     $6::timestamptz[])
           as t (id, source, source_id, memo, valid_on, recorded_at)",
        &ids,
        &sources,
        &source_ids,
        &memos,
        &days,
        &instants,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn stage_attach(tx: &mut Tx, season: SeasonId) -> Result<()> {
    sqlx::query_scalar!("select ledger.stage_attach($1)", *season).fetch_one(tx.db()).await?;
    Ok(())
}
