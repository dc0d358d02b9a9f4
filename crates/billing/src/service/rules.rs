//! Which rules apply.

use crate::permissions::PACK_APPROVE;
use crate::store::pack::{self as store, Draft};
use crate::{PackRule, PackStep};
use chrono::{Datelike as _, NaiveDate};
use kernel::{PackVersionId, Result, SeasonId, Tx};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};
use tariff::{Pack, SeasonCalendar};

/// Versions that were read. What was published never changes.
static READ: LazyLock<RwLock<HashMap<PackVersionId, Arc<Pack>>>> = LazyLock::new(RwLock::default);

/// The rules that apply to a season and an organisation now, for a room that has asked whether
/// the caller may know.
pub async fn pack_for(
    tx: &mut Tx,
    season: SeasonId,
    org_path: &str,
) -> Result<(PackVersionId, Arc<Pack>)> {
    let year = store::year_of(tx, season).await?;
    pack_of_year(tx, year, org_path).await
}

/// The rules that apply to a day and an organisation, where no season is meant: those of the
/// season that the day's summer is before, or that runs on it.
pub async fn pack_on(
    tx: &mut Tx,
    day: NaiveDate,
    org_path: &str,
) -> Result<(PackVersionId, Arc<Pack>)> {
    let year = if day.month() < 7 { day.year() - 1 } else { day.year() };
    pack_of_year(tx, year, org_path).await
}

async fn pack_of_year(
    tx: &mut Tx,
    year: i32,
    org_path: &str,
) -> Result<(PackVersionId, Arc<Pack>)> {
    let id = store::in_force(tx, year, org_path).await?.ok_or(PackRule::NoPack)?;
    Ok((id, pack_version(tx, id).await?))
}

/// One version of the rules by which something was charged.
pub async fn pack_version(tx: &mut Tx, id: PackVersionId) -> Result<Arc<Pack>> {
    let read = READ.read().unwrap_or_else(PoisonError::into_inner).get(&id).cloned();
    if let Some(pack) = read {
        return Ok(pack);
    }
    let pack = Arc::new(store::pack(tx, id).await?);
    if store::is_published(tx, id).await? {
        let mut read = READ.write().unwrap_or_else(PoisonError::into_inner);
        read.insert(id, Arc::clone(&pack));
    }
    Ok(pack)
}

/// The season's days under a pack; the season's code begins with its year.
pub(crate) fn calendar(pack: &Pack, code: &str) -> Result<SeasonCalendar> {
    let year = code.get(..4).and_then(|y| y.parse().ok());
    Ok(pack.season(year.ok_or(crate::ChargeRule::SeasonCode)?)?)
}

/// Puts the demonstration's rules in force for a house that has none, and says which version is:
/// for demonstrations and tests.
pub async fn publish_demonstration(tx: &mut Tx) -> Result<PackVersionId> {
    tx.require(PACK_APPROVE)?;
    if let Some(id) = store::any_published(tx).await? {
        return Ok(id);
    }
    let pack = tariff::demonstration_pack();
    let org_path = store::root(tx).await?.unwrap_or_else(|| "/".to_owned());
    let draft = Draft { pack: &pack, org_path: &org_path, first_season: 2000, note: "演示" };
    let id = store::insert(tx, &draft).await?;
    let held = store::lock(tx, id, &kernel::Scope::all()).await?;
    let state = held.state.step(PackStep::Submit)?;
    store::submit(tx, id, &pack.run_examples()).await?;
    let state = state.step(PackStep::Approve)?;
    store::approve(tx, id).await?;
    state.step(PackStep::Publish)?;
    store::publish(tx, &held).await?;
    Ok(id)
}
