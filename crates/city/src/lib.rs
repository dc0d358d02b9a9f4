//! A city to show the house in, and to measure it with: 平城 and its 暖线热力.
//!
//! Everything follows from a seed: the same [`Plan`] makes the same rows, whatever the machine.
//! [`load`] is a loader, so it alone writes the tables of many domains, with `copy` and in one
//! transaction: killed half-way, it has done nothing. Names, people and numbers are invented.

mod belief;
mod book;
mod business;
mod callers;
mod company;
mod history;
mod household;
mod indexes;
mod life;
mod pulse;
mod random;
mod rules;
mod sheet;
mod today;
mod totals;
mod town;
mod words;

pub use callers::{Caller, demo_callers};
pub use pulse::pulse;
pub use totals::{Control, ControlKey, Fault};

use book::Book;
use chrono::{DateTime, Utc};
use household::Households;
use indexes::Aside;
use kernel::{Actor, App, Clock, Error, Result, Rule, Tx};
use random::Ids;
use sheet::Parcel;
use sqlx::{PgConnection, PgPool};
use std::collections::BTreeMap;
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
    /// Whether seven seasons of charges and payments are booked.
    pub with_billing: bool,
    /// Whether desks have business in hand; only with money, and not in great cities.
    pub with_business: bool,
}

impl Plan {
    fn has_business(&self) -> bool {
        self.with_business && self.with_billing && self.accounts <= business::MOST
    }

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
            with_business: true,
        }
    }

    /// A great directory for benches: no money, no past.
    pub fn bench(accounts: u32, now: DateTime<Utc>, password: impl Into<String>) -> Self {
        let small = Self::demonstration(now, password);
        Self { accounts, with_history: false, with_billing: false, with_business: false, ..small }
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
    /// Paid ahead and not used, in fen.
    pub advance_fen: i64,
    /// Given up, in fen.
    pub written_off_fen: i64,
    /// Charges, each version counted.
    pub charges: u64,
    /// By season, branch and item.
    pub controls: BTreeMap<ControlKey, Control>,
    /// Households by state.
    pub states: BTreeMap<&'static str, u64>,
    /// What was planted.
    pub faults: Vec<Fault>,
    /// Calls of the last days.
    pub calls: u64,
    /// Orders of the last days.
    pub orders: u64,
    /// Rows over all tables.
    pub rows: u64,
    /// Bytes that went over the wire for them.
    pub bytes: u64,
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

/// Rows that are ready, and how many households there are by then.
pub(crate) struct Job {
    pub parcels: Vec<Parcel>,
    pub made: u32,
}

/// Batches that may wait between who makes rows and who sends them.
const AHEAD: usize = 3;

/// Loads the city into an empty database, and tells of its progress through `say`. The rows are
/// made by one thread while another sends them; nothing is there before all is.
pub async fn load(pool: &PgPool, plan: Plan, say: &dyn Fn(&str)) -> Result<Summary> {
    load_with(pool, plan, say, &mut |_, _| Ok(())).await
}

/// The same; `tap` sees each `copy` statement with its bytes before they are sent.
pub async fn load_with(
    pool: &PgPool,
    plan: Plan,
    say: &dyn Fn(&str),
    tap: &mut (dyn FnMut(&str, &[u8]) -> std::io::Result<()> + Send),
) -> Result<Summary> {
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
    let book = match plan.with_billing {
        true => Some(Book::open(&mut tx, &plan, &company).await?),
        false => None,
    };
    let stations = company.stations.iter().map(|s| s.path.clone()).collect();
    let households = Households::new(&plan, stations, book);
    let town = Town::new(&plan, company.stations.clone(), ids, households);
    let aside = Aside::put(&mut tx).await?;
    let (mut town, mut sent) = stream(&mut tx, town, &plan, say, tap).await?;
    let mut book = town.households.take_book();
    if let Some(book) = &mut book {
        sent.rows += book.close_tills(&mut tx, plan.has_business()).await?;
        say("tills");
    }
    let mut totals = total(&town, book.as_ref());
    if let Some(book) = book {
        book.attach(&mut tx, say).await?;
    }
    aside.bring_back(&mut tx).await?;
    if plan.with_billing {
        sqlx::query("select ledger.bulk_end()").execute(tx.db()).await?;
    }
    say("indexes and keys");
    sent.rows += today::lay(&mut tx, &plan, &company, &town).await?;
    say("readings, notices, territories");
    if plan.with_history {
        let told = history::tell(&mut tx, &plan, &company, &town.households.homes).await?;
        (totals.calls, totals.orders) = (told.calls, told.orders);
        sent.rows += told.rows;
        say("calls and orders");
    }
    (totals.rows, totals.bytes) = (sent.rows, sent.bytes);
    tx.commit().await?;
    say("committed");
    sqlx::query("vacuum (analyze)").execute(pool).await?;
    say("statistics");
    if plan.has_business() {
        business::tell(pool, &plan, &company).await?;
        say("business at the desks");
    }
    Ok(totals)
}

#[derive(Default)]
struct Sent {
    rows: u64,
    bytes: u64,
}

/// One thread makes rows, this one sends them.
async fn stream(
    tx: &mut Tx,
    mut town: Town,
    plan: &Plan,
    say: &dyn Fn(&str),
    tap: &mut (dyn FnMut(&str, &[u8]) -> std::io::Result<()> + Send),
) -> Result<(Town, Sent)> {
    sqlx::query("set local directory.with_versions = 'on'").execute(tx.db()).await?;
    let (to, mut jobs) = tokio::sync::mpsc::channel::<Job>(AHEAD);
    let making = tokio::task::spawn_blocking(move || {
        town.build(&to);
        town
    });
    let mut sent = Sent::default();
    while let Some(Job { parcels, made }) = jobs.recv().await {
        for parcel in parcels {
            let internal = |e: std::io::Error| Error::Internal(e.into());
            tap(&parcel.statement, &parcel.bytes).map_err(internal)?;
            sent.bytes += u64::try_from(parcel.bytes.len()).unwrap_or_default();
            sent.rows += parcel.send(tx.db()).await?;
        }
        say(&format!("{}  {made} households, {} rows", bar(made, plan.accounts), sent.rows));
    }
    let town = making.await.map_err(|e| Error::Internal(e.into()))?;
    Ok((town, sent))
}

/// Twenty characters that fill up.
fn bar(made: u32, wanted: u32) -> String {
    let full = usize::try_from(u64::from(made) * 20 / u64::from(wanted.max(1))).unwrap_or(20);
    format!("{}{}", "█".repeat(full), "░".repeat(20_usize.saturating_sub(full)))
}

fn total(town: &Town, book: Option<&Book>) -> Summary {
    let (households, money) = (&town.households, &town.households.money);
    let mut totals = households.totals.clone();
    totals.postings = money.postings;
    totals.charges = money.charges;
    totals.charged_fen = money.charged;
    totals.paid_fen = money.paid;
    totals.written_off_fen = money.written_off;
    totals.advance_fen = money.advance;
    totals.faults.clone_from(&money.faults);
    if let Some(book) = book {
        totals.controls = book.controls(money);
    }
    totals.arrears_fen = totals.controls.values().map(Control::owed_fen).sum();
    totals
}
