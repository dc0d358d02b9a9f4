//! Deciding on what looks odd, and taking a charge back.

use crate::event::{What, tell};
use crate::permissions::AUDIT;
use crate::{AuditState, ServiceRule, Sheet, SheetAction, SheetId, SheetState, store};
use kernel::{Fen, Result, Scope, Tx};

/// It is in order, or it is not; then the repairer is not paid for it. He does not decide on his
/// own work.
pub async fn decide_audit(tx: &mut Tx, id: SheetId, objected: bool, note: &str) -> Result<()> {
    let scope = tx.scope(AUDIT)?;
    let by = tx.user()?;
    let audit = store::lock_audit(tx, id, &scope).await?;
    if audit.state != AuditState::Open {
        return Err(ServiceRule::Decided.into());
    }
    if audit.staff_id == by {
        return Err(ServiceRule::SecondPerson.into());
    }
    let (state, note) = match objected {
        true => (AuditState::Objected, super::needed("note", note)?),
        false => (AuditState::Passed, note.trim().chars().take(super::LONGEST).collect()),
    };
    store::decide_audit(tx, id, state, by, &note).await?;
    let what = What::AuditDecided { objected, note };
    tell(tx, ("sheet", *id), Some(&audit.org_path), &what)
}

/// Takes a charge back by its opposite in the book; what the household paid of it is a credit.
/// If the repairer was paid for it, his next statement deducts it.
pub async fn reverse(tx: &mut Tx, id: SheetId, reason: &str) -> Result<Sheet> {
    let scope = tx.scope(AUDIT)?;
    let by = tx.user()?;
    let reason = super::needed("reason", reason)?;
    let at_desk = Scope { own: None, ..scope };
    let sheet = store::lock_sheet(tx, id, &at_desk).await?;
    sheet.state.step(SheetAction::Reverse).ok_or(ServiceRule::WrongState)?;
    if sheet.staff_id == by {
        return Err(ServiceRule::SecondPerson.into());
    }
    // No statement begins with this work meanwhile.
    store::lock_staff(tx, sheet.staff_id, &Scope::all()).await?;
    if let Some(no) = store::proposed_with(tx, id).await? {
        return Err(ServiceRule::InStatement(no).into());
    }
    let reversal = match sheet.posting_id.filter(|_| sheet.total_fen > Fen::ZERO) {
        Some(posting) => {
            let memo = format!("有偿服务冲正 {}：{reason}", sheet.no);
            Some(ledger::reverse(tx, posting, &memo).await?)
        }
        None => None,
    };
    store::set_ended(tx, id, SheetState::Reversed, &reason, reversal).await?;
    let (no, account_id, total) = (sheet.no, sheet.account_id, sheet.total_fen);
    let what = What::Reversed { no, account_id, total, reason };
    tell(tx, ("sheet", *id), Some(&sheet.org_path), &what)?;
    super::read::shown(tx, id).await
}
