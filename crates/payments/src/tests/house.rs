//! What the tests live in: a station with households that owe, two cashiers, a head who approves.

use crate::{
    CashShift, NewRange, PayMethod, PaymentOrder, Receipt, Take, TakeShare, Taken, permissions,
    service,
};
use kernel::{AccountId, Actor, Fen, PaymentOrderId, Permission, Result, SeasonId, UserId};
use ledger::{Ledger, Line, Posting};
use std::collections::BTreeMap;
use testing::{Orgs, TestApp, actor};
use uuid::Uuid;

pub(super) struct House {
    pub t: TestApp,
    pub orgs: Orgs,
    /// The season before, and the one that runs.
    pub last: SeasonId,
    pub season: SeasonId,
    /// Two households of the station, one of the west.
    pub wang: AccountId,
    pub li: AccountId,
    pub zhao: AccountId,
    pub cashier: Actor,
    pub other: Actor,
    pub head: Actor,
}

/// Keys of who sits at the counter.
pub(super) const COUNTER: &[Permission] =
    &[permissions::VIEW, permissions::TAKE, ledger::permissions::POST, ledger::permissions::VIEW];

pub(super) fn fen(fen: i64) -> Fen {
    Fen::new(fen)
}

/// Cash for one account, exact, without a receipt.
pub(super) fn cash(account: AccountId, amount: i64) -> Take {
    by(PayMethod::Cash, &[(account, amount)], "")
}

pub(super) fn by(method: PayMethod, shares: &[(AccountId, i64)], reference: &str) -> Take {
    let share = |(account_id, amount): &(AccountId, i64)| TakeShare {
        account_id: *account_id,
        amount_fen: fen(*amount),
        shown_fen: None,
    };
    Take {
        shares: shares.iter().map(share).collect(),
        method,
        tendered_fen: None,
        reference: reference.to_owned(),
        payer: String::new(),
        memo: String::new(),
        receipt: false,
    }
}

/// The stable name of a refusal.
pub(super) fn code<T: std::fmt::Debug>(result: Result<T>) -> String {
    result.unwrap_err().problem().code
}

impl House {
    pub async fn new() -> Self {
        let t = TestApp::new().await;
        let orgs = t.orgs().await;
        let (east, west) = (unit(&t, "/hq/east/s1/").await, unit(&t, "/hq/west/s9/").await);
        let wang = household(&t, east, "601", "/hq/east/s1/").await;
        let li = household(&t, east, "602", "/hq/east/s1/").await;
        let zhao = household(&t, west, "101", "/hq/west/s9/").await;
        let all: Vec<Permission> = permissions::ALL.iter().chain(COUNTER).copied().collect();
        let cashier = actor(t.staff("cashier", orgs.s1).await, COUNTER, "/hq/east/");
        let other = actor(t.staff("other", orgs.s1).await, COUNTER, "/hq/east/");
        let head = actor(t.staff("head", orgs.s1).await, &all, "/hq/east/");
        let mut tx = t.tx(&Actor::system("seed")).await;
        billing::publish_demonstration(&mut tx).await.unwrap();
        let mut seasons = Vec::new();
        for year in [2025, 2026] {
            let at = |y: i32, md: &str| format!("{y}-{md}T04:00:00Z").parse().unwrap();
            let code = format!("{year}-{}", year + 1);
            let (from, to) = (at(year, "11-10"), at(year + 1, "03-20"));
            seasons.push(ledger::add_season(&mut tx, &code, from, to).await.unwrap());
        }
        tx.commit().await.unwrap();
        let (last, season) = (seasons[0], seasons[1]);
        Self { t, orgs, last, season, wang, li, zhao, cashier, other, head }
    }

    /// A house whose cashier's turn is open and who has receipts.
    pub async fn open() -> Self {
        let house = Self::new().await;
        house.shift(&house.cashier, 20_000).await.unwrap();
        house.numbers(house.cashier.user, "A", 1, 500).await.unwrap();
        house
    }

    pub async fn shift(&self, by: &Actor, float: i64) -> Result<CashShift> {
        let mut tx = self.t.tx(by).await;
        let shift = service::open_shift(&mut tx, "1号窗口", fen(float)).await?;
        tx.commit().await?;
        Ok(shift)
    }

    pub async fn numbers(
        &self,
        cashier_id: Option<UserId>,
        prefix: &str,
        first_no: i64,
        last_no: i64,
    ) -> Result<Uuid> {
        let mut tx = self.t.tx(&self.head).await;
        let prefix = prefix.to_owned();
        let new = NewRange { cashier_id, prefix, digits: 7, first_no, last_no };
        let id = service::give_numbers(&mut tx, new).await?;
        tx.commit().await?;
        Ok(id)
    }

