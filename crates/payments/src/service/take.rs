//! The counter: what is owed, and money over the glass.

use super::book::{self, Book};
use super::{receipt, settle};
use crate::permissions::{TAKE, VIEW};
use crate::store::{self, AccountRow, NewOrderRow};
use crate::{
    Handed, PayMethod, PaymentQuote, PaymentRule, QuoteFor, QuotedAccount, QuotedHold, Take, Taken,
    keep,
};
use kernel::{AccountId, Error, Fen, Result, Scope, Tx, UserId};
use ledger::Ledger;
use std::collections::{BTreeMap, BTreeSet};

/// The most accounts that one payment has: a company's whole estate.
pub const MOST_ACCOUNTS: usize = 2_000;

/// What these accounts owe now, each item in the order in which it would be paid, with the holds
/// that forbid it. Nothing is changed.
pub async fn quote(tx: &mut Tx, of: QuoteFor) -> Result<PaymentQuote> {
    let scope = tx.scope(VIEW)?;
    let user = tx.user()?;
    let mut numbers: Vec<String> =
        of.account_nos.iter().map(|n| n.trim().to_owned()).filter(|n| !n.is_empty()).collect();
    numbers.dedup();
    if numbers.len() + of.account_ids.len() > MOST_ACCOUNTS {
        return Err(Error::invalid("account_nos", "一次最多 2000 户", "at most 2,000 accounts"));
    }
    let found = store::by_numbers(tx, &scope, &numbers).await?;
    let known: BTreeSet<&String> = found.iter().map(|(_, no)| no).collect();
    let unknown = numbers.iter().filter(|n| !known.contains(n)).cloned().collect();
    let mut ids: Vec<AccountId> =
        of.account_ids.into_iter().chain(found.iter().map(|(id, _)| *id)).collect();
    ids.sort_unstable();
    ids.dedup();
    let rows = store::accounts(tx, &scope, &ids).await?;
    let (org_path, _) = store::workplace(tx, user).await?;
    let seen: Vec<AccountId> = rows.iter().map(|r| r.id).collect();
    let book = book::read(tx, &org_path, &seen).await?;
    let black: BTreeMap<AccountId, String> =
        store::blacklisted(tx, &seen).await?.into_iter().collect();
    let accounts: Vec<_> =
        rows.into_iter().map(|row| quoted(&book, row, &black)).collect::<Result<_>>()?;
    let sum = |part: fn(&QuotedAccount) -> Fen| {
        ledger::sum(accounts.iter().map(part)).ok_or(PaymentRule::TooMuch)
    };
    Ok(PaymentQuote {
        unknown,
        owed_fen: sum(|a| a.owed_fen)?,
        payable_fen: sum(|a| a.payable_fen)?,
        cash_rounding: book.pack.money.cash_rounding.value,
        on: book.on,
        accounts,
    })
}

fn quoted(
    book: &Book,
    row: AccountRow,
    black: &BTreeMap<AccountId, String>,
) -> Result<QuotedAccount> {
    let standing = book.standings.get(&row.id).ok_or(Error::NotFound("household"))?;
    let mut holds: Vec<QuotedHold> = book
        .holds
        .iter()
        .filter(|h| h.account_id == row.id)
        .map(|h| QuotedHold {
            kind: <&str>::from(h.kind).to_owned(),
            words: h.words.clone(),
            until: h.until_on,
        })
        .collect();
    if let Some(reason) = black.get(&row.id) {
        let words = format!("黑名单：{reason}");
        holds.push(QuotedHold { kind: "warn".to_owned(), words, until: None });
    }
    let blocked = book.blocked(row.id).is_some();
    let payable = if blocked { Fen::ZERO } else { standing.payable(book.order()) };
    Ok(QuotedAccount {
        account_id: row.id,
        account_no: row.account_no,
        name: row.name,
        address: row.address,
        heat_use_state: row.heat_use_state,
        heated_area: row.heated_area,
        tags: row.tags,
        holds,
        items: standing.shown(book.order()),
        credit_fen: standing.credit,
        owed_fen: standing.owed().ok_or(PaymentRule::TooMuch)?,
        payable_fen: payable,
        blocked,
    })
}

/// Takes money over the counter, in the caller's own turn: the order, its one try, the ledger's
/// postings and the receipt, all or nothing. Two cashiers at one account wait for each other; the
/// second finds what the first left.
pub async fn take(tx: &mut Tx, cmd: Take) -> Result<Taken> {
    let scope = tx.scope(TAKE)?;
    let cashier = tx.user()?;
    if !cmd.method.is_counter() {
        return Err(PaymentRule::NotAtCounter.into());
    }
    let shift = store::my_open_shift(tx, cashier).await?.ok_or(PaymentRule::NoShift)?;
    let till = Till { cashier, counter: shift.counter.clone(), shift: Some(shift.id) };
    take_money(tx, &scope, &shift.org_path, till, cmd, None).await
}

