//! What a request costs in the house, beside a bare handler that runs the same SQL.

pub mod floor;
mod load;
mod rows;
mod shots;
mod sql;

use crate::cpu;
use crate::figures::{Times, figure, median};
use crate::ground::{City, Ground};
use crate::house::{Product, Served};
use anyhow::{Result, bail};
use kernel::leader::Post;
use load::{PEOPLE, fire};
use reqwest::Client;
use serde_json::Value;
use shots::{Operation, Shots, Side};
use sqlx::{Connection as _, PgConnection};
use std::collections::{BTreeSet, HashSet};
use std::time::Duration;

/// Turns of each side, and requests of a turn.
const TURNS: usize = 5;
const REQUESTS: usize = 1500;
/// Requests of the warm-up.
const WARM: usize = 500;
/// What the ratio may be.
const TARGET: &str = "1.6";

/// Both sides, on one database.
struct Pair {
    ground: Ground,
    house: Product,
    floor: Served,
    shots: Shots,
    clients: Vec<Client>,
}

/// One turn of one side.
struct Turn {
    /// Of the server, and of PostgreSQL on its behalf.
    cpu_ms: [f64; 2],
    seconds: f64,
    times: Times,
}

/// One operation, measured.
struct Measured {
    name: &'static str,
    house: Vec<Turn>,
    floor: Vec<Turn>,
}

/// `bench api`.
pub async fn run() -> Result<()> {
    let ground = Ground::prepare(City::ORDERS).await?;
    quiet(&ground).await?;
    // Somebody else turns events into jobs: what subscribers do is not the request's cost.
    let mut leader = PgConnection::connect(&ground.url).await?;
    sqlx::query("select pg_advisory_lock($1)")
        .bind(Post::FanOut as i64)
        .execute(&mut leader)
        .await?;
    println!("· starting the house and the floor");
    let house = Product::start(&ground, false).await?;
    let floor_url = format!("{}?application_name=floor", ground.url);
    let floor = Served::start(&["floor", &floor_url, "0"]).await?;
    let shots = Shots::lay(&ground, &house.server.url, &floor.url).await?;
    let clients = (0..PEOPLE).map(|_| Client::builder().build()).collect::<Result<_, _>>()?;
    let mut pair = Pair { ground, house, floor, shots, clients };
    pair.compare().await?;
    let mut all = Vec::new();
    for op in Operation::ALL {
        let measured = pair.measure(op).await?;
        measured.print();
        all.push(measured);
    }
    // What was filed so far stays as it is.
    sqlx::query(
        "insert into kernel.cursor (reader, xid, event)
         values ('jobs', pg_snapshot_xmin(pg_current_snapshot())::text::bigint, 0)
         on conflict (reader) do update set xid = excluded.xid, event = 0",
    )
    .execute(&pair.ground.pool)
    .await?;
    leader.close().await?;
    let filed = pair.with_subscribers().await;
    if let Err(e) = &filed {
        println!("what follows from an order was not measured: {e:#}");
    }
    report(&all, filed.ok());
    let Pair { ground, house, floor, .. } = pair;
    floor.stop().await?;
    house.server.stop().await?;
    ground.finish().await
}

/// No vacuum in the middle of somebody's turn.
async fn quiet(ground: &Ground) -> Result<()> {
    for table in ["orders.work_order", "field.visit", "kernel.event", "kernel.command"] {
        let sql = format!("alter table {table} set (autovacuum_enabled = off)");
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&ground.pool).await?;
    }
    Ok(())
}

impl Pair {
    /// Whether both answer the same, where the product adds no order of its own.
    async fn compare(&mut self) -> Result<()> {
        for op in [Operation::MyQueue, Operation::FindPhone, Operation::FindAddress] {
            for _ in 0..20 {
                let house = self.shots.some(op, Side::House, 1)?;
                self.shots.rewind();
                let floor = self.shots.some(op, Side::Floor, 1)?;
                let mut found = Vec::new();
                for (shot, key) in house.iter().zip(["account_id"]).chain(floor.iter().zip(["id"]))
                {
                    let key = if op == Operation::MyQueue { "id" } else { key };
                    found.push(ids(&load::ask(&self.clients[0], shot).await?, key)?);
                }
                if found[0] != found[1] || found[0].is_empty() {
                    bail!(
                        "{}: the house answers {:?}, the floor {:?}",
                        op.name(),
                        found[0],
                        found[1]
                    );
                }
            }
        }
        Ok(())
    }

    async fn measure(&mut self, op: Operation) -> Result<Measured> {
        for side in [Side::House, Side::Floor] {
            let shots = self.shots.some(op, side, WARM)?;
            fire(&self.clients, shots).await?;
        }
        self.ground.settle().await?;
        let mut measured = Measured { name: op.name(), house: Vec::new(), floor: Vec::new() };
        for _ in 0..TURNS {
            measured.house.push(self.turn(op, Side::House).await?);
            measured.floor.push(self.turn(op, Side::Floor).await?);
        }
        Ok(measured)
    }

    async fn turn(&mut self, op: Operation, side: Side) -> Result<Turn> {
        let shots = self.shots.some(op, side, REQUESTS)?;
        let others = self.backends(side).await?;
        let (before, started) = (self.cost(side, &others)?, std::time::Instant::now());
        let times = fire(&self.clients, shots).await?;
        let seconds = started.elapsed().as_secs_f64();
        let after = self.cost(side, &others)?;
        Ok(Turn { cpu_ms: [after[0] - before[0], after[1] - before[1]], seconds, times })
    }

