//! A house for a test, and requests to it.

use axum::Router;
use axum::body::Body;
use axum::http::{Method, Request, StatusCode, header};
use files::Files;
use http_body_util::BodyExt as _;
use identity::session::{COOKIE, Gate};
use kernel::{Actor, OrgId, UserId};
use serde_json::Value;
use server::demo::Callers;
use server::house::OrderNumbers;
use server::relay::Hub;
use server::router::{Parts, house};
use std::path::Path;
use std::sync::Arc;
use telephony::{Engine, Telephone};
use testing::TestApp;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;
use uuid::Uuid;

/// Password of everybody in these tests.
pub const PASSWORD: &str = "Nuanxian-2026";

/// A house with a simulated switch over a database of its own.
pub struct TestHouse {
    pub t: TestApp,
    pub router: Router,
    pub orgs: testing::Orgs,
}

impl TestHouse {
    pub async fn new() -> Self {
        let t = TestApp::new().await;
        let orgs = t.orgs().await;
        let mut tx = t.tx(&Actor::system("test")).await;
        identity::ensure_builtin_roles(&mut tx).await.unwrap();
        orders::seed_defaults(&mut tx).await.unwrap();
        telephony::seed_defaults(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let files = Files::in_memory();
        let clock = t.app.clock.clone();
        let (switch, _events) = switch::Simulator::new(move || clock.now());
        let engine = Engine::new(t.app.clone(), Arc::new(switch), files.clone());
        let parts = Parts {
            door: identity::Door {
                gate: Gate::new(t.app.clone(), Default::default()),
                permissions: &server::permissions::ALL,
                secure_cookie: false,
            },
            files: files.clone(),
            signer: Arc::new(ledger::Signer::new(&[0; 32])),
            hub: Hub::new(CancellationToken::new()),
            callers: Callers::closed(),
            telephone: Telephone {
                engine: Some(engine),
                files,
                numbers: Arc::new(OrderNumbers),
                sip_url: Some("ws://127.0.0.1:1/ws".to_owned()),
                realm: String::new(),
            },
        };
        let router = house(&t.app, &parts, Path::new("no-web-here"));
        Self { t, router, orgs }
    }

    /// Somebody with these roles in that organisation, signed in: his cookie.
    pub async fn signed_in(&self, login: &str, org: OrgId, roles: &[&str]) -> String {
        let id = self.hire(login, org, roles).await;
        let body = serde_json::json!({"login": login, "password": PASSWORD, "app": "desk"});
        let request = Request::post("/api/identity/sign-in")
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(body.to_string()))
            .unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        assert_eq!(response.status(), StatusCode::OK, "{id} signs in");
        let cookie = response.headers()[header::SET_COOKIE].to_str().unwrap();
        assert!(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"), "{cookie}");
        cookie.split(';').next().unwrap().to_owned()
    }

    async fn hire(&self, login: &str, org: OrgId, roles: &[&str]) -> UserId {
        let id = self.t.staff(login, org).await;
        let hash = identity::hash_password(PASSWORD).unwrap();
        sqlx::query("update identity.staff set password_hash = $2 where id = $1")
            .bind(*id)
            .bind(hash)
            .execute(&self.t.app.pool)
            .await
            .unwrap();
        for role in roles {
            sqlx::query(
                "insert into identity.staff_role (staff_id, role_id, org_id)
                 select $1, id, $3 from identity.role where key = $2",
            )
            .bind(*id)
            .bind(role)
            .bind(*org)
            .execute(&self.t.app.pool)
            .await
            .unwrap();
        }
        id
    }

    /// Sends a request under a command id and reads the answer.
    pub async fn send(
        &self,
        method: Method,
        uri: &str,
        cookie: Option<&str>,
        command: Option<Uuid>,
        body: Option<Value>,
    ) -> (StatusCode, Value) {
        let mut request = Request::builder().method(method).uri(uri);
        if let Some(cookie) = cookie {
            request = request.header(header::COOKIE, cookie);
        }
        if let Some(command) = command {
            request = request.header("idempotency-key", command.to_string());
        }
        let body = body.map_or_else(Body::empty, |b| Body::from(b.to_string()));
        let request = request.header(header::CONTENT_TYPE, "application/json").body(body).unwrap();
        let response = self.router.clone().oneshot(request).await.unwrap();
        let status = response.status();
        let bytes = response.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&bytes).unwrap_or_default())
    }

    /// A read.
    pub async fn get(&self, uri: &str, cookie: &str) -> (StatusCode, Value) {
        self.send(Method::GET, uri, Some(cookie), None, None).await
    }

    /// A change under an id of its own.
    pub async fn post(&self, uri: &str, cookie: &str, body: Value) -> (StatusCode, Value) {
        self.send(Method::POST, uri, Some(cookie), Some(Uuid::new_v4()), Some(body)).await
    }
}

