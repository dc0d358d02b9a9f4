//! Asking the customer.

use super::house::{House, code, field, finish, repair, to};
use crate::{CallReason, FieldStep, Order, Satisfaction, State, permissions as may, service};
use chrono::TimeDelta;
use kernel::{Actor, CallId, Result, RevisitId};

/// An order whose customer must be asked, and the revisit.
async fn asked(house: &House) -> (Order, RevisitId) {
    let id = house.dispatched().await.id;
    let order = house.work(id, true).await;
    (order, revisit_of(house, id).await)
}

async fn revisit_of(house: &House, id: kernel::OrderId) -> RevisitId {
    let mut tx = house.t.tx(&house.agent).await;
    let detail = service::detail(&mut tx, id).await.unwrap();
    detail.revisits.into_iter().rfind(|r| r.state == "open").unwrap().id
}

async fn say(
    house: &House,
    by: &Actor,
    id: RevisitId,
    result: Satisfaction,
    reason: &str,
    call: Option<CallId>,
) -> Result<Order> {
    let mut tx = house.t.tx(by).await;
    let order = service::record_revisit(&mut tx, id, result, reason, call).await?;
    tx.commit().await?;
    Ok(order)
}

/// Accepts RV-01: content customers close the order, with the call in which they said so.
#[tokio::test]
async fn a_content_customer_closes_the_order() {
    let house = House::new().await;
    for result in [Satisfaction::Satisfied, Satisfaction::Fair] {
        let (order, revisit) = asked(&house).await;
        let (call, _) = house.call().await;
        let said = say(&house, &house.agent, revisit, result, "", Some(call)).await.unwrap();
        assert_eq!(said.id, order.id);
        let order = said;
        assert_eq!((order.state, order.satisfaction), (State::Closed, Some(result)));
        assert_eq!((order.closed_at, order.next_due), (Some(house.t.now()), None));
        let mut tx = house.t.tx(&house.agent).await;
        let detail = service::detail(&mut tx, order.id).await.unwrap();
        assert_eq!((detail.calls[0].call_id, detail.calls[0].why), (call, CallReason::Revisit));
        assert_eq!(detail.revisits[0].done_by_name.as_deref(), Some("zhou"));
    }
}

/// Accepts RV-04, RV-06, WO-22: not content, somebody goes again under the same order, with new
/// limits and the reason; and the customer is asked again.
#[tokio::test]
async fn a_customer_who_is_not_content_gets_a_second_round() {
    let house = House::new().await;
    let (order, revisit) = asked(&house).await;
    house.t.advance(TimeDelta::hours(5));
    let mute = say(&house, &house.agent, revisit, Satisfaction::Unsatisfied, " ", None).await;
    assert_eq!(field(mute), "reason");
    let result = Satisfaction::Unsatisfied;
    let again = say(&house, &house.agent, revisit, result, "还是不热", None).await.unwrap();
    assert_eq!((again.id, again.no.as_str()), (order.id, order.no.as_str()));
    assert_eq!((again.state, again.round, again.assignee_id), (State::Filed, 2, None));
    assert_eq!((again.accepted_at, again.finished_at, again.cause), (None, None, None));
    assert_eq!(again.accept_due, house.t.now() + TimeDelta::minutes(15));
    assert_eq!(again.satisfaction, Some(Satisfaction::Unsatisfied));
    let told = house.kinds_told(order.id).await;
    assert_eq!(told[told.len() - 2..], ["order.revisited", "order.reopened"]);
    assert_eq!(house.last(order.id, "order.reopened").await["reason"], "还是不热");

    house.dispatch(&house.agent, order.id, to(&house.zhang)).await.unwrap();
    house.work(order.id, true).await;
    let second = revisit_of(&house, order.id).await;
    let closed = say(&house, &house.agent, second, Satisfaction::Satisfied, "", None).await;
    let closed = closed.unwrap();
    assert_eq!((closed.state, closed.round), (State::Closed, 2));
    let mut tx = house.t.tx(&house.agent).await;
    assert_eq!(service::detail(&mut tx, order.id).await.unwrap().revisits.len(), 2);
}

