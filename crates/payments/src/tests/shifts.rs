//! Turns at the till.

use super::house::{House, by, cash, code, fen};
use crate::{CashShift, PayMethod, PaymentState, QuoteFor, ShiftState, service};
use chrono::TimeDelta;
use kernel::{Actor, Result, ShiftId};

async fn count(house: &House, who: &Actor, id: ShiftId, counted: i64) -> Result<CashShift> {
    let mut tx = house.t.tx(who).await;
    let shift = service::count_shift(&mut tx, id, fen(counted)).await?;
    tx.commit().await?;
    Ok(shift)
}

async fn close(house: &House, who: &Actor, id: ShiftId, reason: &str) -> Result<CashShift> {
    let mut tx = house.t.tx(who).await;
    let shift = service::close_shift(&mut tx, id, reason, house.other.user).await?;
    tx.commit().await?;
    Ok(shift)
}

async fn mine(house: &House) -> CashShift {
    let mut tx = house.t.tx(&house.cashier).await;
    service::my_shift(&mut tx).await.unwrap().unwrap()
}

/// accepts PY-01: float, money taken, counted, handed over to a colleague; the drawer agrees.
#[tokio::test]
async fn a_turn_is_opened_counted_and_handed_over() {
    let house = House::open().await;
    assert_eq!(code(house.shift(&house.cashier, 0).await), "payments.shift_open");
    house.take(&house.cashier, cash(house.wang, 12_340)).await.unwrap();
    house.take(&house.cashier, by(PayMethod::Card, &[(house.li, 5_000)], "P1")).await.unwrap();
    let shift = mine(&house).await;
    assert_eq!(shift.expected_fen, fen(32_340));
    let totals: Vec<_> = shift.totals.iter().map(|t| (t.method, t.received_fen.get())).collect();
    assert_eq!(totals, [(PayMethod::Card, 5_000), (PayMethod::Cash, 12_340)]);
    count(&house, &house.cashier, shift.id, 32_340).await.unwrap();
    assert_eq!(
        code(house.take(&house.cashier, cash(house.wang, 100)).await),
        "payments.no_shift",
        "a counted drawer takes nothing"
    );
    let closed = close(&house, &house.cashier, shift.id, "").await.unwrap();
    assert_eq!(
        (closed.state, closed.handed_to_name.as_deref()),
        (ShiftState::Closed, Some("other"))
    );
    assert_eq!(house.sums().await.get("suspense"), None);
    house.shift(&house.cashier, 20_000).await.unwrap();
}

/// accepts BI-19: what the drawer lacks has a name and stands in the ledger; nobody closes without.
#[tokio::test]
async fn a_difference_is_named_and_booked() {
    let house = House::open().await;
    house.take(&house.cashier, cash(house.wang, 10_000)).await.unwrap();
    let id = mine(&house).await.id;
    assert_eq!(code(close(&house, &house.cashier, id, "x").await), "payments.shift_is");
    assert_eq!(code(count(&house, &house.cashier, id, -1).await), "payments.too_much");
    assert_eq!(code(count(&house, &house.head, id, 1).await), "payments.not_your_shift");
    let counted = count(&house, &house.cashier, id, 29_500).await.unwrap();
    assert_eq!(counted.expected_fen, fen(30_000));
    assert_eq!(code(close(&house, &house.cashier, id, " ").await), "payments.difference_unnamed");
    close(&house, &house.cashier, id, "找错 5 元").await.unwrap();
    let sums = house.sums().await;
    assert_eq!((sums["cash"], sums["suspense"]), (9_500, 500));
    house.check_book().await;
}

/// accepts PY-01: a mistake is taken back in the same turn: the account, the drawer and the book
/// stand as before, the receipt is void.
#[tokio::test]
async fn a_mistake_is_reversed_in_the_same_turn() {
    let house = House::open().await;
    house.charge(house.wang, house.season, "heat", 10_000).await;
    let mut cmd = cash(house.wang, 12_000);
    cmd.receipt = true;
    let paid = house.take(&house.cashier, cmd).await.unwrap().payment;
    assert_eq!(code(house.reverse(&house.other, paid.id).await), "payments.no_shift");
    house.shift(&house.other, 0).await.unwrap();
    assert_eq!(code(house.reverse(&house.other, paid.id).await), "payments.too_late_to_reverse");
    let back = house.reverse(&house.cashier, paid.id).await.unwrap();
    assert_eq!(back.state, PaymentState::Reversed);
    assert_eq!(code(house.reverse(&house.cashier, paid.id).await), "payments.payment_is");
    assert_eq!(house.owes(house.wang).await, 10_000);
    assert_eq!(mine(&house).await.expected_fen, fen(20_000));
    assert_eq!(house.receipt_of(paid.id).await.void_reason, "收错户");
    assert_eq!(house.sums().await.get("cash"), None);
    house.check_book().await;
}

/// accepts PY-01 XB-08: a cheque bounces a week later: what it paid is owed again, the customer is
/// told so wherever he pays, and brings no second cheque until somebody releases the hold.
#[tokio::test]
async fn a_cheque_bounces() {
    let house = House::open().await;
    house.charge(house.wang, house.season, "heat", 10_000).await;
    let cheque = by(PayMethod::Cheque, &[(house.wang, 10_000)], "CH-001");
    let paid = house.take(&house.cashier, cheque).await.unwrap().payment;
    assert_eq!(house.owes(house.wang).await, 0);
    house.t.advance(TimeDelta::days(7));
    let mut tx = house.t.tx(&house.head).await;
    service::bounce(&mut tx, paid.id, "账户余额不足").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(house.owes(house.wang).await, 10_000);
    assert_eq!(house.sums().await.get("cheque"), None);
    let mut tx = house.t.tx(&house.cashier).await;
    let of = QuoteFor { account_ids: vec![house.wang], account_nos: Vec::new() };
    let quote = service::quote(&mut tx, of).await.unwrap();
    let [hold] = &quote.accounts[0].holds[..] else { panic!("{:?}", quote.accounts[0].holds) };
    assert!(hold.kind == "warn" && hold.words.contains("支票被银行退回"), "{hold:?}");
    drop(tx);
    let second = by(PayMethod::Cheque, &[(house.wang, 10_000)], "CH-002");
    assert_eq!(code(house.take(&house.cashier, second).await), "payments.no_cheques");
    let cash = house.take(&house.cashier, cash(house.wang, 10_000)).await.unwrap().payment;
    let mut tx = house.t.tx(&house.head).await;
    assert_eq!(code(service::bounce(&mut tx, cash.id, "x").await), "payments.not_a_cheque");
    house.check_book().await;
}
