//! The one way by which money enters.

use super::book::{self, Money};
use crate::event::{What, tell};
use crate::store::{self, NewOrderRow, NewRefund, OrderRow};
use crate::{
    AttemptOutcome, AttemptState, Change, PayMethod, PaymentRule, RefundKind, RefundState,
    back_off, hear,
};
use kernel::{
    AccountId, Error, Fen, PaymentOrderId, PostingId, Result, Scope, Tx, clock::local_date,
};
use ledger::{Ledger, Line, Posting};
use std::collections::BTreeMap;

/// What somebody says about a try to pay an order.
#[derive(Clone, Debug)]
pub struct Settlement {
    /// The order.
    pub order: PaymentOrderId,
    /// Through which channel.
    pub channel: PayMethod,
    /// The channel's own number of the try.
    pub reference: String,
    /// How much it is, by the channel.
    pub amount: Fen,
    /// How it stands.
    pub told: AttemptState,
}

/// What came of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Settled {
    /// It was known already.
    Nothing,
    /// It is noted; no money came.
    Noted,
    /// The order is paid by it.
    Paid,
    /// The order was paid before: the money is on its way back.
    SentBack,
}

/// Makes an order for a channel of the customer's side: what he set out to pay, before any money
/// moved. Its tries are heard by [`settle`].
pub async fn create_order(
    tx: &mut Tx,
    method: PayMethod,
    shares: Vec<(AccountId, Fen)>,
) -> Result<PaymentOrderId> {
    let scope = tx.scope(ledger::permissions::POST)?;
    let amount = ledger::sum(shares.iter().map(|(_, f)| *f)).ok_or(PaymentRule::TooMuch)?;
    if shares.is_empty() || shares.iter().any(|(_, f)| *f <= Fen::ZERO) {
        return Err(PaymentRule::NothingToPay.into());
    }
    if amount > crate::MOST {
        return Err(PaymentRule::TooMuch.into());
    }
    let ids: Vec<AccountId> = shares.iter().map(|(a, _)| *a).collect();
    let rows = store::accounts(tx, &scope, &ids).await?;
    let org_path = match rows.first() {
        Some(row) if rows.len() == ids.len() => row.org_path.clone(),
        _ => return Err(Error::NotFound("household")),
    };
    let new = NewOrderRow {
        method,
        amount,
        rounding: Fen::ZERO,
        tendered: None,
        change: None,
        org_path,
        shift_id: None,
        payer: String::new(),
        memo: String::new(),
        shares,
    };
    store::insert_order(tx, &new).await
}

/// Hears what a channel says about a try, and does what follows: the only way money enters, for
/// every channel. Heard twice it happens once; the order in which things are heard does not
/// matter; two successes of one order pay it once and the second goes back by itself.
///
/// Whoever calls this has verified the channel's word; that stands for the permission.
pub async fn settle(tx: &mut Tx, news: Settlement) -> Result<Settled> {
    tx.require(ledger::permissions::POST)?;
    // Of a number that is known for another order, the other order is meant.
    let order_id = store::order_of(tx, news.channel, &news.reference).await?.unwrap_or(news.order);
    let order = store::lock_order(tx, &Scope::all(), order_id).await?;
    let tried =
        store::find_or_begin(tx, order.id, news.channel, &news.reference, news.amount).await?;
    let outcome = match hear(tried.known(), news.told, order.state) {
        Change::Nothing => return Ok(Settled::Nothing),
        Change::Rises(state) => {
            let again = (state < AttemptState::Failed).then(|| tx.now() + back_off(tried.queries));
            store::set_attempt(tx, tried.id, state, None, again).await?;
            return Ok(Settled::Noted);
        }
        Change::Settles => AttemptOutcome::Settled,
        Change::Surplus => AttemptOutcome::Surplus,
    };
    let state = AttemptState::Succeeded;
    store::set_attempt(tx, tried.id, state, Some(outcome), None).await?;
    if outcome == AttemptOutcome::Settled {
        let shares = store::shares(tx, order.id).await?;
        let shares = shares.into_iter().map(|s| (s.account_id, s.amount_fen)).collect();
        // What the channel says that came is what came.
        let shares = fitted(shares, tried.amount_fen);
        let came = [(news.channel.ledger(), tried.amount_fen)];
        pay(tx, &order, shares, &came).await?;
        return Ok(Settled::Paid);
    }
    send_back(tx, &order, &news, tried.id, tried.amount_fen).await?;
    Ok(Settled::SentBack)
}

