//! Placing and releasing holds, and what every channel asks before it takes money.

use crate::permissions::{HOLD, RELEASE, VIEW};
use crate::store::hold::{self as store, HoldSource, HoldsWanted};
use crate::{ActiveHold, Hold, HoldKind, HoldReason, HoldRule, HoldTold, PlaceHold};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::clock::local_date;
use kernel::{AccountId, Cursor, Error, HoldId, Page, Result, Scope, Tx, page};
use uuid::Uuid;

/// The holds that bind these households on that day, the strictest first; for a room above that
/// has asked whether the caller may see them.
pub async fn holds(
    tx: &mut Tx,
    accounts: &[AccountId],
    today: NaiveDate,
) -> Result<Vec<ActiveHold>> {
    store::active(tx, accounts, today).await
}

/// Holds of one household or of all in sight, newest first.
pub async fn list_holds(
    tx: &mut Tx,
    account: Option<AccountId>,
    active_only: bool,
    limit: Option<i64>,
    after: Option<&str>,
) -> Result<Page<Hold>> {
    let scope = tx.scope(VIEW)?;
    let (limit, today) = (page::limit(limit), local_date(tx.now()));
    let after: Option<(DateTime<Utc>, Uuid)> = Cursor::decode(after)?;
    let wanted = HoldsWanted {
        account,
        id: None,
        active_only,
        today,
        limit: limit + 1,
        after,
        scope: &scope,
    };
    let holds = store::list(tx, wanted).await?;
    Ok(Page::cut(holds, limit, |h| (h.made_at, *h.id)))
}

/// Places a hold by hand.
pub async fn place_hold(tx: &mut Tx, new: PlaceHold) -> Result<Hold> {
    let scope = tx.scope(HOLD)?;
    let id = placed(tx, &scope, &new, "desk", None).await?.ok_or(Error::Stale)?;
    shown(tx, id).await
}

/// Places a hold for an event; the same event holds once.
pub async fn hold_for_event(
    tx: &mut Tx,
    new: PlaceHold,
    source: &str,
    source_id: &str,
) -> Result<Option<HoldId>> {
    let scope = tx.scope(HOLD)?;
    placed(tx, &scope, &new, source, Some(source_id)).await
}

/// Places a hold that follows from what a room above has done and has asked leave for; the same
/// cause holds once.
pub async fn hold_for_room(
    tx: &mut Tx,
    new: PlaceHold,
    source: &str,
    source_id: &str,
) -> Result<Option<HoldId>> {
    placed(tx, &Scope::all(), &new, source, Some(source_id)).await
}

async fn placed(
    tx: &mut Tx,
    scope: &Scope,
    new: &PlaceHold,
    source: &str,
    source_id: Option<&str>,
) -> Result<Option<HoldId>> {
    for (field, text) in [("reason", &new.reason), ("words", &new.words)] {
        if text.trim().is_empty() || text.chars().count() > 500 {
            return Err(Error::invalid(field, "请填写，且不超过 500 字", "1 to 500 characters"));
        }
    }
    let today = local_date(tx.now());
    let from_on = new.from_on.unwrap_or(today);
    if new.until_on.is_some_and(|until| until < from_on || until < today) {
        return Err(HoldRule::Backwards.into());
    }
    let org_path = store::org_of(tx, new.account_id, scope).await?;
    // Who is taking money of this household now finishes first.
    store::lock_accounts(tx, &[new.account_id]).await?;
    let id: HoldId = tx.new_id();
    if !store::insert(tx, id, new, HoldSource { source, source_id, from_on }).await? {
        return Ok(None);
    }
    tx.emit(&HoldTold {
        id,
        kind_of_event: "billing.hold_placed",
        org_path,
        account_id: new.account_id,
        kind: new.kind,
        reason: new.reason.trim().to_owned(),
        from: None,
        to: "active",
    })?;
    Ok(Some(id))
}

/// Releases a hold.
pub async fn release_hold(tx: &mut Tx, id: HoldId, reason: &str) -> Result<Hold> {
    let scope = tx.scope(RELEASE)?;
    let reason = said("reason", reason)?;
    let (account_id, released) = store::lock(tx, id, &scope).await?;
    if released {
        return Err(HoldRule::Released.into());
    }
    store::release(tx, id, &reason).await?;
    let hold = shown(tx, id).await?;
    let org_path = store::org_of(tx, account_id, &Scope::all()).await?;
    tx.emit(&HoldTold {
        id,
        kind_of_event: "billing.hold_released",
        org_path,
        account_id,
        kind: hold.kind,
        reason,
        from: Some("active"),
        to: "released",
    })?;
    Ok(hold)
}

async fn shown(tx: &mut Tx, id: HoldId) -> Result<Hold> {
    let (scope, today) = (Scope::all(), local_date(tx.now()));
    let wanted = HoldsWanted {
        account: None,
        id: Some(id),
        active_only: false,
        today,
        limit: 1,
        after: None,
        scope: &scope,
    };
    store::list(tx, wanted).await?.pop().ok_or(Error::NotFound("hold"))
}

/// What an inspection that found something places on a household: no money until it is cleared.
pub fn inspection_hold(account_id: AccountId, order_no: &str, found: &str) -> PlaceHold {
    PlaceHold {
        account_id,
        kind: HoldKind::BlockAll,
        reason_class: HoldReason::Inspection,
        reason: format!("稽查工单 {order_no}：{found}"),
        words: "您户有稽查事项待处理，请先到稽查部门办理后再缴费".to_owned(),
        from_on: None,
        until_on: None,
    }
}

/// What a bounced cheque places on a household: it is told, and pays any other way.
pub fn bounced_cheque_hold(account_id: AccountId, payment_no: &str, why: &str) -> PlaceHold {
    PlaceHold {
        account_id,
        kind: HoldKind::Warn,
        reason_class: HoldReason::BouncedCheque,
        reason: format!("缴费 {payment_no} 的支票被退：{why}"),
        words: "您上次缴费的支票被银行退回，费用仍未缴清，请用现金、刷卡或转账补缴".to_owned(),
        from_on: None,
        until_on: None,
    }
}

/// Words that must be there, trimmed.
pub(super) fn said(field: &str, text: &str) -> Result<String> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > 500 {
        return Err(Error::invalid(field, "请填写，且不超过 500 字", "1 to 500 characters"));
    }
    Ok(text.to_owned())
}
