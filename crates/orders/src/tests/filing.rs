//! Filing.

use super::house::{House, code, field, repair};
use crate::{Filter, NewOrder, Next, State, Urgency, permissions as may, service};
use chrono::TimeDelta;
use kernel::AccountId;

/// Accepts WO-01, AD-11: a call's words become an order with a number, a place and limits.
#[tokio::test]
async fn a_repair_is_filed_with_its_number_place_and_limits() {
    let house = House::new().await;
    let order = house.filed().await;
    let now = house.t.now();
    assert_eq!(order.no, "GD20261122-0001");
    assert_eq!((order.state, order.round), (State::Filed, 1));
    assert_eq!(order.address, "阳光小区3号楼2单元601");
    assert_eq!((order.community.as_str(), order.org_name.as_str()), ("阳光小区", "s1"));
    assert_eq!((order.kind_name.as_str(), order.symptom_name.as_deref()), ("报修", Some("不热")));
    assert_eq!(order.accept_due, now + TimeDelta::minutes(15));
    assert_eq!(order.arrive_due, now + TimeDelta::hours(2));
    assert_eq!(order.finish_due, now + TimeDelta::hours(8));
    assert_eq!((order.next_step, order.next_due), (Some(Next::Dispatch), Some(order.accept_due)));
    assert_eq!(order.contact_phone, "138****5678");
    let told = house.told(order.id).await;
    assert_eq!(told[0].0, "order.filed");
    assert_eq!(told[0].1["to_state"], "filed");
    assert_eq!(told[0].1["description"], "三天不热");
}

/// Accepts AD-11, WO-02 to WO-09: every kind of the catalogue can be filed.
#[tokio::test]
async fn every_kind_of_the_catalogue_can_be_filed() {
    let house = House::new().await;
    let catalogue = service::catalogue(&mut house.t.tx(&house.agent).await).await.unwrap();
    assert_eq!(catalogue.kinds.len(), 11);
    for kind in catalogue.kinds {
        assert!(!kind.needs_visit || catalogue.causes.iter().any(|c| c.kind == kind.key));
        let new = NewOrder { kind: kind.key, symptom: None, ..repair(house.wang) };
        let order = house.create(&house.agent, new).await.unwrap();
        let next = if kind.needs_visit { Next::Dispatch } else { Next::Finish };
        assert_eq!(order.next_step, Some(next));
    }
}

/// A number carries the day in Shanghai; the count goes on over midnight.
#[tokio::test]
async fn the_number_carries_the_day_in_shanghai() {
    let house = House::new().await;
    let to_midnight = "2026-11-22T15:59:59Z".parse::<chrono::DateTime<chrono::Utc>>().unwrap();
    house.t.advance(to_midnight - house.t.now());
    assert_eq!(house.filed().await.no, "GD20261122-0001");
    house.t.advance(TimeDelta::seconds(1));
    assert_eq!(house.filed().await.no, "GD20261123-0002");
}

#[tokio::test]
async fn the_number_grows_past_four_digits() {
    let house = House::new().await;
    sqlx::query("select setval('orders.number', 12344)").execute(&house.t.owner).await.unwrap();
    assert_eq!(house.filed().await.no, "GD20261122-12345");
}

/// Bad input is refused by the name of the field, and nothing is written.
#[tokio::test]
async fn what_is_wrong_is_named() {
    let house = House::new().await;
    let now = house.t.now();
    let good = || repair(house.wang);
    let hours = |h| Some(now + TimeDelta::hours(h));
    let bad: [(&str, NewOrder); 12] = [
        ("kind", NewOrder { kind: "nonsense".to_owned(), ..good() }),
        ("symptom", NewOrder { symptom: Some("fee".to_owned()), ..good() }),
        ("account_id", NewOrder { account_id: Some(house.t.app.new_id()), ..good() }),
        ("address", NewOrder { account_id: None, ..good() }),
        ("contact_name", NewOrder { contact_name: " ".to_owned(), ..good() }),
        ("contact_phone", NewOrder { contact_phone: "12".to_owned(), ..good() }),
        ("contact_phone", NewOrder { contact_phone: "一三八".to_owned(), ..good() }),
        ("description", NewOrder { description: "热".repeat(2001), ..good() }),
        ("appointment_to", NewOrder { appointment_from: hours(1), ..good() }),
        (
            "appointment_to",
            NewOrder { appointment_from: hours(2), appointment_to: hours(2), ..good() },
        ),
        (
            "appointment_to",
            NewOrder { appointment_from: hours(-2), appointment_to: hours(-1), ..good() },
        ),
        ("finish_due", NewOrder { finish_due: Some(now), ..good() }),
    ];
    for (name, new) in bad {
        assert_eq!(field(house.create(&house.agent, new).await), name);
    }
    let org = NewOrder {
        account_id: None,
        address: Some("路口".to_owned()),
        org_id: Some(house.t.app.new_id()),
        ..good()
    };
    assert_eq!(field(house.create(&house.agent, org).await), "org_id");
    let count: i64 = sqlx::query_scalar("select count(*) from orders.work_order")
        .fetch_one(&house.t.app.pool)
        .await
        .unwrap();
    assert_eq!(count, 0);
}

