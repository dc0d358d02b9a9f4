//! Whose number is this.

use super::city::City;
use crate::permissions::{BIND, VIEW};
use crate::{Match, bind, by_phone, unbind};
use kernel::Error;
use serde_json::Value;

const CALLER: &str = "13566667777";

/// accepts AD-01 PB-05: one, several or unknown.
#[tokio::test]
async fn a_number_means_one_household_several_or_none() {
    let city = City::new().await;
    city.household("10000001", "王建国", &["13812345678"], "阳光小区/3/2/602").await;
    city.household("10000002", "李丽", &["13812345678", CALLER], "阳光小区/3/2/601").await;
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    for (number, matched, n) in [
        ("+8613812345678", Match::Several, 2),
        (CALLER, Match::One, 1),
        ("013566667777", Match::One, 1),
        ("18800000000", Match::Unknown, 0),
        ("anonymous", Match::Unknown, 0),
        ("", Match::Unknown, 0),
    ] {
        let found = by_phone(&mut tx, number).await.unwrap();
        assert_eq!((found.matched, found.accounts.len()), (matched, n), "{number}");
        assert!(found.accounts.iter().all(|c| !c.bound));
    }
}

/// accepts AD-01: what an agent bound is offered first, and once.
#[tokio::test]
async fn a_bound_number_is_known_the_next_time() {
    let city = City::new().await;
    let own = city.household("10000001", "王建国", &[CALLER], "阳光小区/3/2/602").await;
    let other = city.household("10000002", "李丽", &[], "阳光小区/3/2/601").await;
    let mut tx = city.t.tx(&city.actor(&[VIEW, BIND], "/hq/")).await;
    bind(&mut tx, "135 6666 7777", other).await.unwrap();
    bind(&mut tx, CALLER, other).await.unwrap();
    let found = by_phone(&mut tx, CALLER).await.unwrap();
    let seen: Vec<_> = found.accounts.iter().map(|c| (c.hit.account_id, c.bound)).collect();
    assert_eq!(seen, [(other, true), (own, false)]);
    bind(&mut tx, CALLER, own).await.unwrap();
    assert_eq!(by_phone(&mut tx, CALLER).await.unwrap().accounts.len(), 2, "each once");
    unbind(&mut tx, CALLER, other).await.unwrap();
    assert_eq!(by_phone(&mut tx, CALLER).await.unwrap().matched, Match::One);
    let refused = unbind(&mut tx, CALLER, other).await.unwrap_err();
    assert_eq!(refused.problem().code, "directory.not_bound");
    tx.commit().await.unwrap();

    let events: Vec<(String, Value)> =
        sqlx::query_as("select kind, payload from kernel.event order by id")
            .fetch_all(&city.t.app.pool)
            .await
            .unwrap();
    let told: Vec<_> = events
        .iter()
        .map(|(kind, p)| (kind.as_str(), p["from"].to_string(), p["to"].to_string()))
        .collect();
    let both = r#"["10000001","10000002"]"#;
    let expected = [
        ("directory.phone_bound", "[]", r#"["10000002"]"#),
        ("directory.phone_bound", r#"["10000002"]"#, both),
        ("directory.phone_unbound", both, r#"["10000001"]"#),
    ];
    assert_eq!(told, expected.map(|(k, f, t)| (k, f.to_owned(), t.to_owned())));
    assert_eq!(events[0].1["number"], "135****7777");
}

#[tokio::test]
async fn binding_needs_a_number_the_key_and_a_household_in_scope() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    let mut tx = city.t.tx(&city.actor(&[BIND], "/hq/")).await;
    let refused = bind(&mut tx, "12ab", id).await.unwrap_err();
    assert_eq!(refused.problem().code, "directory.phone_invalid");
    let mut tx = city.t.tx(&city.actor(&[BIND], "/hq/west/")).await;
    assert!(matches!(bind(&mut tx, CALLER, id).await, Err(Error::NotFound(_))));
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    assert!(matches!(bind(&mut tx, CALLER, id).await, Err(Error::Forbidden(_))));
}
