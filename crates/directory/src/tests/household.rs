//! What hangs on a household: rooms, other utilities, papers, blacklist, tags, meters, people.

use super::city::City;
use crate::permissions::{AMEND, CONFIGURE, VIEW};
use crate::*;
use chrono::NaiveDate;
use kernel::{AccountId, Error, Tx};

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

async fn desk(city: &City) -> Tx {
    city.t.tx(&city.actor(&[VIEW, AMEND, CONFIGURE], "/hq/east/")).await
}

async fn one(city: &City) -> AccountId {
    city.household("10000001", "王建国", &["13812345678"], "阳光小区/3/2/602").await
}

fn code<T: std::fmt::Debug>(refused: Result<T, Error>) -> String {
    refused.unwrap_err().problem().code
}

/// accepts CU-05 MU-01 MU-02 MU-03 MU-04: one address code joins the accounts of all utilities,
/// each with its own company and promise.
#[tokio::test]
async fn one_address_joins_the_accounts_of_all_utilities() {
    let city = City::new().await;
    let id = one(&city).await;
    let mut tx = desk(&city).await;
    let seen = household(&mut tx, id).await.unwrap();
    let (premise_id, holder) = (seen.rooms[0].premise_id, seen.holder.id);
    let facts = AccountFacts {
        person_id: holder,
        network_state: NetworkState::Connected,
        heat_use_state: HeatUseState::Using,
        charge_type: ChargeType::Metered,
        low_income: false,
    };
    let new = |utility: &str| NewAccount {
        account_no: None,
        utility: utility.to_owned(),
        premise_id,
        opened_on: day("2026-11-01"),
        facts: facts.clone(),
        reason: "并入平台".to_owned(),
    };
    for utility in ["water", "gas"] {
        open_account(&mut tx, AMEND, new(utility)).await.unwrap();
    }
    let seen = household(&mut tx, id).await.unwrap();
    let shown: Vec<_> =
        seen.utilities.iter().map(|u| (u.utility.as_str(), u.company.as_str())).collect();
    assert_eq!(shown, [("heat", "热力公司"), ("water", "自来水公司"), ("gas", "燃气公司")]);
    assert!(seen.utilities.iter().all(|u| u.name == "王建国" && u.arrive_minutes > 0));
    assert_eq!(seen.others.len(), 2, "they are the same holder's");
    assert_eq!(code(open_account(&mut tx, AMEND, new("water")).await), "directory.room_taken");
    let taken = NewAccount { account_no: Some("10000001".into()), ..new("power") };
    assert_eq!(code(open_account(&mut tx, AMEND, taken).await), "directory.account_no_taken");
}

/// accepts CU-01 CU-02: a new room and account have their facts from their first day on.
#[tokio::test]
async fn an_account_that_is_opened_has_facts_from_its_first_day() {
    let city = City::new().await;
    let id = one(&city).await;
    let mut tx = desk(&city).await;
    let a = account(&mut tx, id).await.unwrap();
    let facts = PremiseFacts {
        building_area: Measure::new(8_000),
        usable_area: None,
        heated_area: Measure::new(7_550),
        charged_area: Measure::new(7_550),
        storey_height: Some(Measure::new(280)),
        user_class: UserClass::Resident,
        heating_manner: HeatingManner::Floor,
    };
    let new = NewPremise {
        unit_id: a.unit_id,
        riser_id: a.riser_id,
        floor: 7,
        room: "701".into(),
        from: day("2026-10-01"),
        facts: facts.clone(),
        reason: "新建入网".into(),
    };
    let premise_id = add_premise(&mut tx, AMEND, new.clone()).await.unwrap();
    let mut again = desk(&city).await;
    tx.commit().await.unwrap();
    assert_eq!(code(add_premise(&mut again, AMEND, new.clone()).await), "directory.code_taken");
    let absurd = PremiseFacts { heated_area: Measure::new(755_000), ..facts };
    let mut tx = desk(&city).await;
    let refused = add_premise(&mut tx, AMEND, NewPremise { facts: absurd, ..new }).await;
    assert_eq!(code(refused), "directory.area_absurd");

    let person = PersonPatch {
        name: Some("暖阳商贸".into()),
        kind: Some("body".into()),
        customer_type: Some("commercial".into()),
        signatory: Some("赵经理".into()),
        ..Default::default()
    };
    let phones = [("0352-6025678".to_owned(), "前台".to_owned())];
    let person_id = add_person(&mut tx, AMEND, person, &phones).await.unwrap();
    let facts = AccountFacts {
        person_id,
        network_state: NetworkState::Connected,
        heat_use_state: HeatUseState::Using,
        charge_type: ChargeType::Area,
        low_income: false,
    };
    let new = NewAccount {
        account_no: None,
        utility: "heat".into(),
        premise_id,
        opened_on: day("2026-10-15"),
        facts,
        reason: "入网".into(),
    };
    let id = open_account(&mut tx, AMEND, new).await.unwrap();
    let then = facts_of(&mut tx, id, day("2026-10-15"), None).await.unwrap();
    assert_eq!(then.rooms[0].facts.storey_height, Some(Measure::new(280)));
    assert_eq!(then.rooms[0].address, "阳光小区3号楼2单元701");
    let before = facts_of(&mut tx, id, day("2026-10-14"), None).await.unwrap();
    assert_eq!((before.facts, before.rooms.len()), (None, 0));
    let seen = household(&mut tx, id).await.unwrap();
    assert_eq!(seen.holder.kind, "body");
    assert_eq!(seen.holder.phones[0].number, "035****5678");
    let found = find(&mut tx, "暖阳", 20).await.unwrap();
    assert_eq!(found[0].account_id, id, "and it is found at once");
}

