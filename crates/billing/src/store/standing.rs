//! How a household stands when something is applied for: read from the rooms below.

use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Error, PremiseId, Result, Scope, SeasonId, Tx};

/// A season that something could be for.
#[derive(Clone, Debug)]
pub(crate) struct SeasonRow {
    pub id: SeasonId,
    pub code: String,
    pub starts_at: DateTime<Utc>,
}

/// The season that runs on that instant or comes next; the last one when none comes.
pub(crate) async fn season_at(tx: &mut Tx, at: DateTime<Utc>) -> Result<Option<SeasonRow>> {
    let row = sqlx::query_as!(
        SeasonRow,
        "select id, code, starts_at from ledger.season
         order by ends_at <= $1,
                  case when ends_at > $1 then starts_at end,
                  starts_at desc
         limit 1",
        at,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row)
}

/// A season by its id.
pub(crate) async fn season(tx: &mut Tx, id: SeasonId) -> Result<SeasonRow> {
    let row = sqlx::query_as!(
        SeasonRow,
        "select id, code, starts_at from ledger.season where id = $1",
        *id,
    )
    .fetch_optional(tx.db())
    .await?;
    row.ok_or(Error::NotFound("season"))
}

/// A household as business meets it.
#[derive(Clone, Debug)]
pub(crate) struct Household {
    pub account_no: String,
    pub name: String,
    pub phone: Option<String>,
    pub org_path: String,
    pub user_class: String,
    pub charge_type: String,
    pub valve_state: String,
}

/// A household in sight.
pub(crate) async fn household(tx: &mut Tx, account: AccountId, scope: &Scope) -> Result<Household> {
    let row = sqlx::query_as!(
        Household,
        r#"select a.account_no, p.name, a.org_path, m.user_class, a.charge_type, m.valve_state,
                  (select min(number) from directory.phone f where f.person_id = p.id) as phone
           from directory.account a
           join directory.person p on p.id = a.person_id
           join directory.premise m on m.id = a.premise_id
           where a.id = $1 and a.org_path ^@ any($2)"#,
        *account,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?;
    row.ok_or(Error::NotFound("household"))
}

/// The number under which the heating company is reached.
pub(crate) async fn hotline(tx: &mut Tx) -> Result<Option<String>> {
    let number = sqlx::query_scalar!("select hotline from directory.utility where code = 'heat'")
        .fetch_optional(tx.db())
        .await?;
    Ok(number)
}

/// Whether there is such a person.
pub(crate) async fn person_exists(tx: &mut Tx, person: kernel::PersonId) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (select from directory.person where id = $1) as "found!""#,
        *person,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(found)
}

/// The rooms that an account holds on a day.
pub(crate) async fn rooms_on(
    tx: &mut Tx,
    account: AccountId,
    on: NaiveDate,
) -> Result<Vec<PremiseId>> {
    let rooms = sqlx::query_scalar!(
        r#"select premise_id as "premise_id: PremiseId" from directory.account_room
           where account_id = $1 and superseded_at = 'infinity'
             and valid_from <= $2 and valid_to > $2
           order by premise_id"#,
        *account,
        on,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rooms)
}

/// How many households of the same building unit there are, and how many of them are stopped,
/// this one left out.
pub(crate) async fn unit_shares(tx: &mut Tx, account: AccountId) -> Result<(i64, i64)> {
    let row = sqlx::query!(
        r#"select count(*) as "all!",
                  count(*) filter (where o.heat_use_state in ('stopped', 'forced_stop')
                                   and o.id <> $1) as "stopped!"
           from directory.account a
           join directory.premise m on m.id = a.premise_id
           join directory.premise n on n.unit_id = m.unit_id
           join directory.account o on o.premise_id = n.id and o.utility = a.utility
           where a.id = $1"#,
        *account,
    )
    .fetch_one(tx.db())
    .await?;
    Ok((row.all, row.stopped))
}

/// Stops of this season that count or wait for the valve.
pub(crate) async fn stops_in(tx: &mut Tx, account: AccountId, season: SeasonId) -> Result<i64> {
    let many = sqlx::query_scalar!(
        r#"select count(*) as "many!" from billing.application
           where account_id = $1 and season_id = $2 and kind = 'stop'
             and state in ('approved', 'done')"#,
        *account,
        *season,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(many)
}
