//! Lists and the spreadsheet.

use super::house::{House, code, field, repair, to};
use crate::{FieldStep, Filter, NewOrder, State, Urgency, permissions as may, service};
use chrono::TimeDelta;
use kernel::{Actor, OrderId};

async fn ids(house: &House, by: &Actor, filter: Filter) -> Vec<OrderId> {
    let mut tx = house.t.tx(by).await;
    let page = service::list(&mut tx, &filter).await.unwrap();
    page.items.into_iter().map(|o| o.id).collect()
}

fn open() -> Filter {
    Filter { open: Some(1), ..Filter::default() }
}

/// Accepts WO-14: the queue shows what presses most first, and pages neither skip nor repeat,
/// though orders move while somebody reads.
#[tokio::test]
async fn the_queue_is_sorted_by_what_presses_and_pages_hold() {
    let house = House::new().await;
    let mut want = Vec::new();
    for urgency in [Urgency::ORDINARY, Urgency::URGENT, Urgency::EMERGENCY] {
        for _ in 0..2 {
            let new = NewOrder { urgency, ..repair(house.wang) };
            want.push(house.create(&house.agent, new).await.unwrap());
        }
    }
    want.sort_by_key(|o| (o.next_due, o.id));
    let want: Vec<_> = want.iter().map(|o| o.id).collect();
    let (mut seen, mut after) = (Vec::new(), None);
    for _ in 0..3 {
        let mut tx = house.t.tx(&house.agent).await;
        let filter = Filter { limit: Some(2), after, ..open() };
        let page = service::list(&mut tx, &filter).await.unwrap();
        seen.extend(page.items.iter().map(|o| o.id));
        after = page.next;
        house.create(&house.agent, repair(house.zhao)).await.unwrap();
    }
    let old: Vec<_> = seen.iter().filter(|id| want.contains(id)).copied().collect();
    assert_eq!(old[..], want[..old.len()]);
    let mut once = seen.clone();
    once.sort();
    once.dedup();
    assert_eq!(once.len(), seen.len());
}

#[tokio::test]
async fn each_filter_keeps_what_matches() {
    let house = House::new().await;
    let wang = house.filed().await.id;
    house.t.advance(TimeDelta::minutes(1));
    let li = house.create(&house.agent, repair(house.li)).await.unwrap().id;
    house.t.advance(TimeDelta::minutes(1));
    let zhao = NewOrder {
        kind: "consult".to_owned(),
        symptom: None,
        contact_name: "50%_off".to_owned(),
        contact_phone: "13700001111".to_owned(),
        answer: Some("好".to_owned()),
        ..repair(house.zhao)
    };
    let zhao = house.create(&house.agent, zhao).await.unwrap();
    house.dispatch(&house.agent, li, to(&house.zhang)).await.unwrap();
    let agent = &house.agent;
    let none = Filter::default;

    assert_eq!(ids(&house, agent, none()).await, [zhao.id, li, wang], "history, newest first");
    assert_eq!(ids(&house, agent, open()).await, [wang, li]);
    let state = |state| Filter { state: Some(state), ..none() };
    assert_eq!(ids(&house, agent, state(State::Dispatched)).await, [li]);
    assert_eq!(ids(&house, agent, state(State::Closed)).await, [zhao.id]);
    let kind = Filter { kind: Some("consult".to_owned()), ..none() };
    assert_eq!(ids(&house, agent, kind).await, [zhao.id]);
    let org = |org| Filter { org: Some(org), ..none() };
    assert_eq!(ids(&house, agent, org(house.orgs.east)).await, [li, wang]);
    assert_eq!(ids(&house, agent, org(house.t.app.new_id())).await, []);
    let account = Filter { account: Some(house.wang), ..none() };
    assert_eq!(ids(&house, agent, account).await, [wang]);
    let assignee = Filter { assignee: house.zhang.user, ..none() };
    assert_eq!(ids(&house, agent, assignee).await, [li]);
    let mine = || Filter { mine: Some(1), ..none() };
    assert_eq!(ids(&house, &house.zhang, mine()).await, [li]);
    assert_eq!(ids(&house, agent, mine()).await, []);
    let q = |q: &str| Filter { q: Some(q.to_owned()), ..none() };
    assert_eq!(ids(&house, agent, q("602")).await, [li]);
    assert_eq!(ids(&house, agent, q(&zhao.no)).await, [zhao.id]);
    assert_eq!(ids(&house, agent, q("13700001111")).await, [zhao.id]);
    assert_eq!(ids(&house, agent, q("50%_")).await, [zhao.id], "wildcards are plain letters");
    assert_eq!(ids(&house, agent, q("_")).await, [zhao.id]);
    assert_eq!(ids(&house, agent, q("\\")).await, []);
    let bad = Filter { after: Some("!".to_owned()), ..none() };
    assert_eq!(field(service::list(&mut house.t.tx(agent).await, &bad).await), "after");
}

