//! The repairer's steps.

use super::house::{House, arrive, code, field, finish};
use crate::{Action, FieldStep, Next, State, permissions as may, service};
use chrono::TimeDelta;
use kernel::Reach;

/// Accepts WO-10, WO-14, WO-16, WO-17, WO-31: each step has its instant and its trace.
#[tokio::test]
async fn a_repairer_works_through_an_order() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    let steps = [
        (FieldStep::Accept, State::Accepted, Next::Arrive),
        (FieldStep::SetOut, State::EnRoute, Next::Arrive),
        (arrive(), State::OnSite, Next::Finish),
        (finish(true), State::Revisit, Next::Revisit),
    ];
    for (step, state, next) in steps {
        house.t.advance(TimeDelta::minutes(5));
        let order = house.step(&house.zhang, id, step).await.unwrap();
        assert_eq!((order.state, order.next_step), (state, Some(next)));
    }
    let order = house.get(&house.agent, id).await.unwrap();
    let minutes = |at: Option<chrono::DateTime<_>>| (at.unwrap() - order.opened_at).num_minutes();
    assert_eq!([minutes(order.accepted_at), minutes(order.set_out_at)], [5, 10]);
    assert_eq!([minutes(order.arrived_at), minutes(order.finished_at)], [15, 20]);
    assert_eq!(order.revisit_due, order.finished_at.map(|at| at + TimeDelta::days(1)));
    assert_eq!(order.cause_name.as_deref(), Some("气堵"));
    let told = house.kinds_told(id).await;
    assert_eq!(
        told[2..],
        ["order.accepted", "order.set_out", "order.arrived", "order.finished", "order.passed"]
    );
    assert_eq!(house.last(id, "order.arrived").await["point"]["lng"], 113.3);
    assert_eq!(house.last(id, "order.passed").await["automatic"], true);
}

/// A phone without a signal: steps count when they were made, not when they were heard of.
#[tokio::test]
async fn steps_heard_of_late_count_when_they_were_made() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    let made = |minutes: i64| house.t.now() - TimeDelta::minutes(60 - minutes);
    house.t.advance(TimeDelta::minutes(60));
    for (step, minutes) in [(FieldStep::Accept, 3), (FieldStep::SetOut, 5), (arrive(), 30)] {
        house.step_at(&house.zhang, id, step, made(minutes)).await.unwrap();
    }
    let order = house.step_at(&house.zhang, id, finish(true), made(55)).await.unwrap();
    assert_eq!(order.accepted_at, Some(made(3)));
    assert_eq!(order.finished_at, Some(made(55)));
    let told = house.last(id, "order.arrived").await;
    assert_eq!(told["at"].as_str().unwrap(), made(30).format("%FT%TZ").to_string());
}

/// A phone with a wrong clock: no step lies in the future, or before the one before it.
#[tokio::test]
async fn the_instant_of_a_step_is_bounded() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    let (now, day) = (house.t.now(), TimeDelta::days(1));
    let order = house.step_at(&house.zhang, id, FieldStep::Accept, now + day).await.unwrap();
    assert_eq!(order.accepted_at, Some(now));
    let order = house.step_at(&house.zhang, id, FieldStep::SetOut, now - day).await.unwrap();
    assert_eq!(order.set_out_at, Some(now));
}

/// Steps that overtake each other are refused, and accepted when sent again in their order.
#[tokio::test]
async fn steps_out_of_order_are_refused_and_can_be_sent_again() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    for early in [FieldStep::SetOut, arrive(), finish(true)] {
        assert_eq!(code(house.step(&house.zhang, id, early).await), "order.no_such_step");
    }
    assert_eq!(house.work(id, true).await.state, State::Revisit);
    let again = house.step(&house.zhang, id, FieldStep::Accept).await;
    assert_eq!(code(again), "order.no_such_step");
}

/// Accepts WO-18: given back with a reason, it waits for somebody else.
#[tokio::test]
async fn an_order_is_given_back_with_a_reason() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    house.step(&house.zhang, id, FieldStep::Accept).await.unwrap();
    let mute = FieldStep::Return { reason: " ".to_owned() };
    assert_eq!(field(house.step(&house.zhang, id, mute).await), "reason");
    let back = FieldStep::Return { reason: "缺配件".to_owned() };
    let order = house.step(&house.zhang, id, back).await.unwrap();
    assert_eq!((order.state, order.assignee_id, order.round), (State::Filed, None, 1));
    let told = house.last(id, "order.returned").await;
    assert_eq!(
        (told["from"]["name"].as_str(), told["reason"].as_str()),
        (Some("tester"), Some("缺配件"))
    );
    assert_eq!(code(house.get(&house.zhang, id).await), "not_found");
}

