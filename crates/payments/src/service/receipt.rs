//! Receipts: issued with a payment, printed again as a marked copy, made void; and their stock.

use super::take::Till;
use crate::event::{What, tell};
use crate::permissions::{STOCK, TAKE, VIEW};
use crate::store::{self, AccountRow, OrderRow};
use crate::{
    AppliedLine, NewRange, PaymentRule, PaymentState, Receipt, ReceiptAccount, ReceiptContent,
    ReceiptFace, ReceiptRange, ReceiptState, print,
};
use anyhow::Context as _;
use kernel::{AccountId, Error, Fen, PaymentOrderId, ReceiptId, Result, Scope, Tx};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Writes the receipt of an order that was settled in this transaction.
pub(super) async fn issue_for(
    tx: &mut Tx,
    order: &OrderRow,
    rows: &[AccountRow],
    till: &Till,
    reference: &str,
) -> Result<Receipt> {
    let posting = store::lock_order(tx, &Scope::all(), order.id).await?.posting_id;
    let posting = posting.ok_or(PaymentRule::PaymentIs(order.state))?;
    let shares = store::shares(tx, order.id).await?;
    let mut lines: BTreeMap<AccountId, Vec<AppliedLine>> = BTreeMap::new();
    for line in store::applied(tx, posting).await? {
        lines.entry(line.account_id).or_default().push(line);
    }
    let ids: Vec<AccountId> = shares.iter().map(|s| s.account_id).collect();
    let mut left: BTreeMap<AccountId, i64> = BTreeMap::new();
    for item in ledger::open_items(tx, &ids).await? {
        *left.entry(item.account_id).or_default() += item.owed_fen.get();
    }
    let area: BTreeMap<AccountId, &str> =
        rows.iter().map(|r| (r.id, r.heated_area.as_str())).collect();
    let accounts = shares
        .into_iter()
        .map(|s| ReceiptAccount {
            area: area.get(&s.account_id).copied().unwrap_or_default().to_owned(),
            left: Fen::new(left.get(&s.account_id).copied().unwrap_or_default().max(0)),
            lines: lines.remove(&s.account_id).unwrap_or_default(),
            account_no: s.account_no,
            name: s.name,
            address: s.address,
            amount: s.amount_fen,
        })
        .collect();
    let own = order.id.to_string();
    let content = ReceiptContent {
        order_no: order.no.clone(),
        payer: order.payer.clone(),
        accounts,
        method: order.method,
        amount: order.amount_fen,
        rounding: order.rounding_fen,
        tendered: order.tendered_fen,
        change: order.change_fen,
        reference: if reference == own { String::new() } else { reference.to_owned() },
        cashier: order.created_by_name.clone(),
        counter: till.counter.clone(),
        at: tx.now(),
    };
    let (version, _) = store::face(tx, None).await?;
    let number = store::take_number(tx, till.cashier, &order.org_path).await?;
    let number = number.ok_or(PaymentRule::NoNumbers)?;
    let receipt =
        store::insert_receipt(tx, order.id, number, version, order.amount_fen, &content).await?;
    let what = What::ReceiptIssued { no: receipt.no.clone(), order_id: order.id };
    tell(tx, ("receipt", *receipt.id), &order.org_path, &what)?;
    Ok(receipt)
}

/// Writes the receipt of a payment that has none: nobody wanted one then, or it was void.
pub async fn issue_receipt(tx: &mut Tx, id: PaymentOrderId) -> Result<Receipt> {
    let scope = tx.scope(TAKE)?;
    let cashier = tx.user()?;
    let order = store::lock_order(tx, &scope, id).await?;
    if order.state != PaymentState::Settled {
        return Err(PaymentRule::PaymentIs(order.state).into());
    }
    let valid = store::receipts(tx, id).await?;
    if let Some(receipt) = valid.into_iter().find(|r| r.state == ReceiptState::Issued) {
        return Ok(receipt);
    }
    let shift = store::my_open_shift(tx, cashier).await?.ok_or(PaymentRule::NoShift)?;
    let ids: Vec<_> = store::shares(tx, id).await?.into_iter().map(|s| s.account_id).collect();
    let rows = store::accounts(tx, &Scope::all(), &ids).await?;
    let attempts = store::attempts(tx, id).await?;
    let reference = attempts.first().map(|a| a.reference.clone()).unwrap_or_default();
    let till = Till { cashier, counter: shift.counter, shift: Some(shift.id) };
    issue_for(tx, &order, &rows, &till, &reference).await
}

/// The paper as PDF, as it was issued; a void one says so.
pub async fn print_receipt(tx: &mut Tx, id: ReceiptId) -> Result<(String, Vec<u8>)> {
    let scope = tx.scope(VIEW)?;
    let row = store::receipt(tx, &scope, id).await?;
    let (_, face) = store::face(tx, Some(row.face_version)).await?;
    let no = row.receipt.no.clone();
    let pdf =
        tokio::task::spawn_blocking(move || print::receipt(&row.receipt, &face, &row.content));
    let pdf = pdf.await.context("the printer of a receipt panicked")?;
    Ok((no, pdf.context("a receipt could not be printed")?))
}

