//! What runs behind the desk: reading, checking, commits, undos and shadow runs, step by step.

use crate::service::{bring_in, check_behind, go_on, go_on_shading, take_back, try_behind};
use files::Files;
use kernel::{App, EventRow, Result};

/// An import is to go on. Killed half-way, the job is tried again and goes on where it was.
pub async fn on_wanted(app: &App, files: &Files, event: &EventRow) -> Result<()> {
    match event.kind.as_str() {
        "imports.read_wanted" => bring_in(app, files, event.subject_id).await,
        "imports.check_wanted" => check_behind(app, event.subject_id).await,
        "imports.trial_wanted" => try_behind(app, event.subject_id).await,
        "imports.commit_wanted" => go_on(app, event.subject_id).await,
        "imports.undo_wanted" => take_back(app, event.subject_id).await,
        "imports.shadow_wanted" => go_on_shading(app, event.subject_id).await,
        _ => Ok(()),
    }
}
