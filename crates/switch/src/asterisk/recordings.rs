//! Recordings in Asterisk's spool folder, and the snapshot of everything.

use super::Shared;
use super::http::Failure;
use super::wire::{WireBridge, WireChannel};
use crate::{BridgeId, Channel, ChannelId, Error, Recording, RecordingName, Result, Snapshot, wav};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::time::Duration;

/// How often, and how many times, it is looked whether a recording's file is there.
const FILE_LOOK: Duration = Duration::from_millis(5);
const FILE_LOOKS: u32 = 100;

pub(super) async fn start(shared: &Shared, bridge: &BridgeId, name: &RecordingName) -> Result<()> {
    check_name(name)?;
    if is_live(shared, name).await? {
        return Ok(());
    }
    let body = json!({ "name": name.as_str(), "format": "wav", "ifExists": "fail" });
    shared.ari.post(&["bridges", bridge.as_str(), "record"], body).await?;
    // The file comes a moment after the answer; until then no snapshot would show it.
    let path = path_of(shared, name);
    for _ in 0..FILE_LOOKS {
        if path.exists() {
            break;
        }
        tokio::time::sleep(FILE_LOOK).await;
    }
    Ok(())
}

fn path_of(shared: &Shared, name: &RecordingName) -> PathBuf {
    shared.recordings.join(format!("{name}.wav"))
}

/// The file, once nothing more is written into it.
pub(super) async fn file(shared: &Shared, name: &RecordingName) -> Result<Option<PathBuf>> {
    check_name(name)?;
    let path = path_of(shared, name);
    if !path.exists() || is_live(shared, name).await? {
        return Ok(None);
    }
    wav::mend(&path).map_err(|e| Error::Unavailable(format!("{}: {e}", path.display())))?;
    Ok(Some(path))
}

pub(super) async fn snapshot(shared: &Shared) -> Result<Snapshot> {
    let rooms: Vec<WireBridge> = shared.ari.get(&["bridges"]).await?;
    let channels: Vec<WireChannel> = shared.ari.get(&["channels"]).await?;
    let room_of = |id: &ChannelId| {
        rooms.iter().find(|r| r.channels.contains(&id.0)).map(|r| BridgeId(r.id.clone()))
    };
    let channels: Vec<Channel> = channels
        .into_iter()
        .filter(WireChannel::is_telephone)
        .map(WireChannel::describe)
        .map(|c| Channel { bridge: room_of(&c.id), ..c })
        .collect();
    let mut recordings = Vec::new();
    for name in names(shared)? {
        let live = is_live(shared, &name).await?;
        recordings.push(Recording { name, live });
    }
    Ok(Snapshot { channels, bridges: rooms.into_iter().map(|r| r.id.into()).collect(), recordings })
}

fn names(shared: &Shared) -> Result<Vec<RecordingName>> {
    let files = std::fs::read_dir(&shared.recordings)
        .map_err(|e| Error::Unavailable(format!("{}: {e}", shared.recordings.display())))?;
    let paths = files.flatten().map(|f| f.path());
    let wavs = paths.filter(|p| p.extension().is_some_and(|e| e == "wav"));
    let mut names: Vec<_> =
        wavs.filter_map(|p| Some(RecordingName(p.file_stem()?.to_str()?.to_owned()))).collect();
    names.sort();
    Ok(names)
}

/// A message taken while the platform was away grows as long as its caller's channel lives, whose
/// id ends the message's name.
async fn is_live(shared: &Shared, name: &RecordingName) -> Result<bool> {
    let path = match name.as_str().strip_prefix("survival_").and_then(|n| n.rsplit_once('_')) {
        Some((_, channel)) => vec!["channels", channel],
        None => vec!["recordings", "live", name.as_str()],
    };
    match shared.ari.get::<Value>(&path).await {
        Ok(_) => Ok(true),
        Err(Failure::Status(404, _)) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// A name that stays inside the folder.
fn check_name(name: &RecordingName) -> Result<()> {
    let plain = |c: char| c.is_ascii_alphanumeric() || "-_+.".contains(c);
    let name = name.as_str();
    if !name.is_empty() && name.chars().all(plain) && !name.starts_with('.') {
        return Ok(());
    }
    Err(Error::Refused(format!("{name:?} is no name for a recording")))
}
