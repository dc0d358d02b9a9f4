//! Data that may be wrong: found by rules, decided by people, merged and put back.

use super::city::City;
use crate::permissions::{AMEND, CLEANSE, VIEW};
use crate::*;
use kernel::{AccountId, Error, Tx};
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

async fn desk(city: &City) -> Tx {
    city.t.tx(&city.actor(&[VIEW, AMEND, CLEANSE], "/hq/")).await
}

/// A town with planted faults, and the answer key: rule and what it is about.
struct Planted {
    city: City,
    accounts: Vec<AccountId>,
    key: BTreeSet<(String, BTreeSet<Uuid>)>,
}

async fn holder(city: &City, id: AccountId) -> Uuid {
    sqlx::query_scalar("select person_id from directory.account where id = $1")
        .bind(*id)
        .fetch_one(&city.t.app.pool)
        .await
        .unwrap()
}

/// Two dozen sound households: names twice, phones shared in a family, numbers alike.
async fn planted() -> Planted {
    let city = City::new().await;
    let mut accounts = Vec::new();
    for n in 0..24 {
        let no = format!("1000{n:04}");
        // Every name stands twice, as names do; the phones and identity numbers differ.
        let name = ["王建国", "李丽", "张伟", "刘洋"][n % 4];
        let phone = format!("1380000{n:04}");
        let id = city
            .household(&no, name, &[&phone], &format!("阳光小区/{}/1/{}", n / 4 + 1, 101 + n % 4))
            .await;
        let person = holder(&city, id).await;
        let id_number = format!("1402021980010{n:05}");
        city.run(
            "update directory.person set id_number = $2 where id = $1",
            &[&person],
            &[&id_number],
        )
        .await;
        accounts.push(id);
    }
    let mut p = Planted { city, accounts, key: BTreeSet::new() };
    p.people().await;
    p.rooms().await;
    p
}

impl Planted {
    fn plant(&mut self, rule: &str, ids: &[Uuid]) {
        self.key.insert((rule.to_owned(), ids.iter().copied().collect()));
    }

    async fn people(&mut self) {
        let city = &self.city;
        let of = async |n: usize| holder(city, self.accounts[n]).await;
        let (a, b, c, d) = (of(0).await, of(4).await, of(8).await, of(12).await);
        let (e, f) = (of(1).await, of(5).await);
        // 0 and 4: one identity number, one name. 8 and 12: a phone in common, one number unknown.
        city.run(
            "update directory.person set id_number = '140202198001000000' where id = $1",
            &[&b],
            &[],
        )
        .await;
        city.run(
            "update directory.person set id_number = '140202198001000000' where id = $1",
            &[&a],
            &[],
        )
        .await;
        city.run("update directory.person set id_number = null where id = $1", &[&d], &[]).await;
        city.run(
            "insert into directory.phone (person_id, number) values ($1, '13800000008')",
            &[&d],
            &[],
        )
        .await;
        // 1 and 5: one name and one phone, but two identity numbers: two people.
        city.run(
            "insert into directory.phone (person_id, number) values ($1, '13800000001')",
            &[&f],
            &[],
        )
        .await;
        // 2 and 3: a couple under one number. 6: nobody to ring. 7: a broken number.
        let (g, h, i) = (of(3).await, of(6).await, of(7).await);
        city.run(
            "insert into directory.phone (person_id, number) values ($1, '13800000002')",
            &[&g],
            &[],
        )
        .await;
        city.run("delete from directory.phone where person_id = $1", &[&h], &[]).await;
        city.run("update directory.phone set number = '1380000' where person_id = $1", &[&i], &[])
            .await;
        // 9 and 10: one identity number, two names.
        let (j, k) = (of(9).await, of(10).await);
        city.run(
            "update directory.person set id_number = '140202198001019999' where id in ($1, $2)",
            &[&j, &k],
            &[],
        )
        .await;
        assert_ne!(e, f);
        self.plant("duplicate_person", &[a, b]);
        self.plant("duplicate_person", &[c, d]);
        self.plant("missing_phone", &[h]);
        self.plant("bad_phone", &[i]);
        self.plant("same_id_number", &[j, k]);
    }

