//! What the tests live in: two neighbours of one unit in the east, one household in the west,
//! people of each sort, and the default kinds.

use crate::{
    DispatchTo, FieldStep, Manner, NewOrder, Order, Origin, Urgency, permissions as may, service,
};
use chrono::{DateTime, Utc};
use kernel::{AccountId, Actor, CallId, Error, OrderId, Point, Result, UserId};
use serde_json::Value;
use testing::{Orgs, TestApp, actor, own_actor};
use uuid::Uuid;

pub(super) struct House {
    pub t: TestApp,
    pub orgs: Orgs,
    /// Households: two in one unit of the first eastern station, one in the west.
    pub wang: AccountId,
    pub li: AccountId,
    pub zhao: AccountId,
    /// Everything but field work, everywhere.
    pub agent: Actor,
    /// Two repairers, who see and handle what is theirs.
    pub zhang: Actor,
    pub chen: Actor,
}

/// What an agent writes down for `account`.
pub(super) fn repair(account: AccountId) -> NewOrder {
    NewOrder {
        kind: "repair".to_owned(),
        symptom: Some("no_heat".to_owned()),
        urgency: Urgency::URGENT,
        account_id: Some(account),
        address: None,
        contact_name: "王秀英".to_owned(),
        contact_phone: "138-0013-5678".to_owned(),
        description: "三天不热".to_owned(),
        channel: Origin::Phone,
        call_id: None,
        appointment_from: None,
        appointment_to: None,
        org_id: None,
        finish_due: None,
        answer: None,
    }
}

/// The first repairer of a ranking, taken by a person.
pub(super) fn to(who: &Actor) -> DispatchTo {
    let staff_id = who.user.unwrap();
    DispatchTo { staff_id, reason: String::new(), ranking: None, manner: Manner::Proposed }
}

pub(super) fn arrive() -> FieldStep {
    FieldStep::Arrive { point: Some(Point { lng: 113.3, lat: 40.1 }), accuracy_m: Some(12.0) }
}

pub(super) fn finish(evidence_complete: bool) -> FieldStep {
    let (cause, note) = ("air_lock".to_owned(), "已排气".to_owned());
    FieldStep::Finish { cause, note, evidence_complete }
}

/// The stable name of a refusal.
pub(super) fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().problem().code
}

impl House {
    pub async fn new() -> Self {
        let t = TestApp::new().await;
        let orgs = t.orgs().await;
        let office = t.staff("zhou", orgs.hq).await;
        let (zhang, chen) = (t.staff("zhang", orgs.s1).await, t.staff("chen", orgs.s1).await);
        let unit = place_unit(&t, "east", "/hq/east/s1/").await;
        let far = place_unit(&t, "west", "/hq/west/s9/").await;
        let wang = household(&t, unit, "601", "/hq/east/s1/").await;
        let li = household(&t, unit, "602", "/hq/east/s1/").await;
        let zhao = household(&t, far, "101", "/hq/west/s9/").await;
        let keys: Vec<_> = may::ALL.iter().copied().filter(|p| *p != may::HANDLE).collect();
        let own = |user: UserId| own_actor(user, &[may::VIEW, may::HANDLE]);
        let house = Self {
            agent: actor(office, &keys, "/hq/"),
            zhang: own(zhang),
            chen: own(chen),
            t,
            orgs,
            wang,
            li,
            zhao,
        };
        let mut tx = house.t.tx(&Actor::system("seed")).await;
        crate::seed_defaults(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        house
    }

    /// Somebody at a desk with these keys in `path`.
    pub async fn desk(&self, keys: &[kernel::Permission], path: &str) -> Actor {
        let login = Uuid::new_v4().to_string();
        actor(self.t.staff(&login, self.orgs.s1).await, keys, path)
    }

    pub async fn create(&self, by: &Actor, new: NewOrder) -> Result<Order> {
        let mut tx = self.t.tx(by).await;
        let order = service::create(&mut tx, new).await?;
        tx.commit().await?;
        Ok(order)
    }

    /// A filed repair of the first household.
    pub async fn filed(&self) -> Order {
        self.create(&self.agent, repair(self.wang)).await.unwrap()
    }

    pub async fn dispatch(&self, by: &Actor, id: OrderId, to: DispatchTo) -> Result<Order> {
        let mut tx = self.t.tx(by).await;
        let order = service::dispatch_to(&mut tx, id, to).await?;
        tx.commit().await?;
        Ok(order)
    }

    /// A repair that Zhang has.
    pub async fn dispatched(&self) -> Order {
        let order = self.filed().await;
        self.dispatch(&self.agent, order.id, to(&self.zhang)).await.unwrap()
    }

    /// A step made now.
    pub async fn step(&self, by: &Actor, id: OrderId, step: FieldStep) -> Result<Order> {
        self.step_at(by, id, step, self.t.now()).await
    }

    pub async fn step_at(
        &self,
        by: &Actor,
        id: OrderId,
        step: FieldStep,
        at: DateTime<Utc>,
    ) -> Result<Order> {
        let mut tx = self.t.tx(by).await;
        let order = service::advance(&mut tx, id, step, at).await?;
        tx.commit().await?;
        Ok(order)
    }

    /// Zhang works through it to the end.
    pub async fn work(&self, id: OrderId, evidence_complete: bool) -> Order {
        for step in [FieldStep::Accept, FieldStep::SetOut, arrive()] {
            self.step(&self.zhang, id, step).await.unwrap();
        }
        self.step(&self.zhang, id, finish(evidence_complete)).await.unwrap()
    }

    pub async fn get(&self, by: &Actor, id: OrderId) -> Result<Order> {
        service::get(&mut self.t.tx(by).await, id).await
    }

    /// Kind and payload of what was told of the order, oldest first.
    pub async fn told(&self, id: OrderId) -> Vec<(String, Value)> {
        sqlx::query_as("select kind, payload from kernel.event where subject_id = $1 order by id")
            .bind(*id)
            .fetch_all(&self.t.app.pool)
            .await
            .unwrap()
    }

    pub async fn kinds_told(&self, id: OrderId) -> Vec<String> {
        self.told(id).await.into_iter().map(|(kind, _)| kind).collect()
    }

    /// The payload of the last event of that kind.
    pub async fn last(&self, id: OrderId, kind: &str) -> Value {
        let told = self.told(id).await;
        told.into_iter().rfind(|(k, _)| k == kind).map(|(_, payload)| payload).unwrap()
    }

    /// A call that is known to history, as the telephone tells of it.
    pub async fn call(&self) -> (CallId, kernel::MatterId) {
        let (call, matter) = (self.t.app.new_id(), self.t.app.new_id());
        let mut tx = self.t.tx(&Actor::system("telephone")).await;
        tx.emit(&Rang { call, matter }).unwrap();
        tx.commit().await.unwrap();
        (call, matter)
    }
}

#[derive(serde::Serialize)]
struct Rang {
    call: CallId,
    matter: kernel::MatterId,
}

impl kernel::Event for Rang {
    fn kind(&self) -> &'static str {
        "telephony.call_arrived"
    }
    fn subject(&self) -> kernel::Subject {
        kernel::Subject { kind: "call", id: *self.call }
    }
    fn matter(&self) -> Option<kernel::MatterId> {
        Some(self.matter)
    }
}

