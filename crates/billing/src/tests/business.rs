//! Applications: held against the rules, previewed, decided, carried out; with their valves.

use super::ground::{Ground, day};
use crate::permissions::{APPLY, APPROVE, HOLD, VIEW};
use crate::{
    ApplicationFile, ApplicationForm as Form, ApplicationState as State, Declared, HoldKind,
    NewApplication, apply_online, approve_application, check_application, file_valve_order,
    hold_for_event, holds, inspection_hold, on_order_passed, preview_application,
    recall_valve_order, refuse_application, submit_application, withdraw_application,
};
use chrono::TimeDelta;
use kernel::{AccountId, Actor, ApplicationId, EventRow, Permission, Result};
use serde_json::json;
use testing::{actor, nobody};
use uuid::Uuid;

const S1: &str = "/hq/east/s1/";

pub(super) struct Office {
    pub g: Ground,
    /// Four neighbours of one unit.
    pub homes: Vec<AccountId>,
    pub clerk: Actor,
    pub boss: Actor,
}

fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().problem().code
}

fn shown() -> Declared {
    Declared { papers_shown: true, pipes_drained: true, ..Declared::default() }
}

impl Office {
    pub async fn new() -> Self {
        let g = Ground::new().await;
        let mut homes = Vec::new();
        for no in ["1001", "1002", "1003", "1004"] {
            homes.push(g.household(no, S1, "resident").await);
        }
        let mut tx = g.system().await;
        orders::seed_defaults(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let post = ledger::permissions::POST;
        let somebody = |keys: &[Permission]| actor(nobody(), keys, "/hq/");
        let clerk = somebody(&[VIEW, APPLY, post]);
        let boss = somebody(&[VIEW, APPLY, APPROVE, HOLD, post]);
        Self { g, homes, clerk, boss }
    }

    pub fn asks(&self, home: usize, form: Form) -> NewApplication {
        let account_id = self.homes[home];
        NewApplication { account_id, form, declared: shown(), note: String::new() }
    }

    pub async fn submit(&self, new: NewApplication) -> Result<ApplicationFile> {
        let mut tx = self.g.t.tx(&self.clerk).await;
        let file = submit_application(&mut tx, new).await?;
        tx.commit().await?;
        Ok(file)
    }

    pub async fn approve(&self, by: &Actor, id: ApplicationId) -> Result<ApplicationFile> {
        let mut tx = self.g.t.tx(by).await;
        let file = approve_application(&mut tx, id, "同意").await?;
        tx.commit().await?;
        Ok(file)
    }

    pub async fn check(
        &self,
        by: &Actor,
        id: ApplicationId,
        why: Option<&str>,
    ) -> Result<ApplicationFile> {
        let mut tx = self.g.t.tx(by).await;
        let file = check_application(&mut tx, id, why).await?;
        tx.commit().await?;
        Ok(file)
    }

    pub async fn file(&self, id: ApplicationId) -> ApplicationFile {
        let mut tx = self.g.t.tx(&self.clerk).await;
        crate::application(&mut tx, id).await.unwrap()
    }

    pub fn event(&self, kind: &str, id: Uuid) -> EventRow {
        serde_json::from_value(json!({
            "id": 1, "kind": kind, "subject": "x", "subject_id": id, "matter_id": null,
            "org_path": null, "actor_id": null, "actor_name": "", "channel": "system",
            "at": self.g.t.now(), "payload": {},
        }))
        .unwrap()
    }

    /// The valve's order is filed, done on that instant, and judged good.
    pub async fn valve(&self, id: ApplicationId, at: &str) {
        let wanted = self.event("billing.valve_requested", *id);
        file_valve_order(&self.g.t.app, &wanted).await.unwrap();
        file_valve_order(&self.g.t.app, &wanted).await.unwrap();
        let order = self.file(id).await.application.order_id.unwrap();
        self.judged(*order, "valve_done", at).await;
    }

    pub async fn judged(&self, order: Uuid, cause: &str, at: &str) {
        sqlx::query(
            "update orders.work_order set finished_at = $2::timestamptz, cause = $3 where id = $1",
        )
        .bind(order)
        .bind(at)
        .bind(cause)
        .execute(&self.g.t.owner)
        .await
        .unwrap();
        let passed = self.event("order.passed", order);
        on_order_passed(&self.g.t.app, &passed).await.unwrap();
        on_order_passed(&self.g.t.app, &passed).await.unwrap();
    }

    pub async fn heat_use(&self, home: usize, on: &str) -> String {
        sqlx::query_scalar(
            "select heat_use_state from directory.account_version
             where account_id = $1 and superseded_at = 'infinity'
               and valid_from <= $2 and valid_to > $2",
        )
        .bind(*self.homes[home])
        .bind(day(on))
        .fetch_one(&self.g.t.app.pool)
        .await
        .unwrap()
    }
}

pub(super) fn stop(from: &str, to: &str) -> Form {
    Form::Stop { from: day(from), to: Some(day(to)) }
}

/// accepts BI-06 BI-15 BI-32: a stop that the rules allow needs nobody: its valve is asked
/// for at once, one order is filed however often the job runs, and the stop counts from the day
/// on which the valve was closed, not from the one that was wished.
#[tokio::test]
async fn a_stop_asks_for_its_valve_and_counts_from_its_evidence() {
    let o = Office::new().await;
    o.g.opened().await;
    let before = o.g.owed(o.homes[0]).await;
    let file = o.submit(o.asks(0, stop("2026-12-05", "2027-02-05"))).await.unwrap();
    let id = file.application.id;
    assert_eq!(file.application.state, State::Approved, "{:?}", file.application.objections);
    assert!(file.application.no.starts_with("YW20261122-"));
    let asked = "select count(*) from kernel.event where kind = 'billing.valve_requested'";
    assert_eq!(o.g.count(asked).await, 1);
    o.g.follow_facts().await;
    assert_eq!(o.g.owed(o.homes[0]).await, before, "nothing counts before the valve is closed");

    o.valve(id, "2026-12-10T02:00:00Z").await;
    let filed = "select count(*) from orders.work_order where kind = 'valve'";
    assert_eq!(o.g.count(filed).await, 1);
    let done = o.file(id).await.application;
    assert_eq!((done.state, done.effective_on), (State::Done, Some(day("2026-12-10"))));
    for (on, state) in [
        ("2026-12-09", "using"),
        ("2026-12-10", "stopped"),
        ("2027-02-04", "stopped"),
        ("2027-02-05", "using"),
    ] {
        assert_eq!(o.heat_use(0, on).await, state, "{on}");
    }
    o.g.follow_facts().await;
    let after = o.g.owed(o.homes[0]).await;
    // 57 of 121 days at 30 % of 198,000 fen
    assert_eq!((before, after), (198_000, 198_000 - 198_000 * 57 * 7 / 10 / 121 - 1));
    let happened: Vec<_> = o.file(id).await.history.into_iter().map(|h| h.event).collect();
    for event in ["submitted", "checked", "approved", "done"] {
        assert!(happened.contains(&format!("billing.application_{event}")), "{happened:?}");
    }
}

/// accepts BI-06 BI-32: several stops and a restoration in one season; the charge is the whole
/// of the days, whatever their order, and the valve's opening is paid for.
#[tokio::test]
async fn several_stops_and_a_restoration_share_one_season() {
    let o = Office::new().await;
    o.g.opened().await;
    let one = o.submit(o.asks(1, stop("2026-12-05", "2027-01-05"))).await.unwrap();
    o.valve(one.application.id, "2026-12-01T02:00:00Z").await;
    let two = o.submit(o.asks(1, stop("2027-01-20", "2027-03-16"))).await.unwrap();
    o.valve(two.application.id, "2027-01-20T02:00:00Z").await;
    let three = o.submit(o.asks(1, stop("2027-02-01", "2027-03-16"))).await.unwrap();
    let against: Vec<_> = three.application.objections.iter().map(|x| x.code.clone()).collect();
    assert_eq!(against, ["tariff.too_many_stops"]);
    let back = o.submit(o.asks(1, Form::Restore { from: day("2027-02-20") })).await.unwrap();
    assert_eq!(back.application.state, State::Approved);
    o.valve(back.application.id, "2027-02-20T02:00:00Z").await;
    o.g.follow_facts().await;
    // stopped 31 and 31 days of 121
    let stopped = 198_000_i64 * 62 * 7 / 10 / 121;
    let owed = o.g.owed(o.homes[1]).await;
    assert!((owed - (198_000 - stopped + 5_000)).abs() <= 1, "{owed}");
    assert_eq!(o.heat_use(1, "2027-02-21").await, "using");
    let reconnect = "select count(*) from ledger.entry
                     where item = 'reconnect' and ledger = 'receivable'";
    assert_eq!(o.g.count(reconnect).await, 1);
}

/// accepts BI-30 CU-11 XB-08: what an inspection found on the customer's side holds his money and
/// puts him on the blacklist, once, and stands against his applications until somebody releases it.
#[tokio::test]
async fn an_inspection_that_found_something_holds_the_household() {
    let o = Office::new().await;
    let mut tx = o.g.system().await;
    let order = orders::create(
        &mut tx,
        orders::NewOrder {
            kind: "inspection".to_owned(),
            symptom: None,
            urgency: orders::Urgency::ORDINARY,
            account_id: Some(o.homes[2]),
            address: None,
            contact_name: "王建国".to_owned(),
            contact_phone: "13800135678".to_owned(),
            description: "入户稽查".to_owned(),
            channel: orders::Origin::Staff,
            call_id: None,
            appointment_from: None,
            appointment_to: None,
            org_id: None,
            finish_due: None,
            answer: None,
        },
    );
    let order = order.await.unwrap();
    tx.commit().await.unwrap();
    o.judged(*order.id, "hazard_user", "2026-11-22T01:00:00Z").await;
    let mut tx = o.g.system().await;
    let bound = holds(&mut tx, &o.homes, day("2026-11-22")).await.unwrap();
    assert_eq!(bound.len(), 1);
    assert_eq!((bound[0].account_id, bound[0].kind), (o.homes[2], HoldKind::BlockAll));
    let file = o.submit(o.asks(2, stop("2026-12-05", "2027-02-05"))).await.unwrap();
    assert_eq!(file.application.state, State::Submitted);
    let against: Vec<_> = file.application.objections.iter().map(|x| x.zh.clone()).collect();
    assert_eq!(against, ["有稽查事项未处理", "该户已被锁定"]);
    assert_eq!(
        code(o.check(&o.clerk, file.application.id, None).await),
        "billing.application_objected"
    );
    let mut tx = o.g.system().await;
    let listed: Vec<(uuid::Uuid, String)> =
        sqlx::query_as("select account_id, reason from directory.blacklist")
            .fetch_all(&o.g.t.app.pool)
            .await
            .unwrap();
    assert_eq!(listed.len(), 1, "told twice, listed once");
    assert_eq!(listed[0], (*o.homes[2], format!("稽查工单 {}：户内隐患", order.no)));
    let twice = inspection_hold(o.homes[2], "x", "y");
    let again = hold_for_event(&mut tx, twice, "order.passed", &order.id.to_string()).await;
    assert!(again.unwrap().is_none());
}

/// Who took an application in does not let it go on against the rules; a second person does, and
/// says why.
#[tokio::test]
async fn only_a_second_person_goes_against_the_rules() {
    let o = Office::new().await;
    let late = o.submit(o.asks(0, stop("2026-11-25", "2027-02-05"))).await.unwrap();
    let id = late.application.id;
    assert_eq!(late.application.objections[0].code, "tariff.too_late");
    assert_eq!(code(o.check(&o.clerk, id, Some("领导同意")).await), "forbidden");
    let mut own = o.boss.clone();
    own.user = o.clerk.user;
    assert_eq!(code(o.check(&own, id, Some("同意")).await), "billing.second_person");
    assert_eq!(code(o.check(&o.boss, id, Some(" ")).await), "invalid");
    let done = o.check(&o.boss, id, Some("住院，特批")).await.unwrap().application;
    assert_eq!((done.state, done.despite.as_deref()), (State::Approved, Some("住院，特批")));
    let twice = o.submit(o.asks(0, stop("2026-12-25", "2027-02-05"))).await;
    assert_eq!(code(twice), "billing.application_open");
    let mut tx = o.g.t.tx(&o.clerk).await;
    withdraw_application(&mut tx, id, "不停了").await.unwrap();
    tx.commit().await.unwrap();
    let mut tx = o.g.t.tx(&o.boss).await;
    assert_eq!(
        code(refuse_application(&mut tx, id, "晚了").await),
        "billing.application_no_such_step"
    );
    let west = actor(nobody(), &[VIEW, APPLY, APPROVE], "/hq/west/");
    assert_eq!(code(o.approve(&west, id).await), "not_found");
}

/// accepts BI-05 BI-07 BI-08 BI-09: entry, transfer, demolition, split and merge, changes of area
/// and class: what was previewed is what is charged afterwards, to the fen.
#[tokio::test]
async fn what_was_previewed_is_what_is_charged() {
    let o = Office::new().await;
    // Until October the pack lets everything be changed.
    o.g.t.advance(TimeDelta::days(-60));
    o.g.opened().await;
    let from = day("2026-12-20");
    let person = Uuid::new_v4();
    sqlx::query("insert into directory.person (id, name) values ($1, '李秀兰')")
        .bind(person)
        .execute(&o.g.t.app.pool)
        .await
        .unwrap();
    let metres = |m: &str| Some(m.parse().unwrap());
    let premise_id = (*o.homes[0]).into();
    let forms = [
        (
            0,
            Form::Area {
                from,
                premise_id,
                building_area: metres("101.5"),
                usable_area: None,
                heated_area: None,
                charged_area: None,
            },
        ),
        (
            0,
            Form::Class {
                from: day("2027-01-10"),
                premise_id,
                user_class: directory::UserClass::Shop,
            },
        ),
        (1, Form::Transfer { from, person_id: person.into() }),
        (1, Form::Merge { from, other_id: o.homes[2] }),
        (
            1,
            Form::Split {
                from: day("2027-02-01"),
                premise_ids: vec![(*o.homes[2]).into()],
                other_id: o.homes[2],
            },
        ),
        (3, Form::Demolition { from }),
    ];
    for (home, form) in forms {
        let new = o.asks(home, form);
        let mut tx = o.g.t.tx(&o.clerk).await;
        let preview = preview_application(&mut tx, &new).await.unwrap();
        drop(tx);
        assert!(preview.objections.is_empty(), "{:?}", preview.objections);
        let file = o.submit(new).await.unwrap();
        let (id, kind) = (file.application.id, file.application.kind);
        if preview.needs_approval {
            assert_eq!(file.application.state, State::Checked, "{kind:?}");
            o.approve(&o.boss, id).await.unwrap();
        }
        assert_eq!(o.file(id).await.application.state, State::Done, "{kind:?}");
        o.g.follow_facts().await;
        for a in &preview.accounts {
            assert_eq!(o.g.owed(a.account_id).await, a.after_fen.get(), "{kind:?} {a:?}");
            let lines: i64 = a.after.iter().map(|l| l.line.amount.get()).sum();
            assert_eq!(lines, a.after_fen.get());
        }
    }
    let off = "select coalesce(sum(amount_fen), 0)::bigint from ledger.entry";
    assert_eq!(o.g.count(off).await, 0, "the book balances");
}

/// accepts BI-05: who enters the network pays for the connection, and for heat from then on.
#[tokio::test]
async fn entry_costs_a_connection_and_heat_from_then_on() {
    let o = Office::new().await;
    let home = o.homes[0];
    let off = directory::AccountPatch {
        network_state: Some(directory::NetworkState::Planned),
        heat_use_state: Some(directory::HeatUseState::NotConnected),
        ..directory::AccountPatch::default()
    };
    let change = directory::Change::Account { account_id: home, patch: off };
    o.g.amend(change, day("2020-10-15"), None).await;
    o.g.opened().await;
    let file = o.submit(o.asks(0, Form::Entry { from: day("2026-12-15") })).await.unwrap();
    assert_eq!(file.application.preview.fees[0].amount_fen.get(), 504_000);
    o.approve(&o.boss, file.application.id).await.unwrap();
    o.g.follow_facts().await;
    let owed = o.g.owed(home).await;
    let heat = file.application.preview.after_fen.get();
    assert_eq!((file.application.preview.before_fen.get(), owed), (0, heat + 504_000));
    assert!(heat > 0 && heat < 198_000);
}

/// Where the valve cannot be moved, the application does not wait for ever: it is taken back with
/// the words of who was there, and nothing has changed.
#[tokio::test]
async fn a_valve_that_cannot_be_moved_ends_the_application() {
    let o = Office::new().await;
    o.g.opened().await;
    let file = o.submit(o.asks(0, stop("2026-12-05", "2027-02-05"))).await.unwrap();
    let wanted = o.event("billing.valve_requested", *file.application.id);
    file_valve_order(&o.g.t.app, &wanted).await.unwrap();
    let order = o.file(file.application.id).await.application.order_id.unwrap();
    o.judged(*order, "valve_refused", "2026-12-05T02:00:00Z").await;
    let after = o.file(file.application.id).await.application;
    assert_eq!(after.state, State::Withdrawn);
    assert_eq!(after.decision.as_deref(), Some("现场无法操作阀门：不具备条件"));
    o.g.follow_facts().await;
    assert_eq!(o.g.owed(o.homes[0]).await, 198_000);
}

/// accepts BI-32: who takes his stop back is not shut off: the order that was on its way ends.
#[tokio::test]
async fn a_stop_that_is_taken_back_recalls_its_valve_order() {
    let o = Office::new().await;
    let file = o.submit(o.asks(0, stop("2026-12-05", "2027-02-05"))).await.unwrap();
    let id = file.application.id;
    file_valve_order(&o.g.t.app, &o.event("billing.valve_requested", *id)).await.unwrap();
    let order = o.file(id).await.application.order_id.unwrap();
    let mut tx = o.g.t.tx(&o.clerk).await;
    withdraw_application(&mut tx, id, "用户改主意").await.unwrap();
    tx.commit().await.unwrap();
    let withdrawn = o.event("billing.application_withdrawn", *id);
    for _ in 0..2 {
        recall_valve_order(&o.g.t.app, &withdrawn).await.unwrap();
    }
    let state = "select count(*) from orders.work_order where state = 'voided'";
    assert_eq!(o.g.count(state).await, 1, "{order:?}");
}

/// accepts BI-15: changes that need somebody on site raise their order: a demolition and an entry
/// count on their day, and the valve follows.
#[tokio::test]
async fn changes_raise_field_orders() {
    let o = Office::new().await;
    let new = o.asks(3, Form::Demolition { from: day("2026-12-20") });
    let file = o.submit(new).await.unwrap();
    o.approve(&o.boss, file.application.id).await.unwrap();
    let wanted = o.event("billing.valve_requested", *file.application.id);
    file_valve_order(&o.g.t.app, &wanted).await.unwrap();
    let after = o.file(file.application.id).await.application;
    assert_eq!(after.state, State::Done);
    let symptom: String = sqlx::query_scalar("select symptom from orders.work_order where id = $1")
        .bind(*after.order_id.unwrap())
        .fetch_one(&o.g.t.app.pool)
        .await
        .unwrap();
    assert_eq!(symptom, "valve_close");
}

/// accepts BI-31: a customer who stops his heat himself, within the rules, has his valve asked for
/// without anybody of the house; against the rules nothing is taken in, and he is told why.
#[tokio::test]
async fn an_online_stop_asks_for_the_valve_at_once() {
    let o = Office::new().await;
    let late = apply_online(&o.g.t.app, o.asks(0, stop("2026-11-25", "2027-02-05"))).await;
    assert_eq!(code(late), "billing.application_objected");
    assert_eq!(o.g.count("select count(*) from billing.application").await, 0);
    let file = apply_online(&o.g.t.app, o.asks(0, stop("2026-12-05", "2027-02-05"))).await.unwrap();
    assert_eq!(file.application.state, State::Approved);
    let asked = "select count(*) from kernel.event where kind = 'billing.valve_requested'";
    assert_eq!(o.g.count(asked).await, 1);
}
