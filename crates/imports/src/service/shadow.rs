//! A season charged again beside what it was charged, over everybody, step by step; and the
//! certificate of what that came to.

use super::system;
use crate::event::Shaded;
use crate::model::{Classed, class_of};
use crate::permissions::{COMMIT, VIEW};
use crate::{
    Cause, Certificate, CertificateBody, CertificateFile, ImportRule, ShadowFilter, ShadowFound,
    ShadowRow, ShadowRun, cause, store,
};
use kernel::{AccountId, App, Error, Fen, Result, Scope, SeasonId, Tx};
use ledger::Signer;
use std::collections::HashMap;
use std::sync::Arc;
use tariff::{Facts, Pack, SeasonCalendar};
use uuid::Uuid;

/// Households of one step.
const STEP: i64 = if cfg!(test) { 3 } else { 4_000 };
/// Rows of one page.
const PAGE: i64 = 200;

/// Begins a run over everybody in sight: a job goes on with it.
pub async fn begin_shadow(tx: &mut Tx, season: SeasonId) -> Result<ShadowRun> {
    let scope = tx.scope(COMMIT)?;
    let imported = store::has_imported(tx, season).await?;
    if !imported && !store::has_charges(tx, season).await? {
        return Err(ImportRule::NothingToCompare.into());
    }
    let id: Uuid = tx.new_id();
    let basis = if imported { "import" } else { "book" };
    store::insert_shadow(tx, id, season, basis, &scope).await?;
    let run = store::shadow(tx, id, &scope).await?;
    let org_path = scope.paths.first().cloned().unwrap_or_default();
    tx.emit(&Shaded { kind: "imports.shadow_wanted", id, org_path, season: run.season.clone() })?;
    Ok(run)
}

/// Goes on with a run, step by step, until the last household was done.
pub(crate) async fn go_on_shading(app: &App, id: Uuid) -> Result<()> {
    let mut packs: HashMap<String, Arc<Pack>> = HashMap::new();
    loop {
        let mut tx = app.begin(system()).await?;
        let Some(at) = store::lock_shadow(&mut tx, id).await? else { return Ok(()) };
        let homes = store::shaded(&mut tx, &at, STEP).await?;
        let last = homes.last().map(|h| *h.id);
        let many = i32::try_from(homes.len()).unwrap_or(i32::MAX);
        if last.is_some() {
            step(&mut tx, id, &at, homes, &mut packs).await?;
        }
        store::move_shadow(&mut tx, id, last, many).await?;
        if last.is_none() {
            let org_path = at.org_paths.first().cloned().unwrap_or_default();
            let season = at.code.clone();
            tx.emit(&Shaded { kind: "imports.shadow_done", id, org_path, season })?;
        }
        tx.commit().await?;
    }
}

async fn step(
    tx: &mut Tx,
    id: Uuid,
    at: &store::Standing,
    homes: Vec<store::Shaded>,
    packs: &mut HashMap<String, Arc<Pack>>,
) -> Result<()> {
    let accounts: Vec<AccountId> = homes.iter().map(|h| h.id).collect();
    let raw: Vec<Uuid> = accounts.iter().map(|a| **a).collect();
    let old = store::charged(tx, at, &raw).await?;
    let year = at.code.get(..4).and_then(|y| y.parse().ok()).ok_or(Error::NotFound("season"))?;
    for home in &homes {
        if !packs.contains_key(&home.org_path) {
            let (_, pack) = billing::pack_for(tx, at.season, &home.org_path).await?;
            packs.insert(home.org_path.clone(), pack);
        }
    }
    let calendar = match homes.first().and_then(|h| packs.get(&h.org_path)) {
        Some(pack) => pack.season(year)?,
        None => return Ok(()),
    };
    let facts = billing::facts_of_many(tx, &calendar, &accounts).await?;
    let facts: HashMap<AccountId, Facts> = facts.into_iter().collect();
    let mut found = Vec::with_capacity(homes.len());
    for home in homes {
        let Some((pack, facts)) = packs.get(&home.org_path).zip(facts.get(&home.id)) else {
            continue;
        };
        let old = old.get(&home.id).copied().unwrap_or(Fen::ZERO);
        let classed = classed(pack, &calendar, facts, old);
        found.push((home, classed));
    }
    store::add_shades(tx, id, &found).await
}

