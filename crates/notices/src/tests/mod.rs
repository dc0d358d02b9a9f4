//! Tests on a real database.

use crate::permissions::{PUBLISH, VIEW};
use crate::*;
use chrono::TimeDelta;
use kernel::{AccountId, Error, Tx};
use std::collections::BTreeSet;
use strum::VariantArray as _;
use testing::TestApp;
use uuid::Uuid;

/// One household: a community, a building, a unit; a source, a station, a loop, a riser.
struct Home {
    t: TestApp,
    account: AccountId,
    /// Community, building and unit.
    places: [Uuid; 3],
    /// Source, station, loop and riser.
    nodes: [Uuid; 4],
    /// A building and a station of the neighbours.
    other: (Uuid, Uuid),
}

async fn home() -> Home {
    let t = TestApp::new().await;
    t.orgs().await;
    let places = places(&t, "a", "/hq/east/s1/").await;
    let nodes = nodes(&t, "a", "/hq/east/s1/").await;
    let neighbours = places_of_neighbours(&t).await;
    let account: AccountId = t.app.new_id();
    sqlx::query(
        "with premise as (
           insert into directory.premise
             (id, unit_id, riser_id, code, floor, room, address, building_area, heated_area,
              user_class, heating_manner, valve_state, org_path, lng, lat)
           values ($1, $2, $3, 'p', 1, '101', '', 90, 90, 'resident', 'floor', 'open',
                   '/hq/east/s1/', 113.3, 40.1)),
         person as (insert into directory.person (id, name) values ($1, '王建国'))
         insert into directory.account
           (id, account_no, premise_id, person_id, heat_use_state, org_path, grams, opened_on)
         values ($1, '1', $1, $1, 'using', '/hq/east/s1/', '{}', '2020-10-15')",
    )
    .bind(*account)
    .bind(places[2])
    .bind(nodes[3])
    .execute(&t.app.pool)
    .await
    .expect("a household");
    Home { t, account, places, nodes, other: neighbours }
}

async fn places_of_neighbours(t: &TestApp) -> (Uuid, Uuid) {
    let [_, building, _] = places(t, "b", "/hq/west/s9/").await;
    let [_, station, ..] = nodes(t, "b", "/hq/west/s9/").await;
    (building, station)
}

async fn places(t: &TestApp, mark: &str, path: &str) -> [Uuid; 3] {
    let kinds = ["community", "building", "unit"];
    let sql = "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
               values ($1, $2, $3, $4, $4, $5, 113.3, 40.1)";
    chain(t, &kinds, sql, mark, path).await.try_into().expect("three")
}

async fn nodes(t: &TestApp, mark: &str, path: &str) -> [Uuid; 4] {
    let kinds = ["source", "station", "loop", "riser"];
    let sql = "insert into directory.network_node (id, parent_id, kind, code, name, org_path)
               values ($1, $2, $3, $4, $4, $5)";
    chain(t, &kinds, sql, mark, path).await.try_into().expect("four")
}

async fn chain(
    t: &TestApp,
    kinds: &[&str],
    sql: &'static str,
    mark: &str,
    path: &str,
) -> Vec<Uuid> {
    let mut made: Vec<Uuid> = Vec::new();
    for kind in kinds {
        let id = Uuid::new_v4();
        sqlx::query(sql)
            .bind(id)
            .bind(made.last())
            .bind(kind)
            .bind(format!("{mark}-{kind}"))
            .bind(path)
            .execute(&t.app.pool)
            .await
            .expect("a node");
        made.push(id);
    }
    made
}

async fn publisher(h: &Home, path: &str) -> Tx {
    h.t.tx(&testing::actor(testing::nobody(), &[PUBLISH, VIEW], path)).await
}

fn on_place(title: &str, place: Uuid) -> NewNotice {
    NewNotice { place_id: Some(place.into()), ..everywhere(title) }
}

fn on_node(title: &str, node: Uuid) -> NewNotice {
    NewNotice { node_id: Some(node.into()), ..everywhere(title) }
}

fn everywhere(title: &str) -> NewNotice {
    NewNotice {
        kind: Kind::Works,
        title: title.to_owned(),
        body: String::new(),
        place_id: None,
        node_id: None,
        starts_at: None,
        expected_end_at: None,
    }
}

