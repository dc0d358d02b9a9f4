//! A season charged again beside what the old house charged.

use crate::permissions::{COMMIT, VIEW};
use crate::{Cause, Certificate, ImportRule, Shadow, cause, store};
use kernel::{Error, Result, SeasonId, Tx};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Examples of each cause.
const EXAMPLES: usize = 20;

/// What the rules make of a season whose charges were imported, household by household.
pub async fn shadow_of(tx: &mut Tx, season: SeasonId) -> Result<Shadow> {
    let scope = tx.scope(VIEW)?;
    let old = store::imported_charges(tx, season, &scope).await?;
    if old.is_empty() {
        return Err(ImportRule::NothingToCompare.into());
    }
    let seasons = store::seasons(tx).await?;
    let code = seasons.into_iter().find(|(_, id)| *id == season).map(|(code, _)| code);
    let code = code.ok_or(Error::NotFound("season"))?;
    let year = code.get(..4).and_then(|y| y.parse().ok()).ok_or(Error::NotFound("season"))?;
    let path = scope.paths.first().cloned().unwrap_or_else(|| "/".to_owned());
    let (_, pack) = billing::pack_for(tx, season, &path).await?;
    let calendar = pack.season(year)?;
    let mut shadow = Shadow { season: code, causes: BTreeMap::new(), old_fen: 0, new_fen: 0 };
    for (account, number, old) in old {
        let facts = billing::facts_of(tx, &calendar, account).await?;
        let (why, new) = cause(&pack, &calendar, &facts, old);
        add(&mut shadow, why, number, (old.get(), new.get()));
    }
    Ok(shadow)
}

fn add(shadow: &mut Shadow, why: Cause, number: String, (old, new): (i64, i64)) {
    let name = serde_json::to_value(why).ok().and_then(|v| v.as_str().map(str::to_owned));
    let total = shadow.causes.entry(name.unwrap_or_default()).or_default();
    total.households += 1;
    total.old_fen += old;
    total.new_fen += new;
    if why != Cause::Equal && total.examples.len() < EXAMPLES {
        total.examples.push(number);
    }
    shadow.old_fen += old;
    shadow.new_fen += new;
}

/// Runs the shadow once more and puts what it found down for good, under its hash.
pub async fn certify(tx: &mut Tx, season: SeasonId) -> Result<Certificate> {
    let scope = tx.scope(COMMIT)?;
    let shadow = shadow_of(tx, season).await?;
    let digest = Sha256::digest(store::json(&shadow).to_string().as_bytes());
    let certificate = Certificate {
        id: tx.new_id::<Uuid>(),
        shadow,
        digest: digest.iter().map(|b| format!("{b:02x}")).collect(),
        made_at: tx.now(),
        made_by_name: tx.actor().name.clone(),
    };
    let path = scope.paths.first().cloned().unwrap_or_else(|| "/".to_owned());
    store::insert_certificate(tx, *season, &path, &certificate, &digest).await?;
    Ok(certificate)
}