    async fn rooms(&mut self) {
        let city = &self.city;
        let room = async |n: usize| -> Uuid {
            sqlx::query_scalar("select premise_id from directory.account where id = $1")
                .bind(*self.accounts[n])
                .fetch_one(&city.t.app.pool)
                .await
                .unwrap()
        };
        let (one, big, filed, valve) =
            (room(14).await, room(15).await, room(16).await, room(17).await);
        let double = Uuid::new_v4();
        city.run(
            "insert into directory.premise (id, unit_id, riser_id, code, floor, room, address,
               building_area, heated_area, user_class, heating_manner, valve_state, org_path,
               lng, lat)
             select $1, unit_id, riser_id, code || '-B', floor, room, address, building_area,
               heated_area, user_class, heating_manner, valve_state, org_path, lng, lat
             from directory.premise where id = $2",
            &[&double, &one],
            &[],
        )
        .await;
        city.run("update directory.premise set building_area = 9850 where id = $1", &[&big], &[])
            .await;
        let misfiled = *self.accounts[16];
        city.run(
            "update directory.account set org_path = '/hq/west/s9/' where id = $1",
            &[&misfiled],
            &[],
        )
        .await;
        let stopped = *self.accounts[17];
        city.run(
            "update directory.account set heat_use_state = 'stopped' where id = $1",
            &[&stopped],
            &[],
        )
        .await;
        assert_ne!(filed, valve);
        self.plant("duplicate_premise", &[one, double]);
        self.plant("premise_without_account", &[double]);
        self.plant("impossible_area", &[big]);
        self.plant("misfiled", &[misfiled]);
        self.plant("valve_contradicts", &[stopped]);
    }

    async fn seen(&self) -> BTreeSet<(String, BTreeSet<Uuid>)> {
        let mut tx = desk(&self.city).await;
        let page = findings(&mut tx, FindingFilter::default(), None, Some(200)).await.unwrap();
        page.items.into_iter().map(|f| (f.rule, f.subject_ids.into_iter().collect())).collect()
    }

    /// Who holds what, whom it reaches, and all current facts.
    async fn picture(&self) -> BTreeMap<AccountId, String> {
        let mut tx = desk(&self.city).await;
        let all = facts_over(&mut tx, &self.accounts, None).await.unwrap();
        let mut picture: BTreeMap<_, _> =
            all.into_iter().map(|t| (t.account_id, format!("{t:?}"))).collect();
        let rows: Vec<(Uuid, String)> = sqlx::query_as(
            "select a.id, concat(a.person_id, a.premise_id,
                    (select string_agg(number, ' ' order by number) from directory.phone f
                     where f.person_id = a.person_id))
             from directory.account a",
        )
        .fetch_all(&self.city.t.app.pool)
        .await
        .unwrap();
        for (id, row) in rows {
            picture.entry(id.into()).or_default().push_str(&row);
        }
        picture
    }
}

