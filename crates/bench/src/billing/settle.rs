//! Payments a second through the one settlement, beside the barest SQL that keeps as much: a head,
//! two lines, a commit.

use crate::figures::{Times, figure};
use crate::ground::Ground;
use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, Utc};
use kernel::{AccountId, Actor, App, Clock, Fen, PaymentOrderId};
use payments::{AttemptState, PayMethod, Settled, Settlement};
use sqlx::PgPool;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Payments of each kind.
const PAYMENTS: i64 = 4_000;
/// Who pays at the same time.
const WORKERS: usize = 8;
const AMOUNT: Fen = Fen::new(10_000);

/// Settles so many payments at once and prints how fast, beside bare SQL.
pub async fn settle(ground: &Ground) -> Result<()> {
    let app = App::new(ground.pool.clone(), Clock::System);
    let orders = orders(&app).await?;
    ground.settle().await?;
    let bare = rate("bare", bare(&ground.pool, &orders).await?);
    ground.settle().await?;
    let since = app.clock.now();
    let times = paid(&app, &orders).await?;
    let settled = rate("settled", times.1);
    check(&ground.pool, since).await?;
    figure("settle_per_s", settled, "1/s", "-");
    figure("settle_p99_ms", times.0.percentile(99), "ms", "-");
    figure("settle_ratio_to_bare_sql", bare / settled, "x", "-");
    Ok(())
}

fn rate(name: &str, took: Duration) -> f64 {
    let rate = f64::from(u32::try_from(PAYMENTS).unwrap_or_default()) / took.as_secs_f64();
    println!("·   {rate:8.0} payments/s, {name}");
    rate
}

async fn orders(app: &App) -> Result<Vec<(PaymentOrderId, AccountId)>> {
    let accounts: Vec<Uuid> = sqlx::query_scalar(
        "select account_id from ledger.entry where ledger = 'receivable'
         group by account_id having sum(amount_fen) > $2 limit $1",
    )
    .bind(PAYMENTS)
    .bind(AMOUNT.get())
    .fetch_all(&app.pool)
    .await?;
    let mut tx = app.begin(Actor::system("bench")).await?;
    let mut orders = Vec::with_capacity(accounts.len());
    for account in accounts.into_iter().map(AccountId::from) {
        let shares = vec![(account, AMOUNT)];
        let id = payments::create_order(&mut tx, PayMethod::Wechat, shares).await?;
        orders.push((id, account));
    }
    tx.commit().await?;
    Ok(orders)
}

async fn paid(app: &App, orders: &[(PaymentOrderId, AccountId)]) -> Result<(Times, Duration)> {
    let began = Instant::now();
    let mut workers = tokio::task::JoinSet::new();
    for part in orders.chunks(orders.len().div_ceil(WORKERS)) {
        let (app, part) = (app.clone(), part.to_vec());
        workers.spawn(async move {
            let mut times = Vec::with_capacity(part.len());
            for (order, _) in part {
                let one = Instant::now();
                let mut tx = app.begin(Actor::system("bench")).await?;
                let reference = format!("bench-{order}");
                let (channel, told) = (PayMethod::Wechat, AttemptState::Succeeded);
                let news = Settlement { order, channel, reference, amount: AMOUNT, told };
                if payments::settle(&mut tx, news).await? != Settled::Paid {
                    bail!("an order was not paid");
                }
                tx.commit().await?;
                times.push(one.elapsed());
            }
            Ok(times)
        });
    }
    let mut times = Vec::new();
    while let Some(done) = workers.join_next().await {
        times.extend(done.context("a worker")??);
    }
    Ok((Times::new(times), began.elapsed()))
}

async fn bare(pool: &PgPool, orders: &[(PaymentOrderId, AccountId)]) -> Result<Duration> {
    for sql in [
        "create table bare_head (id uuid primary key, source text unique, at timestamptz)",
        "create table bare_line (head uuid, account uuid, amount bigint)",
        "create index on bare_line (account)",
    ] {
        sqlx::query(sql).execute(pool).await?;
    }
    let began = Instant::now();
    let mut workers = tokio::task::JoinSet::new();
    for part in orders.chunks(orders.len().div_ceil(WORKERS)) {
        let (pool, part) = (pool.clone(), part.to_vec());
        workers.spawn(async move {
            for (order, account) in part {
                let mut tx = pool.begin().await?;
                sqlx::query("insert into bare_head values ($1, $1::text, clock_timestamp())")
                    .bind(*order)
                    .execute(&mut *tx)
                    .await?;
                sqlx::query("insert into bare_line values ($1, $2, -$3), ($1, null, $3)")
                    .bind(*order)
                    .bind(*account)
                    .bind(AMOUNT.get())
                    .execute(&mut *tx)
                    .await?;
                tx.commit().await?;
            }
            anyhow::Ok(())
        });
    }
    while let Some(done) = workers.join_next().await {
        done.context("a worker")??;
    }
    let took = began.elapsed();
    sqlx::query("drop table bare_head, bare_line").execute(pool).await?;
    Ok(took)
}

/// Everything was paid once, and the book balances.
async fn check(pool: &PgPool, since: DateTime<Utc>) -> Result<()> {
    let (paid, sum): (i64, i64) = sqlx::query_as(
        "select count(distinct p.id), coalesce(sum(e.amount_fen), 0)::bigint
         from ledger.posting p join ledger.entry e on e.posting_id = p.id
         where p.source = 'payment' and p.recorded_at >= $1",
    )
    .bind(since)
    .fetch_one(pool)
    .await?;
    if paid != PAYMENTS || sum != 0 {
        bail!("{paid} payments in the book, which is off by {sum}");
    }
    Ok(())
}
