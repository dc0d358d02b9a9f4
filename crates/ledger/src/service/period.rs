//! Closing periods.

use crate::permissions::{BOOK, CLOSE};
use crate::{LedgerRule, PeriodClosed, Periods, store};
use chrono::{Datelike, Days, Months, NaiveDate};
use kernel::clock::local_date;
use kernel::{Actor, App, Result, Tx};

/// Closes the book up to a month's last day, for ever. What was wrong before is corrected after.
///
/// Nobody posts at that instant, and nobody waits longer than it takes to write one row: the
/// balances follow by [`balance_closings`].
pub async fn close(tx: &mut Tx, through: NaiveDate) -> Result<()> {
    tx.require(CLOSE)?;
    store::lock_alone(tx).await?;
    let after = store::closed_through(tx).await?;
    let is_after = after.is_none_or(|after| through > after);
    if !is_after || !ends_a_month(through) || through >= local_date(tx.now()) {
        return Err(LedgerRule::PeriodInvalid.into());
    }
    store::insert_period(tx, through).await?;
    let id = tx.new_id::<kernel::PostingId>();
    tx.emit(&PeriodClosed { through, id: *id })
}

fn ends_a_month(day: NaiveDate) -> bool {
    day.succ_opt().is_some_and(|next| next.day() == 1)
}

/// Sums the balances of closes that have none yet; what a crash left undone is done here. Returns
/// how many.
pub async fn balance_closings(app: &App) -> Result<usize> {
    let mut done = 0;
    loop {
        let mut tx = app.begin(Actor::system("ledger.balance_closings")).await?;
        let Some((through, before)) = store::first_unbalanced(&mut tx).await? else {
            return Ok(done);
        };
        store::balance_closing(&mut tx, through, before).await?;
        tx.commit().await?;
        done += 1;
    }
}

/// Closes, newest first, and which months can be closed next.
pub async fn periods(tx: &mut Tx) -> Result<Periods> {
    tx.require(BOOK)?;
    let items = store::periods(tx).await?;
    let first = match items.first() {
        Some(last) => last.through.succ_opt(),
        None => store::first_day(tx).await?,
    };
    let today = local_date(tx.now());
    let closable = first.map(|first| month_ends(first, today)).unwrap_or_default();
    Ok(Periods { items, closable })
}

/// The last days of months from `first` on, before `today`.
fn month_ends(first: NaiveDate, today: NaiveDate) -> Vec<NaiveDate> {
    let mut ends = Vec::new();
    let mut month = first.with_day(1);
    while let Some(start) = month {
        let next = start.checked_add_months(Months::new(1));
        match next.and_then(|n| n.checked_sub_days(Days::new(1))) {
            Some(end) if end < today => ends.push(end),
            _ => break,
        }
        month = next;
    }
    ends
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_are_closable_once_they_are_over() {
        let day = |s: &str| s.parse::<NaiveDate>().unwrap();
        let ends = month_ends(day("2026-09-17"), day("2026-11-30"));
        assert_eq!(ends, [day("2026-09-30"), day("2026-10-31")]);
        assert!(month_ends(day("2026-11-01"), day("2026-11-22")).is_empty());
        assert!(ends_a_month(day("2028-02-29")) && !ends_a_month(day("2027-03-30")));
    }
}
