//! Use cases: signing in and out, organisations, people, roles, and the operation log.

use crate::permissions::{AUDIT, GRANT, MANAGE, VIEW};
use crate::session::{SignedIn, new_token};
use crate::store::{self, LogFilter};
use crate::{AppKind, BUILTIN, IdentityRule, Me, Org, Role, RoleKey, Staff, model, password};
use kernel::{Actor, App, Error, EventRow, OrgId, Page, Reach, Result, RoleId, Tx, UserId};
use serde_json::{Value, json};
use uuid::Uuid;

/// Checks the password and opens a session. Every failure looks the same from outside.
pub async fn sign_in(
    app: &App,
    login: &str,
    password: &str,
    kind: AppKind,
    ip: &str,
    agent: &str,
) -> Result<SignedIn> {
    let mut tx = app.begin(Actor::system("sign-in")).await?;
    let found = store::credentials(&mut tx, login).await?;
    let locked = found.as_ref().is_some_and(|c| c.locked_until.is_some_and(|t| t > tx.now()));
    let stored = found.as_ref().map_or_else(|| UNKNOWN.to_owned(), |c| c.hash.clone());
    let password = password.to_owned();
    // Slow by intent, for a login that does not exist as well; not on the runtime's threads.
    let right = tokio::task::spawn_blocking(move || password::verify(&password, &stored)).await;
    let right = right.map_err(|e| Error::Internal(e.into()))?;
    let Some(found) = found else { return Err(IdentityRule::WrongPassword.into()) };
    if !right || locked {
        if !locked {
            let (failed, until) = model::after_failure(found.failed, tx.now());
            store::set_failures(&mut tx, found.id, failed, until).await?;
            if until.is_some() {
                tell(&mut tx, "identity.locked", ("staff", *found.id), None, json!({"ip": ip}))?;
            }
            tx.commit().await?;
        }
        return Err(IdentityRule::WrongPassword.into());
    }
    if found.failed > 0 {
        store::set_failures(&mut tx, found.id, 0, None).await?;
    }
    let (token, hash) = new_token()?;
    let id = store::insert_session(&mut tx, &hash, found.id, kind, ip, agent).await?;
    let told = json!({"staff": found.id, "name": found.name, "app": kind, "ip": ip});
    tell(&mut tx, "identity.signed_in", ("session", id), None, told)?;
    let me = me(&mut tx, found.id, kind).await?;
    tx.commit().await?;
    Ok(SignedIn { me, token })
}

/// A hash that no password opens, so that unknown logins take as long as known ones.
const UNKNOWN: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Ends one session of the caller, or all of them.
pub async fn sign_out(tx: &mut Tx, session: Option<Uuid>) -> Result<()> {
    let user = tx.user()?;
    store::end_sessions(tx, user, session, "signed out").await?;
    tell(tx, "identity.signed_out", ("staff", *user), None, json!({"session": session}))
}

/// Ends every session of somebody else: a lost phone, a person who left.
pub async fn sign_out_staff(tx: &mut Tx, id: UserId) -> Result<()> {
    let staff = staff_one(tx, id, MANAGE).await?;
    let ended = store::end_sessions(tx, staff.id, None, "ended by an administrator").await?;
    tell(tx, "identity.signed_out", ("staff", *id), None, json!({"ended": ended}))
}

/// What the signed-in person may know of himself.
pub async fn me(tx: &mut Tx, id: UserId, app: AppKind) -> Result<Me> {
    let everywhere = ["/".to_owned()];
    let found = store::staff(tx, &everywhere, Some(id), None, None, None, 1).await?;
    let staff = found.into_iter().next().ok_or(Error::Unauthenticated)?;
    let permissions = store::grants_in(tx, id).await?;
    Ok(Me {
        id,
        login: staff.login,
        name: staff.name,
        job_no: staff.job_no,
        phone: staff.phone,
        org: staff.org,
        roles: staff.roles,
        permissions,
        app,
    })
}

