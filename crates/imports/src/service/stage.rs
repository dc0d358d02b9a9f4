//! A file comes into the staging area.

use super::{check, file_of, tell};
use crate::permissions::STAGE;
use crate::{Batch, BatchFile, BatchState, ImportRule, Kind, guess, mapping_faults, read, store};
use kernel::{Error, Result, Tx};
use std::path::PathBuf;

/// Bytes that were received into a file.
#[derive(Debug)]
pub struct Upload {
    /// Where they lie.
    pub path: PathBuf,
    /// The sender's name for them.
    pub name: String,
    /// How many.
    pub size: u64,
    /// Their hash.
    pub sha256: [u8; 32],
}

/// Chunks that may wait between who reads the file and who writes the lines.
const AHEAD: usize = 4;

/// Reads a file into the staging area, maps its columns as the last time or by their names, and
/// checks every line when the mapping is whole.
pub async fn stage(tx: &mut Tx, kind: Kind, upload: Upload) -> Result<BatchFile> {
    let scope = tx.scope(STAGE)?;
    let org_path = scope.paths.first().cloned().ok_or(Error::NotFound("organisation"))?;
    let (to, mut chunks) = tokio::sync::mpsc::channel(AHEAD);
    let path = upload.path.clone();
    let reading = tokio::task::spawn_blocking(move || read::read(&path, &to));
    let mut batch: Option<Batch> = None;
    let mut count = 0;
    while let Some(mut lines) = chunks.recv().await {
        let open = match &batch {
            Some(open) => open.id,
            None => {
                let headers = lines.remove(0);
                let made = open(tx, kind, &upload, headers, &org_path).await?;
                batch.insert(made).id
            }
        };
        store::insert_lines(tx, open, count, &lines).await?;
        count += i32::try_from(lines.len()).unwrap_or_default();
    }
    reading.await.map_err(|e| Error::Internal(e.into()))??;
    let mut batch = batch.ok_or(ImportRule::Empty)?;
    batch.row_count = count;
    store::set_counts(tx, batch.id, count, 0).await?;
    tell(tx, "imports.staged", &batch)?;
    if mapping_faults(kind, &batch.mapping, batch.headers.len()).is_empty() {
        check::check(tx, &mut batch).await?;
    }
    file_of(tx, batch).await
}

async fn open(
    tx: &mut Tx,
    kind: Kind,
    upload: &Upload,
    headers: Vec<String>,
    org_path: &str,
) -> Result<Batch> {
    let mapping = match store::remembered(tx, kind, &headers).await? {
        Some(mapping) => mapping,
        None => guess(kind, &headers),
    };
    let batch = Batch {
        id: tx.new_id(),
        kind,
        file_name: upload.name.chars().filter(|c| !c.is_control()).take(120).collect(),
        file_size: i64::try_from(upload.size).unwrap_or(i64::MAX),
        headers,
        mapping,
        org_path: org_path.to_owned(),
        state: BatchState::Staged,
        row_count: 0,
        error_count: 0,
        done_count: 0,
        created_at: tx.now(),
        created_by_name: tx.actor().name.clone(),
        committed_at: None,
        undone_at: None,
    };
    store::insert_batch(tx, &batch, &upload.sha256).await?;
    Ok(batch)
}
