//! Changing facts: what is so, what was so, and what was believed.

use super::city::City;
use crate::permissions::{AMEND, VIEW};
use crate::{
    AccountPatch, Amended, Amendment, Change, FactsThen, HeatUseState, Measure, NetworkState,
    PremisePatch, UserClass, amend, facts_of, history, turn_day,
};
use chrono::{NaiveDate, TimeDelta};
use kernel::{AccountId, Error, PremiseId, Result};
use serde_json::Value;

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn area(text: &str) -> Option<Measure> {
    Some(text.parse().unwrap())
}

fn amendment(change: Change, from: &str, to: Option<&str>) -> Amendment {
    let (from, to) = (day(from), to.map(day));
    Amendment { change, from, to, reason: "现场核实".into(), source: "desk", source_id: None }
}

fn heat(account_id: AccountId, state: HeatUseState) -> Change {
    let patch = AccountPatch { heat_use_state: Some(state), ..AccountPatch::default() };
    Change::Account { account_id, patch }
}

async fn make(city: &City, a: Amendment) -> Result<Amended> {
    let mut tx = city.t.tx(&city.actor(&[VIEW, AMEND], "/hq/east/")).await;
    let done = amend(&mut tx, a).await?;
    tx.commit().await?;
    Ok(done)
}

async fn facts(city: &City, id: AccountId, on: &str) -> FactsThen {
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    facts_of(&mut tx, id, day(on), None).await.unwrap()
}

async fn room_of(city: &City, id: AccountId) -> PremiseId {
    facts(city, id, "2026-01-01").await.rooms[0].premise_id
}

/// accepts CU-16 CU-03: an area that was wrong is put right backwards in time, and what was
/// believed before can still be asked for.
#[tokio::test]
async fn an_area_changed_backwards_is_so_now_and_was_not_known_then() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    let premise_id = room_of(&city, id).await;
    let then = city.t.now();
    city.t.advance(TimeDelta::days(1));
    let patch = PremisePatch {
        heated_area: area("85.25"),
        charged_area: area("85.25"),
        ..Default::default()
    };
    let change = Change::Premise { premise_id, patch };
    let done = make(&city, amendment(change, "2024-10-15", None)).await.unwrap();
    assert_eq!(done.account_ids, [id]);
    assert_eq!(done.from, Some(day("2024-10-15")));

    for (on, known_at, expected) in [
        ("2024-10-14", None, "90.00"),
        ("2024-10-15", None, "85.25"),
        ("2026-11-22", None, "85.25"),
        ("2026-11-22", Some(then), "90.00"),
        ("2026-11-22", Some(city.t.now()), "85.25"),
    ] {
        let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
        let found = facts_of(&mut tx, id, day(on), known_at).await.unwrap();
        let seen = found.rooms[0].facts.heated_area.to_string();
        assert_eq!(seen, expected, "{on} as known at {known_at:?}");
    }
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    let shown = crate::account(&mut tx, id).await.unwrap();
    assert_eq!(shown.heated_area, "85.25", "the current row follows");
}

/// accepts CU-02: several stop-heat periods in a season, and what lies between them.
#[tokio::test]
async fn heat_stops_and_is_restored_several_times_in_a_season() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    for (from, to) in [("2025-11-01", "2025-12-01"), ("2026-01-10", "2026-02-10")] {
        let change = heat(id, HeatUseState::Stopped);
        make(&city, amendment(change, from, Some(to))).await.unwrap();
    }
    for (on, expected) in [
        ("2025-10-31", HeatUseState::Using),
        ("2025-11-01", HeatUseState::Stopped),
        ("2025-11-30", HeatUseState::Stopped),
        ("2025-12-01", HeatUseState::Using),
        ("2026-01-10", HeatUseState::Stopped),
        ("2026-02-10", HeatUseState::Using),
    ] {
        let found = facts(&city, id, on).await;
        assert_eq!(found.facts.unwrap().heat_use_state, expected, "{on}");
    }
}

/// accepts CU-16: from what to what, from when to when, who and why, newest first.
#[tokio::test]
async fn history_says_from_what_to_what_who_and_why() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    make(&city, amendment(heat(id, HeatUseState::Stopped), "2025-10-01", None)).await.unwrap();
    city.t.advance(TimeDelta::hours(1));
    let premise_id = room_of(&city, id).await;
    let patch = PremisePatch { user_class: Some(UserClass::Shop), ..Default::default() };
    let a = amendment(Change::Premise { premise_id, patch }, "2026-01-01", Some("2026-06-01"));
    make(&city, Amendment { reason: "住改商".into(), ..a }).await.unwrap();

    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/east/")).await;
    let lines = history(&mut tx, id).await.unwrap();
    assert_eq!(lines.len(), 2);
    assert_eq!((lines[0].why.as_str(), lines[0].who.as_str()), ("住改商", "tester"));
    assert_eq!(lines[0].address.as_deref(), Some("阳光小区3号楼2单元602"));
    let c = &lines[0].changes[0];
    assert_eq!(c.field, "user_class");
    assert_eq!((c.from.as_deref(), c.to.as_deref()), (Some("resident"), Some("shop")));
    assert_eq!((c.valid_from, c.valid_to), (day("2026-01-01"), Some(day("2026-06-01"))));
    assert_eq!(lines[1].changes[0].to.as_deref(), Some("stopped"));
    tx.commit().await.unwrap();

    let told: Vec<Value> = sqlx::query_scalar(
        "select payload from kernel.event where kind = 'directory.fact_changed' order by id",
    )
    .fetch_all(&city.t.app.pool)
    .await
    .unwrap();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["from"], "2025-10-01");
    assert_eq!(told[0]["account_ids"][0], id.to_string());
    assert_eq!(told[0]["changes"][0]["from"], "using");
}

