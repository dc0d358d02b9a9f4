//! `bench find`: what the one search box costs the database, over 800,000 households.
//!
//! Every sort of thing that people type, from within the company, a branch and a station. The time
//! is that of `directory::find` on one open connection: all its statements, their trips to the
//! database and back, and the little that is done between them; so it is an upper bound of the
//! database's own time.

mod needles;

use crate::figures::{Times, figure};
use crate::ground::{City, Ground};
use anyhow::{Context as _, Result, bail};
use directory::permissions::VIEW;
use kernel::{Actor, App, Channel, Clock, Grant, Reach};
use needles::{Needle, needles};
use std::collections::BTreeMap;
use std::time::{Duration, Instant};

/// Households from which needles are cut, for each scope.
const HOUSEHOLDS: i64 = 60;
/// The most hits that the desk shows.
const HITS: i64 = 20;

/// Prepares the ground, measures, prints.
pub async fn run(args: &[&str]) -> Result<()> {
    let ground = Ground::prepare(City::of_money(args)?).await?;
    let measured = measure(&ground).await;
    ground.finish().await?;
    measured
}

async fn measure(ground: &Ground) -> Result<()> {
    let app = App::new(ground.pool.clone(), Clock::System);
    let mut all: BTreeMap<(String, &'static str), Vec<Duration>> = BTreeMap::new();
    let mut missed = Vec::new();
    for scope in scopes(ground).await? {
        let cut = needles(&ground.pool, &scope, HOUSEHOLDS).await?;
        println!("· {} needles from {scope}", cut.len());
        let actor = somebody(&scope);
        // Once unmeasured: what is measured is a house that has worked for a while.
        for needle in &cut {
            ask(&app, &actor, needle).await?;
        }
        for needle in cut {
            let (took, found) = ask(&app, &actor, &needle).await?;
            if !found && needle.exact {
                missed.push(format!("{} {:?} in {scope}", needle.sort, needle.typed));
            }
            all.entry((scope.clone(), needle.sort)).or_default().push(took);
        }
    }
    if !missed.is_empty() {
        bail!("{} exact needles were not found, such as {}", missed.len(), missed[0]);
    }
    print(all);
    Ok(())
}

/// The company, its first branch, and a station of it.
async fn scopes(ground: &Ground) -> Result<Vec<String>> {
    let paths: Vec<String> = sqlx::query_scalar(
        "select distinct on (length(org_path) - length(replace(org_path, '/', ''))) org_path
         from (select path as org_path from identity.org where kind in ('company', 'branch')
               union all
               (select org_path from directory.account
                group by org_path order by count(*) desc limit 1)) o
         order by length(org_path) - length(replace(org_path, '/', '')), org_path",
    )
    .fetch_all(&ground.pool)
    .await?;
    if paths.is_empty() { bail!("the city has no organisations") } else { Ok(paths) }
}

fn somebody(path: &str) -> Actor {
    let grant = Grant { key: VIEW.key.to_owned(), path: path.to_owned(), reach: Reach::Subtree };
    Actor {
        user: Some(uuid::Uuid::nil().into()),
        name: "bench".to_owned(),
        channel: Channel::Desk,
        grants: [grant].into(),
    }
}

async fn ask(app: &App, actor: &Actor, needle: &Needle) -> Result<(Duration, bool)> {
    let mut tx = kernel::Caller::new(app.clone(), actor.clone()).read().await?;
    let started = Instant::now();
    let hits = directory::find(&mut tx, &needle.typed, HITS)
        .await
        .with_context(|| format!("looking for {:?}", needle.typed))?;
    let took = started.elapsed();
    Ok((took, hits.iter().any(|h| *h.account_id == needle.account)))
}

fn print(all: BTreeMap<(String, &'static str), Vec<Duration>>) {
    println!("{:<24} {:<18} {:>6} {:>8} {:>8} {:>8}", "scope", "typed", "n", "p50", "p99", "max");
    let mut whole = Vec::new();
    for ((scope, sort), times) in all {
        whole.extend_from_slice(&times);
        let times = Times::new(times);
        let [p50, p99, most] = [50, 99, 100].map(|p| times.percentile(p));
        let n = times.len();
        println!("{scope:<24} {sort:<18} {n:>6} {p50:>8.2} {p99:>8.2} {most:>8.2}");
    }
    let whole = Times::new(whole);
    println!("· {} searches", whole.len());
    figure("p50_ms", whole.percentile(50), "ms", "-");
    figure("p99_ms", whole.percentile(99), "ms", "5");
}
