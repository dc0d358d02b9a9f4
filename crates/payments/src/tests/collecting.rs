//! Collecting arrears: from who owes to who has paid.

use super::house::{House, cash, code, fen};
use crate::{
    ContactWay, DebtorFilter, NewCollection, NewContact, Reminded, VisitResult, permissions,
    service,
};
use billing::{HoldKind, HoldReason, PlaceHold};
use chrono::TimeDelta;
use kernel::{AccountId, PlaceId, Result};
use uuid::Uuid;

async fn place(house: &House, org_path: &str) -> PlaceId {
    let sql = "select id from directory.place where kind = 'community' and org_path = $1";
    let id: Uuid =
        sqlx::query_scalar(sql).bind(org_path).fetch_one(&house.t.app.pool).await.unwrap();
    id.into()
}

async fn owing(house: &House, of: DebtorFilter) -> Vec<AccountId> {
    let mut tx = house.t.tx(&house.head).await;
    let found = service::debtors(&mut tx, of).await.unwrap();
    assert_eq!(usize::try_from(found.households).unwrap(), found.items.len());
    assert_eq!(found.owed_fen.get(), found.items.iter().map(|d| d.owed_fen.get()).sum::<i64>());
    found.items.into_iter().map(|d| d.account_id).collect()
}

fn list(house: &House, of: DebtorFilter, account_ids: Vec<AccountId>) -> NewCollection {
    NewCollection {
        of,
        account_ids,
        collector_id: house.cashier.user,
        due_on: "2026-12-01".parse().unwrap(),
        title: "一站陈欠".to_owned(),
    }
}

async fn make(house: &House, new: NewCollection) -> Result<Uuid> {
    let mut tx = house.t.tx(&house.head).await;
    let id = service::make_collection(&mut tx, new).await?;
    tx.commit().await?;
    Ok(id)
}

async fn ask(house: &House, list: Uuid, new: NewContact) -> Result<()> {
    let mut tx = house.t.tx(&house.head).await;
    service::visit_door(&mut tx, list, new).await?;
    tx.commit().await
}

fn contact(account_id: AccountId, result: VisitResult, promised: Option<&str>) -> NewContact {
    NewContact {
        account_id,
        way: ContactWay::Visit,
        result,
        note: "周五发工资".to_owned(),
        promised_on: promised.map(|d| d.parse().unwrap()),
        next_on: None,
    }
}

/// accepts PY-06: who owes, by place, organisation, class, age and amount; credit is taken off,
/// and nobody sees another branch's.
#[tokio::test]
async fn who_owes_is_found_by_where_what_and_since_when() {
    let house = House::open().await;
    house.charge(house.wang, house.last, "heat", 10_000).await;
    house.charge(house.wang, house.season, "heat", 10_000).await;
    house.charge(house.li, house.season, "heat", 3_000).await;
    house.charge(house.zhao, house.season, "heat", 9_000).await;
    let all = || DebtorFilter::default();
    assert_eq!(owing(&house, all()).await, [house.wang, house.li], "not the west's");
    let at = place(&house, "/hq/east/s1/").await;
    assert_eq!(owing(&house, DebtorFilter { place_id: Some(at), ..all() }).await.len(), 2);
    let west = place(&house, "/hq/west/s9/").await;
    assert!(owing(&house, DebtorFilter { place_id: Some(west), ..all() }).await.is_empty());
    assert_eq!(owing(&house, DebtorFilter { years: Some(1), ..all() }).await, [house.wang]);
    assert!(owing(&house, DebtorFilter { years: Some(2), ..all() }).await.is_empty());
    let least = Some(fen(3_001));
    assert_eq!(owing(&house, DebtorFilter { at_least_fen: least, ..all() }).await, [house.wang]);
    let of = |class: &str| DebtorFilter { user_class: Some(class.to_owned()), ..all() };
    assert_eq!(owing(&house, of("resident")).await.len(), 2);
    assert!(owing(&house, of("shop")).await.is_empty());
    // What is paid ahead is no debt's business until it is applied, but nobody is asked for it.
    house.take(&house.cashier, cash(house.li, 3_000)).await.unwrap();
    assert_eq!(owing(&house, all()).await, [house.wang]);

    let mut tx = house.t.tx(&house.head).await;
    let page = service::debtors(&mut tx, all()).await.unwrap();
    assert_eq!((page.items[0].oldest.as_str(), page.items[0].seasons), ("2025-2026", 2));
}

