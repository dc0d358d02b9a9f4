//! All SQL of identity.

use crate::model::*;
use crate::session::TokenHash;
use chrono::{DateTime, Utc};
use kernel::{App, Error, Grant, OnConstraint, OrgId, Reach, Result, RoleId, Tx, UserId};
use uuid::Uuid;

pub(crate) struct SessionRow {
    pub id: Uuid,
    pub staff_id: UserId,
    pub name: String,
    pub app: AppKind,
    pub created_at: DateTime<Utc>,
    pub seen_at: DateTime<Utc>,
}

pub(crate) async fn session(app: &App, token: &TokenHash) -> Result<Option<SessionRow>> {
    let row = sqlx::query!(
        "select s.id, s.staff_id, p.name, s.app, s.created_at, s.seen_at
         from identity.session s join identity.staff p on p.id = s.staff_id
         where s.token_hash = $1 and s.ended_at is null and p.active",
        token,
    )
    .fetch_optional(&app.pool)
    .await?;
    Ok(row.map(|r| SessionRow {
        id: r.id,
        staff_id: r.staff_id.into(),
        name: r.name,
        app: r.app.parse().unwrap_or(AppKind::Desk),
        created_at: r.created_at,
        seen_at: r.seen_at,
    }))
}

/// Notes the use of a session, at most once a minute.
pub(crate) async fn touch_session(app: &App, token: &TokenHash, now: DateTime<Utc>) -> Result<()> {
    sqlx::query!(
        "update identity.session set seen_at = $2
         where token_hash = $1 and seen_at < $2::timestamptz - interval '1 minute'",
        token,
        now,
    )
    .execute(&app.pool)
    .await?;
    Ok(())
}

pub(crate) async fn grants(app: &App, staff: UserId) -> Result<Vec<Grant>> {
    let rows = sqlx::query!(
        "select distinct p.key, o.path, p.reach
         from identity.staff_role g
         join identity.role_permission p on p.role_id = g.role_id
         join identity.org o on o.id = g.org_id
         where g.staff_id = $1",
        *staff,
    )
    .fetch_all(&app.pool)
    .await?;
    let reach = |r: &str| if r == "own" { Reach::Own } else { Reach::Subtree };
    Ok(rows
        .into_iter()
        .map(|r| Grant { reach: reach(&r.reach), key: r.key, path: r.path })
        .collect())
}

pub(crate) struct Credentials {
    pub id: UserId,
    pub name: String,
    pub hash: String,
    pub failed: i32,
    pub locked_until: Option<DateTime<Utc>>,
}

pub(crate) async fn credentials(tx: &mut Tx, login: &str) -> Result<Option<Credentials>> {
    let row = sqlx::query!(
        "select id, name, password_hash, failed_attempts, locked_until
         from identity.staff where login = $1 and active for update",
        login,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|r| Credentials {
        id: r.id.into(),
        name: r.name,
        hash: r.password_hash,
        failed: r.failed_attempts,
        locked_until: r.locked_until,
    }))
}

