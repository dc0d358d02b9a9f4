//! Behaviour over HTTP on a real database.

mod stopping;

use crate::{on_order_dispatched, on_order_finished};
use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use chrono::TimeDelta;
use http_body_util::BodyExt as _;
use kernel::{Actor, EventRow, OrderId, UserId};
use orders::permissions as may;
use orders::{DispatchTo, FieldStep, Manner, NewOrder, Origin, Urgency};
use serde_json::Value;
use testing::{Orgs, TestApp, actor, nobody, own_actor};
use tower::ServiceExt as _;
use uuid::Uuid;

struct House {
    t: TestApp,
    orgs: Orgs,
    server: Router,
}

impl House {
    async fn new() -> Self {
        let t = TestApp::new().await;
        let orgs = t.orgs().await;
        let mut tx = t.tx(&Actor::system("seed")).await;
        orders::seed_defaults(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let idempotent = kernel::command::idempotent;
        let idempotent = axum::middleware::from_fn_with_state(t.app.clone(), idempotent);
        let (routes, _) = crate::router(files::Files::in_memory()).split_for_parts();
        let server = routes.layer(idempotent).with_state(t.app.clone());
        Self { t, orgs, server }
    }

    async fn order(&self) -> OrderId {
        let mut tx = self.t.tx(&actor(nobody(), &[may::CREATE, may::VIEW], "/hq/")).await;
        let new = NewOrder {
            kind: "repair".into(),
            symptom: Some("no_heat".into()),
            urgency: Urgency::ORDINARY,
            account_id: None,
            address: Some("阳光小区3号楼2单元602".into()),
            contact_name: "王女士".into(),
            contact_phone: "13812345678".into(),
            description: "卧室不热，密码锁 2580".into(),
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
        id
    }

    async fn give(&self, id: OrderId, to: UserId) {
        let mut tx = self.t.tx(&actor(nobody(), &[may::DISPATCH], "/hq/")).await;
        let (reason, manner) = ("r".to_owned(), Manner::Proposed);
        let to = DispatchTo { staff_id: to, reason, ranking: None, manner };
        orders::dispatch_to(&mut tx, id, to).await.unwrap();
        tx.commit().await.unwrap();
    }

    async fn work_through(&self, id: OrderId, who: UserId) {
        let finish = FieldStep::Finish {
            cause: "air_lock".into(),
            note: String::new(),
            evidence_complete: true,
        };
        let arrive = FieldStep::Arrive { point: None, accuracy_m: None };
        for step in [FieldStep::Accept, FieldStep::SetOut, arrive, finish] {
            self.t.advance(TimeDelta::minutes(1));
            let mut tx = self.t.tx(&own_actor(who, &[may::HANDLE])).await;
            let now = self.t.now();
            orders::advance(&mut tx, id, step, now).await.unwrap();
            tx.commit().await.unwrap();
        }
    }

    async fn link(&self, id: OrderId) -> String {
        let mut tx = self.t.tx(&Actor::system("test")).await;
        let token = channels::link::sign(&mut tx, *id).await.unwrap();
        tx.commit().await.unwrap();
        token
    }

    async fn get(&self, token: &str) -> (StatusCode, Value) {
        self.ask(Method::GET, &format!("/api/portal/p/{token}"), Uuid::new_v4(), Body::empty())
            .await
    }

    async fn chase(&self, token: &str, key: Uuid, body: &str) -> (StatusCode, Value) {
        let uri = format!("/api/portal/p/{token}/chase");
        self.ask(Method::POST, &uri, key, Body::from(body.to_owned())).await
    }

    async fn ask(&self, method: Method, uri: &str, key: Uuid, body: Body) -> (StatusCode, Value) {
        let request = Request::builder()
            .method(method)
            .uri(uri)
            .header("content-type", "application/json")
            .header("idempotency-key", key.to_string())
            .body(body)
            .unwrap();
        let answer = self.server.clone().oneshot(request).await.unwrap();
        let status = answer.status();
        let bytes = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    async fn events(&self, kind: &str) -> Vec<EventRow> {
        let rows = sqlx::query_as!(
            EventRow,
            r#"select id, kind, subject, subject_id, matter_id as "matter_id: _", org_path,
                      actor_id, actor_name, channel, at, payload
               from kernel.event where kind = $1 order by id"#,
            kind,
        );
        rows.fetch_all(&self.t.app.pool).await.unwrap()
    }

    async fn messages(&self) -> Vec<(String, String)> {
        sqlx::query_as("select receiver, body from channels.message order by made_at, id")
            .fetch_all(&self.t.app.pool)
            .await
            .unwrap()
    }
}

/// accepts WO-40: the customer follows his order by the link, and sees nobody's secrets
#[tokio::test]
async fn the_link_shows_how_the_order_stands_masked() {
    let h = House::new().await;
    let who = h.t.staff("li", h.orgs.s1).await;
    let id = h.order().await;
    let token = h.link(id).await;
    let (status, page) = h.get(&token).await;
    assert_eq!((status, page["state"].as_str()), (StatusCode::OK, Some("filed")));
    assert!(page["repairer"].is_null());
    h.t.advance(TimeDelta::minutes(1));
    h.give(id, who).await;
    let (_, page) = h.get(&token).await;
    assert_eq!(page["repairer"]["name"], "li");
    assert_eq!(page["repairer"]["phone_masked"], "139****0001");
    assert_eq!(page["address_masked"], "阳光小区3号楼2单元***");
    let steps = page["steps"].as_array().unwrap();
    let done: Vec<_> =
        steps.iter().map(|s| (s["key"].as_str().unwrap(), !s["at"].is_null())).collect();
    assert_eq!(done[..3], [("filed", true), ("dispatched", true), ("accepted", false)]);
    let text = page.to_string();
    for secret in ["13812345678", "13900000001", "602", "王女士", "2580"] {
        assert!(!text.contains(secret), "{secret} in {text}");
    }
    h.work_through(id, who).await;
    let (_, page) = h.get(&token).await;
    assert_eq!(
        (page["state"].as_str(), page["can_chase"].as_bool()),
        (Some("revisit"), Some(false))
    );
}

/// accepts WO-40: forged, foreign, expired: a page that does not exist
#[tokio::test]
async fn a_link_that_is_none_opens_nothing() {
    let h = House::new().await;
    let id = h.order().await;
    let token = h.link(id).await;
    let last = if token.ends_with('A') { "B" } else { "A" };
    let forged = [
        format!("{}{last}", &token[..token.len() - 1]),
        id.to_string(),
        "x".repeat(4_000),
        "%00%ff".to_owned(),
        "..%2f..%2fme".to_owned(),
        h.link(Uuid::nil().into()).await,
    ];
    for token in &forged {
        assert_eq!(h.get(token).await.0, StatusCode::NOT_FOUND, "{token}");
        assert_eq!(h.chase(token, Uuid::new_v4(), "{}").await.0, StatusCode::NOT_FOUND, "{token}");
    }
    h.t.advance(channels::link::LIFE);
    assert_eq!(h.get(&token).await.0, StatusCode::NOT_FOUND);
}

/// accepts WO-40 WO-31: pressing counts once however nervous the thumb
#[tokio::test]
async fn a_customer_presses_for_his_order() {
    let h = House::new().await;
    let token = h.link(h.order().await).await;
    let key = Uuid::new_v4();
    let note = r#"{"note":"还是不热"}"#;
    let (status, page) = h.chase(&token, key, note).await;
    assert_eq!((status, page["can_chase"].as_bool()), (StatusCode::OK, Some(false)));
    let (status, again) = h.chase(&token, key, note).await;
    assert_eq!((status, again), (StatusCode::OK, page), "the same command answers the same");
    let (status, refused) = h.chase(&token, Uuid::new_v4(), "{}").await;
    assert_eq!((status.as_u16(), refused["code"].as_str()), (422, Some("portal.chased_already")));
    let chased = h.events("order.chased").await;
    assert_eq!((chased.len(), chased[0].channel.as_str()), (1, "portal"));
    assert_eq!(chased[0].payload["note"], "还是不热");
    h.t.advance(TimeDelta::minutes(11));
    let (a, b) =
        tokio::join!(h.chase(&token, Uuid::new_v4(), "{}"), h.chase(&token, Uuid::new_v4(), "{}"));
    assert_ne!(a.0, b.0, "two at once: one counts");
    assert_eq!(h.events("order.chased").await.len(), 2);
}

#[tokio::test]
async fn bad_words_are_refused() {
    let h = House::new().await;
    let token = h.link(h.order().await).await;
    let long = format!(r#"{{"note":"{}"}}"#, "长".repeat(501));
    for body in ["", "1", r#"{"note":1}"#, r#"{"order_id":"x"}"#, &long] {
        assert_eq!(h.chase(&token, Uuid::new_v4(), body).await.0.as_u16(), 422, "{body}");
    }
    assert!(h.events("order.chased").await.is_empty());
}

#[tokio::test]
async fn a_page_in_a_loop_is_braked() {
    let h = House::new().await;
    let (a, b) = (h.link(h.order().await).await, h.link(h.order().await).await);
    for _ in 0..60 {
        assert_eq!(h.get(&a).await.0, StatusCode::OK);
    }
    assert_eq!(h.get(&a).await.0, StatusCode::TOO_MANY_REQUESTS);
    assert_eq!(h.get(&b).await.0, StatusCode::OK);
    h.t.advance(TimeDelta::minutes(1));
    assert_eq!(h.get(&a).await.0, StatusCode::OK);
}

/// accepts WO-41: who comes, with which badge and number, when, and the link; once
#[tokio::test]
async fn the_customer_is_told_who_comes() {
    let h = House::new().await;
    let (li, wu) = (h.t.staff("li", h.orgs.s1).await, h.t.staff("wu", h.orgs.s1).await);
    let id = h.order().await;
    h.give(id, li).await;
    h.give(id, wu).await;
    let events = h.events("order.dispatched").await;
    for event in events.iter().chain(&events) {
        on_order_dispatched(&h.t.app, event, "https://nuan.example/").await.unwrap();
    }
    let sent = h.messages().await;
    assert_eq!(sent.len(), 1, "{sent:?}");
    let (receiver, body) = &sent[0];
    assert_eq!(receiver, "13812345678");
    assert!(body.contains("wu") && body.contains("13900000001"), "{body}");
    let token = body.split("https://nuan.example/p/").nth(1).unwrap();
    assert_eq!(h.get(token).await.0, StatusCode::OK);
    h.work_through(id, wu).await;
    let finished = h.events("order.finished").await.remove(0);
    for _ in 0..2 {
        on_order_finished(&h.t.app, &finished, "https://nuan.example").await.unwrap();
    }
    assert_eq!(h.messages().await.len(), 2);
}