/// Counts one more copy: from now on the paper is marked as one.
pub async fn copy_receipt(tx: &mut Tx, id: ReceiptId) -> Result<Receipt> {
    let scope = tx.scope(TAKE)?;
    let row = store::receipt(tx, &scope, id).await?;
    if row.receipt.state != ReceiptState::Issued {
        return Err(PaymentRule::ReceiptVoid.into());
    }
    let copies = store::count_copy(tx, id).await?;
    let no = row.receipt.no.clone();
    let path = org_of(tx, row.receipt.order_id).await?;
    tell(tx, ("receipt", *id), &path, &What::ReceiptCopied { no, copies })?;
    Ok(Receipt { copies, ..row.receipt })
}

/// Makes a receipt void: misprinted, jammed, refused. Its number is used up; the payment stands.
pub async fn void_receipt(tx: &mut Tx, id: ReceiptId, reason: &str) -> Result<Receipt> {
    let scope = tx.scope(TAKE)?;
    let reason = super::needed("reason", reason)?;
    let row = store::receipt(tx, &scope, id).await?;
    if row.receipt.state != ReceiptState::Issued {
        return Err(PaymentRule::ReceiptVoid.into());
    }
    store::void_receipt(tx, id, &reason).await?;
    let no = row.receipt.no.clone();
    let path = org_of(tx, row.receipt.order_id).await?;
    tell(tx, ("receipt", *id), &path, &What::ReceiptVoided { no, reason: reason.clone() })?;
    Ok(Receipt { state: ReceiptState::Void, void_reason: reason, ..row.receipt })
}

async fn org_of(tx: &mut Tx, order: PaymentOrderId) -> Result<String> {
    Ok(store::lock_order(tx, &Scope::all(), order).await?.org_path)
}

/// Blocks of numbers in sight.
pub async fn receipt_ranges(tx: &mut Tx) -> Result<Vec<ReceiptRange>> {
    let scope = tx.scope(VIEW)?;
    store::ranges(tx, &scope).await
}

/// Gives out a block of numbers.
pub async fn give_numbers(tx: &mut Tx, new: NewRange) -> Result<Uuid> {
    tx.require(STOCK)?;
    let user = tx.user()?;
    let sane = (1..=new.last_no).contains(&new.first_no) && (4..=12).contains(&new.digits);
    let letters = |c: char| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '-';
    let fits = u32::try_from(new.digits).is_ok_and(|d| new.last_no < 10_i64.pow(d.min(12)));
    if !sane || !fits || new.prefix.len() > 12 || !new.prefix.chars().all(letters) {
        return Err(PaymentRule::NumbersWrong.into());
    }
    let org_path = match new.cashier_id {
        Some(cashier) => store::workplace(tx, cashier).await?.0,
        None => store::workplace(tx, user).await?.0,
    };
    if !tx.scope(STOCK)?.covers(&org_path) {
        return Err(Error::NotFound("staff"));
    }
    let id = store::insert_range(tx, &org_path, &new).await?;
    let (prefix, first, last) = (new.prefix, new.first_no, new.last_no);
    tell(tx, ("receipt_range", id), &org_path, &What::NumbersGiven { prefix, first, last })?;
    Ok(id)
}

/// Takes the rest of a block back.
pub async fn close_numbers(tx: &mut Tx, id: Uuid) -> Result<()> {
    let scope = tx.scope(STOCK)?;
    store::close_range(tx, &scope, id).await?;
    tell(tx, ("receipt_range", id), "/", &What::NumbersClosed {})
}

/// How receipts look now.
pub async fn receipt_face(tx: &mut Tx) -> Result<ReceiptFace> {
    tx.require(VIEW)?;
    store::current_face(tx).await
}

/// Lets receipts look different from now on. Those that are printed keep their face.
pub async fn set_receipt_face(tx: &mut Tx, face: &ReceiptFace) -> Result<i32> {
    tx.require(STOCK)?;
    face.check()?;
    let version = store::insert_face(tx, face).await?;
    let id: Uuid = tx.new_id();
    tell(tx, ("receipt_face", id), "/", &What::FaceChanged { version })?;
    Ok(version)
}

/// A face before it is set, on a made-up receipt.
pub async fn try_receipt_face(tx: &mut Tx, face: ReceiptFace) -> Result<Vec<u8>> {
    tx.require(STOCK)?;
    face.check()?;
    let (receipt, content) = print::sample(tx.now());
    let pdf = tokio::task::spawn_blocking(move || print::receipt(&receipt, &face, &content));
    let pdf = pdf.await.context("the printer of a receipt panicked")?;
    Ok(pdf.context("a receipt could not be printed")?)
}
