//! The words of the code and of the database are the same; a household for those who need one.

use crate::{CallState, Direction, OfferResult, Outcome, Party, SeatState, Strategy};
use kernel::AccountId;
use strum::VariantArray;
use testing::TestApp;
use uuid::Uuid;

#[tokio::test]
async fn the_states_of_the_code_are_those_of_the_database() {
    let t = TestApp::new().await;
    same::<CallState>(&t, "call_state_known").await;
    same::<Outcome>(&t, "call_outcome_known").await;
    same::<Party>(&t, "call_hung_up_by_known").await;
    same::<Direction>(&t, "call_direction_known").await;
    same::<OfferResult>(&t, "offer_result_known").await;
    same::<SeatState>(&t, "agent_state_known").await;
    same::<Strategy>(&t, "queue_strategy_known").await;
}

async fn same<T>(t: &TestApp, constraint: &str)
where
    T: VariantArray + Copy + 'static,
    &'static str: From<T>,
{
    let sql = "select pg_get_constraintdef(oid) from pg_constraint where conname = $1";
    let text: String =
        sqlx::query_scalar(sql).bind(constraint).fetch_one(&t.app.pool).await.unwrap();
    let mut known: Vec<_> = text.split('\'').skip(1).step_by(2).map(str::to_owned).collect();
    let mut words: Vec<String> =
        T::VARIANTS.iter().map(|v| <&'static str>::from(*v).to_owned()).collect();
    known.sort();
    words.sort();
    assert_eq!(words, known, "{constraint}");
}

/// A household with this number.
pub async fn household(t: &TestApp, number: &str) -> AccountId {
    let ids: Vec<Uuid> = (0..6).map(|_| Uuid::new_v4()).collect();
    for sql in [
        "insert into directory.place (id, kind, code, name, org_path, lng, lat)
         values ($1, 'community', 'c', 'c', '/hq/', 113, 40)",
        "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
         values ($2, $1, 'building', 'c-1', '1', '/hq/', 113, 40)",
        "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
         values ($3, $2, 'unit', 'c-1-1', '1', '/hq/', 113, 40)",
        "insert into directory.person (id, name) values ($4, '王')",
        "insert into directory.premise (id, unit_id, code, floor, room, address, building_area,
           heated_area, user_class, heating_manner, valve_state, org_path, lng, lat)
         values ($5, $3, 'c-1-1-1', 1, '101', 'c 1-1-101', 90, 80, 'resident', 'radiator',
           'open', '/hq/', 113, 40)",
        "insert into directory.account (id, account_no, premise_id, person_id, heat_use_state,
           org_path, grams, opened_on)
         values ($6, '1', $5, $4, 'using', '/hq/', '{}', '2020-01-01')",
    ] {
        let mut sql = sql.to_owned();
        for (i, id) in ids.iter().enumerate() {
            sql = sql.replace(&format!("${}", i + 1), &format!("'{id}'"));
        }
        sqlx::query(sqlx::AssertSqlSafe(sql)).execute(&t.app.pool).await.unwrap();
    }
    let phone = "insert into directory.phone (person_id, number) values ($1, $2)";
    sqlx::query(phone).bind(ids[3]).bind(number).execute(&t.app.pool).await.unwrap();
    ids[5].into()
}
