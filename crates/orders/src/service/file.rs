//! Filing: what is promised, what is open already, and the order itself.

use crate::event::{What, tell};
use crate::store::{self, Place};
use crate::{CallReason, Limits, NewOrder, Order, Policy, Preview, State, WorkOrder, permissions};
use chrono::{DateTime, Utc};
use kernel::{Error, MatterId, OrderId, Result, Tx, clock};

/// Longest text that a form field may carry, in characters.
const LONGEST: usize = 2000;

/// Writes a request down. With `answer`, a kind that needs no visit is settled at once.
pub async fn create(tx: &mut Tx, mut new: NewOrder) -> Result<Order> {
    let scope = tx.scope(permissions::CREATE)?;
    tidy(&mut new, tx.now())?;
    let (policy, place) = facts(tx, &new).await?;
    if !scope.covers(&place.org_path) {
        return Err(Error::NotFound("account"));
    }
    let order = draft(tx, &new, policy, &place).await?;

    store::insert(tx, &order, &new, &place).await?;
    if let Some(call) = new.call_id {
        store::link_call(tx, order.id, call, CallReason::Filing).await?;
    }
    tell(tx, &order, order.state, &filed(&order, &new, &place))?;
    let id = order.id;
    if let Some(words) = new.answer {
        super::judge::answered(tx, order, &words).await?;
    }
    super::read::shown(tx, id).await
}

/// What filing would promise, and what is open nearby: doubles are seen before they are made.
pub async fn preview(tx: &mut Tx, mut new: NewOrder) -> Result<Preview> {
    let scope = tx.scope(permissions::CREATE)?;
    tidy(&mut new, tx.now())?;
    let (policy, place) = facts(tx, &new).await?;
    if !scope.covers(&place.org_path) {
        return Err(Error::NotFound("account"));
    }
    let mut preview = Preview::new(promised(&new, &policy, tx.now()));
    if let Some(account) = new.account_id {
        preview.same_household = super::open_of_household(tx, account).await?;
        preview.same_unit = super::same_unit(tx, account).await?;
        preview.same_riser = super::same_riser(tx, account).await?;
    }
    Ok(preview)
}

fn tidy(new: &mut NewOrder, now: DateTime<Utc>) -> Result<()> {
    let mut faults = Vec::new();
    let mut wrong = |field: &str, zh: &str, en: &str| {
        let (field, zh, en) = (field.to_owned(), zh.to_owned(), en.to_owned());
        faults.push(kernel::error::Fault { field, zh, en });
    };
    if let Some(number) = directory::normalise_phone(&new.contact_phone) {
        new.contact_phone = number;
    } else {
        wrong("contact_phone", "联系电话应为 3 到 20 位数字", "a phone number has 3 to 20 digits");
    }
    if new.contact_name.trim().is_empty() {
        wrong("contact_name", "请填写联系人", "whom to ask for?");
    }
    let address = new.address.as_deref().unwrap_or_default().trim();
    if new.account_id.is_none() && address.is_empty() {
        wrong("address", "请选择用热户或填写地址", "an account or an address is needed");
    }
    let texts = [&new.contact_name, &new.description];
    if texts.iter().any(|t| t.chars().count() > LONGEST) || address.chars().count() > LONGEST {
        wrong("description", "文字过长", "the text is too long");
    }
    match (new.appointment_from, new.appointment_to) {
        (None, None) => {}
        (Some(from), Some(to)) if from < to && to > now => {}
        _ => wrong(
            "appointment_to",
            "预约须有开始和结束，结束须晚于开始和现在",
            "an appointment has a start and a later end that is still to come",
        ),
    }
    if new.finish_due.is_some_and(|due| due <= now) {
        wrong("finish_due", "完成时间须晚于现在", "must be still to come");
    }
    if faults.is_empty() { Ok(()) } else { Err(Error::Invalid(faults)) }
}

async fn facts(tx: &mut Tx, new: &NewOrder) -> Result<(Policy, Place)> {
    let policy = store::policy(tx, &new.kind, new.account_id).await?;
    if let Some(symptom) = &new.symptom {
        store::check_symptom(tx, &new.kind, symptom, new.account_id).await?;
    }
    let address = new.address.as_deref().unwrap_or_default().trim();
    let Some(account) = new.account_id else {
        return Ok((policy, store::place_at(tx, address, new.org_id).await?));
    };
    let mut place = store::place_of(tx, account).await?;
    if let Some(org) = new.org_id {
        let other = store::place_at(tx, "", Some(org)).await?;
        (place.org_id, place.org_path) = (other.org_id, other.org_path);
    }
    if !address.is_empty() {
        address.clone_into(&mut place.address);
    }
    Ok((policy, place))
}

fn promised(new: &NewOrder, policy: &Policy, now: DateTime<Utc>) -> Limits {
    let limits = policy.limits(new.urgency, now, new.appointment_to);
    new.finish_due.map_or(limits, |due| limits.finish_by(due))
}

async fn draft(tx: &mut Tx, new: &NewOrder, policy: Policy, place: &Place) -> Result<WorkOrder> {
    let now = tx.now();
    let matter = match new.call_id {
        Some(call) => store::matter_of_call(tx, call).await?,
        None => None,
    };
    let day = clock::local_date(now).format("%Y%m%d");
    let no = format!("GD{day}-{:04}", store::next_number(tx).await?);
    let limits = promised(new, &policy, now);
    let mut order = WorkOrder {
        id: tx.new_id::<OrderId>(),
        no,
        matter_id: matter.unwrap_or_else(|| tx.new_id::<MatterId>()),
        kind: new.kind.clone(),
        policy,
        urgency: new.urgency,
        state: State::Filed,
        round: 1,
        account_id: new.account_id,
        contact_phone: new.contact_phone.clone(),
        org_id: place.org_id,
        org_path: place.org_path.clone(),
        assignee_id: None,
        supervisor_id: None,
        appointment_from: new.appointment_from,
        appointment_to: new.appointment_to,
        accept_due: limits.accept,
        arrive_due: limits.arrive,
        finish_due: limits.finish,
        revisit_due: None,
        next_due: None,
        warn_at: None,
        chases: 0,
        cause: None,
        resolution: String::new(),
        satisfaction: None,
        opened_at: now,
        dispatched_at: None,
        accepted_at: None,
        set_out_at: None,
        arrived_at: None,
        finished_at: None,
        closed_at: None,
        version: 1,
    };
    order.set_limits(limits, now);
    Ok(order)
}

fn filed(order: &WorkOrder, new: &NewOrder, place: &Place) -> What {
    What::Filed {
        kind: new.kind.clone(),
        symptom: new.symptom.clone(),
        urgency: new.urgency,
        origin: new.channel,
        address: place.address.clone(),
        description: new.description.clone(),
        call_id: new.call_id,
        accept_due: order.accept_due,
        arrive_due: order.arrive_due,
        finish_due: order.finish_due,
    }
}
