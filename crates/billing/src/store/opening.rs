//! Openings of a season.

use crate::model::{
    Opening, OpeningChange, OpeningRefusal, OpeningState, OpeningSum, Preview, Refused, Selection,
};
use chrono::NaiveDate;
use kernel::{AccountId, Error, OpeningId, Result, Scope, SeasonId, Tx};
use std::str::FromStr as _;
use uuid::Uuid;

/// Writes a new opening.
pub(crate) async fn insert(
    tx: &mut Tx,
    id: OpeningId,
    season: SeasonId,
    selection: &Selection,
    valid_on: NaiveDate,
    scope: &Scope,
) -> Result<()> {
    let selection = serde_json::to_value(selection).map_err(|e| Error::Internal(e.into()))?;
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    let name = tx.actor().name.clone();
    sqlx::query!(
        "insert into billing.opening
           (id, season_id, selection, valid_on, org_paths, state, made_at, made_by, made_by_name)
         values ($1, $2, $3, $4, $5, 'reckoning', $6, $7, $8)",
        *id,
        *season,
        selection,
        valid_on,
        &scope.paths,
        now,
        by,
        name,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// An opening that its maker's organisations and the reader's have in common, for reading.
pub(crate) async fn list(
    tx: &mut Tx,
    id: Option<OpeningId>,
    scope: &Scope,
) -> Result<Vec<Opening>> {
    let rows = sqlx::query!(
        r#"select o.id, o.season_id, s.code, o.selection, o.valid_on, o.state, o.made_at,
                  o.made_by_name, o.posted_at, o.posted_by_name, o.finished_at, o.households,
                  o.refused, o.skipped, o.done, o.amount_fen, o.before_fen
           from billing.opening o join ledger.season s on s.id = o.season_id
           where ($1::uuid is null or o.id = $1)
             and exists (select from unnest(o.org_paths) path where path ^@ any($2))
           order by o.made_at desc, o.id desc limit 200"#,
        id.map(|i| *i),
        &scope.paths,
    )
    .fetch_all(tx.db())
    .await?;
    let internal = |e: serde_json::Error| Error::Internal(e.into());
    let mut out = Vec::with_capacity(rows.len());
    for r in rows {
        let state = OpeningState::from_str(&r.state).map_err(|e| Error::Internal(e.into()))?;
        out.push(Opening {
            id: r.id,
            season_id: r.season_id,
            season: r.code,
            selection: serde_json::from_value(r.selection).map_err(internal)?,
            valid_on: r.valid_on,
            state,
            made_at: r.made_at,
            made_by_name: r.made_by_name,
            posted_at: r.posted_at,
            posted_by_name: r.posted_by_name,
            finished_at: r.finished_at,
            households: r.households,
            refused: r.refused,
            skipped: r.skipped,
            done: r.done,
            amount_fen: r.amount_fen,
            before_fen: r.before_fen,
        });
    }
    Ok(out)
}

/// An opening for a step; others wait.
pub(crate) async fn lock(tx: &mut Tx, id: OpeningId, scope: &Scope) -> Result<Opening> {
    sqlx::query!("select id from billing.opening where id = $1 for update", *id)
        .fetch_optional(tx.db())
        .await?
        .ok_or(Error::NotFound("opening"))?;
    list(tx, Some(id), scope).await?.into_iter().next().ok_or(Error::NotFound("opening"))
}

/// The organisations of who made it.
pub(crate) async fn paths(tx: &mut Tx, id: OpeningId) -> Result<Vec<String>> {
    sqlx::query_scalar!("select org_paths from billing.opening where id = $1", *id)
        .fetch_optional(tx.db())
        .await?
        .ok_or(Error::NotFound("opening"))
}

/// Whether another opening of the season is being posted.
pub(crate) async fn another_runs(tx: &mut Tx, o: &Opening) -> Result<bool> {
    let runs = sqlx::query_scalar!(
        r#"select exists (select from billing.opening
                          where season_id = $1 and id <> $2 and state = 'posting') as "runs!""#,
        *o.season_id,
        *o.id,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(runs)
}

/// Makes two that open one season wait for each other.
pub(crate) async fn lock_season(tx: &mut Tx, season: SeasonId) -> Result<()> {
    sqlx::query!(
        "select pg_advisory_xact_lock(hashtextextended('opening ' || $1, 0))",
        season.to_string(),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Somebody said yes or no.
pub(crate) async fn set_state(tx: &mut Tx, id: OpeningId, state: OpeningState) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().user.map(|u| *u));
    let name = tx.actor().name.clone();
    sqlx::query!(
        "update billing.opening
         set state = $2::text,
             posted_at = case when $2 = 'posting' then $3 else posted_at end,
             posted_by = case when $2 = 'posting' then $4 else posted_by end,
             posted_by_name = case when $2 = 'posting' then $5 else posted_by_name end
         where id = $1",
        *id,
        <&str>::from(state),
        now,
        by,
        name,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// All of it is in the book.
pub(crate) async fn finish(tx: &mut Tx, id: OpeningId, state: OpeningState) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update billing.opening set state = $2, finished_at = $3 where id = $1",
        *id,
        <&str>::from(state),
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// So many more are in the book.
pub(crate) async fn advance(tx: &mut Tx, id: OpeningId, by: usize) -> Result<()> {
    let by = i32::try_from(by).unwrap_or(i32::MAX);
    sqlx::query!("update billing.opening set done = done + $2 where id = $1", *id, by)
        .execute(tx.db())
        .await?;
    Ok(())
}

/// The households of a selection that buy heat, by id.
pub(crate) async fn selected(
    tx: &mut Tx,
    selection: &Selection,
    paths: &[String],
) -> Result<Vec<AccountId>> {
    let classes: Vec<String> =
        selection.user_classes.iter().map(|c| <&str>::from(*c).to_owned()).collect();
    let under = selection.org_path.as_deref().unwrap_or("/");
    let ids = sqlx::query_scalar!(
        r#"select a.id from directory.account a
           where a.utility = 'heat' and a.org_path ^@ any($1) and starts_with(a.org_path, $2)
             and (cardinality($3::text[]) = 0 or a.account_no = any($3))
             and (cardinality($4::text[]) = 0
                  or exists (select from directory.premise p
                             where p.id = a.premise_id and p.user_class = any($4)))
             and ($5::uuid is null
                  or exists (select from directory.premise p
                             join directory.place u on u.id = p.unit_id
                             join directory.place b on b.id = u.parent_id
                             where p.id = a.premise_id and b.parent_id = $5))
           order by a.id"#,
        paths,
        under,
        &selection.account_nos,
        &classes,
        selection.community_id.map(|c| *c),
    )
    .fetch_all(tx.db())
    .await?;
    Ok(ids)
}

/// Whether these organisations are all that have households.
pub(crate) async fn reach_everybody(tx: &mut Tx, paths: &[String]) -> Result<bool> {
    let all = sqlx::query_scalar!(
        r#"select not exists (select from directory.account
                              where utility = 'heat' and not org_path ^@ any($1)) as "all!""#,
        paths,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(all)
}

/// The season before this one.
pub(crate) async fn season_before(
    tx: &mut Tx,
    season: SeasonId,
) -> Result<Option<(SeasonId, String)>> {
    let row = sqlx::query!(
        "select s.id, s.code from ledger.season s
         where s.starts_at < (select starts_at from ledger.season where id = $1)
         order by s.starts_at desc limit 1",
        *season,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|r| (r.id, r.code)))
}

/// Keeps what was reckoned, in place of what was reckoned before.
pub(crate) async fn keep_preview(
    tx: &mut Tx,
    id: OpeningId,
    stations: &[String],
    preview: &Preview,
    refused: &[Refused],
    skipped: usize,
) -> Result<()> {
    clear(tx, id).await?;
    let station = |i: &usize| stations.get(*i).cloned().unwrap_or_default();
    let sums: Vec<_> = preview.sums.iter().collect();
    let orgs: Vec<String> = sums.iter().map(|((s, _), _)| station(s)).collect();
    let classes: Vec<String> = sums.iter().map(|((_, c), _)| <&str>::from(*c).to_owned()).collect();
    let counts: Vec<i32> = sums.iter().map(|(_, t)| t.households).collect();
    let amounts: Vec<i64> = sums.iter().map(|(_, t)| t.amount).collect();
    let before: Vec<i64> = sums.iter().map(|(_, t)| t.before).collect();
    sqlx::query!(
        "insert into billing.opening_sum
           (opening_id, org_path, user_class, households, amount_fen, before_fen)
         select $1, t.o, t.c, t.n, t.a, t.b
         from unnest($2::text[], $3::text[], $4::int[], $5::bigint[], $6::bigint[])
           as t (o, c, n, a, b)",
        *id,
        &orgs,
        &classes,
        &counts,
        &amounts,
        &before,
    )
    .execute(tx.db())
    .await?;
    let accounts: Vec<Uuid> = preview.changes.iter().map(|(a, ..)| **a).collect();
    let before: Vec<i64> = preview.changes.iter().map(|(_, b, _)| *b).collect();
    let amounts: Vec<i64> = preview.changes.iter().map(|(.., a)| *a).collect();
    sqlx::query!(
        "insert into billing.opening_change (opening_id, place, account_id, before_fen, amount_fen)
         select $1, t.n::int, t.i, t.b, t.a
         from unnest($2::uuid[], $3::bigint[], $4::bigint[]) with ordinality as t (i, b, a, n)",
        *id,
        &accounts,
        &before,
        &amounts,
    )
    .execute(tx.db())
    .await?;
    refuse(tx, id, refused).await?;
    let count = |n: usize| i32::try_from(n).unwrap_or(i32::MAX);
    sqlx::query!(
        "update billing.opening
         set state = 'ready', households = $2, refused = $3, skipped = $4,
             amount_fen = $5, before_fen = $6
         where id = $1",
        *id,
        preview.total.households,
        count(refused.len()),
        count(skipped),
        preview.total.amount,
        preview.total.before,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

async fn clear(tx: &mut Tx, id: OpeningId) -> Result<()> {
    sqlx::query!("delete from billing.opening_sum where opening_id = $1", *id)
        .execute(tx.db())
        .await?;
    sqlx::query!("delete from billing.opening_change where opening_id = $1", *id)
        .execute(tx.db())
        .await?;
    sqlx::query!("delete from billing.opening_refusal where opening_id = $1", *id)
        .execute(tx.db())
        .await?;
    Ok(())
}

async fn refuse(tx: &mut Tx, id: OpeningId, refused: &[Refused]) -> Result<()> {
    let accounts: Vec<Uuid> = refused.iter().map(|r| *r.account).collect();
    let codes: Vec<String> = refused.iter().map(|r| r.code.to_owned()).collect();
    let zh: Vec<String> = refused.iter().map(|r| r.zh.clone()).collect();
    let en: Vec<String> = refused.iter().map(|r| r.en.clone()).collect();
    sqlx::query!(
        "insert into billing.opening_refusal (opening_id, account_id, code, zh, en)
         select $1, t.a, t.c, t.z, t.e
         from unnest($2::uuid[], $3::text[], $4::text[], $5::text[]) as t (a, c, z, e)
         on conflict (opening_id, account_id) do nothing",
        *id,
        &accounts,
        &codes,
        &zh,
        &en,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// By station and class.
pub(crate) async fn sums(tx: &mut Tx, id: OpeningId) -> Result<Vec<OpeningSum>> {
    let rows = sqlx::query_as!(
        OpeningSum,
        r#"select s.org_path, coalesce(o.name, s.org_path) as "org_name!", s.user_class,
                  s.households, s.amount_fen, s.before_fen
           from billing.opening_sum s left join identity.org o on o.path = s.org_path
           where s.opening_id = $1 order by s.org_path, s.user_class"#,
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Where it differs most from the season before.
pub(crate) async fn changes(tx: &mut Tx, id: OpeningId) -> Result<Vec<OpeningChange>> {
    let rows = sqlx::query_as!(
        OpeningChange,
        "select c.account_id, a.account_no, p.address, c.before_fen, c.amount_fen
         from billing.opening_change c
         join directory.account a on a.id = c.account_id
         join directory.premise p on p.id = a.premise_id
         where c.opening_id = $1 order by c.place",
        *id,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// For whom nothing could be reckoned.
pub(crate) async fn refusals(
    tx: &mut Tx,
    id: OpeningId,
    limit: i64,
) -> Result<Vec<OpeningRefusal>> {
    let rows = sqlx::query_as!(
        OpeningRefusal,
        "select r.account_id, a.account_no, p.address, r.code, r.zh, r.en
         from billing.opening_refusal r
         join directory.account a on a.id = r.account_id
         join directory.premise p on p.id = a.premise_id
         where r.opening_id = $1 order by r.code, a.account_no limit $2",
        *id,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}
