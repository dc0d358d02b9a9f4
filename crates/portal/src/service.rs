//! What the holder of a link can do. The link was checked before: it stands for the permission.

pub(crate) mod stop;

use crate::model::{CHASE_EVERY, PortalRule, Progress, Repairer, Step, mask_address};
use crate::store::{self, Known};
use kernel::{Error, OrderId, Result, Tx};
use orders::State;

/// How the order stands, masked.
pub async fn progress(tx: &mut Tx, id: OrderId) -> Result<Progress> {
    let known = store::find(tx, id).await?;
    let pressed = store::chased_within(tx, id, CHASE_EVERY).await?;
    let notices = match known.account_id {
        Some(account) => notices::concerns(tx, account).await?,
        None => Vec::new(),
    };
    Ok(Progress {
        steps: steps(&known),
        repairer: repairer(&known),
        address_masked: mask_address(&known.address),
        can_chase: can_chase(known.state) && !pressed,
        can_rate: false,
        no: known.no,
        kind_name: known.kind_name,
        state: known.state,
        appointment_from: known.appointment_from,
        appointment_to: known.appointment_to,
        arrive_due: known.arrive_due,
        satisfaction: known.satisfaction,
        notices,
    })
}

/// The customer presses for his order; once in a while that counts.
pub async fn chase(tx: &mut Tx, id: OrderId, note: &str) -> Result<Progress> {
    if note.chars().count() > 500 {
        return Err(Error::invalid("note", "留言请控制在 500 字以内", "at most 500 characters"));
    }
    store::lock(tx, id).await?;
    if store::chased_within(tx, id, CHASE_EVERY).await? {
        return Err(PortalRule::ChasedAlready.into());
    }
    orders::chase_by_customer(tx, id, note).await?;
    let after = progress(tx, id).await?;
    // The event that says so is written with the commit.
    Ok(Progress { can_chase: false, ..after })
}

fn can_chase(state: State) -> bool {
    state == State::Filed || state.is_in_hand()
}

fn steps(known: &Known) -> Vec<Step> {
    let step = |key, at| Step { key, at };
    let mut steps = vec![step("filed", Some(known.opened_at))];
    if known.needs_visit {
        steps.extend([
            step("dispatched", known.dispatched_at),
            step("accepted", known.accepted_at),
            step("en_route", known.set_out_at),
            step("on_site", known.arrived_at),
        ]);
    }
    steps.extend([step("finished", known.finished_at), step("closed", known.closed_at)]);
    steps
}

/// Who comes, or came.
fn repairer(known: &Known) -> Option<Repairer> {
    known.repairer_name.as_ref().map(|name| Repairer {
        name: name.clone(),
        phone_masked: directory::mask_phone(known.repairer_phone.as_deref().unwrap_or_default()),
        job_no: known.repairer_job_no.clone(),
    })
}
