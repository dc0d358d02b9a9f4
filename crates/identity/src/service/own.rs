//! One's own account: signing in and out, name, password, sessions.

use super::{checked_name, checked_phone, tell, tell_change};
use crate::session::{SignedIn, new_token};
use crate::{AppKind, IdentityRule, Me, Staff, model, password, store};
use kernel::{Actor, App, Error, Result, Tx, UserId};
use serde_json::json;
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