/// What changes nothing is not written down, and nobody is told.
#[tokio::test]
async fn saying_what_is_so_already_changes_nothing() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    let done = make(&city, amendment(heat(id, HeatUseState::Using), "2025-10-01", None)).await;
    let done = done.unwrap();
    assert_eq!((done.change_id, done.from), (None, None));
    let rows: i64 = sqlx::query_scalar("select count(*) from directory.change")
        .fetch_one(&city.t.app.pool)
        .await
        .unwrap();
    assert_eq!(rows, 0);
}

/// accepts CU-03: dates reversed, before there was an account, absurd areas, contradictions.
#[tokio::test]
async fn what_cannot_be_meant_is_refused() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    let premise_id = room_of(&city, id).await;
    let room = |patch| Change::Premise { premise_id, patch };
    let none = PremisePatch::default;
    let planned = AccountPatch { network_state: Some(NetworkState::Planned), ..Default::default() };
    let stop = || heat(id, HeatUseState::Stopped);
    for (change, from, to, code) in [
        (stop(), "2026-01-01", Some("2026-01-01"), "directory.dates_reversed"),
        (stop(), "2026-02-01", Some("2026-01-01"), "directory.dates_reversed"),
        (stop(), "2020-10-14", None, "directory.before_opened"),
        (stop(), "1969-12-31", None, "directory.date_absurd"),
        (stop(), "2031-01-01", None, "directory.date_absurd"),
        (
            Change::Account { account_id: id, patch: planned },
            "2026-01-01",
            None,
            "directory.states_contradict",
        ),
        (
            room(PremisePatch { building_area: area("985000"), ..none() }),
            "2026-01-01",
            None,
            "directory.area_absurd",
        ),
        (
            room(PremisePatch { building_area: area("0"), ..none() }),
            "2026-01-01",
            None,
            "directory.area_absurd",
        ),
        (
            room(PremisePatch { heated_area: area("900.00"), ..none() }),
            "2026-01-01",
            None,
            "directory.area_absurd",
        ),
        (
            room(PremisePatch { storey_height: area("0.28"), ..none() }),
            "2026-01-01",
            None,
            "directory.height_absurd",
        ),
    ] {
        let refused = make(&city, amendment(change, from, to)).await.unwrap_err();
        assert_eq!(refused.problem().code, code, "{from}");
    }
    let silent = Amendment { reason: " ".into(), ..amendment(stop(), "2026-01-01", None) };
    let refused = make(&city, silent).await.unwrap_err();
    assert_eq!(refused.problem().code, "directory.why_missing");
}

#[tokio::test]
async fn facts_out_of_scope_are_not_there_and_need_the_key() {
    let city = City::new().await;
    let west = city.household("20000001", "王建国", &[], "阳光花园/3/2/602").await;
    let premise_id = room_of(&city, west).await;
    let patch = PremisePatch { heated_area: area("85"), ..Default::default() };
    for change in [heat(west, HeatUseState::Stopped), Change::Premise { premise_id, patch }] {
        let refused = make(&city, amendment(change, "2026-01-01", None)).await.unwrap_err();
        assert!(matches!(refused, Error::NotFound(_)));
    }
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    let a = amendment(heat(west, HeatUseState::Stopped), "2026-01-01", None);
    assert!(matches!(amend(&mut tx, a).await, Err(Error::Forbidden(p)) if p == AMEND));
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/east/")).await;
    let found = facts_of(&mut tx, west, day("2026-01-01"), None).await;
    assert!(matches!(found, Err(Error::NotFound(_))));
    assert!(matches!(history(&mut tx, west).await, Err(Error::NotFound(_))));
}

