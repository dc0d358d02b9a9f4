//! Brings callers who wait and agents who are free together, one round after the other.

use super::Engine;
use crate::model::queue::{Line, Strategy, Waiting, pair};
use crate::store::{calls, seats, setup};
use chrono::TimeDelta;
use futures_util::future::join_all;
use kernel::Result;
use std::collections::HashMap;
use std::sync::Arc;

/// A phone that gave no sign of life for so long is not rung.
pub const SILENCE: TimeDelta = TimeDelta::seconds(12);

pub(super) async fn run(engine: Arc<Engine>) {
    loop {
        engine.pair.notified().await;
        // An offer that did not stand leaves a caller waiting, perhaps beside a free agent.
        for _ in 0..5 {
            match round(&engine).await {
                Ok(true) => {}
                Ok(false) => break,
                Err(e) => {
                    tracing::warn!(error = ?e, "pairing failed");
                    break;
                }
            }
        }
    }
}

/// One round; true when an offer failed, so that another round is worth while.
async fn round(engine: &Arc<Engine>) -> Result<bool> {
    let waiting: Vec<Waiting> = calls::waiting(&engine.app)
        .await?
        .into_iter()
        .map(|w| Waiting { call: w.id, queue: w.queue_id, arrived_at: w.arrived_at })
        .collect();
    if waiting.is_empty() {
        return Ok(false);
    }
    let free = seats::free(&engine.app, engine.app.clock.now() - SILENCE).await?;
    if free.is_empty() {
        return Ok(false);
    }
    let lines = lines(engine).await?;
    let pairs = pair(&waiting, &lines, &free, rand::random());
    let offers = pairs.into_iter().map(|(call, agent)| engine.offer(call, agent));
    Ok(join_all(offers).await.contains(&false))
}

async fn lines(engine: &Arc<Engine>) -> Result<Vec<Line>> {
    let mut lines = engine.config().lines().to_vec();
    if lines.iter().any(|l| l.strategy == Strategy::RoundRobin) {
        let last: HashMap<_, _> = setup::last_rung(&engine.app).await?.into_iter().collect();
        for line in &mut lines {
            line.last_rung = last.get(&line.queue).copied();
        }
    }
    Ok(lines)
}
