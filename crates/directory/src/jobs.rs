//! Work by the clock.

use crate::turn_day;
use chrono::Days;
use kernel::clock::local_date;
use kernel::{Actor, App, Result};

/// How many days back are looked at, so that a house that stood still loses none.
const BACK: Days = Days::new(8);

/// Lets begin what was decided ahead for days that have come; twice does no harm.
pub async fn turn(app: &App) -> Result<u64> {
    let mut tx = app.begin(Actor::system("directory.turn")).await?;
    let today = local_date(tx.now());
    let after = today.checked_sub_days(BACK).unwrap_or(today);
    let turned = turn_day(&mut tx, after).await?;
    tx.commit().await?;
    Ok(turned)
}
