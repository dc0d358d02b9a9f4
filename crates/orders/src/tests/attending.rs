//! Beside the path: pressing, correcting, supervising, voiding.

use super::house::{House, code, field};
use crate::{CallReason, FieldStep, Order, State, Urgency, permissions as may, service};
use chrono::TimeDelta;
use kernel::{Actor, Channel};
use serde_json::json;

/// Accepts WO-20: pressing is counted on the order; no new order comes of it.
#[tokio::test]
async fn a_chase_is_counted_and_files_nothing() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    let (call, _) = house.call().await;
    let mut tx = house.t.tx(&house.agent).await;
    service::chase(&mut tx, id, "催第一次", Some(call)).await.unwrap();
    tx.commit().await.unwrap();
    let customer = Actor::customer("用户", Channel::Portal);
    let mut tx = house.t.tx(&customer).await;
    assert_eq!(code(service::chase(&mut tx, id, "", None).await), "forbidden");
    service::chase_by_customer(&mut tx, id, "催第二次").await.unwrap();
    tx.commit().await.unwrap();

    let mut tx = house.t.tx(&house.agent).await;
    let detail = service::detail(&mut tx, id).await.unwrap();
    assert_eq!((detail.order.chases, detail.order.state), (2, State::Dispatched));
    assert_eq!((detail.calls[0].call_id, detail.calls[0].why), (call, CallReason::Chase));
    assert_eq!(house.last(id, "order.chased").await["note"], "催第二次");
    let count: i64 = sqlx::query_scalar("select count(*) from orders.work_order")
        .fetch_one(&house.t.app.pool)
        .await
        .unwrap();
    assert_eq!(count, 1);
}

/// Accepts WO-12: voiding needs a reason and ends everything.
#[tokio::test]
async fn a_voided_order_is_over() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    let mut tx = house.t.tx(&house.agent).await;
    assert_eq!(field(service::void(&mut tx, id, "").await), "reason");
    let order = service::void(&mut tx, id, "重复报修").await.unwrap();
    assert_eq!((order.state, order.next_due), (State::Voided, None));
    assert_eq!(code(service::void(&mut tx, id, "再次").await), "order.no_such_step");
    assert_eq!(code(service::chase(&mut tx, id, "", None).await), "order.over");
    let level = Urgency::EMERGENCY;
    assert_eq!(code(service::set_urgency(&mut tx, id, level, "急", None).await), "order.over");
    let due = house.t.now() + TimeDelta::days(1);
    assert_eq!(code(service::set_due(&mut tx, id, due, "缓", None).await), "order.over");
    let zhou = house.agent.user.unwrap();
    assert_eq!(code(service::supervise(&mut tx, id, zhou, None).await), "order.over");
    tx.commit().await.unwrap();
    assert_eq!(code(house.step(&house.zhang, id, FieldStep::Accept).await), "order.no_such_step");
}

/// Accepts WO-33: how much it presses changes what is promised, counted from the filing.
#[tokio::test]
async fn a_new_urgency_brings_new_limits() {
    let house = House::new().await;
    let order = house.filed().await;
    house.t.advance(TimeDelta::minutes(2));
    let mut tx = house.t.tx(&house.agent).await;
    assert_eq!(
        field(service::set_urgency(&mut tx, order.id, Urgency::EMERGENCY, "", None).await),
        "reason"
    );
    let pressed = service::set_urgency(&mut tx, order.id, Urgency::EMERGENCY, "老人", None).await;
    let pressed = pressed.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(pressed.accept_due, order.opened_at + TimeDelta::minutes(5));
    assert_eq!(pressed.next_due, Some(pressed.accept_due));
    let told = house.last(order.id, "order.urgency_changed").await;
    assert_eq!(
        (&told["from"], &told["to"], &told["reason"]),
        (&json!(2), &json!(3), &json!("老人"))
    );
}

