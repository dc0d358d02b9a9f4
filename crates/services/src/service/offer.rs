//! At the door: the price is shown, the customer signs or does not.

use crate::event::{What, tell};
use crate::permissions::WORK;
use crate::store::{self, InHand, Locked, NewSheet};
use crate::{
    Ground, MOST_LINES, ServiceRule, Sheet, SheetAction, SheetId, SheetState, WantedLine, offer,
    totals,
};
use chrono::NaiveDate;
use kernel::clock::local_date;
use kernel::{Error, Fen, FileId, OrderId, Result, Scope, Tx, UserId};

/// Offers services on an order in the caller's hands: prices and warranty are looked up, the sum
/// is what the customer is shown. An offer that nobody agreed to gives way to the new one.
pub async fn quote(tx: &mut Tx, order: OrderId, wanted: Vec<WantedLine>) -> Result<Sheet> {
    tx.require(WORK)?;
    let who = tx.user()?;
    check(&wanted)?;
    let order = store::lock_order(tx, order, who).await?;
    if !order.begun {
        return Err(ServiceRule::NotInHand.into());
    }
    let account_id = order.account_id.ok_or(ServiceRule::NoHousehold)?;
    give_way(tx, &order).await?;
    let on = local_date(tx.now());
    let listed = super::catalogue::listed(tx, on).await?;
    let rule = listed.rule.as_ref().ok_or(ServiceRule::NoRule)?;
    let flat = store::flat(tx, account_id).await?;
    let ids: Vec<_> = wanted.iter().map(|w| w.item_id).collect();
    let before = store::last_done(tx, flat.premise_id, &ids).await?;
    let (items, installed_on) = (&listed.items, flat.installed_on);
    let ground = Ground { items, rule, on, staff: who, installed_on, before: &before };
    let lines = offer(&ground, &wanted)?;
    let (total, pay) = totals(&lines)?;
    let new = NewSheet {
        order: &order,
        account_id,
        premise_id: flat.premise_id,
        staff_id: who,
        priced_on: on,
        rule_id: rule.id,
        total,
        pay,
        lines: &lines,
    };
    let id = store::insert_sheet(tx, &new).await?;
    let sheet = super::read::shown(tx, id).await?;
    let (no, order_id) = (sheet.no.clone(), order.order_id);
    let what = What::Quoted { no, order_id, total };
    tell(tx, ("sheet", *id), Some(&order.org_path), &what)?;
    Ok(sheet)
}

/// The customer agrees to the sum that he sees, and signs.
pub async fn agree(
    tx: &mut Tx,
    id: SheetId,
    seen: Fen,
    signer: &str,
    signature: FileId,
) -> Result<Sheet> {
    let (sheet, who) = own(tx, id, SheetAction::Agree).await?;
    let signer = signer.trim();
    if signer.is_empty() || signer.chars().count() > 40 {
        return Err(Error::invalid("signer", "请填写签字人", "who signs, at most 40 characters"));
    }
    if seen != sheet.total_fen || !is_current(tx, &sheet).await? {
        return Err(ServiceRule::PriceChanged.into());
    }
    if !store::is_own_image(tx, signature, who).await? {
        return Err(ServiceRule::NoSignature.into());
    }
    store::set_agreed(tx, id, signer, signature).await?;
    let (no, order_id, total) = (sheet.no, sheet.order_id, sheet.total_fen);
    tell(tx, ("sheet", *id), Some(&sheet.org_path), &What::Agreed { no, order_id, total })?;
    super::read::shown(tx, id).await
}

/// The customer does not want it.
pub async fn decline(tx: &mut Tx, id: SheetId, reason: &str) -> Result<Sheet> {
    let (sheet, _) = own(tx, id, SheetAction::Decline).await?;
    let reason = super::needed("reason", reason)?;
    end(tx, &sheet, SheetState::Declined, &reason).await?;
    super::read::shown(tx, id).await
}

/// The repairer takes his offer back before the work is done.
pub async fn withdraw(tx: &mut Tx, id: SheetId, reason: &str) -> Result<Sheet> {
    let (sheet, _) = own(tx, id, SheetAction::Withdraw).await?;
    let reason = super::needed("reason", reason)?;
    end(tx, &sheet, SheetState::Withdrawn, &reason).await?;
    super::read::shown(tx, id).await
}

fn check(wanted: &[WantedLine]) -> Result<()> {
    if wanted.is_empty() || wanted.len() > MOST_LINES {
        return Err(Error::invalid("lines", "应有 1 至 30 项", "1 to 30 lines"));
    }
    if wanted.iter().any(|w| !(1..=1_000_000).contains(&w.quantity)) {
        return Err(Error::invalid("quantity", "数量应大于 0", "above 0, at most 10,000"));
    }
    if wanted.iter().any(|w| w.said.chars().count() > super::LONGEST) {
        return Err(Error::invalid("said", "说明不超过 500 字", "at most 500 characters"));
    }
    Ok(())
}

/// The caller's own offer, locked, from where the step exists.
async fn own(tx: &mut Tx, id: SheetId, action: SheetAction) -> Result<(Locked, UserId)> {
    tx.require(WORK)?;
    let who = tx.user()?;
    let scope = Scope { paths: Vec::new(), own: Some(who) };
    let sheet = store::lock_sheet(tx, id, &scope).await?;
    sheet.state.step(action).ok_or(ServiceRule::WrongState)?;
    Ok((sheet, who))
}

async fn give_way(tx: &mut Tx, order: &InHand) -> Result<()> {
    let now = tx.now();
    for (id, state) in store::open_sheets(tx, order.order_id, now).await? {
        if state == SheetState::Agreed {
            return Err(ServiceRule::AgreedAlready.into());
        }
        store::set_ended(tx, id, SheetState::Withdrawn, "重新报价", None).await?;
    }
    Ok(())
}

/// Whether each line's price and the warranty are those in force today.
async fn is_current(tx: &mut Tx, sheet: &Locked) -> Result<bool> {
    let on: NaiveDate = local_date(tx.now());
    let listed = super::catalogue::listed(tx, on).await?;
    let lines = store::lines(tx, &[*sheet.id]).await?.remove(&sheet.id).unwrap_or_default();
    let price = |item| listed.items.iter().find(|i| i.id == item).and_then(|i| i.price.as_ref());
    let same = lines.iter().all(|l| price(l.item_id).is_some_and(|p| p.id == l.price_id));
    Ok(same && listed.rule.is_some_and(|r| r.id == sheet.rule_id))
}

/// An offer that came to nothing.
pub(super) async fn end(tx: &mut Tx, s: &Locked, state: SheetState, reason: &str) -> Result<()> {
    store::set_ended(tx, s.id, state, reason, None).await?;
    let what = What::Ended {
        no: s.no.clone(),
        order_id: s.order_id,
        state: state.into(),
        reason: reason.to_owned(),
    };
    tell(tx, ("sheet", *s.id), Some(&s.org_path), &what)
}