/// Changes the caller's own name or telephone.
pub async fn change_me(tx: &mut Tx, name: Option<String>, phone: Option<String>) -> Result<()> {
    let user = tx.user()?;
    let everywhere = ["/".to_owned()];
    let found = store::staff(tx, &everywhere, Some(user), None, None, None, 1).await?;
    let old = found.into_iter().next().ok_or(Error::Unauthenticated)?;
    let new = Staff {
        name: name.map(|n| checked_name(&n)).transpose()?.unwrap_or_else(|| old.name.clone()),
        phone: phone.map(|p| checked_phone(&p)).transpose()?.or_else(|| old.phone.clone()),
        ..old.clone()
    };
    store::update_staff(tx, &new).await?;
    tell_change(tx, "identity.staff_changed", ("staff", *user), Some(&old), &new)
}

/// Changes the caller's own password and ends all other sessions.
pub async fn change_password(tx: &mut Tx, old: String, new: String, keep: Uuid) -> Result<()> {
    let user = tx.user()?;
    let everywhere = ["/".to_owned()];
    let found = store::staff(tx, &everywhere, Some(user), None, None, None, 1).await?;
    let login = found.into_iter().next().ok_or(Error::Unauthenticated)?.login;
    let stored = store::credentials(tx, &login).await?.ok_or(Error::Unauthenticated)?.hash;
    password::check_strength(&new, &login)?;
    let hash = tokio::task::spawn_blocking(move || {
        if password::verify(&old, &stored) { password::hash(&new).map(Some) } else { Ok(None) }
    });
    let hash = hash.await.map_err(|e| Error::Internal(e.into()))??;
    let hash = hash.ok_or(IdentityRule::WrongPassword)?;
    store::set_password(tx, user, &hash).await?;
    for session in store::sessions(tx, user).await? {
        if session.id != keep {
            store::end_sessions(tx, user, Some(session.id), "password changed").await?;
        }
    }
    tell(tx, "identity.password_changed", ("staff", *user), None, json!({}))
}

/// The caller's own sessions.
pub async fn sessions(tx: &mut Tx) -> Result<Vec<model::SessionInfo>> {
    let user = tx.user()?;
    store::sessions(tx, user).await
}

/// The organisation tree; names of organisations are no secret among colleagues.
pub async fn orgs(tx: &mut Tx) -> Result<Vec<Org>> {
    tx.user()?;
    store::orgs(tx).await
}

/// A new organisation below another.
pub async fn create_org(
    tx: &mut Tx,
    parent: OrgId,
    kind: String,
    code: String,
    name: String,
    phone: Option<String>,
) -> Result<Org> {
    let scope = tx.scope(MANAGE)?;
    let above = store::org(tx, parent).await?;
    if !scope.covers(&above.path) {
        return Err(Error::NotFound("organisation"));
    }
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if code.is_empty() || code.len() > 20 || !code.chars().all(plain) {
        return Err(Error::invalid(
            "code",
            "编码只能是小写字母、数字和短横",
            "a-z, 0-9 and - only",
        ));
    }
    if !["branch", "hall", "station", "team"].contains(&kind.as_str()) {
        return Err(Error::invalid("kind", "机构类型无效", "branch, hall, station or team"));
    }
    let path = format!("{}{code}/", above.path);
    let name = checked_name(&name)?;
    let phone = phone.map(|p| checked_phone(&p)).transpose()?;
    let org = Org {
        id: tx.new_id(),
        parent_id: Some(parent),
        kind,
        code,
        name,
        path,
        phone,
        active: true,
    };
    store::insert_org(tx, &org).await?;
    tell_change(tx, "identity.org_changed", ("org", *org.id), None, &org)?;
    Ok(org)
}

