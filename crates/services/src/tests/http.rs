//! The routes, as a client sees them.

use super::house::{House, phone};
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::{Extension, Router, middleware};
use kernel::Actor;
use serde_json::{Value, json};
use tower::ServiceExt as _;
use uuid::Uuid;

fn routes(house: &House, by: &Actor) -> Router {
    let app = house.t.app.clone();
    let (router, _) = crate::router().split_for_parts();
    let idempotent = middleware::from_fn_with_state(app.clone(), kernel::command::idempotent);
    router.layer(idempotent).with_state(app).layer(Extension(by.clone()))
}

async fn send(
    to: Router,
    method: &str,
    path: &str,
    key: Uuid,
    body: &Value,
) -> (StatusCode, Vec<u8>) {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .header(kernel::command::HEADER, key.to_string())
        .header("content-type", "application/json")
        .body(Body::from(body.to_string()))
        .unwrap();
    let response = to.oneshot(request).await.unwrap();
    let status = response.status();
    (status, to_bytes(response.into_body(), usize::MAX).await.unwrap().to_vec())
}

/// accepts BI-23: a trembling thumb offers once, and a statement leaves the house as a spreadsheet
#[tokio::test]
async fn an_offer_sent_twice_is_made_once_and_a_statement_is_a_spreadsheet() {
    let h = House::new().await;
    let order = h.order(Some(h.old), h.li).await;
    let item = h.item("FW-103").await;
    let body = json!({"lines": [{"item_id": item, "quantity": 100}]});
    let (path, key) = (format!("/api/services/orders/{order}/quote"), Uuid::new_v4());
    let li = routes(&h, &phone(h.li));
    let (status, first) = send(li.clone(), "POST", &path, key, &body).await;
    assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&first));
    let (_, again) = send(li.clone(), "POST", &path, key, &body).await;
    let (first, again): (Value, Value) =
        (serde_json::from_slice(&first).unwrap(), serde_json::from_slice(&again).unwrap());
    assert_eq!(first, again);
    let wrong = json!({"lines": [{"item_id": item, "quantity": 1.5}]});
    let (status, _) = send(li.clone(), "POST", &path, Uuid::new_v4(), &wrong).await;
    assert_eq!(status, StatusCode::UNPROCESSABLE_ENTITY);
    let list = format!("/api/services/orders/{order}/sheets");
    let (_, list) = send(li.clone(), "GET", &list, Uuid::new_v4(), &json!(null)).await;
    let list: Value = serde_json::from_slice(&list).unwrap();
    assert_eq!(list["items"].as_array().unwrap().len(), 1);

    let sheet = Uuid::parse_str(first["id"].as_str().unwrap()).unwrap();
    let mut tx = h.t.tx(&phone(h.li)).await;
    let sheet = crate::sheet(&mut tx, sheet.into()).await.unwrap();
    h.agree(&sheet, 12_000).await.unwrap();
    h.finish(order, h.li).await;
    h.days(1);
    let office = routes(&h, &h.office);
    let body = json!({"staff_id": h.li, "from_day": "2026-11-01", "through": "2026-11-22"});
    let statements = "/api/services/statements";
    let (status, made) = send(office.clone(), "POST", statements, Uuid::new_v4(), &body).await;
    assert_eq!(status, StatusCode::OK, "{}", String::from_utf8_lossy(&made));
    let made: Value = serde_json::from_slice(&made).unwrap();
    let path = format!("{statements}/{}/statement.xlsx", made["id"].as_str().unwrap());
    let (status, paper) = send(office, "GET", &path, Uuid::new_v4(), &json!(null)).await;
    assert_eq!((status, &paper[..2]), (StatusCode::OK, &b"PK"[..]));
    let (status, _) =
        send(routes(&h, &phone(h.wu)), "GET", &path, Uuid::new_v4(), &json!(null)).await;
    assert_eq!(status, StatusCode::NOT_FOUND);
}
