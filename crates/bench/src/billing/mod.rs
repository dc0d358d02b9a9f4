//! Money at the size of a big city: a season opened for 800,000 households.

mod memory;
mod opening;
mod settle;

use crate::ground::Ground;
use anyhow::Result;

/// Runs all of them on one copy of the city.
pub async fn run() -> Result<()> {
    let ground = Ground::prepare().await?;
    let mut done = opening::measure(&ground).await;
    if done.is_ok() {
        done = settle::settle(&ground).await;
    }
    ground.finish().await?;
    done
}