/// accepts CU-08 CU-11 CU-15: tags are words of a dictionary; the blacklist is entered once and
/// lifted with a reason.
#[tokio::test]
async fn tags_come_from_the_dictionary_and_the_blacklist_is_entered_once() {
    let city = City::new().await;
    let id = one(&city).await;
    let mut tx = desk(&city).await;
    assert_eq!(code(set_tags(&mut tx, id, vec!["odd".into()]).await), "directory.unknown_term");
    let odd = Term {
        dictionary: "tag".into(),
        code: "odd".into(),
        zh: "特殊".into(),
        en: "Odd".into(),
        position: 9,
        retired: false,
    };
    put_term(&mut tx, odd.clone()).await.unwrap();
    set_tags(&mut tx, id, vec!["odd".into(), "key".into(), "key".into()]).await.unwrap();
    assert_eq!(account(&mut tx, id).await.unwrap().tags, ["key", "odd"]);
    put_term(&mut tx, Term { retired: true, ..odd.clone() }).await.unwrap();
    assert_eq!(code(set_tags(&mut tx, id, vec!["odd".into()]).await), "directory.unknown_term");
    for bad in [Term { code: "A b".into(), ..odd.clone() }, Term { zh: " ".into(), ..odd }] {
        assert_eq!(code(put_term(&mut tx, bad).await), "directory.term_invalid");
    }

    blacklist(&mut tx, id, "私自开阀，拒不整改", None).await.unwrap();
    assert_eq!(code(blacklist(&mut tx, id, "私自开阀，拒不整改", None).await), "directory.listed");
    assert_eq!(code(lift_blacklist(&mut tx, id, "改").await), "directory.reason_missing");
    lift_blacklist(&mut tx, id, "已整改并复查").await.unwrap();
    assert_eq!(code(lift_blacklist(&mut tx, id, "已整改并复查").await), "directory.not_listed");
    let seen = household(&mut tx, id).await.unwrap();
    assert_eq!(seen.blacklist.len(), 1);
    assert_eq!(seen.blacklist[0].lift_reason.as_deref(), Some("已整改并复查"));
}

/// accepts CU-12 CU-13: papers and electronic contracts beside the data.
#[tokio::test]
async fn papers_and_electronic_contracts_are_kept() {
    let city = City::new().await;
    let id = one(&city).await;
    let mut tx = desk(&city).await;
    let paper = NewDocument {
        kind: "contract".into(),
        title: "供用热合同".into(),
        contract_no: Some("HT-1".into()),
        signed_on: Some(day("2025-10-01")),
        valid_to: Some(day("2026-10-01")),
        ..Default::default()
    };
    let document = add_document(&mut tx, id, paper.clone()).await.unwrap();
    let seen = household(&mut tx, id).await.unwrap();
    assert_eq!(seen.documents[0].contract_no.as_deref(), Some("HT-1"));
    remove_document(&mut tx, document).await.unwrap();
    assert!(household(&mut tx, id).await.unwrap().documents.is_empty());
    for (bad, expected) in [
        (NewDocument { title: "  ".into(), ..paper.clone() }, "directory.title_missing"),
        (NewDocument { kind: "novel".into(), ..paper.clone() }, "directory.unknown_term"),
        (
            NewDocument { valid_to: Some(day("2020-01-01")), ..paper.clone() },
            "directory.paper_dates",
        ),
    ] {
        assert_eq!(code(add_document(&mut tx, id, bad).await), expected);
    }
    // Each of these ends its transaction in the database.
    assert_eq!(code(add_document(&mut tx, id, paper.clone()).await), "directory.contract_no_taken");
    let mut tx = desk(&city).await;
    let nowhere =
        NewDocument { file_id: Some(uuid::Uuid::new_v4().into()), contract_no: None, ..paper };
    assert_eq!(code(add_document(&mut tx, id, nowhere).await), "not_found");
}

