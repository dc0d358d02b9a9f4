//! A season opened for everybody, beside the barest thing that a database can do with as many
//! rows.

use super::memory::Watch;
use crate::figures::{figure, median};
use crate::ground::Ground;
use anyhow::{Context as _, Result, bail};
use billing::{NewOpening, Selection};
use kernel::{Actor, App, Clock, OpeningId, SeasonId};
use sqlx::PgPool;
use std::time::Instant;

/// A season that no history knows.
const YEAR: i32 = 2030;

/// Opens the season, prints its stages and the ratio.
pub async fn measure(ground: &Ground) -> Result<()> {
    let app = App::new(ground.pool.clone(), Clock::System);
    let (season, opening) = approved(&app, ground.city.accounts).await?;
    ground.settle().await?;
    let bare = bare(&ground.pool).await?;
    ground.settle().await?;

    let (server, postgres) = (Watch::of(std::process::id()), Watch::of(ground.postmaster()?));
    let began = Instant::now();
    let run = billing::open_in_mass(&app, opening).await?;
    let seconds = began.elapsed().as_secs_f64();
    let (server, postgres) = (server.end(), postgres.end());
    for (name, took) in &run.stages {
        println!("·   {took:6.2} s  {name}");
    }
    println!("· {} charges and {} lines in {seconds:.2} s", run.charges, run.entries);
    println!("· memory at most: {server:.0} MB here, {postgres:.0} MB PostgreSQL (private)");
    check(&ground.pool, season).await?;
    figure("season_open_s", seconds, "s", "-");
    figure("season_open_peak_mb", server + postgres, "MB", "-");
    figure("season_open_ratio_to_insert_select", seconds / bare, "x", "<=5");
    Ok(())
}

/// A season with rules, and an opening that somebody said yes to.
async fn approved(app: &App, accounts: u32) -> Result<(SeasonId, OpeningId)> {
    let system = || Actor::system("bench");
    let mut tx = app.begin(system()).await?;
    billing::publish_demonstration(&mut tx).await?;
    let from = format!("{YEAR}-11-14T16:00:00Z");
    let to = format!("{}-03-15T16:00:00Z", YEAR + 1);
    let code = format!("{YEAR}-{}", YEAR + 1);
    let season = ledger::add_season(&mut tx, &code, from.parse()?, to.parse()?).await?;
    let new = NewOpening { season_id: season, selection: Selection::default(), valid_on: None };
    let opening = billing::create_opening(&mut tx, new).await?.id;
    tx.commit().await?;
    let began = Instant::now();
    billing::reckon_opening(app, opening).await?;
    println!("· looked at first: reckoned in {:.1} s", began.elapsed().as_secs_f64());
    let mut tx = app.begin(system()).await?;
    let looked = billing::approve_opening(&mut tx, opening).await?;
    tx.commit().await?;
    if i64::from(looked.households) + i64::from(looked.refused) < i64::from(accounts) / 2 {
        bail!("only {} households would be charged", looked.households);
    }
    Ok((season, opening))
}

/// Seconds for as many bare rows into a table without indexes; the middle of three.
async fn bare(pool: &PgPool) -> Result<f64> {
    let mut times = Vec::new();
    for _ in 0..3 {
        sqlx::query("drop table if exists bare").execute(pool).await?;
        let table = "create table bare (account_id uuid, season_id uuid, amount_fen bigint,
                     item text, valid_on date)";
        sqlx::query(table).execute(pool).await?;
        sqlx::query("checkpoint").execute(pool).await?;
        let began = Instant::now();
        let rows = sqlx::query(
            "insert into bare select id, id, 198000, 'heat', date '2026-11-22'
             from directory.account",
        )
        .execute(pool)
        .await?;
        let took = began.elapsed().as_secs_f64();
        println!("·   {took:6.2} s  {} bare rows", rows.rows_affected());
        times.push(took);
    }
    sqlx::query("drop table bare").execute(pool).await?;
    Ok(median(times))
}

/// The book balances, and holds what the charges say.
async fn check(pool: &PgPool, season: SeasonId) -> Result<()> {
    let sums: (i64, i64, i64) = sqlx::query_as(
        "select (select coalesce(sum(amount_fen), 0)::bigint from ledger.entry
                 where season_id = $1),
                (select coalesce(sum(amount_fen), 0)::bigint from ledger.entry
                 where season_id = $1 and ledger = 'receivable'),
                (select coalesce(sum(amount_fen), 0)::bigint from billing.charge
                 where season_id = $1)",
    )
    .bind(*season)
    .fetch_one(pool)
    .await
    .context("no sums")?;
    let (balance, owed, charged) = sums;
    if balance != 0 || owed != charged || charged == 0 {
        bail!("the book is off: balance {balance}, owed {owed}, charged {charged}");
    }
    println!("· the book balances; {charged} fen charged and owed");
    Ok(())
}
