//! From events to work: one job for each event and subscriber, run until it succeeds.
//!
//! The fan-out reads settled events behind a cursor that it moves in the transaction which adds
//! the jobs, so an event is neither lost nor doubled by a crash. One node does it at a time
//! (advisory lock); the jobs are worked by all. A subscriber is idempotent all the same: a worker
//! may die between the work and its tick.

use crate::subscriptions::{self, Services};
use anyhow::{Context as _, Result};
use graphile_worker::{
    IntoTaskHandlerResult, JobSpec, TaskHandler, Worker, WorkerContext, WorkerOptions,
};
use kernel::App;
use kernel::event::{self, EventRow, Position};
use kernel::leader::Post;
use serde::{Deserialize, Serialize};
use sqlx::{Connection as _, PgConnection, PgPool};
use std::sync::Arc;
use std::time::Duration;
use tokio_util::sync::CancellationToken;

/// Events are turned into jobs at most this often: moving the cursor costs a commit.
const GATHER: Duration = Duration::from_millis(50);

/// One event on its way to one subscriber.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Tell {
    subscriber: String,
    event: EventRow,
}

impl TaskHandler for Tell {
    const IDENTIFIER: &'static str = "tell";

    async fn run(self, ctx: WorkerContext) -> impl IntoTaskHandlerResult {
        let services = ctx.get_ext::<Services>().ok_or("the worker lost its services")?;
        let known = subscriptions::ALL.iter().find(|s| s.name == self.subscriber);
        // A subscriber of an older version that is no more: nothing is left to do.
        let Some(subscription) = known else { return Ok(()) };
        (subscription.run)(services.clone(), self.event).await.map_err(|e| {
            tracing::warn!(subscriber = subscription.name, error = ?e, "will be tried again");
            e.to_string()
        })
    }
}

/// A worker for this node's share of the jobs. Makes graphile_worker's own tables on first use:
/// `pool` is the owner's.
pub async fn worker(
    services: Services,
    pool: PgPool,
    stopping: CancellationToken,
) -> Result<Worker> {
    let options = WorkerOptions::default()
        .pg_pool(pool)
        .schema("jobs")
        .concurrency(4)
        .poll_interval(Duration::from_millis(500))
        .heartbeat_interval(Duration::from_secs(3))
        .sweep_interval(Duration::from_secs(5))
        .sweep_threshold(Duration::from_secs(12))
        .recovery_delay(Duration::ZERO)
        .define_job::<Tell>()
        .add_extension(services)
        .listen_os_shutdown_signals(false)
        .shutdown_signal(async move { stopping.cancelled().await });
    options.init().await.context("the job worker does not start")
}

/// Works on jobs until told to stop. A worker that lost its database has ended for good, and what it
/// held waits for another: it is followed by a new one.
pub async fn work(
    mut worker: Arc<Worker>,
    services: Services,
    pool: PgPool,
    stopping: CancellationToken,
) {
    loop {
        if let Err(e) = worker.run().await {
            tracing::error!(error = ?e, "the job worker stumbled; another takes its place");
        }
        loop {
            if stopping.is_cancelled() {
                return;
            }
            tokio::time::sleep(Duration::from_secs(1)).await;
            match self::worker(services.clone(), pool.clone(), stopping.clone()).await {
                Ok(next) => break worker = Arc::new(next),
                Err(e) => tracing::warn!(error = ?e, "no new job worker yet"),
            }
        }
    }
}

/// Turns events into jobs until told to stop. The jobs' tables are the owner's: so is the pool that
/// writes them.
pub async fn fan_out(app: App, owner: PgPool, worker: &Worker, stopping: CancellationToken) {
    while !stopping.is_cancelled() {
        if let Err(e) = lead(&app, &owner, worker, &stopping).await {
            tracing::warn!(error = ?e, "the fan-out of events stumbled; trying again");
        }
        tokio::select! {
            () = tokio::time::sleep(Duration::from_secs(1)) => {}
            () = stopping.cancelled() => {}
        }
    }
}

async fn lead(
    app: &App,
    owner: &PgPool,
    worker: &Worker,
    stopping: &CancellationToken,
) -> Result<()> {
    let Some(mut lead) = kernel::leader::try_lead(app, Post::FanOut).await? else { return Ok(()) };
    let mut told = app.told.subscribe();
    while !stopping.is_cancelled() {
        if !step(app, owner, worker).await? {
            tokio::select! {
                _ = told.changed() => {}
                () = tokio::time::sleep(Duration::from_millis(100)) => {}
                () = stopping.cancelled() => {}
            }
            lead.ping().await.context("lost the lead")?;
        }
        tokio::time::sleep(GATHER).await;
    }
    Ok(())
}

/// Adds the jobs of the next events and moves the cursor, together; whether there were any.
async fn step(app: &App, owner: &PgPool, worker: &Worker) -> Result<bool> {
    let from = position(app).await?;
    let (events, to) = event::after(app, from, 200).await?;
    if events.is_empty() {
        return Ok(false);
    }
    let mut db = owner.begin().await?;
    let mut utils = worker.create_utils().with_executor(&mut *db);
    for event in events {
        for subscription in subscriptions::of(&event.kind) {
            let key = format!("{}:{}", event.id, subscription.name);
            let job = Tell { subscriber: subscription.name.to_owned(), event: event.clone() };
            let spec = JobSpec { job_key: Some(key), ..JobSpec::default() };
            utils.add_job(job, spec).await?;
        }
    }
    drop(utils);
    move_to(&mut db, to).await?;
    db.commit().await?;
    Ok(true)
}

/// Lets what has happened so far rest: a history that was loaded is nobody's news.
pub async fn begin_after_history(app: &App) -> Result<()> {
    let now = event::end(app).await?;
    move_to(&mut *app.pool.acquire().await?, now).await
}

async fn move_to(db: &mut PgConnection, to: Position) -> Result<()> {
    sqlx::query(
        "insert into kernel.cursor (reader, xid, event) values ('jobs', $1, $2)
         on conflict (reader) do update set xid = $1, event = $2",
    )
    .bind(to.xid)
    .bind(to.id)
    .execute(db)
    .await?;
    Ok(())
}

async fn position(app: &App) -> Result<Position> {
    let row: Option<(i64, i64)> =
        sqlx::query_as("select xid, event from kernel.cursor where reader = 'jobs'")
            .fetch_optional(&app.pool)
            .await?;
    Ok(row.map_or_else(Position::default, |(xid, id)| Position { xid, id }))
}