/// An address without a household belongs to the organisation that is named, or to one's own.
#[tokio::test]
async fn a_place_without_a_household_is_in_somebodys_care() {
    let house = House::new().await;
    let street = || NewOrder {
        account_id: None,
        address: Some("迎宾街路口".to_owned()),
        ..repair(house.wang)
    };
    let own = house.create(&house.agent, street()).await.unwrap();
    assert_eq!((own.org_path.as_str(), own.address.as_str()), ("/hq/", "迎宾街路口"));
    let named = NewOrder { org_id: Some(house.orgs.s2), ..street() };
    assert_eq!(house.create(&house.agent, named).await.unwrap().org_path, "/hq/east/s2/");
}

/// Accepts AD-12: whoever made an appointment is waited for; a promised end replaces the kind's.
#[tokio::test]
async fn an_appointment_and_a_promise_move_the_limits() {
    let house = House::new().await;
    let (from, to) = (house.t.now() + TimeDelta::hours(20), house.t.now() + TimeDelta::hours(22));
    let appointed =
        NewOrder { appointment_from: Some(from), appointment_to: Some(to), ..repair(house.wang) };
    let order = house.create(&house.agent, appointed).await.unwrap();
    assert_eq!((order.arrive_due, order.finish_due), (to, to + TimeDelta::hours(6)));

    let due = house.t.now() + TimeDelta::minutes(90);
    let promised = NewOrder { finish_due: Some(due), ..repair(house.wang) };
    let order = house.create(&house.agent, promised).await.unwrap();
    assert_eq!((order.arrive_due, order.finish_due), (due, due));
}

/// Accepts WO-31: an order that is filed in a call joins the call's matter and its timeline.
#[tokio::test]
async fn an_order_joins_the_matter_of_its_call() {
    let house = House::new().await;
    let (call, matter) = house.call().await;
    let new = NewOrder { call_id: Some(call), ..repair(house.wang) };
    let order = house.create(&house.agent, new).await.unwrap();
    assert_eq!(order.matter_id, matter);
    let mut tx = house.t.tx(&house.agent).await;
    let kinds: Vec<_> =
        service::timeline(&mut tx, order.id).await.unwrap().into_iter().map(|e| e.kind).collect();
    assert_eq!(kinds, ["telephony.call_arrived", "order.filed"]);
    let detail = service::detail(&mut tx, order.id).await.unwrap();
    assert_eq!((detail.calls.len(), detail.calls[0].call_id), (1, call));
}

/// Accepts WO-27, WO-28: doubles and neighbours are shown before anything is filed.
#[tokio::test]
async fn a_preview_shows_doubles_and_neighbours_and_files_nothing() {
    let house = House::new().await;
    let (mine, neighbour) = (house.filed().await, repair(house.li));
    let neighbour = house.create(&house.agent, neighbour).await.unwrap();
    house.create(&house.agent, repair(house.zhao)).await.unwrap();
    let mut tx = house.t.tx(&house.agent).await;
    let preview = service::preview(&mut tx, repair(house.wang)).await.unwrap();
    assert_eq!(preview.finish_due, mine.finish_due);
    let ids = |orders: &[crate::Order]| orders.iter().map(|o| o.id).collect::<Vec<_>>();
    assert_eq!(ids(&preview.same_household), [mine.id]);
    assert_eq!(ids(&preview.same_unit), [neighbour.id]);
    assert_eq!(ids(&preview.same_riser), [neighbour.id]);
    assert_eq!(house.kinds_told(mine.id).await, ["order.filed"]);
}

/// Accepts WO-02: a question that is answered in the call is closed at filing.
#[tokio::test]
async fn a_question_is_answered_at_once() {
    let house = House::new().await;
    let question = NewOrder {
        kind: "consult".to_owned(),
        symptom: Some("fee".to_owned()),
        urgency: Urgency::ORDINARY,
        answer: Some("每平方米 22 元".to_owned()),
        ..repair(house.wang)
    };
    let order = house.create(&house.agent, question).await.unwrap();
    assert_eq!((order.state, order.next_due, order.next_step), (State::Closed, None, None));
    assert_eq!(order.resolution, "每平方米 22 元");
    let told = house.kinds_told(order.id).await;
    assert_eq!(told, ["order.filed", "order.answered", "order.closed"]);
}

