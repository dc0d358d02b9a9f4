//! Money that goes back later: one person asks, another approves, and it is tried until it is done.

use super::reverse;
use crate::event::{What, tell};
use crate::permissions::{APPROVE, TAKE, VIEW};
use crate::store::{self, NewRefund, RefundRow};
use crate::{
    PayMethod, PaymentRefund, PaymentRule, Providers, RefundKind, RefundState, Returned, back_off,
};
use kernel::{
    AccountId, Actor, App, Error, Fen, PaymentOrderId, PostingId, RefundId, Result, Scope, Tx,
    clock::local_date,
};
use ledger::{Ledger, Line, Posting};

/// Refunds in sight: open ones first.
pub async fn refunds(tx: &mut Tx, only_open: bool) -> Result<Vec<PaymentRefund>> {
    let scope = tx.scope(VIEW)?;
    store::refunds(tx, &scope, None, only_open, 200).await
}

/// Asks to give a whole payment back, after its turn at the till is over.
pub async fn request_refund(
    tx: &mut Tx,
    id: PaymentOrderId,
    method: PayMethod,
    reason: &str,
) -> Result<RefundId> {
    let scope = tx.scope(TAKE)?;
    let reason = super::needed("reason", reason)?;
    let order = reverse::locked(tx, &scope, id).await?;
    let new = NewRefund {
        order: Some(id),
        attempt: None,
        account: None,
        org_path: order.org_path.clone(),
        amount: received(order.amount_fen, order.rounding_fen)?,
        method,
        kind: RefundKind::Order,
        reason,
        state: RefundState::Requested,
        owed_posting: None,
    };
    requested(tx, new).await
}

fn received(amount: Fen, rounding: Fen) -> Result<Fen> {
    let minus = rounding.checked_neg().ok_or(PaymentRule::TooMuch)?;
    Ok(amount.checked_add(minus).ok_or(PaymentRule::TooMuch)?)
}

/// Asks to give back what an account has paid ahead.
pub async fn request_credit_refund(
    tx: &mut Tx,
    account: AccountId,
    amount: Fen,
    method: PayMethod,
    reason: &str,
) -> Result<RefundId> {
    let scope = tx.scope(TAKE)?;
    let reason = super::needed("reason", reason)?;
    let rows = store::accounts(tx, &scope, &[account]).await?;
    let row = rows.first().ok_or(Error::NotFound("household"))?;
    if amount <= Fen::ZERO {
        return Err(PaymentRule::NothingToPay.into());
    }
    enough(tx, account, amount).await?;
    let new = NewRefund {
        order: None,
        attempt: None,
        account: Some(account),
        org_path: row.org_path.clone(),
        amount,
        method,
        kind: RefundKind::Credit,
        reason,
        state: RefundState::Requested,
        owed_posting: None,
    };
    requested(tx, new).await
}

async fn enough(tx: &mut Tx, account: AccountId, amount: Fen) -> Result<()> {
    let has = ledger::advances(tx, &[account]).await?.first().map_or(Fen::ZERO, |(_, fen)| *fen);
    if amount > has {
        return Err(PaymentRule::NotSoMuchCredit(has).into());
    }
    Ok(())
}

async fn requested(tx: &mut Tx, new: NewRefund) -> Result<RefundId> {
    if new.method == PayMethod::Suspense {
        return Err(PaymentRule::NotAtCounter.into());
    }
    let id = store::insert_refund(tx, &new).await?;
    let what = What::RefundRequested { amount: new.amount, reason: new.reason };
    tell(tx, ("refund", *id), &new.org_path, &what)?;
    Ok(id)
}

/// A second person approves it, or does not. Approved, the book owes the customer the money from
/// this instant on, whenever it reaches him.
pub async fn decide_refund(tx: &mut Tx, id: RefundId, approve: bool, reason: &str) -> Result<()> {
    let scope = tx.scope(APPROVE)?;
    let reason = super::short("reason", reason)?;
    let refund = store::lock_refund(tx, &scope, id).await?;
    if refund.state != RefundState::Requested {
        return Err(PaymentRule::RefundIs(refund.state).into());
    }
    if refund.requested_by == Some(tx.user()?) {
        return Err(PaymentRule::SecondPerson.into());
    }
    if approve {
        let owed = owe(tx, &refund).await?;
        let now = tx.now();
        store::set_decided(tx, id, RefundState::Running, Some(owed), Some(now)).await?;
    } else {
        store::set_decided(tx, id, RefundState::Refused, None, None).await?;
    }
    let what = What::RefundDecided { approved: approve, amount: refund.amount_fen, reason };
    tell(tx, ("refund", *id), &refund.org_path, &what)
}

