//! Receipts and their stock.

use super::house::{House, cash, code};
use crate::{ReceiptFace, ReceiptState, service};
use kernel::PaymentOrderId;

async fn taken(house: &House) -> (PaymentOrderId, String) {
    let mut cmd = cash(house.wang, 1_000);
    cmd.receipt = true;
    let taken = house.take(&house.cashier, cmd).await.unwrap();
    (taken.payment.id, taken.receipt.unwrap().no)
}

/// accepts IN-01: numbers come from the cashier's own block, one after the other, and stop.
#[tokio::test]
async fn numbers_come_from_the_cashier_s_block_and_stop() {
    let house = House::new().await;
    house.shift(&house.cashier, 0).await.unwrap();
    let mut cmd = cash(house.wang, 1_000);
    cmd.receipt = true;
    assert_eq!(code(house.take(&house.cashier, cmd.clone()).await), "payments.no_numbers");
    assert_eq!(house.count("payments.payment_order").await, 0, "no paper, no payment");
    house.numbers(house.cashier.user, "A", 9, 10).await.unwrap();
    house.numbers(None, "B", 1, 1).await.unwrap();
    let mut nos = Vec::new();
    for _ in 0..3 {
        nos.push(taken(&house).await.1);
    }
    assert_eq!(nos, ["A0000009", "A0000010", "B0000001"]);
    assert_eq!(code(house.take(&house.cashier, cmd).await), "payments.no_numbers");
}

/// accepts IN-01: blocks do not overlap and are not absurd.
#[tokio::test]
async fn blocks_of_numbers_do_not_overlap() {
    let house = House::new().await;
    house.numbers(None, "A", 100, 199).await.unwrap();
    for (prefix, first, last, expected) in [
        ("A", 199, 300, "payments.numbers_taken"),
        ("A", 1, 100, "payments.numbers_taken"),
        ("A", 120, 130, "payments.numbers_taken"),
        ("A", 300, 299, "payments.numbers_wrong"),
        ("A", 0, 5, "payments.numbers_wrong"),
        ("A", 1, 10_000_000, "payments.numbers_wrong"),
        ("收", 1, 5, "payments.numbers_wrong"),
        ("A", 1, i64::MAX, "payments.numbers_wrong"),
    ] {
        assert_eq!(code(house.numbers(None, prefix, first, last).await), expected);
    }
    house.numbers(None, "A", 200, 300).await.unwrap();
    house.numbers(None, "B", 100, 199).await.unwrap();
}

/// accepts IN-01: a void receipt stays in the stock with its reason; a new number takes its place.
#[tokio::test]
async fn a_receipt_is_made_void_and_written_anew() {
    let house = House::open().await;
    let (order, first) = taken(&house).await;
    let receipt = house.receipt_of(order).await;
    let mut tx = house.t.tx(&house.cashier).await;
    assert_eq!(code(service::void_receipt(&mut tx, receipt.id, "").await), "invalid");
    service::void_receipt(&mut tx, receipt.id, "卡纸").await.unwrap();
    assert_eq!(
        code(service::void_receipt(&mut tx, receipt.id, "x").await),
        "payments.receipt_void"
    );
    assert_eq!(code(service::copy_receipt(&mut tx, receipt.id).await), "payments.receipt_void");
    let second = service::issue_receipt(&mut tx, order).await.unwrap();
    let again = service::issue_receipt(&mut tx, order).await.unwrap();
    assert_eq!((second.no.as_str(), again.no.as_str()), ("A0000002", "A0000002"));
    let all = service::payment(&mut tx, order).await.unwrap().receipts;
    let states: Vec<_> = all.iter().map(|r| (r.no.as_str(), r.state)).collect();
    assert_eq!(states, [(first.as_str(), ReceiptState::Void), ("A0000002", ReceiptState::Issued)]);
}

/// accepts IN-01: the face is the company's; what is printed keeps the one that it had; a copy is
/// marked.
#[tokio::test]
async fn the_face_changes_for_new_receipts_only() {
    let house = House::open().await;
    let (order, _) = taken(&house).await;
    let receipt = house.receipt_of(order).await;
    let mut tx = house.t.tx(&house.head).await;
    let (_, before) = service::print_receipt(&mut tx, receipt.id).await.unwrap();
    let face =
        ReceiptFace { title: "收费凭证".to_owned(), width_mm: 148, ..Default::default() };
    service::set_receipt_face(&mut tx, &face).await.unwrap();
    let wrong = ReceiptFace { width_mm: 1, ..face };
    assert_eq!(code(service::set_receipt_face(&mut tx, &wrong).await), "payments.face_wrong");
    let (no, after) = service::print_receipt(&mut tx, receipt.id).await.unwrap();
    assert_eq!((no.as_str(), before == after), ("A0000001", true), "the same paper again");
    tx.commit().await.unwrap();
    let mut tx = house.t.tx(&house.cashier).await;
    assert_eq!(service::copy_receipt(&mut tx, receipt.id).await.unwrap().copies, 1);
    let (_, copy) = service::print_receipt(&mut tx, receipt.id).await.unwrap();
    assert_ne!(copy, before);
    tx.commit().await.unwrap();
    let (second, _) = taken(&house).await;
    let mut tx = house.t.tx(&house.head).await;
    let second = service::payment(&mut tx, second).await.unwrap().receipts.pop().unwrap();
    let (_, paper) = service::print_receipt(&mut tx, second.id).await.unwrap();
    assert_ne!(paper.len(), before.len());
}
