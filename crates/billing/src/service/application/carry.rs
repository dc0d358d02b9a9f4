//! Carrying out what was granted: the valve first where the rules say so, then the facts.

use super::plan::{self, Plan};
use super::tell;
use crate::permissions::APPLY;
use crate::store::application::{self as store, Work};
use crate::store::valve;
use crate::{
    ApplicationAction as Action, ApplicationFee, ApplicationForm, ValveAction, ValveRequested,
};
use chrono::NaiveDate;
use directory::Amendment;
use kernel::clock::local_date;
use kernel::{OrderId, Permission, Result, Scope, Tx};
use ledger::{Ledger, Line, Posting, Segment};

/// Lets a granted application count, and asks for its valve. Stops and restorations wait for the
/// valve where the rules say so; who enters or is torn down does not.
pub(super) async fn carry_out(tx: &mut Tx, work: Work, plan: &Plan, key: Permission) -> Result<()> {
    let asked = work.form.0.from();
    let action = match work.form.0 {
        ApplicationForm::Stop { .. } | ApplicationForm::Demolition { .. } => {
            Some(ValveAction::Close)
        }
        ApplicationForm::Restore { .. } | ApplicationForm::Entry { .. } => Some(ValveAction::Open),
        _ => None,
    };
    let Some(action) = action else { return finish(tx, work, plan, asked, key).await };
    let waits =
        matches!(work.form.0, ApplicationForm::Stop { .. } | ApplicationForm::Restore { .. });
    valve::request_valve(tx, &work, action).await?;
    tx.emit(&ValveRequested {
        application_id: work.id,
        matter: work.matter_id,
        org_path: work.org_path.clone(),
        account_id: work.account_id,
        action,
        reason: format!("{} {}", work.kind.zh(), work.no),
    })?;
    match plan.pack.effective_on(asked, None) {
        Some(on) => finish(tx, work, plan, on, key).await,
        None if waits => Ok(()),
        None => finish(tx, work, plan, asked, key).await,
    }
}

/// The valve cannot be moved, says who was there: what waited for it is taken back, with his
/// words, so that nobody waits for ever.
pub(super) async fn valve_impossible(tx: &mut Tx, order: OrderId, words: &str) -> Result<bool> {
    let Some(found) = valve::valve_by_order(tx, order).await? else { return Ok(false) };
    let work = store::lock(tx, found.application_id, &Scope::all()).await?;
    let Ok(to) = work.state.step(Action::Withdraw) else { return Ok(false) };
    let reason = format!("现场无法操作阀门：{words}");
    store::set_decided(tx, work.id, to, &reason).await?;
    tell(tx, &work, Some(work.state), to, "billing.application_withdrawn", &reason)?;
    Ok(true)
}

/// An order moved the valve on that day: what waited for it counts. Said twice, it counts once.
pub async fn valve_moved(tx: &mut Tx, order: OrderId, on: NaiveDate) -> Result<bool> {
    tx.require(APPLY)?;
    let Some(found) = valve::valve_by_order(tx, order).await? else { return Ok(false) };
    if found.moved_on.is_some() {
        return Ok(false);
    }
    valve::set_moved(tx, found.application_id, on).await?;
    let work = store::lock(tx, found.application_id, &Scope::all()).await?;
    if work.state.step(Action::Finish).is_err() {
        // It counts already, or was taken back: the valve's day stays on record.
        return Ok(true);
    }
    let made = local_date(work.asked_on);
    let plan = plan::plan(tx, APPLY, &super::asked(&work), made).await?;
    let from = plan.pack.effective_on(work.form.0.from(), Some(on));
    let from = from.unwrap_or(on);
    finish(tx, work, &plan, from, APPLY).await?;
    Ok(true)
}

async fn finish(
    tx: &mut Tx,
    work: Work,
    plan: &Plan,
    on: NaiveDate,
    key: Permission,
) -> Result<()> {
    let to = work.state.step(Action::Finish)?;
    let reason = format!("{} {}", work.kind.zh(), work.no);
    for effect in plan.effects(on) {
        // A stop that the valve outlived has no days left.
        if effect.to.is_some_and(|to| to <= effect.from) {
            continue;
        }
        let amendment = Amendment {
            change: effect.change,
            from: effect.from,
            to: effect.to,
            reason: reason.clone(),
            source: "application",
            source_id: Some(*work.id),
        };
        directory::amend_under(tx, key, amendment).await?;
    }
    for fee in &plan.fees {
        post_fee(tx, &work, plan, fee).await?;
    }
    store::set_done(tx, work.id, on).await?;
    tell(tx, &work, Some(work.state), to, "billing.application_done", &on.to_string())
}

async fn post_fee(tx: &mut Tx, work: &Work, plan: &Plan, fee: &ApplicationFee) -> Result<()> {
    let segment = Segment {
        org_path: plan.org_path.clone(),
        user_class: plan.home.user_class.clone(),
        charge_type: plan.home.charge_type.clone(),
    };
    let segment = ledger::segment_ids(tx, &[segment]).await?.into_iter().next();
    let amount = fee.amount_fen;
    let less = amount.checked_neg().ok_or(ledger::LedgerRule::TooMuch)?;
    let owed = Line::customer(Ledger::Receivable, work.account_id, &fee.item, amount);
    let earned = Line::house(Ledger::Revenue, &fee.item, less);
    let season = Some(plan.season.id);
    let both = [owed, earned].map(|l| l.of_season(season).in_segment(segment));
    let valid_on = local_date(tx.now());
    let posting = Posting {
        source: "application".to_owned(),
        source_id: format!("{}/{}", work.id, fee.item),
        corrects_id: None,
        memo: format!("{} {}", work.kind.zh(), work.no),
        channel: None,
        valid_on,
        lines: both.to_vec(),
    };
    ledger::post(tx, posting).await?;
    Ok(())
}