#[tokio::test]
async fn a_list_holds_what_is_in_scope() {
    let house = House::new().await;
    let (near, far) = (house.filed().await.id, repair(house.zhao));
    let far = house.create(&house.agent, far).await.unwrap().id;
    let east = house.desk(&[may::VIEW], "/hq/east/").await;
    assert_eq!(ids(&house, &east, open()).await, [near]);
    assert_eq!(ids(&house, &east, Filter::default()).await, [near]);
    assert_eq!(code(house.get(&east, far).await), "not_found");
    assert_eq!(ids(&house, &house.zhang, open()).await, [], "nothing is his");
    house.dispatch(&house.agent, far, to(&house.zhang)).await.unwrap();
    assert_eq!(ids(&house, &house.zhang, open()).await, [far]);
    let mut tx = house.t.tx(&house.desk(&[], "/hq/").await).await;
    assert_eq!(code(service::list(&mut tx, &open()).await), "forbidden");
}

/// Accepts AD-06, AD-07: what a household and its neighbours had, for the agent's screen.
#[tokio::test]
async fn a_household_has_a_history_and_neighbours() {
    let house = House::new().await;
    let first = house.dispatched().await;
    house.t.advance(TimeDelta::minutes(1));
    let second = house.filed().await;
    let li = house.create(&house.agent, repair(house.li)).await.unwrap();
    house.work(first.id, true).await;
    let mut tx = house.t.tx(&house.agent).await;
    let of = |orders: Vec<crate::Order>| orders.into_iter().map(|o| o.id).collect::<Vec<_>>();
    let history = service::of_household(&mut tx, house.wang, 10).await.unwrap();
    assert_eq!(of(history), [second.id, first.id]);
    let newest = service::of_household(&mut tx, house.wang, 1).await.unwrap();
    assert_eq!(of(newest), [second.id]);
    let open = service::open_of_household(&mut tx, house.wang).await.unwrap();
    assert_eq!(of(open), [second.id, first.id], "until the customer is asked it is open");
    assert_eq!(of(service::same_unit(&mut tx, house.wang).await.unwrap()), [li.id]);
    assert_eq!(of(service::same_riser(&mut tx, house.li).await.unwrap()), [second.id, first.id]);
}

/// The lesson of exports without a trace: the list has a limit, masked phones, and a record.
#[tokio::test]
async fn an_export_leaves_a_trace() {
    let house = House::new().await;
    for _ in 0..3 {
        house.filed().await;
    }
    let mut tx = house.t.tx(&house.agent).await;
    let sheet = service::export(&mut tx, open(), false).await.unwrap();
    tx.commit().await.unwrap();
    assert!(sheet.starts_with(b"PK"));
    let (payload, actor): (serde_json::Value, String) = sqlx::query_as(
        "select payload, actor_name from kernel.event where kind = 'order.exported'",
    )
    .fetch_one(&house.t.app.pool)
    .await
    .unwrap();
    assert_eq!((payload["rows"].as_i64(), payload["filter"]["open"].as_i64()), (Some(3), Some(1)));
    assert_eq!(actor, "tester");
    let reader = house.desk(&[may::VIEW], "/hq/").await;
    let mut tx = house.t.tx(&reader).await;
    assert_eq!(code(service::export(&mut tx, open(), false).await), "forbidden");
}

/// The lock that a room above takes is under that room's key.
#[tokio::test]
async fn a_lock_is_taken_under_the_key_of_who_asks() {
    let house = House::new().await;
    let id = house.dispatched().await.id;
    house.step(&house.zhang, id, FieldStep::Accept).await.unwrap();
    let mut tx = house.t.tx(&house.zhang).await;
    let order = service::lock(&mut tx, may::HANDLE, id).await.unwrap();
    assert_eq!((order.state, order.contact_phone.as_str()), (State::Accepted, "13800135678"));
    assert_eq!(code(service::lock(&mut tx, may::DISPATCH, id).await), "forbidden");
}
