//! A customer stops his heat on his household's own page.

use super::House;
use crate::{LINK_DAYS, on_link_wanted};
use axum::body::Body;
use axum::http::{Method, StatusCode};
use base64::{Engine as _, prelude::BASE64_STANDARD};
use chrono::TimeDelta;
use kernel::{AccountId, Actor};
use serde_json::{Value, json};
use uuid::Uuid;

const PHONE: &str = "13800000021";

/// A picture, as far as its first bytes say.
fn ink() -> String {
    BASE64_STANDARD.encode(b"\x89PNG\r\n\x1a\nsigned")
}

impl House {
    /// A household that draws heat, in a season with rules; its unit has four.
    async fn home(&self) -> AccountId {
        let mut tx = self.t.tx(&Actor::system("test")).await;
        let at = |s: &str| s.parse().unwrap();
        ledger::add_season(
            &mut tx,
            "2026-2027",
            at("2026-11-14T16:00:00Z"),
            at("2027-03-15T16:00:00Z"),
        )
        .await
        .unwrap();
        billing::publish_demonstration(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let mut up: Option<Uuid> = None;
        for kind in ["community", "building", "unit"] {
            let id = Uuid::new_v4();
            sqlx::query(
                "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
                 values ($1, $2, $3, $3, $3, '/hq/east/s1/', 113.3, 40.1)",
            )
            .bind(id)
            .bind(up)
            .bind(kind)
            .execute(&self.t.app.pool)
            .await
            .unwrap();
            up = Some(id);
        }
        let mut last = None;
        for n in 1..5 {
            last = Some(self.neighbour(n).await);
        }
        last.unwrap()
    }

    async fn neighbour(&self, n: i32) -> AccountId {
        let id: AccountId = self.t.app.new_id();
        sqlx::query(
            "with premise as (
               insert into directory.premise
                 (id, unit_id, code, floor, room, address, building_area, heated_area, user_class,
                  heating_manner, valve_state, org_path, lng, lat)
               select $1, id, $2, 1, $2, '阳光小区3号楼2单元' || $2, 90, 80, 'resident', 'floor',
                      'open', '/hq/east/s1/', 113.3, 40.1
               from directory.place where kind = 'unit'),
             person as (insert into directory.person (id, name) values ($1, '王建国')),
             phone as (insert into directory.phone (person_id, number) values ($1, $3))
             insert into directory.account
               (id, account_no, premise_id, person_id, heat_use_state, org_path, grams, opened_on)
             values ($1, $2, $1, $1, 'using', '/hq/east/s1/', '{}', '2020-10-15')",
        )
        .bind(*id)
        .bind(format!("100{n}"))
        .bind(if n == 4 { PHONE.to_owned() } else { format!("1370000000{n}") })
        .execute(&self.t.app.pool)
        .await
        .unwrap();
        id
    }

    async fn post(&self, path: &str, body: &Value) -> (StatusCode, Value) {
        let uri = format!("/api/portal/{path}");
        self.ask(Method::POST, &uri, Uuid::new_v4(), Body::from(body.to_string())).await
    }

    async fn page(&self, token: &str) -> (StatusCode, Value) {
        let uri = format!("/api/portal/h/{token}");
        self.ask(Method::GET, &uri, Uuid::new_v4(), Body::empty()).await
    }

    /// The links that the job sent; run as often as it likes, it sends each once.
    async fn links(&self) -> Vec<String> {
        for event in self.events("portal.link_wanted").await {
            on_link_wanted(&self.t.app, &event, "https://nuan.example/").await.unwrap();
            on_link_wanted(&self.t.app, &event, "https://nuan.example/").await.unwrap();
        }
        let sent = self.messages().await;
        sent.iter()
            .map(|(to, body)| {
                assert_eq!(to, PHONE);
                let after = body.split("https://nuan.example/h/").nth(1).unwrap();
                after.split('，').next().unwrap().to_owned()
            })
            .collect()
    }