/// accepts CU-02: a meter hangs in one place at a time.
#[tokio::test]
async fn a_meter_hangs_in_one_place_at_a_time() {
    let city = City::new().await;
    let id = one(&city).await;
    let mut tx = desk(&city).await;
    let premise_id = household(&mut tx, id).await.unwrap().rooms[0].premise_id;
    let new = NewMeter {
        number: "RL-0001".into(),
        premise_id,
        kind: "heat".into(),
        unit: "GJ".into(),
        start_reading: Some("12.345".into()),
        from: day("2025-10-01"),
    };
    let meter = fit_meter(&mut tx, new.clone()).await.unwrap();
    assert_eq!(code(fit_meter(&mut tx, new.clone()).await), "directory.meter_taken");
    assert_eq!(
        code(remove_meter(&mut tx, meter, day("2025-10-01")).await),
        "directory.dates_reversed"
    );
    remove_meter(&mut tx, meter, day("2026-10-01")).await.unwrap();
    fit_meter(&mut tx, NewMeter { from: day("2026-10-01"), ..new.clone() }).await.unwrap();
    for bad in [
        NewMeter { number: "".into(), ..new.clone() },
        NewMeter { unit: "m3".into(), ..new.clone() },
        NewMeter { kind: "steam".into(), ..new.clone() },
        NewMeter { start_reading: Some("-1".into()), ..new },
    ] {
        assert_eq!(code(fit_meter(&mut tx, bad).await), "directory.meter_absurd");
    }
}

/// accepts CU-10: who changes a name finds the household under the new one; what is told of
/// people is masked.
#[tokio::test]
async fn a_person_who_is_renamed_is_found_under_the_new_name_and_told_masked() {
    let city = City::new().await;
    let id = one(&city).await;
    let mut tx = desk(&city).await;
    let who = account(&mut tx, id).await.unwrap().person_id;
    let patch = PersonPatch {
        name: Some("欧阳建国".into()),
        id_number: Some("140202199001011234".into()),
        ..Default::default()
    };
    let shown = change_person(&mut tx, who, patch).await.unwrap();
    assert_eq!(shown.id_number.as_deref(), Some("140****34"));
    add_phone(&mut tx, who, "139 0000 1111", "配偶").await.unwrap();
    assert_eq!(find(&mut tx, "欧阳", 20).await.unwrap().len(), 1);
    assert!(find(&mut tx, "王建国", 20).await.unwrap().is_empty());
    let left = remove_phone(&mut tx, who, "138****5678").await.unwrap();
    assert_eq!(left.phones.len(), 1);
    assert_eq!(code(remove_phone(&mut tx, who, "138****5678").await), "directory.phone_unknown");
    let nameless = PersonPatch { name: Some(" ".into()), ..Default::default() };
    assert_eq!(code(change_person(&mut tx, who, nameless).await), "directory.name_missing");
    tx.commit().await.unwrap();
    let told: Vec<String> = sqlx::query_scalar("select payload::text from kernel.event")
        .fetch_all(&city.t.app.pool)
        .await
        .unwrap();
    let all = told.join("\n");
    for secret in ["13812345678", "13900001111", "140202199001011234", "欧阳建国", "王建国"]
    {
        assert!(!all.contains(secret), "{secret} in {all}");
    }
}

