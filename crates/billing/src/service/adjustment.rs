//! Adjustments: proposed by one person, decided by another, posted once.

use super::{hold::said, rules};
use crate::permissions::{ADJUST, DECIDE, DECIDE_LARGE, VIEW};
use crate::store::adjustment::{self as store, Proposal, Wanted};
use crate::store::hold::{lock_accounts, org_of};
use crate::{
    Adjustment, AdjustmentKind, AdjustmentRule, AdjustmentState as State, AdjustmentTold,
    NewAdjustment,
};
use chrono::{DateTime, Utc};
use kernel::clock::local_date;
use kernel::{
    AccountId, AdjustmentId, Cursor, Error, Fen, Page, PostingId, Result, Scope, Tx, page,
};
use ledger::Posting;
use std::sync::Arc;
use tariff::{Decider, Pack};
use uuid::Uuid;

/// Proposes an adjustment; a small one is posted at once.
pub async fn propose_adjustment(tx: &mut Tx, a: NewAdjustment) -> Result<Adjustment> {
    let scope = tx.scope(ADJUST)?;
    said("reason", &a.reason)?;
    if a.item.is_empty() || a.item.len() > 40 {
        return Err(Error::invalid("item", "请选择费用项目", "an item is needed"));
    }
    let org_path = org_of(tx, a.account_id, &scope).await?;
    lock_accounts(tx, &[a.account_id]).await?;
    let standing = store::standing(tx, &a).await?;
    a.lines(&standing)?;
    let rules = rules_of(tx, &a, &org_path).await?;
    let decider = match a.decider(&rules.approvals)? {
        // Who may let off so much of a late fee needs nobody else; who may not, does.
        _ if a.waives_late_fee() && tx.actor().user.is_some() => {
            let most = may_waive(tx, &rules, &org_path).await?;
            if a.amount_fen <= most { Decider::Nobody } else { Decider::Ordinary }
        }
        decider => decider,
    };
    let id: AdjustmentId = tx.new_id();
    store::insert(tx, id, &a, &org_path).await?;
    tell(tx, id, (&a, &org_path), (None, State::Proposed), &a.reason)?;
    if decider == Decider::Nobody {
        let posting = post(tx, id, &a).await?;
        store::decide(tx, id, State::Posted, "小额，免审批", Some(posting)).await?;
        tell(tx, id, (&a, &org_path), (Some(State::Proposed), State::Posted), "")?;
    }
    shown(tx, id).await
}

/// Posts what was proposed: a second person, with the key for its size. Whether it still can be
/// is asked again.
pub async fn approve_adjustment(tx: &mut Tx, id: AdjustmentId, note: &str) -> Result<Adjustment> {
    let p = decided(tx, id).await?;
    if p.wanted.waives_late_fee() && tx.actor().user.is_some() && tx.scope(DECIDE_LARGE).is_err() {
        let rules = rules_of(tx, &p.wanted, &p.org_path).await?;
        let most = may_waive(tx, &rules, &p.org_path).await?;
        if p.wanted.amount_fen > most {
            return Err(AdjustmentRule::WaiverLimit(most).into());
        }
    }
    lock_accounts(tx, &[p.wanted.account_id]).await?;
    let posting = post(tx, id, &p.wanted).await?;
    store::decide(tx, id, State::Posted, note.trim(), Some(posting)).await?;
    tell(tx, id, (&p.wanted, &p.org_path), (Some(p.state), State::Posted), note.trim())?;
    shown(tx, id).await
}

/// Refuses what was proposed.
pub async fn refuse_adjustment(tx: &mut Tx, id: AdjustmentId, reason: &str) -> Result<Adjustment> {
    let p = decided(tx, id).await?;
    let reason = said("note", reason)?;
    store::decide(tx, id, State::Refused, &reason, None).await?;
    tell(tx, id, (&p.wanted, &p.org_path), (Some(p.state), State::Refused), &reason)?;
    shown(tx, id).await
}

/// Takes a proposal back.
pub async fn withdraw_adjustment(
    tx: &mut Tx,
    id: AdjustmentId,
    reason: &str,
) -> Result<Adjustment> {
    let scope = tx.scope(ADJUST)?;
    let p = store::lock(tx, id, &scope).await?;
    if p.state != State::Proposed {
        return Err(AdjustmentRule::Decided.into());
    }
    let reason = said("note", reason)?;
    store::decide(tx, id, State::Withdrawn, &reason, None).await?;
    tell(tx, id, (&p.wanted, &p.org_path), (Some(p.state), State::Withdrawn), &reason)?;
    shown(tx, id).await
}