pub(crate) async fn set_failures(
    tx: &mut Tx,
    id: UserId,
    failed: i32,
    locked_until: Option<DateTime<Utc>>,
) -> Result<()> {
    sqlx::query!(
        "update identity.staff set failed_attempts = $2, locked_until = $3 where id = $1",
        *id,
        failed,
        locked_until,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn set_password(tx: &mut Tx, id: UserId, hash: &str) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update identity.staff
         set password_hash = $2, password_changed_at = $3, failed_attempts = 0, locked_until = null
         where id = $1",
        *id,
        hash,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn insert_session(
    tx: &mut Tx,
    token: &TokenHash,
    staff: UserId,
    app: AppKind,
    ip: &str,
    agent: &str,
) -> Result<Uuid> {
    let (id, now) = (tx.new_id::<Uuid>(), tx.now());
    sqlx::query!(
        "insert into identity.session (token_hash, id, staff_id, app, ip, agent, created_at, seen_at)
         values ($1, $2, $3, $4, $5, $6, $7, $7)",
        token,
        id,
        *staff,
        <&str>::from(app),
        ip,
        agent,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(id)
}

/// Ends one session, or all of a person's when `id` is absent; returns how many.
pub(crate) async fn end_sessions(
    tx: &mut Tx,
    staff: UserId,
    id: Option<Uuid>,
    why: &str,
) -> Result<u64> {
    let now = tx.now();
    let done = sqlx::query!(
        "update identity.session set ended_at = $3, ended_why = $4
         where staff_id = $1 and ($2::uuid is null or id = $2) and ended_at is null",
        *staff,
        id,
        now,
        why,
    )
    .execute(tx.db())
    .await?;
    Ok(done.rows_affected())
}

pub(crate) async fn sessions(tx: &mut Tx, staff: UserId) -> Result<Vec<SessionInfo>> {
    let rows = sqlx::query_as!(
        SessionInfo,
        "select id, app, ip, agent, created_at, seen_at from identity.session
         where staff_id = $1 and ended_at is null order by seen_at desc",
        *staff,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

pub(crate) async fn orgs(tx: &mut Tx) -> Result<Vec<Org>> {
    let rows = sqlx::query_as!(
        Org,
        r#"select id as "id: OrgId", parent_id as "parent_id: OrgId", kind, code, name, path, phone, active
           from identity.org order by path"#,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

pub(crate) async fn org(tx: &mut Tx, id: OrgId) -> Result<Org> {
    sqlx::query_as!(
        Org,
        r#"select id as "id: OrgId", parent_id as "parent_id: OrgId", kind, code, name, path, phone, active
           from identity.org where id = $1 for share"#,
        *id,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("organisation"))
}

pub(crate) async fn insert_org(tx: &mut Tx, org: &Org) -> Result<()> {
    sqlx::query!(
        "insert into identity.org (id, parent_id, kind, code, name, path, phone, active)
         values ($1, $2, $3, $4, $5, $6, $7, $8)",
        *org.id,
        org.parent_id.map(|p| *p),
        org.kind,
        org.code,
        org.name,
        org.path,
        org.phone,
        org.active,
    )
    .execute(tx.db())
    .await
    .on_constraint("org_code_key", IdentityRule::DuplicateCode)?;
    Ok(())
}

pub(crate) async fn update_org(tx: &mut Tx, org: &Org) -> Result<()> {
    sqlx::query!(
        "update identity.org set name = $2, phone = $3, active = $4 where id = $1",
        *org.id,
        org.name,
        org.phone,
        org.active,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

pub(crate) async fn org_is_used(tx: &mut Tx, id: OrgId) -> Result<bool> {
    let used = sqlx::query_scalar!(
        r#"select exists (select from identity.staff where org_id = $1 and active)
               or exists (select from identity.org where parent_id = $1 and active) as "used!""#,
        *id,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(used)
}

/// People in sight, by login; `only` for one of them.
pub(crate) async fn staff(
    tx: &mut Tx,
    paths: &[String],
    only: Option<UserId>,
    q: Option<&str>,
    under: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Vec<Staff>> {
    let rows = sqlx::query!(
        r#"select s.id, s.login, s.name, s.job_no, s.phone, s.active, s.locked_until,
                  o.id as org_id, o.name as org_name, o.path, o.kind,
                  coalesce((select jsonb_agg(jsonb_build_object(
                     'role_id', r.id, 'key', r.key, 'name', r.name, 'name_en', r.name_en,
                     'org_id', ro.id, 'org_name', ro.name) order by r.key)
                   from identity.staff_role g join identity.role r on r.id = g.role_id
                   join identity.org ro on ro.id = g.org_id
                   where g.staff_id = s.id), '[]') as "roles!"
           from identity.staff s join identity.org o on o.id = s.org_id
           where o.path ^@ any($1)
             and ($2::uuid is null or s.id = $2)
             and ($3::text is null or position($3 in s.name) > 0 or position($3 in s.login) > 0
                  or position($3 in coalesce(s.job_no, '')) > 0)
             and ($4::text is null or o.path ^@ $4)
             and ($5::text is null or s.login > $5)
           order by s.login limit $6"#,
        paths,
        only.map(|id| *id),
        q,
        under,
        after,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter()
        .map(|r| {
            let roles = serde_json::from_value(r.roles).map_err(|e| Error::Internal(e.into()))?;
            let org = OrgRef { id: r.org_id.into(), name: r.org_name, path: r.path, kind: r.kind };
            Ok(Staff {
                id: r.id.into(),
                login: r.login,
                name: r.name,
                job_no: r.job_no,
                phone: r.phone,
                org,
                roles,
                active: r.active,
                locked_until: r.locked_until,
            })
        })
        .collect()
}

pub(crate) async fn insert_staff(tx: &mut Tx, staff: &Staff, hash: &str) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "insert into identity.staff
           (id, login, name, job_no, phone, org_id, password_hash, password_changed_at, created_at)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $8)",
        *staff.id,
        staff.login,
        staff.name,
        staff.job_no,
        staff.phone,
        *staff.org.id,
        hash,
        now,
    )
    .execute(tx.db())
    .await
    .map_err(duplicate)?;
    Ok(())
}

pub(crate) async fn update_staff(tx: &mut Tx, staff: &Staff) -> Result<()> {
    sqlx::query!(
        "update identity.staff set name = $2, job_no = $3, phone = $4, org_id = $5, active = $6
         where id = $1",
        *staff.id,
        staff.name,
        staff.job_no,
        staff.phone,
        *staff.org.id,
        staff.active,
    )
    .execute(tx.db())
    .await
    .map_err(duplicate)?;
    Ok(())
}

fn duplicate(e: sqlx::Error) -> Error {
    match e.as_database_error().and_then(|d| d.constraint()) {
        Some("staff_login_key") => IdentityRule::DuplicateLogin.into(),
        Some("staff_job_no_key") => IdentityRule::DuplicateJobNo.into(),
        _ => e.into(),
    }
}

pub(crate) async fn set_roles(tx: &mut Tx, staff: UserId, roles: &[(RoleId, OrgId)]) -> Result<()> {
    sqlx::query!("delete from identity.staff_role where staff_id = $1", *staff)
        .execute(tx.db())
        .await?;
    let role_ids: Vec<Uuid> = roles.iter().map(|(r, _)| **r).collect();
    let org_ids: Vec<Uuid> = roles.iter().map(|(_, o)| **o).collect();
    sqlx::query!(
        "insert into identity.staff_role (staff_id, role_id, org_id)
         select $1, role_id, org_id from unnest($2::uuid[], $3::uuid[]) as t (role_id, org_id)
         on conflict do nothing",
        *staff,
        &role_ids,
        &org_ids,
    )
    .execute(tx.db())
    .await
    .on_constraint("staff_role_role", Error::NotFound("role"))?;
    Ok(())
}

pub(crate) async fn roles(tx: &mut Tx) -> Result<Vec<Role>> {
    let rows = sqlx::query!(
        r#"select r.id, r.key, r.name, r.name_en, r.builtin,
                  coalesce(jsonb_agg(jsonb_build_object('key', p.key, 'reach', p.reach) order by p.key)
                           filter (where p.key is not null), '[]') as "permissions!"
           from identity.role r left join identity.role_permission p on p.role_id = r.id
           group by r.id order by r.builtin desc, r.key"#,
    )
    .fetch_all(tx.db())
    .await?;
    rows.into_iter()
        .map(|r| {
            let keys =
                serde_json::from_value(r.permissions).map_err(|e| Error::Internal(e.into()))?;
            Ok(Role {
                id: r.id.into(),
                key: r.key,
                name: r.name,
                name_en: r.name_en,
                builtin: r.builtin,
                permissions: keys,
            })
        })
        .collect()
}

/// Makes the role, or brings it to this state, and returns its id.
pub(crate) async fn upsert_role(tx: &mut Tx, role: &Role) -> Result<RoleId> {
    let id = sqlx::query_scalar!(
        r#"insert into identity.role (id, key, name, name_en, builtin) values ($1, $2, $3, $4, $5)
           on conflict (key) do update set name = $3, name_en = $4
           returning id as "id: RoleId""#,
        *role.id,
        role.key,
        role.name,
        role.name_en,
        role.builtin,
    )
    .fetch_one(tx.db())
    .await?;
    let keys: Vec<String> = role.permissions.iter().map(|k| k.key.clone()).collect();
    let reaches: Vec<String> = role.permissions.iter().map(|k| k.reach.clone()).collect();
    sqlx::query!("delete from identity.role_permission where role_id = $1", *id)
        .execute(tx.db())
        .await?;
    sqlx::query!(
        "insert into identity.role_permission (role_id, key, reach)
         select $1, key, reach from unnest($2::text[], $3::text[]) as t (key, reach)
         on conflict do nothing",
        *id,
        &keys,
        &reaches,
    )
    .execute(tx.db())
    .await
    .on_constraint(
        "role_permission_reach_known",
        Error::invalid("reach", "权限范围无效", "reach is subtree or own"),
    )?;
    Ok(id)
}

pub(crate) struct LogFilter<'a> {
    pub paths: &'a [String],
    pub subject: Option<Uuid>,
    pub actor: Option<Uuid>,
    pub kind: Option<&'a str>,
    pub from: Option<DateTime<Utc>>,
    pub to: Option<DateTime<Utc>>,
    pub before: Option<i64>,
    pub limit: i64,
}

pub(crate) async fn events(tx: &mut Tx, f: LogFilter<'_>) -> Result<Vec<kernel::EventRow>> {
    let rows = sqlx::query_as!(
        kernel::EventRow,
        r#"select id, kind, subject, subject_id, matter_id as "matter_id: kernel::MatterId",
                  org_path, actor_id, actor_name, channel, at, payload
           from kernel.event
           where (org_path is null or org_path ^@ any($1))
             and ($2::uuid is null or subject_id = $2)
             and ($3::uuid is null or actor_id = $3)
             and ($4::text is null or kind ^@ $4)
             and ($5::timestamptz is null or at >= $5)
             and ($6::timestamptz is null or at < $6)
             and ($7::bigint is null or id < $7)
           order by id desc limit $8"#,
        f.paths,
        f.subject,
        f.actor,
        f.kind,
        f.from,
        f.to,
        f.before,
        f.limit,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// The keys that somebody holds anywhere.
pub(crate) async fn grants_in(tx: &mut Tx, staff: UserId) -> Result<Vec<String>> {
    let keys = sqlx::query_scalar!(
        "select distinct p.key from identity.staff_role g
         join identity.role_permission p on p.role_id = g.role_id
         where g.staff_id = $1 order by p.key",
        *staff,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(keys)
}
