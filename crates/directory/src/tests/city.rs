//! A handful of households to look for.

use crate::account_grams;
use kernel::{AccountId, Actor, Permission, PremiseId};
use testing::TestApp;
use uuid::Uuid;

/// A small city: two communities called 阳光 under two branches, and one called 御河.
pub(crate) struct City {
    pub t: TestApp,
    s1: Network,
    s9: Network,
}

#[derive(Clone, Copy)]
struct Network {
    station: Uuid,
    riser: Uuid,
}

impl City {
    pub async fn new() -> Self {
        let t = TestApp::new().await;
        t.orgs().await;
        let s1 = network(&t, "n1", "/hq/east/s1/").await;
        let s9 = network(&t, "n9", "/hq/west/s9/").await;
        Self { t, s1, s9 }
    }

    /// Somebody with these keys in an organisation.
    pub fn actor(&self, keys: &[Permission], path: &str) -> Actor {
        testing::actor(testing::nobody(), keys, path)
    }

    pub fn station_of_s1(&self) -> Uuid {
        self.s1.station
    }

    /// `door` is `阳光小区/3/2/602`; the station follows from the community.
    pub async fn household(&self, no: &str, name: &str, phones: &[&str], door: &str) -> AccountId {
        let (premise, address, path) = self.room(door).await;
        let person = Uuid::new_v4();
        let id_number = "140202198001011234";
        self.run(
            "insert into directory.person (id, name, id_number) values ($1::uuid, $2, $3)",
            &[&person],
            &[name, id_number],
        )
        .await;
        for phone in phones {
            self.run(
                "insert into directory.phone (person_id, number, label)
                 values ($1::uuid, $2, '本人')",
                &[&person],
                &[phone],
            )
            .await;
        }
        let grams = account_grams(name, &address, path, phones);
        self.account(no, grams, path, premise, person).await
    }

    /// A room that nobody has; its address and station follow from the door.
    async fn room(&self, door: &str) -> (Uuid, String, &'static str) {
        let parts: Vec<&str> = door.split('/').collect();
        let [community, building, unit, room] = parts[..] else { panic!("{door}") };
        let west = community == "阳光花园";
        let (path, riser) =
            if west { ("/hq/west/s9/", self.s9.riser) } else { ("/hq/east/s1/", self.s1.riser) };
        let c = self.place(None, "community", community, community, path).await;
        let code = format!("{community}-{building}");
        let b = self.place(Some(c), "building", &code, &format!("{building}号楼"), path).await;
        let code = format!("{code}-{unit}");
        let u = self.place(Some(b), "unit", &code, &format!("{unit}单元"), path).await;
        let address = format!("{community}{building}号楼{unit}单元{room}");
        let premise = Uuid::new_v4();
        self.run(
            "insert into directory.premise
               (id, unit_id, riser_id, code, floor, room, address, building_area, heated_area,
                user_class, heating_manner, valve_state, org_path, lng, lat)
             values ($1::uuid, $2::uuid, $3::uuid, $4, 6, $5, $6, 98.50, 90.00,
                     'resident', 'radiator', 'open', $7, 113.3, 40.1)",
            &[&premise, &u, &riser],
            &[&format!("{code}-{room}"), room, &address, path],
        )
        .await;
        (premise, address, path)
    }

    /// A room that no account has.
    pub async fn empty_room(&self, door: &str) -> PremiseId {
        self.room(door).await.0.into()
    }

    async fn account(
        &self,
        no: &str,
        grams: Vec<String>,
        path: &str,
        premise: Uuid,
        person: Uuid,
    ) -> AccountId {
        let id: AccountId = self.t.app.new_id();
        sqlx::query(
            "insert into directory.account
               (id, account_no, premise_id, person_id, heat_use_state, tags, org_path, grams,
                opened_on)
             values ($1, $2, $3, $4, 'using', '{key}', $5, $6, '2020-10-15')",
        )
        .bind(*id)
        .bind(no)
        .bind(premise)
        .bind(person)
        .bind(path)
        .bind(grams)
        .execute(&self.t.app.pool)
        .await
        .expect("an account");
        id
    }

    async fn place(&self, up: Option<Uuid>, kind: &str, code: &str, name: &str, p: &str) -> Uuid {
        sqlx::query_scalar(
            "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
             values ($1, $2, $3, $4, $5, $6, 113.3, 40.1)
             on conflict (code) do update set name = excluded.name returning id",
        )
        .bind(Uuid::new_v4())
        .bind(up)
        .bind(kind)
        .bind(code)
        .bind(name)
        .bind(p)
        .fetch_one(&self.t.app.pool)
        .await
        .expect("a place")
    }

    /// A statement whose first parameters are ids and whose other ones are texts.
    pub async fn run(&self, sql: &'static str, ids: &[&Uuid], texts: &[&str]) {
        let mut query = sqlx::query(sql);
        for id in ids {
            query = query.bind(**id);
        }
        for text in texts {
            query = query.bind((*text).to_owned());
        }
        query.execute(&self.t.app.pool).await.expect("the statement runs");
    }
}

async fn network(t: &TestApp, code: &str, path: &str) -> Network {
    let mut up: Option<Uuid> = None;
    let mut made = Vec::new();
    for kind in ["source", "station", "loop", "riser"] {
        let id = Uuid::new_v4();
        sqlx::query(
            "insert into directory.network_node (id, parent_id, kind, code, name, org_path)
             values ($1, $2, $3, $4, $4, $5)",
        )
        .bind(id)
        .bind(up)
        .bind(kind)
        .bind(format!("{code}-{kind}"))
        .bind(path)
        .execute(&t.app.pool)
        .await
        .expect("a node");
        made.push(id);
        up = Some(id);
    }
    Network { station: made[1], riser: made[3] }
}
