//! One household's charge, made or corrected from what we believe now.

use super::reckon::{facts_of_all, reckon};
use super::rules;
use crate::model::{Booked, ChargeAct, NewCharge, correction};
use crate::permissions::PREPARE;
use crate::{ChargeReason, ChargeRule, Charged, RecalculationWanted, store};
use chrono::NaiveDate;
use kernel::clock::local_date;
use kernel::{AccountId, Error, Fen, PackVersionId, Result, SeasonId, Tx};
use ledger::{Posting, Segment};
use std::sync::Arc;
use tariff::{Pack, SeasonCalendar};
use uuid::Uuid;

/// Why a charge is reckoned again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Why.
    pub reason: ChargeReason,
    /// The act that set it off, such as a change in the directory.
    pub id: Option<Uuid>,
    /// The day from which the facts differ: the correction counts for it while its period is
    /// open, for today when it is closed. Today without it.
    pub from: Option<NaiveDate>,
}

/// What a household pays by, for one season.
struct Terms {
    org_path: String,
    pack_id: PackVersionId,
    pack: Arc<Pack>,
    season: SeasonCalendar,
    before: Option<crate::model::Charge>,
}

/// Makes a household's charge for a season what the facts say that we believe now: posts the
/// difference and keeps the next version, or does nothing where nothing differs. A household
/// without a charge gets its first. For a room above or a job: who asks was asked already.
///
/// The rules are those in force for the season: when others are published, the charges that they
/// concern follow at once, so that a later correction does not bring them in by the way.
pub async fn recalculate(
    tx: &mut Tx,
    account: AccountId,
    season: SeasonId,
    cause: Cause,
) -> Result<Option<i32>> {
    store::charge::lock(tx, account).await?;
    let terms = terms(tx, account, season).await?;
    let found = facts_of_all(tx, &terms.season, &[account]).await?;
    let Some((home, facts)) = found.into_iter().next() else { return Ok(None) };
    // Before its opening and after its end an account is no household of the season.
    if terms.before.is_none() && facts.uses.is_empty() {
        return Ok(None);
    }
    let new = match reckon(&terms.pack, &terms.season, account, 0, &facts) {
        Ok(new) => new,
        Err(no) => return Err(Error::Rule { code: no.code, zh: no.zh, en: no.en }),
    };
    let wanted = Segment {
        org_path: home.org_path,
        user_class: <&str>::from(new.user_class).to_owned(),
        charge_type: <&str>::from(new.charge_type).to_owned(),
    };
    let segments = ledger::segment_ids(tx, std::slice::from_ref(&wanted)).await?;
    let segment = segments.into_iter().next().ok_or(ChargeRule::NotCharged)?;
    let booked = Booked { items: new.items, segment };
    let before = terms.before.as_ref().map(|b| b.booked);
    if before == Some(booked) {
        return Ok(None);
    }
    let version = terms.before.as_ref().map_or(0, |b| b.version).saturating_add(1);
    let posting_id = post(tx, account, season, &terms, (before, booked, version), cause).await?;
    let act = ChargeAct {
        season,
        pack_version_id: terms.pack_id,
        reason: cause.reason,
        cause_id: cause.id,
    };
    let amount = new.amount;
    let charge = NewCharge { account, version, posting_id, booked, amount, facts: new.facts };
    store::charge::insert(tx, &act, &[charge]).await?;
    let from_fen = before.and_then(|b| b.items.total()).unwrap_or(Fen::ZERO);
    tx.emit(&Charged {
        account_id: account,
        season_id: season,
        version,
        reason: cause.reason,
        from_fen,
        to_fen: amount,
        org_path: terms.org_path,
    })?;
    Ok(Some(version))
}

async fn terms(tx: &mut Tx, account: AccountId, season: SeasonId) -> Result<Terms> {
    let code = store::charge::season_code(tx, season).await?;
    let org_path = store::charge::org_of(tx, account, &["/".to_owned()]).await?;
    let before = store::charge::last(tx, season, account).await?;
    let (pack_id, pack) = rules::pack_for(tx, season, &org_path).await?;
    let season = rules::calendar(&pack, &code)?;
    Ok(Terms { org_path, pack_id, pack, season, before })
}

/// The correcting entries; nothing where there is nothing to post.
async fn post(
    tx: &mut Tx,
    account: AccountId,
    season: SeasonId,
    terms: &Terms,
    (before, booked, version): (Option<Booked>, Booked, i32),
    cause: Cause,
) -> Result<Option<kernel::PostingId>> {
    let lines = correction(account, season, before, booked).ok_or(ChargeRule::TooMuch)?;
    if lines.is_empty() {
        return Ok(None);
    }
    let today = local_date(tx.now());
    // Before the charge there was nothing to correct, and no fact counts ahead of today.
    let wanted = cause.from.unwrap_or(today).min(today);
    let charged_on = store::charge::charged_on(tx, season, account).await?;
    let wanted = charged_on.map_or(today, |on| wanted.max(on));
    let valid_on = ledger::open_day(tx, wanted).await?;
    let corrects_id = store::charge::last_posting(tx, season, account).await?;
    let code = &terms.season.code;
    let (source, memo) = match corrects_id {
        None => ("charge", format!("{code}采暖季应收")),
        Some(_) => ("recalculation", format!("{code}采暖季应收更正")),
    };
    let posting = Posting {
        source: source.to_owned(),
        source_id: format!("{account}/{code}/{version}"),
        corrects_id,
        memo,
        channel: None,
        valid_on,
        lines,
    };
    Ok(Some(ledger::post(tx, posting).await?))
}

/// Reckons again, for every season that a change of facts touches.
pub async fn recalculate_from(
    tx: &mut Tx,
    account: AccountId,
    from: NaiveDate,
    change: Option<Uuid>,
) -> Result<usize> {
    let mut corrected = 0;
    for season in store::charge::seasons_touched(tx, account, from).await? {
        let charged = store::charge::last(tx, season, account).await?.is_some();
        let reason = if charged { ChargeReason::Facts } else { ChargeReason::Entry };
        let cause = Cause { reason, id: change, from: Some(from) };
        let version = recalculate(tx, account, season, cause).await?;
        corrected += usize::from(version.is_some());
    }
    Ok(corrected)
}

/// Asks for a household's charge to be reckoned again; a job does it.
pub async fn ask_recalculation(
    tx: &mut Tx,
    account: AccountId,
    season: SeasonId,
    new_rules: bool,
) -> Result<()> {
    let scope = tx.scope(PREPARE)?;
    let org_path = store::charge::org_of(tx, account, &scope.paths).await?;
    if store::charge::last(tx, season, account).await?.is_none() {
        return Err(ChargeRule::NotCharged.into());
    }
    tx.emit(&RecalculationWanted { account_id: account, season_id: season, new_rules, org_path })
}
