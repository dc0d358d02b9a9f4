//! A fixed number of people who ask without a pause, each on a connection of his own.

use crate::figures::Times;
use anyhow::{Result, bail};
use reqwest::{Client, Method};
use serde_json::Value;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Instant;

/// How many ask at the same time.
pub const PEOPLE: usize = 8;

/// One request.
#[derive(Clone, Debug)]
pub struct Shot {
    /// Reads ask with `GET`.
    pub method: Method,
    /// Address in full.
    pub url: String,
    /// Of whom; empty at the floor.
    pub cookie: String,
    /// What a change says.
    pub body: Option<Value>,
}

/// Sends all of them, in order, as fast as they are answered; the times of the good answers.
pub async fn fire(clients: &[Client], shots: Vec<Shot>) -> Result<Times> {
    let (shots, next) = (Arc::new(shots), Arc::new(AtomicUsize::new(0)));
    let mut people = Vec::new();
    for client in clients {
        let (client, shots, next) = (client.clone(), Arc::clone(&shots), Arc::clone(&next));
        people.push(tokio::spawn(async move {
            let mut times = Vec::new();
            while let Some(shot) = shots.get(next.fetch_add(1, Ordering::Relaxed)) {
                let started = Instant::now();
                ask(&client, shot).await?;
                times.push(started.elapsed());
            }
            Ok::<_, anyhow::Error>(times)
        }));
    }
    let mut all = Vec::new();
    for person in people {
        all.append(&mut person.await??);
    }
    Ok(Times::new(all))
}

/// One answer, which must be good.
pub async fn ask(client: &Client, shot: &Shot) -> Result<Vec<u8>> {
    let mut request = client.request(shot.method.clone(), &shot.url);
    if !shot.cookie.is_empty() {
        request = request.header("cookie", &shot.cookie);
    }
    if let Some(body) = &shot.body {
        request = request.header("idempotency-key", uuid::Uuid::new_v4().to_string()).json(body);
    }
    let answer = request.send().await?;
    let status = answer.status();
    let body = answer.bytes().await?;
    if !status.is_success() {
        let text = String::from_utf8_lossy(&body);
        bail!("{} {}: {status} {text}", shot.method, shot.url);
    }
    Ok(body.into())
}
