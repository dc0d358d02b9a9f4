//! The ground that the benches stand on: a private PostgreSQL that syncs for real, and a city of
//! 800,000 households, with or without the money of seven seasons. Each city is loaded once and
//! kept; each run works on a copy of it.

use anyhow::{Context as _, Result, bail};
use city::Plan;
use engines::postgres::{Cluster, Purpose};
use kernel::Clock;
use sqlx::{AssertSqlSafe, Connection as _, PgConnection, PgPool, Row as _};
use std::path::PathBuf;
use std::time::Instant;

/// Households of the directory.
pub const ACCOUNTS: u32 = 800_000;
/// Orders of the last months, most of them over.
pub const ORDERS: i64 = 200_000;
/// The password of everybody in the city.
pub const PASSWORD: &str = "Nuanxian-bench-2026";

const RUN: &str = "run";

/// Which city.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct City {
    /// Households of the directory.
    pub accounts: u32,
    /// Seven seasons of charges and payments, or two hundred thousand orders.
    pub money: bool,
}

impl City {
    /// Orders and no money.
    pub const ORDERS: Self = Self { accounts: ACCOUNTS, money: false };

    /// Seven seasons; `--accounts N` makes it smaller, to look for faults.
    pub fn of_money(args: &[&str]) -> Result<Self> {
        let accounts = match args {
            [] => ACCOUNTS,
            ["--accounts", n] => n.replace('_', "").parse().context("how many households?")?,
            _ => bail!("{args:?}? there is --accounts N"),
        };
        Ok(Self { accounts, money: true })
    }

    fn template(self) -> String {
        let what = if self.money { "money" } else { "city" };
        match self.accounts {
            ACCOUNTS => what.to_owned(),
            n => format!("{what}_{n}"),
        }
    }
}

/// A copy of the city, and the cluster that it lies in.
pub struct Ground {
    /// Where everything of a bench lies.
    pub dir: PathBuf,
    /// The run's database.
    pub url: String,
    /// Connections to it, of the bench itself.
    pub pool: PgPool,
    /// What was copied.
    pub city: City,
    cluster: Cluster,
}

impl Ground {
    /// Starts the cluster, makes the city when there is none of this schema, and copies it.
    pub async fn prepare(city: City) -> Result<Self> {
        let target = std::env::var_os("CARGO_TARGET_DIR").map_or("target".into(), PathBuf::from);
        let dir = target.join("bench");
        let cluster =
            Cluster::start(&dir.join("postgres"), Purpose::Durable, &|s| println!("· {s}"))
                .context("no private PostgreSQL")?;
        let mut admin = PgConnection::connect(&cluster.url("postgres")).await?;
        run_sql(&mut admin, "drop database if exists run with (force)").await?;
        ensure_city(&cluster, &mut admin, city).await?;
        println!("· copying the city");
        let template = city.template();
        let copy = format!("create database {RUN} template {template} strategy file_copy");
        run_sql(&mut admin, &copy).await?;
        let url = cluster.url(RUN);
        let pool = PgPool::connect(&url).await?;
        Ok(Self { dir: dir.canonicalize()?, url, pool, city, cluster })
    }

    /// A smaller city with money, loaded anew, in a database of its own.
    pub async fn small(&self, accounts: u32) -> Result<PgPool> {
        let mut admin = PgConnection::connect(&self.cluster.url("postgres")).await?;
        run_sql(&mut admin, "drop database if exists small with (force)").await?;
        admin.close().await?;
        self.cluster.ensure_database("small")?;
        let pool = PgPool::connect(&self.cluster.url("small")).await?;
        schema::MIGRATIONS.run(&pool).await?;
        load_city(&pool, City { accounts, money: true }).await?;
        Ok(pool)
    }

    /// The postmaster.
    pub fn postmaster(&self) -> Result<u32> {
        self.cluster.pid().context("PostgreSQL is gone")
    }

    /// Makes what was written so far no part of what comes.
    pub async fn settle(&self) -> Result<()> {
        sqlx::query("checkpoint").execute(&self.pool).await?;
        Ok(())
    }

    /// Drops the copy and stops the cluster.
    pub async fn finish(self) -> Result<()> {
        self.pool.close().await;
        let mut admin = PgConnection::connect(&self.cluster.url("postgres")).await?;
        run_sql(&mut admin, "drop database if exists run with (force)").await?;
        admin.close().await?;
        self.cluster.stop()?;
        Ok(())
    }
}

async fn run_sql(db: &mut PgConnection, sql: &str) -> Result<()> {
    sqlx::query(AssertSqlSafe(sql)).execute(db).await?;
    Ok(())
}

async fn ensure_city(cluster: &Cluster, admin: &mut PgConnection, city: City) -> Result<()> {
    let template = city.template();
    cluster.ensure_database(&template)?;
    let pool = PgPool::connect(&cluster.url(&template)).await?;
    let fits = schema::MIGRATIONS.run(&pool).await.is_ok() && is_complete(&pool, city).await?;
    pool.close().await;
    if fits {
        return Ok(());
    }
    println!("· loading a city of {} households; the next run will find it", city.accounts);
    run_sql(admin, &format!("drop database if exists {template} with (force)")).await?;
    cluster.ensure_database(&template)?;
    let pool = PgPool::connect(&cluster.url(&template)).await?;
    schema::MIGRATIONS.run(&pool).await?;
    load_city(&pool, city).await?;
    if !city.money {
        load_orders(&pool).await?;
    }
    pool.close().await;
    Ok(())
}

/// A load that was broken off leaves fewer.
async fn is_complete(pool: &PgPool, city: City) -> Result<bool> {
    let counts = "select (select count(*) from directory.account),
                         (select count(*) from orders.work_order)";
    let row = sqlx::query(counts).fetch_one(pool).await?;
    let (accounts, orders): (i64, i64) = (row.try_get(0)?, row.try_get(1)?);
    Ok(accounts == i64::from(city.accounts) && (city.money || orders == ORDERS))
}

/// Loads a city, and says how fast.
pub async fn load_city(pool: &PgPool, city: City) -> Result<()> {
    let started = Instant::now();
    let plan = Plan::bench(city.accounts, Clock::System.now(), PASSWORD);
    let plan = Plan { with_billing: city.money, ..plan };
    let totals = city::load(pool, plan, &|step| {
        println!("·   {:6.1} s  {step}", started.elapsed().as_secs_f64());
    })
    .await?;
    let seconds = started.elapsed().as_secs_f64();
    if totals.accounts != u64::from(city.accounts) {
        bail!("{} households instead of {}", totals.accounts, city.accounts);
    }
    let rows = f64::from(u32::try_from(totals.rows)?);
    println!("· {} rows in {seconds:.1} s, {:.0} rows/s", totals.rows, rows / seconds);
    Ok(())
}

/// Four months of orders: most are over, some wait for somebody, and every repairer has some
/// three hundred in hand. Plain rows: nothing in them is measured but their number and spread.
async fn load_orders(pool: &PgPool) -> Result<()> {
    let started = Instant::now();
    let made = sqlx::query(include_str!("orders.sql")).bind(ORDERS).execute(pool).await?;
    if i64::try_from(made.rows_affected())? != ORDERS {
        bail!("{} orders instead of {ORDERS}", made.rows_affected());
    }
    sqlx::query("vacuum (analyze) orders.work_order").execute(pool).await?;
    println!("· {ORDERS} orders in {:.1} s", started.elapsed().as_secs_f64());
    Ok(())
}
