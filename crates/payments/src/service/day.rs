//! The end of the day: payments, ledger and drawers say the same, or the difference has a name.

use crate::event::{What, tell};
use crate::permissions::CLOSE;
use crate::store;
use crate::{DayBooks, DayLine, PayMethod, PaymentRule, day_line};
use chrono::NaiveDate;
use kernel::{Error, Fen, Result, Tx, clock::local_date};
use strum::VariantArray as _;
use uuid::Uuid;

/// A day's books of the caller's organisation.
pub async fn day_books(tx: &mut Tx, on: NaiveDate) -> Result<DayBooks> {
    tx.require(CLOSE)?;
    let (org_path, _) = store::workplace(tx, tx.user()?).await?;
    books(tx, on, org_path).await
}

async fn books(tx: &mut Tx, on: NaiveDate, org_path: String) -> Result<DayBooks> {
    let closed = store::day_closed(tx, on, &org_path).await?;
    let mut books = reckoned(tx, on, org_path).await?;
    if let Some(closed) = closed {
        books.lines = closed.lines;
        books.difference_fen = closed.difference_fen;
        books.explanation = closed.explanation;
        books.closed_at = Some(closed.closed_at);
        books.closed_by_name = closed.closed_by_name;
    }
    Ok(books)
}

async fn reckoned(tx: &mut Tx, on: NaiveDate, org_path: String) -> Result<DayBooks> {
    let by_payments = store::day_payments(tx, on, &org_path).await?;
    let by_ledger = store::day_ledger(tx, on, &org_path).await?;
    let drawers = store::day_drawers(tx, on, &org_path).await?;
    let mut lines: Vec<DayLine> = Vec::new();
    for method in PayMethod::VARIANTS.iter().filter(|m| **m != PayMethod::Suspense) {
        let paid = by_payments.iter().filter(|p| p.method == *method);
        let (count, orders) =
            paid.fold((0, 0_i64), |(n, sum), p| (n + p.payments, sum + p.fen.get()));
        let booked = by_ledger.iter().find(|(m, _)| m == method).map_or(Fen::ZERO, |(_, f)| *f);
        let is_cash = *method == PayMethod::Cash;
        let drawer = drawers.counted.filter(|_| is_cash);
        if count > 0 || orders != 0 || booked != Fen::ZERO || drawer.is_some() {
            lines.push(day_line(*method, count, Fen::new(orders), booked, drawer));
        }
    }
    let sum =
        |part: fn(&DayLine) -> Fen| ledger::sum(lines.iter().map(part)).ok_or(PaymentRule::TooMuch);
    let difference = sum(|l| l.difference_fen)?;
    let received = sum(|l| l.orders_fen)?;
    let rest = store::day_rest(tx, on, &org_path).await?;
    Ok(DayBooks {
        on,
        org_path,
        received_fen: received,
        refunded_fen: rest.refunded,
        rounding_fen: rest.rounding,
        open_shifts: drawers.open,
        suspense_fen: rest.suspense,
        suspense_days: rest.suspense_days,
        difference_fen: difference,
        closed_at: None,
        closed_by_name: None,
        explanation: String::new(),
        lines,
    })
}

/// Closes the day: all turns are handed over, and what does not agree has a name.
pub async fn close_day(tx: &mut Tx, on: NaiveDate, explanation: &str) -> Result<DayBooks> {
    tx.require(CLOSE)?;
    let explanation = super::short("explanation", explanation)?;
    if on > local_date(tx.now()) {
        return Err(Error::invalid("on", "不能晚于今天", "must not be still to come"));
    }
    let (org_path, _) = store::workplace(tx, tx.user()?).await?;
    if store::day_closed(tx, on, &org_path).await?.is_some() {
        return Err(PaymentRule::DayClosed.into());
    }
    let books = reckoned(tx, on, org_path.clone()).await?;
    if books.open_shifts > 0 {
        return Err(PaymentRule::ShiftsOpen(books.open_shifts).into());
    }
    let named = books.lines.iter().all(|l| l.difference_fen == Fen::ZERO);
    if !named && explanation.is_empty() {
        return Err(PaymentRule::DifferenceUnnamed(books.difference_fen).into());
    }
    let id: Uuid = store::insert_day(tx, &books, &explanation).await?;
    let what = What::DayClosed { on, difference: books.difference_fen, explanation };
    tell(tx, ("day_close", id), &org_path, &what)?;
    self::books(tx, on, org_path).await
}
