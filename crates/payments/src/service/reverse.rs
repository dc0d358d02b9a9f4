//! Taking a payment back: the same turn's mistake, and a cheque that was not honoured.

use crate::event::{What, tell};
use crate::permissions::{CLOSE, TAKE};
use crate::store::{self, OrderRow};
use crate::{PayMethod, PaymentOrder, PaymentRule, PaymentState};
use kernel::{AccountId, Error, PaymentOrderId, PostingId, Result, Scope, Tx, clock::local_date};
use ledger::{Ledger, Posting};

/// Takes back what the caller took by mistake, while his turn still runs: the money goes back over
/// the counter, the accounts stand as before, the receipt is void.
pub async fn reverse(tx: &mut Tx, id: PaymentOrderId, reason: &str) -> Result<PaymentOrder> {
    let scope = tx.scope(TAKE)?;
    let reason = super::needed("reason", reason)?;
    let cashier = tx.user()?;
    let shift = store::my_open_shift(tx, cashier).await?.ok_or(PaymentRule::NoShift)?;
    let order = locked(tx, &scope, id).await?;
    if order.shift_id != Some(shift.id) {
        return Err(PaymentRule::TooLateToReverse.into());
    }
    let accounts = undo(tx, &order, &reason).await?;
    let (no, amount) = (order.no.clone(), order.amount_fen);
    let what = What::Reversed { no, amount, reason, accounts };
    tell(tx, ("payment", *order.id), &order.org_path, &what)?;
    store::payment(tx, &Scope::all(), id).await
}

/// A cheque was not honoured: what it paid is owed again from today on, every channel tells the
/// customer so, and no further cheque is taken until the hold is released.
pub async fn bounce(tx: &mut Tx, id: PaymentOrderId, reason: &str) -> Result<PaymentOrder> {
    let scope = tx.scope(CLOSE)?;
    let reason = super::needed("reason", reason)?;
    let order = locked(tx, &scope, id).await?;
    if order.method != PayMethod::Cheque {
        return Err(PaymentRule::NotACheque.into());
    }
    let accounts = undo(tx, &order, &reason).await?;
    for account in &accounts {
        let hold = billing::bounced_cheque_hold(*account, &order.no, &reason);
        let source_id = format!("{}/{account}", order.id);
        billing::hold_for_room(tx, hold, "payments.bounced", &source_id).await?;
    }
    let (no, amount) = (order.no.clone(), order.amount_fen);
    let what = What::Bounced { no, amount, reason, accounts };
    tell(tx, ("payment", *order.id), &order.org_path, &what)?;
    store::payment(tx, &Scope::all(), id).await
}

/// A settled order whose accounts are locked, in the order in which everybody locks.
pub(super) async fn locked(tx: &mut Tx, scope: &Scope, id: PaymentOrderId) -> Result<OrderRow> {
    let order = store::lock_order(tx, scope, id).await?;
    if order.state != PaymentState::Settled {
        return Err(PaymentRule::PaymentIs(order.state).into());
    }
    if store::refund_runs(tx, id).await? {
        return Err(PaymentRule::RefundTaken.into());
    }
    Ok(order)
}

/// Books the opposite, voids the receipt, marks the order; gives the accounts.
async fn undo(tx: &mut Tx, order: &OrderRow, reason: &str) -> Result<Vec<AccountId>> {
    let accounts: Vec<_> =
        store::shares(tx, order.id).await?.into_iter().map(|s| s.account_id).collect();
    store::lock_accounts(tx, &accounts).await?;
    let memo = format!("冲正 {}：{reason}", order.no);
    let posting = opposite(tx, order, "payment_reversal", memo, None).await?;
    store::set_reversed(tx, order.id, posting, reason).await?;
    for receipt in store::receipts(tx, order.id).await? {
        store::void_receipt(tx, receipt.id, reason).await?;
    }
    Ok(accounts)
}

/// Writes the opposite of what an order's settlement wrote, valid today. The money leaves where it
/// came in, or becomes a debt to the customer (`owed`).
pub(super) async fn opposite(
    tx: &mut Tx,
    order: &OrderRow,
    source: &str,
    memo: String,
    owed: Option<Ledger>,
) -> Result<PostingId> {
    let today = local_date(tx.now());
    let heads =
        [("payment", source.to_owned()), ("payment_late_fee", format!("{source}_late_fee"))];
    let mut money = None;
    for (first, source) in heads {
        let source_id = order.id.to_string();
        let Some((id, before)) = ledger::posting_of(tx, first, &source_id).await? else { continue };
        let mut lines = before.lines;
        for line in &mut lines {
            line.amount = line.amount.checked_neg().ok_or(PaymentRule::TooMuch)?;
            let is_money = line.ledger.is_money() || line.ledger == Ledger::Suspense;
            if let Some(owed) = owed.filter(|_| is_money) {
                line.ledger = owed;
            }
        }
        let posting = Posting {
            source,
            source_id,
            corrects_id: Some(id),
            memo: memo.clone(),
            channel: before.channel,
            valid_on: today,
            lines,
        };
        let id = ledger::post(tx, posting).await?;
        money.get_or_insert(id);
    }
    money.ok_or(Error::NotFound("posting"))
}
