//! The day's numbers, the backlog, the map and the wall.

use super::house::{Call, House};
use crate::permissions::{MAP, NUMBERS, WALL};
use crate::{Today, backlog, live_map, today, wall};
use chrono::TimeDelta;
use kernel::{Error, Tx};
use std::collections::BTreeMap;

async fn manager(h: &House, path: &str) -> Tx {
    h.t.tx(&testing::actor(testing::nobody(), &[NUMBERS, MAP, WALL], path)).await
}

async fn numbers(h: &House, path: &str) -> Today {
    let mut tx = manager(h, path).await;
    today(&mut tx, None).await.unwrap()
}

/// accepts R-07 CH-01: calls of today by what became of them, and what runs now. It is 09:00 in
/// Shanghai, so yesterday ended nine hours ago.
#[tokio::test]
async fn calls_are_counted_by_what_became_of_them() {
    let h = House::new().await;
    let ended = |outcome, ago| Call { outcome: Some(outcome), ago, ..Call::default() };
    let gone = |outcome, queued| ended(outcome, [Some(40), queued, None, Some(39)]);
    h.call(Call::default()).await;
    h.call(ended("answered", [Some(130), Some(130), Some(127), Some(120)])).await;
    h.call(gone("abandoned_queue", Some(40))).await;
    h.call(gone("abandoned_menu", None)).await;
    h.call(gone("self_service", None)).await;
    h.call(ended("answered", [Some(600), Some(600), Some(599), Some(598)])).await;
    let live = |state, queued, answered| Call {
        state,
        outcome: None,
        agent: false,
        ago: [Some(3), queued, answered, None],
        ..Call::default()
    };
    h.call(live("ivr", None, None)).await;
    h.call(live("queued", Some(2), None)).await;
    h.call(live("ringing", Some(1), None)).await;
    h.call(live("held", Some(3), Some(2))).await;

    let c = numbers(&h, "/hq/").await.calls;
    assert_eq!((c.arrived, c.answered, c.abandoned), (9, 3, 2), "yesterday's is left out");
    assert_eq!((c.in_ivr, c.waiting, c.longest_wait_s, c.talking), (1, 2, 120, 1));
    assert_eq!(c.answer_rate, Some(0.75), "three of the four that asked for an agent");
    assert_eq!(c.avg_wait_s, Some(100.0), "60, 180 and 60 seconds");
    let hours: Vec<_> =
        c.by_hour.iter().map(|b| (b.hour, b.arrived, b.answered)).filter(|b| b.1 > 0).collect();
    assert_eq!(hours, [(6, 1, 1), (8, 8, 2)]);
    assert_eq!(c.by_hour.len(), 10, "hours 0 to 9, and no later ones");
}

