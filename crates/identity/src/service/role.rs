//! Roles and their keys.

use super::{checked_name, tell_change};
use crate::permissions::{GRANT, MANAGE, VIEW};
use crate::{BUILTIN, IdentityRule, Role, RoleKey, store};
use kernel::{Actor, Error, Reach, Result, RoleId, Tx};

/// An administrator gives any role within his organisation; others only what they hold.
pub(super) fn may_give(actor: &Actor, role: &Role, org_path: &str) -> bool {
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
