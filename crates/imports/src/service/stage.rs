//! A file comes into the staging area: small ones at once, large ones by a job that may be killed
//! at any instant and goes on with the next line.

use super::check::{check, check_behind};
use super::{file_of, system, tell};
use crate::permissions::STAGE;
use crate::read::{Lines, read};
use crate::{
    Batch, BatchFile, BatchState, BatchStep, ImportRule, Kind, guess, mapping_faults, store,
};
use files::{Files, Kept};
use kernel::{App, Error, Result, Rule as _, Scope, Tx};
use std::path::{Path, PathBuf};
use tokio::io::AsyncWriteExt as _;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use uuid::Uuid;

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
const AHEAD: usize = 2;
/// Up to here a file is read while its sender waits.
const AT_ONCE: u64 = if cfg!(test) { 64 } else { 1024 } * 1024;

/// Keeps the file as it came, reads it into the staging area, maps its columns as the last time
/// or by their names, and checks every line when the mapping is whole.
pub async fn stage(tx: &mut Tx, files: &Files, kind: Kind, upload: Upload) -> Result<BatchFile> {
    let scope = tx.scope(STAGE)?;
    let org_path = scope.paths.first().cloned().ok_or(Error::NotFound("organisation"))?;
    let mut batch = open(tx, files, kind, &upload, &org_path).await?;
    if upload.size > AT_ONCE {
        looks_right(&upload.path).await?;
        tell(tx, "imports.read_wanted", &batch)?;
        return file_of(tx, batch).await;
    }
    let (mut chunks, reading) = reader(&upload.path);
    let mut first = 0;
    while let Some(lines) = chunks.recv().await {
        let many = i32::try_from(lines.len()).unwrap_or(i32::MAX);
        take(tx, &mut batch, first, lines).await?;
        first += many;
    }
    reading.await.map_err(|e| Error::Internal(e.into()))??;
    finish(tx, &mut batch).await?;
    if batch.state == BatchState::Checking {
        check(tx, &mut batch).await?;
    }
    file_of(tx, batch).await
}

/// Reads a large file in the end: by steps of some thousand lines.
pub(crate) async fn bring_in(app: &App, files: &Files, id: Uuid) -> Result<()> {
    let mut tx = app.begin(system()).await?;
    let batch = store::batch(&mut tx, id, &Scope::all()).await?;
    if batch.state == BatchState::Reading {
        let file = files::get(&mut tx, batch.file_id.into()).await?;
        drop(tx);
        let path = std::env::temp_dir().join(format!("hearthline-import-{}", Uuid::new_v4()));
        let out = fetch(files, &file, &path).await;
        let read = match out {
            Ok(()) => bring_in_from(app, id, &path).await,
            Err(e) => Err(e),
        };
        let _ = tokio::fs::remove_file(&path).await;
        read?;
    }
    check_behind(app, id).await
}

async fn fetch(files: &Files, file: &files::File, path: &Path) -> Result<()> {
    use futures_util::StreamExt as _;
    let internal = |e: std::io::Error| Error::Internal(e.into());
    let mut bytes = files.stream(file).await?;
    let mut out = tokio::fs::File::create_new(path).await.map_err(internal)?;
    while let Some(piece) = bytes.next().await {
        out.write_all(&piece.map_err(internal)?).await.map_err(internal)?;
    }
    out.flush().await.map_err(internal)
}

