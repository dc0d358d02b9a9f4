//! Two rows made one.

use crate::Merge;
use kernel::{AccountId, Error, PremiseId, Result, Scope, Tx};
use serde_json::Value;
use uuid::Uuid;

/// A person or room that may be merged.
pub(crate) struct Side {
    pub id: Uuid,
    pub merged_into: Option<Uuid>,
    pub id_number: Option<String>,
    pub org_path: Option<String>,
}

/// Two people, locked in the order of their ids; in sight when one of their households is.
pub(crate) async fn lock_people(tx: &mut Tx, two: [Uuid; 2], scope: &Scope) -> Result<Vec<Side>> {
    sqlx::query!("select id from directory.person where id = any($1) order by id for update", &two)
        .fetch_all(tx.db())
        .await?;
    let sides = sqlx::query_as!(
        Side,
        r#"select p.id as "id: Uuid", p.merged_into, p.id_number,
                  (select min(org_path) from directory.account a
                   where a.person_id = p.id and a.org_path ^@ any($2)) as org_path
           from directory.person p
           where p.id = any($1)
             and (exists (select from directory.account a
                          where a.person_id = p.id and a.org_path ^@ any($2))
                  or not exists (select from directory.account a where a.person_id = p.id))"#,
        &two,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    if sides.len() == 2 { Ok(sides) } else { Err(Error::NotFound("person")) }
}

/// Two rooms, locked in the order of their ids.
pub(crate) async fn lock_premises(tx: &mut Tx, two: [Uuid; 2], scope: &Scope) -> Result<Vec<Side>> {
    let sides = sqlx::query_as!(
        Side,
        r#"select id as "id: Uuid", merged_into, null::text as id_number, org_path
           from directory.premise where id = any($1) and org_path ^@ any($2)
           order by id for update"#,
        &two,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    if sides.len() == 2 { Ok(sides) } else { Err(Error::NotFound("premise")) }
}

/// Says that a person is another row's double, or no longer.
pub(crate) async fn set_person_merged(tx: &mut Tx, id: Uuid, into: Option<Uuid>) -> Result<()> {
    sqlx::query!("update directory.person set merged_into = $2 where id = $1", id, into)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Says that a room is another row's double, or no longer.
pub(crate) async fn set_premise_merged(tx: &mut Tx, id: Uuid, into: Option<Uuid>) -> Result<()> {
    sqlx::query!("update directory.premise set merged_into = $2 where id = $1", id, into)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// Accounts that are believed to be, or to have been, a person's.
pub(crate) async fn accounts_ever_of(tx: &mut Tx, person: Uuid) -> Result<Vec<AccountId>> {
    let ids = sqlx::query_scalar!(
        r#"select distinct account_id as "id!: AccountId" from directory.account_version
           where person_id = $1 and superseded_at = 'infinity' order by 1"#,
        person
    )
    .fetch_all(tx.db())
    .await?;
    Ok(ids)
}

/// Accounts that are believed to hold, or to have held, a room.
pub(crate) async fn accounts_ever_in(tx: &mut Tx, premise: PremiseId) -> Result<Vec<AccountId>> {
    let ids = sqlx::query_scalar!(
        r#"select distinct account_id as "id!: AccountId" from directory.account_room
           where premise_id = $1 and superseded_at = 'infinity' order by 1"#,
        *premise
    )
    .fetch_all(tx.db())
    .await?;
    Ok(ids)
}

/// Moves the numbers that the other does not have; says which.
pub(crate) async fn move_phones(tx: &mut Tx, from: Uuid, to: Uuid) -> Result<Vec<String>> {
    let moved = sqlx::query_scalar!(
        "update directory.phone f set person_id = $2
         where f.person_id = $1
           and not exists (select from directory.phone o
                           where o.person_id = $2 and o.number = f.number)
         returning number",
        from,
        to,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(moved)
}

/// Moves these numbers back, as far as they are still there.
pub(crate) async fn move_back(tx: &mut Tx, from: Uuid, to: Uuid, which: &[String]) -> Result<()> {
    sqlx::query!(
        "update directory.phone set person_id = $2 where person_id = $1 and number = any($3)",
        from,
        to,
        which,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Moves meters from one room to another: these, or all; says which.
pub(crate) async fn move_meters(
    tx: &mut Tx,
    from: Uuid,
    to: Uuid,
    which: Option<&[Uuid]>,
) -> Result<Vec<Uuid>> {
    let moved = sqlx::query_scalar!(
        "update directory.meter set premise_id = $2
         where premise_id = $1 and ($3::uuid[] is null or id = any($3)) returning id",
        from,
        to,
        which,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(moved)
}

/// Makes another room the main one of accounts; says of which.
pub(crate) async fn move_main(
    tx: &mut Tx,
    from: Uuid,
    to: Uuid,
    which: Option<&[Uuid]>,
) -> Result<Vec<Uuid>> {
    let moved = sqlx::query_scalar!(
        r#"update directory.account set premise_id = $2
           where premise_id = $1 and ($3::uuid[] is null or id = any($3))
           returning id as "id: Uuid""#,
        from,
        to,
        which,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(moved)
}

/// A merge as it was done.
pub(crate) struct MergeRow {
    pub id: Uuid,
    pub subject: String,
    pub kept_id: Uuid,
    pub gone_id: Uuid,
    pub change_id: Uuid,
    pub moved: Value,
}

/// Keeps what was moved.
pub(crate) async fn insert_merge(tx: &mut Tx, row: &MergeRow) -> Result<()> {
    let (by, now) = (tx.actor().user.map(|u| *u), tx.now());
    sqlx::query!(
        "insert into directory.merge
           (id, subject, kept_id, gone_id, change_id, moved, merged_at, merged_by)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        row.id,
        row.subject,
        row.kept_id,
        row.gone_id,
        row.change_id,
        row.moved,
        now,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// A merge that nobody else undoes until this transaction ends, and whether it was undone.
pub(crate) async fn lock_merge(tx: &mut Tx, id: Uuid) -> Result<(MergeRow, bool)> {
    let r = sqlx::query!(
        r#"select id, subject, kept_id, gone_id, change_id, moved,
                  undone_at is not null as "undone!"
           from directory.merge where id = $1 for update"#,
        id
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("merge"))?;
    let row = MergeRow {
        id: r.id,
        subject: r.subject,
        kept_id: r.kept_id,
        gone_id: r.gone_id,
        change_id: r.change_id,
        moved: r.moved,
    };
    Ok((row, r.undone))
}

/// Says that a merge was undone.
pub(crate) async fn set_undone(tx: &mut Tx, id: Uuid) -> Result<()> {
    let (by, now) = (tx.actor().user.map(|u| *u), tx.now());
    sqlx::query!(
        "update directory.merge set undone_at = $2, undone_by = $3 where id = $1",
        id,
        now,
        by,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The last merges, newest first.
pub(crate) async fn merges(tx: &mut Tx, scope: &Scope) -> Result<Vec<Merge>> {
    let rows = sqlx::query_as!(
        Merge,
        r#"select m.id, m.subject, m.kept_id, m.gone_id,
                  coalesce(p.name, pr.address, '') as "title!", c.reason, c.actor as who,
                  m.merged_at, m.undone_at
           from directory.merge m
           join directory.change c on c.id = m.change_id
           left join directory.person p on p.id = m.kept_id
           left join directory.premise pr on pr.id = m.kept_id
           where (pr.id is not null and pr.org_path ^@ any($1))
              or exists (select from directory.account a
                         where a.person_id = m.kept_id and a.org_path ^@ any($1))
           order by m.merged_at desc, m.id desc limit 200"#,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}
