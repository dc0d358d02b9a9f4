//! The one search box.

use super::city::City;
use crate::permissions::VIEW;
use crate::{Matched, find};
use kernel::Error;

async fn city() -> City {
    let city = City::new().await;
    for (no, name, phones, door) in [
        ("10000001", "王建国", &["13812345678", "03526025678"][..], "阳光小区/3/2/602"),
        ("10000002", "李建国", &["13900001111"], "阳光小区/3/2/601"),
        ("10000003", "王建", &["13700002222"], "阳光小区/13/1/302"),
        ("10000004", "阳光", &["15112340000"], "御河小区/1/1/101"),
        ("10000005", "建小国", &["15512349999"], "御河小区/3/2/602"),
        ("20000001", "王建国", &["18800003333"], "阳光花园/3/2/602"),
    ] {
        city.household(no, name, phones, door).await;
    }
    city
}

async fn found(city: &City, path: &str, typed: &str) -> Vec<(String, Matched)> {
    let mut tx = city.t.tx(&city.actor(&[VIEW], path)).await;
    let hits = find(&mut tx, typed, 20).await.unwrap();
    hits.into_iter().map(|h| (h.account_no, h.matched)).collect()
}

fn numbers(found: &[(String, Matched)]) -> Vec<&str> {
    found.iter().map(|(no, _)| no.as_str()).collect()
}

/// accepts AD-01 AD-02: any part of a phone of three digits or more.
#[tokio::test]
async fn a_phone_is_found_by_its_whole_its_tail_and_any_part() {
    let city = city().await;
    for (typed, no, matched) in [
        ("13812345678", "10000001", Matched::Phone),
        ("+86 138-1234-5678", "10000001", Matched::Phone),
        ("0352-6025678", "10000001", Matched::Phone),
        ("1111", "10000002", Matched::PhoneTail),
        ("1370000", "10000003", Matched::PhonePart),
        ("000033", "20000001", Matched::PhonePart),
        ("10000004", "10000004", Matched::AccountNo),
        ("2000", "20000001", Matched::AccountNo),
    ] {
        let found = found(&city, "/hq/", typed).await;
        assert_eq!(found.first(), Some(&(no.to_owned(), matched)), "{typed}");
    }
    let both = found(&city, "/hq/", "5678").await;
    assert_eq!(both, [("10000001".to_owned(), Matched::PhoneTail)], "two phones, one household");
    let inside = found(&city, "/hq/", "1234").await;
    let mut inside = numbers(&inside);
    inside.sort_unstable();
    assert_eq!(inside, ["10000001", "10000004", "10000005"]);
    assert!(found(&city, "/hq/", "98765").await.is_empty());
}

/// accepts AD-02: two characters of a name suffice; the whole name comes first.
#[tokio::test]
async fn a_name_is_found_by_two_of_its_characters_and_whole_names_come_first() {
    let city = city().await;
    let found_names = found(&city, "/hq/", "建国").await;
    assert_eq!(numbers(&found_names).len(), 3, "{found_names:?}");
    assert!(found_names.iter().all(|(_, m)| *m == Matched::NamePart));
    let found_names = found(&city, "/hq/", "王建").await;
    assert_eq!(found_names[0], ("10000003".to_owned(), Matched::Name));
    assert_eq!(numbers(&found_names), ["10000003", "10000001", "20000001"]);
    let found_names = found(&city, "/hq/", "王建国").await;
    assert!(found_names.iter().all(|(_, m)| *m == Matched::Name));
    assert_eq!(found_names.len(), 2);
}

/// accepts AD-02: address fragments as people say them.
#[tokio::test]
async fn an_address_is_found_by_fragments() {
    let city = city().await;
    for (typed, expected) in [
        ("阳光 3-2-602", &["10000001", "20000001"][..]),
        ("阳光小区3号楼2单元602", &["10000001"]),
        ("阳光小区 3#2单元", &["10000001", "10000002"]),
        ("阳光花园３栋", &["20000001"]),
        ("光花", &["20000001"]),
        ("御河 602", &["10000005"]),
        ("3-2-602", &["10000001", "10000005", "20000001"]),
        ("阳光 99-9-999", &[]),
    ] {
        let found = found(&city, "/hq/", typed).await;
        let mut got = numbers(&found);
        got.sort_unstable();
        assert_eq!(got, expected, "{typed}");
        assert!(found.iter().all(|(_, m)| *m == Matched::Address));
    }
}