/// Adjustments, newest first.
pub async fn list_adjustments(
    tx: &mut Tx,
    account: Option<AccountId>,
    state: Option<State>,
    limit: Option<i64>,
    after: Option<&str>,
) -> Result<Page<Adjustment>> {
    let scope = tx.scope(VIEW)?;
    let limit = page::limit(limit);
    let after: Option<(DateTime<Utc>, Uuid)> = Cursor::decode(after)?;
    let wanted = Wanted { id: None, account, state, limit: limit + 1, after, scope: &scope };
    let rows = store::list(tx, wanted).await?;
    Ok(Page::cut(rows, limit, |a| (a.made_at, *a.id)))
}

/// The proposal, locked, for a second person who may decide on its size.
async fn decided(tx: &mut Tx, id: AdjustmentId) -> Result<Proposal> {
    let ordinary = tx.scope(DECIDE);
    let scope = match ordinary {
        Ok(scope) => scope,
        Err(refused) => tx.scope(DECIDE_LARGE).map_err(|_| refused)?,
    };
    let p = store::lock(tx, id, &scope).await?;
    let rules = rules_of(tx, &p.wanted, &p.org_path).await?;
    if p.wanted.decider(&rules.approvals)? == Decider::Large {
        let large = tx.scope(DECIDE_LARGE)?;
        store::lock(tx, id, &large).await?;
    }
    if p.state != State::Proposed {
        return Err(AdjustmentRule::Decided.into());
    }
    if tx.actor().user.is_some() && tx.actor().user == p.made_by {
        return Err(AdjustmentRule::SecondPerson.into());
    }
    Ok(p)
}

/// The rules by which an adjustment is decided: those of its season, or of today.
async fn rules_of(tx: &mut Tx, a: &NewAdjustment, org_path: &str) -> Result<Arc<Pack>> {
    let found = match a.season_id {
        Some(season) => rules::pack_for(tx, season, org_path).await?,
        None => rules::pack_on(tx, local_date(tx.now()), org_path).await?,
    };
    Ok(found.1)
}

/// How much of a late fee the caller may let off alone, by the roles that he holds above the
/// household.
async fn may_waive(tx: &mut Tx, rules: &Pack, org_path: &str) -> Result<Fen> {
    let user = tx.user()?;
    let roles = store::roles_of(tx, user, org_path).await?;
    let levels = rules.late.waivers.value.iter();
    let his = levels.filter(|w| roles.contains(&w.role)).map(|w| w.up_to_fen);
    Ok(his.max().unwrap_or(Fen::ZERO))
}

async fn post(tx: &mut Tx, id: AdjustmentId, a: &NewAdjustment) -> Result<PostingId> {
    let standing = store::standing(tx, a).await?;
    let lines = a.lines(&standing)?;
    let memo = match a.kind {
        AdjustmentKind::Reduction => "费用核减",
        AdjustmentKind::Correction => "费用更正",
        AdjustmentKind::CarryForward => "多收结转",
        AdjustmentKind::WriteOff => "坏账核销",
        AdjustmentKind::Recovery => "核销收回",
        AdjustmentKind::Refund => "退费",
    };
    let posting = Posting {
        source: "adjustment".to_owned(),
        source_id: id.to_string(),
        corrects_id: None,
        memo: format!("{memo}：{}", a.reason.trim()),
        channel: None,
        valid_on: local_date(tx.now()),
        lines,
    };
    ledger::post(tx, posting).await
}

async fn shown(tx: &mut Tx, id: AdjustmentId) -> Result<Adjustment> {
    let scope = Scope::all();
    let wanted =
        Wanted { id: Some(id), account: None, state: None, limit: 1, after: None, scope: &scope };
    store::list(tx, wanted).await?.pop().ok_or(Error::NotFound("adjustment"))
}

fn tell(
    tx: &mut Tx,
    id: AdjustmentId,
    (a, org_path): (&NewAdjustment, &str),
    (from, to): (Option<State>, State),
    note: &str,
) -> Result<()> {
    let event = match to {
        State::Proposed => "billing.adjustment_proposed",
        State::Posted => "billing.adjustment_posted",
        State::Refused => "billing.adjustment_refused",
        State::Withdrawn => "billing.adjustment_withdrawn",
    };
    tx.emit(&AdjustmentTold {
        id,
        event,
        org_path: org_path.to_owned(),
        account_id: a.account_id,
        adjustment: a.kind,
        amount_fen: a.amount_fen,
        from,
        to,
        note: note.to_owned(),
    })
}
