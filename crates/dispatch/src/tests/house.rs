//! A house with repairers, and orders to give.

use crate::permissions::{ASSIGN, CONFIGURE, VIEW, WORK};
use chrono::TimeDelta;
use kernel::{Actor, EventRow, OrderId, OrgId, UserId};
use orders::permissions as may;
use orders::{NewOrder, Origin, Urgency};
use testing::{Orgs, TestApp, actor, nobody, own_actor};

pub struct House {
    pub t: TestApp,
    pub orgs: Orgs,
}

impl House {
    pub async fn new() -> Self {
        let t = TestApp::new().await;
        let orgs = t.orgs().await;
        let mut tx = t.tx(&Actor::system("seed")).await;
        orders::seed_defaults(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        Self { t, orgs }
    }

    /// On shift, skilled, heard just now, at this longitude.
    pub async fn repairer(&self, login: &str, org: OrgId, lng: f64) -> UserId {
        let id = self.t.staff(login, org).await;
        let mut tx = self.t.tx(&Self::phone(id)).await;
        crate::shift(&mut tx, true).await.unwrap();
        tx.commit().await.unwrap();
        sqlx::query(
            "update dispatch.worker
             set skills = '{repair}', lng = $2, lat = 40.1, accuracy_m = 10, position_at = $3
             where staff_id = $1",
        )
        .bind(*id)
        .bind(lng)
        .bind(self.t.now())
        .execute(&self.t.app.pool)
        .await
        .unwrap();
        id
    }

    /// A repair in the first station.
    pub async fn order(&self) -> OrderId {
        let desk = actor(nobody(), &[may::CREATE, may::VIEW], "/hq/");
        let mut tx = self.t.tx(&desk).await;
        let new = NewOrder {
            kind: "repair".into(),
            symptom: Some("no_heat".into()),
            urgency: Urgency::URGENT,
            account_id: None,
            address: Some("阳光小区3号楼2单元602".into()),
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
        let order = orders::create(&mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        sqlx::query("update orders.work_order set lng = 113.3, lat = 40.1 where id = $1")
            .bind(*order.id)
            .execute(&self.t.app.pool)
            .await
            .unwrap();
        order.id
    }

    pub async fn automatic(&self, on: bool) {
        let chief = actor(nobody(), &[CONFIGURE], "/hq/east/");
        let mut tx = self.t.tx(&chief).await;
        crate::set_setting(&mut tx, None, on).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Everybody's phone is heard again after the clock moved.
    pub async fn advance(&self, by: TimeDelta) {
        self.t.advance(by);
        sqlx::query("update dispatch.worker set seen_at = $1, position_at = $1")
            .bind(self.t.now())
            .execute(&self.t.app.pool)
            .await
            .unwrap();
    }

    pub async fn held_by(&self, id: OrderId) -> (String, Option<UserId>) {
        sqlx::query_as::<_, (String, Option<UserId>)>(
            "select state, assignee_id from orders.work_order where id = $1",
        )
        .bind(*id)
        .fetch_one(&self.t.app.pool)
        .await
        .unwrap()
    }

    /// All events of a kind, whether settled for readers or not yet.
    pub async fn events(&self, kind: &str) -> Vec<EventRow> {
        let rows = sqlx::query_as!(
            EventRow,
            r#"select id, kind, subject, subject_id, matter_id as "matter_id: _", org_path,
                      actor_id, actor_name, channel, at, payload
               from kernel.event where kind = $1 order by id"#,
            kind,
        );
        rows.fetch_all(&self.t.app.pool).await.unwrap()
    }

    pub fn dispatcher() -> Actor {
        let keys = [VIEW, ASSIGN, may::VIEW, may::DISPATCH];
        actor(nobody(), &keys, "/hq/east/")
    }

    pub fn phone(id: UserId) -> Actor {
        own_actor(id, &[WORK, may::VIEW, may::HANDLE])
    }
}