/// A new name or telephone, or the closing of an organisation that nobody belongs to.
pub async fn change_org(
    tx: &mut Tx,
    id: OrgId,
    name: Option<String>,
    phone: Option<String>,
    active: Option<bool>,
) -> Result<Org> {
    let scope = tx.scope(MANAGE)?;
    let old = store::org(tx, id).await?;
    if !scope.covers(&old.path) {
        return Err(Error::NotFound("organisation"));
    }
    if active == Some(false) && store::org_is_used(tx, id).await? {
        return Err(IdentityRule::OrgInUse.into());
    }
    let new = Org {
        name: name.map(|n| checked_name(&n)).transpose()?.unwrap_or_else(|| old.name.clone()),
        phone: phone.map(|p| checked_phone(&p)).transpose()?.or_else(|| old.phone.clone()),
        active: active.unwrap_or(old.active),
        ..old.clone()
    };
    store::update_org(tx, &new).await?;
    tell_change(tx, "identity.org_changed", ("org", *id), Some(&old), &new)?;
    Ok(new)
}

/// People in sight.
pub async fn list_staff(
    tx: &mut Tx,
    q: Option<&str>,
    under: Option<&str>,
    after: Option<&str>,
    limit: i64,
) -> Result<Page<Staff>> {
    let scope = tx.scope(VIEW)?;
    let after: Option<String> = kernel::Cursor::decode(after)?;
    let rows = store::staff(tx, &scope.paths, None, q, under, after.as_deref(), limit + 1).await?;
    Ok(Page::cut(rows, limit, |s| s.login.clone()))
}

/// A new person and his first password, which he should change.
pub async fn create_staff(tx: &mut Tx, new: NewStaff) -> Result<Staff> {
    let org = org_in_scope(tx, new.org_id).await?;
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "._-".contains(c);
    if !(2..=32).contains(&new.login.len()) || !new.login.chars().all(plain) {
        return Err(Error::invalid(
            "login",
            "登录名为 2 至 32 位小写字母、数字或 . _ -",
            "2 to 32 of a-z 0-9 . _ -",
        ));
    }
    password::check_strength(&new.password, &new.login)?;
    let password = new.password;
    let hash = tokio::task::spawn_blocking(move || password::hash(&password)).await;
    let hash = hash.map_err(|e| Error::Internal(e.into()))??;
    let staff = Staff {
        id: tx.new_id(),
        login: new.login,
        name: checked_name(&new.name)?,
        job_no: new.job_no.filter(|j| !j.is_empty()),
        phone: new.phone.map(|p| checked_phone(&p)).transpose()?,
        org: crate::OrgRef { id: org.id, name: org.name, path: org.path, kind: org.kind },
        roles: Vec::new(),
        active: true,
        locked_until: None,
    };
    store::insert_staff(tx, &staff, &hash).await?;
    tell_change(tx, "identity.staff_changed", ("staff", *staff.id), None, &staff)?;
    Ok(staff)
}

/// What is asked of a new person.
pub struct NewStaff {
    /// Login, unique.
    pub login: String,
    /// Name.
    pub name: String,
    /// Number at work, unique.
    pub job_no: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Where he belongs.
    pub org_id: OrgId,
    /// First password.
    pub password: String,
}

/// A change to a person; what is absent stays.
#[derive(Default)]
pub struct StaffChange {
    /// Name.
    pub name: Option<String>,
    /// Number at work.
    pub job_no: Option<String>,
    /// Telephone.
    pub phone: Option<String>,
    /// Where he belongs.
    pub org_id: Option<OrgId>,
    /// False when he left: all his sessions end.
    pub active: Option<bool>,
}

/// Changes a person.
pub async fn change_staff(tx: &mut Tx, id: UserId, change: StaffChange) -> Result<Staff> {
    let old = staff_one(tx, id, MANAGE).await?;
    let org = match change.org_id {
        None => old.org.clone(),
        Some(org) => {
            let org = org_in_scope(tx, org).await?;
            crate::OrgRef { id: org.id, name: org.name, path: org.path, kind: org.kind }
        }
    };
    let new = Staff {
        name: change
            .name
            .map(|n| checked_name(&n))
            .transpose()?
            .unwrap_or_else(|| old.name.clone()),
        job_no: change.job_no.or_else(|| old.job_no.clone()).filter(|j| !j.is_empty()),
        phone: change.phone.map(|p| checked_phone(&p)).transpose()?.or_else(|| old.phone.clone()),
        active: change.active.unwrap_or(old.active),
        org,
        ..old.clone()
    };
    store::update_staff(tx, &new).await?;
    if old.active && !new.active {
        store::end_sessions(tx, id, None, "left").await?;
    }
    tell_change(tx, "identity.staff_changed", ("staff", *id), Some(&old), &new)?;
    Ok(new)
}

