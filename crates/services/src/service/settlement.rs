//! What a repairer is paid: proposed by one person, approved by another, posted once.

use crate::event::{What, tell};
use crate::permissions::{APPROVE, SETTLE};
use crate::store::{self, LockedStatement, NewStatement};
use crate::{ServiceRule, StatementDetail, StatementId, StatementState, settle};
use chrono::NaiveDate;
use kernel::clock::local_date;
use kernel::{Fen, PostingId, Result, Scope, Tx, UserId};
use ledger::Posting;

/// Proposes a statement of what one repairer earned in a period and has not been settled, less
/// what he was paid for and was taken back since.
pub async fn propose_statement(
    tx: &mut Tx,
    staff_id: UserId,
    from_day: NaiveDate,
    through: NaiveDate,
) -> Result<StatementDetail> {
    let scope = tx.scope(SETTLE)?;
    let by = tx.user()?;
    if from_day > through || through >= local_date(tx.now()) {
        return Err(ServiceRule::PeriodInvalid.into());
    }
    let org_path = store::lock_staff(tx, staff_id, &scope).await?;
    let due = store::due(tx, staff_id, from_day, through).await?;
    if due.is_empty() {
        return Err(ServiceRule::NothingToSettle.into());
    }
    let lines: Vec<_> = due.iter().map(|d| (d.kind, d.amount_fen)).collect();
    let done = settle(&lines).ok_or(ServiceRule::TooMuch)?;
    let (earned, deducted) = (done.earned, done.deducted);
    let new = NewStatement {
        staff_id,
        org_path: org_path.clone(),
        from_day,
        through,
        earned,
        deducted,
        by,
    };
    let id = store::insert_statement(tx, &new, &due).await?;
    tell(tx, ("statement", *id), Some(&org_path), &What::StatementProposed { earned, deducted })?;
    super::read::stated(tx, id, &Scope::all()).await
}

/// Approves and posts a statement, or refuses it and lets its work go: a second person, and not
/// he who is paid.
pub async fn decide_statement(
    tx: &mut Tx,
    id: StatementId,
    approve: bool,
    note: &str,
) -> Result<StatementDetail> {
    let scope = tx.scope(APPROVE)?;
    let by = tx.user()?;
    let s = store::lock_statement(tx, id, &Scope { own: None, ..scope }).await?;
    if s.state != StatementState::Proposed {
        return Err(ServiceRule::Decided.into());
    }
    if by == s.made_by || by == s.staff_id {
        return Err(ServiceRule::SecondPerson.into());
    }
    let note = match approve {
        true => note.trim().chars().take(super::LONGEST).collect(),
        false => super::needed("note", note)?,
    };
    if approve {
        let posting = post(tx, id, &s).await?;
        store::decide_statement(tx, id, StatementState::Posted, &note, posting).await?;
    } else {
        store::decide_statement(tx, id, StatementState::Refused, &note, None).await?;
        store::release(tx, id).await?;
    }
    let what = What::StatementDecided { no: s.no, approved: approve, note };
    tell(tx, ("statement", *id), Some(&s.org_path), &what)?;
    super::read::stated(tx, id, &Scope::all()).await
}

/// Takes a posted statement back by its opposite in the book; its work can be settled again.
pub async fn reverse_statement(
    tx: &mut Tx,
    id: StatementId,
    reason: &str,
) -> Result<StatementDetail> {
    let scope = tx.scope(APPROVE)?;
    let by = tx.user()?;
    let reason = super::needed("reason", reason)?;
    let s = store::lock_statement(tx, id, &Scope { own: None, ..scope }).await?;
    if s.state != StatementState::Posted {
        return Err(ServiceRule::WrongState.into());
    }
    if by == s.staff_id {
        return Err(ServiceRule::SecondPerson.into());
    }
    // No other statement of his begins meanwhile.
    store::lock_staff(tx, s.staff_id, &Scope::all()).await?;
    if let Some(no) = store::deducted_by(tx, id).await? {
        return Err(ServiceRule::InStatement(no).into());
    }
    let reversal = match s.posting_id {
        Some(posting) => {
            let memo = format!("维修结算冲正 {}：{reason}", s.no);
            Some(ledger::reverse(tx, posting, &memo).await?)
        }
        None => None,
    };
    store::set_reversed(tx, id, &reason, reversal).await?;
    store::release(tx, id).await?;
    let what = What::StatementReversed { no: s.no, reason };
    tell(tx, ("statement", *id), Some(&s.org_path), &what)?;
    super::read::stated(tx, id, &Scope::all()).await
}

async fn post(tx: &mut Tx, id: StatementId, s: &LockedStatement) -> Result<Option<PostingId>> {
    let amounts: Vec<(_, Fen)> = store::amounts(tx, id).await?;
    let done = settle(&amounts).ok_or(ServiceRule::TooMuch)?;
    let lines = done.lines().ok_or(ServiceRule::TooMuch)?;
    if lines.is_empty() {
        return Ok(None);
    }
    let valid_on = ledger::open_day(tx, s.through).await?;
    let posting = Posting {
        source: "repair_statement".to_owned(),
        source_id: uuid::Uuid::to_string(&id),
        corrects_id: None,
        memo: format!("维修结算 {}", s.no),
        channel: None,
        valid_on,
        lines,
    };
    ledger::post(tx, posting).await.map(Some)
}