/// Accepts AD-12: the end of the work is moved with a reason, and history keeps from when to when.
#[tokio::test]
async fn the_end_of_the_work_is_moved_with_a_reason() {
    let house = House::new().await;
    let order = house.filed().await;
    let due = house.t.now() + TimeDelta::hours(1);
    let mut tx = house.t.tx(&house.agent).await;
    let past = house.t.now();
    assert_eq!(field(service::set_due(&mut tx, order.id, past, "x", None).await), "finish_due");
    let moved = service::set_due(&mut tx, order.id, due, "领导交办", None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((moved.arrive_due, moved.finish_due), (due, due));
    assert_eq!(moved.accept_due, order.accept_due);
    let told = house.last(order.id, "order.due_changed").await;
    assert_eq!(told["from"], json!(order.finish_due));
    assert_eq!(told["to"], json!(due));
}

/// Accepts WO-21, WO-26: somebody answers for the order, by name.
#[tokio::test]
async fn an_order_has_a_supervisor() {
    let house = House::new().await;
    let id = house.filed().await.id;
    let zhou = house.agent.user.unwrap();
    let mut tx = house.t.tx(&house.agent).await;
    let ghost = service::supervise(&mut tx, id, testing::nobody(), None).await;
    assert_eq!(field(ghost), "supervisor_id");
    let order = service::supervise(&mut tx, id, zhou, None).await.unwrap();
    assert_eq!(order.supervisor_name.as_deref(), Some("zhou"));
    tx.commit().await.unwrap();
    assert_eq!(house.last(id, "order.supervised").await["to"]["name"], "zhou");
}

/// Who edits what somebody else has changed meanwhile is told so.
#[tokio::test]
async fn an_edit_of_an_old_version_is_stale() {
    let house = House::new().await;
    let seen = house.filed().await;
    house.dispatch(&house.agent, seen.id, super::house::to(&house.zhang)).await.unwrap();
    let mut tx = house.t.tx(&house.agent).await;
    let (id, version) = (seen.id, Some(seen.version));
    let zhou = house.agent.user.unwrap();
    let due = house.t.now() + TimeDelta::days(1);
    let level = Urgency::ORDINARY;
    assert_eq!(code(service::set_urgency(&mut tx, id, level, "a", version).await), "stale");
    assert_eq!(code(service::set_due(&mut tx, id, due, "a", version).await), "stale");
    assert_eq!(code(service::supervise(&mut tx, id, zhou, version).await), "stale");
    let fresh = Some(seen.version + 1);
    assert!(service::supervise(&mut tx, id, zhou, fresh).await.is_ok());
}

/// The full number is shown for a reason, and history keeps who asked.
#[tokio::test]
async fn a_phone_is_unmasked_for_a_reason() {
    let house = House::new().await;
    let id = house.filed().await.id;
    let mut tx = house.t.tx(&house.agent).await;
    assert_eq!(field(service::unmask(&mut tx, id, " ").await), "reason");
    let detail = service::unmask(&mut tx, id, "核对号码").await.unwrap();
    tx.commit().await.unwrap();
    assert!(detail.contact_phone_unmasked);
    assert_eq!(detail.order.contact_phone, "13800135678");
    assert_eq!(house.last(id, "order.unmasked").await["reason"], "核对号码");
    let seen = house.get(&house.agent, id).await.unwrap();
    assert_eq!(seen.contact_phone, "138****5678", "only in that answer");
}

#[tokio::test]
async fn whoever_sees_an_order_may_add_words_to_it() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    let mut tx = house.t.tx(&house.zhang).await;
    assert_eq!(field(service::note(&mut tx, id, "").await), "text");
    service::note(&mut tx, id, "电梯停用").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(house.last(id, "order.noted").await["text"], "电梯停用");
    let mut tx = house.t.tx(&house.chen).await;
    assert_eq!(code(service::note(&mut tx, id, "x").await), "not_found");
}

/// Every use case by id: out of scope 404, in scope without the key 403.
#[tokio::test]
async fn each_change_needs_its_key_where_the_order_is() {
    let house = House::new().await;
    let id = house.filed().await.id;
    let far = house.desk(may::ALL, "/hq/west/").await;
    let reader = house.desk(&[may::VIEW], "/hq/").await;
    for (who, refusal) in [(far, "not_found"), (reader, "forbidden")] {
        let due = house.t.now() + TimeDelta::days(1);
        let boss = house.agent.user.unwrap();
        let (tx, level) = (&mut house.t.tx(&who).await, Urgency::ORDINARY);
        let answers: Vec<kernel::Result<Order>> = vec![
            service::answer(tx, id, "a").await,
            service::chase(tx, id, "a", None).await,
            service::void(tx, id, "a").await,
            service::pass(tx, id, "a").await,
            service::fail(tx, id, "a").await,
            service::set_urgency(tx, id, level, "a", None).await,
            service::set_due(tx, id, due, "a", None).await,
            service::supervise(tx, id, boss, None).await,
        ];
        for answer in answers {
            assert_eq!(code(answer), refusal);
        }
    }
}
