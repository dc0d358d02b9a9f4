//! Applications: taken in, held against the rules, decided, carried out.

mod carry;
mod plan;
mod read;
mod valve;

pub use carry::valve_moved;
pub use plan::preview_application;
pub use read::{ApplicationsWanted, add_paper, application, list_applications};
pub use valve::{file_valve_order, on_order_passed, recall_valve_order};

use crate::permissions::{APPLY, APPROVE};
use crate::store::application::{self as store, Fresh, Work};
use crate::{
    ApplicationAction as Action, ApplicationFile, ApplicationRule, ApplicationState as State,
    ApplicationTold, NewApplication,
};
use kernel::clock::local_date;
use kernel::{Actor, App, ApplicationId, Error, MatterId, Permission, Result, Tx};
use plan::Plan;

/// Longest note, in characters.
const LONGEST: usize = 2000;

/// Takes an application in. What the rules allow goes on at once; the rest waits for what is
/// missing, or for somebody who may decide against them.
pub async fn submit_application(tx: &mut Tx, new: NewApplication) -> Result<ApplicationFile> {
    tx.require(APPLY)?;
    if new.note.chars().count() > LONGEST {
        return Err(Error::invalid("note", "文字过长", "the text is too long"));
    }
    // One after the other for one household: the second sees what the first one changed.
    crate::store::hold::lock_accounts(tx, &[new.account_id]).await?;
    if let Some(no) = store::open_of(tx, new.account_id, new.form.kind()).await? {
        return Err(ApplicationRule::OpenAlready(no).into());
    }
    let today = local_date(tx.now());
    let plan = plan::plan(tx, APPLY, &new, today).await?;
    let id: ApplicationId = tx.new_id();
    let no = format!("YW{}-{:04}", today.format("%Y%m%d"), store::next_number(tx).await?);
    let matter_id: MatterId = tx.new_id();
    let fresh = Fresh {
        id,
        no,
        matter_id,
        org_path: &plan.org_path,
        season_id: plan.season.id,
        pack_version_id: plan.pack_version_id,
        needs_approval: plan.needs_approval(),
        objections: &plan.objections,
        preview: plan.summary(),
        answer_by: plan.answer_by(),
    };
    store::insert(tx, &new, fresh).await?;
    let work = store::lock(tx, id, &kernel::Scope::all()).await?;
    tell(tx, &work, None, State::Submitted, "billing.application_submitted", &work.note.clone())?;
    if plan.objections.is_empty() {
        checked(tx, work, &plan, None).await?;
    }
    read::shown(tx, id).await
}

/// Takes in what a customer asks for himself, on his page or by telephone, after that channel has
/// made sure who he is. Only what the rules allow is taken in: nobody sits there to decide, and
/// his valve is asked for at once.
pub async fn apply_online(app: &App, new: NewApplication) -> Result<ApplicationFile> {
    let mut tx = app.begin(Actor::system("网上办理")).await?;
    let file = submit_application(&mut tx, new).await?;
    if !file.application.objections.is_empty() {
        return Err(ApplicationRule::Objected(file.application.objections.0).into());
    }
    tx.commit().await?;
    Ok(file)
}

/// Holds an application against the rules again. With `despite`, who may decide lets it go on
/// against what they object to.
pub async fn check_application(
    tx: &mut Tx,
    id: ApplicationId,
    despite: Option<&str>,
) -> Result<ApplicationFile> {
    let key = if despite.is_some() { APPROVE } else { APPLY };
    let scope = tx.scope(key)?;
    let work = store::lock(tx, id, &scope).await?;
    work.state.step(Action::Check)?;
    let despite = despite.map(|d| super::hold::said("despite", d)).transpose()?;
    if despite.is_some() {
        second_person(tx, &work)?;
    }
    let plan = plan::plan(tx, key, &asked(&work), local_date(work.asked_on)).await?;
    if !plan.objections.is_empty() && despite.is_none() {
        return Err(ApplicationRule::Objected(plan.objections).into());
    }
    checked(tx, work, &plan, despite.as_deref()).await?;
    read::shown(tx, id).await
}

