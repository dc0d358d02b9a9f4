//! Warnings.

use super::house::{House, to};
use crate::{FieldStep, Urgency, jobs, service};
use chrono::TimeDelta;

async fn warned(house: &House, id: kernel::OrderId) -> Vec<(String, String)> {
    let told = house.told(id).await;
    let warning = |kind: &str| matches!(kind, "order.at_risk" | "order.late");
    let step = |p: serde_json::Value| p["step"].as_str().unwrap().to_owned();
    told.into_iter().filter(|(k, _)| warning(k)).map(|(k, p)| (k, step(p))).collect()
}

async fn watch_after(house: &House, minutes: i64) -> usize {
    house.t.advance(TimeDelta::minutes(minutes));
    jobs::watch_limits(&house.t.app).await.unwrap()
}

fn pair(kind: &str, step: &str) -> (String, String) {
    (kind.to_owned(), step.to_owned())
}

/// Accepts WO-23, AD-12: at risk when a quarter of the time is left, then late; each once.
#[tokio::test]
async fn a_limit_warns_once_before_and_once_after() {
    let house = House::new().await;
    let id = house.filed().await.id;
    assert_eq!(watch_after(&house, 11).await, 0);
    assert_eq!(watch_after(&house, 1).await, 1, "11:15 of 15 minutes are gone");
    assert_eq!(watch_after(&house, 1).await, 0);
    assert_eq!(watch_after(&house, 2).await, 1);
    assert_eq!(watch_after(&house, 600).await, 0);
    let want = [pair("order.at_risk", "dispatch"), pair("order.late", "dispatch")];
    assert_eq!(warned(&house, id).await, want);
}

/// The lesson of clocks that fire though the work is done.
#[tokio::test]
async fn nothing_fires_for_a_step_that_is_done() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    house.work(id, true).await;
    assert_eq!(watch_after(&house, 60 * 9).await, 0, "every limit of the work has passed");
    assert_eq!(watch_after(&house, 60 * 16).await, 1);
    assert_eq!(warned(&house, id).await, [pair("order.late", "revisit")]);
    let mut tx = house.t.tx(&house.agent).await;
    let revisit = service::detail(&mut tx, id).await.unwrap().revisits[0].id;
    let content = crate::Satisfaction::Satisfied;
    service::record_revisit(&mut tx, revisit, content, "", None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(watch_after(&house, 60 * 24 * 30).await, 0, "closed is quiet");
}

/// Accepts WO-24, WO-45: each step has a limit of its own; one that nobody accepts is told of.
#[tokio::test]
async fn each_step_warns_of_its_own_limit() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    watch_after(&house, 15).await;
    house.step(&house.zhang, id, FieldStep::Accept).await.unwrap();
    watch_after(&house, 105).await;
    house.step(&house.zhang, id, FieldStep::SetOut).await.unwrap();
    watch_after(&house, 5).await;
    let want = [pair("order.late", "accept"), pair("order.late", "arrive")];
    assert_eq!(warned(&house, id).await, want);
}

/// Changing hands neither stops the clock nor repeats its warnings.
#[tokio::test]
async fn changing_hands_does_not_restart_the_clock() {
    let house = House::new().await;
    let order = house.dispatched().await;
    assert_eq!(watch_after(&house, 16).await, 1);
    let other = crate::DispatchTo { reason: "未接单".to_owned(), ..to(&house.chen) };
    let moved = house.dispatch(&house.agent, order.id, other).await.unwrap();
    assert_eq!(moved.next_due, Some(order.accept_due));
    assert_eq!(watch_after(&house, 1).await, 0);
}

/// A new round, and a limit that was moved, warn anew.
#[tokio::test]
async fn new_limits_warn_anew() {
    let house = House::new().await;
    let id = house.filed().await.id;
    assert_eq!(watch_after(&house, 20).await, 1);
    let mut tx = house.t.tx(&house.agent).await;
    let (level, why) = (Urgency::ORDINARY, "用户不急");
    service::set_urgency(&mut tx, id, level, why, None).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(watch_after(&house, 11).await, 1, "half an hour has passed");
    let late = pair("order.late", "dispatch");
    assert_eq!(warned(&house, id).await, [late.clone(), late.clone()]);

    house.dispatch(&house.agent, id, to(&house.zhang)).await.unwrap();
    house.work(id, false).await;
    let mut tx = house.t.tx(&house.agent).await;
    service::fail(&mut tx, id, "未修好").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(watch_after(&house, 31).await, 1);
    assert_eq!(warned(&house, id).await.last(), Some(&late));
}

/// Two nodes watch at once: each warning is given by one of them.
#[tokio::test]
async fn two_watchers_give_each_warning_once() {
    let house = House::new().await;
    let mut ids = Vec::new();
    for _ in 0..5 {
        ids.push(house.filed().await.id);
    }
    house.t.advance(TimeDelta::hours(1));
    let app = &house.t.app;
    let (a, b) = tokio::join!(jobs::watch_limits(app), jobs::watch_limits(app));
    assert_eq!(a.unwrap() + b.unwrap(), 5);
    for id in ids {
        assert_eq!(warned(&house, id).await.len(), 1);
    }
}

/// Accepts WO-23: late orders are first in the queue and can be listed alone.
#[tokio::test]
async fn late_orders_can_be_listed() {
    let house = House::new().await;
    let late = house.filed().await;
    house.t.advance(TimeDelta::minutes(16));
    house.filed().await;
    let mut tx = house.t.tx(&house.agent).await;
    let overdue = crate::Filter { overdue: Some(1), ..Default::default() };
    let page = service::list(&mut tx, &overdue).await.unwrap();
    assert_eq!(page.items.iter().map(|o| o.id).collect::<Vec<_>>(), [late.id]);
}
