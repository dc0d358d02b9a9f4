//! Claims for cold rooms and outages: reckoned by the pack's ladder, proposed as a refund.

use super::adjustment::propose_adjustment;
use super::{reckon, rules};
use crate::permissions::{ADJUST, VIEW};
use crate::store::hold::org_of;
use crate::store::{adjustment as store, charge};
use crate::{
    Adjustment, AdjustmentKind, AdjustmentRule, ChargeRule, ClaimReckoned, NewAdjustment,
    RefundReason, RefundWish,
};
use kernel::{Fen, Result, Scope, Tx};
use tariff::{ChargeType, Facts, Item, Period, RefundBase, RefundClaim, UsePeriod, UseState};

/// What a claim is worth by the rules; writes nothing.
pub async fn preview_claim(tx: &mut Tx, wish: &RefundWish) -> Result<ClaimReckoned> {
    let scope = tx.scope(VIEW)?;
    reckoned(tx, wish, &scope).await
}

/// Proposes what a claim is worth as a refund; a second person decides.
pub async fn claim_refund(tx: &mut Tx, wish: RefundWish) -> Result<Adjustment> {
    let scope = tx.scope(ADJUST)?;
    let worth = reckoned(tx, &wish, &scope).await?;
    if worth.amount_fen <= Fen::ZERO {
        return Err(AdjustmentRule::NothingClaimed.into());
    }
    let (class, what) = match &wish.claim {
        RefundClaim::Temperature { days, .. } => {
            (RefundReason::Temperature, format!("室温不达标 {} 天", days.len()))
        }
        RefundClaim::Outage { hours } => (RefundReason::Outage, format!("停供 {hours} 小时")),
    };
    let reason =
        format!("{}（{what}，计 {} 天，按规则包退费阶梯计算）", wish.reason.trim(), worth.days);
    let new = NewAdjustment {
        kind: AdjustmentKind::Refund,
        account_id: wish.account_id,
        season_id: Some(wish.season_id),
        item: Item::Heat.name().to_owned(),
        amount_fen: worth.amount_fen,
        reason_class: Some(class),
        reason,
    };
    propose_adjustment(tx, new).await
}

async fn reckoned(tx: &mut Tx, wish: &RefundWish, scope: &Scope) -> Result<ClaimReckoned> {
    let account = wish.account_id;
    let org_path = org_of(tx, account, scope).await?;
    let code = charge::season_code(tx, wish.season_id).await?;
    let charged = charge::last(tx, wish.season_id, account).await?;
    let charged = charged.ok_or(ChargeRule::NotCharged)?;
    let (_, pack) = rules::pack_for(tx, wish.season_id, &org_path).await?;
    let season = rules::calendar(&pack, &code)?;
    let facts = reckon::facts_of(tx, &season, account).await?;
    let fee = charged.booked.items.total().ok_or(ChargeRule::TooMuch)?;
    // What is owed whether there is heat or not: the base part of a two-part tariff, and what a
    // stopped household of the same rooms would owe.
    let base_part = if facts.charge_type == ChargeType::TwoPart {
        charged.booked.items.heat_fen.unwrap_or(Fen::ZERO)
    } else {
        let stopped = UsePeriod { during: Period::ALWAYS, state: UseState::Stopped };
        let idle = Facts { uses: vec![stopped], ..facts };
        tariff::season_charge(&pack, &season, &idle)?.of(Item::Basic)
    };
    let refunded = store::given_back(tx, account, wish.season_id).await?;
    let base = RefundBase { fee, base_part, refunded };
    let worth = tariff::refund(&pack, &season, &base, &wish.claim)?;
    Ok(ClaimReckoned {
        amount_fen: worth.amount,
        days: worth.days,
        capped: worth.capped,
        settle_by: worth.settle_by,
        fee_fen: fee,
        base_fen: base_part,
        given_back_fen: refunded,
    })
}