/// accepts CU-06 MG-02: everything planted is found, nothing else is; a second look finds
/// nothing new.
#[tokio::test]
async fn planted_faults_are_found_and_nothing_else() {
    let p = planted().await;
    for _ in 0..2 {
        let mut tx = desk(&p.city).await;
        scan(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        assert_eq!(p.seen().await, p.key);
    }
    let mut tx = desk(&p.city).await;
    assert_eq!(scan(&mut tx).await.unwrap(), 0);
    let counts = quality(&mut tx).await.unwrap();
    let open = counts.iter().find(|c| c.rule == "duplicate_person").map(|c| c.open);
    assert_eq!((counts.len(), open), (10, Some(2)));
}

/// accepts CU-06 MG-02: duplicates are merged, namesakes and couples are not; undone, everything
/// is as it was.
#[tokio::test]
async fn duplicates_are_merged_and_nothing_else_and_all_of_it_can_be_put_back() {
    let p = planted().await;
    let mut tx = desk(&p.city).await;
    scan(&mut tx).await.unwrap();
    tx.commit().await.unwrap();
    let before = p.picture().await;

    let mut tx = desk(&p.city).await;
    let people = merge_certain(&mut tx, QualityRule::DuplicatePerson, "同名同证件").await.unwrap();
    let rooms = merge_certain(&mut tx, QualityRule::DuplicatePremise, "重复地址").await.unwrap();
    assert_eq!((people, rooms), (2, 1));
    tx.commit().await.unwrap();
    let gone: BTreeSet<Uuid> = sqlx::query_scalar(
        "select id from directory.person where merged_into is not null
         union select id from directory.premise where merged_into is not null",
    )
    .fetch_all(&p.city.t.app.pool)
    .await
    .unwrap()
    .into_iter()
    .collect();
    let pairs: Vec<_> = p.key.iter().filter(|(rule, _)| rule.starts_with("duplicate")).collect();
    assert_eq!(gone.len(), pairs.len());
    assert!(pairs.iter().all(|(_, pair)| pair.intersection(&gone).count() == 1));
    let pointing: i64 = sqlx::query_scalar(
        "select count(*) from directory.account
         where person_id = any($1) or premise_id = any($1)",
    )
    .bind(gone.iter().copied().collect::<Vec<_>>())
    .fetch_one(&p.city.t.app.pool)
    .await
    .unwrap();
    assert_eq!(pointing, 0, "nothing points to what is gone");

    let mut tx = desk(&p.city).await;
    assert_eq!(scan(&mut tx).await.unwrap(), 0, "and they are no duplicates any more");
    for m in merges(&mut tx).await.unwrap() {
        undo_merge(&mut tx, m.id, "合并有误，退回").await.unwrap();
        let again = undo_merge(&mut tx, m.id, "合并有误，退回").await.unwrap_err();
        assert_eq!(again.problem().code, "directory.already_undone");
    }
    tx.commit().await.unwrap();
    let after = p.picture().await;
    let different: Vec<_> = before.iter().filter(|(id, p)| after.get(id) != Some(p)).collect();
    assert!(different.is_empty(), "{different:#?}");
}

/// accepts CU-16: what was known before a merge is answered as before it.
#[tokio::test]
async fn a_merge_does_not_change_what_was_known_before_it() {
    let p = planted().await;
    let then = p.city.t.now();
    p.city.t.advance(chrono::TimeDelta::hours(1));
    let (a, b) = (holder(&p.city, p.accounts[0]).await, holder(&p.city, p.accounts[4]).await);
    let mut tx = desk(&p.city).await;
    let two = MergeTwo { subject: "person".into(), keep: a, gone: b, reason: "同一人".into() };
    let short = merge(&mut tx, two.clone()).await.unwrap_err();
    assert_eq!(short.problem().code, "directory.reason_missing");
    merge(&mut tx, MergeTwo { reason: "系同一人".into(), ..two }).await.unwrap();
    let today = kernel::clock::local_date(p.city.t.now());
    let now = facts_of(&mut tx, p.accounts[4], today, None).await.unwrap();
    let before = facts_of(&mut tx, p.accounts[4], today, Some(then)).await.unwrap();
    assert_eq!(*now.facts.unwrap().person_id, a);
    assert_eq!(*before.facts.unwrap().person_id, b);
    let told = history(&mut tx, p.accounts[4]).await.unwrap();
    assert_eq!(told[0].why, "系同一人");
}

#[tokio::test]
async fn what_must_not_be_merged_is_refused() {
    let p = planted().await;
    let of = async |n: usize| holder(&p.city, p.accounts[n]).await;
    let (a, b, e, f) = (of(0).await, of(4).await, of(1).await, of(5).await);
    let two =
        |keep, gone| MergeTwo {
            subject: "person".into(), keep, gone, reason: "系同一人".into()
        };
    let mut tx = desk(&p.city).await;
    for (cmd, code) in [
        (two(a, a), "directory.same_row"),
        (two(e, f), "directory.two_people"),
        (two(a, Uuid::new_v4()), "not_found"),
        (MergeTwo { subject: "meter".into(), ..two(a, b) }, "invalid"),
    ] {
        assert_eq!(merge(&mut tx, cmd).await.unwrap_err().problem().code, code);
    }
    merge(&mut tx, two(a, b)).await.unwrap();
    let again = merge(&mut tx, two(a, b)).await.unwrap_err();
    assert_eq!(again.problem().code, "directory.already_merged");
    let mut tx = p.city.t.tx(&p.city.actor(&[VIEW, CLEANSE], "/hq/west/")).await;
    let unseen = merge(&mut tx, two(e, f)).await;
    assert!(matches!(unseen, Err(Error::NotFound(_))));
    let mut tx = p.city.t.tx(&p.city.actor(&[VIEW], "/hq/")).await;
    assert!(matches!(scan(&mut tx).await, Err(Error::Forbidden(_))));
}

/// accepts CU-06 MG-02: what somebody says is right stays so at the next look.
#[tokio::test]
async fn a_finding_is_assigned_skipped_and_reopened() {
    let p = planted().await;
    let mut tx = desk(&p.city).await;
    scan(&mut tx).await.unwrap();
    let filter = FindingFilter { rule: Some("misfiled".into()), ..Default::default() };
    let found = findings(&mut tx, filter.clone(), None, None).await.unwrap().items.remove(0);
    let skip = || Decision::Skip { note: "两站共管，属实".into() };
    let who = testing::nobody();
    decide(&mut tx, found.id, Decision::Assign { to: Some(who) }).await.unwrap();
    let mine = FindingFilter { assignee: Some(who), ..Default::default() };
    assert_eq!(findings(&mut tx, mine, None, None).await.unwrap().items.len(), 1);
    decide(&mut tx, found.id, skip()).await.unwrap();
    assert_eq!(
        decide(&mut tx, found.id, skip()).await.unwrap_err().problem().code,
        "directory.decided"
    );
    scan(&mut tx).await.unwrap();
    assert!(findings(&mut tx, filter.clone(), None, None).await.unwrap().items.is_empty());
    decide(&mut tx, found.id, Decision::Reopen).await.unwrap();
    assert_eq!(findings(&mut tx, filter, None, None).await.unwrap().items.len(), 1);
}