    async fn home_link(&self) -> String {
        let ask = json!({ "account_no": "1004", "phone": "138 0000 0021" });
        assert_eq!(self.post("links/ask", &ask).await.0, StatusCode::OK);
        self.links().await.pop().unwrap()
    }
}

fn order(from: &str, to: Option<&str>) -> Value {
    json!({
        "from": from, "to": to, "pipes_drained": true, "consent": true, "signature": ink(),
        "papers": [ink()],
    })
}

/// accepts BI-31: by the link alone a customer sees what a stop saves, agrees, signs, and the
/// order that shuts his valve is filed without anybody of the house
#[tokio::test]
async fn a_customer_stops_his_heat_online_and_the_valve_order_is_filed() {
    let h = House::new().await;
    h.home().await;
    let token = h.home_link().await;
    let (status, page) = h.page(&token).await;
    assert_eq!(status, StatusCode::OK);
    assert_eq!(page["address_masked"], "阳光小区3号楼2单元***");
    assert_eq!(page["season"]["code"], "2026-2027");
    for secret in [PHONE, "建国", "2单元1004"] {
        assert!(!page.to_string().contains(secret), "{secret}");
    }
    let wish = json!({ "from": "2026-12-05", "to": "2027-02-05", "pipes_drained": true,
                       "papers": true });
    let (_, preview) = h.post(&format!("h/{token}/stop/preview"), &wish).await;
    assert_eq!(preview["objections"], json!([]), "{preview}");
    assert!(preview["after_fen"].as_i64() < preview["before_fen"].as_i64(), "{preview}");
    assert!(!preview["lines"].as_array().unwrap().is_empty());

    let wanted = order("2026-12-05", Some("2027-02-05"));
    let uri = format!("/api/portal/h/{token}/stop");
    let (key, body) = (Uuid::new_v4(), wanted.to_string());
    let (status, done) = h.ask(Method::POST, &uri, key, Body::from(body.clone())).await;
    assert_eq!((status, done["stop"]["state"].as_str()), (StatusCode::OK, Some("approved")));
    let again = h.ask(Method::POST, &uri, key, Body::from(body)).await;
    assert_eq!(again, (StatusCode::OK, done), "the same command answers the same");
    let (status, twice) = h.post(&format!("h/{token}/stop"), &wanted).await;
    assert_eq!((status.as_u16(), twice["code"].as_str()), (422, Some("billing.application_open")));

    let valve = h.events("billing.valve_requested").await.remove(0);
    assert_eq!((valve.channel.as_str(), valve.actor_name.as_str()), ("portal", "客户"));
    billing::file_valve_order(&h.t.app, &valve).await.unwrap();
    let (_, page) = h.page(&token).await;
    assert!(page["stop"]["order_no"].as_str().unwrap().starts_with("GD"), "{page}");
    let papers: Vec<String> =
        sqlx::query_scalar("select kind from billing.application_paper order by kind")
            .fetch_all(&h.t.app.pool)
            .await
            .unwrap();
    assert_eq!(papers, ["客户上传资料", "客户签名"]);
}

/// accepts BI-31: without agreement, signature or within the rules, nothing is taken in
#[tokio::test]
async fn a_stop_that_is_not_agreed_signed_or_allowed_leaves_nothing() {
    let h = House::new().await;
    h.home().await;
    let token = h.home_link().await;
    let stop = format!("h/{token}/stop");
    let with = |field: &str, value: Value| {
        let mut order = order("2026-12-05", None);
        order[field] = value;
        order
    };
    for (field, value, code) in [
        ("consent", json!(false), "portal.consent_missing"),
        ("signature", json!(""), "portal.signature_missing"),
        ("signature", json!("PHN2Zz4="), "portal.signature_missing"),
        ("papers", json!(["%%%"]), "portal.paper_unreadable"),
        ("papers", json!([ink(), ink(), ink(), ink()]), "portal.paper_unreadable"),
        ("pipes_drained", json!(false), "billing.application_objected"),
        ("from", json!("2026-11-23"), "billing.application_objected"),
        ("from", json!("2031-12-05"), "billing.application_objected"),
    ] {
        let (status, refused) = h.post(&stop, &with(field, value)).await;
        assert_eq!((status.as_u16(), refused["code"].as_str()), (422, Some(code)), "{refused}");
    }
    let foreign = with("account_id", json!(Uuid::new_v4()));
    assert_eq!(h.post(&stop, &foreign).await.0.as_u16(), 422, "no other household's");
    let kept: i64 = sqlx::query_scalar(
        "select (select count(*) from billing.application) + (select count(*) from files.file)",
    )
    .fetch_one(&h.t.app.pool)
    .await
    .unwrap();
    assert_eq!(kept, 0);
}

