//! A city to show the house in, and to measure it with: 平城 and its 暖线热力.
//!
//! Everything follows from a seed: the same [`Plan`] makes the same rows, whatever the machine.
//! [`load`] is a loader, so it alone writes the tables of many domains, with `copy` and in one
//! transaction: killed half-way, it has done nothing. Names, people and numbers are invented.

mod callers;
mod company;
mod history;
mod household;
mod indexes;
mod money;
mod pulse;
mod random;
mod sheet;
mod today;
mod town;
mod words;

pub use callers::{Caller, demo_callers};
pub use pulse::pulse;

use chrono::{DateTime, Utc};
use indexes::Aside;
use kernel::{Actor, App, Clock, Result, Rule};
use random::Ids;
use sqlx::{PgConnection, PgPool};
use town::Town;

/// Which city.
#[derive(Clone, Debug)]
pub struct Plan {
    /// How many households.
    pub accounts: u32,
    /// What all chance follows from.
    pub seed: u64,
    /// When it is, so that seasons, calls and orders lie in the right past.
    pub now: DateTime<Utc>,
    /// The password of everybody who works there.
    pub password: String,
    /// Whether calls and orders of the last days are told.
    pub with_history: bool,
    /// Whether two seasons of charges and payments are booked.
    pub with_billing: bool,
}

impl Plan {
    /// The city of the demonstration.
    pub fn demonstration(now: DateTime<Utc>, password: impl Into<String>) -> Self {
        let password = password.into();
        Self {
            accounts: 5_000,
            seed: 20_261_122,
            now,
            password,
            with_history: true,
            with_billing: true,
        }
    }

    /// A great directory for benches: no money, no past.
    pub fn bench(accounts: u32, now: DateTime<Utc>, password: impl Into<String>) -> Self {
        let small = Self::demonstration(now, password);
        Self { accounts, with_history: false, with_billing: false, ..small }
    }
}

/// Control totals of a load.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Households.
    pub accounts: u64,
    /// People and bodies.
    pub persons: u64,
    /// Their telephone numbers.
    pub phones: u64,
    /// Marks on households.
    pub marks: u64,
    /// Postings in the book.
    pub postings: u64,
    /// Charged, in fen.
    pub charged_fen: i64,
    /// Paid, in fen.
    pub paid_fen: i64,
    /// Still owed, in fen.
    pub arrears_fen: i64,
    /// Calls of the last days.
    pub calls: u64,
    /// Orders of the last days.
    pub orders: u64,
    /// Rows over all tables.
    pub rows: u64,
}

/// Why the loader refuses.
#[derive(Clone, Copy, Debug)]
pub enum CityRule {
    /// Somebody lives here already.
    NotEmpty,
    /// A city without households, or with more than the numbers reach for.
    Size,
}

impl Rule for CityRule {
    fn code(&self) -> &'static str {
        match self {
            Self::NotEmpty => "city.not_empty",
            Self::Size => "city.size",
        }
    }

    fn zh(&self) -> String {
        match self {
            Self::NotEmpty => "数据库中已有用热户，不再装入演示数据".to_owned(),
            Self::Size => "户数须在 1 至 2000 万之间".to_owned(),
        }
    }

    fn en(&self) -> String {
        match self {
            Self::NotEmpty => "The database has accounts already; no city is loaded".to_owned(),
            Self::Size => "A city has 1 to 20 million households".to_owned(),
        }
    }
}

/// The instant from which the ids of what was always there count.
pub(crate) fn base() -> DateTime<Utc> {
    DateTime::from_timestamp(1_782_864_000, 0).unwrap_or_default()
}

/// Whether somebody lives in this database already, so that no city is loaded into it.
pub async fn is_inhabited(pool: &PgPool) -> Result<bool> {
    inhabited(&mut *pool.acquire().await?).await
}

async fn inhabited(db: &mut PgConnection) -> Result<bool> {
    let any = "select exists (select from directory.account)";
    Ok(sqlx::query_scalar(any).fetch_one(db).await?)
}

/// Loads the city into an empty database, and tells of its progress through `say`.
pub async fn load(pool: &PgPool, plan: Plan, say: &dyn Fn(&str)) -> Result<Summary> {
    if !(1..=20_000_000).contains(&plan.accounts) {
        return Err(CityRule::Size.into());
    }
    let app = App::new(pool.clone(), Clock::fixed(plan.now));
    let mut tx = app.begin(Actor::system("city")).await?;
    sqlx::query("select pg_advisory_xact_lock(47001)").execute(tx.db()).await?;
    if inhabited(tx.db()).await? {
        return Err(CityRule::NotEmpty.into());
    }
    identity::ensure_builtin_roles(&mut tx).await?;
    orders::seed_defaults(&mut tx).await?;
    telephony::seed_defaults(&mut tx).await?;

    let mut ids = Ids::new(plan.seed, "ids", base());
    let company = company::found(&mut tx, &plan, &mut ids).await?;
    company::join_queues(&mut tx).await?;
    say("company and staff");
    let mut town = Town::new(&plan, &company, ids);
    let aside = Aside::put(&mut tx).await?;
    let mut rows = town.build(&mut tx, say).await?;
    aside.bring_back(&mut tx).await?;
    say("indexes");
    rows += today::lay(&mut tx, &plan, &company, &town).await?;
    say("readings, notices, territories");
    let mut totals = town.households.totals.clone();
    if plan.with_history {
        let told = history::tell(&mut tx, &plan, &company, &town.households.homes).await?;
        (totals.calls, totals.orders) = (told.calls, told.orders);
        rows += told.rows;
        say("calls and orders");
    }
    totals.rows = rows;
    tx.commit().await?;
    say("statistics");
    sqlx::query("vacuum (analyze)").execute(pool).await?;
    Ok(totals)
}
