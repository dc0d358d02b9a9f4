//! Households of two stations, a season, and people with keys.

use crate::permissions::{OPEN, PREPARE, VIEW};
use crate::{NewOpening, Opening, Selection, approve_opening, create_opening, reckon_opening};
use chrono::NaiveDate;
use directory::{AccountPatch, Amendment, Change, PremisePatch, amend};
use kernel::{AccountId, Actor, EventRow, Fen, PremiseId, SeasonId, Tx};
use testing::TestApp;
use uuid::Uuid;

pub(crate) struct Ground {
    pub t: TestApp,
    pub season: SeasonId,
}

pub(crate) fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

impl Ground {
    pub async fn new() -> Self {
        let t = TestApp::new().await;
        t.orgs().await;
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
            .execute(&t.app.pool)
            .await
            .unwrap();
            up = Some(id);
        }
        let season = add(&t, 2026).await;
        let mut tx = t.tx(&Actor::system("test")).await;
        crate::publish_demonstration(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        Self { t, season }
    }

    /// A household of 90 m² that has been drawing heat since 2020.
    pub async fn household(&self, no: &str, org: &str, class: &str) -> AccountId {
        let id: AccountId = self.t.app.new_id();
        sqlx::query(
            "with premise as (
               insert into directory.premise
                 (id, unit_id, code, floor, room, address, building_area, heated_area, user_class,
                  heating_manner, valve_state, org_path, lng, lat)
               select $1, id, $2, 1, '101', 'room ' || $2, 90, 80, $4, 'floor', 'open',
                      $3, 113.3, 40.1 from directory.place where kind = 'unit'),
             person as (insert into directory.person (id, name) values ($1, '王建国'))
             insert into directory.account
               (id, account_no, premise_id, person_id, heat_use_state, org_path, grams, opened_on)
             values ($1, $2, $1, $1, 'using', $3, '{}', '2020-10-15')",
        )
        .bind(*id)
        .bind(no)
        .bind(org)
        .bind(class)
        .execute(&self.t.app.pool)
        .await
        .unwrap();
        id
    }

    pub fn office(&self) -> Actor {
        testing::actor(testing::nobody(), &[VIEW, PREPARE, OPEN], "/hq/")
    }

    pub async fn office_tx(&self) -> Tx {
        self.t.tx(&self.office()).await
    }

    pub async fn system(&self) -> Tx {
        self.t.tx(&Actor::system("test")).await
    }

    /// An opening, reckoned.
    pub async fn reckoned(&self, selection: Selection) -> Opening {
        let mut tx = self.office_tx().await;
        let new = NewOpening { season_id: self.season, selection, valid_on: None };
        let opening = create_opening(&mut tx, new).await.unwrap();
        tx.commit().await.unwrap();
        reckon_opening(&self.t.app, opening.id).await.unwrap();
        self.report(&opening).await.opening
    }

    pub async fn report(&self, opening: &Opening) -> crate::OpeningReport {
        let mut tx = self.office_tx().await;
        crate::opening(&mut tx, opening.id).await.unwrap()
    }

    /// An opening that somebody said yes to.
    pub async fn approved(&self, selection: Selection) -> Opening {
        let opening = self.reckoned(selection).await;
        let mut tx = self.office_tx().await;
        let opening = approve_opening(&mut tx, opening.id).await.unwrap();
        tx.commit().await.unwrap();
        opening
    }

    /// The season opened for everybody.
    pub async fn opened(&self) -> Opening {
        let opening = self.approved(Selection::default()).await;
        crate::post_opening(&self.t.app, opening.id).await.unwrap();
        opening
    }

    /// What the book says that is owed by the household, and by everybody.
    pub async fn owed(&self, account: AccountId) -> i64 {
        sqlx::query_scalar(
            "select coalesce(sum(amount_fen), 0)::bigint from ledger.entry
             where account_id = $1 and ledger = 'receivable'",
        )
        .bind(*account)
        .fetch_one(&self.t.app.pool)
        .await
        .unwrap()
    }

    pub async fn count(&self, sql: &str) -> i64 {
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&self.t.app.pool).await.unwrap()
    }

    pub async fn amend(&self, change: Change, from: NaiveDate, to: Option<NaiveDate>) {
        let mut tx = self.system().await;
        let reason = "现场核实".to_owned();
        let a = Amendment { change, from, to, reason, source: "desk", source_id: None };
        amend(&mut tx, a).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// Says what the directory told since, as the house's jobs would hear it.
    pub async fn follow_facts(&self) {
        let heard = "select to_jsonb(e) - 'xid' from kernel.event e
                     where kind = 'directory.fact_changed' order by id";
        let events: Vec<serde_json::Value> =
            sqlx::query_scalar(heard).fetch_all(&self.t.app.pool).await.unwrap();
        for event in events {
            let event: EventRow = serde_json::from_value(event).unwrap();
            crate::on_facts_changed(&self.t.app, &event).await.unwrap();
        }
    }

    pub async fn fees(&self, account: AccountId) -> crate::AccountFees {
        let mut tx = self.office_tx().await;
        crate::account_fees(&mut tx, account, crate::Moment::default()).await.unwrap()
    }
}

/// A season as the demonstration's rules have it.
pub(crate) async fn add(t: &TestApp, year: i32) -> SeasonId {
    let mut tx = t.tx(&Actor::system("test")).await;
    let (code, at) = (format!("{year}-{}", year + 1), |s: String| s.parse().unwrap());
    let (from, to) = (format!("{year}-11-14T16:00:00Z"), format!("{}-03-15T16:00:00Z", year + 1));
    let id = ledger::add_season(&mut tx, &code, at(from), at(to)).await.unwrap();
    tx.commit().await.unwrap();
    id
}

pub(crate) fn area(account: AccountId, square_metres: &str) -> Change {
    let premise_id: PremiseId = (*account).into();
    let area = Some(square_metres.parse().unwrap());
    let patch = PremisePatch { building_area: area, ..PremisePatch::default() };
    Change::Premise { premise_id, patch }
}

pub(crate) fn heat_use(account_id: AccountId, state: directory::HeatUseState) -> Change {
    let patch = AccountPatch { heat_use_state: Some(state), ..AccountPatch::default() };
    Change::Account { account_id, patch }
}

pub(crate) fn yuan(fen: Fen) -> String {
    fen.to_string()
}