    /// The other side's connections: what they do meanwhile is not this side's.
    async fn backends(&self, side: Side) -> Result<HashSet<u32>> {
        let other = if side == Side::House { "floor" } else { "house" };
        let sql = "select pid from pg_stat_activity where application_name = $1";
        let pids: Vec<i32> =
            sqlx::query_scalar(sql).bind(other).fetch_all(&self.ground.pool).await?;
        Ok(pids.into_iter().map(i32::cast_unsigned).collect())
    }

    /// Processor time of a side's server and of PostgreSQL on its behalf, in milliseconds.
    fn cost(&self, side: Side, others: &HashSet<u32>) -> Result<[f64; 2]> {
        let server = if side == Side::House { self.house.server.pid } else { self.floor.pid };
        Ok([cpu::of_process(server), cpu::of_tree(self.ground.postmaster()?, others)])
    }

    /// Milliseconds a filed order costs when this house also does what follows from it: turns the
    /// events into jobs, looks for a repairer, tells him and the customer.
    async fn with_subscribers(&mut self) -> Result<f64> {
        let others = self.backends(Side::House).await?;
        tokio::time::sleep(Duration::from_secs(3)).await;
        self.drained().await?;
        let before = self.cost(Side::House, &others)?;
        let shots = self.shots.some(Operation::CreateOrder, Side::House, WARM)?;
        fire(&self.clients, shots).await?;
        self.drained().await?;
        let after = self.cost(Side::House, &others)?;
        Ok((after.iter().sum::<f64>() - before.iter().sum::<f64>()) / WARM as f64)
    }

    /// Waits until every event has been turned into jobs and no job is left.
    async fn drained(&self) -> Result<()> {
        let sql = "select exists (select from kernel.cursor c join kernel.event e
                       on (e.xid, e.id) > (c.xid::text::xid8, c.event) where c.reader = 'jobs')
                     or exists (select from jobs.jobs where attempts < max_attempts)";
        for _ in 0..600 {
            let busy: bool = sqlx::query_scalar(sql).fetch_one(&self.ground.pool).await?;
            if !busy {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        bail!("the jobs do not come to an end")
    }
}

fn ids(body: &[u8], key: &str) -> Result<BTreeSet<String>> {
    let answer: Value = serde_json::from_slice(body)?;
    let items = answer["items"].as_array().cloned().unwrap_or_default();
    Ok(items.iter().take(20).filter_map(|i| i[key].as_str().map(str::to_owned)).collect())
}

impl Turn {
    fn cpu(&self) -> f64 {
        self.cpu_ms.iter().sum()
    }

    /// Milliseconds a request, of server and database.
    fn each(&self) -> [f64; 2] {
        self.cpu_ms.map(|ms| ms / self.times.len() as f64)
    }
}

impl Measured {
    /// Milliseconds of processor time a request, the middle of all turns.
    fn cpu(turns: &[Turn]) -> f64 {
        median(turns.iter().map(|t| t.each().iter().sum()).collect())
    }

    /// The middle of the ratios of neighbouring turns.
    fn ratio(&self) -> f64 {
        median(self.house.iter().zip(&self.floor).map(|(h, f)| h.cpu() / f.cpu()).collect())
    }

    fn p99(turns: &[Turn]) -> f64 {
        median(turns.iter().map(|t| t.times.percentile(99)).collect())
    }

    fn print(&self) {
        println!("{}: {:.2} x the floor", self.name, self.ratio());
        for (name, turns) in [("house", &self.house), ("floor", &self.floor)] {
            let rate = median(turns.iter().map(|t| t.times.len() as f64 / t.seconds).collect());
            let [server, database] =
                [0, 1].map(|i| median(turns.iter().map(|t| t.each()[i]).collect()));
            println!(
                "  {name}  {:.3} CPU-ms ({server:.3} server, {database:.3} PostgreSQL), \
                 {rate:5.0} requests/s, p50 {:6.2} ms, p99 {:6.2} ms",
                Self::cpu(turns),
                median(turns.iter().map(|t| t.times.percentile(50)).collect()),
                Self::p99(turns),
            );
        }
    }
}

fn report(all: &[Measured], filed: Option<f64>) {
    println!(
        "load average {}",
        std::fs::read_to_string("/proc/loadavg").unwrap_or_default().trim()
    );
    println!("{PEOPLE} connections, {TURNS} turns of {REQUESTS} requests for each side");
    for m in all {
        figure(&format!("{}_cpu_ms", m.name), Measured::cpu(&m.house), "ms", "-");
        figure(&format!("{}_floor_cpu_ms", m.name), Measured::cpu(&m.floor), "ms", "-");
        figure(&format!("{}_p99_ms", m.name), Measured::p99(&m.house), "ms", "-");
        figure(&format!("{}_floor_p99_ms", m.name), Measured::p99(&m.floor), "ms", "-");
        figure(&format!("{}_ratio_to_floor", m.name), m.ratio(), "x", TARGET);
    }
    if let Some(filed) = filed {
        figure("create_order_with_what_follows_cpu_ms", filed, "ms", "-");
    }
    let worst = all.iter().map(Measured::ratio).fold(0.0, f64::max);
    figure("worst_ratio_to_floor", worst, "x", TARGET);
}
