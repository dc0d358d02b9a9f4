//! Lists for collectors.

use crate::{CollectionDoor, CollectionList, NewCollection, VisitResult};
use kernel::{AccountId, Error, Fen, OnConstraint, Result, Scope, Tx, UserId};
use uuid::Uuid;

/// Makes a list of who owes in a community, building or unit; gives its id and how many doors.
pub(crate) async fn insert_collection(
    tx: &mut Tx,
    scope: &Scope,
    new: &NewCollection,
    collector: UserId,
) -> Result<(Uuid, String, usize)> {
    let (id, now): (Uuid, _) = (tx.new_id(), tx.now());
    let by = tx.actor().user.map(|u| *u);
    let day = kernel::clock::local_date(now).format("%Y%m%d").to_string();
    let no = sqlx::query_scalar!(
        "insert into payments.collection_list
           (id, no, org_path, place_id, collector_id, due_on, made_by, made_at)
         select $1, 'CJ' || $2 || '-' || lpad(nextval('payments.collection_no')::text, 4, '0'),
                org_path, id, $3, $4, $5, $6
         from directory.place where id = $7 and org_path ^@ any($8)
         returning no",
        id,
        day,
        *collector,
        new.due_on,
        by,
        now,
        *new.place_id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await
    .on_constraint("collection_list_collector", Error::NotFound("staff"))?
    .ok_or(Error::NotFound("place"))?;
    let doors = sqlx::query!(
        "with recursive below (id) as (
           select $2::uuid union all
           select p.id from directory.place p join below b on p.parent_id = b.id)
         insert into payments.collection_item (list_id, account_id, owed_fen)
         select $1, a.id, o.owed
         from below b
         join directory.premise m on m.unit_id = b.id
         join directory.account a on a.premise_id = m.id and a.org_path ^@ any($3)
         cross join lateral (
           select sum(amount_fen)::bigint as owed from ledger.entry
           where account_id = a.id and ledger in ('receivable', 'advance')) o
         where o.owed > 0 and o.owed >= $4",
        id,
        *new.place_id,
        &scope.paths,
        new.at_least_fen.get(),
    )
    .execute(tx.db())
    .await?
    .rows_affected();
    Ok((id, no, usize::try_from(doors).unwrap_or(usize::MAX)))
}

/// Lists with how far they are: one's own, or those of an organisation.
pub(crate) async fn collections(
    tx: &mut Tx,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<CollectionList>> {
    let rows = sqlx::query_as!(
        CollectionList,
        r#"select l.id, l.no, l.place_id, p.name as place_name, s.name as collector_name, l.due_on,
                  i.doors as "doors!", i.visited as "visited!", i.owed as "owed_fen!: Fen",
                  i.paid as "paid_fen!: Fen"
           from payments.collection_list l
           join directory.place p on p.id = l.place_id
           join identity.staff s on s.id = l.collector_id
           cross join lateral (
             select count(*) as doors, count(i.visited_at) as visited,
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
        scope.own.map(|u| *u),
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// The doors of a list, in the order of a walk: by unit, floor, room.
pub(crate) async fn doors(tx: &mut Tx, scope: &Scope, list: Uuid) -> Result<Vec<CollectionDoor>> {
    let rows = sqlx::query_as!(
        CollectionDoor,
        r#"select a.id as "account_id: AccountId", a.account_no, w.name,
                  coalesce(b.name, '') || u.name as "unit!", m.address, i.owed_fen,
                  d.paid as "paid_fen!: Fen", i.result as "result: VisitResult",
                  i.note, i.visited_at
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
           where l.id = $1 and (l.org_path ^@ any($2) or l.collector_id = $3)
           order by u.code, m.floor, m.room"#,
        list,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Writes what came of a visit.
pub(crate) async fn set_visited(
    tx: &mut Tx,
    scope: &Scope,
    list: Uuid,
    account: AccountId,
    result: VisitResult,
    note: &str,
) -> Result<String> {
    let now = tx.now();
    let path = sqlx::query_scalar!(
        "update payments.collection_item i set result = $3, note = $4, visited_at = $5
         from payments.collection_list l
         where l.id = i.list_id and i.list_id = $1 and i.account_id = $2
           and (l.org_path ^@ any($6) or l.collector_id = $7)
         returning l.org_path",
        list,
        *account,
        <&str>::from(result),
        note,
        now,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("door"))?;
    Ok(path)
}
