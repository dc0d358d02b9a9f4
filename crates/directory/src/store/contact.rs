//! The address book.

use crate::{BookContact, ContactEntry, grams};
use kernel::{Error, Result, Scope, Tx};
use uuid::Uuid;

fn pieces(e: &ContactEntry) -> Vec<String> {
    let all = format!("{} {} {} {}", e.name, e.organisation, e.post, e.phone);
    grams(&all)
}

/// Entries in sight that have all of these pieces and that group, by name.
pub(crate) async fn contacts(
    tx: &mut Tx,
    wanted: &[String],
    part: &str,
    group: Option<&str>,
    scope: &Scope,
) -> Result<Vec<BookContact>> {
    let rows = sqlx::query_as!(
        BookContact,
        "select id, name, organisation, post, phone, email, groups, note from directory.contact
         where removed_at is null and (org_path ^@ any($4)
               or exists (select from unnest($4::text[]) p (path) where p.path ^@ org_path))
           and grams @> $1
           and ($2 = '' or strpos(lower(name || organisation || post || phone), $2) > 0)
           and ($3::text is null or $3 = any(groups))
         order by name, id limit 200",
        wanted,
        part,
        group,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// A new entry, or an old one anew.
pub(crate) async fn put_contact(
    tx: &mut Tx,
    id: Option<Uuid>,
    e: &ContactEntry,
    org_path: &str,
    scope: &Scope,
) -> Result<Uuid> {
    let (now, grams) = (tx.now(), pieces(e));
    let row = id.unwrap_or_else(|| tx.new_id());
    let done = sqlx::query!(
        "insert into directory.contact as c
           (id, name, organisation, post, phone, email, groups, note, grams, org_path, updated_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         on conflict (id) do update
         set name = excluded.name, organisation = excluded.organisation, post = excluded.post,
             phone = excluded.phone, email = excluded.email, groups = excluded.groups,
             note = excluded.note, grams = excluded.grams, updated_at = excluded.updated_at
         where c.removed_at is null and c.org_path ^@ any($12)",
        row,
        e.name.trim(),
        e.organisation.trim(),
        e.post.trim(),
        e.phone,
        e.email.trim(),
        &e.groups,
        e.note.trim(),
        &grams,
        org_path,
        now,
        &scope.paths,
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 0 { Err(Error::NotFound("contact")) } else { Ok(row) }
}

/// Whether an entry is there and in sight.
pub(crate) async fn contact_is(tx: &mut Tx, id: Uuid, scope: &Scope) -> Result<()> {
    sqlx::query_scalar!(
        "select id from directory.contact
         where id = $1 and removed_at is null and org_path ^@ any($2)",
        id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .map(drop)
    .ok_or(Error::NotFound("contact"))
}

/// Takes an entry out of the book.
pub(crate) async fn remove_contact(tx: &mut Tx, id: Uuid) -> Result<()> {
    let now = tx.now();
    sqlx::query!("update directory.contact set removed_at = $2 where id = $1", id, now)
        .execute(tx.db())
        .await?;
    Ok(())
}
