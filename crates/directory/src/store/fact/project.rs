//! The current rows: what is believed now about today.

use chrono::NaiveDate;
use kernel::{AccountId, PremiseId, Result, Tx};
use uuid::Uuid;

/// Brings accounts' rows in line with the versions of that day.
pub(crate) async fn project_accounts(tx: &mut Tx, ids: &[Uuid], on: NaiveDate) -> Result<()> {
    sqlx::query!(
        "update directory.account a
         set person_id = v.person_id, heat_use_state = v.heat_use_state,
             network_state = v.network_state, charge_type = v.charge_type,
             low_income = v.low_income
         from directory.account_version v
         where a.id = any($1) and v.account_id = a.id and v.superseded_at = 'infinity'
           and v.valid_from <= $2 and v.valid_to > $2",
        ids,
        on,
    )
    .execute(tx.db())
    .await?;
    // The main room stays as long as it is held; then the first of the others is the main one.
    sqlx::query!(
        "update directory.account a
         set premise_id = (select r.premise_id from directory.account_room r
                           where r.account_id = a.id and r.superseded_at = 'infinity'
                             and r.valid_from <= $2 and r.valid_to > $2
                           order by r.valid_from, r.premise_id limit 1)
         where a.id = any($1)
           and exists (select from directory.account_room r
                       where r.account_id = a.id and r.superseded_at = 'infinity'
                         and r.valid_from <= $2 and r.valid_to > $2)
           and not exists (select from directory.account_room r
                           where r.account_id = a.id and r.premise_id = a.premise_id
                             and r.superseded_at = 'infinity'
                             and r.valid_from <= $2 and r.valid_to > $2)",
        ids,
        on,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Brings a room's row in line with its versions of that day.
pub(crate) async fn project_premise(tx: &mut Tx, id: PremiseId, on: NaiveDate) -> Result<()> {
    sqlx::query!(
        "update directory.premise p
         set building_area = v.building_area, usable_area = v.usable_area,
             heated_area = v.heated_area, charged_area = v.charged_area,
             storey_height = v.storey_height, user_class = v.user_class,
             heating_manner = v.heating_manner
         from directory.premise_version v
         where p.id = $1 and v.premise_id = p.id and v.superseded_at = 'infinity'
           and v.valid_from <= $2 and v.valid_to > $2",
        *id,
        on,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The accounts and rooms of which something begins on one of these days.
pub(crate) async fn turning(
    tx: &mut Tx,
    after: NaiveDate,
    until: NaiveDate,
) -> Result<(Vec<Uuid>, Vec<Uuid>)> {
    let accounts = sqlx::query_scalar!(
        r#"select account_id as "id!: Uuid" from directory.account_version
           where superseded_at = 'infinity' and change_id is not null
             and valid_from > $1 and valid_from <= $2
           union
           select account_id from directory.account_room
           where superseded_at = 'infinity' and change_id is not null
             and valid_from > $1 and valid_from <= $2
           union
           select account_id from directory.account_room
           where superseded_at = 'infinity' and change_id is not null
             and valid_to > $1 and valid_to <= $2"#,
        after,
        until,
    )
    .fetch_all(tx.db())
    .await?;
    let premises = sqlx::query_scalar!(
        r#"select distinct premise_id as "id!: Uuid" from directory.premise_version
           where superseded_at = 'infinity' and change_id is not null
             and valid_from > $1 and valid_from <= $2"#,
        after,
        until,
    )
    .fetch_all(tx.db())
    .await?;
    Ok((accounts, premises))
}

/// What the search pieces of these accounts are made of.
pub(crate) struct Searched {
    pub id: AccountId,
    pub name: String,
    pub address: String,
    pub org_path: String,
    pub phones: Vec<String>,
}

/// What the search pieces of these accounts are made of.
pub(crate) async fn searched(tx: &mut Tx, ids: &[Uuid]) -> Result<Vec<Searched>> {
    let rows = sqlx::query_as!(
        Searched,
        r#"select a.id, p.name, pr.address, a.org_path,
                array(select number from directory.phone f where f.person_id = p.id) as "phones!"
         from directory.account a
         join directory.person p on p.id = a.person_id
         join directory.premise pr on pr.id = a.premise_id where a.id = any($1)"#,
        ids,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Writes an account's search pieces.
pub(crate) async fn set_grams(tx: &mut Tx, id: AccountId, grams: &[String]) -> Result<()> {
    sqlx::query!("update directory.account set grams = $2 where id = $1", *id, grams)
        .execute(tx.db())
        .await?;
    Ok(())
}