/// Where money is taken.
pub(super) struct Till {
    pub cashier: UserId,
    pub counter: String,
    pub shift: Option<kernel::ShiftId>,
}

/// The same for money that lies in suspense (`from`: its reference) instead of on the counter.
pub(super) async fn take_money(
    tx: &mut Tx,
    scope: &Scope,
    org_path: &str,
    till: Till,
    cmd: Take,
    from: Option<String>,
) -> Result<Taken> {
    let (payer, memo) = (super::short("payer", &cmd.payer)?, super::short("memo", &cmd.memo)?);
    let reference = super::short("reference", &cmd.reference)?;
    if cmd.method.needs_reference() && reference.is_empty() {
        return Err(PaymentRule::ReferenceMissing.into());
    }
    let shares = shares_of(&cmd)?;
    let amount = ledger::sum(shares.values().copied()).ok_or(PaymentRule::TooMuch)?;
    let accounts: Vec<AccountId> = shares.keys().copied().collect();
    store::lock_accounts(tx, &accounts).await?;
    let rows = store::accounts(tx, scope, &accounts).await?;
    if rows.len() < accounts.len() {
        return Err(Error::NotFound("household"));
    }
    let book = book::read(tx, org_path, &accounts).await?;
    admit(&book, &cmd)?;
    let rule = book.pack.money.cash_rounding.value;
    let kept = keep(Handed { method: cmd.method, amount, tendered: cmd.tendered_fen, rule })?;
    let new = NewOrderRow {
        method: cmd.method,
        amount,
        rounding: kept.rounding,
        tendered: kept.tendered,
        change: kept.change,
        org_path: org_path.to_owned(),
        shift_id: till.shift,
        payer,
        memo,
        shares: shares.iter().map(|(a, f)| (*a, *f)).collect(),
    };
    let id = store::insert_order(tx, &new).await?;
    // Cash has no number but ours.
    let reference = match from {
        Some(reference) => reference,
        None if reference.is_empty() => id.to_string(),
        None => reference,
    };
    store::insert_done(tx, id, cmd.method, &reference, kept.received).await?;
    let order = store::lock_order(tx, &Scope::all(), id).await?;
    let came: [(Ledger, Fen); 1] = [(cmd.method.ledger(), kept.received)];
    settle::pay_from(tx, &order, &book, shares, &came).await?;
    let receipt = match cmd.receipt {
        true => Some(receipt::issue_for(tx, &order, &rows, &till, &reference).await?),
        false => None,
    };
    let payment = store::payment(tx, &Scope::all(), id).await?;
    Ok(Taken { payment, receipt })
}

fn shares_of(cmd: &Take) -> Result<BTreeMap<AccountId, Fen>> {
    if cmd.shares.is_empty() {
        return Err(PaymentRule::NothingToPay.into());
    }
    if cmd.shares.len() > MOST_ACCOUNTS {
        return Err(Error::invalid("shares", "一次最多 2000 户", "at most 2,000 accounts"));
    }
    let mut shares = BTreeMap::new();
    for share in &cmd.shares {
        if share.amount_fen <= Fen::ZERO {
            return Err(PaymentRule::NothingToPay.into());
        }
        if share.amount_fen > crate::MOST {
            return Err(PaymentRule::TooMuch.into());
        }
        if shares.insert(share.account_id, share.amount_fen).is_some() {
            return Err(PaymentRule::AccountTwice.into());
        }
    }
    Ok(shares)
}

/// Refuses what a hold forbids, and what was decided on a screen that is out of date.
fn admit(book: &Book, cmd: &Take) -> Result<()> {
    let by_cheque = cmd.method == PayMethod::Cheque;
    for share in &cmd.shares {
        if let Some(hold) = book.blocked(share.account_id) {
            return Err(PaymentRule::Held(hold.words.clone()).into());
        }
        if let Some(hold) = book.bounced(share.account_id).filter(|_| by_cheque) {
            return Err(PaymentRule::NoCheques(hold.words.clone()).into());
        }
        let standing = book.standings.get(&share.account_id).ok_or(Error::NotFound("household"))?;
        let now = standing.owed().ok_or(PaymentRule::TooMuch)?;
        if share.shown_fen.is_some_and(|shown| shown != now) {
            return Err(PaymentRule::OwedChanged { now }.into());
        }
    }
    Ok(())
}