/// accepts CU-14: the address book is found by any part.
#[tokio::test]
async fn the_address_book_is_found_by_any_part() {
    let city = City::new().await;
    let mut tx = desk(&city).await;
    let entry = ContactEntry {
        name: "孙主任".into(),
        organisation: "阳光社区居委会".into(),
        post: "主任".into(),
        phone: "0352-6021111".into(),
        groups: vec!["社区".into()],
        ..Default::default()
    };
    let id = put_contact(&mut tx, None, entry.clone()).await.unwrap();
    for (q, group, n) in [
        ("", None, 1),
        ("孙", None, 1),
        ("阳光", None, 1),
        ("6021", None, 1),
        ("居委会", Some("社区"), 1),
        ("", Some("物业"), 0),
        ("李", None, 0),
    ] {
        assert_eq!(contacts(&mut tx, q, group).await.unwrap().len(), n, "{q} {group:?}");
    }
    let bad = ContactEntry { phone: "电话".into(), ..entry.clone() };
    assert_eq!(code(put_contact(&mut tx, None, bad).await), "directory.phone_invalid");
    put_contact(&mut tx, Some(id), ContactEntry { name: "钱主任".into(), ..entry }).await.unwrap();
    assert_eq!(contacts(&mut tx, "钱", None).await.unwrap().len(), 1);
    remove_contact(&mut tx, id).await.unwrap();
    assert!(contacts(&mut tx, "", None).await.unwrap().is_empty());
    assert_eq!(code(remove_contact(&mut tx, id).await), "not_found");
}

#[tokio::test]
async fn a_household_out_of_scope_can_be_neither_seen_nor_changed() {
    let city = City::new().await;
    let west = city.household("20000001", "王建国", &[], "阳光花园/3/2/602").await;
    let mut tx = desk(&city).await;
    assert_eq!(code(household(&mut tx, west).await), "not_found");
    assert_eq!(code(set_tags(&mut tx, west, vec![]).await), "not_found");
    assert_eq!(code(blacklist(&mut tx, west, "私自开阀门", None).await), "not_found");
    let mut all = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    let who = account(&mut all, west).await.unwrap().person_id;
    assert_eq!(code(person(&mut tx, who).await), "not_found");
    assert_eq!(code(change_person(&mut tx, who, PersonPatch::default()).await), "not_found");
}

/// accepts CU-15: customer types and levels are words of dictionaries: added and named by who may,
/// chosen by who amends, retired without being taken from whom they were given to.
#[tokio::test]
async fn customer_types_and_levels_are_words_that_are_added_chosen_and_retired() {
    let city = City::new().await;
    let id = one(&city).await;
    let mut tx = desk(&city).await;
    let holder = household(&mut tx, id).await.unwrap().holder;
    let word = |dictionary: &str, retired| Term {
        dictionary: dictionary.into(),
        code: "school".into(),
        zh: "学校".into(),
        en: "School".into(),
        position: 9,
        retired,
    };
    let wears = |customer_type: Option<&str>, level: Option<&str>| PersonPatch {
        customer_type: customer_type.map(Into::into),
        relation_level: level.map(Into::into),
        ..Default::default()
    };
    let unknown = change_person(&mut tx, holder.id, wears(Some("school"), None)).await;
    assert_eq!(code(unknown), "directory.unknown_term");
    put_term(&mut tx, word("customer_type", false)).await.unwrap();
    let crossed = change_person(&mut tx, holder.id, wears(None, Some("school"))).await;
    assert_eq!(code(crossed), "directory.unknown_term", "a word of another dictionary");
    let now = change_person(&mut tx, holder.id, wears(Some("school"), Some("vip"))).await.unwrap();
    assert_eq!(now.customer_type.as_deref(), Some("school"));
    assert_eq!(now.relation_level.as_deref(), Some("vip"));
    put_term(&mut tx, word("customer_type", true)).await.unwrap();
    let renamed = PersonPatch { name: Some("王小明".into()), ..Default::default() };
    let kept = change_person(&mut tx, holder.id, renamed).await.unwrap();
    assert_eq!(kept.customer_type.as_deref(), Some("school"), "who has it keeps it");
    change_person(&mut tx, holder.id, wears(Some("household"), None)).await.unwrap();
    let again = change_person(&mut tx, holder.id, wears(Some("school"), None)).await;
    assert_eq!(code(again), "directory.unknown_term", "it is offered to nobody else");
    assert_eq!(code(put_term(&mut tx, word("nonsense", false)).await), "not_found");
    let mut tx = city.t.tx(&city.actor(&[VIEW, AMEND], "/hq/")).await;
    assert_eq!(code(put_term(&mut tx, word("customer_type", false)).await), "forbidden");
}
