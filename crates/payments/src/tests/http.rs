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
pub(super) fn routes(house: &House, by: Option<&Actor>) -> Router {
    let app = house.t.app.clone();
    let (router, _) = crate::router().split_for_parts();
    let idempotent = middleware::from_fn_with_state(app.clone(), kernel::command::idempotent);
    let router = router.layer(idempotent).with_state(app);
    match by {
        Some(actor) => router.layer(Extension(actor.clone())),
        None => router,
    }
}

pub(super) async fn send(
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

/// A nervous double click takes the money once and gets the same answer.
#[tokio::test]
async fn the_same_command_twice_takes_money_once() {
    let house = House::open().await;
    let body = json!({
        "shares": [{"account_id": house.wang, "amount_fen": 12_345, "shown_fen": null}],
        "method": "cash", "tendered_fen": 20_000, "receipt": true,
    });
    let (key, all) = (Uuid::new_v4(), routes(&house, Some(&house.cashier)));
    let (status, first) = send(all.clone(), "POST", "/api/payments/take", key, &body).await;
    assert_eq!(status, StatusCode::OK, "{first}");
    let (status, again) = send(all.clone(), "POST", "/api/payments/take", key, &body).await;
    assert_eq!((status, &again), (StatusCode::OK, &first));
    let (_, list) = send(all.clone(), "GET", "/api/payments/payments", key, &json!(null)).await;
    assert_eq!(list["items"].as_array().unwrap().len(), 1);
    let path = format!("/api/payments/payments/{}", first["payment"]["id"].as_str().unwrap());
    let (status, detail) = send(all, "GET", &path, key, &json!(null)).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(detail["applied"][0]["item"], "advance");
    assert_eq!(detail["receipts"][0]["no"], "A0000001");
}

/// Every operation of the room with a body that it takes.
fn operations() -> Vec<(&'static str, String, Value)> {
    let id = Uuid::new_v4();
    let reason = json!({"reason": "a"});
    let face = json!(crate::ReceiptFace::default());
    let at = |p: &str| format!("/api/payments/{}", p.replace("{id}", &id.to_string()));
    vec![
        ("POST", at("quote"), json!({})),
        ("POST", at("take"), json!({"shares": [], "method": "cash", "receipt": false})),
        ("GET", at("payments"), json!(null)),
        ("GET", at("payments/{id}"), json!(null)),
        ("POST", at("payments/{id}/reverse"), reason.clone()),
        ("POST", at("payments/{id}/bounce"), reason.clone()),
        ("POST", at("payments/{id}/refund"), json!({"method": "cash", "reason": "a"})),
        ("POST", at("payments/{id}/receipt"), json!({})),
        ("GET", at("refunds"), json!(null)),
        (
            "POST",
            at("refunds"),
            json!({"account_id": id, "amount_fen": 1, "method": "cash", "reason": "a"}),
        ),
        ("POST", at("refunds/{id}/decide"), json!({"approve": true})),
        ("POST", at("refunds/{id}/pay"), json!({})),
        ("GET", at("shifts"), json!(null)),
        ("POST", at("shifts"), json!({"counter": "1", "float_fen": 0})),
        ("GET", at("shifts/mine"), json!(null)),
        ("POST", at("shifts/{id}/count"), json!({"counted_fen": 0})),
        ("POST", at("shifts/{id}/resume"), json!({})),
        ("POST", at("shifts/{id}/close"), json!({"handed_to": null})),
        ("GET", at("receipts/{id}/receipt.pdf"), json!(null)),
        ("POST", at("receipts/{id}/copy"), json!({})),
        ("POST", at("receipts/{id}/void"), reason.clone()),
        ("GET", at("receipt-ranges"), json!(null)),
        (
            "POST",
            at("receipt-ranges"),
            json!({"cashier_id": null, "prefix": "A", "digits": 7, "first_no": 1, "last_no": 2}),
        ),
        ("POST", at("receipt-ranges/{id}/close"), json!({})),
        ("GET", at("receipt-face"), json!(null)),
        ("PUT", at("receipt-face"), face.clone()),
        ("POST", at("receipt-face/sample.pdf"), face),
        ("GET", at("suspense"), json!(null)),
        (
            "POST",
            at("suspense"),
            json!({"channel": "bank", "reference": "a", "amount_fen": 1,
                   "received_on": "2026-11-22"}),
        ),
        ("POST", at("suspense/{id}/assign"), json!({"account_id": id, "reason": "a"})),
        ("POST", at("suspense/{id}/return"), reason),
        ("GET", at("days/2026-11-22"), json!(null)),
        ("POST", at("days/2026-11-22"), json!({})),
        ("GET", at("collections"), json!(null)),
        (
            "POST",
            at("collections"),
            json!({"of": {"place_id": id}, "collector_id": null, "due_on": "2026-11-22"}),
        ),
        ("GET", at("collections/{id}"), json!(null)),
        (
            "POST",
            at("collections/{id}/visits"),
            json!({"account_id": id, "way": "call", "result": "absent"}),
        ),
        ("POST", at("collections/{id}/remind"), json!({})),
        ("GET", at("debtors"), json!(null)),
        ("GET", at("accounts/{id}/contacts"), json!(null)),
    ]
}

/// Every operation: 401 for nobody, 403 for who holds no key.
#[tokio::test]
async fn every_operation_is_refused_without_rights() {
    let house = House::new().await;
    let all = operations();
    let (_, doc) = crate::router().split_for_parts();
    let operations: usize = doc
        .paths
        .paths
        .values()
        .map(|i| [&i.get, &i.post, &i.put].iter().filter(|o| o.is_some()).count())
        .sum();
    assert_eq!(operations, all.len());
    let keyless = testing::actor(house.t.staff("keyless", house.orgs.s1).await, &[], "/hq/");
    for (method, path, body) in all {
        let nobody = send(routes(&house, None), method, &path, Uuid::new_v4(), &body).await;
        assert_eq!(nobody.0, StatusCode::UNAUTHORIZED, "{method} {path}");
        let guest = routes(&house, Some(&keyless));
        let guest = send(guest, method, &path, Uuid::new_v4(), &body).await;
        assert_eq!(guest.0, StatusCode::FORBIDDEN, "{method} {path}: {}", guest.1);
    }
}