#[tokio::test]
async fn only_the_one_who_has_it_takes_its_steps() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    assert_eq!(code(house.step(&house.chen, id, FieldStep::Accept).await), "not_found");
    let head = house.desk(&[may::HANDLE], "/hq/").await;
    assert_eq!(code(house.step(&head, id, FieldStep::Accept).await), "order.not_yours");
    assert_eq!(code(house.step(&house.agent, id, FieldStep::Accept).await), "forbidden");
}

/// Accepts WO-38: the cause is chosen from the kind's list.
#[tokio::test]
async fn the_cause_is_one_of_the_kind() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    for step in [FieldStep::Accept, FieldStep::SetOut, arrive()] {
        house.step(&house.zhang, id, step).await.unwrap();
    }
    let (cause, note) = ("temperature_good".to_owned(), String::new());
    let wrong = FieldStep::Finish { cause, note, evidence_complete: true };
    assert_eq!(field(house.step(&house.zhang, id, wrong).await), "cause");
    let order = house.get(&house.zhang, id).await.unwrap();
    assert_eq!(order.state, State::OnSite, "a refusal changes nothing");
}

/// Accepts WO-12, WO-19: without complete evidence a person judges the work.
#[tokio::test]
async fn work_without_evidence_waits_for_a_person() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    let order = house.work(id, false).await;
    assert_eq!((order.state, order.next_step), (State::Finished, Some(Next::Audit)));
    let mut tx = house.t.tx(&house.agent).await;
    let order = service::pass(&mut tx, id, "照片补齐").await.unwrap();
    assert_eq!(order.state, State::Revisit);
    assert_eq!(code(service::pass(&mut tx, id, "").await), "order.no_such_step");
}

/// Accepts WO-19, WO-22: bad work is done again under the same order.
#[tokio::test]
async fn work_that_fails_its_audit_begins_a_new_round() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    house.work(id, false).await;
    house.t.advance(TimeDelta::hours(3));
    let mut tx = house.t.tx(&house.agent).await;
    assert_eq!(field(service::fail(&mut tx, id, "").await), "reason");
    let order = service::fail(&mut tx, id, "没有室温记录").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((order.state, order.round, order.assignee_id), (State::Filed, 2, None));
    assert_eq!(order.accept_due, house.t.now() + TimeDelta::minutes(15));
    assert_eq!(house.last(id, "order.reopened").await["reason"], "没有室温记录");
}

/// A kind that is not asked after is closed when its evidence is complete.
#[tokio::test]
async fn a_kind_without_revisit_closes_with_its_evidence() {
    let house = House::new().await;
    let new = crate::NewOrder {
        kind: "inspection".to_owned(),
        symptom: None,
        ..super::house::repair(house.wang)
    };
    let id = house.create(&house.agent, new).await.unwrap().id;
    house.dispatch(&house.agent, id, super::house::to(&house.zhang)).await.unwrap();
    for step in [FieldStep::Accept, FieldStep::SetOut, arrive()] {
        house.step(&house.zhang, id, step).await.unwrap();
    }
    let (cause, note) = ("safe".to_owned(), String::new());
    let done = FieldStep::Finish { cause, note, evidence_complete: true };
    let order = house.step(&house.zhang, id, done).await.unwrap();
    assert_eq!((order.state, order.closed_at), (State::Closed, Some(house.t.now())));
}

/// The steps that a list offers are those that the caller can take.
#[tokio::test]
async fn an_order_names_the_steps_that_are_open_to_the_caller() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    let office = house.get(&house.agent, id).await.unwrap();
    assert_eq!(office.actions, [Action::Dispatch, Action::Void]);
    let his = house.get(&house.zhang, id).await.unwrap();
    assert_eq!(his.actions, [Action::Accept, Action::Return]);
    let reader = house.desk(&[may::VIEW], "/hq/").await;
    assert_eq!(house.get(&reader, id).await.unwrap().actions, []);
    assert!(house.zhang.grants.iter().all(|g| g.reach == Reach::Own));
}