/// Sets a person's password for him and ends his sessions.
pub async fn reset_password(tx: &mut Tx, id: UserId, password: String) -> Result<()> {
    let staff = staff_one(tx, id, MANAGE).await?;
    password::check_strength(&password, &staff.login)?;
    let hash = tokio::task::spawn_blocking(move || password::hash(&password)).await;
    let hash = hash.map_err(|e| Error::Internal(e.into()))??;
    store::set_password(tx, id, &hash).await?;
    store::end_sessions(tx, id, None, "password reset").await?;
    tell(tx, "identity.password_reset", ("staff", *id), None, json!({}))
}

/// Gives a person exactly these roles; nobody gives what he does not hold himself in that place.
pub async fn set_roles(tx: &mut Tx, id: UserId, roles: &[(RoleId, OrgId)]) -> Result<Staff> {
    tx.require(GRANT)?;
    let old = staff_one(tx, id, GRANT).await?;
    let all = store::roles(tx).await?;
    for (role, org) in roles {
        let role = all.iter().find(|r| r.id == *role).ok_or(Error::NotFound("role"))?;
        let org = store::org(tx, *org).await?;
        let grants_here = tx.scope(GRANT)?.covers(&org.path);
        if !grants_here || !may_give(tx.actor(), role, &org.path) {
            return Err(IdentityRule::GrantBeyondOwn.into());
        }
    }
    store::set_roles(tx, id, roles).await?;
    store::end_sessions(tx, id, None, "roles changed").await?;
    let new = staff_one(tx, id, GRANT).await?;
    tell_change(tx, "identity.roles_changed", ("staff", *id), Some(&old.roles), &new.roles)?;
    Ok(new)
}

/// An administrator gives any role within his organisation; others only what they hold.
fn may_give(actor: &Actor, role: &Role, org_path: &str) -> bool {
    if actor.scope(MANAGE).is_some_and(|s| s.covers(org_path)) {
        return true;
    }
    role.permissions.iter().all(|key| {
        let held = actor.grants.iter().filter(|g| g.key == key.key && g.reach == Reach::Subtree);
        held.into_iter().any(|g| org_path.starts_with(&g.path))
    })
}

/// All roles with their keys.
pub async fn roles(tx: &mut Tx) -> Result<Vec<Role>> {
    tx.require(VIEW)?;
    store::roles(tx).await
}

/// A new role, or a copy of one.
pub async fn create_role(
    tx: &mut Tx,
    key: String,
    name: String,
    name_en: String,
    keys: Vec<RoleKey>,
    known: &[&str],
) -> Result<Role> {
    tx.require(GRANT)?;
    check_keys(&keys, known)?;
    if store::roles(tx).await?.iter().any(|r| r.key == key) {
        return Err(Error::invalid("key", "角色标识已存在", "this key exists already"));
    }
    let role = Role {
        id: tx.new_id(),
        key,
        name: checked_name(&name)?,
        name_en,
        builtin: false,
        permissions: keys,
    };
    let id = store::upsert_role(tx, &role).await?;
    tell_change(tx, "identity.role_changed", ("role", *id), None, &role)?;
    Ok(role)
}

/// Replaces the keys of a role that the company made.
pub async fn set_role_permissions(
    tx: &mut Tx,
    id: RoleId,
    keys: Vec<RoleKey>,
    known: &[&str],
) -> Result<Role> {
    tx.require(GRANT)?;
    check_keys(&keys, known)?;
    let found = store::roles(tx).await?.into_iter().find(|r| r.id == id);
    let old = found.ok_or(Error::NotFound("role"))?;
    if old.builtin {
        return Err(IdentityRule::BuiltinRole.into());
    }
    let new = Role { permissions: keys, ..old.clone() };
    store::upsert_role(tx, &new).await?;
    tell_change(tx, "identity.role_changed", ("role", *id), Some(&old), &new)?;
    Ok(new)
}

