//! People of the company and the roles that they hold.

use super::org::org_in_scope;
use super::role::may_give;
use super::{checked_name, checked_phone, tell, tell_change};
use crate::permissions::{GRANT, MANAGE, VIEW};
use crate::{IdentityRule, Staff, password, store};
use kernel::{Error, OrgId, Page, Result, RoleId, Tx, UserId};
use serde_json::json;

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

/// Ends every session of somebody else: a lost phone, a person who left.
pub async fn sign_out_staff(tx: &mut Tx, id: UserId) -> Result<()> {
    let staff = staff_one(tx, id, MANAGE).await?;
    let ended = store::end_sessions(tx, staff.id, None, "ended by an administrator").await?;
    tell(tx, "identity.signed_out", ("staff", *id), None, json!({"ended": ended}))
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

async fn staff_one(tx: &mut Tx, id: UserId, permission: kernel::Permission) -> Result<Staff> {
    let scope = tx.scope(permission)?;
    let found = store::staff(tx, &scope.paths, Some(id), None, None, None, 1).await?;
    found.into_iter().next().ok_or(Error::NotFound("person"))
}
