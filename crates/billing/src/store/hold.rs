//! SQL of holds.

use crate::{ActiveHold, Hold, HoldKind, HoldReason, PlaceHold};
use chrono::NaiveDate;
use kernel::{AccountId, Error, HoldId, Result, Scope, Tx};
use uuid::Uuid;

/// What placed a hold.
pub(crate) struct HoldSource<'a> {
    pub source: &'a str,
    pub source_id: Option<&'a str>,
    pub from_on: NaiveDate,
}

/// Makes everybody else who moves money of these households wait, in one order for all.
pub(crate) async fn lock_accounts(tx: &mut Tx, accounts: &[AccountId]) -> Result<()> {
    let ids: Vec<Uuid> = accounts.iter().map(|a| **a).collect();
    sqlx::query!(
        "select id from directory.account where id = any($1) order by id for no key update",
        &ids,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(())
}

/// The organisation of a household in sight.
pub(crate) async fn org_of(tx: &mut Tx, account: AccountId, scope: &Scope) -> Result<String> {
    let path = sqlx::query_scalar!(
        "select org_path from directory.account where id = $1 and org_path ^@ any($2)",
        *account,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?;
    path.ok_or(Error::NotFound("household"))
}

/// Places a hold; nothing when the same cause placed one already.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: HoldId,
    new: &PlaceHold,
    from: HoldSource<'_>,
) -> Result<bool> {
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    let name = tx.actor().name.clone();
    let done = sqlx::query!(
        "insert into billing.hold
           (id, account_id, kind, reason_class, reason, words, source, source_id, from_on,
            until_on, made_at, made_by, made_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
         on conflict (source, source_id) do nothing",
        *id,
        *new.account_id,
        <&str>::from(new.kind),
        <&str>::from(new.reason_class),
        new.reason.trim(),
        new.words.trim(),
        from.source,
        from.source_id,
        from.from_on,
        new.until_on,
        now,
        by,
        name,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Releases a hold.
pub(crate) async fn release(tx: &mut Tx, id: HoldId, reason: &str) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    let name = tx.actor().name.clone();
    sqlx::query!(
        "update billing.hold set released_at = $2, released_by = $3, released_by_name = $4,
                release_reason = $5
         where id = $1 and released_at is null",
        *id,
        now,
        by,
        name,
        reason,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The holds that bind these households on that day, the strictest first.
pub(crate) async fn active(
    tx: &mut Tx,
    accounts: &[AccountId],
    today: NaiveDate,
) -> Result<Vec<ActiveHold>> {
    let ids: Vec<Uuid> = accounts.iter().map(|a| **a).collect();
    let mut holds = sqlx::query_as!(
        ActiveHold,
        r#"select id as "id: HoldId", account_id as "account_id: AccountId",
                  kind as "kind: HoldKind", reason_class as "reason_class: HoldReason", words,
                  until_on
           from billing.hold
           where account_id = any($1) and released_at is null and from_on <= $2
             and (until_on is null or until_on >= $2)
           order by made_at, id"#,
        &ids,
        today,
    )
    .fetch_all(tx.db())
    .await?;
    holds.sort_by_key(|h| std::cmp::Reverse(h.kind));
    Ok(holds)
}

/// What is asked of the list.
pub(crate) struct HoldsWanted<'a> {
    pub account: Option<AccountId>,
    pub id: Option<HoldId>,
    pub active_only: bool,
    pub today: NaiveDate,
    pub limit: i64,
    pub after: Option<(chrono::DateTime<chrono::Utc>, Uuid)>,
    pub scope: &'a Scope,
}

/// Holds, newest first.
pub(crate) async fn list(tx: &mut Tx, wanted: HoldsWanted<'_>) -> Result<Vec<Hold>> {
    let (after_at, after_id) = wanted.after.unzip();
    let holds = sqlx::query_as!(
        Hold,
        r#"select h.id as "id: HoldId", h.account_id as "account_id: AccountId", a.account_no,
                  p.name, m.address, h.kind as "kind: HoldKind",
                  h.reason_class as "reason_class: HoldReason", h.reason, h.words, h.source,
                  h.from_on, h.until_on, h.made_at, h.made_by_name, h.released_at,
                  h.released_by_name, h.release_reason,
                  (h.released_at is null and h.from_on <= $3
                   and (h.until_on is null or h.until_on >= $3)) as "active!"
           from billing.hold h
           join directory.account a on a.id = h.account_id
           join directory.person p on p.id = a.person_id
           join directory.premise m on m.id = a.premise_id
           where a.org_path ^@ any($1)
             and ($2::uuid is null or h.account_id = $2)
             and ($4::uuid is null or h.id = $4)
             and (not $5 or (h.released_at is null and h.from_on <= $3
                             and (h.until_on is null or h.until_on >= $3)))
             and ($6::timestamptz is null or (h.made_at, h.id) < ($6, $7))
           order by h.made_at desc, h.id desc limit $8"#,
        &wanted.scope.paths,
        wanted.account.map(|a| *a),
        wanted.today,
        wanted.id.map(|i| *i),
        wanted.active_only,
        after_at,
        after_id,
        wanted.limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(holds)
}

/// One hold, locked.
pub(crate) async fn lock(tx: &mut Tx, id: HoldId, scope: &Scope) -> Result<(AccountId, bool)> {
    let row = sqlx::query!(
        r#"select h.account_id as "account_id: AccountId", h.released_at
           from billing.hold h join directory.account a on a.id = h.account_id
           where h.id = $1 and a.org_path ^@ any($2) for update of h"#,
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("hold"))?;
    Ok((row.account_id, row.released_at.is_some()))
}
