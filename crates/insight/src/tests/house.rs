//! Four households, and what happens to them.

use chrono::{DateTime, TimeDelta, Utc};
use kernel::{AccountId, Actor, CallId, MatterId, OrderId, Permission, UserId};
use sqlx::postgres::PgArguments;
use sqlx::query::Query;
use sqlx::{Encode, Postgres, Type};
use testing::{Orgs, TestApp};
use uuid::Uuid;

/// Keys of an agent, as the built-in role has them.
pub(crate) const AGENT: &[Permission] = &[
    crate::permissions::POP,
    directory::permissions::VIEW,
    ledger::permissions::VIEW,
    orders::permissions::VIEW,
    orders::permissions::CREATE,
    telephony::permissions::VIEW,
    telephony::permissions::ANSWER,
    notices::permissions::VIEW,
];

/// `a` and `b` share a unit, `a` and `c` a riser; `west` is under another branch.
pub(crate) struct House {
    pub t: TestApp,
    pub orgs: Orgs,
    pub agent: UserId,
    pub a: AccountId,
    pub b: AccountId,
    pub c: AccountId,
    pub west: AccountId,
    pub station: Uuid,
}

/// What a test says of a call.
pub(crate) struct Call<'a> {
    pub number: &'a str,
    pub account: Option<AccountId>,
    pub state: &'a str,
    pub outcome: Option<&'a str>,
    /// Minutes before now that it arrived, queued, was answered and ended.
    pub ago: [Option<i64>; 4],
    pub agent: bool,
    pub path: &'a str,
}

impl Default for Call<'_> {
    fn default() -> Self {
        Self {
            number: "13812345678",
            account: None,
            state: "ended",
            outcome: Some("answered"),
            ago: [Some(10), Some(9), Some(8), Some(5)],
            agent: true,
            path: "/hq/",
        }
    }
}

impl House {
    pub async fn new() -> Self {
        let t = TestApp::new().await;
        let orgs = t.orgs().await;
        let agent = t.staff("agent", orgs.hq).await;
        seat(&t, agent).await;
        let mut tx = t.app.begin(Actor::system("test")).await.expect("a transaction");
        orders::seed_defaults(&mut tx).await.expect("the catalogue");
        tx.commit().await.expect("the catalogue is kept");
        let (one, two) = units(&t, "阳光小区", "/hq/east/s1/").await;
        let (far, _) = units(&t, "西苑", "/hq/west/s9/").await;
        let (station, riser) = network(&t, "e", "/hq/east/s1/").await;
        let (_, riser_west) = network(&t, "w", "/hq/west/s9/").await;
        let a = household(&t, "a", one, riser, "/hq/east/s1/", "13812345678").await;
        let b = household(&t, "b", one, riser_west, "/hq/east/s1/", "13800000002").await;
        let c = household(&t, "c", two, riser, "/hq/east/s1/", "13800000003").await;
        let west = household(&t, "west", far, riser_west, "/hq/west/s9/", "13800000004").await;
        Self { t, orgs, agent, a, b, c, west, station }
    }

    pub fn agent(&self) -> Actor {
        testing::actor(self.agent, AGENT, "/hq/")
    }

    pub fn before(&self, minutes: i64) -> DateTime<Utc> {
        self.t.now() - TimeDelta::minutes(minutes)
    }

    pub async fn call(&self, call: Call<'_>) -> (CallId, MatterId) {
        let (id, matter): (CallId, MatterId) = (self.t.app.new_id(), self.t.app.new_id());
        let at = |i: usize| call.ago[i].map(|m| self.before(m));
        let insert = sqlx::query(
            "insert into telephony.call (id, matter_id, direction, peer_number, service_number,
               account_id, state, outcome, agent_id, arrived_at, queued_at, answered_at, ended_at,
               org_path)
             values ($1, $2, 'in', $3, '95000', $4, $5, $6, $7, $8, $9, $10, $11, $12)",
        )
        .bind(*id)
        .bind(*matter)
        .bind(call.number.to_owned())
        .bind(call.account.map(|a| *a))
        .bind(call.state.to_owned())
        .bind(call.outcome.map(str::to_owned))
        .bind(call.agent.then_some(*self.agent));
        let insert = insert.bind(at(0)).bind(at(1)).bind(at(2)).bind(at(3));
        self.run(insert.bind(call.path.to_owned())).await;
        let arrived = "insert into kernel.event
                         (kind, subject, subject_id, matter_id, payload, actor_name, channel, at)
                       values ('telephony.call_arrived', 'call', $1, $2, '{}', 'x', 'phone', $3)";
        self.run(sqlx::query(arrived).bind(*id).bind(*matter).bind(self.t.now())).await;
        (id, matter)
    }

    /// Files an order for a household as the agent does.
    pub async fn order(&self, account: AccountId, call: Option<CallId>) -> OrderId {
        let new = serde_json::json!({
            "kind": "repair", "urgency": 1, "account_id": *account, "contact_name": "王",
            "contact_phone": "13812345678", "channel": "phone", "call_id": call.map(|c| *c),
        });
        let mut tx = self.t.tx(&self.agent()).await;
        let new = serde_json::from_value(new).expect("an order");
        let order = orders::create(&mut tx, new).await.expect("an order is filed");
        tx.commit().await.expect("an order is kept");
        order.id
    }

    /// Changes an order past the rules of its room, to arrange a moment.
    pub async fn set(&self, order: OrderId, what: &'static str, at: DateTime<Utc>) {
        self.run(sqlx::query(what).bind(*order).bind(at)).await;
    }

    pub async fn run(&self, query: Query<'_, Postgres, PgArguments>) {
        query.execute(&self.t.app.pool).await.expect("the statement runs");
    }
}

