//! How fast the seal follows the commits.

use crate::figures::figure;
use crate::ground::Ground;
use anyhow::Result;
use kernel::{App, Clock};
use std::time::Instant;

/// Postings that are sealed at a time, as the house does.
const BATCH: i64 = 2_000;
/// Batches.
const BATCHES: usize = 50;

/// Seals some of the book.
pub async fn measure(ground: &Ground) -> Result<()> {
    let app = App::new(ground.pool.clone(), Clock::System);
    let (mut sealed, began) = (0, Instant::now());
    for _ in 0..BATCHES {
        sealed += ledger::seal_next(&app, BATCH).await?;
    }
    let rate = count(sealed) / began.elapsed().as_secs_f64();
    figure("seal_postings_per_s", rate, "1/s", "-");
    Ok(())
}

/// Seals a whole book and proves it.
pub async fn prove(app: &App) -> Result<()> {
    let began = Instant::now();
    while ledger::seal_next(app, BATCH).await? > 0 {}
    let sealing = began.elapsed().as_secs_f64();
    let began = Instant::now();
    let proof = ledger::verify(app, None, &|_| {}).await?;
    let took = began.elapsed().as_secs_f64();
    if !proof.broken.is_empty() {
        anyhow::bail!("the book is broken: {:?}", proof.broken);
    }
    let postings = f64::from(u32::try_from(proof.postings)?);
    println!("· {postings} postings sealed in {sealing:.1} s, proven in {took:.1} s");
    figure("verify_postings_per_s", postings / took, "1/s", "-");
    Ok(())
}

fn count(n: usize) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}
