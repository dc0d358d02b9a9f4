//! Rule packs: written by one person, approved by another, in force from a season on.

use crate::permissions::{PACK_APPROVE, PACK_EDIT, VIEW};
use crate::store::pack::{self as store, Draft};
use crate::{
    NewPack, PackDetail, PackEdit, PackMoved, PackReport, PackReturn, PackRule, PackState,
    PackStep, PackTrial, PackVersion, check_sound,
};
use kernel::{Error, PackVersionId, Result, Tx};
use tariff::demonstration_pack;

/// Versions in sight, the last changed first.
pub async fn packs(tx: &mut Tx) -> Result<Vec<PackVersion>> {
    let scope = tx.scope(VIEW)?;
    store::list(tx, &scope, None).await
}

/// A version with its rules, what the machine says about them, and what the caller may do.
pub async fn pack(tx: &mut Tx, id: PackVersionId) -> Result<PackDetail> {
    let scope = tx.scope(VIEW)?;
    let version = store::list(tx, &scope, Some(id)).await?.pop();
    let version = version.ok_or(Error::NotFound("rule pack"))?;
    let pack = store::pack(tx, id).await?;
    let before = store::before(tx, id, &version.org_path, version.first_season).await?;
    let report = PackReport::of(&pack, before.as_ref().map(|(id, pack)| (*id, pack)));
    let actions = actions(tx, &version, report.sound);
    Ok(PackDetail { version, pack, report, actions })
}

fn actions(tx: &Tx, version: &PackVersion, sound: bool) -> Vec<&'static str> {
    let may = |key| tx.scope(key).is_ok_and(|s| s.covers(&version.org_path));
    let (edit, approve) = (may(PACK_EDIT), may(PACK_APPROVE));
    let mine = version.author_id.is_some() && version.author_id == tx.actor().user;
    let mut actions = Vec::new();
    match version.state {
        PackState::Draft if edit && mine => {
            actions.push("edit");
            actions.extend(sound.then_some("submit"));
        }
        PackState::Submitted => {
            actions.extend((approve && !mine).then_some("approve"));
            actions.extend((approve || edit && mine).then_some("return"));
        }
        PackState::Approved if approve => actions.extend(["publish", "return"]),
        _ => {}
    }
    let written = !matches!(version.state, PackState::Published | PackState::Superseded);
    actions.extend((written && (edit || approve)).then_some("preview"));
    if edit {
        actions.push("copy");
    }
    actions
}

/// What the machine says about rules that nobody keeps; nothing is written.
pub async fn try_pack(tx: &mut Tx, id: PackVersionId, trial: &PackTrial) -> Result<PackReport> {
    let scope = tx.scope(VIEW)?;
    let version = store::list(tx, &scope, Some(id)).await?.pop();
    let version = version.ok_or(Error::NotFound("rule pack"))?;
    let before = store::before(tx, id, &version.org_path, version.first_season).await?;
    Ok(PackReport::of(&trial.pack, before.as_ref().map(|(id, pack)| (*id, pack))))
}

/// Begins a draft: a copy of a version, or of the demonstration.
pub async fn create_pack(tx: &mut Tx, new: NewPack) -> Result<PackDetail> {
    let scope = tx.scope(PACK_EDIT)?;
    let view = tx.scope(VIEW)?;
    plausible(new.first_season)?;
    let (mut pack, copied_path) = match new.copy_of {
        None => (demonstration_pack(), None),
        Some(id) => {
            let version = store::list(tx, &view, Some(id)).await?.pop();
            let version = version.ok_or(Error::NotFound("rule pack"))?;
            (store::pack(tx, id).await?, Some(version.org_path))
        }
    };
    let org_path = match (new.org_id, copied_path) {
        (Some(org), _) => store::org_path(tx, org, &scope).await?,
        (None, Some(path)) => path,
        (None, None) => store::root(tx).await?.ok_or(Error::NotFound("organisation"))?,
    };
    if !scope.covers(&org_path) {
        return Err(Error::NotFound("organisation"));
    }
    if let Some(code) = new.code {
        pack.code = code;
    }
    let draft = Draft {
        pack: &pack,
        org_path: &org_path,
        first_season: new.first_season,
        note: new.note.trim(),
    };
    let id = store::insert(tx, &draft).await?;
    told(tx, id, &org_path, None, PackState::Draft, &new.note)?;
    self::pack(tx, id).await
}

