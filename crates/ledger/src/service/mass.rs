//! A season's postings by mass: lines are written to a table beside the book, by several
//! connections, and become part of it in one commit, checked like every other line.

use crate::permissions::POST;
use crate::store;
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{App, PostingId, Result, SeasonId, Tx};
use tokio::sync::mpsc::Receiver;

pub use crate::store::STAGE_COLUMNS;

/// The head of a posting whose lines were staged.
#[derive(Clone, Debug)]
pub struct StagedHead {
    /// The posting.
    pub id: PostingId,
    /// Which sort of thing caused it.
    pub source: &'static str,
    /// Which one.
    pub source_id: String,
    /// For people.
    pub memo: String,
    /// The day for which it counts; its lines have the same.
    pub valid_on: NaiveDate,
    /// When it is written; its lines have the same.
    pub recorded_at: DateTime<Utc>,
}

/// Makes the table beside the season's part; what an earlier try left there is gone.
pub async fn stage_open(app: &App, season: SeasonId) -> Result<()> {
    store::stage_open(app, season).await
}

/// Writes what comes through the channel, a binary COPY of [`STAGE_COLUMNS`] in pieces; how many
/// lines it was.
pub async fn stage_write(app: &App, season: SeasonId, pieces: Receiver<Vec<u8>>) -> Result<u64> {
    store::stage_write(app, season, pieces).await
}

/// Drops the table beside the season's part.
pub async fn stage_drop(app: &App, season: SeasonId) -> Result<()> {
    store::stage_drop(app, season).await
}

/// Indexes and keys of the staged lines; nothing is written to them any more.
pub async fn stage_index(app: &App, season: SeasonId) -> Result<()> {
    store::stage_index(app, season).await
}

/// Writes the heads and makes the staged lines part of the book, with what the season held.
pub async fn stage_attach(tx: &mut Tx, season: SeasonId, heads: &[StagedHead]) -> Result<()> {
    tx.require(POST)?;
    store::stage_heads(tx, heads).await?;
    store::stage_attach(tx, season).await
}
