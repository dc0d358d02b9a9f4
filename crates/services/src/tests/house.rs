//! A station with a repairer, an auditor, and flats whose orders he goes to.

use crate::permissions::{APPROVE, AUDIT, CATALOGUE, SETTLE, VIEW, WORK};
use crate::{ItemId, Sheet, WantedLine, jobs};
use chrono::TimeDelta;
use kernel::{AccountId, Actor, EventRow, Fen, FileId, OrderId, Permission, Result, UserId};
use orders::permissions as may;
use orders::{DispatchTo, FieldStep, Manner, NewOrder, Origin, Urgency};
use std::collections::BTreeMap;
use testing::{Orgs, TestApp, actor, nobody, own_actor};
use uuid::Uuid;

const OFFICE: &[Permission] = &[
    VIEW,
    CATALOGUE,
    AUDIT,
    SETTLE,
    APPROVE,
    ledger::permissions::POST,
    ledger::permissions::VIEW,
];

pub(super) struct House {
    pub t: TestApp,
    pub orgs: Orgs,
    /// A flat that has had heat for years.
    pub old: AccountId,
    /// One that was connected this autumn.
    pub new: AccountId,
    pub li: UserId,
    pub wu: UserId,
    pub office: Actor,
    pub head: Actor,
}

pub(super) fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().problem().code
}