/// Grants an application: a second person.
pub async fn approve_application(
    tx: &mut Tx,
    id: ApplicationId,
    note: &str,
) -> Result<ApplicationFile> {
    let scope = tx.scope(APPROVE)?;
    let work = store::lock(tx, id, &scope).await?;
    work.state.step(Action::Approve)?;
    second_person(tx, &work)?;
    let plan = plan::plan(tx, APPROVE, &asked(&work), local_date(work.asked_on)).await?;
    approved(tx, work, &plan, note.trim(), APPROVE).await?;
    read::shown(tx, id).await
}

/// Refuses an application, with the reason that the customer is told.
pub async fn refuse_application(
    tx: &mut Tx,
    id: ApplicationId,
    reason: &str,
) -> Result<ApplicationFile> {
    let work = store::lock(tx, id, &tx.scope(APPROVE)?).await?;
    let to = work.state.step(Action::Refuse)?;
    ended(tx, &work, to, reason, "billing.application_refused").await?;
    read::shown(tx, id).await
}

/// Takes an application back, as long as it does not count.
pub async fn withdraw_application(
    tx: &mut Tx,
    id: ApplicationId,
    reason: &str,
) -> Result<ApplicationFile> {
    let work = store::lock(tx, id, &tx.scope(APPLY)?).await?;
    let to = work.state.step(Action::Withdraw)?;
    ended(tx, &work, to, reason, "billing.application_withdrawn").await?;
    read::shown(tx, id).await
}

async fn ended(
    tx: &mut Tx,
    work: &Work,
    to: State,
    reason: &str,
    event: &'static str,
) -> Result<()> {
    let reason = super::hold::said("reason", reason)?;
    store::set_decided(tx, work.id, to, &reason).await?;
    tell(tx, work, Some(work.state), to, event, &reason)
}

fn asked(work: &Work) -> NewApplication {
    NewApplication {
        account_id: work.account_id,
        form: work.form.0.clone(),
        declared: work.declared.0,
        note: work.note.clone(),
    }
}

fn second_person(tx: &Tx, work: &Work) -> Result<()> {
    let same = tx.actor().user.is_some() && tx.actor().user == work.made_by;
    if same { Err(ApplicationRule::SecondPerson.into()) } else { Ok(()) }
}

async fn checked(tx: &mut Tx, mut work: Work, plan: &Plan, despite: Option<&str>) -> Result<()> {
    let to = work.state.step(Action::Check)?;
    store::set_checked(tx, work.id, &plan.objections, despite, &plan.summary()).await?;
    let note = despite.unwrap_or_default();
    tell(tx, &work, Some(work.state), to, "billing.application_checked", note)?;
    work.state = to;
    // Who let it go on against the rules has decided already.
    if despite.is_some() {
        return approved(tx, work, plan, note, APPROVE).await;
    }
    if plan.needs_approval() {
        return Ok(());
    }
    approved(tx, work, plan, "", APPLY).await
}

async fn approved(
    tx: &mut Tx,
    mut work: Work,
    plan: &Plan,
    note: &str,
    key: Permission,
) -> Result<()> {
    let to = work.state.step(Action::Approve)?;
    store::set_decided(tx, work.id, to, note).await?;
    tell(tx, &work, Some(work.state), to, "billing.application_approved", note)?;
    work.state = to;
    carry::carry_out(tx, work, plan, key).await
}

/// Tells what happened.
fn tell(
    tx: &mut Tx,
    work: &Work,
    from: Option<State>,
    to: State,
    event: &'static str,
    note: &str,
) -> Result<()> {
    tx.emit(&ApplicationTold {
        id: work.id,
        event,
        matter: work.matter_id,
        org_path: work.org_path.clone(),
        no: work.no.clone(),
        application: work.kind,
        account_id: work.account_id,
        from,
        to,
        note: note.to_owned(),
    })
}
