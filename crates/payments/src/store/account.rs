//! The accounts that pay.

use kernel::{AccountId, Result, Scope, SeasonId, Tx, UserId};
use uuid::Uuid;

/// An account as the counter names it.
#[derive(Clone, Debug)]
pub(crate) struct AccountRow {
    pub id: AccountId,
    pub account_no: String,
    pub name: String,
    pub address: String,
    pub heat_use_state: String,
    pub heated_area: String,
    pub tags: Vec<String>,
    pub org_path: String,
}

fn ids(accounts: &[AccountId]) -> Vec<Uuid> {
    accounts.iter().map(|a| **a).collect()
}

/// Makes everybody else who takes money for one of these accounts wait until this is over. Rows
/// are taken in one order by all, so that nobody waits for somebody who waits for him.
pub(crate) async fn lock_accounts(tx: &mut Tx, accounts: &[AccountId]) -> Result<()> {
    sqlx::query!(
        "select id from directory.account where id = any($1) order by id for no key update",
        &ids(accounts),
    )
    .fetch_all(tx.db())
    .await?;
    Ok(())
}

/// Who was charged for the season and has paid ahead.
pub(crate) async fn charged_with_credit(tx: &mut Tx, season: SeasonId) -> Result<Vec<AccountId>> {
    let rows = sqlx::query_scalar!(
        r#"select e.account_id as "account_id!: AccountId" from ledger.entry e
           where e.ledger = 'advance' and exists (
             select from billing.charge c
             where c.account_id = e.account_id and c.season_id = $1)
           group by e.account_id having sum(e.amount_fen) < 0 order by e.account_id"#,
        *season,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// These accounts, as far as they are in sight, by id.
pub(crate) async fn accounts(
    tx: &mut Tx,
    scope: &Scope,
    accounts: &[AccountId],
) -> Result<Vec<AccountRow>> {
    let rows = sqlx::query_as!(
        AccountRow,
        r#"select a.id as "id: AccountId", a.account_no, p.name, m.address, a.heat_use_state,
                  m.heated_area::text as "heated_area!", a.tags, a.org_path
           from directory.account a
           join directory.person p on p.id = a.person_id
           join directory.premise m on m.id = a.premise_id
           where a.id = any($1) and a.org_path ^@ any($2)
           order by a.account_no"#,
        &ids(accounts),
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// The accounts of these numbers, in sight.
pub(crate) async fn by_numbers(
    tx: &mut Tx,
    scope: &Scope,
    numbers: &[String],
) -> Result<Vec<(AccountId, String)>> {
    let rows = sqlx::query!(
        r#"select id as "id: AccountId", account_no from directory.account
           where account_no = any($1) and org_path ^@ any($2)"#,
        numbers,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.account_no)).collect())
}

/// Those of them that stand on the blacklist, with the reason.
pub(crate) async fn blacklisted(
    tx: &mut Tx,
    accounts: &[AccountId],
) -> Result<Vec<(AccountId, String)>> {
    let rows = sqlx::query!(
        r#"select account_id as "account_id: AccountId", reason from directory.blacklist
           where account_id = any($1) and lifted_at is null"#,
        &ids(accounts),
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.account_id, r.reason)).collect())
}

/// The year in which the newest season begins that people pay for already.
pub(crate) async fn current_season(tx: &mut Tx) -> Result<i32> {
    let horizon = tx.now() + chrono::TimeDelta::days(180);
    let year = sqlx::query_scalar!(
        r#"select coalesce(extract(year from max(starts_at) at time zone 'Asia/Shanghai')::integer,
                           0) as "year!"
           from ledger.season where starts_at <= $1"#,
        horizon,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(year)
}

/// Where somebody works, and what he is called.
pub(crate) async fn workplace(tx: &mut Tx, who: UserId) -> Result<(String, String)> {
    let row = sqlx::query!(
        "select o.path, s.name from identity.staff s join identity.org o on o.id = s.org_id
         where s.id = $1",
        *who,
    )
    .fetch_one(tx.db())
    .await?;
    Ok((row.path, row.name))
}
