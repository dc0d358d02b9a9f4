//! Sending somebody.

use super::house::{House, code, field, to};
use crate::{DispatchTo, FieldStep, Manner, Next, State, permissions as may, service};
use serde_json::json;

/// Accepts WO-13, WO-26: an order goes to a person, and history keeps why he.
#[tokio::test]
async fn an_order_goes_to_a_person_with_the_reasons() {
    let house = House::new().await;
    let order = house.filed().await;
    let ranking = json!([{"name": "zhang", "total": 81}]);
    let first = DispatchTo { ranking: Some(ranking.clone()), ..to(&house.zhang) };
    let order = house.dispatch(&house.agent, order.id, first).await.unwrap();
    assert_eq!((order.state, order.next_step), (State::Dispatched, Some(Next::Accept)));
    assert_eq!(order.assignee_name.as_deref(), Some("zhang"));
    assert_eq!(order.dispatched_at, Some(house.t.now()));
    let told = house.last(order.id, "order.dispatched").await;
    assert_eq!(told["to"]["name"], "zhang");
    assert_eq!((&told["from"], &told["manner"]), (&json!(null), &json!("proposed")));
    assert_eq!((&told["from_state"], &told["to_state"]), (&json!("filed"), &json!("dispatched")));
    assert_eq!(told["ranking"], ranking);
}

/// Two dispatchers press at once: one succeeds, the other learns that the order is given.
#[tokio::test]
async fn of_two_dispatchers_at_once_the_second_must_say_why() {
    let house = House::new().await;
    let id = house.filed().await.id;
    let (a, b) = tokio::join!(
        house.dispatch(&house.agent, id, to(&house.zhang)),
        house.dispatch(&house.agent, id, to(&house.chen)),
    );
    let (won, lost) = if a.is_ok() { (a, b) } else { (b, a) };
    assert_eq!(code(lost), "order.reason_needed");
    let order = house.get(&house.agent, id).await.unwrap();
    assert_eq!(order.assignee_id, won.unwrap().assignee_id);
    assert_eq!(house.kinds_told(id).await, ["order.filed", "order.dispatched"]);
}

/// Accepts WO-15: an order changes hands with a reason; what the first one did is past.
#[tokio::test]
async fn an_order_changes_hands_with_a_reason() {
    let house = House::new().await;
    let order = house.dispatched().await;
    house.step(&house.zhang, order.id, FieldStep::Accept).await.unwrap();
    let reason = "离得更近".to_owned();
    let other = DispatchTo { reason, manner: Manner::Other, ..to(&house.chen) };
    let order = house.dispatch(&house.agent, order.id, other).await.unwrap();
    assert_eq!((order.state, order.accepted_at), (State::Dispatched, None));
    let told = house.last(order.id, "order.dispatched").await;
    assert_eq!((&told["from"]["name"], &told["to"]["name"]), (&json!("zhang"), &json!("chen")));
    assert_eq!(told["reason"], "离得更近");
    let late = house.step(&house.zhang, order.id, FieldStep::SetOut).await;
    assert_eq!(code(late), "not_found", "it is out of the first one's sight");
}

#[tokio::test]
async fn dispatching_is_refused_where_it_makes_no_sense() {
    let house = House::new().await;
    let order = house.dispatched().await;
    let again = house.dispatch(&house.agent, order.id, to(&house.zhang)).await;
    assert_eq!(code(again), "order.already_theirs");
    let ghost = DispatchTo { staff_id: testing::nobody(), ..to(&house.zhang) };
    assert_eq!(field(house.dispatch(&house.agent, order.id, ghost).await), "staff_id");
    house.work(order.id, true).await;
    let done = house.dispatch(&house.agent, order.id, to(&house.chen)).await;
    assert_eq!(code(done), "order.no_such_step");
}

/// Who has left the company is sent nowhere.
#[tokio::test]
async fn an_inactive_person_is_not_sent() {
    let house = House::new().await;
    let order = house.filed().await;
    sqlx::query("update identity.staff set active = false where login = 'zhang'")
        .execute(&house.t.app.pool)
        .await
        .unwrap();
    let sent = house.dispatch(&house.agent, order.id, to(&house.zhang)).await;
    assert_eq!(field(sent), "staff_id");
}

/// Out of scope an order does not exist; in scope without the key it is refused.
#[tokio::test]
async fn dispatching_needs_the_key_where_the_order_is() {
    let house = House::new().await;
    let order = house.filed().await;
    let west = house.desk(&[may::DISPATCH], "/hq/west/").await;
    let elsewhere = house.dispatch(&west, order.id, to(&house.zhang)).await;
    assert_eq!(code(elsewhere), "not_found");
    let reader = house.desk(&[may::VIEW], "/hq/").await;
    assert_eq!(code(house.dispatch(&reader, order.id, to(&house.zhang)).await), "forbidden");
}

/// The lesson of row scopes: who sees an order sees the names on it, wherever those people are.
#[tokio::test]
async fn names_on_a_visible_order_are_not_hidden_by_scope() {
    let house = House::new().await;
    let far = house.t.staff("far", house.orgs.s9).await;
    let order = house.filed().await;
    let far = DispatchTo { staff_id: far, ..to(&house.zhang) };
    house.dispatch(&house.agent, order.id, far).await.unwrap();
    let east = house.desk(&[may::VIEW], "/hq/east/").await;
    let seen = house.get(&east, order.id).await.unwrap();
    assert_eq!(seen.assignee_name.as_deref(), Some("far"));
    let mut tx = house.t.tx(&east).await;
    assert_eq!(service::timeline(&mut tx, order.id).await.unwrap().len(), 2);
}
