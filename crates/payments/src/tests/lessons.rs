//! What goes wrong elsewhere with money that comes in.

use super::house::{House, cash};
use super::settling::{hear, order};
use crate::{AttemptState, jobs};
use kernel::{AccountId, Actor, EventRow};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

/// A season opened for everybody, as its office and its jobs would; the event that tells of it.
async fn opened(house: &House) -> EventRow {
    let system = Actor::system("test");
    let mut tx = house.t.tx(&system).await;
    let new = billing::NewOpening {
        season_id: house.season,
        selection: billing::Selection::default(),
        valid_on: None,
    };
    let opening = billing::create_opening(&mut tx, new).await.unwrap();
    tx.commit().await.unwrap();
    billing::reckon_opening(&house.t.app, opening.id).await.unwrap();
    let mut tx = house.t.tx(&system).await;
    billing::approve_opening(&mut tx, opening.id).await.unwrap();
    tx.commit().await.unwrap();
    billing::post_opening(&house.t.app, opening.id).await.unwrap();
    let told = "select to_jsonb(e) - 'xid' from kernel.event e
                where kind = 'billing.opening_posted'";
    let told: serde_json::Value =
        sqlx::query_scalar(told).fetch_one(&house.t.app.pool).await.unwrap();
    serde_json::from_value(told).unwrap()
}

async fn in_ledger(house: &House, account: AccountId, ledger: &str) -> i64 {
    let sum = "select coalesce(sum(amount_fen), 0)::bigint from ledger.entry
               where account_id = $1 and ledger = $2";
    let asked = sqlx::query_scalar(sum).bind(*account).bind(ledger);
    asked.fetch_one(&house.t.app.pool).await.unwrap()
}

/// accepts BI-12: the lesson "credit is not applied to open charges": who paid ahead owes nothing
/// after the season's opening, so no late fee grows and no reminder goes out; told twice, once.
#[tokio::test]
async fn a_season_that_opens_is_paid_by_what_was_paid_ahead() {
    let house = House::open().await;
    house.take(&house.cashier, cash(house.wang, 500_000)).await.unwrap();
    house.take(&house.cashier, cash(house.li, 10_000)).await.unwrap();
    let event = opened(&house).await;
    let charged = in_ledger(&house, house.wang, "receivable").await;
    assert!((1..500_000).contains(&charged), "{charged}");
    for _ in 0..2 {
        jobs::on_season_opened(&house.t.app, &event).await.unwrap();
    }
    assert_eq!(in_ledger(&house, house.wang, "receivable").await, 0);
    assert_eq!(in_ledger(&house, house.wang, "advance").await, charged - 500_000);
    assert_eq!(in_ledger(&house, house.li, "receivable").await, charged - 10_000, "so far it goes");
    assert_eq!(house.count("ledger.posting where source = 'credit'").await, 2);
    house.check_book().await;
}

type Messages = Vec<(u8, AttemptState)>;

/// Messages about three tries of one order, and the same in another order with some heard again.
fn shuffled() -> impl Strategy<Value = (Messages, Messages)> {
    let told = prop_oneof![
        Just(AttemptState::Unknown),
        Just(AttemptState::Failed),
        Just(AttemptState::Succeeded),
    ];
    prop::collection::vec((0_u8..3, told), 1..8).prop_flat_map(|messages| {
        let mut more = messages.clone();
        more.extend_from_slice(&messages[..messages.len() / 2]);
        (Just(messages), Just(more).prop_shuffle())
    })
}

/// What the book and the order say in the end.
async fn end(house: &House, account: AccountId, messages: &Messages) -> (i64, Vec<String>, i64) {
    let order = order(house, account, 700).await;
    for (which, told) in messages {
        hear(house, order, &format!("{order}-{which}"), *told, 700).await;
    }
    let tries = "select right(reference, 1) || state from payments.attempt
                 where order_id = $1 order by 1";
    let tries = sqlx::query_scalar(tries).bind(*order);
    let back = "select coalesce(sum(amount_fen), 0)::bigint from payments.refund
                where order_id = $1";
    let back = sqlx::query_scalar(back).bind(*order);
    (
        house.owes(account).await,
        tries.fetch_all(&house.t.app.pool).await.unwrap(),
        back.fetch_one(&house.t.app.pool).await.unwrap(),
    )
}

/// accepts XB-09: the lesson of two channels that both succeed, in the real book: whatever the
/// order in which messages arrive and however often, the same is owed, the same tries succeeded,
/// and the same sum is on its way back.
#[test]
fn messages_in_any_order_leave_the_same_book() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let house = runtime.block_on(House::new());
    let config = Config { cases: 24, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config).run(&shuffled(), |(first, other)| {
        runtime.block_on(async {
            house.charge(house.wang, house.season, "connection", 700).await;
            house.charge(house.li, house.season, "connection", 700).await;
            // Both began alike, so they stay alike.
            let a = end(&house, house.wang, &first).await;
            prop_assert_eq!(a, end(&house, house.li, &other).await);
            Ok(())
        })
    });
    outcome.unwrap();
    runtime.block_on(house.check_book());
    assert!(runtime.block_on(house.count("payments.refund")) > 0, "some were paid twice");
}
