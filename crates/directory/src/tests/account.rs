//! One household, whole.

use super::city::City;
use crate::permissions::{UNMASK, VIEW};
use crate::{account, communities, places, unmask};
use kernel::Error;

/// accepts AD-02 AD-03 AD-08 AD-10: base data, heat use, marks, valve; masked phones.
#[tokio::test]
async fn an_account_shows_who_where_and_in_what_state() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &["13812345678"], "阳光小区/3/2/602").await;
    for (kind, since) in [("alteration", "2024-01-02"), ("stop_heat", "2025-10-01")] {
        city.run(
            "insert into directory.mark (id, account_id, kind, note, since)
             values ($1::uuid, $2::uuid, $3, '私接', $4::date)",
            &[&uuid::Uuid::new_v4(), &id],
            &[kind, since],
        )
        .await;
    }
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/east/")).await;
    let a = account(&mut tx, id).await.unwrap();
    assert_eq!(
        (a.name.as_str(), a.address.as_str(), a.phones[0].number.as_str()),
        ("王建国", "阳光小区3号楼2单元602", "138****5678")
    );
    assert_eq!((a.community.as_str(), a.building.as_str()), ("阳光小区", "3号楼"));
    assert_eq!((a.unit.as_str(), a.room.as_str(), a.floor), ("2单元", "602", 6));
    assert_eq!((a.building_area.as_str(), a.heated_area.as_str()), ("98.50", "90.00"));
    assert_eq!((a.heat_use_state.as_str(), a.valve_state.as_str()), ("using", "open"));
    assert_eq!((a.org_name.as_str(), a.tags.as_slice()), ("s1", ["key".to_owned()].as_slice()));
    assert_eq!(a.station_node_id.map(|s| *s), Some(city.station_of_s1()));
    assert_eq!(a.station_name.as_deref(), Some("n1-station"));
    let kinds: Vec<_> = a.marks.iter().map(|m| m.kind.as_str()).collect();
    assert_eq!(kinds, ["stop_heat", "alteration"], "newest first");
}

#[tokio::test]
async fn an_account_without_a_riser_or_phones_is_shown_all_the_same() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    city.run("update directory.premise set riser_id = null", &[], &[]).await;
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    let a = account(&mut tx, id).await.unwrap();
    assert!(a.phones.is_empty() && a.marks.is_empty());
    assert_eq!((a.riser_id, a.station_node_id), (None, None));
}

#[tokio::test]
async fn an_account_out_of_scope_is_not_there() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    let west = city.actor(&[VIEW, UNMASK], "/hq/west/");
    let mut tx = city.t.tx(&west).await;
    assert!(matches!(account(&mut tx, id).await, Err(Error::NotFound(_))));
    assert!(matches!(unmask(&mut tx, id, "核对户主身份").await, Err(Error::NotFound(_))));
}

/// Numbers in full only for a reason, and who looked is on record.
#[tokio::test]
async fn unmasking_needs_a_reason_and_is_recorded() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &["13812345678"], "阳光小区/3/2/602").await;
    let agent = city.actor(&[VIEW, UNMASK], "/hq/");
    let mut tx = city.t.tx(&agent).await;
    for reason in ["", "  ", "想看", " 核对 "] {
        let refused = unmask(&mut tx, id, reason).await.unwrap_err();
        assert_eq!(refused.problem().code, "directory.reason_missing", "{reason:?}");
    }
    let seen = unmask(&mut tx, id, " 客户要求核对号码 ").await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(seen.phones[0].number, "13812345678");
    assert_eq!(seen.id_number.as_deref(), Some("140202198001011234"));

    let (kind, actor, reason): (String, Option<uuid::Uuid>, String) =
        sqlx::query_as("select kind, actor_id, payload->>'reason' from kernel.event")
            .fetch_one(&city.t.app.pool)
            .await
            .unwrap();
    assert_eq!((kind.as_str(), reason.as_str()), ("directory.unmasked", "客户要求核对号码"));
    assert_eq!(actor, agent.user.map(|u| *u));
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    assert!(matches!(unmask(&mut tx, id, "核对户主身份").await, Err(Error::Forbidden(_))));
}

#[tokio::test]
async fn the_address_tree_is_walked_downward_within_scope() {
    let city = City::new().await;
    city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    city.household("10000002", "李建国", &[], "阳光小区/13/1/101").await;
    city.household("20000001", "王建国", &[], "阳光花园/3/2/602").await;
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/east/")).await;
    let top = places(&mut tx, None).await.unwrap();
    assert_eq!(top.len(), 1);
    let below = places(&mut tx, Some(top[0].id)).await.unwrap();
    let names: Vec<_> = below.iter().map(|p| p.name.as_str()).collect();
    assert_eq!(names, ["3号楼", "13号楼"], "as a person would count them");
    let map = communities(&mut tx).await.unwrap();
    assert_eq!(map["features"][0]["properties"]["name"], "阳光小区");
    assert_eq!(map["features"][0]["geometry"]["coordinates"][0], 113.3);
    assert_eq!(map["features"].as_array().map(Vec::len), Some(1));
}