/// The cookie's name is what the product says it is.
#[tokio::test]
async fn a_session_is_a_cookie_and_ends_at_once() {
    let house = TestHouse::new().await;
    let cookie = house.signed_in("wang", house.orgs.hq, &["manager"]).await;
    assert!(cookie.starts_with(COOKIE));
    let (status, me) = house.get("/api/identity/me", &cookie).await;
    assert_eq!((status, me["login"].as_str()), (StatusCode::OK, Some("wang")));
    let (status, _) = house.post("/api/identity/sign-out", &cookie, Value::Null).await;
    assert_eq!(status, StatusCode::OK);
    let (status, _) = house.get("/api/identity/me", &cookie).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED, "no cache keeps it alive");
}

#[tokio::test]
async fn a_change_without_a_command_id_is_refused() {
    let house = TestHouse::new().await;
    let cookie = house.signed_in("wang", house.orgs.hq, &["agent"]).await;
    let uri = "/api/identity/sign-out-everywhere";
    let (status, problem) = house.send(Method::POST, uri, Some(&cookie), None, None).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(problem["faults"][0]["field"], "idempotency-key");
}

/// accepts WO-27
#[tokio::test]
async fn the_same_command_twice_happens_once_and_answers_the_same() {
    let house = TestHouse::new().await;
    let cookie = house.signed_in("root", house.orgs.hq, &["admin"]).await;
    let body = serde_json::json!({"parent_id": house.orgs.s1, "kind": "team", "code": "t9", "name": "九班"});
    let command = Some(Uuid::new_v4());
    let uri = "/api/identity/orgs";
    let send = || house.send(Method::POST, uri, Some(&cookie), command, Some(body.clone()));
    let (first, second) = (send().await, send().await);
    assert_eq!(first.0, StatusCode::OK, "{}", first.1);
    assert_eq!(first, second);
    let other =
        house.send(Method::POST, uri, Some(&cookie), Some(Uuid::new_v4()), Some(body.clone()));
    assert_eq!(other.await.1["code"], "identity.duplicate_code", "another command is refused");
}

/// One id for two different things is a mistake of the client's, and nothing happens.
#[tokio::test]
async fn a_command_id_is_not_used_again_for_something_else() {
    let house = TestHouse::new().await;
    let cookie = house.signed_in("root", house.orgs.hq, &["admin"]).await;
    let command = Some(Uuid::new_v4());
    let org = |code: &str| serde_json::json!({"parent_id": house.orgs.s1, "kind": "team", "code": code, "name": "x"});
    let uri = "/api/identity/orgs";
    house.send(Method::POST, uri, Some(&cookie), command, Some(org("t8"))).await;
    let uri = format!("/api/identity/orgs/{}", house.orgs.t1);
    let body = Some(serde_json::json!({"name": "new"}));
    let (status, _) = house.send(Method::PATCH, &uri, Some(&cookie), command, body).await;
    assert_eq!(status, StatusCode::CONFLICT);
}

#[tokio::test]
async fn bad_input_gets_a_clear_refusal_in_both_languages() {
    let house = TestHouse::new().await;
    let cookie = house.signed_in("wang", house.orgs.hq, &["agent"]).await;
    for body in [
        serde_json::json!({"kind": 7}),
        serde_json::json!({"no_such_field": true}),
        serde_json::json!("text"),
        Value::Null,
    ] {
        let (status, problem) = house.post("/api/orders", &cookie, body.clone()).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{body}");
        assert_ne!(problem["title"].as_str().unwrap_or_default(), "", "{body}");
        assert_ne!(problem["title_en"].as_str().unwrap_or_default(), "", "{body}");
    }
    for uri in ["/api/orders?limit=x", "/api/orders?after=@@", "/api/orders?wrong=1"] {
        let (status, _) = house.get(uri, &cookie).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{uri}");
    }
    let (status, _) = house.get("/api/orders/not-a-uuid", &cookie).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_request_from_another_site_is_turned_away() {
    let house = TestHouse::new().await;
    let request = Request::post("/api/identity/sign-in")
        .header("sec-fetch-site", "cross-site")
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from("{}"))
        .unwrap();
    let response = house.router.clone().oneshot(request).await.unwrap();
    assert_eq!(response.status(), StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_huge_body_is_refused_before_it_is_read() {
    let house = TestHouse::new().await;
    let cookie = house.signed_in("wang", house.orgs.hq, &["agent"]).await;
    let body = serde_json::json!({"description": "长".repeat(1_000_000)});
    let (status, _) = house.post("/api/orders", &cookie, body).await;
    assert!(status.is_client_error(), "{status}");
}
