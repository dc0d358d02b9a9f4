//! The loader of the city: how fast it is, against raw `copy` of the very same bytes into bare
//! tables in the same run.
//!
//! With `HEARTHLINE_DATABASE_URL` it loads that database and prints its control totals
//! (`cargo xtask city`); without it, it measures (`cargo xtask bench city`).

use crate::figures::figure;
use crate::ground::{ACCOUNTS, PASSWORD};
use anyhow::{Context as _, Result, bail};
use city::{Plan, Summary};
use engines::postgres::{Cluster, Purpose};
use kernel::Clock;
use sqlx::postgres::PgPoolCopyExt as _;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool};
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::time::{Duration, Instant};

struct Wanted {
    accounts: u32,
    seed: u64,
    /// Only the directory.
    bare: bool,
}

/// `[--accounts N] [--seed N] [--without-money]`.
pub async fn run(args: &[&str]) -> Result<()> {
    let wanted = wanted(args)?;
    match std::env::var("HEARTHLINE_DATABASE_URL") {
        Ok(url) => load(&url, &wanted).await,
        Err(_) => measure(&wanted).await,
    }
}

fn wanted(args: &[&str]) -> Result<Wanted> {
    let mut wanted = Wanted { accounts: ACCOUNTS, seed: 20_261_122, bare: false };
    let mut rest = args.iter();
    while let Some(arg) = rest.next() {
        let mut number = || rest.next().context("a number is missing").map(|n| n.replace('_', ""));
        match *arg {
            "--accounts" => wanted.accounts = number()?.parse().context("how many households?")?,
            "--seed" => wanted.seed = number()?.parse().context("which seed?")?,
            "--without-money" => wanted.bare = true,
            other => bail!("{other}? there are --accounts N, --seed N, --without-money"),
        }
    }
    Ok(wanted)
}

fn plan(wanted: &Wanted) -> Plan {
    let small = Plan::demonstration(Clock::System.now(), PASSWORD);
    let (accounts, seed) = (wanted.accounts, wanted.seed);
    Plan { accounts, seed, with_billing: !wanted.bare, ..small }
}

/// When each step was said.
struct Steps {
    started: Instant,
    said: Mutex<BTreeMap<String, Duration>>,
}

impl Steps {
    fn start() -> Self {
        Self { started: Instant::now(), said: Mutex::default() }
    }

    fn say(&self, step: &str) {
        println!("· {:7.1} s  {step}", self.started.elapsed().as_secs_f64());
        if let Ok(mut said) = self.said.lock() {
            said.insert(step.to_owned(), self.started.elapsed());
        }
    }

    /// The time at which all was committed.
    fn committed(&self) -> Result<Duration> {
        let said = self.said.lock().ok().context("a step panicked")?;
        said.get("committed").copied().context("it did not commit")
    }
}

async fn load(url: &str, wanted: &Wanted) -> Result<()> {
    let pool = PgPool::connect(url).await.context("cannot open the database")?;
    let steps = Steps::start();
    let totals = city::load(&pool, plan(wanted), &|step| steps.say(step)).await?;
    report(&totals, steps.committed()?);
    let key = Path::new("var/city-answers.json");
    std::fs::create_dir_all("var")?;
    std::fs::write(key, serde_json::to_string_pretty(&totals.faults)?)?;
    println!("· {} planted faults, their answers in {}", totals.faults.len(), key.display());
    prove(&pool).await
}

/// What people compare with what they expect.
fn report(totals: &Summary, took: Duration) {
    let yuan = |fen: i64| format!("{}.{:02}", fen / 100, (fen % 100).abs());
    println!(
        "\n{:10} {:15} {:8} {:>15} {:>15} {:>13} {:>15}",
        "season", "branch", "item", "charged", "paid", "written off", "owed"
    );
    for (key, c) in &totals.controls {
        println!(
            "{:10} {:15} {:8} {:>15} {:>15} {:>13} {:>15}",
            key.season,
            key.org_path,
            key.item,
            yuan(c.charged_fen),
            yuan(c.paid_fen),
            yuan(c.written_off_fen),
            yuan(c.owed_fen())
        );
    }
    for (state, many) in &totals.states {
        println!("state      {state:15} {many} households");
    }
    println!(
        "total      charged {}, paid {}, written off {}, paid ahead {}, owed {}",
        yuan(totals.charged_fen),
        yuan(totals.paid_fen),
        yuan(totals.written_off_fen),
        yuan(totals.advance_fen),
        yuan(totals.arrears_fen)
    );
    let rows = count(totals.rows);
    println!(
        "· {} rows, {} postings, {} charges, {} MB in {:.1} s: {:.0} rows/s",
        totals.rows,
        totals.postings,
        totals.charges,
        totals.bytes / 1_000_000,
        took.as_secs_f64(),
        rows / took.as_secs_f64()
    );
}