/// accepts R-06: a station head sees the calls of his own households.
#[tokio::test]
async fn calls_belong_to_the_station_of_their_household_too() {
    let h = House::new().await;
    h.call(Call { account: Some(h.a), ..Call::default() }).await;
    h.call(Call { account: Some(h.west), ..Call::default() }).await;
    h.call(Call::default()).await;
    assert_eq!(numbers(&h, "/hq/").await.calls.arrived, 3);
    assert_eq!(numbers(&h, "/hq/east/s1/").await.calls.arrived, 1);
    let mut tx = manager(&h, "/hq/").await;
    let west = today(&mut tx, Some(h.orgs.west)).await.unwrap();
    assert_eq!((west.calls.arrived, west.seats.idle), (1, 0));
    drop(tx);
    let mut tx = manager(&h, "/hq/east/").await;
    let refused = today(&mut tx, Some(h.orgs.west)).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_quiet_morning_has_no_rates() {
    let h = House::new().await;
    let t = numbers(&h, "/hq/").await;
    assert_eq!((t.calls.arrived, t.calls.answer_rate, t.calls.avg_wait_s), (0, None, None));
    assert_eq!((t.orders.timely_rate, t.orders.completion_rate), (None, None));
    assert_eq!((t.satisfaction.rate, t.seats.idle), (None, 1));
}

/// accepts ST-05 ST-06 ST-08 R-07: orders by state, late ones, rates.
#[tokio::test]
async fn orders_are_counted_by_state_and_by_their_limits() {
    let h = House::new().await;
    let now = h.t.now();
    for _ in 0..2 {
        h.order(h.a, None).await;
    }
    let late = h.order(h.b, None).await;
    h.set(late, "update orders.work_order set next_due = $2 where id = $1", h.before(5)).await;
    let risk = h.order(h.c, None).await;
    h.set(risk, "update orders.work_order set warn_at = $2 where id = $1", h.before(1)).await;
    let close = "update orders.work_order set state = 'closed', closed_at = $2, finished_at = $2,
                   next_due = null, warn_at = null where id = $1";
    let in_time = h.order(h.a, None).await;
    h.set(in_time, close, now).await;
    let too_late = h.order(h.a, None).await;
    h.set(too_late, close, now).await;
    let due = "update orders.work_order set finish_due = $2 where id = $1";
    h.set(too_late, due, h.before(1)).await;
    let old = "update orders.work_order set opened_at = $2 where id = $1";
    h.set(too_late, old, h.before(24 * 60)).await;
    let void = h.order(h.a, None).await;
    let voided = "update orders.work_order set state = 'voided', closed_at = $2, next_due = null,
                    warn_at = null where id = $1";
    h.set(void, voided, now).await;
    for (order, result) in [(in_time, "satisfied"), (too_late, "unsatisfied"), (late, "fair")] {
        let said =
            "insert into orders.revisit (id, order_id, round, state, due_at, result, done_at)
                    values ($1, $1, 1, 'done', $2, $3, $2)";
        h.run(sqlx::query(said).bind(*order).bind(now).bind(result)).await;
    }

    let t = numbers(&h, "/hq/").await;
    let o = t.orders;
    assert_eq!((o.opened, o.closed), (6, 2), "one was filed yesterday, one is void");
    assert_eq!(o.open_by_state, BTreeMap::from([("filed".to_owned(), 4)]));
    assert_eq!((o.late, o.at_risk), (1, 1));
    assert_eq!(o.timely_rate, Some(0.5));
    assert_eq!(o.completion_rate, Some(0.2), "one of the five valid ones of today");
    let nine = o.by_hour.last().map(|b| (b.hour, b.opened, b.closed));
    assert_eq!(nine, Some((9, 6, 2)));
    let s = t.satisfaction;
    assert_eq!((s.satisfied, s.fair, s.unsatisfied), (1, 1, 1));
    assert_eq!(s.rate, Some(2.0 / 3.0));
    assert_eq!(numbers(&h, "/hq/west/").await.orders.opened, 0);
}

/// accepts R-06: who has what open, and in which communities.
#[tokio::test]
async fn the_backlog_names_stations_and_their_communities() {
    let h = House::new().await;
    for account in [h.a, h.b, h.west] {
        h.order(account, None).await;
    }
    let late = h.order(h.c, None).await;
    h.set(late, "update orders.work_order set next_due = $2 where id = $1", h.before(5)).await;
    let mut tx = manager(&h, "/hq/").await;
    let all = backlog(&mut tx, None).await.unwrap();
    let rows: Vec<_> =
        all.iter().map(|b| (b.org_name.as_str(), b.open, b.late, b.at_risk)).collect();
    assert_eq!(rows, [("s1", 3, 1, 0), ("s9", 1, 0, 0)], "the latest first");
    let c = &all[0].by_community[0];
    assert_eq!((c.community.as_str(), c.n, c.late, c.lng), ("阳光小区", 3, 1, Some(113.3)));
    assert_eq!(all[0].oldest_at, Some(h.t.now()));
    let west = backlog(&mut tx, Some(h.orgs.west)).await.unwrap();
    assert_eq!(west.len(), 1);
}

/// accepts GI-01 GI-02: repairers and orders on the map, with counts by community.
#[tokio::test]
async fn the_map_shows_repairers_orders_and_communities_in_scope() {
    let h = House::new().await;
    let order = h.order(h.a, None).await;
    h.order(h.west, None).await;
    let repairer = h.t.staff("repairer", h.orgs.s1).await;
    let worker = "insert into dispatch.worker
                    (staff_id, org_path, on_shift, seen_at, lng, lat, position_at)
                  values ($1, '/hq/east/s1/', true, $2, 113.31, 40.11, $2)";
    h.run(sqlx::query(worker).bind(*repairer).bind(h.t.now())).await;
    let silent = h.t.staff("silent", h.orgs.s1).await;
    h.run(
        sqlx::query("insert into dispatch.worker (staff_id, org_path) values ($1, '/hq/east/s1/')")
            .bind(*silent),
    )
    .await;
    let give = "update orders.work_order set state = 'dispatched', dispatched_at = $2,
                  assignee_id = (select staff_id from dispatch.worker where lng is not null)
                where id = $1";
    h.set(order, give, h.t.now()).await;

    let mut tx = manager(&h, "/hq/east/").await;
    let m = live_map(&mut tx, None).await.unwrap();
    assert_eq!(m.orders.iter().map(|o| o.id).collect::<Vec<_>>(), [order]);
    assert_eq!(
        (m.orders[0].state.as_str(), m.orders[0].community.as_str()),
        ("dispatched", "阳光小区")
    );
    assert_eq!(m.workers.len(), 1, "a repairer without a place is not on the map");
    let w = &m.workers[0];
    assert_eq!((w.staff_id, w.online, w.on_shift, w.open), (repairer, true, true, 1));
    assert_eq!((m.communities.len(), m.communities[0].n), (1, 1));
    drop(tx);
    h.t.advance(TimeDelta::minutes(10));
    let mut tx = manager(&h, "/hq/").await;
    let m = live_map(&mut tx, None).await.unwrap();
    assert!(!m.workers[0].online, "not heard of for ten minutes");
    assert_eq!(m.orders.len(), 2);
}

#[tokio::test]
async fn the_wall_names_no_customer() {
    let h = House::new().await;
    h.order(h.a, None).await;
    let queue = "insert into telephony.queue (id, key, name, name_en, strategy)
                 values ($1, 'repair', '报修', 'Repairs', 'longest_idle')";
    h.run(sqlx::query(queue).bind(uuid::Uuid::new_v4())).await;
    let member = "insert into telephony.queue_member (queue_id, staff_id)
                  select id, $1 from telephony.queue";
    h.run(sqlx::query(member).bind(*h.agent)).await;
    let mut tx = manager(&h, "/hq/").await;
    let w = wall(&mut tx).await.unwrap();
    assert_eq!((w.queues[0].key.as_str(), w.queues[0].idle, w.queues[0].waiting), ("repair", 1, 0));
    assert_eq!((w.communities[0].n, w.today.orders.opened), (1, 1));
    let json = serde_json::to_string(&w).unwrap();
    for secret in ["13812345678", "address", "contact", "phone"] {
        assert!(!json.contains(secret), "{secret}");
    }
    drop(tx);
    let mut tx = h.t.tx(&testing::actor(testing::nobody(), &[WALL], "/hq/")).await;
    assert!(matches!(today(&mut tx, None).await, Err(Error::Forbidden(p)) if p == NUMBERS));
    assert!(matches!(live_map(&mut tx, None).await, Err(Error::Forbidden(p)) if p == MAP));
}
