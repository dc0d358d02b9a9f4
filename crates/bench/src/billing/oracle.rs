//! An independent program reads the book of a smaller city, at past moments, and comes to the
//! same fen: Debian's hledger.

use super::chain;
use crate::figures::figure;
use crate::ground::Ground;
use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, Datelike as _, NaiveDate, TimeDelta, Utc};
use kernel::clock::start_of_day;
use kernel::{App, Clock};
use ledger::AsOf;
use sqlx::PgPool;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::BufWriter;
use std::path::Path;
use std::process::Command;
use std::time::Instant;

/// Households of the smaller city: hledger keeps every line in memory.
const HOUSEHOLDS: u32 = 4_000;

/// Compares, and proves the seal of the same book.
pub async fn measure(ground: &Ground) -> Result<()> {
    let pool = ground.small(HOUSEHOLDS).await?;
    let app = App::new(pool.clone(), Clock::System);
    chain::prove(&app).await?;
    let file = ground.dir.join("oracle.journal");
    let (mut difference, mut compared) = (0, 0);
    for as_of in moments(app.clock.now()) {
        let began = Instant::now();
        let mut out = BufWriter::new(File::create(&file)?);
        ledger::export_hledger(&app, as_of, &mut out).await?;
        out.into_inner().context("the journal was not written")?.sync_all()?;
        let exported = began.elapsed().as_secs_f64();
        let began = Instant::now();
        let theirs = by_hledger(&file)?;
        let read = began.elapsed().as_secs_f64();
        let ours = by_us(&pool, as_of).await?;
        let names = theirs.keys().chain(ours.keys()).collect::<std::collections::BTreeSet<_>>();
        let fen = |of: &BTreeMap<String, i64>, name: &str| of.get(name).copied().unwrap_or(0);
        let off: i64 = names.iter().map(|n| (fen(&theirs, n) - fen(&ours, n)).abs()).sum();
        println!(
            "· {}: {} accounts, {off} fen apart; exported in {exported:.1} s, read in {read:.1} s",
            as_of.valid_on,
            ours.len()
        );
        difference += off;
        compared += ours.len();
    }
    std::fs::remove_file(&file)?;
    pool.close().await;
    if compared < usize::try_from(HOUSEHOLDS)? {
        bail!("only {compared} accounts were compared");
    }
    println!("· {compared} balances of {HOUSEHOLDS} households compared with hledger's");
    figure("hledger_difference_fen", f64::from(i32::try_from(difference)?), "fen", "0");
    Ok(())
}

/// Now, last winter's middle, and four years ago.
fn moments(now: DateTime<Utc>) -> Vec<AsOf> {
    let year = now.year();
    let past = [(year, 1, 31), (year - 1, 11, 15), (year - 4, 6, 30)];
    let at = |(y, m, d)| NaiveDate::from_ymd_opt(y, m, d).unwrap_or_default();
    let past = past.map(|day| {
        let valid_on = at(day);
        AsOf { valid_on, known_at: start_of_day(valid_on) + TimeDelta::days(20) }
    });
    let today = AsOf { valid_on: now.date_naive() + TimeDelta::days(1), known_at: now };
    [today].into_iter().chain(past).collect()
}

/// Balances by full name, in fen.
fn by_hledger(file: &Path) -> Result<BTreeMap<String, i64>> {
    let output = Command::new("hledger")
        .arg("-f")
        .arg(file)
        .args(["balance", "--flat", "--no-total", "--output-format=csv"])
        .args(["--commodity-style=1000.00 CNY"])
        .env("LANG", "C.UTF-8")
        .output()
        .context("hledger is not installed: apt-get install hledger")?;
    if !output.status.success() {
        bail!("hledger: {}", String::from_utf8_lossy(&output.stderr));
    }
    let mut sums = BTreeMap::new();
    for line in String::from_utf8(output.stdout)?.lines().skip(1) {
        let (name, amount) = line.trim_matches('"').split_once("\",\"").context("a row")?;
        let digits: String = amount.chars().filter(|c| c.is_ascii_digit() || *c == '-').collect();
        let fen: i64 = digits.parse().with_context(|| format!("{line:?}"))?;
        if fen != 0 {
            *sums.entry(name.to_owned()).or_insert(0) += fen;
        }
    }
    Ok(sums)
}

/// The same from the table, without any of the house's own sums.
async fn by_us(pool: &PgPool, as_of: AsOf) -> Result<BTreeMap<String, i64>> {
    let rows: Vec<(String, i64)> = sqlx::query_as(
        "select concat_ws(':', e.ledger, coalesce(n.code, '-'), e.item,
                          coalesce(s.org_path, '-'), coalesce(a.account_no, '-')) as name,
                sum(e.amount_fen)::bigint
         from ledger.entry e
         left join ledger.season n on n.id = e.season_id
         left join ledger.segment s on s.id = e.segment_id
         left join directory.account a on a.id = e.account_id
         where e.valid_on <= $1 and e.recorded_at <= $2
         group by 1 having sum(e.amount_fen) <> 0",
    )
    .bind(as_of.valid_on)
    .bind(as_of.known_at)
    .fetch_all(pool)
    .await?;
    Ok(rows.into_iter().collect())
}
