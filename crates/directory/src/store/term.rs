//! Dictionaries and utilities.

use crate::{Term, Utility};
use kernel::{Error, Result, Tx};

/// The words of a dictionary, or of all.
pub(crate) async fn terms(tx: &mut Tx, dictionary: Option<&str>) -> Result<Vec<Term>> {
    let rows = sqlx::query_as!(
        Term,
        "select dictionary, code, zh, en, position, retired from directory.term
         where $1::text is null or dictionary = $1 order by dictionary, position, code",
        dictionary,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Whether all of these are words of that dictionary that are still offered.
pub(crate) async fn are_terms(tx: &mut Tx, dictionary: &str, codes: &[String]) -> Result<bool> {
    let are = sqlx::query_scalar!(
        r#"select not exists (
             select from unnest($2::text[]) c (code) where not exists (
               select from directory.term t
               where t.dictionary = $1 and t.code = c.code and not t.retired)) as "are!""#,
        dictionary,
        codes,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(are)
}

/// Writes a word; says what it was before.
pub(crate) async fn put_term(tx: &mut Tx, term: &Term) -> Result<Option<Term>> {
    let before = terms(tx, Some(&term.dictionary)).await?;
    sqlx::query!(
        "insert into directory.term (dictionary, code, zh, en, position, retired)
         values ($1, $2, $3, $4, $5, $6)
         on conflict (dictionary, code) do update
         set zh = excluded.zh, en = excluded.en, position = excluded.position,
             retired = excluded.retired",
        term.dictionary,
        term.code,
        term.zh,
        term.en,
        term.position,
        term.retired,
    )
    .execute(tx.db())
    .await?;
    Ok(before.into_iter().find(|t| t.code == term.code))
}

/// The companies under this roof.
pub(crate) async fn utilities(tx: &mut Tx) -> Result<Vec<Utility>> {
    let rows = sqlx::query_as!(
        Utility,
        r#"select code, company, hotline, org_id as "org_id: kernel::OrgId", arrive_minutes,
                  repair_minutes
           from directory.utility order by position('-' || code in '-heat-water-gas-power')"#,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Writes what a company promises.
pub(crate) async fn put_utility(tx: &mut Tx, utility: &Utility) -> Result<()> {
    let done = sqlx::query!(
        "update directory.utility
         set company = $2, hotline = $3, arrive_minutes = $4, repair_minutes = $5, org_id = $6
         where code = $1",
        utility.code,
        utility.company,
        utility.hotline,
        utility.arrive_minutes,
        utility.repair_minutes,
        utility.org_id.map(|o| *o),
    )
    .execute(tx.db())
    .await
    .map_err(|e| match super::constraint(&e) {
        Some("utility_org") => Error::NotFound("organisation"),
        _ => e.into(),
    })?;
    if done.rows_affected() == 0 { Err(Error::NotFound("utility")) } else { Ok(()) }
}