    /// Charges an account for a season.
    pub async fn charge(&self, account: AccountId, season: SeasonId, item: &str, amount: i64) {
        let mut tx = self.t.tx(&Actor::system("seed")).await;
        let owed = Line::customer(Ledger::Receivable, account, item, fen(amount));
        let posting = Posting {
            source: "test_charge".to_owned(),
            source_id: Uuid::new_v4().to_string(),
            corrects_id: None,
            memo: String::new(),
            channel: None,
            valid_on: "2026-10-15".parse().unwrap(),
            lines: vec![
                owed.of_season(season),
                Line::house(Ledger::Revenue, item, fen(-amount)).of_season(season),
            ],
        };
        ledger::post(&mut tx, posting).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn take(&self, by: &Actor, cmd: Take) -> Result<Taken> {
        let mut tx = self.t.tx(by).await;
        let taken = service::take(&mut tx, cmd).await?;
        tx.commit().await?;
        Ok(taken)
    }

    pub async fn reverse(&self, by: &Actor, id: PaymentOrderId) -> Result<PaymentOrder> {
        let mut tx = self.t.tx(by).await;
        let order = service::reverse(&mut tx, id, "收错户").await?;
        tx.commit().await?;
        Ok(order)
    }

    /// What an account owes in the book, less what it has paid ahead.
    pub async fn owes(&self, account: AccountId) -> i64 {
        let sum = "select coalesce(sum(amount_fen), 0)::bigint from ledger.entry
                   where account_id = $1 and ledger in ('receivable', 'advance')";
        sqlx::query_scalar(sum).bind(*account).fetch_one(&self.t.app.pool).await.unwrap()
    }

    /// Every account of the book with its sum.
    pub async fn sums(&self) -> BTreeMap<String, i64> {
        let sum = "select ledger, sum(amount_fen)::bigint from ledger.entry group by ledger
                   having sum(amount_fen) <> 0";
        let rows: Vec<(String, i64)> =
            sqlx::query_as(sum).fetch_all(&self.t.app.pool).await.unwrap();
        rows.into_iter().collect()
    }

    pub async fn count(&self, what: &str) -> i64 {
        let sql = format!("select count(*) from {what}");
        sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(&self.t.app.pool).await.unwrap()
    }

    pub async fn receipt_of(&self, id: PaymentOrderId) -> Receipt {
        let mut tx = self.t.tx(&self.head).await;
        service::payment(&mut tx, id).await.unwrap().receipts.pop().unwrap()
    }

    /// Nothing is out of balance, whatever happened.
    pub async fn check_book(&self) {
        let wrong = self
            .count("(select posting_id from ledger.entry group by 1 having sum(amount_fen) <> 0) x")
            .await;
        assert_eq!(wrong, 0, "a posting does not balance");
        let total: i64 = self.sums().await.values().sum();
        assert_eq!(total, 0);
    }

    /// So many more households in the unit of the first ones.
    pub async fn estate(&self, many: usize) -> Vec<AccountId> {
        let unit: Uuid = sqlx::query_scalar(
            "select unit_id from directory.premise m join directory.account a on a.premise_id = m.id
             where a.id = $1",
        )
        .bind(*self.wang)
        .fetch_one(&self.t.app.pool)
        .await
        .unwrap();
        let mut accounts = Vec::with_capacity(many);
        for n in 0..many {
            let account = household(&self.t, unit, &format!("x{n:04}"), "/hq/east/s1/").await;
            accounts.push(account);
        }
        accounts
    }
}

async fn unit(t: &TestApp, org_path: &str) -> Uuid {
    let mut parent: Option<Uuid> = None;
    for (kind, name) in [("community", "阳光小区"), ("building", "3号楼"), ("unit", "2单元")]
    {
        let id: Uuid = t.app.new_id();
        sqlx::query(
            "insert into directory.place (id, parent_id, kind, code, name, org_path, lng, lat)
             values ($1, $2, $3, $4, $5, $6, 113.3, 40.1)",
        )
        .bind(id)
        .bind(parent)
        .bind(kind)
        .bind(id.to_string())
        .bind(name)
        .bind(org_path)
        .execute(&t.app.pool)
        .await
        .unwrap();
        parent = Some(id);
    }
    parent.unwrap()
}

async fn household(t: &TestApp, unit: Uuid, room: &str, org_path: &str) -> AccountId {
    let [premise, person, account]: [Uuid; 3] = std::array::from_fn(|_| t.app.new_id());
    sqlx::query(
        "with person as (insert into directory.person (id, name) values ($1, '住户')),
         premise as (
           insert into directory.premise
             (id, unit_id, code, floor, room, address, building_area, heated_area,
              user_class, heating_manner, valve_state, org_path, lng, lat)
           values ($2, $4, $7 || $5, 6, $5, '阳光小区3号楼2单元' || $5, 90, 88,
                   'resident', 'radiator', 'open', $6, 113.3, 40.1))
         insert into directory.account
           (id, account_no, premise_id, person_id, heat_use_state, org_path, grams, opened_on)
         values ($3, $7 || $5, $2, $1, 'using', $6, '{}', date '2020-10-01')",
    )
    .bind(person)
    .bind(premise)
    .bind(account)
    .bind(unit)
    .bind(room)
    .bind(org_path)
    .bind(unit.simple().to_string())
    .execute(&t.app.pool)
    .await
    .unwrap();
    account.into()
}
