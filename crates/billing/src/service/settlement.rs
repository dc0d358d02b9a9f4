//! The settlement of metered heat at the season's end, and its corrections.

use super::hold::said;
use super::{reckon, rules};
use crate::permissions::{SETTLE, VIEW};
use crate::store::hold::{lock_accounts, org_of};
use crate::store::{metering as store, standing};
use crate::{MeterRule, MeterTold, MeterUse, Settlement, SettlementInputs, in_pack_unit, model};
use kernel::clock::local_date;
use kernel::{AccountId, Fen, PackVersionId, Result, Scope, SeasonId, Subject, Tx};
use ledger::{Ledger, Line, Posting};
use sqlx::types::Json;
use std::sync::Arc;
use tariff::{
    ChargeType, Decimal, Facts, Item, MeteredSettlement, MeteredUse, Pack, SeasonCalendar,
};

const TOO_MUCH: tariff::TariffRule = tariff::TariffRule::TooMuch;

struct Ground {
    pack_version_id: PackVersionId,
    pack: Arc<Pack>,
    calendar: SeasonCalendar,
    season: String,
    org_path: String,
}

/// The settlements of a household, newest first.
pub async fn settlements(tx: &mut Tx, account: AccountId) -> Result<Vec<Settlement>> {
    let scope = tx.scope(VIEW)?;
    org_of(tx, account, &scope).await?;
    store::settlements(tx, account, None).await
}

/// What a settlement would come to now; writes nothing.
pub async fn preview_settlement(
    tx: &mut Tx,
    account: AccountId,
    season: SeasonId,
) -> Result<Settlement> {
    let scope = tx.scope(VIEW)?;
    let ground = ground(tx, account, season, &scope).await?;
    drafted(tx, account, season, &ground, "").await
}

/// Settles a household's season, or settles it again after a reading was corrected: the
/// difference to the version before is posted.
pub async fn settle_season(
    tx: &mut Tx,
    account: AccountId,
    season: SeasonId,
    reason: &str,
) -> Result<Settlement> {
    tx.require(SETTLE)?;
    settle(tx, account, season, reason).await
}

/// What a settlement would come to now, beside the one that stands: for the run over everybody.
pub(super) async fn reckoned(
    tx: &mut Tx,
    account: AccountId,
    season: SeasonId,
) -> Result<(Settlement, Option<Settlement>)> {
    let ground = ground(tx, account, season, &Scope::all()).await?;
    let new = drafted(tx, account, season, &ground, "").await?;
    let before = store::settlements(tx, account, Some(season)).await?.into_iter().next();
    Ok((new, before))
}

/// Settles; who asks was asked whether he may.
pub(super) async fn settle(
    tx: &mut Tx,
    account: AccountId,
    season: SeasonId,
    reason: &str,
) -> Result<Settlement> {
    let scope = tx.scope(SETTLE)?;
    let ground = ground(tx, account, season, &scope).await?;
    if store::season_end(tx, season).await? > tx.now() {
        return Err(MeterRule::SeasonRuns.into());
    }
    lock_accounts(tx, &[account]).await?;
    let before = store::settlements(tx, account, Some(season)).await?.into_iter().next();
    let reason = if before.is_some() { said("reason", reason)? } else { reason.trim().to_owned() };
    let mut new = drafted(tx, account, season, &ground, &reason).await?;
    new.version = before.as_ref().map_or(1, |b| b.version + 1);
    if before.as_ref().is_some_and(|b| b.result == new.result && b.inputs == new.inputs) {
        return Err(MeterRule::NothingNew.into());
    }
    let lines = lines(tx, &new, before.as_ref()).await?;
    if !lines.is_empty() {
        let posting = Posting {
            source: "settlement".to_owned(),
            source_id: format!("{account}/{season}/{}", new.version),
            corrects_id: before.as_ref().and_then(|b| b.posting_id),
            memo: format!("{} 计量结算", ground.season),
            channel: None,
            valid_on: local_date(tx.now()),
            lines,
        };
        new.posting_id = Some(ledger::post(tx, posting).await?);
    }
    store::keep(tx, &new, ground.pack_version_id).await?;
    let shown = |s: &MeteredSettlement| s.cost.to_string();
    tx.emit(&MeterTold {
        event: "billing.settled",
        subject: Subject { kind: "account", id: *account },
        org_path: ground.org_path,
        from: before.as_ref().map(|b| shown(&b.result)),
        to: shown(&new.result),
        note: reason,
    })?;
    Ok(new)
}

async fn ground(
    tx: &mut Tx,
    account: AccountId,
    season: SeasonId,
    scope: &Scope,
) -> Result<Ground> {
    let org_path = org_of(tx, account, scope).await?;
    let row = standing::season(tx, season).await?;
    let (pack_version_id, pack) = rules::pack_for(tx, season, &org_path).await?;
    let calendar = rules::calendar(&pack, &row.code)?;
    Ok(Ground { pack_version_id, pack, calendar, season: row.code, org_path })
}

