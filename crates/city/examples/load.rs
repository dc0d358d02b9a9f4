//! Loads a city into an empty database: `load URL ACCOUNTS`; prints totals and rows a second.

use city::{Plan, load};
use kernel::Clock;
use sqlx::PgPool;
use std::time::Instant;

#[tokio::main]
async fn main() -> kernel::Result<()> {
    let mut args = std::env::args().skip(1);
    let url = args.next().unwrap_or_default();
    let accounts = args.next().and_then(|n| n.parse().ok()).unwrap_or(800_000);
    let pool = PgPool::connect(&url).await?;
    schema::MIGRATIONS.run(&pool).await.map_err(|e| kernel::Error::Internal(e.into()))?;
    let now = Clock::System.now();
    let plan = if accounts == 5_000 {
        Plan::demonstration(now, "Nuan-xian-2026")
    } else {
        Plan::bench(accounts, now, "Nuan-xian-2026")
    };
    let start = Instant::now();
    let totals = load(&pool, plan, &|line| {
        println!("{:>7.1} s  {line}", start.elapsed().as_secs_f64());
    })
    .await?;
    let seconds = start.elapsed().as_secs_f64();
    println!("{totals:#?}");
    for caller in city::demo_callers(&pool).await? {
        println!("{caller:?}");
    }
    let rows = f64::from(u32::try_from(totals.rows).unwrap_or(u32::MAX));
    println!("FIGURE city_load_seconds {seconds:.1} s 150");
    println!("FIGURE city_rows_per_second {:.0} rows/s -", rows / seconds);
    Ok(())
}
