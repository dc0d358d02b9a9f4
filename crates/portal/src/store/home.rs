//! Links to households, and the households that they open.

use crate::model::{Home, PortalSeason};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::clock::local_date;
use kernel::{AccountId, Error, Result, Scope, Tx};
use uuid::Uuid;

/// A link that was sent.
pub(crate) struct Invitation {
    pub account_id: AccountId,
    pub phone: String,
    pub expires_at: DateTime<Utc>,
}

/// A link that still opens its household: it has not ended, and the holder is who he was.
pub(crate) async fn invitation(tx: &mut Tx, id: Uuid) -> Result<Option<Invitation>> {
    let now = tx.now();
    let found = sqlx::query_as!(
        Invitation,
        "select i.account_id, i.phone, i.expires_at
         from portal.invitation i join directory.account a on a.id = i.account_id
         where i.id = $1 and i.expires_at > $2 and a.person_id = i.person_id",
        id,
        now,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(found)
}

/// Links that a household was sent within `span`.
pub(crate) async fn sent_within(tx: &mut Tx, account: AccountId, span: TimeDelta) -> Result<i64> {
    let since = tx.now() - span;
    let n = sqlx::query_scalar!(
        r#"select count(*) as "n!" from portal.invitation where account_id = $1 and made_at > $2"#,
        *account,
        since,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(n)
}

/// Writes a link down.
pub(crate) async fn invite(
    tx: &mut Tx,
    home: &Home,
    phone: &str,
    expires_at: DateTime<Utc>,
) -> Result<Uuid> {
    let (id, now, by) = (tx.new_id::<Uuid>(), tx.now(), tx.actor().user.map(|u| *u));
    sqlx::query!(
        "insert into portal.invitation
           (id, account_id, person_id, phone, sent_by, made_at, expires_at)
         values ($1, $2, $3, $4, $5, $6, $7)",
        id,
        *home.account,
        *home.person,
        phone,
        by,
        now,
        expires_at,
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

/// A household of heat in sight.
pub(crate) async fn home(tx: &mut Tx, account: AccountId, scope: &Scope) -> Result<Home> {
    sqlx::query_as!(
        Home,
        r#"select a.id as "account: kernel::AccountId", a.person_id as "person: kernel::PersonId",
                  a.account_no, p.name, r.address, a.heat_use_state, a.org_path
           from directory.account a
           join directory.person p on p.id = a.person_id
           join directory.premise r on r.id = a.premise_id
           where a.id = $1 and a.utility = 'heat' and a.org_path ^@ any($2)"#,
        *account,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("account"))
}

/// The household of that number whose holder has that phone, locked against a nervous thumb.
pub(crate) async fn known(tx: &mut Tx, no: &str, phone: &str) -> Result<Option<AccountId>> {
    let found = sqlx::query_scalar!(
        r#"select a.id as "id: kernel::AccountId" from directory.account a
           where a.account_no = $1 and a.utility = 'heat'
             and exists (select from directory.phone f
                         where f.person_id = a.person_id and f.number = $2)
           for update of a"#,
        no,
        phone,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(found)
}

/// The first number of a household's holder.
pub(crate) async fn phone(tx: &mut Tx, home: &Home) -> Result<Option<String>> {
    let found = sqlx::query_scalar!(
        "select number from directory.phone where person_id = $1 order by label, number limit 1",
        *home.person,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(found)
}

/// The season that has not ended and begins first.
pub(crate) async fn season(tx: &mut Tx) -> Result<Option<PortalSeason>> {
    let now = tx.now();
    let found = sqlx::query!(
        "select code, starts_at, ends_at from ledger.season
         where ends_at > $1 order by starts_at limit 1",
        now,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(found.map(|s| PortalSeason {
        code: s.code,
        first: local_date(s.starts_at),
        end: local_date(s.ends_at),
    }))
}
