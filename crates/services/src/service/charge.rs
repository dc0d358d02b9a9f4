//! When the work is done, what was agreed to becomes a debt of the household.

use crate::event::{What, tell};
use crate::store::{self, Locked};
use crate::{Line, Rule, ServiceRule, SheetAction, SheetState, findings};
use chrono::{DateTime, Days, NaiveDate, Utc};
use kernel::clock::local_date;
use kernel::{OrderId, PostingId, Result, Scope, Tx};
use ledger::{Ledger, Posting};

/// What the book calls a charge for services.
pub(crate) const ITEM: &str = "service";

/// The order was finished at that instant: what was agreed to before is charged, what was not
/// falls away. Told twice or late, nothing more happens.
pub(crate) async fn on_finished(tx: &mut Tx, order: OrderId, at: DateTime<Utc>) -> Result<()> {
    tx.require(ledger::permissions::POST)?;
    for (id, state) in store::open_sheets(tx, order, at).await? {
        let sheet = store::lock_sheet(tx, id, &Scope::all()).await?;
        if state.step(SheetAction::Charge).is_some() {
            charge(tx, &sheet).await?;
        } else {
            super::offer::end(tx, &sheet, SheetState::Withdrawn, "完工时用户未确认").await?;
        }
    }
    Ok(())
}

/// The order went back or was voided: nothing was done.
pub(crate) async fn on_given_up(tx: &mut Tx, order: OrderId, at: DateTime<Utc>) -> Result<()> {
    tx.require(ledger::permissions::POST)?;
    for (id, _) in store::open_sheets(tx, order, at).await? {
        let sheet = store::lock_sheet(tx, id, &Scope::all()).await?;
        super::offer::end(tx, &sheet, SheetState::Withdrawn, "工单退回或作废").await?;
    }
    Ok(())
}

async fn charge(tx: &mut Tx, sheet: &Locked) -> Result<()> {
    let on = local_date(tx.now());
    let posting = post(tx, sheet, on).await?;
    store::set_charged(tx, sheet.id, on, posting).await?;
    let (no, order_id, account_id) = (sheet.no.clone(), sheet.order_id, sheet.account_id);
    let what = What::Charged { no, order_id, account_id, total: sheet.total_fen };
    tell(tx, ("sheet", *sheet.id), Some(&sheet.org_path), &what)?;
    look_for_oddities(tx, sheet, on).await
}

/// What is covered costs nothing and posts nothing.
async fn post(tx: &mut Tx, sheet: &Locked, on: NaiveDate) -> Result<Option<PostingId>> {
    if sheet.total_fen == kernel::Fen::ZERO {
        return Ok(None);
    }
    let earned = sheet.total_fen.checked_neg().ok_or(ServiceRule::TooMuch)?;
    let owed = ledger::Line::customer(Ledger::Receivable, sheet.account_id, ITEM, sheet.total_fen);
    let posting = Posting {
        source: "service".to_owned(),
        source_id: uuid::Uuid::to_string(&sheet.id),
        corrects_id: None,
        memo: format!("有偿服务 {}", sheet.no),
        channel: None,
        valid_on: on,
        lines: vec![owed, ledger::Line::house(Ledger::Revenue, ITEM, earned)],
    };
    ledger::post(tx, posting).await.map(Some)
}

async fn look_for_oddities(tx: &mut Tx, sheet: &Locked, on: NaiveDate) -> Result<()> {
    let rules = store::rules(tx).await?;
    let Some(rule) = rules.iter().find(|r| r.id == sheet.rule_id) else { return Ok(()) };
    let lines: Vec<Line> =
        store::lines(tx, &[*sheet.id]).await?.remove(&sheet.id).unwrap_or_default();
    let since = first_day(rule, on);
    let again = store::was_here(tx, sheet.premise_id, sheet.id, since).await?;
    let findings = findings(rule, sheet.id, &lines, again);
    if findings.is_empty() {
        return Ok(());
    }
    store::open_audit(tx, sheet.id, &sheet.org_path, &findings).await?;
    let what = What::AuditOpened { no: sheet.no.clone(), findings };
    tell(tx, ("sheet", *sheet.id), Some(&sheet.org_path), &what)
}

fn first_day(rule: &Rule, on: NaiveDate) -> NaiveDate {
    let days = Days::new(u64::try_from(rule.repeat_days).unwrap_or(0));
    on.checked_sub_days(days).unwrap_or(NaiveDate::MIN)
}
