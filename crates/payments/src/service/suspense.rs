//! Money that came and nobody knew for whom: in the book at once, with an owner later.

use super::take::{Till, take_money};
use crate::event::{What, tell};
use crate::permissions::SUSPENSE;
use crate::store;
use crate::{
    NewSuspense, PayMethod, PaymentRule, SuspenseItem, SuspenseState, Take, TakeShare, Taken,
};
use kernel::{AccountId, Error, Fen, Result, SuspenseId, Tx, clock::local_date};
use ledger::{Ledger, Line, Posting};

/// Money without an owner, the oldest first.
pub async fn suspense(tx: &mut Tx, only_open: bool) -> Result<Vec<SuspenseItem>> {
    let scope = tx.scope(SUSPENSE)?;
    store::suspense(tx, &scope, only_open, 500).await
}

/// Books money whose owner is not known.
pub async fn book_suspense(tx: &mut Tx, mut new: NewSuspense) -> Result<SuspenseId> {
    tx.require(SUSPENSE)?;
    let user = tx.user()?;
    new.reference = super::needed("reference", &new.reference)?;
    new.payer = super::short("payer", &new.payer)?;
    new.remark = super::short("remark", &new.remark)?;
    if new.amount_fen <= Fen::ZERO {
        return Err(PaymentRule::NothingToPay.into());
    }
    if new.amount_fen > crate::MOST {
        return Err(PaymentRule::TooMuch.into());
    }
    if new.channel == PayMethod::Suspense {
        return Err(PaymentRule::NotAtCounter.into());
    }
    let today = local_date(tx.now());
    if new.received_on > today {
        return Err(Error::invalid("received_on", "不能晚于今天", "must not be still to come"));
    }
    let (org_path, _) = store::workplace(tx, user).await?;
    let id: SuspenseId = tx.new_id();
    let memo = format!("暂收 {}", new.reference);
    let day = ledger::open_day(tx, new.received_on).await?;
    let (from, to) = (new.channel.ledger(), Ledger::Suspense);
    let lines = moved(from, to, new.amount_fen)?;
    let posting = Posting {
        source: "suspense".to_owned(),
        source_id: id.to_string(),
        corrects_id: None,
        memo,
        channel: Some(<&str>::from(new.channel).to_owned()),
        valid_on: day,
        lines,
    };
    let posting = ledger::post(tx, posting).await?;
    store::insert_suspense(tx, id, &org_path, &new, posting).await?;
    let what = What::SuspenseBooked { amount: new.amount_fen, channel: <&str>::from(new.channel) };
    tell(tx, ("suspense", *id), &org_path, &what)?;
    Ok(id)
}

fn moved(debit: Ledger, credit: Ledger, amount: Fen) -> Result<Vec<Line>> {
    let minus = amount.checked_neg().ok_or(PaymentRule::TooMuch)?;
    Ok(vec![Line::house(debit, "suspense", amount), Line::house(credit, "suspense", minus)])
}

/// Gives it an owner: it pays his open items like any other payment.
pub async fn assign_suspense(
    tx: &mut Tx,
    id: SuspenseId,
    account: AccountId,
    reason: &str,
) -> Result<Taken> {
    let scope = tx.scope(SUSPENSE)?;
    let reason = super::needed("reason", reason)?;
    let cashier = tx.user()?;
    let money = open(tx, id).await?;
    let cmd = Take {
        shares: vec![TakeShare {
            account_id: account,
            amount_fen: money.amount_fen,
            shown_fen: None,
        }],
        method: PayMethod::Suspense,
        tendered_fen: None,
        reference: String::new(),
        payer: money.payer.clone(),
        memo: reason.clone(),
        receipt: false,
    };
    let (org_path, _) = store::workplace(tx, cashier).await?;
    let till = Till { cashier, counter: String::new(), shift: None };
    let taken = take_money(tx, &scope, &org_path, till, cmd, Some(id.to_string())).await?;
    let order_id = taken.payment.id;
    let state = SuspenseState::Assigned;
    store::decide_suspense(tx, id, state, Some(order_id), &reason).await?;
    let what = What::SuspenseAssigned { amount: money.amount_fen, order_id };
    tell(tx, ("suspense", *id), &org_path, &what)?;
    Ok(taken)
}

/// Sends it back to where it came from.
pub async fn return_suspense(tx: &mut Tx, id: SuspenseId, reason: &str) -> Result<()> {
    tx.require(SUSPENSE)?;
    let reason = super::needed("reason", reason)?;
    let money = open(tx, id).await?;
    let lines = moved(Ledger::Suspense, money.channel.ledger(), money.amount_fen)?;
    let posting = Posting {
        source: "suspense_returned".to_owned(),
        source_id: id.to_string(),
        corrects_id: None,
        memo: format!("暂收退回 {}：{reason}", money.reference),
        channel: Some(<&str>::from(money.channel).to_owned()),
        valid_on: local_date(tx.now()),
        lines,
    };
    ledger::post(tx, posting).await?;
    store::decide_suspense(tx, id, SuspenseState::Returned, None, &reason).await?;
    let what = What::SuspenseReturned { amount: money.amount_fen, reason };
    tell(tx, ("suspense", *id), "/", &what)
}

async fn open(tx: &mut Tx, id: SuspenseId) -> Result<SuspenseItem> {
    let scope = tx.scope(SUSPENSE)?;
    let money = store::lock_suspense(tx, &scope, id).await?;
    if money.state != SuspenseState::Open {
        return Err(PaymentRule::SuspenseDecided.into());
    }
    Ok(money)
}
