//! To come.
use kernel::{App, OpeningId, Result};
/// What a mass run took.
#[derive(Debug, Default)]
pub struct MassRun {}
/// By mass.
pub async fn open_in_mass(_app: &App, _id: OpeningId) -> Result<MassRun> { Ok(MassRun {}) }
