//! SQL of rule packs.

use crate::{PackRule, PackState, PackVersion};
use kernel::{Error, OnConstraint, OrgId, PackVersionId, Result, Scope, SeasonId, Tx, UserId};
use serde_json::Value;
use std::str::FromStr as _;
use tariff::{ExampleResult, Pack};

/// A version that is being worked on.
pub(crate) struct Held {
    pub id: PackVersionId,
    pub code: String,
    pub org_path: String,
    pub first_season: i32,
    pub state: PackState,
    pub revision: i32,
    pub author_id: Option<UserId>,
    pub pack: Pack,
}

fn broken(e: impl Into<anyhow::Error>) -> Error {
    Error::Internal(e.into())
}

/// A pack as it is kept.
pub(crate) fn to_json(pack: &Pack) -> Result<Value> {
    serde_json::to_value(pack).map_err(broken)
}

/// Locks a version that the caller may write, for a step.
pub(crate) async fn lock(tx: &mut Tx, id: PackVersionId, scope: &Scope) -> Result<Held> {
    let r = sqlx::query!(
        r#"select code, org_path, first_season, state, revision,
                  author_id as "author_id: UserId", pack
           from billing.rule_pack_version where id = $1 and org_path ^@ any($2) for update"#,
        *id,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("rule pack"))?;
    Ok(Held {
        id,
        code: r.code,
        org_path: r.org_path,
        first_season: r.first_season,
        state: PackState::from_str(&r.state).map_err(broken)?,
        revision: r.revision,
        author_id: r.author_id,
        pack: serde_json::from_value(r.pack).map_err(broken)?,
    })
}

/// The rules of one version, whoever asks.
pub(crate) async fn pack(tx: &mut Tx, id: PackVersionId) -> Result<Pack> {
    let pack = sqlx::query_scalar!("select pack from billing.rule_pack_version where id = $1", *id)
        .fetch_optional(tx.db())
        .await?
        .ok_or(Error::NotFound("rule pack"))?;
    serde_json::from_value(pack).map_err(broken)
}

