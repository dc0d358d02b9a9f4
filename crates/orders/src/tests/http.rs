//! The routes, as a client sees them.

use super::house::House;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::{Extension, Router, middleware};
use kernel::Actor;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;

/// The room's routes as the server mounts them, for `by`.
fn routes(house: &House, by: Option<&Actor>) -> Router {
    let app = house.t.app.clone();
    let (router, _) = crate::router().split_for_parts();
    let idempotent = middleware::from_fn_with_state(app.clone(), kernel::command::idempotent);
    let router = router.layer(idempotent).with_state(app);
    match by {
        Some(actor) => router.layer(Extension(actor.clone())),
        None => router,
    }
}

async fn send(
    router: Router,
    method: &str,
    path: &str,
    key: Uuid,
    body: &Value,
) -> (StatusCode, Value) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(kernel::command::HEADER, key.to_string())
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let response = router.oneshot(request).await.unwrap();
    let status = response.status();
    let bytes = to_bytes(response.into_body(), usize::MAX).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or(Value::Null))
}

fn filing(house: &House) -> Value {
    json!({
        "kind": "repair", "symptom": "leak", "urgency": 3, "account_id": house.wang,
        "contact_name": "王秀英", "contact_phone": "13800135678", "channel": "phone",
    })
}

/// Accepts WO-27: a form that is sent twice is one order, and both answers are the same.
#[tokio::test]
async fn the_same_command_twice_is_one_order() {
    let house = House::new().await;
    let (key, body) = (Uuid::new_v4(), filing(&house));
    let routes = routes(&house, Some(&house.agent));
    let (status, first) = send(routes.clone(), "POST", "/api/orders", key, &body).await;
    assert_eq!(status, StatusCode::OK, "{first}");
    let (status, again) = send(routes.clone(), "POST", "/api/orders", key, &body).await;
    assert_eq!((status, &again), (StatusCode::OK, &first));
    let (_, other) = send(routes.clone(), "POST", "/api/orders", Uuid::new_v4(), &body).await;
    assert_ne!(other["id"], first["id"]);
    let (_, list) = send(routes, "GET", "/api/orders?open=1", key, &json!(null)).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 2);
}

/// An order reads as the contract says: every field there, nulls included, phone masked.
#[tokio::test]
async fn an_order_reads_as_the_contract_says() {
    let house = House::new().await;
    let routes = routes(&house, Some(&house.agent));
    let key = Uuid::new_v4();
    let (_, order) = send(routes.clone(), "POST", "/api/orders", key, &filing(&house)).await;
    let fields = "id no matter_id kind kind_name symptom symptom_name urgency state round \
        account_id address community contact_name contact_phone description channel org_id \
        org_path org_name assignee_id assignee_name supervisor_id supervisor_name \
        appointment_from appointment_to accept_due arrive_due finish_due revisit_due next_due \
        next_step chases cause cause_name resolution satisfaction lng lat opened_at \
        dispatched_at accepted_at set_out_at arrived_at finished_at closed_at version actions";
    for field in fields.split_whitespace() {
        assert!(order.get(field).is_some(), "{field} is missing");
    }
    assert_eq!(order.as_object().unwrap().len(), fields.split_whitespace().count());
    assert_eq!(order["contact_phone"], "138****5678");
    assert_eq!((&order["urgency"], &order["next_step"]), (&json!(3), &json!("dispatch")));
    let path = format!("/api/orders/{}", order["id"].as_str().unwrap());
    let (_, detail) = send(routes, "GET", &path, key, &json!(null)).await;
    assert_eq!(detail["no"], order["no"]);
    assert_eq!((&detail["calls"], &detail["contact_phone_unmasked"]), (&json!([]), &json!(false)));
}

