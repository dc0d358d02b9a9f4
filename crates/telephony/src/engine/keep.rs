//! Fetches finished recordings from the switch and stores them as files.

use super::Engine;
use crate::events::{CallEvent, CallPayload};
use crate::model::sound::{Measure, measure};
use crate::store::recordings::{self, OpenRecording};
use chrono::TimeDelta;
use kernel::{Result, Tx};
use std::sync::Arc;
use std::time::Duration;
use switch::RecordingName;

/// So long after the end of a call the switch may still be writing.
const PATIENCE: TimeDelta = TimeDelta::seconds(30);

pub(super) async fn run(engine: Arc<Engine>) {
    loop {
        // Looks by itself as well: a notice may have been lost with the process that heard it.
        let _ = tokio::time::timeout(Duration::from_secs(3), engine.keep.notified()).await;
        if let Err(e) = fetch_all(&engine).await {
            tracing::warn!(error = ?e, "recordings could not be looked for");
        }
    }
}

async fn fetch_all(engine: &Arc<Engine>) -> Result<()> {
    for open in recordings::open(&engine.app).await? {
        if let Err(e) = fetch(engine, &open).await {
            tracing::warn!(call.id = %open.call_id, error = ?e, "a recording was not stored");
        }
    }
    Ok(())
}

async fn fetch(engine: &Arc<Engine>, open: &OpenRecording) -> Result<()> {
    let name = RecordingName(open.name.clone());
    let path = match engine.switch.recording_file(&name).await {
        Ok(path) => path,
        // It will be asked again.
        Err(e) => return Err(anyhow::Error::from(e).into()),
    };
    let wav = match path {
        Some(path) => Some(tokio::fs::read(path).await.map_err(anyhow::Error::from)?),
        None => None,
    };
    let measured = wav.as_deref().and_then(measure).filter(|m| m.seconds > 0.0);
    let late = engine.app.clock.now() - open.ended_at > PATIENCE;
    let mut tx = engine.begin().await?;
    if !recordings::lock_open(&mut tx, open.call_id).await? {
        return Ok(());
    }
    let (state, seconds) = match (wav, measured) {
        (Some(wav), Some(measured)) => {
            store(engine, &mut tx, open, wav, &measured).await?;
            ("stored", measured.seconds)
        }
        (None, _) if !late => return Ok(()),
        _ => {
            recordings::missing(&mut tx, open.call_id).await?;
            ("missing", 0.0)
        }
    };
    tell(&mut tx, open, state, seconds)?;
    tx.commit().await?;
    if let Err(e) = engine.switch.forget_recording(&name).await {
        tracing::debug!(recording = %name, error = %e, "the switch keeps its copy");
    }
    Ok(())
}

async fn store(
    engine: &Engine,
    tx: &mut Tx,
    open: &OpenRecording,
    wav: Vec<u8>,
    measured: &Measure,
) -> Result<()> {
    let name = format!("{}.wav", open.name);
    let file = engine.files.put(tx, wav.into(), &name, "recording").await?;
    recordings::stored(tx, open.call_id, file.id, measured).await
}

fn tell(tx: &mut Tx, open: &OpenRecording, state: &'static str, seconds: f64) -> Result<()> {
    let path = open.org_path.clone();
    let what = CallPayload::Recording { state, seconds };
    let kind = "telephony.recording_stored";
    tx.emit(&CallEvent::about(kind, open.call_id, open.matter_id, path, what))
}