async fn drafted(
    tx: &mut Tx,
    account: AccountId,
    season: SeasonId,
    ground: &Ground,
    reason: &str,
) -> Result<Settlement> {
    let facts = reckon::facts_of(tx, &ground.calendar, account).await?;
    if facts.charge_type == ChargeType::Area {
        return Err(MeterRule::NotMetered.into());
    }
    let (first, end) = (ground.calendar.heat_first, ground.calendar.heat_end);
    let mut meters = Vec::new();
    let mut used = Decimal::ZERO;
    for e in store::ends(tx, account, first, end).await? {
        let missing = || MeterRule::ReadingMissing(e.number.clone());
        let ((from_on, from_milli), (to_on, to_milli)) = e.from.zip(e.to).ok_or_else(missing)?;
        let drawn = to_milli.checked_sub(from_milli).filter(|d| *d >= 0).ok_or_else(missing)?;
        let unit = ground.pack.metering.unit.value;
        used = used.plus(in_pack_unit(drawn, &e.unit, unit).ok_or(TOO_MUCH)?);
        let (number, unit) = (e.number, e.unit);
        meters.push(MeterUse { number, unit, from_on, from_milli, to_on, to_milli });
    }
    if meters.is_empty() {
        return Err(MeterRule::ReadingMissing("—".to_owned()).into());
    }
    let used = metered_use(ground, &facts, used)?;
    let result = tariff::settle_metered(&ground.pack, &used)?;
    Ok(Settlement {
        account_id: account,
        season_id: season,
        season: ground.season.clone(),
        version: 0,
        inputs: Json(SettlementInputs { meters, used }),
        result: Json(result),
        posting_id: None,
        reason: reason.to_owned(),
        settled_at: tx.now(),
        settled_by_name: tx.actor().name.clone(),
    })
}

fn metered_use(ground: &Ground, facts: &Facts, used: Decimal) -> Result<MeteredUse> {
    let charge = tariff::season_charge(&ground.pack, &ground.calendar, facts)?;
    let by_area = Facts { charge_type: ChargeType::Area, ..facts.clone() };
    let whole = tariff::season_charge(&ground.pack, &ground.calendar, &by_area)?;
    let base = |c: &tariff::Charge| c.of(Item::Heat).checked_add(c.of(Item::Height));
    Ok(MeteredUse {
        user_class: model::class_of(facts),
        used,
        area_fee: base(&whole).ok_or(TOO_MUCH)?,
        base: base(&charge).ok_or(TOO_MUCH)?,
        prepaid: charge.of(Item::Metered),
    })
}

/// The lines that lead from the version before to this one. A surplus first lessens what is owed
/// for heat charged ahead; where the rules carry it on, what was paid of it becomes an advance.
async fn lines(tx: &mut Tx, new: &Settlement, old: Option<&Settlement>) -> Result<Vec<Line>> {
    let now = model::parts(Some(&new.result));
    let was = model::parts(old.map(|o| &o.result.0));
    let [collect, refund, carry] = [0, 1, 2]
        .map(|i| minus(*now.get(i).unwrap_or(&Fen::ZERO), *was.get(i).unwrap_or(&Fen::ZERO)));
    let (account, season) = (new.account_id, Some(new.season_id));
    let open = ledger::open_items(tx, &[account]).await?;
    let ahead = open.iter().find(|i| i.season_id == season && i.item == Item::Metered.name());
    let segment = open.iter().find(|i| i.season_id == season).and_then(|i| i.segment_id);
    let mut lines = Vec::new();
    let mut pair = |item: Item, amount: Fen| -> Result<()> {
        if amount != Fen::ZERO {
            let owed = Line::customer(Ledger::Receivable, account, item.name(), amount);
            let earned = Line::house(Ledger::Revenue, item.name(), minus(Fen::ZERO, amount)?);
            lines.extend([owed, earned].map(|l| l.of_season(season).in_segment(segment)));
        }
        Ok(())
    };
    pair(Item::Overage, collect?)?;
    let surplus = refund?.checked_add(carry?).ok_or(TOO_MUCH)?;
    pair(Item::Metered, minus(Fen::ZERO, surplus)?)?;
    let left = minus(ahead.map_or(Fen::ZERO, |i| i.owed_fen), surplus)?;
    if new.result.carry > Fen::ZERO && left < Fen::ZERO {
        let paid = minus(Fen::ZERO, left)?;
        let name = Item::Metered.name();
        let owed = Line::customer(Ledger::Receivable, account, name, paid);
        lines.push(owed.of_season(season).in_segment(segment));
        lines.push(Line::customer(Ledger::Advance, account, crate::ADVANCE, left));
    }
    Ok(lines)
}

fn minus(a: Fen, b: Fen) -> Result<Fen> {
    Ok(b.checked_neg().and_then(|b| a.checked_add(b)).ok_or(TOO_MUCH)?)
}