fn classed(pack: &Pack, season: &SeasonCalendar, facts: &Facts, old: Fen) -> Classed {
    let (mut why, new) = cause(pack, season, facts, old);
    if why == Cause::Refused && old == Fen::ZERO {
        // Nobody charged it, and nobody can.
        why = Cause::Equal;
    }
    Classed { user_class: class_of(facts), cause: why, old, new }
}

/// Runs over what lies in sight, newest first.
pub async fn shadows(tx: &mut Tx) -> Result<Vec<ShadowRun>> {
    let scope = tx.scope(VIEW)?;
    store::shadows(tx, &scope).await
}

/// What a run found so far.
pub async fn shadow_found(tx: &mut Tx, id: Uuid) -> Result<ShadowFound> {
    let scope = tx.scope(VIEW)?;
    found(tx, id, &scope).await
}

async fn found(tx: &mut Tx, id: Uuid, scope: &Scope) -> Result<ShadowFound> {
    let run = store::shadow(tx, id, scope).await?;
    Ok(ShadowFound { run, sums: store::shadow_sums(tx, id).await? })
}

/// Households whose charge differs.
pub async fn shadow_rows(tx: &mut Tx, id: Uuid, filter: ShadowFilter) -> Result<Vec<ShadowRow>> {
    let scope = tx.scope(VIEW)?;
    store::shadow(tx, id, &scope).await?;
    store::shadow_rows(tx, id, &filter, PAGE).await
}

/// Puts down for good what a run found, signed with the book's key.
pub async fn certify(tx: &mut Tx, signer: &Signer, shadow: Uuid) -> Result<Certificate> {
    let scope = tx.scope(COMMIT)?;
    let found = found(tx, shadow, &scope).await?;
    if !found.run.finished {
        return Err(ImportRule::StillRunning.into());
    }
    let id: Uuid = tx.new_id();
    let body = CertificateBody::of(&found, id, tx.now(), &tx.actor().name);
    let text = serde_json::to_string(&body).map_err(|e| Error::Internal(e.into()))?;
    let file = CertificateFile::sign(signer, text);
    let season = found.run.season_id;
    let signed = store::Signed { id, shadow, season, org_paths: &scope.paths, file: &file };
    store::insert_certificate(tx, signed).await?;
    let org_path = scope.paths.first().cloned().unwrap_or_default();
    tx.emit(&Shaded { kind: "imports.certified", id, org_path, season: found.run.season })?;
    Ok(Certificate { body, file, valid: true, ours: true })
}

/// Certificates in sight, newest first, each proven anew.
pub async fn certificates(tx: &mut Tx, signer: &Signer) -> Result<Vec<Certificate>> {
    let scope = tx.scope(VIEW)?;
    let files = store::certificates(tx, None, &scope).await?;
    files.into_iter().map(|file| proven(signer, file)).collect()
}

/// One of them.
pub async fn certificate(tx: &mut Tx, signer: &Signer, id: Uuid) -> Result<Certificate> {
    let scope = tx.scope(VIEW)?;
    let file = store::certificates(tx, Some(id), &scope).await?.pop();
    proven(signer, file.ok_or(Error::NotFound("certificate"))?)
}

fn proven(signer: &Signer, file: CertificateFile) -> Result<Certificate> {
    let key = ledger::hex(&signer.public_key());
    let body = serde_json::from_str(&file.body).map_err(|e| Error::Internal(e.into()))?;
    let (valid, ours) = (file.prove(None).is_ok(), file.public_key == key);
    Ok(Certificate { body, file, valid, ours })
}
