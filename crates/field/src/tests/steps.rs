//! The steps of a visit.

use super::*;

/// accepts MO-01 MO-03 R-04: from the task to the finished visit, seen by the desk
#[tokio::test]
async fn a_visit_from_accepting_to_the_end() {
    let h = House::new().await;
    let who = h.t.staff("li", h.orgs.s1).await;
    let id = h.order_for(who).await;
    let mut tx = h.t.tx(&phone(who)).await;
    let tasks = crate::tasks(&mut tx).await.unwrap();
    assert_eq!((tasks.len(), tasks[0].visit.is_none()), (1, true));
    assert_eq!(tasks[0].order.contact_phone, "138****5678");
    drop(tx);
    h.t.advance(TimeDelta::minutes(5));
    h.accept(id, who, h.t.now()).await.unwrap();
    h.t.advance(TimeDelta::minutes(5));
    h.set_out(id, who, h.t.now()).await.unwrap();
    h.t.advance(TimeDelta::minutes(20));
    let task = h.arrive(id, who, h.at_the_door()).await.unwrap();
    let visit = task.visit.unwrap();
    assert_eq!(task.order.state, State::OnSite);
    assert!(visit.distance_m.is_some_and(|m| m < 20.0) && !visit.far);
    h.hand_in_all(id, who).await;
    h.t.advance(TimeDelta::minutes(30));
    let task = h.finish(id, who, Some("air_lock")).await.unwrap();
    assert_eq!(task.order.state, State::Revisit, "complete evidence stands for the audit");
    let mut tx = h.t.tx(&desk()).await;
    let visit = crate::visits(&mut tx, id).await.unwrap().remove(0);
    assert_eq!((visit.evidence.len(), visit.temperatures.len()), (3, 1));
    assert_eq!(visit.cause_name.as_deref(), Some("气堵"));
    let spent = visit.finished_at.unwrap() - visit.arrived_at.unwrap();
    assert_eq!(spent, TimeDelta::minutes(30));
    let mut tx = h.t.tx(&phone(who)).await;
    assert!(crate::tasks(&mut tx).await.unwrap().is_empty());
}

/// accepts MO-03: the phone's instants count, never in the future, never before the order
#[tokio::test]
async fn steps_told_late_keep_the_phones_instants() {
    let h = House::new().await;
    let who = h.t.staff("li", h.orgs.s1).await;
    let id = h.order_for(who).await;
    let given = h.t.now();
    h.t.advance(TimeDelta::hours(2));
    let early = given - TimeDelta::hours(1);
    let visit = h.accept(id, who, early).await.unwrap().visit.unwrap();
    assert_eq!(visit.accepted_at, given, "a clock that is behind");
    let real = given + TimeDelta::minutes(10);
    let visit = h.set_out(id, who, real).await.unwrap().visit.unwrap();
    assert_eq!(visit.set_out_at, Some(real));
    let ahead = Arrival { at: h.t.now() + TimeDelta::hours(9), ..h.at_the_door() };
    let visit = h.arrive(id, who, ahead).await.unwrap().visit.unwrap();
    assert_eq!(visit.arrived_at, Some(h.t.now()), "a clock that is ahead");
}

/// accepts MO-03: a nervous thumb, a retry, a double send: once
#[tokio::test]
async fn a_step_told_twice_happens_once() {
    let h = House::new().await;
    let who = h.t.staff("li", h.orgs.s1).await;
    let id = h.order_for(who).await;
    let now = h.t.now();
    let (a, b) = tokio::join!(h.accept(id, who, now), h.accept(id, who, now));
    assert_eq!(a.unwrap().visit.unwrap().id, b.unwrap().visit.unwrap().id);
    for _ in 0..2 {
        h.set_out(id, who, now).await.unwrap();
        h.arrive(id, who, h.at_the_door()).await.unwrap();
    }
    assert_eq!(h.accept(id, who, now).await.unwrap().order.state, State::OnSite);
    h.hand_in_all(id, who).await;
    for _ in 0..2 {
        h.finish(id, who, Some("air_lock")).await.unwrap();
    }
    for kind in ["order.accepted", "order.set_out", "order.arrived", "order.finished"] {
        assert_eq!(h.told(kind).await, 1, "{kind}");
    }
}

/// accepts MO-03: a step whose forerunners got lost implies them
#[tokio::test]
async fn arriving_implies_accepting_and_setting_out() {
    let h = House::new().await;
    let who = h.t.staff("li", h.orgs.s1).await;
    let id = h.order_for(who).await;
    h.t.advance(TimeDelta::minutes(30));
    let task = h.arrive(id, who, h.at_the_door()).await.unwrap();
    let visit = task.visit.unwrap();
    assert_eq!(task.order.state, State::OnSite);
    assert_eq!((Some(visit.accepted_at), visit.set_out_at), (visit.arrived_at, visit.arrived_at));
}

