//! Lists for collectors, and what came of each door. Who may collect sees the lists of his
//! organisation, and those that he was given wherever they were made.

use crate::{CollectionContact, CollectionDoor, CollectionList, ContactWay, VisitResult};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{AccountId, Error, Fen, OnConstraint, PlaceId, Result, Scope, Tx, UserId};
use uuid::Uuid;

/// A list to be written.
pub(crate) struct NewList<'a> {
    pub id: Uuid,
    pub org_path: &'a str,
    pub place: Option<PlaceId>,
    pub title: &'a str,
    pub collector: UserId,
    pub due_on: NaiveDate,
}

/// Writes a list with its doors; gives its number.
pub(crate) async fn insert_collection(
    tx: &mut Tx,
    new: NewList<'_>,
    doors: &[(AccountId, Fen)],
) -> Result<String> {
    let now = tx.now();
    let by = tx.actor().user.map(|u| *u);
    let day = kernel::clock::local_date(now).format("%Y%m%d").to_string();
    let no = sqlx::query_scalar!(
        "insert into payments.collection_list
           (id, no, org_path, place_id, title, collector_id, due_on, made_by, made_at)
         values ($1, 'CJ' || $2 || '-' || kernel.padded(nextval('payments.collection_no'), 4),
                 $3, $4, $5, $6, $7, $8, $9)
         returning no",
        new.id,
        day,
        new.org_path,
        new.place.map(|p| *p),
        new.title,
        *new.collector,
        new.due_on,
        by,
        now,
    )
    .fetch_one(tx.db())
    .await
    .on_constraint("collection_list_collector", Error::NotFound("staff"))?;
    let accounts: Vec<Uuid> = doors.iter().map(|d| *d.0).collect();
    let owed: Vec<i64> = doors.iter().map(|d| d.1.get()).collect();
    sqlx::query!(
        "insert into payments.collection_item (list_id, account_id, owed_fen)
         select $1, t.account, t.owed from unnest($2::uuid[], $3::bigint[]) as t (account, owed)",
        new.id,
        &accounts,
        &owed,
    )
    .execute(tx.db())
    .await?;
    Ok(no)
}

