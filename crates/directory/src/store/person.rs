//! People and bodies, and their numbers.

use crate::PersonPatch;
use kernel::{AccountId, Error, PersonId, Result, Scope, Tx};
use uuid::Uuid;

/// A person as he is before a change.
pub(crate) struct PersonRow {
    pub kind: String,
    pub name: String,
    pub id_number: Option<String>,
    pub customer_type: Option<String>,
    pub relation_level: Option<String>,
    pub signatory: Option<String>,
    pub tax_number: Option<String>,
}

/// A person whom nobody else changes until this transaction ends; he is in sight when one of his
/// households is, or none is anywhere.
pub(crate) async fn lock_person(tx: &mut Tx, id: PersonId, scope: &Scope) -> Result<PersonRow> {
    sqlx::query_as!(
        PersonRow,
        "select kind, name, id_number, customer_type, relation_level, signatory, tax_number
         from directory.person p
         where id = $1 and merged_into is null
           and (exists (select from directory.account a
                        where a.person_id = p.id and a.org_path ^@ any($2))
                or not exists (select from directory.account a where a.person_id = p.id))
         for update",
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("person"))
}

/// A new person with that much known.
pub(crate) async fn insert_person(tx: &mut Tx, new: &PersonPatch) -> Result<PersonId> {
    let id: PersonId = tx.new_id();
    sqlx::query!(
        "insert into directory.person
           (id, kind, name, id_number, customer_type, signatory, tax_number, relation_level)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *id,
        new.kind.as_deref().unwrap_or("natural"),
        new.name.as_deref().unwrap_or_default().trim(),
        new.id_number,
        new.customer_type,
        new.signatory,
        new.tax_number,
        new.relation_level,
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

/// Writes a person anew.
pub(crate) async fn update_person(tx: &mut Tx, id: PersonId, row: &PersonRow) -> Result<()> {
    sqlx::query!(
        "update directory.person set kind = $2, name = $3, id_number = $4, customer_type = $5,
           signatory = $6, tax_number = $7, relation_level = $8 where id = $1",
        *id,
        row.kind,
        row.name,
        row.id_number,
        row.customer_type,
        row.signatory,
        row.tax_number,
        row.relation_level,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The accounts that a person holds today, and their organisations.
pub(crate) async fn held_by(tx: &mut Tx, id: PersonId) -> Result<Vec<(AccountId, String)>> {
    let rows = sqlx::query!(
        "select id, org_path from directory.account where person_id = $1 order by id",
        *id
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.org_path)).collect())
}

/// Gives a person a number, or its label anew.
pub(crate) async fn set_phone(tx: &mut Tx, id: PersonId, number: &str, label: &str) -> Result<()> {
    sqlx::query!(
        "insert into directory.phone (person_id, number, label) values ($1, $2, $3)
         on conflict (person_id, number) do update set label = excluded.label",
        *id,
        number,
        label,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Takes a person's number, known whole or as it is masked; says which it was.
pub(crate) async fn drop_phone(tx: &mut Tx, id: PersonId, number: &str) -> Result<bool> {
    let numbers = sqlx::query_scalar!(
        "select number from directory.phone where person_id = $1 order by number",
        *id
    )
    .fetch_all(tx.db())
    .await?;
    let meant = |n: &&String| n.as_str() == number || crate::mask_phone(n) == number;
    let mut meant = numbers.iter().filter(meant);
    let (Some(one), None) = (meant.next(), meant.next()) else { return Ok(false) };
    sqlx::query!("delete from directory.phone where person_id = $1 and number = $2", *id, one)
        .execute(tx.db())
        .await?;
    Ok(true)
}

/// Whether a person exists and is not another row's double.
pub(crate) async fn person_is(tx: &mut Tx, id: PersonId) -> Result<bool> {
    let is = sqlx::query_scalar!(
        r#"select exists (select from directory.person where id = $1 and merged_into is null)
             as "is!""#,
        *id
    )
    .fetch_one(tx.db())
    .await?;
    Ok(is)
}

/// Account ids as bare ids.
pub(crate) fn bare(ids: &[(AccountId, String)]) -> Vec<Uuid> {
    ids.iter().map(|(id, _)| **id).collect()
}
