//! What runs behind the desk: commits and undos, step by step.

use crate::service::{go_on, take_back};
use kernel::{App, EventRow, Result};

/// An import is to go in or out. Killed half-way, the job is tried again and goes on where it
/// was.
pub async fn on_wanted(app: &App, event: &EventRow) -> Result<()> {
    match event.kind.as_str() {
        "imports.commit_wanted" => go_on(app, event.subject_id).await,
        "imports.undo_wanted" => take_back(app, event.subject_id).await,
        _ => Ok(()),
    }
}
