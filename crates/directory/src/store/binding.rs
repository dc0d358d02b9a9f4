//! Which households a telephone number means.

use crate::store::{Met, hits};
use crate::{Candidate, Matched};
use kernel::{AccountId, Result, Scope, Tx};

/// Households whose holder has the number, or to which somebody bound it: bound ones first.
pub(crate) async fn candidates(
    tx: &mut Tx,
    number: &str,
    scope: &Scope,
    limit: i64,
) -> Result<Vec<Candidate>> {
    let rows = sqlx::query!(
        r#"select a.id, bool_or(n.bound) as "bound!"
           from (
             select b.account_id as id, true as bound from directory.phone_binding b
             where b.number = $1
             union all
             select o.id, false from directory.phone p
             join directory.account o on o.person_id = p.person_id
             where p.number = $1
           ) n join directory.account a on a.id = n.id
           where a.org_path ^@ any($2)
           group by a.id order by bool_or(n.bound) desc, a.id limit $3"#,
        number,
        &scope.paths,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    let met: Vec<Met> =
        rows.iter().map(|r| Met { account_id: r.id, rank: i32::from(!r.bound) }).collect();
    let found = hits(tx, &met).await?;
    Ok(found
        .into_iter()
        .map(|mut hit| {
            let bound = rows.iter().any(|r| r.id == hit.account_id && r.bound);
            hit.matched = Matched::Phone;
            Candidate { hit, bound }
        })
        .collect())
}

/// Binds; false when it was bound already.
pub(crate) async fn bind(tx: &mut Tx, number: &str, account: AccountId) -> Result<bool> {
    let (by, now) = (tx.actor().user.map(|u| *u), tx.now());
    let done = sqlx::query!(
        "insert into directory.phone_binding (number, account_id, bound_by, bound_at)
         values ($1, $2, $3, $4) on conflict do nothing",
        number,
        *account,
        by,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Unbinds; false when it was not bound.
pub(crate) async fn unbind(tx: &mut Tx, number: &str, account: AccountId) -> Result<bool> {
    let done = sqlx::query!(
        "delete from directory.phone_binding where number = $1 and account_id = $2",
        number,
        *account,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Numbers of the accounts that the number is bound to.
pub(crate) async fn bound_to(tx: &mut Tx, number: &str) -> Result<Vec<String>> {
    let numbers = sqlx::query_scalar!(
        "select a.account_no from directory.phone_binding b
         join directory.account a on a.id = b.account_id
         where b.number = $1 order by a.account_no",
        number,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(numbers)
}
