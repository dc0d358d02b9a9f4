//! A household to book for.

use crate::permissions::{POST, VIEW};
use crate::{Ledger, Line, Posting};
use kernel::{AccountId, Fen, SeasonId, Tx};
use testing::TestApp;
use uuid::Uuid;

/// An application with an address tree of one unit.
pub(crate) async fn app() -> TestApp {
    let t = TestApp::new().await;
    let mut up: Option<Uuid> = None;
    for kind in ["community", "building", "unit"] {
        let id = Uuid::new_v4();
        sqlx::query(
            "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
             values ($1, $2, $3, $3, $3, '/hq/east/', 113.3, 40.1)",
        )
        .bind(id)
        .bind(up)
        .bind(kind)
        .execute(&t.app.pool)
        .await
        .expect("a place");
        up = Some(id);
    }
    t
}

/// A household in `/hq/east/`.
pub(crate) async fn household(t: &TestApp) -> AccountId {
    let id: AccountId = t.app.new_id();
    sqlx::query(
        "with premise as (
           insert into directory.premise
             (id, unit_id, code, floor, room, address, building_area, heated_area, user_class,
              heating_manner, valve_state, org_path, lng, lat)
           select $1, id, $1::text, 1, '101', '', 90, 90, 'resident', 'floor', 'open',
                  '/hq/east/', 113.3, 40.1 from directory.place where kind = 'unit'),
         person as (insert into directory.person (id, name) values ($1, '王建国'))
         insert into directory.account
           (id, account_no, premise_id, person_id, heat_use_state, org_path, grams, opened_on)
         values ($1, $1::text, $1, $1, 'using', '/hq/east/', '{}', '2020-10-15')",
    )
    .bind(*id)
    .execute(&t.app.pool)
    .await
    .expect("a household");
    id
}

/// A unit of work of somebody who may post and look in `path`.
pub(crate) async fn bookkeeper(t: &TestApp, path: &str) -> Tx {
    t.tx(&testing::actor(testing::nobody(), &[POST, VIEW], path)).await
}

/// `from` is credited and `to` debited with so many fen.
pub(crate) fn moved(
    source_id: &str,
    account: AccountId,
    season: Option<SeasonId>,
    (from, to): (Ledger, Ledger),
    fen: i64,
) -> Posting {
    let line = |ledger: Ledger, fen| Line {
        account_id: ledger.is_customers().then_some(account),
        season_id: season,
        ..Line::house(ledger, "heat", Fen::new(fen))
    };
    Posting {
        source: "test".to_owned(),
        source_id: source_id.to_owned(),
        corrects_id: None,
        memo: source_id.to_owned(),
        channel: (from.is_money() || to.is_money()).then(|| "test".to_owned()),
        valid_on: "2026-11-22".parse().expect("a day"),
        lines: vec![line(to, fen), line(from, -fen)],
    }
}
