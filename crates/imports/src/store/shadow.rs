//! Shadow runs and certificates.

use crate::{
    Cause, CertificateFile, Classed, ShadowFilter, ShadowRow, ShadowRun, ShadowSum, unhex,
};
use kernel::{AccountId, Error, Fen, Result, Scope, SeasonId, Tx};
use std::collections::HashMap;
use uuid::Uuid;

/// Whether charges of that season were imported.
pub(crate) async fn has_imported(tx: &mut Tx, season: SeasonId) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (
             select from imports.batch b join imports.posted p on p.batch_id = b.id
             where b.kind = 'charges' and exists (
               select from ledger.entry e
               where e.posting_id = p.posting_id and e.season_id = $1)) as "found!""#,
        *season,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(found)
}

/// Whether anything was charged for that season in sight.
pub(crate) async fn has_charges(tx: &mut Tx, season: SeasonId) -> Result<bool> {
    let found = sqlx::query_scalar!(
        r#"select exists (select from ledger.entry
                          where season_id = $1 and ledger = 'receivable') as "found!""#,
        *season,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(found)
}

/// Begins a run over everybody in sight.
pub(crate) async fn insert_shadow(
    tx: &mut Tx,
    id: Uuid,
    season: SeasonId,
    basis: &str,
    scope: &Scope,
) -> Result<()> {
    let (now, by, name) = (tx.now(), tx.actor().user.map(|u| *u), tx.actor().name.clone());
    sqlx::query!(
        "insert into imports.shadow
           (id, season_id, org_paths, basis, state, households, began_at, step_at, made_by,
            made_by_name)
         select $1, $2, $3, $4, 'running',
                (select count(*) from directory.account
                 where utility = 'heat' and org_path ^@ any($3)), $5, $5, $6, $7",
        id,
        *season,
        &scope.paths,
        basis,
        now,
        by,
        name,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

macro_rules! shadows {
    ($tail:literal, $($arg:expr),*) => {
        sqlx::query_as!(
            ShadowRun,
            r#"select h.id, h.season_id as "season_id: SeasonId", s.code as season, h.basis,
                      h.state = 'done' as "finished!", h.households, h.done, h.began_at,
                      h.step_at, h.made_by_name
               from imports.shadow h join ledger.season s on s.id = h.season_id "# + $tail,
            $($arg),*
        )
    };
}

/// Runs over what lies in sight, newest first.
pub(crate) async fn shadows(tx: &mut Tx, scope: &Scope) -> Result<Vec<ShadowRun>> {
    let rows = shadows!(
        "where not exists (select from unnest(h.org_paths) o where not o ^@ any($1))
         order by h.began_at desc, h.id desc limit 50",
        &scope.paths
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// One of them.
pub(crate) async fn shadow(tx: &mut Tx, id: Uuid, scope: &Scope) -> Result<ShadowRun> {
    shadows!(
        "where h.id = $1 and not exists (select from unnest(h.org_paths) o where not o ^@ any($2))",
        id,
        &scope.paths
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("shadow"))
}

/// Where a run stands, for the job that goes on with it.
pub(crate) struct Standing {
    pub season: SeasonId,
    pub code: String,
    pub org_paths: Vec<String>,
    pub imported: bool,
    pub at_account: Uuid,
}

/// A run that is not done, and nobody else goes on with it until the transaction ends.
pub(crate) async fn lock_shadow(tx: &mut Tx, id: Uuid) -> Result<Option<Standing>> {
    let row = sqlx::query_as!(
        Standing,
        r#"select h.season_id as "season: SeasonId", s.code, h.org_paths,
                  h.basis = 'import' as "imported!", h.at_account
           from imports.shadow h join ledger.season s on s.id = h.season_id
           where h.id = $1 and h.state = 'running' for update of h"#,
        id,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row)
}

/// A household on its way through the shade.
pub(crate) struct Shaded {
    pub id: AccountId,
    pub account_no: String,
    pub org_path: String,
}

/// The next households.
pub(crate) async fn shaded(tx: &mut Tx, at: &Standing, most: i64) -> Result<Vec<Shaded>> {
    let rows = sqlx::query_as!(
        Shaded,
        r#"select id as "id: AccountId", account_no, org_path from directory.account
           where utility = 'heat' and org_path ^@ any($1) and id > $2 order by id limit $3"#,
        &at.org_paths,
        at.at_account,
        most,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// What these were charged for a season: what was imported, or what stands in the book.
pub(crate) async fn charged(
    tx: &mut Tx,
    at: &Standing,
    accounts: &[Uuid],
) -> Result<HashMap<AccountId, Fen>> {
    let sources: Vec<String> = if at.imported {
        vec!["import".to_owned()]
    } else {
        let ours = ["import", "season_opening", "charge", "recalculation", "settlement"];
        ours.map(str::to_owned).to_vec()
    };
    let rows = sqlx::query!(
        r#"select e.account_id as "account_id!: AccountId", sum(e.amount_fen)::bigint as "fen!"
           from ledger.entry e join ledger.posting p on p.id = e.posting_id
           where e.season_id = $1 and e.account_id = any($2) and e.ledger = 'receivable'
             and e.item in ('heat', 'basic', 'metered', 'height') and p.channel is null
             and (p.source = any($3) or p.source = 'reversal' and exists (
                    select from ledger.posting i
                    where i.id = p.corrects_id and i.source = any($3)))
           group by 1"#,
        *at.season,
        accounts,
        &sources,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.account_id, Fen::new(r.fen))).collect())
}

/// Puts down what a step found.
pub(crate) async fn add_shades(tx: &mut Tx, id: Uuid, found: &[(Shaded, Classed)]) -> Result<()> {
    let text = |of: fn(&(Shaded, Classed)) -> &str| {
        found.iter().map(|f| of(f).to_owned()).collect::<Vec<String>>()
    };
    let ids: Vec<Uuid> = found.iter().map(|f| *f.0.id).collect();
    let old: Vec<i64> = found.iter().map(|f| f.1.old.get()).collect();
    let new: Vec<i64> = found.iter().map(|f| f.1.new.get()).collect();
    sqlx::query!(
        "with t as (
           select * from unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[],
                                $7::bigint[], $8::bigint[])
             t (account_id, account_no, org_path, user_class, cause, old_fen, new_fen)
         ), rows as (
           insert into imports.shadow_row
             (shadow_id, account_id, account_no, org_path, user_class, cause, old_fen, new_fen)
           select $1, account_id, account_no, org_path, user_class, cause, old_fen, new_fen
           from t where cause <> 'equal'
         )
         insert into imports.shadow_sum as s
           (shadow_id, org_path, user_class, cause, households, old_fen, new_fen)
         select $1, org_path, user_class, cause, count(*), sum(old_fen), sum(new_fen)
         from t group by org_path, user_class, cause
         on conflict (shadow_id, org_path, user_class, cause) do update
         set households = s.households + excluded.households,
             old_fen = s.old_fen + excluded.old_fen, new_fen = s.new_fen + excluded.new_fen",
        id,
        &ids,
        &text(|f| &f.0.account_no),
        &text(|f| &f.0.org_path),
        &text(|f| f.1.user_class.into()),
        &text(|f| f.1.cause.into()),
        &old,
        &new,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// The run is that far; without `at` it is done.
pub(crate) async fn move_shadow(tx: &mut Tx, id: Uuid, at: Option<Uuid>, more: i32) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update imports.shadow set at_account = coalesce($2, at_account), done = done + $3,
           step_at = $4, state = case when $2::uuid is null then 'done' else state end
         where id = $1",
        id,
        at,
        more,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// What a run found so far.
pub(crate) async fn shadow_sums(tx: &mut Tx, id: Uuid) -> Result<Vec<ShadowSum>> {
    let rows = sqlx::query_as!(
        ShadowSum,
        r#"select org_path, user_class, cause as "cause: Cause", households, old_fen, new_fen
           from imports.shadow_sum where shadow_id = $1 order by org_path, user_class, cause"#,
        id,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Households whose charge differs.
pub(crate) async fn shadow_rows(
    tx: &mut Tx,
    id: Uuid,
    filter: &ShadowFilter,
    most: i64,
) -> Result<Vec<ShadowRow>> {
    let cause: Option<&str> = filter.cause.map(Into::into);
    let rows = sqlx::query_as!(
        ShadowRow,
        r#"select account_id as "account_id: AccountId", account_no, org_path, user_class,
                  cause as "cause: Cause", old_fen, new_fen
           from imports.shadow_row
           where shadow_id = $1 and ($2::text is null or cause = $2)
             and ($3::text is null or org_path ^@ $3) and ($4::text is null or user_class = $4)
             and ($5::uuid is null or account_id > $5)
           order by account_id limit $6"#,
        id,
        cause,
        filter.org_path,
        filter.user_class,
        filter.after,
        most,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// A certificate's own columns.
pub(crate) struct Signed<'a> {
    pub id: Uuid,
    pub shadow: Uuid,
    pub season: SeasonId,
    pub org_paths: &'a [String],
    pub file: &'a CertificateFile,
}

/// Puts a certificate down for good.
pub(crate) async fn insert_certificate(tx: &mut Tx, c: Signed<'_>) -> Result<()> {
    let (now, by, name) = (tx.now(), tx.actor().user.map(|u| *u), tx.actor().name.clone());
    let bytes = |text: &str| unhex(text).unwrap_or_default();
    sqlx::query!(
        "insert into imports.certificate (id, shadow_id, season_id, org_paths, body, digest,
           signature, public_key, made_at, made_by, made_by_name)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
        c.id,
        c.shadow,
        *c.season,
        c.org_paths,
        c.file.body,
        &bytes(&c.file.digest),
        &bytes(&c.file.signature),
        &bytes(&c.file.public_key),
        now,
        by,
        name,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Certificates in sight, newest first; one of them when `id` names it.
pub(crate) async fn certificates(
    tx: &mut Tx,
    id: Option<Uuid>,
    scope: &Scope,
) -> Result<Vec<CertificateFile>> {
    let rows = sqlx::query_as!(
        CertificateFile,
        r#"select body, encode(digest, 'hex') as "digest!",
                  encode(signature, 'hex') as "signature!",
                  encode(public_key, 'hex') as "public_key!"
           from imports.certificate c
           where ($1::uuid is null or c.id = $1)
             and not exists (select from unnest(c.org_paths) o where not o ^@ any($2))
           order by c.made_at desc, c.id desc limit 50"#,
        id,
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}
