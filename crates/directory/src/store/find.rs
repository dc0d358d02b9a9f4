//! The one search box. Each `union all` goes from the best match to the worst, and `limit` over
//! it is lazy: an arm runs only when those before it did not fill the page.

use crate::needle::{AddressParts, Words};
use crate::{AccountHit, Matched, mask_phone};
use kernel::{AccountId, Result, Scope, Tx};

/// A household that a search met, and how well.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Met {
    pub account_id: AccountId,
    pub rank: i32,
}

/// Everything that begins with `prefix` lies between these two under collation "C".
fn range(prefix: &str) -> (String, String) {
    (prefix.to_owned(), format!("{prefix}\u{10ffff}"))
}

/// Digits: account number, phone, tail of a phone, then any part of one.
pub(crate) async fn by_digits(
    tx: &mut Tx,
    digits: &str,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Met>> {
    let (from, to) = range(digits);
    let (tail_from, tail_to) = range(&digits.chars().rev().collect::<String>());
    let grams: Vec<String> =
        digits.as_bytes().windows(3).map(|w| String::from_utf8_lossy(w).into_owned()).collect();
    let met = sqlx::query_as!(
        Met,
        r#"select m.account_id as "account_id!: AccountId", m.rank as "rank!"
           from (
             select a.id as account_id, 0 as rank from directory.account a
             where a.account_no = $1 and a.org_path ^@ any($7)
             union all
             select a.id, 1 from directory.phone p
             join directory.account a on a.person_id = p.person_id
             where p.number = $1 and a.org_path ^@ any($7)
             union all
             select a.id, 1 from directory.phone_binding b
             join directory.account a on a.id = b.account_id
             where b.number = $1 and a.org_path ^@ any($7)
             union all
             select a.id, 2 from directory.phone p
             join directory.account a on a.person_id = p.person_id
             where reverse(p.number) collate "C" >= $4 and reverse(p.number) collate "C" < $5
               and a.org_path ^@ any($7)
             union all
             select a.id, 2 from directory.phone_binding b
             join directory.account a on a.id = b.account_id
             where reverse(b.number) collate "C" >= $4 and reverse(b.number) collate "C" < $5
               and a.org_path ^@ any($7)
             union all
             select a.id, 0 from directory.account a
             where a.account_no >= $2 and a.account_no < $3 and a.org_path ^@ any($7)
             union all
             select a.id, 3 from directory.phone p
             join directory.account a on a.person_id = p.person_id
             where p.number >= $2 and p.number < $3 and a.org_path ^@ any($7)
             union all
             select a.id, 3 from directory.phone p
             join directory.account a on a.person_id = p.person_id
             where directory.digit_grams(p.number) @> $6 and strpos(p.number, $1) > 1
               and a.org_path ^@ any($7)
             limit $8
           ) m"#,
        digits,
        from,
        to,
        tail_from,
        tail_to,
        &grams,
        &scope.paths,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// A name: whole, its beginning, any two characters of it; also an account number's beginning.
pub(crate) async fn by_name(
    tx: &mut Tx,
    words: &Words,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Met>> {
    let Some(name) = words.name.as_deref() else { return Ok(Vec::new()) };
    let (from, to) = range(name);
    let (no_from, no_to) = range(&name.to_uppercase());
    let met = sqlx::query_as!(
        Met,
        r#"select m.account_id as "account_id!: AccountId", m.rank as "rank!"
           from (
             select a.id as account_id, 4 as rank from directory.person p
             join directory.account a on a.person_id = p.id
             where p.name = $1 and a.org_path ^@ any($7)
             union all
             select a.id, 5 from directory.person p
             join directory.account a on a.person_id = p.id
             where p.name > $1 and p.name < $2 and a.org_path ^@ any($7)
             union all
             select a.id, 0 from directory.account a
             where a.account_no >= $3 and a.account_no < $4 and a.org_path ^@ any($7)
             union all
             select a.id, 5 from directory.account a
             where a.grams @> $5 and cardinality($5) > 0 and a.org_path ^@ any($7)
             union all
             select a.id, 5 from directory.account a
             where a.grams @> $6 and cardinality($6) > 0 and a.org_path ^@ any($7)
             union all
             select a.id, 5 from directory.account a
             where a.grams @> $9 and cardinality($9) > 0 and a.org_path ^@ any($7)
             limit $8
           ) m"#,
        from,
        to,
        no_from,
        no_to,
        &words.name_grams,
        &words.mixed[0],
        &scope.paths,
        limit,
        &words.mixed[1],
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// A place in the address tree: community, building, unit and room, as far as they were said.
pub(crate) async fn by_place(
    tx: &mut Tx,
    at: &AddressParts,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Met>> {
    let met = sqlx::query_as!(
        Met,
        r#"select a.id as "account_id!: AccountId", 6 as "rank!"
           from (
             select id from directory.place
             where kind = 'community' and org_path ^@ any($5)
               and ($1::text is null or strpos(replace(lower(name), ' ', ''), $1) > 0)
             order by strpos(replace(lower(name), ' ', ''), $1), length(name), code
           ) c
           join directory.place b on b.parent_id = c.id
             and ($2::text is null or lower(substring(b.name from '[0-9]+[A-Za-z]?')) = $2)
           join directory.place u on u.parent_id = b.id
             and ($3::text is null or lower(substring(u.name from '[0-9]+[A-Za-z]?')) = $3)
           join directory.premise pr on pr.unit_id = u.id
             and ($4::text is null or lower(pr.room) ^@ $4)
           join directory.account a on a.premise_id = pr.id and a.org_path ^@ any($5)
           limit $6"#,
        at.community,
        at.building,
        at.unit,
        at.room,
        &scope.paths,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// Pieces of an address that the tree does not know, such as a shop's street.
pub(crate) async fn by_address_grams(
    tx: &mut Tx,
    grams: &[String],
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Met>> {
    let met = sqlx::query_as!(
        Met,
        r#"select a.id as "account_id!: AccountId", 6 as "rank!"
           from directory.account a
           where a.grams @> $1 and a.org_path ^@ any($2) limit $3"#,
        grams,
        &scope.paths,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(met)
}

/// The households that were met as lists show them, best first.
pub(crate) async fn hits(tx: &mut Tx, met: &[Met]) -> Result<Vec<AccountHit>> {
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
        _ => Matched::Address,
    }
}