fn count(n: u64) -> f64 {
    f64::from(u32::try_from(n).unwrap_or(u32::MAX))
}

/// The book's own sums, read back.
async fn prove(pool: &PgPool) -> Result<()> {
    let (trial, unbalanced): (i64, i64) = sqlx::query_as(
        "select coalesce(sum(total), 0)::bigint, count(*) filter (where total <> 0)
         from (select sum(amount_fen) as total from ledger.entry group by posting_id) p",
    )
    .fetch_one(pool)
    .await?;
    println!("· trial balance {trial} fen, {unbalanced} postings out of balance");
    if (trial, unbalanced) != (0, 0) {
        bail!("the book does not balance");
    }
    Ok(())
}

/// Everything that went over the wire, one after another in a file.
struct Tape {
    file: File,
    path: PathBuf,
    parcels: Vec<(String, usize)>,
    /// Time that taping took; it is no part of the load.
    took: Duration,
}

impl Tape {
    fn keep(&mut self, statement: &str, bytes: &[u8]) -> std::io::Result<()> {
        let began = Instant::now();
        self.file.write_all(bytes)?;
        self.parcels.push((statement.to_owned(), bytes.len()));
        self.took += began.elapsed();
        Ok(())
    }
}

async fn measure(wanted: &Wanted) -> Result<()> {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
    let dir = target.join("bench");
    let cluster = Cluster::start(&dir.join("postgres"), Purpose::Durable, &|s| println!("· {s}"))?;
    let mut admin = PgConnection::connect(&cluster.url("postgres")).await?;
    let drop = "drop database if exists city_bench with (force)";
    sqlx::query(drop).execute(&mut admin).await?;
    cluster.ensure_database("city_bench")?;
    let pool = PgPool::connect(&cluster.url("city_bench")).await?;
    schema::MIGRATIONS.run(&pool).await?;

    let path = dir.join("city.tape");
    let file = File::options().create(true).truncate(true).read(true).write(true).open(&path)?;
    let mut tape = Tape { file, path, parcels: Vec::new(), took: Duration::ZERO };
    let steps = Steps::start();
    let totals =
        city::load_with(&pool, plan(wanted), &|step| steps.say(step), &mut |s, b| tape.keep(s, b))
            .await?;
    let took = steps.committed()?.saturating_sub(tape.took);
    report(&totals, took);
    prove(&pool).await?;

    let raw = raw(&pool, &mut tape).await?;
    println!("· raw copy of the same bytes: {:.1} s", raw.as_secs_f64());
    std::fs::remove_file(&tape.path)?;
    pool.close().await;
    sqlx::query(drop).execute(&mut admin).await?;
    admin.close().await?;
    cluster.stop()?;
    figure("city_rows_per_second", count(totals.rows) / took.as_secs_f64(), "rows/s", "-");
    figure("city_load_seconds", took.as_secs_f64(), "s", "-");
    figure("ratio_to_copy", took.as_secs_f64() / raw.as_secs_f64(), "times", "3");
    Ok(())
}

/// The same bytes into tables without keys, indexes and checks; committed.
async fn raw(pool: &PgPool, tape: &mut Tape) -> Result<Duration> {
    sqlx::query("create schema raw").execute(pool).await?;
    let mut tables: BTreeMap<&str, String> = BTreeMap::new();
    for (statement, _) in &tape.parcels {
        if tables.contains_key(statement.as_str()) {
            continue;
        }
        let bare = format!("raw.t{}", tables.len());
        let (into, rest) = statement
            .strip_prefix("copy ")
            .and_then(|s| s.split_once(" ("))
            .context("a copy of another shape")?;
        let (columns, rest) = rest.split_once(')').context("a copy of another shape")?;
        // A season's rows came through a table that has become the season's part.
        let from = into.replace("ledger.stage_", "ledger.entry_");
        let from = from.replace("billing.stage_", "billing.charge_");
        let make = format!("create table {bare} as select {columns} from {from} limit 0");
        sqlx::query(AssertSqlSafe(make)).execute(pool).await?;
        tables.insert(statement, format!("copy {bare} ({columns}){rest}"));
    }
    sqlx::query("checkpoint").execute(pool).await?;
    tape.file.rewind()?;
    let began = Instant::now();
    let mut buffer = Vec::new();
    for (statement, long) in &tape.parcels {
        buffer.resize(*long, 0);
        tape.file.read_exact(&mut buffer)?;
        let copy = tables.get(statement.as_str()).context("no such table")?;
        let mut copy = pool.copy_in_raw(copy).await?;
        copy.send(buffer.as_slice()).await?;
        copy.finish().await?;
    }
    Ok(began.elapsed())
}