async fn owe(tx: &mut Tx, refund: &RefundRow) -> Result<PostingId> {
    if let Some(id) = refund.order_id {
        let order = store::lock_order(tx, &Scope::all(), id).await?;
        let accounts: Vec<_> =
            store::shares(tx, id).await?.into_iter().map(|s| s.account_id).collect();
        store::lock_accounts(tx, &accounts).await?;
        let memo = format!("退款 {}：{}", order.no, refund.reason);
        let owed = Some(Ledger::RefundPayable);
        let posting = reverse::opposite(tx, &order, "payment_refund", memo, owed).await?;
        store::set_reversed(tx, id, posting, &refund.reason).await?;
        for receipt in store::receipts(tx, id).await? {
            store::void_receipt(tx, receipt.id, &refund.reason).await?;
        }
        return Ok(posting);
    }
    let account = refund.account_id.ok_or(Error::NotFound("household"))?;
    store::lock_accounts(tx, &[account]).await?;
    enough(tx, account, refund.amount_fen).await?;
    let minus = refund.amount_fen.checked_neg().ok_or(PaymentRule::TooMuch)?;
    let posting = Posting {
        source: "credit_refund".to_owned(),
        source_id: refund.id.to_string(),
        corrects_id: None,
        memo: format!("退预存：{}", refund.reason),
        channel: None,
        valid_on: local_date(tx.now()),
        lines: vec![
            Line::customer(Ledger::Advance, account, crate::ADVANCE, refund.amount_fen),
            Line::house(Ledger::RefundPayable, "refund", minus),
        ],
    };
    ledger::post(tx, posting).await
}

/// Writes that the customer has it: paid over the counter from the caller's drawer, or by a slip.
pub async fn pay_refund(tx: &mut Tx, id: RefundId, reference: &str) -> Result<()> {
    let scope = tx.scope(TAKE)?;
    let reference = super::short("reference", reference)?;
    let cashier = tx.user()?;
    let refund = store::lock_refund(tx, &scope, id).await?;
    if refund.state != RefundState::Running {
        return Err(PaymentRule::RefundIs(refund.state).into());
    }
    let mut shift = None;
    if refund.method == PayMethod::Cash {
        let open = store::my_open_shift(tx, cashier).await?.ok_or(PaymentRule::NoShift)?;
        shift = Some(open.id);
    } else if reference.is_empty() {
        return Err(PaymentRule::ReferenceMissing.into());
    }
    paid_back(tx, &refund, &reference, shift).await
}

async fn paid_back(
    tx: &mut Tx,
    refund: &RefundRow,
    reference: &str,
    shift: Option<kernel::ShiftId>,
) -> Result<()> {
    let minus = refund.amount_fen.checked_neg().ok_or(PaymentRule::TooMuch)?;
    let posting = Posting {
        source: "refund_paid".to_owned(),
        source_id: refund.id.to_string(),
        corrects_id: None,
        memo: format!("{} {}", refund.kind.zh(), refund.reason),
        channel: Some(<&str>::from(refund.method).to_owned()),
        valid_on: local_date(tx.now()),
        lines: vec![
            Line::house(Ledger::RefundPayable, "refund", refund.amount_fen),
            Line::house(refund.method.ledger(), "refund", minus),
        ],
    };
    let posting = ledger::post(tx, posting).await?;
    store::set_done(tx, refund.id, posting, reference, shift).await?;
    let what = What::RefundDone { amount: refund.amount_fen };
    tell(tx, ("refund", *refund.id), &refund.org_path, &what)
}

/// Tries one refund at its provider, if its time has come; true when the customer has it. What
/// fails is tried again, ever more rarely, for ever: nobody forgets it. The provider is asked
/// between two transactions, under a number that stays the same: killed in the middle, the next
/// try asks again and the provider pays once.
pub async fn try_refund(app: &App, providers: &Providers, id: RefundId) -> Result<bool> {
    let mut tx = app.begin(Actor::system("自动退款")).await?;
    let refund = store::lock_refund(&mut tx, &Scope::all(), id).await?;
    if refund.state != RefundState::Running {
        return Ok(false);
    }
    let Some(provider) = providers.of(refund.method) else {
        // People pay it: it stays visible in their list.
        store::set_tried(&mut tx, id, None, "待人工退付").await?;
        tx.commit().await?;
        return Ok(false);
    };
    let reference = match refund.attempt_id {
        Some(attempt) => store::reference_of(&mut tx, attempt).await?,
        None => refund.order_id.map(|o| o.to_string()).unwrap_or_default(),
    };
    // Who comes meanwhile sees it as tried; if we die, its time comes again.
    let next = tx.now() + back_off(refund.tries);
    store::set_tried(&mut tx, id, Some(next), "").await?;
    tx.commit().await?;

    let answer = provider.refund(&id.to_string(), &reference, refund.amount_fen).await;
    let mut tx = app.begin(Actor::system("自动退款")).await?;
    let refund = store::lock_refund(&mut tx, &Scope::all(), id).await?;
    if refund.state != RefundState::Running {
        return Ok(true);
    }
    let error = match answer {
        Ok(Returned::Done(reference)) => {
            paid_back(&mut tx, &refund, &reference, None).await?;
            tx.commit().await?;
            return Ok(true);
        }
        Ok(Returned::Waiting(why)) => why,
        Err(e) => format!("{e:#}"),
    };
    store::note_refund_error(&mut tx, id, &error).await?;
    let what = What::RefundFailed { tries: refund.tries, error };
    tell(&mut tx, ("refund", *id), &refund.org_path, &what)?;
    tx.commit().await?;
    Ok(false)
}