/// accepts BI-31: the link goes only to a number of the holder, not too often, and ends with time,
/// with the holder, and at the door of an order's page
#[tokio::test]
async fn a_household_link_reaches_its_holder_only_and_ends_with_him() {
    let h = House::new().await;
    let account = h.home().await;
    let ask = |no: &str, phone: &str| json!({ "account_no": no, "phone": phone });
    let right = h.post("links/ask", &ask("1004", PHONE)).await;
    let stranger = h.post("links/ask", &ask("1004", "13899999921")).await;
    assert_eq!(right.0, stranger.0, "nobody learns who lives where");
    assert_eq!(right.1["phone_masked"], "138****0021");
    h.post("links/ask", &ask("1004", PHONE)).await;
    h.post("links/ask", &ask("9999", PHONE)).await;
    assert_eq!(h.links().await.len(), 1, "one link, to the holder");
    let token = h.links().await.remove(0);
    assert_eq!(h.page(&token).await.0, StatusCode::OK);
    assert_eq!(h.get(&token).await.0, StatusCode::NOT_FOUND, "it opens no order");
    let order_link = h.link(h.order().await).await;
    assert_eq!(h.page(&order_link).await.0, StatusCode::NOT_FOUND, "an order's opens no household");

    sqlx::query(
        "update directory.account set person_id = (select id from directory.person
                   where id <> person_id order by id limit 1) where id = $1",
    )
    .bind(*account)
    .execute(&h.t.owner)
    .await
    .unwrap();
    assert_eq!(h.page(&token).await.0, StatusCode::NOT_FOUND, "who moved out opens nothing");
    sqlx::query("update directory.account set person_id = id where id = $1")
        .bind(*account)
        .execute(&h.t.owner)
        .await
        .unwrap();
    assert_eq!(h.page(&token).await.0, StatusCode::OK);
    h.t.advance(TimeDelta::days(LINK_DAYS));
    assert_eq!(h.page(&token).await.0, StatusCode::NOT_FOUND);
}

/// Staff send the link with the key of the business itself, within their sight.
#[tokio::test]
async fn staff_send_the_link_with_the_key_of_the_business() {
    let h = House::new().await;
    let account = h.home().await;
    let apply = [billing::permissions::APPLY];
    let sent = async |keys: &[kernel::Permission], path: &str| {
        let mut tx = h.t.tx(&testing::actor(testing::nobody(), keys, path)).await;
        let sent = crate::service::stop::send_link(&mut tx, account).await;
        if sent.is_ok() {
            tx.commit().await.unwrap();
        }
        sent.map(|s| s.phone_masked).map_err(|e| e.problem().code)
    };
    assert_eq!(sent(&[], "/hq/").await.unwrap_err(), "forbidden");
    assert_eq!(sent(&apply, "/hq/west/").await.unwrap_err(), "not_found");
    assert_eq!(sent(&apply, "/hq/").await.unwrap(), "138****0021");
    assert_eq!(sent(&apply, "/hq/").await.unwrap_err(), "portal.link_sent");
    assert_eq!(h.links().await.len(), 1);
}
