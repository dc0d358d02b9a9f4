//! Arrears and late fees of everybody, now and as of past moments, in turns.

use crate::figures::{Times, figure, median};
use crate::ground::Ground;
use anyhow::{Context as _, Result, bail};
use chrono::{DateTime, Datelike as _, Months, NaiveDate, TimeDelta, Utc};
use kernel::clock::{local_date, start_of_day};
use kernel::{AccountId, Actor, App, Clock, Scope};
use ledger::AsOf;
use std::time::Instant;
use uuid::Uuid;

/// Turns of each moment.
const TURNS: usize = 5;
/// Households whose screen is asked for.
const SCREENS: i64 = 300;

/// Closes the months that are over, and asks.
pub async fn measure(ground: &Ground) -> Result<()> {
    let app = App::new(ground.pool.clone(), Clock::System);
    let today = local_date(app.clock.now());
    closes(&app, today).await?;
    sqlx::query("vacuum analyze").execute(&ground.pool).await?;
    ground.settle().await?;
    let now = AsOf { valid_on: today, known_at: app.clock.now() };
    let mut moments = vec![("now", now)];
    moments.extend(past(today));
    let mut times = vec![Vec::new(); moments.len()];
    let mut answers = vec![None; moments.len()];
    for turn in 0..=TURNS {
        for (n, (name, as_of)) in moments.iter().enumerate() {
            let began = Instant::now();
            let answer = ask(&app, *as_of).await?;
            let took = began.elapsed().as_secs_f64();
            // The first turn warms.
            if turn > 0 {
                times[n].push(took);
            }
            match answers[n].replace(answer.clone()) {
                Some(before) if before != answer => {
                    bail!("{name} says {before:?}, then {answer:?}")
                }
                _ => {}
            }
        }
    }
    let mut worst: f64 = 0.0;
    let seconds: Vec<f64> = times.into_iter().map(median).collect();
    for ((name, as_of), (took, answer)) in moments.iter().zip(seconds.iter().zip(&answers)) {
        let answer = answer.as_ref().context("no answer")?;
        println!(
            "·   {took:6.3} s  {name}: at {} {} owed, {} credit, {} households {} late",
            as_of.valid_on, answer.owed, answer.credit, answer.late_households, answer.late
        );
        proven(&app, *as_of, answer).await?;
        if *name != "now" {
            worst = worst.max(*took);
        }
    }
    let now = seconds.first().copied().context("no answer")?;
    figure("asof_now_s", now, "s", "-");
    figure("asof_past_s", worst, "s", "1");
    figure("asof_ratio_to_now", worst / now, "x", "2");
    screens(&app).await
}

/// What the report says, in fen.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answer {
    owed: i64,
    credit: i64,
    late: i64,
    late_households: i64,
}

/// The arrears and the late fees of everybody, on a connection each.
async fn ask(app: &App, as_of: AsOf) -> Result<Answer> {
    let system = || Actor::system("bench");
    let (mut one, mut other) = (app.begin(system()).await?, app.begin(system()).await?);
    let scope = Scope::all();
    let (arrears, late) = tokio::try_join!(
        ledger::arrears(&mut one, as_of, &scope),
        billing::late_fees(&mut other, as_of, &scope),
    )?;
    let owing = || arrears.iter().filter(|r| r.ledger == ledger::Ledger::Receivable);
    Ok(Answer {
        owed: owing().map(|r| r.owed_fen.get()).sum(),
        credit: owing().map(|r| r.credit_fen.get()).sum(),
        late: late.iter().map(|l| l.due_fen.get()).sum(),
        late_households: late.iter().map(|l| l.households).sum(),
    })
}

/// The plainest sum over the book gives the same.
async fn proven(app: &App, as_of: AsOf, answer: &Answer) -> Result<()> {
    let plain: i64 = sqlx::query_scalar(
        "select coalesce(sum(amount_fen), 0)::bigint from ledger.entry
         where ledger = 'receivable' and valid_on <= $1 and recorded_at <= $2",
    )
    .bind(as_of.valid_on)
    .bind(as_of.known_at)
    .fetch_one(&app.pool)
    .await?;
    if plain != answer.owed - answer.credit {
        bail!("{as_of:?}: {answer:?} are not {plain}");
    }
    Ok(())
}

