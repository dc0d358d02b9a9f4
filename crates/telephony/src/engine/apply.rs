//! Writes a decision: the call, the seats, the offers, the recording, and what is told. All in
//! the caller's transaction, in which the call is locked already.

use crate::events::{CallEvent, CallPayload, SeatChanged};
use crate::model::call::{Call, CallState, OfferResult};
use crate::model::decide::{Decision, Happened, SeatMove};
use crate::model::seat::{SeatAct, SeatState};
use crate::store::{calls, recordings, seats, setup};
use chrono::TimeDelta;
use kernel::{CallId, Result, Tx, UserId};

/// Writes what follows from a decision about `before`.
pub async fn apply(tx: &mut Tx, before: &Call, decision: &Decision) -> Result<()> {
    let call = &decision.call;
    if call != before {
        calls::save(tx, call).await?;
    }
    for seat in &decision.seats {
        move_seat(tx, seat, call.id).await?;
    }
    for happened in &decision.told {
        tell(tx, call, happened).await?;
    }
    Ok(())
}

/// Claims an agent for a call; false when somebody else was faster.
pub async fn claim(tx: &mut Tx, agent: UserId, call: CallId, from: &[&str]) -> Result<bool> {
    let Some((was, path)) = seats::claim(tx, agent, call, from).await? else { return Ok(false) };
    let (to, reason) = (SeatState::Reserved, String::new());
    tx.emit(&SeatChanged { agent, path, from: was, to, reason })?;
    Ok(true)
}

/// Takes a step of a seat that this call holds; a step that does not exist is not taken.
async fn move_seat(tx: &mut Tx, seat: &SeatMove, call: CallId) -> Result<()> {
    let Some(row) = seats::lock(tx, seat.agent).await? else { return Ok(()) };
    if row.call_id != Some(call) {
        return Ok(());
    }
    let wrap_up = TimeDelta::seconds(i64::from(seat.wrap_up_s));
    step_seat(tx, &row, seat.act, seat.reason, wrap_up).await.map(drop)
}

/// Takes a step of a locked seat; false when that step does not exist.
pub async fn step_seat(
    tx: &mut Tx,
    row: &seats::SeatRow,
    act: SeatAct,
    reason: &str,
    wrap_up: TimeDelta,
) -> Result<bool> {
    let Some(to) = row.state.step(act) else { return Ok(false) };
    let wrap_until = (to == SeatState::WrapUp).then(|| tx.now() + wrap_up);
    let call_id = row.call_id.filter(|_| to.on_call());
    let change = seats::SeatChange { staff_id: row.staff_id, to, reason, call_id, wrap_until };
    seats::set(tx, &change).await?;
    tx.emit(&SeatChanged {
        agent: row.staff_id,
        path: row.org_path.clone(),
        from: row.state,
        to,
        reason: reason.to_owned(),
    })?;
    Ok(true)
}

async fn tell(tx: &mut Tx, call: &Call, happened: &Happened) -> Result<()> {
    let agent = call.agent_id;
    let (kind, what) = match happened {
        Happened::MenuChosen { key, node } => {
            ("telephony.menu_chosen", CallPayload::Menu { key: *key, node: node.clone() })
        }
        Happened::Queued => ("telephony.queued", CallPayload::Queued { queue_id: call.queue_id }),
        Happened::Offered(agent) => {
            calls::open_offer(tx, call, *agent).await?;
            if let Some(queue) = call.queue_id {
                setup::set_last_rung(tx, queue, *agent).await?;
            }
            ("telephony.offered", CallPayload::Agent { agent: *agent })
        }
        Happened::OfferEnded(agent, result) => {
            close_offer(tx, call, *result).await?;
            ("telephony.offer_ended", CallPayload::Offer { agent: *agent, result: *result })
        }
        Happened::Answered => {
            recordings::begin(tx, call.id).await?;
            ("telephony.answered", CallPayload::By { agent })
        }
        Happened::Held => ("telephony.held", CallPayload::By { agent }),
        Happened::Unheld => ("telephony.unheld", CallPayload::By { agent }),
        Happened::Transferred => ("telephony.transferred", CallPayload::By { agent }),
        Happened::AgentLost => ("telephony.agent_lost", CallPayload::By { agent }),
        Happened::Ended => ("telephony.ended", ended(call)),
    };
    tx.emit(&CallEvent::new(kind, call, what))
}

async fn close_offer(tx: &mut Tx, call: &Call, result: OfferResult) -> Result<()> {
    calls::close_offer(tx, call.id, result).await
}

fn ended(call: &Call) -> CallPayload {
    debug_assert_eq!(call.state, CallState::Ended);
    CallPayload::Ended {
        outcome: call.outcome,
        hung_up_by: call.hung_up_by,
        seconds: call.seconds(),
        agent: call.agent_id,
        purpose: call.purpose.clone(),
    }
}