fn check_keys(keys: &[RoleKey], known: &[&str]) -> Result<()> {
    if keys.iter().all(|k| known.contains(&k.key.as_str())) {
        return Ok(());
    }
    Err(IdentityRule::UnknownPermission.into())
}

/// Brings the product's own roles to this version's keys: at every start.
pub async fn ensure_builtin_roles(tx: &mut Tx) -> Result<()> {
    for role in BUILTIN {
        let reach = |r| if r == Reach::Own { "own" } else { "subtree" };
        let keys =
            role.grants().map(|(k, r)| RoleKey { key: k.to_owned(), reach: reach(r).to_owned() });
        let role = Role {
            id: tx.new_id(),
            key: role.key.to_owned(),
            name: role.zh.to_owned(),
            name_en: role.en.to_owned(),
            builtin: true,
            permissions: keys.collect(),
        };
        store::upsert_role(tx, &role).await?;
    }
    Ok(())
}

/// What may be asked of the operation log.
#[derive(Default)]
pub struct LogQuery {
    /// Only about this.
    pub subject: Option<Uuid>,
    /// Only by this person.
    pub actor: Option<Uuid>,
    /// Only kinds that begin so.
    pub kind: Option<String>,
    /// From this instant on.
    pub from: Option<chrono::DateTime<chrono::Utc>>,
    /// Before this instant.
    pub to: Option<chrono::DateTime<chrono::Utc>>,
    /// Cursor.
    pub after: Option<String>,
    /// Page size.
    pub limit: i64,
}

/// The operation log, newest first.
pub async fn log(tx: &mut Tx, q: LogQuery) -> Result<Page<EventRow>> {
    let scope = tx.scope(AUDIT)?;
    let before: Option<i64> = kernel::Cursor::decode(q.after.as_deref())?;
    let filter = LogFilter {
        paths: &scope.paths,
        subject: q.subject,
        actor: q.actor,
        kind: q.kind.as_deref(),
        from: q.from,
        to: q.to,
        before,
        limit: q.limit + 1,
    };
    let rows = store::events(tx, filter).await?;
    Ok(Page::cut(rows, q.limit, |e| e.id))
}

async fn staff_one(tx: &mut Tx, id: UserId, permission: kernel::Permission) -> Result<Staff> {
    let scope = tx.scope(permission)?;
    let found = store::staff(tx, &scope.paths, Some(id), None, None, None, 1).await?;
    found.into_iter().next().ok_or(Error::NotFound("person"))
}

async fn org_in_scope(tx: &mut Tx, id: OrgId) -> Result<Org> {
    let scope = tx.scope(MANAGE)?;
    let org = store::org(tx, id).await?;
    if scope.covers(&org.path) { Ok(org) } else { Err(Error::NotFound("organisation")) }
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if (1..=60).contains(&name.chars().count()) && !name.chars().any(char::is_control) {
        return Ok(name.to_owned());
    }
    Err(Error::invalid("name", "名称为 1 至 60 个字", "1 to 60 characters"))
}

fn checked_phone(phone: &str) -> Result<String> {
    let digits: String = phone.chars().filter(|c| !" -".contains(*c)).collect();
    if (3..=20).contains(&digits.len()) && digits.chars().all(|c| c.is_ascii_digit()) {
        return Ok(digits);
    }
    Err(Error::invalid("phone", "电话号码应为 3 至 20 位数字", "3 to 20 digits"))
}

fn tell(
    tx: &mut Tx,
    kind: &'static str,
    subject: (&'static str, Uuid),
    from: Option<Value>,
    to: Value,
) -> Result<()> {
    tx.emit(&model::Changed { kind, subject, from, to: Some(to) })
}

fn tell_change<T: serde::Serialize + Clone>(
    tx: &mut Tx,
    kind: &'static str,
    subject: (&'static str, Uuid),
    from: Option<&T>,
    to: &T,
) -> Result<()> {
    tx.emit(&model::Changed { kind, subject, from: from.cloned(), to: Some(to.clone()) })
}
