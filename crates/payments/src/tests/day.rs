//! The end of the day, and the walk from door to door.

use super::house::{House, by, cash, code, fen};
use crate::{NewCollection, PayMethod, VisitResult, service};
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

/// accepts PY-06: who owes in a building, door by door; what was paid since is seen.
#[tokio::test]
async fn a_collector_walks_from_door_to_door() {
    let house = House::open().await;
    house.charge(house.wang, house.season, "heat", 10_000).await;
    house.charge(house.li, house.season, "heat", 300).await;
    let place = sqlx::query_scalar::<_, uuid::Uuid>(
        "select id from directory.place where kind = 'community' and org_path = '/hq/east/s1/'",
    )
    .fetch_one(&house.t.app.pool)
    .await
    .unwrap();
    let new = |at_least: i64| NewCollection {
        place_id: place.into(),
        collector_id: house.cashier.user,
        due_on: "2026-12-01".parse().unwrap(),
        at_least_fen: fen(at_least),
    };
    let mut tx = house.t.tx(&house.head).await;
    assert_eq!(code(service::make_collection(&mut tx, new(90_000)).await), "payments.nobody_owes");
    drop(tx);
    let mut tx = house.t.tx(&house.head).await;
    let list = service::make_collection(&mut tx, new(1_000)).await.unwrap();
    service::visit_door(&mut tx, list, house.wang, VisitResult::Promised, "周五").await.unwrap();
    let missing = service::visit_door(&mut tx, list, house.li, VisitResult::Paid, "").await;
    assert_eq!(code(missing), "not_found", "who owes less is not on the list");
    tx.commit().await.unwrap();
    house.take(&house.cashier, cash(house.wang, 4_000)).await.unwrap();
    let mut tx = house.t.tx(&house.head).await;
    let doors = service::collection_doors(&mut tx, list).await.unwrap();
    assert_eq!(doors.len(), 1);
    assert_eq!((doors[0].owed_fen, doors[0].paid_fen), (fen(10_000), fen(4_000)));
    let lists = service::collections(&mut tx).await.unwrap();
    assert_eq!((lists[0].doors, lists[0].visited, lists[0].paid_fen), (1, 1, fen(4_000)));
}
