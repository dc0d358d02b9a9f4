//! A turn at the till: float in, count, name the difference, hand over.

use crate::event::{What, tell};
use crate::permissions::{CLOSE, TAKE};
use crate::store::{self, ShiftRow, WhichShifts};
use crate::{CashShift, PaymentRule, ShiftState};
use chrono::NaiveDate;
use kernel::{
    Cursor, Error, Fen, Page, PostingId, Result, Scope, ShiftId, Tx, UserId, clock::local_date,
    page,
};
use ledger::{Ledger, Line, Posting};

/// Opens the caller's turn.
pub async fn open_shift(tx: &mut Tx, counter: &str, float: Fen) -> Result<CashShift> {
    tx.require(TAKE)?;
    let cashier = tx.user()?;
    let counter = super::needed("counter", counter)?;
    if !(Fen::ZERO..=Fen::new(100_000_000)).contains(&float) {
        return Err(PaymentRule::TooMuch.into());
    }
    let (org_path, _) = store::workplace(tx, cashier).await?;
    let id = store::insert_shift(tx, cashier, &org_path, &counter, float).await?;
    let shift = shown(tx, id).await?;
    let what = What::ShiftOpened { no: shift.no.clone(), counter, float };
    tell(tx, ("shift", *id), &org_path, &what)?;
    Ok(shift)
}

/// The caller's turn that is not handed over, with what it took so far.
pub async fn my_shift(tx: &mut Tx) -> Result<Option<CashShift>> {
    tx.require(TAKE)?;
    let of = Some(tx.user()?);
    let which = WhichShifts { of, running: true, ..WhichShifts::default() };
    Ok(store::shifts(tx, &Scope::all(), which, None, 1).await?.pop())
}

/// Turns in sight: one's own for a cashier, everybody's for who closes the day.
pub async fn shifts(
    tx: &mut Tx,
    on: Option<NaiveDate>,
    running: bool,
    limit: Option<i64>,
    after: Option<&str>,
) -> Result<Page<CashShift>> {
    let (scope, of) = match tx.scope(CLOSE) {
        Ok(scope) => (scope, None),
        Err(_) => (tx.scope(TAKE)?, Some(tx.user()?)),
    };
    let limit = page::limit(limit);
    let which = WhichShifts { of, on, running, ..WhichShifts::default() };
    let rows = store::shifts(tx, &scope, which, Cursor::decode(after)?, limit + 1).await?;
    Ok(Page::cut(rows, limit, |s| (s.opened_at, *s.id)))
}

/// Writes down what is in the drawer. The caller sees what should be there only afterwards.
pub async fn count_shift(tx: &mut Tx, id: ShiftId, counted: Fen) -> Result<CashShift> {
    let shift = mine(tx, id, &[ShiftState::Open, ShiftState::Counted]).await?;
    if counted < Fen::ZERO || counted > crate::MOST {
        return Err(PaymentRule::TooMuch.into());
    }
    let cash = store::cash_of(tx, id).await?;
    let expected = cash.checked_add(shift.float_fen).ok_or(PaymentRule::TooMuch)?;
    store::set_counted(tx, id, counted, expected).await?;
    let what = What::ShiftCounted { no: shift.no, counted, expected };
    tell(tx, ("shift", *id), &shift.org_path, &what)?;
    shown(tx, id).await
}

/// Takes money again after a count, for the customer who comes at the last minute.
pub async fn resume_shift(tx: &mut Tx, id: ShiftId) -> Result<CashShift> {
    let shift = mine(tx, id, &[ShiftState::Counted]).await?;
    store::set_uncounted(tx, id).await?;
    tell(tx, ("shift", *id), &shift.org_path, &What::ShiftResumed { no: shift.no })?;
    shown(tx, id).await
}

/// Hands the drawer over, to a colleague or the safe. What is over or short has a reason, and is
/// booked so that the ledger says what the drawer says.
pub async fn close_shift(
    tx: &mut Tx,
    id: ShiftId,
    reason: &str,
    to: Option<UserId>,
) -> Result<CashShift> {
    let shift = mine(tx, id, &[ShiftState::Counted]).await?;
    let reason = super::short("reason", reason)?;
    let (counted, expected) = (shift.counted_fen, shift.expected_fen);
    let difference = counted
        .zip(expected.and_then(Fen::checked_neg))
        .and_then(|(c, e)| c.checked_add(e))
        .ok_or(PaymentRule::TooMuch)?;
    if difference != Fen::ZERO && reason.is_empty() {
        return Err(PaymentRule::DifferenceUnnamed(difference).into());
    }
    let posting = match difference {
        Fen::ZERO => None,
        by => Some(book_difference(tx, &shift, by, &reason).await?),
    };
    store::set_closed(tx, id, &reason, to, posting).await?;
    let what = What::ShiftClosed { no: shift.no, difference, reason };
    tell(tx, ("shift", *id), &shift.org_path, &what)?;
    shown(tx, id).await
}

async fn book_difference(
    tx: &mut Tx,
    shift: &ShiftRow,
    by: Fen,
    reason: &str,
) -> Result<PostingId> {
    let minus = by.checked_neg().ok_or(PaymentRule::TooMuch)?;
    let posting = Posting {
        source: "till_difference".to_owned(),
        source_id: shift.id.to_string(),
        corrects_id: None,
        memo: format!("{} 现金差异：{reason}", shift.no),
        channel: Some("cash".to_owned()),
        valid_on: local_date(tx.now()),
        lines: vec![
            Line::house(Ledger::Cash, "till_difference", by),
            Line::house(Ledger::Suspense, "till_difference", minus),
        ],
    };
    ledger::post(tx, posting).await
}

async fn mine(tx: &mut Tx, id: ShiftId, states: &[ShiftState]) -> Result<ShiftRow> {
    let scope = tx.scope(TAKE)?;
    let who = tx.user()?;
    let shift = store::lock_shift(tx, &scope, id).await?;
    if shift.cashier_id != who {
        return Err(PaymentRule::NotYourShift.into());
    }
    if !states.contains(&shift.state) {
        return Err(PaymentRule::ShiftIs(shift.state).into());
    }
    Ok(shift)
}

async fn shown(tx: &mut Tx, id: ShiftId) -> Result<CashShift> {
    let which = WhichShifts { id: Some(id), ..WhichShifts::default() };
    store::shifts(tx, &Scope::all(), which, None, 1).await?.pop().ok_or(Error::NotFound("shift"))
}