/// Lists with how far they are: one's own, or those of an organisation.
pub(crate) async fn collections(
    tx: &mut Tx,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<CollectionList>> {
    let me = tx.actor().user.map(|u| *u);
    let today = kernel::clock::local_date(tx.now());
    let rows = sqlx::query_as!(
        CollectionList,
        r#"select l.id, l.no, l.title, s.name as collector_name, l.due_on, l.made_at,
                  i.doors as "doors!", i.visited as "visited!", i.due as "due!",
                  i.owed as "owed_fen!: Fen", i.paid as "paid_fen!: Fen"
           from payments.collection_list l
           join identity.staff s on s.id = l.collector_id
           cross join lateral (
             select count(*) as doors, count(i.visited_at) as visited,
                    count(*) filter (where d.paid < i.owed_fen
                                     and least(i.promised_on, i.next_on) <= $4) as due,
                    coalesce(sum(i.owed_fen), 0)::bigint as owed,
                    coalesce(sum(d.paid), 0)::bigint as paid
             from payments.collection_item i
             cross join lateral (
               select coalesce(sum(h.amount_fen), 0)::bigint as paid
               from payments.share h join payments.payment_order o on o.id = h.order_id
               where h.account_id = i.account_id and o.state = 'settled'
                 and o.settled_at >= l.made_at) d
             where i.list_id = l.id) i
           where l.org_path ^@ any($1) or l.collector_id = $2
           order by l.made_at desc limit $3"#,
        &scope.paths,
        me,
        limit,
        today,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// The doors of a list, in the order of a walk: by community, unit, floor, room. Late fees are not
/// the database's: they come as nothing.
pub(crate) async fn doors(tx: &mut Tx, scope: &Scope, list: Uuid) -> Result<Vec<CollectionDoor>> {
    let me = tx.actor().user.map(|u| *u);
    let rows = sqlx::query_as!(
        CollectionDoor,
        r#"select a.id as "account_id: AccountId", a.account_no, w.name,
                  coalesce((select min(p.number) from directory.phone p
                            where p.person_id = w.id), '') as "phone!",
                  coalesce(b.name, '') || u.name as "unit!", m.address, i.owed_fen,
                  d.paid as "paid_fen!: Fen", n.owed as "now_fen!: Fen",
                  0::bigint as "late_fen!: Fen",
                  i.result as "result: VisitResult", i.note, i.promised_on, i.next_on,
                  i.visited_at, i.told_at
           from payments.collection_list l
           join payments.collection_item i on i.list_id = l.id
           join directory.account a on a.id = i.account_id
           join directory.person w on w.id = a.person_id
           join directory.premise m on m.id = a.premise_id
           join directory.place u on u.id = m.unit_id
           left join directory.place b on b.id = u.parent_id
           cross join lateral (
             select coalesce(sum(h.amount_fen), 0)::bigint as paid
             from payments.share h join payments.payment_order o on o.id = h.order_id
             where h.account_id = i.account_id and o.state = 'settled'
               and o.settled_at >= l.made_at) d
           cross join lateral (
             select coalesce(sum(e.amount_fen), 0)::bigint as owed from ledger.entry e
             where e.account_id = a.id and e.ledger in ('receivable', 'advance')) n
           where l.id = $1 and (l.org_path ^@ any($2) or l.collector_id = $3)
           order by u.code, m.floor, m.room, a.id"#,
        list,
        &scope.paths,
        me,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// What a contact leaves behind.
pub(crate) struct ContactRow<'a> {
    pub list: Uuid,
    pub account: AccountId,
    pub way: ContactWay,
    pub result: Option<VisitResult>,
    pub note: &'a str,
    pub promised_on: Option<NaiveDate>,
    pub next_on: Option<NaiveDate>,
}

/// A door of a list in sight, locked: the list's organisation, and what was paid since it was made.
pub(crate) async fn lock_door(
    tx: &mut Tx,
    scope: &Scope,
    list: Uuid,
    account: AccountId,
) -> Result<(String, Fen)> {
    let me = tx.actor().user.map(|u| *u);
    let door = sqlx::query!(
        r#"select l.org_path, l.made_at from payments.collection_item i
           join payments.collection_list l on l.id = i.list_id
           where i.list_id = $1 and i.account_id = $2
             and (l.org_path ^@ any($3) or l.collector_id = $4)
           for update of i"#,
        list,
        *account,
        &scope.paths,
        me,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("door"))?;
    let paid = paid_since(tx, account, door.made_at).await?;
    Ok((door.org_path, paid))
}

async fn paid_since(tx: &mut Tx, account: AccountId, since: DateTime<Utc>) -> Result<Fen> {
    let paid = sqlx::query_scalar!(
        r#"select coalesce(sum(h.amount_fen), 0)::bigint as "paid!: Fen"
           from payments.share h join payments.payment_order o on o.id = h.order_id
           where h.account_id = $1 and o.state = 'settled' and o.settled_at >= $2"#,
        *account,
        since,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(paid)
}

/// Writes a contact, and what it leaves on its door.
pub(crate) async fn insert_contact(tx: &mut Tx, c: ContactRow<'_>) -> Result<()> {
    let (id, now): (Uuid, _) = (tx.new_id(), tx.now());
    let by = tx.actor().user.map(|u| *u);
    let name = tx.actor().name.clone();
    sqlx::query!(
        "with contact as (
           insert into payments.collection_contact
             (id, list_id, account_id, way, result, note, promised_on, next_on, at, by_id, by_name)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
         )
         update payments.collection_item
         set result = coalesce($5, result),
             note = case when $5 is null then note else $6 end,
             promised_on = case when $5 is null then promised_on else $7 end,
             next_on = case when $5 is null then next_on else $8 end,
             visited_at = case when $5 is null then visited_at else $9 end,
             told_at = case when $5 is null then $9 else told_at end
         where list_id = $2 and account_id = $3",
        id,
        c.list,
        *c.account,
        <&str>::from(c.way),
        c.result.map(<&str>::from),
        c.note,
        c.promised_on,
        c.next_on,
        now,
        by,
        name,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What was tried with a household in sight, the newest first.
pub(crate) async fn contacts(
    tx: &mut Tx,
    scope: &Scope,
    account: AccountId,
) -> Result<Vec<CollectionContact>> {
    let me = tx.actor().user.map(|u| *u);
    let rows = sqlx::query_as!(
        CollectionContact,
        r#"select c.at, c.by_name, l.no as list_no, c.way as "way: ContactWay",
                  c.result as "result: VisitResult", c.note, c.promised_on, c.next_on
           from payments.collection_contact c
           join payments.collection_list l on l.id = c.list_id
           join directory.account a on a.id = c.account_id
           where c.account_id = $1 and (a.org_path ^@ any($2) or l.collector_id = $3)
           order by c.at desc, c.id desc limit 100"#,
        *account,
        &scope.paths,
        me,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// A door to be reminded.
pub(crate) struct ToRemind {
    pub account_id: AccountId,
    pub org_path: String,
    pub address: String,
    pub phone: String,
    pub owed: Fen,
    pub told_at: Option<DateTime<Utc>>,
}

/// The doors of a list in sight, all or some, with where to reach them and what they owe now.
pub(crate) async fn to_remind(
    tx: &mut Tx,
    scope: &Scope,
    list: Uuid,
    only: &[AccountId],
) -> Result<Vec<ToRemind>> {
    let me = tx.actor().user.map(|u| *u);
    let only: Vec<Uuid> = only.iter().map(|a| **a).collect();
    let rows = sqlx::query_as!(
        ToRemind,
        r#"select a.id as "account_id: AccountId", a.org_path, m.address,
                  coalesce((select min(p.number) from directory.phone p
                            where p.person_id = a.person_id), '') as "phone!",
                  n.owed as "owed!: Fen", i.told_at
           from payments.collection_list l
           join payments.collection_item i on i.list_id = l.id
           join directory.account a on a.id = i.account_id
           join directory.premise m on m.id = a.premise_id
           cross join lateral (
             select coalesce(sum(e.amount_fen), 0)::bigint as owed from ledger.entry e
             where e.account_id = a.id and e.ledger in ('receivable', 'advance')) n
           where l.id = $1 and (l.org_path ^@ any($2) or l.collector_id = $3)
             and (cardinality($4::uuid[]) = 0 or a.id = any($4))
           order by a.id for update of i"#,
        list,
        &scope.paths,
        me,
        &only,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}