/// Accepts WO-03: a complaint that is answered is still asked after.
#[tokio::test]
async fn a_complaint_is_answered_and_revisited() {
    let house = House::new().await;
    let complaint = NewOrder { kind: "complaint".to_owned(), symptom: None, ..repair(house.wang) };
    let order = house.create(&house.agent, complaint).await.unwrap();
    let mut tx = house.t.tx(&house.agent).await;
    let order = service::answer(&mut tx, order.id, "已向用户致歉").await.unwrap();
    assert_eq!(order.state, State::Revisit);
    assert_eq!(service::detail(&mut tx, order.id).await.unwrap().revisits.len(), 1);
}

#[tokio::test]
async fn a_repair_is_not_settled_by_words() {
    let house = House::new().await;
    let order = house.filed().await;
    let mut tx = house.t.tx(&house.agent).await;
    assert_eq!(code(service::answer(&mut tx, order.id, "好的").await), "order.needs_visit");
    let at_once = NewOrder { answer: Some("好的".to_owned()), ..repair(house.wang) };
    assert_eq!(code(house.create(&house.agent, at_once).await), "order.needs_visit");
}

/// Out of scope a household does not exist; in scope without the key it is refused.
#[tokio::test]
async fn filing_needs_the_key_where_the_household_is() {
    let house = House::new().await;
    let east = house.desk(&[may::CREATE, may::VIEW], "/hq/east/").await;
    assert!(house.create(&east, repair(house.wang)).await.is_ok());
    assert_eq!(code(house.create(&east, repair(house.zhao)).await), "not_found");
    let reader = house.desk(&[may::VIEW], "/hq/").await;
    assert_eq!(code(house.create(&reader, repair(house.wang)).await), "forbidden");
}

/// accepts MU-01 MU-02 MU-03 MU-04: one call about heat and water becomes an order for each
/// company in one matter, within the same limits; a company that promises more is held to it.
#[tokio::test]
async fn one_call_becomes_an_order_for_each_utility_company() {
    let h = House::new().await;
    let water = h.water_account().await;
    let (call, matter) = h.call().await;
    let of = |account, symptom: &str| NewOrder {
        symptom: Some(symptom.to_owned()),
        call_id: Some(call),
        urgency: Urgency::URGENT,
        ..repair(account)
    };
    let heat = h.create(&h.agent, of(h.wang, "no_heat")).await.unwrap();
    let tap = h.create(&h.agent, of(water, "no_water")).await.unwrap();
    assert_eq!((heat.org_name.as_str(), tap.org_name.as_str()), ("s1", "water"));
    assert_eq!((heat.matter_id, tap.matter_id), (matter, matter), "one matter");
    assert_eq!(heat.address, tap.address);
    // Water promises to be there within the hour; heat's promise is longer than the kind's own.
    assert_eq!((heat.arrive_due - heat.opened_at).num_minutes(), 120);
    assert_eq!((tap.arrive_due - tap.opened_at).num_minutes(), 60);
    assert_eq!(heat.finish_due - heat.opened_at, tap.finish_due - tap.opened_at);
    for (account, symptom) in [(h.wang, "no_water"), (water, "no_heat")] {
        let crossed = h.create(&h.agent, of(account, symptom)).await;
        assert_eq!(code(crossed), "invalid", "{symptom} is the other company's");
    }
    let mine = h.desk(&[may::VIEW], "/hq/water/").await;
    let mut tx = h.t.tx(&mine).await;
    let seen = service::list(&mut tx, &Filter::default()).await.unwrap().items;
    assert_eq!(seen.iter().map(|o| o.id).collect::<Vec<_>>(), [tap.id], "its own only");
}

impl House {
    /// A water account at the first household's address, served by a company of its own.
    async fn water_account(&self) -> AccountId {
        let id: AccountId = self.t.app.new_id();
        sqlx::query(
            "with org as (
               insert into identity.org (id, parent_id, kind, code, name, path)
               select $1, id, 'branch', 'water', 'water', '/hq/water/' from identity.org
               where path = '/hq/')
             insert into directory.account
               (id, account_no, utility, premise_id, person_id, heat_use_state, org_path, grams,
                opened_on)
             select $1, 'W1', 'water', premise_id, person_id, 'using', '/hq/water/', '{}',
                    '2020-10-15'
             from directory.account where id = $2",
        )
        .bind(*id)
        .bind(*self.wang)
        .execute(&self.t.owner)
        .await
        .unwrap();
        id
    }
}