#[tokio::test]
async fn a_word_that_is_a_name_and_a_community_finds_both() {
    let city = city().await;
    let found = found(&city, "/hq/", "阳光").await;
    assert_eq!(found[0], ("10000004".to_owned(), Matched::Name));
    assert_eq!(found.iter().filter(|(_, m)| *m == Matched::Address).count(), 4);
}

#[tokio::test]
async fn a_community_and_a_name_together_narrow_the_find() {
    let city = city().await;
    for typed in ["阳光小区 王建国", "王建国 阳光小区"] {
        let found = found(&city, "/hq/", typed).await;
        let mut all = numbers(&found);
        all.sort_unstable();
        // 阳光小区 and 阳光花园 share the piece 阳光, 小区 being a word of every address.
        assert_eq!(all, ["10000001", "20000001"], "{typed}");
    }
    assert_eq!(numbers(&found(&city, "/hq/", "御河 建小").await), ["10000005"]);
}

/// Out of scope is not there.
#[tokio::test]
async fn nobody_finds_households_beyond_his_organisation() {
    let city = city().await;
    for typed in ["王建国", "18800003333", "3333", "0003", "阳光 3-2-602", "20000001", "2000"]
    {
        let east = found(&city, "/hq/east/", typed).await;
        assert!(!numbers(&east).contains(&"20000001"), "{typed}");
        let west = found(&city, "/hq/west/", typed).await;
        assert_eq!(numbers(&west), ["20000001"], "{typed}");
    }
}

#[tokio::test]
async fn a_search_for_next_to_nothing_is_refused_kindly() {
    let city = City::new().await;
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    for typed in ["", "李", "12", "小区", "%_"] {
        let refused = find(&mut tx, typed, 20).await;
        if typed == "小区" {
            // A word of every address, but perhaps of a community's name.
            assert!(refused.unwrap().is_empty());
            continue;
        }
        let Err(Error::Rule { code, .. }) = refused else { panic!("{typed:?}") };
        assert_eq!(code, "directory.query_too_short", "{typed:?}");
    }
}

#[tokio::test]
async fn lists_show_phones_masked() {
    let city = city().await;
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    let hits = find(&mut tx, "13812345678", 20).await.unwrap();
    assert_eq!(hits[0].phones, ["035****5678", "138****5678"]);
}

#[tokio::test]
async fn who_lacks_the_key_finds_nothing() {
    let city = City::new().await;
    let mut tx = city.t.tx(&city.actor(&[], "/hq/")).await;
    assert!(matches!(find(&mut tx, "王建国", 20).await, Err(Error::Forbidden(p)) if p == VIEW));
}

/// accepts AD-02: initials, as people type them; within a station too.
#[tokio::test]
async fn a_name_is_found_by_its_initials() {
    let city = city().await;
    for (path, typed, expected) in [
        ("/hq/", "wjg", &["10000001", "20000001"][..]),
        ("/hq/", "WJG", &["10000001", "20000001"]),
        ("/hq/east/s1/", "wjg", &["10000001"]),
        ("/hq/east/", "wj", &["10000001", "10000003"]),
        ("/hq/west/s9/", "ljg", &[]),
    ] {
        let found = found(&city, path, typed).await;
        let mut got = numbers(&found);
        got.sort_unstable();
        assert_eq!(got, expected, "{path} {typed}");
    }
}

/// Within a station the whole name comes first as well.
#[tokio::test]
async fn within_a_station_whole_names_come_first() {
    let city = city().await;
    let found = found(&city, "/hq/east/s1/", "王建").await;
    assert_eq!(found[0], ("10000003".to_owned(), Matched::Name));
    assert_eq!(numbers(&found), ["10000003", "10000001"]);
}

/// accepts AD-02 CU-01: by the number of the meter.
#[tokio::test]
async fn a_household_is_found_by_its_meter() {
    let city = city().await;
    city.run(
        "insert into directory.meter (id, number, premise_id, kind, unit, valid_from)
         select gen_random_uuid(), v.number, pr.id, 'heat', 'GJ', '2024-10-01'
         from (values ('RL-7001', '阳光小区3号楼2单元602'), ('77889900', '阳光小区3号楼2单元601'))
           v (number, address)
         join directory.premise pr on pr.address = v.address",
        &[],
        &[],
    )
    .await;
    for (typed, no) in [("RL-7001", "10000001"), ("rl-70", "10000001"), ("778899", "10000002")] {
        for path in ["/hq/", "/hq/east/s1/"] {
            let found = found(&city, path, typed).await;
            assert_eq!(found, [(no.to_owned(), Matched::Meter)], "{typed} in {path}");
        }
        assert!(found(&city, "/hq/west/", typed).await.is_empty());
    }
}
