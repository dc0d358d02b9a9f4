//! The end of the day.

use super::house::{House, by, cash, code, fen};
use crate::{PayMethod, service};
use kernel::Result;

async fn handed_over(house: &House, counted: i64, reason: &str) {
    let mut tx = house.t.tx(&house.cashier).await;
    let shift = service::my_shift(&mut tx).await.unwrap().unwrap();
    service::count_shift(&mut tx, shift.id, fen(counted)).await.unwrap();
    service::close_shift(&mut tx, shift.id, reason, None).await.unwrap();
    tx.commit().await.unwrap();
}

async fn close(house: &House, explanation: &str) -> Result<crate::DayBooks> {
    let mut tx = house.t.tx(&house.head).await;
    let on = "2026-11-22".parse().unwrap();
    let books = service::close_day(&mut tx, on, explanation).await?;
    tx.commit().await?;
    Ok(books)
}

/// accepts BI-19 PY-05: payments, ledger and drawer say the same for every channel, with a
/// reversal, a refund, rounding and money without an owner among them.
#[tokio::test]
async fn the_three_views_of_a_day_agree() {
    let house = House::open().await;
    house.take(&house.cashier, cash(house.wang, 12_344)).await.unwrap();
    let wrong = house.take(&house.cashier, cash(house.li, 700)).await.unwrap().payment;
    house.reverse(&house.cashier, wrong.id).await.unwrap();
    house.take(&house.cashier, by(PayMethod::Card, &[(house.wang, 5_000)], "P")).await.unwrap();
    assert_eq!(code(close(&house, "").await), "payments.shifts_open");
    handed_over(&house, 32_340, "").await;
    let books = close(&house, "").await.unwrap();
    assert_eq!(books.difference_fen, fen(0));
    let lines: Vec<_> = books
        .lines
        .iter()
        .map(|l| (l.method, l.payments, l.orders_fen.get(), l.ledger_fen.get()))
        .collect();
    assert_eq!(lines, [(PayMethod::Cash, 2, 12_340, 12_340), (PayMethod::Card, 1, 5_000, 5_000)]);
    assert_eq!((books.received_fen, books.rounding_fen), (fen(17_340), fen(4)));
    assert_eq!(code(close(&house, "").await), "payments.day_closed");
}

/// accepts BI-19: a day that does not agree is closed only with a name for the difference.
#[tokio::test]
async fn a_day_with_a_difference_needs_a_name() {
    let house = House::open().await;
    house.take(&house.cashier, cash(house.wang, 10_000)).await.unwrap();
    handed_over(&house, 29_000, "少 10 元").await;
    assert_eq!(code(close(&house, "").await), "payments.difference_unnamed");
    let books = close(&house, "收款员短款，已登记").await.unwrap();
    assert_eq!(
        (books.difference_fen, books.explanation.as_str()),
        (fen(-1_000), "收款员短款，已登记")
    );
    assert_eq!(books.lines[0].drawer_fen, Some(fen(9_000)));
}
