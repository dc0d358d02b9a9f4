//! What the desks have in hand: business that runs, money whose owner is sought, holds, readings,
//! findings. Done through the house's own doors, each at its own hour and by whose work it is;
//! what a rule refuses is left out, as it would be at a desk.

mod fees;
mod home;

use crate::Plan;
use crate::company::Company;
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::clock::{local_date, start_of_day};
use kernel::{Actor, App, Channel, Clock, Error, Grant, Permission, Reach, Result, Tx};
use sqlx::PgPool;
use uuid::Uuid;

/// Beyond so many households a city is for measuring, and nobody looks at its desks.
pub(crate) const MOST: u32 = 50_000;

/// Money that came without a name: days ago, fen, who paid and what the slip says.
pub(crate) const SUSPENSE: &[(i64, i64, &str, &str)] = &[
    (26, 186_340, "李某", "热费"),
    (12, 244_800, "平城宏远物业有限公司", "代收取暖费 2 户"),
    (3, 158_720, "王建国", "暖气费 房号不清"),
];

/// The desks of the last weeks.
struct Desks<'a> {
    pool: &'a PgPool,
    company: &'a Company,
    now: DateTime<Utc>,
}

impl Desks<'_> {
    fn today(&self) -> NaiveDate {
        local_date(self.now)
    }

    /// Somebody at his desk at that hour, so many days ago.
    async fn at(&self, login: &str, days_ago: i64, hour: i64) -> Result<Tx> {
        let on = self.today() - TimeDelta::days(days_ago);
        self.on(login, on, hour).await
    }

    async fn on(&self, login: &str, on: NaiveDate, hour: i64) -> Result<Tx> {
        let staff = self.company.staff.iter().find(|s| s.login == login);
        let staff = staff.ok_or(Error::NotFound("staff"))?;
        let grant = |p: &Permission| Grant {
            key: p.key.to_owned(),
            path: "/".to_owned(),
            reach: Reach::Subtree,
        };
        let rooms = [
            directory::permissions::ALL,
            ledger::permissions::ALL,
            billing::permissions::ALL,
            payments::permissions::ALL,
        ];
        let actor = Actor {
            user: Some(staff.id.into()),
            name: staff.name.clone(),
            channel: Channel::Desk,
            grants: rooms.into_iter().flatten().map(grant).collect(),
        };
        let at = (start_of_day(on) + TimeDelta::hours(hour)).min(self.now);
        App::new(self.pool.clone(), Clock::fixed(at)).begin(actor).await
    }
}

/// Keeps what was done; what a rule refused never was.
async fn kept<T>(tx: Tx, done: Result<T>) -> Result<Option<T>> {
    match done {
        Ok(value) => {
            tx.commit().await?;
            Ok(Some(value))
        }
        Err(Error::Internal(e)) => Err(Error::Internal(e)),
        Err(_) => Ok(None),
    }
}

/// A household that owes nothing.
#[derive(Clone, Copy, sqlx::FromRow)]
struct Steady {
    id: Uuid,
    person_id: Uuid,
    premise_id: Uuid,
    /// Hundredths of a square metre.
    building: i64,
}

/// A household that owes for heat, and for which season.
#[derive(Clone, Copy, sqlx::FromRow)]
struct Owing {
    id: Uuid,
    season_id: Uuid,
    fen: i64,
}

/// Tells it all.
pub(crate) async fn tell(pool: &PgPool, plan: &Plan, company: &Company) -> Result<()> {
    let desks = Desks { pool, company, now: plan.now };
    let steady: Vec<Steady> = sqlx::query_as(
        "with owed as (select account_id, sum(amount_fen) as fen from ledger.entry
                       where ledger = 'receivable' group by account_id)
         select a.id, a.person_id, a.premise_id, (m.building_area * 100)::bigint as building
         from directory.account a join owed o on o.account_id = a.id and o.fen = 0
         join directory.premise m on m.id = a.premise_id and m.user_class = 'resident'
         where a.heat_use_state = 'using' and m.building_area < 500
         order by a.account_no desc limit 60",
    )
    .fetch_all(pool)
    .await?;
    let owing = |newest: &'static str| {
        let sql = format!(
            "select e.account_id as id, e.season_id, sum(e.amount_fen)::bigint as fen
             from ledger.entry e join directory.account a on a.id = e.account_id
             where e.ledger = 'receivable' and e.item = 'heat' and e.season_id {newest}
               (select id from ledger.season order by starts_at desc limit 1)
             group by e.account_id, e.season_id, a.account_no
             having sum(e.amount_fen) between 50000 and 2000000
             order by a.account_no desc, e.season_id limit 120"
        );
        sqlx::query_as(sqlx::AssertSqlSafe(sql))
    };
    let late: Vec<Owing> = owing("=").fetch_all(pool).await?;
    let mut old: Vec<Owing> = owing("<>").fetch_all(pool).await?;
    old.dedup_by_key(|o| o.id);
    home::applications(&desks, &steady, &old).await?;
    home::holds(&desks, &late).await?;
    home::readings(&desks).await?;
    home::address_book(&desks).await?;
    fees::openings(&desks).await?;
    fees::adjustments(&desks, &steady, &late, &old).await?;
    fees::suspense(&desks, &late).await?;
    fees::refunds(&desks).await?;
    fees::collection(&desks, &old).await?;
    let mut tx = desks.at("finance01", 1, 8).await?;
    let found = directory::scan(&mut tx).await;
    kept(tx, found).await?;
    Ok(())
}