async fn bring_in_from(app: &App, id: Uuid, path: &Path) -> Result<()> {
    let (mut chunks, reading) = reader(path);
    let mut first = 0;
    while let Some(lines) = chunks.recv().await {
        let many = i32::try_from(lines.len()).unwrap_or(i32::MAX);
        let mut tx = app.begin(system()).await?;
        let mut batch = store::lock(&mut tx, id, &Scope::all()).await?;
        if batch.state != BatchState::Reading {
            return Ok(());
        }
        take(&mut tx, &mut batch, first, lines).await?;
        tx.commit().await?;
        first += many;
    }
    let read = reading.await.map_err(|e| Error::Internal(e.into()))?;
    let mut tx = app.begin(system()).await?;
    let mut batch = store::lock(&mut tx, id, &Scope::all()).await?;
    if batch.state != BatchState::Reading {
        return Ok(());
    }
    match read {
        Ok(()) => finish(&mut tx, &mut batch).await?,
        Err(rule) => {
            batch.state.step(BatchStep::Refuse)?;
            store::set_refused(&mut tx, id, rule.code()).await?;
            tell(&mut tx, "imports.refused", &batch)?;
        }
    }
    tx.commit().await
}

fn reader(path: &Path) -> (mpsc::Receiver<Lines>, JoinHandle<Result<(), ImportRule>>) {
    let (to, chunks) = mpsc::channel(AHEAD);
    let path = path.to_owned();
    (chunks, tokio::task::spawn_blocking(move || read(&path, &to)))
}

/// What is plainly no table is refused to its sender's face, however large.
async fn looks_right(path: &Path) -> Result<()> {
    let path = path.to_owned();
    let looked = tokio::task::spawn_blocking(move || crate::read::look(&path)).await;
    Ok(looked.map_err(|e| Error::Internal(e.into()))??)
}

/// Lines of the file, the headings being number nought; those that are here already are not taken
/// again.
async fn take(tx: &mut Tx, batch: &mut Batch, first: i32, mut lines: Lines) -> Result<()> {
    let mut first = first;
    if first == 0 && !lines.is_empty() {
        let headers = lines.remove(0);
        first = 1;
        if batch.headers.is_empty() {
            batch.mapping = match store::remembered(tx, batch.kind, &headers).await? {
                Some(mapping) => mapping,
                None => guess(batch.kind, &headers),
            };
            batch.headers = headers;
            store::set_headers(tx, batch).await?;
        }
    }
    let known = usize::try_from(batch.row_count + 1 - first).unwrap_or_default();
    let new = lines.get(known.min(lines.len())..).unwrap_or_default();
    store::insert_lines(tx, batch.id, batch.row_count, new).await?;
    batch.row_count += i32::try_from(new.len()).unwrap_or_default();
    store::set_rows(tx, batch.id, batch.row_count).await
}

/// The last line was read.
async fn finish(tx: &mut Tx, batch: &mut Batch) -> Result<()> {
    batch.state = batch.state.step(BatchStep::Stage)?;
    if mapping_faults(batch.kind, &batch.mapping, batch.headers.len()).is_empty() {
        batch.state = batch.state.step(BatchStep::Recheck)?;
    }
    store::set_state(tx, batch.id, batch.state).await?;
    tell(tx, "imports.staged", batch)
}

async fn open(
    tx: &mut Tx,
    files: &Files,
    kind: Kind,
    upload: &Upload,
    org_path: &str,
) -> Result<Batch> {
    let file_name: String = upload.name.chars().filter(|c| !c.is_control()).take(120).collect();
    let kept = Kept {
        name: &file_name,
        media_type: "application/octet-stream",
        purpose: "import",
        size: upload.size,
        sha256: &upload.sha256,
    };
    let file = files.keep(tx, &upload.path, kept).await?;
    let now = tx.now();
    let batch = Batch {
        id: tx.new_id(),
        kind,
        file_name,
        file_size: file.size,
        file_id: *file.id,
        headers: Vec::new(),
        mapping: crate::Mapping::new(),
        org_path: org_path.to_owned(),
        state: BatchState::Reading,
        refusal: None,
        row_count: 0,
        error_count: 0,
        left_count: 0,
        done_count: 0,
        attempt: 0,
        at_line: 0,
        step_began_at: Some(now),
        step_at: Some(now),
        trial: None,
        created_at: now,
        created_by_name: tx.actor().name.clone(),
        committed_at: None,
        undone_at: None,
    };
    store::insert_batch(tx, &batch, &upload.sha256).await?;
    Ok(batch)
}
