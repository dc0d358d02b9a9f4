//! Money at the size of a big city, with seven seasons behind it: a season opened for 800,000
//! households, payments, arrears and late fees of everybody as of any moment, the seal, and an
//! independent program that reads the book.

mod chain;
mod memory;
mod opening;
mod oracle;
mod reports;
mod settle;

use crate::ground::{City, Ground};
use anyhow::Result;

/// Runs all of them on one copy of the city.
pub async fn run(args: &[&str]) -> Result<()> {
    let ground = Ground::prepare(City::of_money(args)?).await?;
    let done = measure(&ground).await;
    ground.finish().await?;
    done
}

async fn measure(ground: &Ground) -> Result<()> {
    sqlx::query("vacuum analyze").execute(&ground.pool).await?;
    reports::measure(ground).await?;
    chain::measure(ground).await?;
    settle::settle(ground).await?;
    opening::measure(ground).await?;
    oracle::measure(ground).await
}