/// accepts CU-04: one account, several rooms, each for its time; the last one stays.
#[tokio::test]
async fn an_account_takes_and_leaves_rooms() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    let other = city.household("10000002", "李丽", &[], "阳光小区/3/2/601").await;
    let (own, garage) = (room_of(&city, id).await, city.empty_room("阳光小区/3/2/B01").await);
    let theirs = room_of(&city, other).await;
    let take = |premise_id| Change::TakeRoom { account_id: id, premise_id };
    let leave = |premise_id| Change::LeaveRoom { account_id: id, premise_id };
    let refused = make(&city, amendment(take(theirs), "2026-01-01", None)).await.unwrap_err();
    assert_eq!(refused.problem().code, "directory.room_taken");
    let refused = make(&city, amendment(leave(own), "2026-01-01", None)).await.unwrap_err();
    assert_eq!(refused.problem().code, "directory.last_room");

    make(&city, amendment(take(garage), "2026-01-01", None)).await.unwrap();
    make(&city, amendment(leave(own), "2026-06-01", None)).await.unwrap();
    for (on, rooms) in
        [("2025-12-31", vec![own]), ("2026-01-01", vec![own, garage]), ("2026-06-01", vec![garage])]
    {
        let found = facts(&city, id, on).await;
        let mut seen: Vec<_> = found.rooms.iter().map(|r| r.premise_id).collect();
        seen.sort_by_key(|r| *r != own);
        assert_eq!(seen, rooms, "{on}");
    }
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    let shown = crate::account(&mut tx, id).await.unwrap();
    assert_eq!(shown.room, "B01", "what it has left is its main room");
}

/// accepts CU-02: what was decided for a later day is not so before, and begins on that day.
#[tokio::test]
async fn a_change_decided_ahead_begins_on_its_day() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    make(&city, amendment(heat(id, HeatUseState::Stopped), "2026-11-25", None)).await.unwrap();
    let shown = async |city: &City| {
        let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
        crate::account(&mut tx, id).await.unwrap().heat_use_state
    };
    assert_eq!(shown(&city).await, "using");
    city.t.advance(TimeDelta::days(3));
    for _ in 0..2 {
        let mut tx = city.t.tx(&kernel::Actor::system("turn")).await;
        assert_eq!(turn_day(&mut tx, day("2026-11-22")).await.unwrap(), 1);
        tx.commit().await.unwrap();
    }
    assert_eq!(shown(&city).await, "stopped");
}

/// accepts CU-16: whatever is amended later, what was known at a time is answered the same.
#[tokio::test]
async fn answers_as_known_then_never_change() {
    let city = City::new().await;
    let id = city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    let premise_id = room_of(&city, id).await;
    let days = ["2021-01-01", "2023-10-15", "2025-11-15", "2026-03-01", "2026-11-22"];
    let mut seed = 20_261_122_u64;
    let mut next = move |n: u64| {
        seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (seed >> 33) % n
    };
    let mut given = Vec::new();
    for _ in 0..24 {
        // Half of them within one instant: the order of belief must not hang on the clock.
        if next(2) == 0 {
            city.t.advance(TimeDelta::minutes(1));
        }
        let from = day("2020-10-15") + chrono::Days::new(next(2200));
        let to = (next(2) == 0).then(|| from + chrono::Days::new(1 + next(300)));
        let change = if next(2) == 0 {
            let states = [HeatUseState::Using, HeatUseState::Stopped, HeatUseState::ForcedStop];
            heat(id, states[usize::try_from(next(3)).unwrap()])
        } else {
            let m = i64::try_from(next(5000)).unwrap();
            let heated_area = Some(Measure::new(5_000 + m));
            Change::Premise {
                premise_id,
                patch: PremisePatch { heated_area, ..Default::default() },
            }
        };
        let a = amendment(change, "2020-10-15", None);
        let done = make(&city, Amendment { from, to, ..a }).await.unwrap();
        if done.change_id.is_none() {
            continue;
        }
        let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
        for on in days {
            let answer = facts_of(&mut tx, id, day(on), Some(done.recorded_at)).await.unwrap();
            given.push(answer);
        }
    }
    let mut tx = city.t.tx(&city.actor(&[VIEW], "/hq/")).await;
    assert!(given.len() >= 50, "most of them changed something");
    for before in given {
        let again = facts_of(&mut tx, id, before.on, before.known_at).await.unwrap();
        assert_eq!(again, before);
    }
    let overlapping: i64 = sqlx::query_scalar(
        "select count(*) from directory.account_version a join directory.account_version b
           on a.account_id = b.account_id and a.ctid <> b.ctid
          and a.valid_from < b.valid_to and b.valid_from < a.valid_to
          and a.recorded_at < b.superseded_at and b.recorded_at < a.superseded_at",
    )
    .fetch_one(&city.t.app.pool)
    .await
    .unwrap();
    assert_eq!(overlapping, 0);
}

#[tokio::test]
async fn a_version_of_the_past_cannot_be_edited_even_by_hand() {
    let city = City::new().await;
    city.household("10000001", "王建国", &[], "阳光小区/3/2/602").await;
    for sql in [
        "delete from directory.account_version",
        "update directory.account_version set low_income = true",
        "update directory.premise_version set heated_area = 1",
        "update directory.account_room set valid_to = '2026-01-01'",
    ] {
        let refused = sqlx::query(sql).execute(&city.t.app.pool).await.unwrap_err();
        assert!(refused.to_string().contains("not edited"), "{sql}: {refused}");
    }
}
