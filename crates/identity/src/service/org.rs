//! Organisations.

use super::{checked_name, checked_phone, tell_change};
use crate::permissions::MANAGE;
use crate::{IdentityRule, Org, store};
use kernel::{Error, OrgId, Result, Tx};

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

pub(super) async fn org_in_scope(tx: &mut Tx, id: OrgId) -> Result<Org> {
    let scope = tx.scope(MANAGE)?;
    let org = store::org(tx, id).await?;
    if scope.covers(&org.path) { Ok(org) } else { Err(Error::NotFound("organisation")) }
}
