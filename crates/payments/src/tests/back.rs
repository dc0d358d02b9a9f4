//! Money that goes back later, and money without an owner.

use super::house::{House, cash, code, fen};
use crate::{NewSuspense, PayMethod, Providers, SuspenseState, jobs, service};
use chrono::TimeDelta;
use kernel::{PaymentOrderId, RefundId, Result};

async fn ask(house: &House, id: PaymentOrderId) -> Result<RefundId> {
    let mut tx = house.t.tx(&house.cashier).await;
    let refund = service::request_refund(&mut tx, id, PayMethod::Cash, "重复缴费").await?;
    tx.commit().await?;
    Ok(refund)
}

async fn decide(house: &House, by: &kernel::Actor, id: RefundId, approve: bool) -> Result<()> {
    let mut tx = house.t.tx(by).await;
    service::decide_refund(&mut tx, id, approve, "").await?;
    tx.commit().await
}

async fn pay(house: &House, id: RefundId) -> Result<()> {
    let mut tx = house.t.tx(&house.cashier).await;
    service::pay_refund(&mut tx, id, "").await?;
    tx.commit().await
}

/// accepts PY-01: a refund later needs a second person; approved, the account owes again; paid, it
/// leaves the drawer of who paid it.
#[tokio::test]
async fn a_refund_is_asked_for_approved_and_paid() {
    let house = House::open().await;
    house.charge(house.wang, house.season, "heat", 10_000).await;
    let paid = house.take(&house.cashier, cash(house.wang, 10_000)).await.unwrap().payment;
    let refund = ask(&house, paid.id).await.unwrap();
    assert_eq!(code(ask(&house, paid.id).await), "payments.refund_taken");
    assert_eq!(code(house.reverse(&house.cashier, paid.id).await), "payments.refund_taken");
    assert_eq!(code(decide(&house, &house.cashier, refund, true).await), "forbidden");
    assert_eq!(code(pay(&house, refund).await), "payments.refund_is");
    decide(&house, &house.head, refund, true).await.unwrap();
    assert_eq!(house.owes(house.wang).await, 10_000);
    assert_eq!(house.sums().await["refund_payable"], -10_000);
    // Nobody's provider: it stays in people's list, and is not tried for ever in vain.
    assert_eq!(jobs::push_refunds(&house.t.app, &Providers::default()).await.unwrap(), 0);
    pay(&house, refund).await.unwrap();
    assert_eq!(code(pay(&house, refund).await), "payments.refund_is");
    let mut tx = house.t.tx(&house.cashier).await;
    let shift = service::my_shift(&mut tx).await.unwrap().unwrap();
    assert_eq!(shift.expected_fen, fen(20_000), "float only: taken and given back");
    let open = service::refunds(&mut tx, true).await.unwrap();
    assert!(open.is_empty());
    assert_eq!(house.sums().await.get("cash"), None);
    house.check_book().await;
}

/// Who asks does not approve; a refusal leaves everything as it was and may be asked again.
#[tokio::test]
async fn nobody_approves_his_own_refund() {
    let house = House::open().await;
    let paid = house.take(&house.cashier, cash(house.wang, 10_000)).await.unwrap().payment;
    let mut tx = house.t.tx(&house.head).await;
    let own =
        service::request_credit_refund(&mut tx, house.wang, fen(4_000), PayMethod::Cash, "搬走")
            .await
            .unwrap();
    tx.commit().await.unwrap();
    assert_eq!(code(decide(&house, &house.head, own, true).await), "payments.second_person");
    let refund = ask(&house, paid.id).await.unwrap();
    decide(&house, &house.head, refund, false).await.unwrap();
    assert_eq!(code(decide(&house, &house.head, refund, true).await), "payments.refund_is");
    ask(&house, paid.id).await.unwrap();
    assert_eq!(house.owes(house.wang).await, -10_000);
}

/// accepts BI-12: what was paid ahead is given back, never more than there is.
#[tokio::test]
async fn credit_is_given_back_as_far_as_there_is() {
    let house = House::open().await;
    house.take(&house.cashier, cash(house.wang, 10_000)).await.unwrap();
    let ask = async |amount: i64| {
        let mut tx = house.t.tx(&house.cashier).await;
        let method = PayMethod::Transfer;
        let id =
            service::request_credit_refund(&mut tx, house.wang, fen(amount), method, "退").await?;
        tx.commit().await?;
        Ok(id)
    };
    assert_eq!(code(ask(10_001).await), "payments.not_so_much_credit");
    assert_eq!(code(ask(0).await), "payments.nothing_to_pay");
    let (first, second) = (ask(7_000).await.unwrap(), ask(7_000).await.unwrap());
    decide(&house, &house.head, first, true).await.unwrap();
    let late = decide(&house, &house.head, second, true).await;
    assert_eq!(code(late), "payments.not_so_much_credit", "the first took it");
    assert_eq!(house.owes(house.wang).await, -3_000);
    house.check_book().await;
}

/// accepts PY-05: money without an owner ages until somebody finds whose it is; then it pays like
/// any other.
#[tokio::test]
async fn suspense_ages_and_finds_its_owner() {
    let house = House::open().await;
    house.charge(house.wang, house.season, "connection", 80_000).await;
    let book = async |reference: &str, amount: i64| {
        let mut tx = house.t.tx(&house.head).await;
        let new = NewSuspense {
            channel: PayMethod::Transfer,
            reference: reference.to_owned(),
            amount_fen: fen(amount),
            payer: "王".to_owned(),
            remark: "供暖费".to_owned(),
            received_on: "2026-11-20".parse().unwrap(),
        };
        let id = service::book_suspense(&mut tx, new).await?;
        tx.commit().await?;
        Ok(id)
    };
    let id = book("T-1", 80_000).await.unwrap();
    assert_eq!(code(book("T-1", 80_000).await), "payments.reference_taken");
    assert_eq!(code(book("T-2", -5).await), "payments.nothing_to_pay");
    let other = book("T-3", 500).await.unwrap();
    house.t.advance(TimeDelta::days(10));
    let mut tx = house.t.tx(&house.head).await;
    let open = service::suspense(&mut tx, true).await.unwrap();
    assert_eq!((open.len(), open[0].days), (2, 12));
    let taken = service::assign_suspense(&mut tx, id, house.wang, "附言写明户号").await.unwrap();
    assert_eq!(taken.payment.method, PayMethod::Suspense);
    let again = service::assign_suspense(&mut tx, id, house.li, "x").await;
    assert_eq!(code(again), "payments.suspense_decided");
    service::return_suspense(&mut tx, other, "汇错").await.unwrap();
    let states: Vec<_> =
        service::suspense(&mut tx, false).await.unwrap().iter().map(|s| s.state).collect();
    assert_eq!(states.len(), 2);
    assert!(states.contains(&SuspenseState::Assigned) && states.contains(&SuspenseState::Returned));
    tx.commit().await.unwrap();
    let sums = house.sums().await;
    assert_eq!((sums["bank"], sums.get("suspense")), (80_000, None));
    assert_eq!(house.owes(house.wang).await, 0);
    house.check_book().await;
}