/// Writes a draft anew; only its author does.
pub async fn edit_pack(tx: &mut Tx, id: PackVersionId, edit: PackEdit) -> Result<PackDetail> {
    let scope = tx.scope(PACK_EDIT)?;
    plausible(edit.first_season)?;
    let held = store::lock(tx, id, &scope).await?;
    if held.state != PackState::Draft {
        return Err(PackRule::Step.into());
    }
    if held.author_id != tx.actor().user {
        return Err(PackRule::NotAuthor.into());
    }
    if held.revision != edit.revision {
        return Err(Error::Stale);
    }
    if edit.pack.code != held.code {
        return Err(Error::invalid("pack.code", "不能改代码", "a pack's code stays"));
    }
    let draft = Draft {
        pack: &edit.pack,
        org_path: &held.org_path,
        first_season: edit.first_season,
        note: edit.note.trim(),
    };
    store::rewrite(tx, id, &draft).await?;
    self::pack(tx, id).await
}

fn plausible(season: i32) -> Result<()> {
    if (2000..=2100).contains(&season) {
        return Ok(());
    }
    Err(Error::invalid("first_season", "采暖季年份有误", "not a plausible year"))
}

/// Hands a draft in. Its parameters must be within reason and its examples come out.
pub async fn submit_pack(tx: &mut Tx, id: PackVersionId) -> Result<PackDetail> {
    let scope = tx.scope(PACK_EDIT)?;
    let held = store::lock(tx, id, &scope).await?;
    let to = held.state.step(PackStep::Submit)?;
    if held.author_id != tx.actor().user {
        return Err(PackRule::NotAuthor.into());
    }
    let results = held.pack.run_examples();
    check_sound(&held.pack.check(), &results)?;
    store::submit(tx, id, &results).await?;
    told(tx, id, &held.org_path, Some(held.state), to, "")?;
    pack(tx, id).await
}

/// Hands a version back to its author, who takes it back himself or is told why.
pub async fn return_pack(tx: &mut Tx, id: PackVersionId, why: PackReturn) -> Result<PackDetail> {
    let scope = tx.scope(PACK_APPROVE).or_else(|_| tx.scope(PACK_EDIT))?;
    let held = store::lock(tx, id, &scope).await?;
    let to = held.state.step(PackStep::Return)?;
    let mine = held.author_id.is_some() && held.author_id == tx.actor().user;
    if !mine {
        tx.require(PACK_APPROVE)?;
    }
    let reason = why.reason.trim();
    if reason.is_empty() {
        return Err(Error::invalid("reason", "请填写退回原因", "say why"));
    }
    store::hand_back(tx, id, reason).await?;
    told(tx, id, &held.org_path, Some(held.state), to, reason)?;
    pack(tx, id).await
}

/// A second person agrees. The machine looks once more.
pub async fn approve_pack(tx: &mut Tx, id: PackVersionId) -> Result<PackDetail> {
    let scope = tx.scope(PACK_APPROVE)?;
    let held = store::lock(tx, id, &scope).await?;
    let to = held.state.step(PackStep::Approve)?;
    if tx.user()? == held.author_id.ok_or(PackRule::SecondPerson)? {
        return Err(PackRule::SecondPerson.into());
    }
    check_sound(&held.pack.check(), &held.pack.run_examples())?;
    store::approve(tx, id).await?;
    super::run::look_ahead(tx, &held).await?;
    told(tx, id, &held.org_path, Some(held.state), to, "")?;
    pack(tx, id).await
}

/// Puts an approved version in force from its first season on. Charges that were made already
/// follow it, by a job; what that comes to must have been reckoned before.
pub async fn publish_pack(tx: &mut Tx, id: PackVersionId) -> Result<PackDetail> {
    let scope = tx.scope(PACK_APPROVE)?;
    let held = store::lock(tx, id, &scope).await?;
    let to = held.state.step(PackStep::Publish)?;
    check_sound(&held.pack.check(), &held.pack.run_examples())?;
    super::run::follow(tx, &held).await?;
    store::publish(tx, &held).await?;
    told(tx, id, &held.org_path, Some(held.state), to, "")?;
    pack(tx, id).await
}

fn told(
    tx: &mut Tx,
    pack_version_id: PackVersionId,
    org_path: &str,
    from: Option<PackState>,
    to: PackState,
    note: &str,
) -> Result<()> {
    let (note, org_path) = (note.to_owned(), org_path.to_owned());
    tx.emit(&PackMoved { pack_version_id, from, to, note, org_path })
}