/// accepts AD-05 AD-09: what is wrong above a household, in either tree, concerns it.
#[tokio::test]
async fn a_notice_concerns_every_household_below_its_area() {
    let h = home().await;
    let mut tx = publisher(&h, "/hq/").await;
    for (i, place) in h.places.into_iter().enumerate() {
        publish(&mut tx, on_place(&format!("place {i}"), place)).await.unwrap();
    }
    for (i, node) in h.nodes.into_iter().enumerate() {
        publish(&mut tx, on_node(&format!("node {i}"), node)).await.unwrap();
    }
    publish(&mut tx, everywhere("company")).await.unwrap();
    publish(&mut tx, on_place("neighbours", h.other.0)).await.unwrap();
    publish(&mut tx, on_node("neighbours", h.other.1)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = publisher(&h, "/hq/west/").await;
    publish(&mut tx, everywhere("the west")).await.unwrap();
    assert!(concerns(&mut tx, h.account).await.unwrap().is_empty(), "out of scope");
    tx.commit().await.unwrap();

    let mut tx = publisher(&h, "/hq/east/").await;
    let found = concerns(&mut tx, h.account).await.unwrap();
    let titles: BTreeSet<_> = found.iter().map(|n| n.title.as_str()).collect();
    let expected =
        ["place 0", "place 1", "place 2", "node 0", "node 1", "node 2", "node 3", "company"];
    assert_eq!(titles, BTreeSet::from(expected));
    assert_eq!(found.len(), expected.len(), "each once");
}

/// accepts AD-05: what is over is not shown, what begins soon is.
#[tokio::test]
async fn a_notice_concerns_nobody_after_its_end_or_long_before_its_start() {
    let h = home().await;
    let mut tx = publisher(&h, "/hq/").await;
    let over = publish(&mut tx, on_place("over", h.places[0])).await.unwrap();
    end(&mut tx, over.id).await.unwrap();
    for (title, days) in [("soon", 2), ("later", 4)] {
        let starts_at = Some(h.t.now() + TimeDelta::days(days));
        let new = NewNotice { starts_at, ..on_place(title, h.places[0]) };
        publish(&mut tx, new).await.unwrap();
    }
    let found = concerns(&mut tx, h.account).await.unwrap();
    assert_eq!(found.iter().map(|n| n.title.as_str()).collect::<Vec<_>>(), ["soon"]);
    assert!(notices(&mut tx, true).await.unwrap().is_empty(), "nothing runs now");
    assert_eq!(notices(&mut tx, false).await.unwrap().len(), 3);
}

#[tokio::test]
async fn a_branch_sees_notices_of_its_own_and_of_the_company_above() {
    let h = home().await;
    let mut tx = publisher(&h, "/hq/").await;
    publish(&mut tx, everywhere("company")).await.unwrap();
    publish(&mut tx, on_place("east", h.places[0])).await.unwrap();
    publish(&mut tx, on_place("west", h.other.0)).await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = publisher(&h, "/hq/east/").await;
    let found = notices(&mut tx, true).await.unwrap();
    let titles: BTreeSet<_> = found.iter().map(|n| n.title.as_str()).collect();
    assert_eq!(titles, BTreeSet::from(["company", "east"]));
    let company = found.iter().find(|n| n.title == "company").unwrap().id;
    assert!(matches!(end(&mut tx, company).await, Err(Error::NotFound(_))), "seen, not owned");
    let refused = publish(&mut tx, on_place("x", h.other.0)).await;
    assert!(matches!(refused, Err(Error::NotFound(_))));
}

#[tokio::test]
async fn a_wrong_notice_is_refused_with_the_reason() {
    let h = home().await;
    let mut tx = publisher(&h, "/hq/").await;
    let both = NewNotice { node_id: Some(h.nodes[0].into()), ..on_place("x", h.places[0]) };
    let past = Some(h.t.now() - TimeDelta::hours(1));
    for (new, code) in [
        (both, "notice.two_areas"),
        (everywhere(" "), "notice.text_length"),
        (everywhere(&"长".repeat(101)), "notice.text_length"),
        (NewNotice { body: "长".repeat(2_001), ..everywhere("x") }, "notice.text_length"),
        (NewNotice { expected_end_at: past, ..everywhere("x") }, "notice.backward"),
    ] {
        assert_eq!(publish(&mut tx, new).await.unwrap_err().problem().code, code);
    }
    let mut tx = h.t.tx(&testing::actor(testing::nobody(), &[VIEW], "/hq/")).await;
    assert!(matches!(publish(&mut tx, everywhere("x")).await, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn a_change_and_an_end_say_from_what_to_what() {
    let h = home().await;
    let mut tx = publisher(&h, "/hq/east/").await;
    let n = publish(&mut tx, on_node("抢修", h.nodes[1])).await.unwrap();
    let later = Some(h.t.now() + TimeDelta::hours(6));
    let changed = NoticeChange { expected_end_at: later, ..NoticeChange::default() };
    let back = NoticeChange { expected_end_at: Some(n.starts_at), ..NoticeChange::default() };
    change(&mut tx, n.id, changed.clone()).await.unwrap();
    assert_eq!(change(&mut tx, n.id, back).await.unwrap_err().problem().code, "notice.backward");
    end(&mut tx, n.id).await.unwrap();
    for refused in [change(&mut tx, n.id, changed).await, end(&mut tx, n.id).await] {
        assert_eq!(refused.unwrap_err().problem().code, "notice.ended");
    }
    tx.commit().await.unwrap();
    let told: Vec<(String, String, serde_json::Value)> =
        sqlx::query_as("select kind, org_path, payload from kernel.event order by id")
            .fetch_all(&h.t.app.pool)
            .await
            .unwrap();
    let kinds: Vec<_> = told.iter().map(|(k, p, _)| (k.as_str(), p.as_str())).collect();
    let path = "/hq/east/s1/";
    assert_eq!(
        kinds,
        [("notice.published", path), ("notice.changed", path), ("notice.ended", path)]
    );
    assert!(told[1].2["from"]["expected_end_at"].is_null());
    assert!(told[1].2["to"]["expected_end_at"].is_string());
    assert!(told[2].2["from"]["ended_at"].is_null() && told[2].2["to"]["ended_at"].is_string());
}

/// accepts AD-09: operating conditions of the exchange station.
#[tokio::test]
async fn a_station_shows_its_newest_reading_and_a_short_curve() {
    let h = home().await;
    let node = h.nodes[1].into();
    let reading = |i: i32| Reading {
        node_id: node,
        at: h.t.now() - TimeDelta::minutes(5 * i64::from(20 - i)),
        supply_decidegrees: 400 + i,
        return_decidegrees: 300 + i,
        supply_kpa: 350,
        return_kpa: 250,
        flow_lph: 12_000,
    };
    let readings: Vec<_> = (0..20).map(reading).collect();
    let mut tx = publisher(&h, "/hq/").await;
    record(&mut tx, &readings).await.unwrap();
    let forged = Reading { supply_decidegrees: 999, ..reading(19) };
    record(&mut tx, &[forged]).await.unwrap();
    let s = station(&mut tx, node).await.unwrap().unwrap();
    assert_eq!((s.now.supply_decidegrees, s.now.return_decidegrees), (419, 319), "first stays");
    assert_eq!(s.recent.len(), 12);
    assert_eq!((s.recent[0].supply, s.recent[11].supply), (408, 419), "oldest first");
    let all = stations(&mut tx).await.unwrap();
    assert_eq!(all, std::slice::from_ref(&s.now), "silent stations are absent");
    assert_eq!(station(&mut tx, h.other.1.into()).await.unwrap(), None);
    tx.commit().await.unwrap();
    let mut tx = publisher(&h, "/hq/west/").await;
    assert!(stations(&mut tx).await.unwrap().is_empty());
    assert_eq!(station(&mut tx, node).await.unwrap(), None);
    let json = serde_json::to_value(&s).unwrap();
    assert_eq!(json["recent"][0]["return"], 308);
    assert_eq!(json["name"], "a-station");
}

/// The words of the program are the words of the schema.
#[tokio::test]
async fn the_kinds_are_those_that_the_schema_knows() {
    let t = TestApp::new().await;
    let check: String = sqlx::query_scalar(
        "select pg_get_constraintdef(oid) from pg_constraint where conname = 'notice_kind_known'",
    )
    .fetch_one(&t.app.pool)
    .await
    .unwrap();
    let known: BTreeSet<&str> = check.split('\'').skip(1).step_by(2).collect();
    let ours: BTreeSet<&str> = Kind::VARIANTS.iter().map(|k| <&str>::from(*k)).collect();
    assert_eq!(known, ours);
}