/// The version in force for seasons that begin in `year` and an organisation: the nearest
/// organisation's, of those the latest season's, of those the latest.
pub(crate) async fn in_force(
    tx: &mut Tx,
    year: i32,
    org_path: &str,
) -> Result<Option<PackVersionId>> {
    let id = sqlx::query_scalar!(
        r#"select id as "id: PackVersionId" from billing.rule_pack_version
           where state = 'published' and $2 ^@ org_path and first_season <= $1
           order by length(org_path) desc, first_season desc, published_at desc limit 1"#,
        year,
        org_path,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(id)
}

/// For whom and from when a version is.
pub(crate) struct Head {
    pub org_path: String,
    pub first_season: i32,
}

/// For whom and from when a version is, whoever asks.
pub(crate) async fn head(tx: &mut Tx, id: PackVersionId) -> Result<Head> {
    sqlx::query_as!(
        Head,
        "select org_path, first_season from billing.rule_pack_version where id = $1",
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("rule pack"))
}

/// The nearest organisation above `org_path` that has rules of its own for seasons that begin in
/// `year`.
pub(crate) async fn nearest(tx: &mut Tx, year: i32, org_path: &str) -> Result<Option<String>> {
    let path = sqlx::query_scalar!(
        "select org_path from billing.rule_pack_version
         where state = 'published' and $2 ^@ org_path and first_season <= $1
         order by length(org_path) desc limit 1",
        year,
        org_path,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(path)
}

/// The year in which a season begins.
pub(crate) async fn year_of(tx: &mut Tx, season: SeasonId) -> Result<i32> {
    sqlx::query_scalar!(
        r#"select extract(year from starts_at at time zone 'Asia/Shanghai')::int as "year!"
           from ledger.season where id = $1"#,
        *season,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("season"))
}

/// The version that one would be compared to: the one in force for the same organisation.
pub(crate) async fn before(
    tx: &mut Tx,
    id: PackVersionId,
    org_path: &str,
    first_season: i32,
) -> Result<Option<(PackVersionId, Pack)>> {
    let row = sqlx::query!(
        r#"select id as "id: PackVersionId", pack from billing.rule_pack_version
           where state in ('published', 'superseded') and org_path = $1 and id <> $2
             and published_at < coalesce((select published_at from billing.rule_pack_version
                                          where id = $2), 'infinity')
           order by state = 'superseded', first_season > $3, first_season desc, published_at desc
           limit 1"#,
        org_path,
        *id,
        first_season,
    )
    .fetch_optional(tx.db())
    .await?;
    row.map(|r| Ok((r.id, serde_json::from_value(r.pack).map_err(broken)?))).transpose()
}

/// Versions in sight: those of the caller's organisations, and those that apply to them. All, or
/// one of them.
pub(crate) async fn list(
    tx: &mut Tx,
    scope: &Scope,
    only: Option<PackVersionId>,
) -> Result<Vec<PackVersion>> {
    let rows = sqlx::query!(
        r#"select v.id as "id: PackVersionId", v.code, v.version, v.name, v.name_en, v.org_path,
                  coalesce(o.name, v.org_path) as "org_name!", v.first_season, v.state,
                  v.revision, v.note, v.author_id as "author_id: UserId", v.author_name,
                  v.changed_at, v.submitted_at, v.approver_name, v.approved_at, v.published_at,
                  v.superseded_at
           from billing.rule_pack_version v
           left join identity.org o on o.path = v.org_path
           where (v.org_path ^@ any($1)
                  or exists (select from unnest($1::text[]) p (path) where p.path ^@ v.org_path))
             and ($2::uuid is null or v.id = $2)
           order by v.changed_at desc, v.id desc limit 500"#,
        &scope.paths,
        only.map(|id| *id),
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter()
        .map(|r| {
            Ok(PackVersion {
                id: r.id,
                code: r.code,
                version: r.version,
                name: r.name,
                name_en: r.name_en,
                org_path: r.org_path,
                org_name: r.org_name,
                first_season: r.first_season,
                state: PackState::from_str(&r.state).map_err(broken)?,
                revision: r.revision,
                note: r.note,
                author_id: r.author_id,
                author_name: r.author_name,
                changed_at: r.changed_at,
                submitted_at: r.submitted_at,
                approver_name: r.approver_name,
                approved_at: r.approved_at,
                published_at: r.published_at,
                superseded_at: r.superseded_at,
            })
        })
        .collect()
}

/// The path of an organisation in sight.
pub(crate) async fn org_path(tx: &mut Tx, org: OrgId, scope: &Scope) -> Result<String> {
    sqlx::query_scalar!(
        "select path from identity.org where id = $1 and path ^@ any($2)",
        *org,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("organisation"))
}

/// The company's path: the organisation above all others.
pub(crate) async fn root(tx: &mut Tx) -> Result<Option<String>> {
    let path = sqlx::query_scalar!(
        "select path from identity.org where parent_id is null order by path limit 1"
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(path)
}

/// A draft to be kept.
pub(crate) struct Draft<'a> {
    pub pack: &'a Pack,
    pub org_path: &'a str,
    pub first_season: i32,
    pub note: &'a str,
}

/// Keeps a new draft.
pub(crate) async fn insert(tx: &mut Tx, draft: &Draft<'_>) -> Result<PackVersionId> {
    let (id, now): (PackVersionId, _) = (tx.new_id(), tx.now());
    let (author, name) = (tx.actor().user.map(|u| *u), tx.actor().name.clone());
    sqlx::query!(
        "insert into billing.rule_pack_version
           (id, code, version, name, name_en, org_path, first_season, state, pack, revision, note,
            author_id, author_name, created_at, changed_at)
         select $1, $2, coalesce(max(version), 0) + 1, $3, $4, $5, $6, 'draft', $7, 1, $8, $9, $10,
                $11, $11
         from billing.rule_pack_version where code = $2",
        *id,
        draft.pack.code,
        draft.pack.names.zh,
        draft.pack.names.en,
        draft.org_path,
        draft.first_season,
        to_json(draft.pack)?,
        draft.note,
        author,
        name,
        now,
    )
    .execute(tx.db())
    .await
    .on_constraint("rule_pack_version_key", PackRule::VersionTaken)
    .map_err(|e| bad_code(e, &draft.pack.code))?;
    Ok(id)
}

fn bad_code(e: Error, code: &str) -> Error {
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if code.is_empty() || code.len() > 40 || !code.chars().all(plain) {
        return Error::invalid("code", "代码只能用小写字母、数字和下划线", "letters, digits, _");
    }
    e
}

/// Writes a draft anew.
pub(crate) async fn rewrite(tx: &mut Tx, id: PackVersionId, draft: &Draft<'_>) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update billing.rule_pack_version
         set pack = $2, name = $3, name_en = $4, first_season = $5, note = $6,
             revision = revision + 1, changed_at = $7
         where id = $1 and state = 'draft'",
        *id,
        to_json(draft.pack)?,
        draft.pack.names.zh,
        draft.pack.names.en,
        draft.first_season,
        draft.note,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Hands a draft in, with how its examples came out.
pub(crate) async fn submit(
    tx: &mut Tx,
    id: PackVersionId,
    results: &[ExampleResult],
) -> Result<()> {
    let now = tx.now();
    let results = serde_json::to_value(results).map_err(broken)?;
    sqlx::query!(
        "update billing.rule_pack_version
         set state = 'submitted', results = $2, submitted_at = $3, changed_at = $3 where id = $1",
        *id,
        results,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Hands a version back to its author.
pub(crate) async fn hand_back(tx: &mut Tx, id: PackVersionId, reason: &str) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update billing.rule_pack_version
         set state = 'draft', results = null, submitted_at = null, approver_id = null,
             approver_name = null, approved_at = null, note = $2, changed_at = $3 where id = $1",
        *id,
        reason,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Writes down who agreed.
pub(crate) async fn approve(tx: &mut Tx, id: PackVersionId) -> Result<()> {
    let now = tx.now();
    let (by, name) = (tx.actor().user.map(|u| *u), tx.actor().name.clone());
    sqlx::query!(
        "update billing.rule_pack_version
         set state = 'approved', approver_id = $2, approver_name = $3, approved_at = $4,
             changed_at = $4 where id = $1",
        *id,
        by,
        name,
        now,
    )
    .execute(tx.db())
    .await
    .on_constraint("rule_pack_version_second_person", PackRule::SecondPerson)?;
    Ok(())
}

/// Puts a version in force; those that it takes the place of are superseded.
pub(crate) async fn publish(tx: &mut Tx, held: &Held) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update billing.rule_pack_version set state = 'superseded', superseded_at = $1
         where state = 'published' and org_path = $2 and first_season >= $3 and id <> $4",
        now,
        held.org_path,
        held.first_season,
        *held.id,
    )
    .execute(tx.db())
    .await?;
    sqlx::query!(
        "update billing.rule_pack_version
         set state = 'published', published_at = $2, changed_at = $2 where id = $1",
        *held.id,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Some version in force, if the company has any.
pub(crate) async fn any_published(tx: &mut Tx) -> Result<Option<PackVersionId>> {
    let any = sqlx::query_scalar!(
        r#"select id as "id: PackVersionId" from billing.rule_pack_version
           where state = 'published' order by published_at limit 1"#
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(any)
}

/// Whether a version was ever put in force, and so never changes.
pub(crate) async fn is_published(tx: &mut Tx, id: PackVersionId) -> Result<bool> {
    let published = sqlx::query_scalar!(
        r#"select published_at is not null as "published!"
           from billing.rule_pack_version where id = $1"#,
        *id,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(published.unwrap_or(false))
}