/// A community with one building and one unit; gives the unit.
async fn place_unit(t: &TestApp, code: &str, org_path: &str) -> Uuid {
    let mut parent: Option<Uuid> = None;
    for (kind, name) in [("community", "阳光小区"), ("building", "3号楼"), ("unit", "2单元")]
    {
        let id: Uuid = t.app.new_id();
        sqlx::query(
            "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
             values ($1, $2, $3, $4, $5, $6, 113.3, 40.1)",
        )
        .bind(id)
        .bind(parent)
        .bind(kind)
        .bind(format!("{code}-{kind}"))
        .bind(name)
        .bind(org_path)
        .execute(&t.app.pool)
        .await
        .unwrap();
        parent = Some(id);
    }
    parent.unwrap()
}

async fn household(t: &TestApp, unit: Uuid, room: &str, org_path: &str) -> AccountId {
    let [riser, premise, person, account]: [Uuid; 4] = std::array::from_fn(|_| t.app.new_id());
    sqlx::query(
        "with riser as (
           insert into directory.network_node (id, kind, code, name, org_path)
           values ($1, 'riser', $5 || '-riser', '立管', $6)
           on conflict (code) do update set name = '立管' returning id),
         person as (
           insert into directory.person (id, name) values ($3, '住户')),
         premise as (
           insert into directory.premise
             (id, unit_id, riser_id, code, floor, room, address, building_area, heated_area,
              user_class, heating_manner, valve_state, org_path, lng, lat)
           select $2, $7, riser.id, $5 || $8, 6, $8, '阳光小区3号楼2单元' || $8, 90, 88,
                  'resident', 'radiator', 'open', $6, 113.3, 40.1 from riser)
         insert into directory.account
           (id, account_no, premise_id, person_id, heat_use_state, org_path, grams, opened_on)
         values ($4, $5 || $8, $2, $3, 'using', $6, '{}', date '2020-10-01')",
    )
    .bind(riser)
    .bind(premise)
    .bind(person)
    .bind(account)
    .bind(unit.to_string())
    .bind(org_path)
    .bind(unit)
    .bind(room)
    .execute(&t.app.pool)
    .await
    .unwrap();
    account.into()
}

/// The field that an input was refused for.
pub(super) fn field<T: std::fmt::Debug>(result: Result<T>) -> String {
    match result.unwrap_err() {
        Error::Invalid(faults) => faults[0].field.clone(),
        other => panic!("not a wrong field: {other}"),
    }
}
