//! Recordings: begun with the first word, stored when the call is over.

use crate::model::sound::Measure;
use chrono::{DateTime, Utc};
use kernel::{App, CallId, FileId, MatterId, Result, Tx};

/// Notes that a call is recorded from now on; nothing when it is already.
pub async fn begin(tx: &mut Tx, call: CallId) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "insert into telephony.recording (call_id, name, state, started_at)
         values ($1, $2, 'recording', $3) on conflict do nothing",
        *call,
        call.to_string(),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A recording whose call is over, and which is not stored yet.
pub struct OpenRecording {
    /// Of which call.
    pub call_id: CallId,
    /// Its chain.
    pub matter_id: MatterId,
    /// Its organisation.
    pub org_path: String,
    /// Its name at the switch.
    pub name: String,
    /// When the call ended.
    pub ended_at: DateTime<Utc>,
}

/// Recordings to be fetched.
pub async fn open(app: &App) -> Result<Vec<OpenRecording>> {
    Ok(sqlx::query_as!(
        OpenRecording,
        r#"select r.call_id, c.matter_id as "matter_id: MatterId", c.org_path, r.name,
                  c.ended_at as "ended_at!"
           from telephony.recording r join telephony.call c on c.id = r.call_id
           where r.state = 'recording' and c.state = 'ended' order by r.started_at limit 50"#,
    )
    .fetch_all(&app.pool)
    .await?)
}

/// Whether the recording still waits to be stored; holds it until the transaction ends.
pub async fn lock_open(tx: &mut Tx, call: CallId) -> Result<bool> {
    let row = sqlx::query_scalar!(
        "select name from telephony.recording
         where call_id = $1 and state = 'recording' for update",
        *call,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.is_some())
}

/// It lies in the file store.
pub async fn stored(tx: &mut Tx, call: CallId, file: FileId, measure: &Measure) -> Result<()> {
    sqlx::query!(
        "update telephony.recording set state = 'stored', file_id = $2, seconds = $3, peaks = $4
         where call_id = $1",
        *call,
        *file,
        measure.seconds,
        &measure.peaks,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The switch has none.
pub async fn missing(tx: &mut Tx, call: CallId) -> Result<()> {
    sqlx::query!("update telephony.recording set state = 'missing' where call_id = $1", *call)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// A stored recording.
pub struct Stored {
    /// Its file.
    pub file_id: FileId,
    /// How long it is.
    pub seconds: f64,
    /// Its picture.
    pub peaks: Vec<u8>,
}

/// The stored recording of a call.
pub async fn get(tx: &mut Tx, call: CallId) -> Result<Option<Stored>> {
    Ok(sqlx::query_as!(
        Stored,
        r#"select file_id as "file_id!: FileId", coalesce(seconds, 0) as "seconds!",
                  coalesce(peaks, ''::bytea) as "peaks!"
           from telephony.recording where call_id = $1 and state = 'stored'"#,
        *call,
    )
    .fetch_optional(tx.db())
    .await?)
}
