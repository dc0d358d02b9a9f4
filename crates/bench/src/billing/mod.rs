//! Money at the size of a big city: a season opened for 800,000 households.

mod memory;
mod opening;

use crate::ground::Ground;
use anyhow::Result;

/// Runs all of them on one copy of the city.
pub async fn run() -> Result<()> {
    let ground = Ground::prepare().await?;
    let done = opening::measure(&ground).await;
    ground.finish().await?;
    done
}
