//! Whether orders are given without a person.

use crate::model::{Setting, SettingChanged};
use crate::permissions::{CONFIGURE, VIEW};
use crate::store;
use kernel::{Error, Permission, Result, Tx};

/// The setting of the part of the house that the caller sees, or of one below it.
pub async fn setting(tx: &mut Tx, org_path: Option<String>) -> Result<Setting> {
    let org_path = part(tx, VIEW, org_path)?;
    let automatic = store::automatic(tx, &org_path).await?;
    Ok(Setting { org_path, automatic })
}

/// Switches it for the part of the house that the caller governs, or for one below it.
pub async fn set_setting(
    tx: &mut Tx,
    org_path: Option<String>,
    automatic: bool,
) -> Result<Setting> {
    let org_path = part(tx, CONFIGURE, org_path)?;
    let from = store::automatic(tx, &org_path).await?;
    let org_id = store::set_automatic(tx, &org_path, automatic).await?;
    let org_id = org_id.ok_or(Error::NotFound("organisation"))?;
    if from != automatic {
        tx.emit(&SettingChanged { org_id, org_path: org_path.clone(), from, to: automatic })?;
    }
    Ok(Setting { org_path, automatic })
}

/// The part that was asked for if it is in sight; the widest that is, if none was.
fn part(tx: &Tx, key: Permission, asked: Option<String>) -> Result<String> {
    let scope = tx.scope(key)?;
    match asked {
        Some(path) if scope.covers(&path) => Ok(path),
        Some(_) => Err(Error::NotFound("organisation")),
        None => {
            let widest = scope.paths.into_iter().min_by_key(String::len);
            widest.ok_or(Error::NotFound("organisation"))
        }
    }
}