/// The lesson "jitter makes a storm of arrivals": far is flagged, never refused, and told once.
#[tokio::test]
async fn arriving_far_from_the_house_is_flagged() {
    let h = House::new().await;
    let who = h.t.staff("li", h.orgs.s1).await;
    let id = h.order_for(who).await;
    let far = Arrival { point: Some(Point { lng: 113.31, lat: 40.1 }), ..h.at_the_door() };
    let visit = h.arrive(id, who, far.clone()).await.unwrap().visit.unwrap();
    assert!(visit.far && visit.distance_m.is_some_and(|m| (840.0..870.0).contains(&m)));
    h.arrive(id, who, far).await.unwrap();
    assert_eq!(h.told("field.arrived_far").await, 1);
    let unsure = h.order_for(who).await;
    let nowhere = Arrival { point: None, accuracy_m: None, at: h.t.now() };
    let visit = h.arrive(unsure, who, nowhere).await.unwrap().visit.unwrap();
    assert!(!visit.far && visit.distance_m.is_none());
    let absurd = Arrival { point: Some(Point { lng: 999.0, lat: 0.0 }), ..h.at_the_door() };
    assert_eq!(code(h.arrive(id, who, absurd).await), "invalid");
    let absurd = Arrival { accuracy_m: Some(f64::NAN), ..h.at_the_door() };
    assert_eq!(code(h.arrive(id, who, absurd).await), "invalid");
}

/// accepts MO-03 R-04: given back, given to another; each keeps his own visit
#[tokio::test]
async fn an_order_given_back_goes_on_with_somebody_else() {
    let h = House::new().await;
    let (li, wu) = (h.t.staff("li", h.orgs.s1).await, h.t.staff("wu", h.orgs.s1).await);
    let id = h.order_for(li).await;
    h.accept(id, li, h.t.now()).await.unwrap();
    h.give_back(id, li).await.unwrap();
    assert_eq!(code(h.set_out(id, li, h.t.now()).await), "field.reassigned");
    h.give(id, wu, "").await;
    assert_eq!(code(h.accept(id, li, h.t.now()).await), "field.reassigned");
    h.accept(id, wu, h.t.now()).await.unwrap();
    let mut tx = h.t.tx(&desk()).await;
    let visits = crate::visits(&mut tx, id).await.unwrap();
    assert_eq!(visits.len(), 2);
    assert!(visits.iter().any(|v| v.staff_id == li && v.return_reason == "缺配件"));
    drop(tx);
    // And back to the first one in the same round.
    h.give(id, li, "改回").await;
    h.accept(id, li, h.t.now()).await.unwrap();
}

#[tokio::test]
async fn somebody_elses_order_does_not_exist() {
    let h = House::new().await;
    let (li, wu) = (h.t.staff("li", h.orgs.s1).await, h.t.staff("wu", h.orgs.s1).await);
    let id = h.order_for(li).await;
    assert_eq!(code(h.accept(id, wu, h.t.now()).await), "not_found");
    assert_eq!(code(h.arrive(id, wu, h.at_the_door()).await), "not_found");
    assert_eq!(code(h.measure(id, wu, 200).await), "not_found");
    let mut tx = h.t.tx(&phone(wu)).await;
    assert_eq!(code(crate::task(&mut tx, id).await), "not_found");
    assert!(crate::tasks(&mut tx).await.unwrap().is_empty());
    assert_eq!(code(crate::visits(&mut tx, id).await), "forbidden");
    let mut tx = h.t.tx(&actor(nobody(), &[VIEW], "/hq/west/")).await;
    assert_eq!(code(crate::visits(&mut tx, id).await), "not_found");
    let mut tx = h.t.tx(&actor(li, &[may::VIEW], "/hq/")).await;
    assert_eq!(code(crate::accept(&mut tx, id, h.t.now()).await), "forbidden");
}

/// The customer's number is in full while the order is in his hands, and not a moment longer.
#[tokio::test]
async fn the_number_is_shown_while_the_order_is_his() {
    let h = House::new().await;
    let (li, wu) = (h.t.staff("li", h.orgs.s1).await, h.t.staff("wu", h.orgs.s1).await);
    let id = h.order_for(li).await;
    let look = async |who: UserId| {
        let mut tx = h.t.tx(&phone(who)).await;
        crate::task(&mut tx, id).await.map(|d| d.detail.order.contact_phone)
    };
    assert_eq!(look(li).await.unwrap(), "13812345678");
    h.arrive(id, li, h.at_the_door()).await.unwrap();
    h.hand_in_all(id, li).await;
    h.finish(id, li, Some("air_lock")).await.unwrap();
    assert_eq!(look(li).await.unwrap(), "138****5678");
    let other = h.order_for(li).await;
    h.give(other, wu, "换人").await;
    let mut tx = h.t.tx(&phone(li)).await;
    assert_eq!(code(crate::task(&mut tx, other).await), "not_found");
}
