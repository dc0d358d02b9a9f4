//! The one search box. Every query here is lazy: it walks one index in its order and stops at
//! its limit, so that a frequent fragment costs no more than a rare one. Where most of what it
//! walks over is out of sight, it also stops after so many rows (`walk`).

use crate::needle::AddressParts;
use crate::store::Range;
use crate::{AccountHit, Matched, mask_phone};
use kernel::{AccountId, PlaceId, Result, Scope, Tx};

/// A household that a search met, and how well.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Met {
    pub account_id: AccountId,
    pub rank: i32,
}

/// Whole numbers: of an account, of a phone, of a bound phone.
pub(crate) async fn with_number(tx: &mut Tx, digits: &str, scope: &Scope) -> Result<Vec<Met>> {
    let met = sqlx::query_as!(
        Met,
        r#"select a.id as "account_id!: AccountId", 0 as "rank!" from directory.account a
           where a.account_no = $1 and a.org_path ^@ any($2)
           union all
           select a.id, 1 from directory.phone p
           join directory.account a on a.person_id = p.person_id
           where p.number = $1 and a.org_path ^@ any($2)
           union all
           select a.id, 1 from directory.phone_binding b
           join directory.account a on a.id = b.account_id
           where b.number = $1 and a.org_path ^@ any($2)"#,
        digits,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// The last digits of a phone.
pub(crate) async fn with_tail(
    tx: &mut Tx,
    digits: &str,
    scope: &Scope,
    (limit, walk): (i64, i64),
) -> Result<Vec<Met>> {
    let backward: String = digits.chars().rev().collect();
    let Range { from, to } = Range::of(&backward);
    let met = sqlx::query_as!(
        Met,
        r#"(select a.id as "account_id!: AccountId", 2 as "rank!"
            from (select person_id from directory.phone
                  where reverse(number) collate "C" >= $1 and reverse(number) collate "C" < $2
                  order by reverse(number) collate "C" limit $5) p
            join directory.account a on a.person_id = p.person_id
            where a.org_path ^@ any($3) limit $4)
           union all
           (select a.id, 2 from directory.phone_binding b
            join directory.account a on a.id = b.account_id
            where reverse(b.number) collate "C" >= $1 and reverse(b.number) collate "C" < $2
              and a.org_path ^@ any($3)
            order by reverse(b.number) collate "C" limit $4)"#,
        from,
        to,
        &scope.paths,
        limit,
        walk,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// The first characters of an account number.
pub(crate) async fn with_account_no(
    tx: &mut Tx,
    head: &str,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Met>> {
    let Range { from, to } = Range::of(head);
    let met = sqlx::query_as!(
        Met,
        r#"select a.id as "account_id!: AccountId", 0 as "rank!" from directory.account a
           where a.account_no >= $1 and a.account_no < $2 and a.org_path ^@ any($3)
           order by a.account_no limit $4"#,
        from,
        to,
        &scope.paths,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// The first digits of a phone.
pub(crate) async fn with_head(
    tx: &mut Tx,
    digits: &str,
    scope: &Scope,
    (limit, walk): (i64, i64),
) -> Result<Vec<Met>> {
    let Range { from, to } = Range::of(digits);
    let met = sqlx::query_as!(
        Met,
        r#"select a.id as "account_id!: AccountId", 3 as "rank!"
           from (select person_id from directory.phone where number >= $1 and number < $2
                 order by number limit $5) p
           join directory.account a on a.person_id = p.person_id
           where a.org_path ^@ any($3) limit $4"#,
        from,
        to,
        &scope.paths,
        limit,
        walk,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// Digits inside a phone; its last ones are the better match.
pub(crate) async fn with_part(
    tx: &mut Tx,
    digits: &str,
    grams: &[String],
    scope: &Scope,
    (limit, walk): (i64, i64),
) -> Result<Vec<Met>> {
    let met = sqlx::query_as!(
        Met,
        r#"select a.id as "account_id!: AccountId",
                  case when right(p.number, length($2)) = $2 then 2 else 3 end as "rank!"
           from (select id, person_id, org_path from directory.account
                 where grams @> $1 limit $5) a
           join directory.phone p on p.person_id = a.person_id and strpos(p.number, $2) > 0
           where a.org_path ^@ any($3)
           limit $4"#,
        grams,
        digits,
        &scope.paths,
        limit,
        walk,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// The first characters of an account number, within one organisation.
pub(crate) async fn with_account_no_in(
    tx: &mut Tx,
    head: &str,
    path: &str,
    limit: i64,
) -> Result<Vec<Met>> {
    let (org, no) = (Range::of(path), Range::of(head));
    let met = sqlx::query_as!(
        Met,
        r#"select a.id as "account_id!: AccountId", 0 as "rank!"
           from identity.org o
           cross join lateral (
             select id from directory.account
             where org_path = o.path and account_no >= $3 and account_no < $4
             order by account_no limit $5) a
           where o.path >= $1 and o.path < $2
           limit $5"#,
        org.from,
        org.to,
        no.from,
        no.to,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// The first characters of a meter's number.
pub(crate) async fn with_meter(
    tx: &mut Tx,
    head: &str,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Met>> {
    let Range { from, to } = Range::of(head);
    let met = sqlx::query_as!(
        Met,
        r#"select a.id as "account_id!: AccountId", 7 as "rank!"
           from (select premise_id from directory.meter
                 where number >= $1 and number < $2 and valid_to = 'infinity'
                 order by number limit 200) m
           join directory.account_room r on r.premise_id = m.premise_id
             and r.superseded_at = 'infinity' and r.valid_to = 'infinity'
           join directory.account a on a.id = r.account_id and a.org_path ^@ any($3)
           limit $4"#,
        from,
        to,
        &scope.paths,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// Holders of that name, then holders whose names begin with it.
pub(crate) async fn with_name(
    tx: &mut Tx,
    name: &str,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Met>> {
    let Range { from, to } = Range::of(name);
    let met = sqlx::query_as!(
        Met,
        r#"select a.id as "account_id!: AccountId",
                  case when p.name = $1 then 4 else 5 end as "rank!"
           from directory.person p join directory.account a on a.person_id = p.id
           where p.name >= $1 and p.name < $2 and a.org_path ^@ any($3)
           order by p.name limit $4"#,
        from,
        to,
        &scope.paths,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// Households that have all of these pieces.
pub(crate) async fn with_grams(
    tx: &mut Tx,
    grams: &[String],
    rank: i32,
    scope: &Scope,
    (limit, walk): (i64, i64),
) -> Result<Vec<Met>> {
    if grams.is_empty() {
        return Ok(Vec::new());
    }
    let met = sqlx::query_as!(
        Met,
        r#"select a.id as "account_id!: AccountId", $4::int as "rank!"
           from (select id, org_path from directory.account where grams @> $1 limit $5) a
           where a.org_path ^@ any($2) limit $3"#,
        grams,
        &scope.paths,
        limit,
        rank,
        walk,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// A community whose name has the fragment.
pub(crate) struct Community {
    pub id: PlaceId,
    pub in_scope: bool,
}

/// Communities by a fragment of the name, the best first; all of them without one.
pub(crate) async fn communities_named(
    tx: &mut Tx,
    fragment: Option<&str>,
    scope: &Scope,
) -> Result<Vec<Community>> {
    let found = sqlx::query_as!(
        Community,
        r#"select id, org_path ^@ any($2) as "in_scope!" from directory.place
           where parent_id is null
             and ($1::text is null or strpos(replace(lower(name), ' ', ''), $1) > 0)
           order by strpos(replace(lower(name), ' ', ''), $1), length(name), name"#,
        fragment,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(found)
}

/// Households of these communities, as far down the address tree as was said.
pub(crate) async fn in_communities(
    tx: &mut Tx,
    communities: &[PlaceId],
    at: &AddressParts,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Met>> {
    let ids: Vec<_> = communities.iter().map(|c| **c).collect();
    let building = Range::exactly(at.building.as_deref());
    let unit = Range::exactly(at.unit.as_deref());
    let room = Range::of(at.room.as_deref().unwrap_or_default());
    let met = sqlx::query_as!(
        Met,
        r#"select a.id as "account_id!: AccountId", 6 as "rank!"
           from unnest($1::uuid[]) c (id)
           join directory.place b on b.parent_id = c.id and b.number >= $2 and b.number <= $3
           join directory.place u on u.parent_id = b.id and u.number >= $4 and u.number <= $5
           join directory.premise pr on pr.unit_id = u.id
             and lower(pr.room) collate "C" >= $6 and lower(pr.room) collate "C" < $7
           join directory.account a on a.premise_id = pr.id and a.org_path ^@ any($8)
           limit $9"#,
        &ids,
        building.from,
        building.to,
        unit.from,
        unit.to,
        room.from,
        room.to,
        &scope.paths,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// The households that were met as lists show them, best first.
pub(crate) async fn hits(tx: &mut Tx, met: &[Met]) -> Result<Vec<AccountHit>> {
    if met.is_empty() {
        return Ok(Vec::new());
    }
    let ids: Vec<_> = met.iter().map(|m| *m.account_id).collect();
    let ranks: Vec<i32> = met.iter().map(|m| m.rank).collect();
    let rows = sqlx::query!(
        r#"select a.id, a.account_no, p.name, pr.address, a.heat_use_state, a.org_path,
                  m.rank as "rank!",
                  array(select number from directory.phone f
                        where f.person_id = a.person_id order by f.number) as "phones!"
           from unnest($1::uuid[], $2::int[]) as m (id, rank)
           join directory.account a on a.id = m.id
           join directory.person p on p.id = a.person_id
           join directory.premise pr on pr.id = a.premise_id
           order by m.rank, p.name, a.account_no"#,
        &ids,
        &ranks,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows
        .into_iter()
        .map(|r| AccountHit {
            account_id: r.id,
            account_no: r.account_no,
            name: r.name,
            address: r.address,
            phones: r.phones.iter().map(|n| mask_phone(n)).collect(),
            heat_use_state: r.heat_use_state,
            org_path: r.org_path,
            matched: matched(r.rank),
        })
        .collect())
}

fn matched(rank: i32) -> Matched {
    match rank {
        0 => Matched::AccountNo,
        1 => Matched::Phone,
        2 => Matched::PhoneTail,
        3 => Matched::PhonePart,
        4 => Matched::Name,
        5 => Matched::NamePart,
        7 => Matched::Meter,
        _ => Matched::Address,
    }
}