#[tokio::test]
async fn a_revisit_is_recorded_once() {
    let house = House::new().await;
    let (_, revisit) = asked(&house).await;
    let content = Satisfaction::Satisfied;
    let (a, b) = tokio::join!(
        say(&house, &house.agent, revisit, content, "", None),
        say(&house, &house.agent, revisit, Satisfaction::Unsatisfied, "冷", None),
    );
    assert!(a.is_ok() != b.is_ok());
    assert_eq!(code(if a.is_ok() { b } else { a }), "order.revisit_done");
    let mut tx = house.t.tx(&house.agent).await;
    let late = service::attempt_revisit(&mut tx, revisit, "").await;
    assert_eq!(code(late), "order.revisit_done");
    let ghost = say(&house, &house.agent, house.t.app.new_id(), content, "", None).await;
    assert_eq!(code(ghost), "not_found");
}

/// Tries that reach nobody are counted, and the revisit stays open.
#[tokio::test]
async fn tries_in_vain_are_counted() {
    let house = House::new().await;
    let (order, revisit) = asked(&house).await;
    let mut tx = house.t.tx(&house.agent).await;
    for _ in 0..2 {
        service::attempt_revisit(&mut tx, revisit, "无人接听").await.unwrap();
    }
    tx.commit().await.unwrap();
    assert_eq!(house.last(order.id, "order.revisit_attempted").await["attempts"], 2);
    let mut tx = house.t.tx(&house.agent).await;
    let open = service::open_revisits(&mut tx, None, None).await.unwrap();
    assert_eq!((open.items[0].id, open.items[0].attempts), (revisit, 2));
}

/// The list is sorted by what presses, pages neither skip nor repeat, and scope holds.
#[tokio::test]
async fn open_revisits_are_listed_in_scope_by_due_time() {
    let house = House::new().await;
    let mut want = Vec::new();
    for _ in 0..3 {
        house.t.advance(TimeDelta::minutes(1));
        want.push(asked(&house).await.1);
    }
    let mut tx = house.t.tx(&house.agent).await;
    let (mut seen, mut after) = (Vec::new(), None);
    loop {
        let page = service::open_revisits(&mut tx, Some(2), after.as_deref()).await.unwrap();
        seen.extend(page.items.iter().map(|r| r.id));
        after = page.next;
        if after.is_none() {
            break;
        }
    }
    assert_eq!(seen, want);
    let west = house.desk(&[may::REVISIT], "/hq/west/").await;
    let mut tx = house.t.tx(&west).await;
    assert_eq!(service::open_revisits(&mut tx, None, None).await.unwrap().items.len(), 0);
    let content = Satisfaction::Satisfied;
    let far = service::record_revisit(&mut tx, want[0], content, "", None).await;
    assert_eq!(code(far), "not_found");
}

/// Click-to-call asks for the number; lists never show it.
#[tokio::test]
async fn the_telephone_gets_the_number_that_lists_hide() {
    let house = House::new().await;
    let (order, revisit) = asked(&house).await;
    assert_eq!(order.contact_phone, "138****5678");
    let mut tx = house.t.tx(&house.agent).await;
    let contact = service::contact_of_revisit(&mut tx, revisit).await.unwrap();
    assert_eq!((contact.order_id, contact.phone.as_str()), (order.id, "13800135678"));
    assert_eq!(contact.matter_id, order.matter_id);
    let mut tx = house.t.tx(&house.desk(&[may::VIEW], "/hq/west/").await).await;
    assert_eq!(code(service::contact_of(&mut tx, order.id).await), "not_found");
}

/// A step of the field after the end finds nothing to do.
#[tokio::test]
async fn a_closed_order_takes_no_steps() {
    let house = House::new().await;
    let (order, revisit) = asked(&house).await;
    say(&house, &house.agent, revisit, Satisfaction::Satisfied, "", None).await.unwrap();
    for step in [FieldStep::Accept, finish(true)] {
        assert_eq!(code(house.step(&house.zhang, order.id, step).await), "order.no_such_step");
    }
    assert!(house.create(&house.agent, repair(house.wang)).await.is_ok(), "a new one is possible");
}