/// accepts PY-06: a list is given to a collector; visits, promises and next days are kept one by
/// one; a collector takes no money: that somebody paid stands only where his payment stands.
#[tokio::test]
async fn a_collector_asks_and_writes_down_what_came_of_it() {
    let house = House::open().await;
    house.charge(house.wang, house.season, "connection", 10_000).await;
    house.charge(house.li, house.season, "connection", 300).await;
    let of = DebtorFilter { at_least_fen: Some(fen(1_000)), ..DebtorFilter::default() };
    let none = DebtorFilter { at_least_fen: Some(fen(90_000)), ..DebtorFilter::default() };
    assert_eq!(code(make(&house, list(&house, none, vec![])).await), "payments.nobody_owes");
    let id = make(&house, list(&house, of, vec![])).await.unwrap();
    let absent = contact(house.li, VisitResult::Absent, None);
    assert_eq!(code(ask(&house, id, absent).await), "not_found", "he is not on the list");
    let promised = contact(house.wang, VisitResult::Promised, Some("2026-11-27"));
    ask(&house, id, promised).await.unwrap();
    let free = DebtorFilter { free: Some(1), ..DebtorFilter::default() };
    assert_eq!(owing(&house, free).await, [house.li], "wang is on a running list");
    let due = || DebtorFilter { due: Some(1), ..DebtorFilter::default() };
    assert!(owing(&house, due()).await.is_empty());
    house.t.advance(TimeDelta::days(6));
    assert_eq!(owing(&house, due()).await, [house.wang], "his day has come");

    let paid = || contact(house.wang, VisitResult::Paid, None);
    assert_eq!(code(ask(&house, id, paid()).await), "payments.not_paid");
    house.take(&house.cashier, cash(house.wang, 4_000)).await.unwrap();
    ask(&house, id, paid()).await.unwrap();
    let mut tx = house.t.tx(&house.head).await;
    let doors = service::collection_doors(&mut tx, id).await.unwrap();
    let [door] = &doors[..] else { panic!("{doors:?}") };
    assert_eq!((door.owed_fen, door.paid_fen), (fen(10_000), fen(4_000)));
    assert_eq!((door.now_fen, door.promised_on), (fen(6_000), None));
    let lists = service::collections(&mut tx).await.unwrap();
    assert_eq!((lists[0].doors, lists[0].visited, lists[0].paid_fen), (1, 1, fen(4_000)));
    let far = testing::actor(house.cashier.user.unwrap(), &[permissions::COLLECT], "/hq/west/");
    let mut his = house.t.tx(&far).await;
    assert_eq!(service::collections(&mut his).await.unwrap().len(), 1, "it was given to him");
    let other = testing::actor(house.other.user.unwrap(), &[permissions::COLLECT], "/hq/west/");
    let mut others = house.t.tx(&other).await;
    assert!(service::collections(&mut others).await.unwrap().is_empty());
    let told = service::account_contacts(&mut tx, house.wang).await.unwrap();
    let results: Vec<_> = told.iter().map(|c| c.result.unwrap()).collect();
    assert_eq!(results, [VisitResult::Paid, VisitResult::Promised], "nothing is overwritten");
    assert_eq!(told[1].promised_on, Some("2026-11-27".parse().unwrap()));
}

/// accepts PY-06: reminders name what is owed after credit, reach each household once a day, and
/// spare who has paid and whose bill is disputed.
#[tokio::test]
async fn a_reminder_goes_once_a_day_to_who_still_owes() {
    let house = House::open().await;
    for account in [house.wang, house.li] {
        house.charge(account, house.season, "connection", 10_000).await;
    }
    let phone = "insert into directory.phone (person_id, number)
                 select person_id, '13800138000' from directory.account where id = $1";
    sqlx::query(phone).bind(*house.wang).execute(&house.t.app.pool).await.unwrap();
    let both = vec![house.wang, house.li];
    let id = make(&house, list(&house, DebtorFilter::default(), both)).await.unwrap();
    let remind = async || {
        let mut tx = house.t.tx(&house.head).await;
        let done = service::remind(&mut tx, id, &[]).await.unwrap();
        tx.commit().await.unwrap();
        done
    };
    let counts = |queued, settled, held, left_out| Reminded { queued, settled, held, left_out };
    assert_eq!(remind().await, counts(1, 0, 0, 1), "li has no telephone");
    assert_eq!(remind().await, counts(0, 0, 0, 2), "wang knows");
    house.take(&house.cashier, cash(house.wang, 4_000)).await.unwrap();
    house.t.advance(TimeDelta::days(1));
    assert_eq!(remind().await, counts(1, 0, 0, 1));
    let sql = "select body from channels.message order by made_at desc limit 1";
    let body: String = sqlx::query_scalar(sql).fetch_one(&house.t.app.pool).await.unwrap();
    assert!(body.contains("60.00元"), "{body}");

    let mut tx = house.t.tx(&kernel::Actor::system("seed")).await;
    let hold = PlaceHold {
        account_id: house.wang,
        kind: HoldKind::Warn,
        reason_class: HoldReason::Dispute,
        reason: "面积有异议".to_owned(),
        words: "核实中".to_owned(),
        from_on: None,
        until_on: None,
    };
    billing::place_hold(&mut tx, hold).await.unwrap();
    tx.commit().await.unwrap();
    house.t.advance(TimeDelta::days(1));
    assert_eq!(remind().await, counts(0, 0, 1, 1));
    house.take(&house.cashier, cash(house.li, 10_000)).await.unwrap();
    assert_eq!(remind().await, counts(0, 1, 1, 0));
    let mut tx = house.t.tx(&house.head).await;
    let told = service::account_contacts(&mut tx, house.wang).await.unwrap();
    assert_eq!(told.len(), 2);
    assert!(told.iter().all(|c| c.way == ContactWay::Message && c.result.is_none()));
}