#[tokio::test]
async fn bad_input_is_refused_in_both_languages() {
    let house = House::new().await;
    let routes = routes(&house, Some(&house.agent));
    let mut typo = filing(&house);
    typo["urgancy"] = json!(1);
    let mut wild = filing(&house);
    wild["urgency"] = json!(4);
    let mut lonely = filing(&house);
    lonely["contact_phone"] = json!("x");
    for (body, field) in [(typo, "body"), (wild, "body"), (lonely, "contact_phone")] {
        let (status, problem) =
            send(routes.clone(), "POST", "/api/orders", Uuid::new_v4(), &body).await;
        assert_eq!(
            (status, &problem["code"]),
            (StatusCode::UNPROCESSABLE_ENTITY, &json!("invalid"))
        );
        assert_eq!(problem["faults"][0]["field"], field);
        assert!(!problem["title"].as_str().unwrap().is_empty());
        assert!(!problem["title_en"].as_str().unwrap().is_empty());
    }
    for path in ["/api/orders?limit=x", "/api/orders?colour=red", "/api/orders?state=lost"] {
        let (status, _) = send(routes.clone(), "GET", path, Uuid::new_v4(), &json!(null)).await;
        assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
    }
    let (status, _) = send(routes, "GET", "/api/orders/7", Uuid::new_v4(), &json!(null)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}

/// Every operation: 401 for nobody, 403 for who holds no key.
#[tokio::test]
async fn every_operation_is_refused_without_rights() {
    let house = House::new().await;
    let id = house.filed().await.id;
    let (text, reason) = (json!({"text": "a"}), json!({"reason": "a"}));
    let due = house.t.now() + chrono::TimeDelta::days(1);
    let order = |step: &str| format!("/api/orders/{id}{step}");
    let revisit = |step: &str| format!("/api/orders/revisits/{id}{step}");
    let all = vec![
        ("GET", "/api/orders".to_owned(), json!(null)),
        ("POST", "/api/orders".to_owned(), filing(&house)),
        ("POST", "/api/orders/preview".to_owned(), filing(&house)),
        ("GET", "/api/orders/export.xlsx".to_owned(), json!(null)),
        ("GET", "/api/orders/revisits".to_owned(), json!(null)),
        ("POST", revisit("/result"), json!({"result": "fair"})),
        ("POST", revisit("/attempt"), json!({})),
        ("GET", order(""), json!(null)),
        ("GET", order("/timeline"), json!(null)),
        ("POST", order("/unmask"), reason.clone()),
        ("POST", order("/answer"), text.clone()),
        ("POST", order("/chase"), json!({})),
        ("POST", order("/note"), text),
        ("POST", order("/void"), reason.clone()),
        ("POST", order("/pass"), json!({})),
        ("POST", order("/fail"), reason),
        ("POST", order("/urgency"), json!({"urgency": 1, "reason": "a"})),
        ("POST", order("/due"), json!({"finish_due": due, "reason": "a"})),
        ("POST", order("/supervise"), json!({"supervisor_id": house.agent.user})),
    ];
    let (_, doc) = crate::router().split_for_parts();
    let operations: usize = doc.paths.paths.values().map(operations_of).sum();
    assert_eq!(operations, all.len() + 1, "all but the catalogue, which is for whoever signed in");
    let keyless = house.desk(&[], "/hq/").await;
    for (method, path, body) in all {
        let nobody = send(routes(&house, None), method, &path, Uuid::new_v4(), &body).await;
        assert_eq!(nobody.0, StatusCode::UNAUTHORIZED, "{method} {path}");
        let guest = routes(&house, Some(&keyless));
        let guest = send(guest, method, &path, Uuid::new_v4(), &body).await;
        assert_eq!(guest.0, StatusCode::FORBIDDEN, "{method} {path}: {}", guest.1);
    }
}

fn operations_of(item: &utoipa::openapi::PathItem) -> usize {
    [&item.get, &item.post, &item.put, &item.patch, &item.delete]
        .iter()
        .filter(|o| o.is_some())
        .count()
}