impl House {
    pub async fn new() -> Self {
        let t = TestApp::new().await;
        let orgs = t.orgs().await;
        let mut tx = t.tx(&Actor::system("seed")).await;
        orders::seed_defaults(&mut tx).await.unwrap();
        crate::seed_defaults(&mut tx).await.unwrap();
        crate::seed_defaults(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        // The lot of an audit is chance; here nothing is drawn.
        sqlx::query("update services.rule set sample_percent = 0")
            .execute(&t.app.pool)
            .await
            .unwrap();
        let unit = unit(&t).await;
        let old = household(&t, unit, "601", "2015-10-15").await;
        let new = household(&t, unit, "602", "2026-10-15").await;
        let (li, wu) = (t.staff("li", orgs.s1).await, t.staff("wu", orgs.s1).await);
        let office = actor(t.staff("clerk", orgs.s1).await, OFFICE, "/hq/east/");
        let head = actor(t.staff("head", orgs.s1).await, OFFICE, "/hq/east/");
        Self { t, orgs, old, new, li, wu, office, head }
    }

    /// An order of that flat in the hands of that repairer, who stands at the door.
    pub async fn order(&self, account: Option<AccountId>, who: UserId) -> OrderId {
        let keys = &[may::CREATE, may::VIEW, may::DISPATCH, directory::permissions::VIEW];
        let mut tx = self.t.tx(&actor(nobody(), keys, "/hq/")).await;
        let new = NewOrder {
            kind: "repair".into(),
            symptom: Some("no_heat".into()),
            urgency: Urgency::ORDINARY,
            account_id: account,
            address: Some("阳光小区3号楼2单元".into()),
            contact_name: "王女士".into(),
            contact_phone: "13812345678".into(),
            description: String::new(),
            channel: Origin::Phone,
            call_id: None,
            appointment_from: None,
            appointment_to: None,
            org_id: Some(self.orgs.s1),
            finish_due: None,
            answer: None,
        };
        let id = orders::create(&mut tx, new).await.unwrap().id;
        let (reason, manner) = (String::new(), Manner::Proposed);
        let to = DispatchTo { staff_id: who, reason, ranking: None, manner };
        orders::dispatch_to(&mut tx, id, to).await.unwrap();
        tx.commit().await.unwrap();
        self.step(id, who, FieldStep::Accept).await;
        id
    }

    pub async fn step(&self, id: OrderId, who: UserId, step: FieldStep) {
        let mut tx = self.t.tx(&phone(who)).await;
        orders::advance(&mut tx, id, step, self.t.now()).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn finish(&self, id: OrderId, who: UserId) {
        self.step(id, who, FieldStep::SetOut).await;
        self.step(id, who, FieldStep::Arrive { point: None, accuracy_m: None }).await;
        let (cause, note) = ("air_lock".to_owned(), "已处理".to_owned());
        self.step(id, who, FieldStep::Finish { cause, note, evidence_complete: true }).await;
        self.hear().await;
    }

    /// Everything that orders told, heard twice.
    pub async fn hear(&self) {
        let events: Vec<serde_json::Value> = sqlx::query_scalar(
            "select to_jsonb(e) - 'xid' from kernel.event e where subject = 'order' order by id",
        )
        .fetch_all(&self.t.app.pool)
        .await
        .unwrap();
        for event in events {
            let event: EventRow = serde_json::from_value(event).unwrap();
            jobs::on_order(&self.t.app, &event).await.unwrap();
            jobs::on_order(&self.t.app, &event).await.unwrap();
        }
    }

    pub async fn item(&self, code: &str) -> ItemId {
        let id: Uuid = sqlx::query_scalar("select id from services.item where code = $1")
            .bind(code)
            .fetch_one(&self.t.app.pool)
            .await
            .unwrap();
        id.into()
    }

    /// So much of that, as the list and the rule have it.
    pub async fn line(&self, code: &str, quantity: i32) -> WantedLine {
        let item_id = self.item(code).await;
        WantedLine { item_id, quantity, unit_fen: None, covered: None, said: String::new() }
    }

    pub async fn quote(&self, id: OrderId, who: UserId, lines: Vec<WantedLine>) -> Result<Sheet> {
        let mut tx = self.t.tx(&phone(who)).await;
        let sheet = crate::quote(&mut tx, id, lines).await?;
        tx.commit().await?;
        Ok(sheet)
    }

    pub async fn agree(&self, sheet: &Sheet, seen: i64) -> Result<Sheet> {
        let signature = self.signature(sheet.staff_id).await;
        let mut tx = self.t.tx(&phone(sheet.staff_id)).await;
        let agreed = crate::agree(&mut tx, sheet.id, Fen::new(seen), "王女士", signature).await?;
        tx.commit().await?;
        Ok(agreed)
    }

    /// A whole visit: offered, agreed to, done, charged.
    pub async fn visit(&self, account: AccountId, who: UserId, lines: Vec<WantedLine>) -> Sheet {
        let order = self.order(Some(account), who).await;
        let sheet = self.quote(order, who, lines).await.unwrap();
        self.agree(&sheet, sheet.total_fen.get()).await.unwrap();
        self.finish(order, who).await;
        let mut tx = self.t.tx(&self.office).await;
        crate::sheet(&mut tx, sheet.id).await.unwrap()
    }

    pub async fn signature(&self, who: UserId) -> FileId {
        let file = Uuid::new_v4();
        sqlx::query(
            "insert into files.file
               (id, sha256, size, media_type, name, purpose, created_by, created_at)
             values ($1, sha256($2), 1, 'image/png', 'x', 'signature', $3, $4)",
        )
        .bind(file)
        .bind(file.as_bytes().to_vec())
        .bind(*who)
        .bind(self.t.now())
        .execute(&self.t.app.pool)
        .await
        .unwrap();
        file.into()
    }

    /// What stands in the book, by ledger.
    pub async fn sums(&self) -> BTreeMap<String, i64> {
        let sum = "select ledger, sum(amount_fen)::bigint from ledger.entry group by ledger
                   having sum(amount_fen) <> 0";
        let rows: Vec<(String, i64)> =
            sqlx::query_as(sum).fetch_all(&self.t.app.pool).await.unwrap();
        rows.into_iter().collect()
    }

    pub fn days(&self, days: i64) {
        self.t.advance(TimeDelta::days(days));
    }
}

/// Keys of a repairer.
pub(super) fn phone(id: UserId) -> Actor {
    own_actor(id, &[WORK, may::VIEW, may::HANDLE])
}

async fn unit(t: &TestApp) -> Uuid {
    let mut parent: Option<Uuid> = None;
    for kind in ["community", "building", "unit"] {
        let id: Uuid = t.app.new_id();
        sqlx::query(
            "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
             values ($1, $2, $3, $3, $3, '/hq/east/s1/', 113.3, 40.1)",
        )
        .bind(id)
        .bind(parent)
        .bind(kind)
        .execute(&t.app.pool)
        .await
        .unwrap();
        parent = Some(id);
    }
    parent.unwrap()
}

async fn household(t: &TestApp, unit: Uuid, room: &str, since: &str) -> AccountId {
    let [premise, person, account]: [Uuid; 3] = std::array::from_fn(|_| t.app.new_id());
    sqlx::query(
        "with person as (insert into directory.person (id, name) values ($1, '住户')),
         premise as (
           insert into directory.premise
             (id, unit_id, code, floor, room, address, building_area, heated_area,
              user_class, heating_manner, valve_state, org_path, lng, lat)
           values ($2, $4, $5, 6, $5, '阳光小区3号楼2单元' || $5, 90, 88,
                   'resident', 'radiator', 'open', '/hq/east/s1/', 113.3, 40.1))
         insert into directory.account
           (id, account_no, premise_id, person_id, heat_use_state, org_path, grams, opened_on)
         values ($3, $5, $2, $1, 'using', '/hq/east/s1/', '{}', $6::date)",
    )
    .bind(person)
    .bind(premise)
    .bind(account)
    .bind(unit)
    .bind(room)
    .bind(since)
    .execute(&t.app.pool)
    .await
    .unwrap();
    account.into()
}