/// Shares that sum to what came: less is taken from the last ones, more goes to the first.
fn fitted(shares: BTreeMap<AccountId, Fen>, came: Fen) -> BTreeMap<AccountId, Fen> {
    let mut left = came.get();
    let mut fitted: BTreeMap<_, _> = shares
        .into_iter()
        .map(|(account, amount)| {
            let part = amount.get().min(left).max(0);
            left -= part;
            (account, Fen::new(part))
        })
        .collect();
    if let Some(first) = fitted.first_entry().filter(|_| left > 0) {
        let more = Fen::new(first.get().get() + left);
        *first.into_mut() = more;
    }
    fitted.retain(|_, amount| *amount > Fen::ZERO);
    fitted
}

/// Books an order's money: what came to what is owed.
pub(super) async fn pay(
    tx: &mut Tx,
    order: &OrderRow,
    shares: BTreeMap<AccountId, Fen>,
    came: &[(Ledger, Fen)],
) -> Result<PostingId> {
    let accounts: Vec<AccountId> = shares.keys().copied().collect();
    store::lock_accounts(tx, &accounts).await?;
    let book = book::read(tx, &order.org_path, &accounts).await?;
    pay_from(tx, order, &book, shares, came).await
}

/// The same with accounts that are locked and read.
pub(super) async fn pay_from(
    tx: &mut Tx,
    order: &OrderRow,
    book: &book::Book,
    shares: BTreeMap<AccountId, Fen>,
    came: &[(Ledger, Fen)],
) -> Result<PostingId> {
    let channel = <&str>::from(order.method);
    let memo = format!("{} {}", order.method.zh(), order.no);
    let money = Money {
        source: ("payment", order.id.to_string()),
        memo,
        channel,
        came,
        rounding: order.rounding_fen,
    };
    let (posting, late) = book::post(tx, book, &shares, money).await?;
    store::set_settled(tx, order.id, posting, late).await?;
    let accounts = shares.into_keys().collect();
    let (no, amount) = (order.no.clone(), order.amount_fen);
    let what = What::Settled { no, method: channel, amount, accounts };
    tell(tx, ("payment", *order.id), &order.org_path, &what)?;
    Ok(posting)
}

/// Books money that came too often as owed to the customer, and starts it on its way back.
async fn send_back(
    tx: &mut Tx,
    order: &OrderRow,
    news: &Settlement,
    attempt: kernel::AttemptId,
    amount: Fen,
) -> Result<()> {
    let minus = amount.checked_neg().ok_or(PaymentRule::TooMuch)?;
    let channel = <&str>::from(news.channel);
    let posting = Posting {
        source: "surplus".to_owned(),
        source_id: attempt.to_string(),
        corrects_id: None,
        memo: format!("重复支付 {}", order.no),
        channel: Some(channel.to_owned()),
        valid_on: local_date(tx.now()),
        lines: vec![
            Line::house(news.channel.ledger(), "surplus", amount),
            Line::house(Ledger::RefundPayable, "surplus", minus),
        ],
    };
    let owed = ledger::post(tx, posting).await?;
    let refund = NewRefund {
        order: Some(order.id),
        attempt: Some(attempt),
        account: None,
        org_path: order.org_path.clone(),
        amount,
        method: news.channel,
        kind: RefundKind::DoubleSuccess,
        reason: format!("订单 {} 重复支付，流水 {}", order.no, news.reference),
        state: RefundState::Running,
        owed_posting: Some(owed),
    };
    store::insert_refund(tx, &refund).await?;
    let what = What::Surplus { no: order.no.clone(), channel, amount };
    tell(tx, ("payment", *order.id), &order.org_path, &what)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn fit(shares: &[(u128, i64)], came: i64) -> Vec<(u128, i64)> {
        let shares =
            shares.iter().map(|(a, f)| (Uuid::from_u128(*a).into(), Fen::new(*f))).collect();
        let fitted = fitted(shares, Fen::new(came));
        fitted.into_iter().map(|(a, f): (AccountId, Fen)| (a.as_u128(), f.get())).collect()
    }

    #[test]
    fn what_came_is_shared_whatever_was_meant_to_come() {
        let meant = [(1, 300), (2, 200)];
        assert_eq!(fit(&meant, 500), [(1, 300), (2, 200)]);
        assert_eq!(fit(&meant, 350), [(1, 300), (2, 50)]);
        assert_eq!(fit(&meant, 300), [(1, 300)]);
        assert_eq!(fit(&meant, 600), [(1, 400), (2, 200)]);
    }
}
