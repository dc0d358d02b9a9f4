//! Who called, what was filed, who went, and what the customer said: some of it since the last
//! season began, as the weather would have it, and all of the last week.
//!
//! Orders walk through their own rules ([`orders::WorkOrder`]), so nothing stands here that could
//! not have happened; each step is an event on the matter's timeline.

mod calls;
mod diary;
mod orders;
mod weather;

use crate::Plan;
use crate::company::Company;
use crate::household::Home;
use calls::Exchange;
use chrono::{DateTime, TimeDelta, Timelike, Utc};
use diary::Diary;
use kernel::clock::{SHANGHAI, local_date, start_of_day};
use kernel::{Result, Tx};

/// Days that are told in full, besides today.
const DAYS: i64 = 7;
/// Calls of a day.
const CALLS: i64 = 150;
/// How calls spread over the hours of a day in Shanghai.
const SHAPE: [i64; 24] =
    [1, 1, 1, 1, 1, 2, 5, 9, 12, 11, 9, 7, 6, 7, 8, 8, 8, 9, 10, 9, 7, 5, 3, 2];

/// What was told.
#[derive(Default)]
pub(crate) struct Told {
    pub calls: u64,
    pub orders: u64,
    pub rows: u64,
}

/// Tells the last week of these households.
pub(crate) async fn tell(
    tx: &mut Tx,
    plan: &Plan,
    company: &Company,
    homes: &[Home],
) -> Result<Told> {
    let mut diary = Diary::default();
    let mut exchange = Exchange::new(tx, plan, company).await?;
    let mut desk = orders::Desk::new(tx, plan, company).await?;
    for at in arrivals(plan) {
        let home = exchange.caller(homes);
        let Some(talk) = exchange.ring(&mut diary, at, home) else { continue };
        if let Some(home) = home {
            desk.maybe_file(&mut diary, &mut exchange, home, &talk)?;
        }
    }
    let rows = exchange.flush(tx).await? + desk.flush(tx).await? + diary.flush(tx).await?;
    Ok(Told { calls: exchange.calls, orders: desk.count, rows })
}

/// The instants at which somebody called, oldest first.
fn arrivals(plan: &Plan) -> Vec<DateTime<Utc>> {
    let mut rng = crate::random::Rng::new(plan.seed, "arrivals");
    let hours: Vec<(i64, i64)> = (0..).zip(SHAPE).collect();
    let today = local_date(plan.now);
    let mut all = Vec::new();
    let first = crate::book::season_year(plan.now) - 1;
    let first = chrono::NaiveDate::from_ymd_opt(first, 10, 1).unwrap_or(today);
    for day in first.iter_days().take_while(|d| *d <= today) {
        let midnight = start_of_day(day);
        let recent = (today - day).num_days() <= DAYS;
        for _ in 0..if recent { CALLS } else { weather::calls(day) } {
            let second = rng.weighted(&hours) * 3600 + rng.between(0, 3599);
            let at = midnight + TimeDelta::seconds(second);
            if at < plan.now {
                all.push(at);
            }
        }
    }
    all.sort_unstable();
    all
}

/// The same instant if people are about then, else as long after eight in the morning.
fn by_day(at: DateTime<Utc>, opens: u32, closes: u32) -> DateTime<Utc> {
    let local = at.with_timezone(&SHANGHAI);
    if (opens..closes).contains(&local.hour()) {
        return at;
    }
    let next = i64::from(local.hour() >= closes);
    let day = local_date(at) + TimeDelta::days(next);
    let spread = TimeDelta::minutes(i64::from(local.minute()));
    start_of_day(day) + TimeDelta::hours(i64::from(opens)) + spread
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nights_move_to_the_next_morning() {
        let at = |s: &str| s.parse::<DateTime<Utc>>().unwrap();
        let noon = at("2026-11-20T04:00:00Z");
        assert_eq!(by_day(noon, 8, 20), noon);
        assert_eq!(by_day(at("2026-11-20T15:30:00Z"), 8, 20), at("2026-11-21T00:30:00Z"));
        assert_eq!(by_day(at("2026-11-20T19:05:00Z"), 8, 20), at("2026-11-21T00:05:00Z"));
    }
}