async fn seat(t: &TestApp, agent: UserId) {
    run(
        t,
        "insert into telephony.agent (staff_id, endpoint, state, since, idle_since, org_path)
         values ($1, 'a1', 'idle', $2, $2, '/hq/')",
        *agent,
        t.now(),
    )
    .await;
}

async fn run<'q, T>(t: &TestApp, sql: &'static str, id: Uuid, other: T)
where
    T: Encode<'q, Postgres> + Type<Postgres> + Send + 'q,
{
    let query = sqlx::query(sql).bind(id).bind(other);
    query.execute(&t.app.pool).await.expect("the statement runs");
}

async fn units(t: &TestApp, name: &str, path: &str) -> (Uuid, Uuid) {
    let place = async |up: Option<Uuid>, kind: &str, name: String| {
        let id = Uuid::new_v4();
        sqlx::query(
            "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
             values ($1, $2, $3, $4, $4, $5, 113.3, 40.1)",
        )
        .bind(id)
        .bind(up)
        .bind(kind.to_owned())
        .bind(name)
        .bind(path.to_owned())
        .execute(&t.app.pool)
        .await
        .expect("a place");
        id
    };
    let community = place(None, "community", name.to_owned()).await;
    let building = place(Some(community), "building", format!("{name}3号楼")).await;
    let one = place(Some(building), "unit", format!("{name}3号楼1单元")).await;
    let two = place(Some(building), "unit", format!("{name}3号楼2单元")).await;
    (one, two)
}

async fn network(t: &TestApp, mark: &str, path: &str) -> (Uuid, Uuid) {
    let mut made: Vec<Uuid> = Vec::new();
    for kind in ["source", "station", "loop", "riser"] {
        let id = Uuid::new_v4();
        sqlx::query(
            "insert into directory.network_node (id, parent_id, kind, code, name, org_path)
             values ($1, $2, $3, $4, $4, $5)",
        )
        .bind(id)
        .bind(made.last())
        .bind(kind)
        .bind(format!("{mark}-{kind}"))
        .bind(path)
        .execute(&t.app.pool)
        .await
        .expect("a node");
        made.push(id);
    }
    (made[1], made[3])
}

async fn household(
    t: &TestApp,
    no: &str,
    unit: Uuid,
    riser: Uuid,
    path: &str,
    phone: &str,
) -> AccountId {
    let id: AccountId = t.app.new_id();
    sqlx::query(
        "with premise as (
           insert into directory.premise
             (id, unit_id, riser_id, code, floor, room, address, building_area, heated_area,
              user_class, heating_manner, valve_state, org_path, lng, lat)
           values ($1, $2, $3, $4, 1, $4, $4, 90, 90, 'resident', 'floor', 'open', $5,
                   113.3, 40.1)),
         person as (insert into directory.person (id, name) values ($1, $4)),
         phone as (insert into directory.phone (person_id, number) values ($1, $6))
         insert into directory.account
           (id, account_no, premise_id, person_id, heat_use_state, org_path, grams, opened_on)
         values ($1, $4, $1, $1, 'using', $5, '{}', '2020-10-15')",
    )
    .bind(*id)
    .bind(unit)
    .bind(riser)
    .bind(no)
    .bind(path)
    .bind(phone)
    .execute(&t.app.pool)
    .await
    .expect("a household");
    id
}
