//! Behaviour on a real database.

use crate::permissions::{VIEW, WORK};
use crate::{Arrival, EvidenceKind, Finish, NewEvidence, NewTemperature, Room, Task};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{Actor, OrderId, Point, Result, UserId};
use orders::permissions as may;
use orders::{DispatchTo, Manner, NewOrder, Origin, State, Urgency};
use testing::{Orgs, TestApp, actor, nobody, own_actor};
use uuid::Uuid;

mod evidence;
mod meters;
mod steps;

struct House {
    t: TestApp,
    orgs: Orgs,
}

impl House {
    async fn new() -> Self {
        let t = TestApp::new().await;
        let orgs = t.orgs().await;
        let mut tx = t.tx(&Actor::system("seed")).await;
        orders::seed_defaults(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        Self { t, orgs }
    }

    /// A cold home in the first station, given to this repairer.
    async fn order_for(&self, who: UserId) -> OrderId {
        let mut tx = self.t.tx(&actor(nobody(), &[may::CREATE, may::VIEW], "/hq/")).await;
        let new = NewOrder {
            kind: "repair".into(),
            symptom: Some("no_heat".into()),
            urgency: Urgency::ORDINARY,
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
        let id = orders::create(&mut tx, new).await.unwrap().id;
        tx.commit().await.unwrap();
        sqlx::query("update orders.work_order set lng = 113.3, lat = 40.1 where id = $1")
            .bind(*id)
            .execute(&self.t.app.pool)
            .await
            .unwrap();
        self.give(id, who, "").await;
        id
    }

    async fn give(&self, id: OrderId, to: UserId, reason: &str) {
        let mut tx = self.t.tx(&actor(nobody(), &[may::DISPATCH], "/hq/")).await;
        let to = DispatchTo {
            staff_id: to,
            reason: reason.into(),
            ranking: None,
            manner: Manner::Proposed,
        };
        orders::dispatch_to(&mut tx, id, to).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn accept(&self, id: OrderId, who: UserId, at: DateTime<Utc>) -> Result<Task> {
        let mut tx = self.t.tx(&phone(who)).await;
        let task = crate::accept(&mut tx, id, at).await?;
        tx.commit().await?;
        Ok(task)
    }

    async fn set_out(&self, id: OrderId, who: UserId, at: DateTime<Utc>) -> Result<Task> {
        let mut tx = self.t.tx(&phone(who)).await;
        let task = crate::set_out(&mut tx, id, at).await?;
        tx.commit().await?;
        Ok(task)
    }

    async fn arrive(&self, id: OrderId, who: UserId, arrival: Arrival) -> Result<Task> {
        let mut tx = self.t.tx(&phone(who)).await;
        let task = crate::arrive(&mut tx, id, arrival).await?;
        tx.commit().await?;
        Ok(task)
    }

    async fn finish(&self, id: OrderId, who: UserId, cause: Option<&str>) -> Result<Task> {
        let mut tx = self.t.tx(&phone(who)).await;
        let (cause, at) = (cause.map(str::to_owned), self.t.now());
        let done = Finish { at, cause, note: "放气后恢复".into() };
        let task = crate::finish(&mut tx, id, done).await?;
        tx.commit().await?;
        Ok(task)
    }

    async fn give_back(&self, id: OrderId, who: UserId) -> Result<()> {
        let mut tx = self.t.tx(&phone(who)).await;
        crate::give_back(&mut tx, id, "缺配件").await?;
        tx.commit().await
    }

    async fn hand_in(&self, id: OrderId, who: UserId, new: NewEvidence) -> Result<()> {
        let mut tx = self.t.tx(&phone(who)).await;
        crate::add_evidence(&mut tx, id, new).await?;
        tx.commit().await
    }

    async fn measure(&self, id: OrderId, who: UserId, decidegrees: i32) -> Result<()> {
        let mut tx = self.t.tx(&phone(who)).await;
        let (room, taken_at) = (Room::Living, self.t.now());
        let new = NewTemperature { id: Uuid::new_v4(), room, decidegrees, taken_at };
        crate::add_temperature(&mut tx, id, new).await?;
        tx.commit().await
    }

    /// A file that this person uploaded, handed in as that.
    async fn piece(&self, who: UserId, kind: EvidenceKind, media_type: &str) -> NewEvidence {
        let file = Uuid::new_v4();
        sqlx::query(
            "insert into files.file
               (id, sha256, size, media_type, name, purpose, created_by, created_at)
             values ($1, sha256($2), 1, $3, 'x', 'photo', $4, $5)",
        )
        .bind(file)
        .bind(file.as_bytes().to_vec())
        .bind(media_type)
        .bind(*who)
        .bind(self.t.now())
        .execute(&self.t.app.pool)
        .await
        .unwrap();
        let (file_id, taken_at) = (file.into(), self.t.now());
        NewEvidence { id: Uuid::new_v4(), kind, file_id, taken_at, point: None }
    }

    async fn hand_in_all(&self, id: OrderId, who: UserId) {
        use EvidenceKind::*;
        for kind in [PhotoBefore, PhotoAfter, Signature] {
            let piece = self.piece(who, kind, "image/jpeg").await;
            self.hand_in(id, who, piece).await.unwrap();
        }
        self.measure(id, who, 215).await.unwrap();
    }

    async fn told(&self, kind: &str) -> i64 {
        sqlx::query_scalar("select count(*) from kernel.event where kind = $1")
            .bind(kind)
            .fetch_one(&self.t.app.pool)
            .await
            .unwrap()
    }

    fn at_the_door(&self) -> Arrival {
        let point = Some(Point { lng: 113.3001, lat: 40.1 });
        Arrival { at: self.t.now(), point, accuracy_m: Some(12.0) }
    }
}

fn phone(id: UserId) -> Actor {
    own_actor(id, &[WORK, may::VIEW, may::HANDLE])
}

fn desk() -> Actor {
    actor(nobody(), &[VIEW, may::VIEW], "/hq/east/")
}

fn code<T>(result: Result<T>) -> String {
    result.err().map(|e| e.problem().code).unwrap_or_default()
}
