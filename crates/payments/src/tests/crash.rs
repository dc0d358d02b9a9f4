//! The database dies in the middle of a big payment.

use super::house::House;
use super::http::{routes, send};
use axum::http::StatusCode;
use serde_json::json;
use sqlx::Row as _;
use std::time::Duration;
use uuid::Uuid;

/// The backend of a 400-flat payment is killed at several moments of it: what was not answered did
/// not happen, and the same command sent again takes the money once.
#[tokio::test]
async fn a_killed_payment_of_400_flats_is_all_or_nothing() {
    let house = House::open().await;
    let flats = house.estate(400).await;
    for flat in &flats {
        house.charge(*flat, house.season, "heat", 1_000).await;
    }
    let shares: Vec<_> = flats
        .iter()
        .map(|f| json!({"account_id": f, "amount_fen": 1_000, "shown_fen": 1_000}))
        .collect();
    let body = json!({
        "shares": shares, "method": "transfer", "reference": "TR-1", "receipt": true,
    });
    let key = Uuid::new_v4();
    let mut killed = 0;
    for after_ms in [5_u64, 30, 80, 160, 320] {
        let all = routes(&house, Some(&house.cashier));
        let pool = house.t.owner.clone();
        let killer = async {
            tokio::time::sleep(Duration::from_millis(after_ms)).await;
            let rows = sqlx::query(
                "select pg_terminate_backend(pid) as done from pg_stat_activity
                 where datname = current_database() and pid <> pg_backend_pid()
                   and xact_start is not null",
            )
            .fetch_all(&pool)
            .await
            .unwrap();
            rows.iter().filter(|r| r.get::<bool, _>("done")).count()
        };
        let (answer, hit) =
            tokio::join!(send(all, "POST", "/api/payments/take", key, &body), killer);
        killed += hit;
        let orders = house.count("payments.payment_order").await;
        let paid = house.count("ledger.posting where source = 'payment'").await;
        assert_eq!(orders, paid);
        if answer.0 == StatusCode::OK {
            break;
        }
        assert_eq!(orders, 0, "not answered, not taken");
    }
    let all = routes(&house, Some(&house.cashier));
    let (status, taken) = send(all, "POST", "/api/payments/take", key, &body).await;
    assert_eq!(status, StatusCode::OK, "{taken}");
    assert!(killed > 0, "nothing was killed: the test proves nothing");
    assert_eq!(house.count("payments.payment_order").await, 1);
    assert_eq!(house.count("payments.receipt").await, 1);
    assert_eq!(house.sums().await["bank"], 400_000);
    assert_eq!(house.owes(flats[0]).await, 0);
    house.check_book().await;
}