/// Moments of the past: the example of everybody's dispute, a winter's end as it was seen, and
/// years ago.
fn past(today: NaiveDate) -> Vec<(&'static str, AsOf)> {
    let year = if today.month() > 4 { today.year() } else { today.year() - 1 };
    let at = |year: i32, month: u32, day: u32| {
        NaiveDate::from_ymd_opt(year, month, day).unwrap_or_default()
    };
    let moment = |valid_on: NaiveDate, known: NaiveDate| {
        let known_at = start_of_day(known) + TimeDelta::hours(18);
        AsOf { valid_on, known_at }
    };
    vec![
        ("15 November, as known on 31 January", moment(at(year - 1, 11, 15), at(year, 1, 31))),
        ("the end of last winter, as known then", moment(at(year, 3, 20), at(year, 3, 20))),
        ("20 January, three winters ago", moment(at(year - 2, 1, 20), at(year - 2, 2, 20))),
    ]
}

/// Closes every month that is over, each some days after its end, as an accountant would have.
async fn closes(app: &App, today: NaiveDate) -> Result<()> {
    let first: NaiveDate =
        sqlx::query_scalar("select min(valid_on) from ledger.posting").fetch_one(&app.pool).await?;
    let mut months = Vec::new();
    let mut month = first.with_day(1).context("a month begins on its first day")?;
    loop {
        let next = month + Months::new(1);
        let end = next.pred_opt().context("no day before")?;
        if end + TimeDelta::days(5) >= today {
            break;
        }
        months.push(end);
        month = next;
    }
    let (mut sums, mut sheets) = (0.0, 0.0);
    for end in &months {
        let then: DateTime<Utc> = start_of_day(*end) + TimeDelta::days(4);
        let past = App::new(app.pool.clone(), Clock::fixed(then));
        let mut tx = past.begin(Actor::system("bench")).await?;
        ledger::close(&mut tx, *end).await?;
        tx.commit().await?;
        let began = Instant::now();
        ledger::balance_closings(&past).await?;
        sums += began.elapsed().as_secs_f64();
        let began = Instant::now();
        billing::close_late_sheets(&past).await?;
        sheets += began.elapsed().as_secs_f64();
    }
    let many = f64::from(u32::try_from(months.len())?);
    println!("· {many} months closed: {sums:.1} s of balances, {sheets:.1} s of sheets");
    figure("close_balances_s", sums / many, "s", "-");
    figure("close_late_sheets_s", sheets / many, "s", "-");
    Ok(())
}

/// What the screen of one household costs: its balance in the pop, and its late fees.
async fn screens(app: &App) -> Result<()> {
    let accounts: Vec<Uuid> =
        sqlx::query_scalar("select id from directory.account order by md5(account_no) limit $1")
            .bind(SCREENS)
            .fetch_all(&app.pool)
            .await?;
    let today = local_date(app.clock.now());
    let (mut balances, mut fees) = (Vec::new(), Vec::new());
    for account in accounts.into_iter().map(AccountId::from) {
        let mut tx = app.begin(Actor::system("bench")).await?;
        let began = Instant::now();
        ledger::balance(&mut tx, account).await?;
        balances.push(began.elapsed());
        let began = Instant::now();
        billing::late_fee_of(&mut tx, &[account], today).await?;
        fees.push(began.elapsed());
    }
    let (balances, fees) = (Times::new(balances), Times::new(fees));
    figure("balance_p50_ms", balances.percentile(50), "ms", "-");
    figure("balance_p99_ms", balances.percentile(99), "ms", "-");
    figure("late_fee_of_p99_ms", fees.percentile(99), "ms", "-");
    Ok(())
}
