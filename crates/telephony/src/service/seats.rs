//! Agents' seats: sign on, be ready, be away, give signs of life.

use crate::TelephonyRule;
use crate::engine::apply::step_seat;
use crate::model::decide::Input;
use crate::model::seat::{SeatAct, SeatState};
use crate::permissions::{ANSWER, SUPERVISE};
use crate::store::{lists, seats};
use crate::views::{Heartbeat, SeatView, Softphone};
use chrono::TimeDelta;
use kernel::{CallId, Error, Result, Tx, UserId};
use uuid::Uuid;

/// What of a seat's change concerns a call.
pub type Effect = Option<(CallId, Input)>;

/// Makes the caller's seat if need be, and a fresh password for the phone of this page. A page
/// that begins anew has lost the leg of a call that rang or was under way; its tab holds the phone
/// from now on.
pub async fn softphone(tx: &mut Tx, realm: &str, tab: Option<Uuid>) -> Result<(Softphone, Effect)> {
    tx.require(ANSWER)?;
    let me = tx.user()?;
    seats::ensure(tx, me).await?;
    let row = own_seat(tx, me).await?;
    let secret = Uuid::new_v4().simple().to_string();
    seats::set_secret(tx, me, &secret).await?;
    seats::set_tab(tx, me, tab).await?;
    let lost = row.call_id;
    let phone = Softphone {
        endpoint: row.endpoint,
        secret,
        ws_url: "/api/telephony/sip".to_owned(),
        realm: realm.to_owned(),
        state: row.state,
    };
    Ok((phone, lost.map(|call| (call, Input::AgentLost))))
}

/// The caller's seat.
pub async fn mine(tx: &mut Tx) -> Result<SeatView> {
    tx.require(ANSWER)?;
    let me = tx.user()?;
    lists::seat(tx, me).await?.ok_or_else(|| TelephonyRule::NoSeat.into())
}

/// The seats within sight: a supervisor's area, or one's colleagues.
pub async fn all(tx: &mut Tx) -> Result<Vec<SeatView>> {
    let mut scope = tx.scope(SUPERVISE).or_else(|_| tx.scope(ANSWER))?;
    scope.own = tx.actor().user;
    lists::seats(tx, &scope).await
}

/// Ready for calls, or away. Ready also ends the time to write up.
pub async fn set_state(tx: &mut Tx, ready: bool, reason: &str) -> Result<SeatView> {
    tx.require(ANSWER)?;
    let me = tx.user()?;
    if reason.chars().count() > 40 {
        let en = "at most 40 characters";
        return Err(Error::invalid("reason", "原因不能超过40个字", en));
    }
    seats::ensure(tx, me).await?;
    let row = own_seat(tx, me).await?;
    let act = if ready { SeatAct::Ready } else { SeatAct::Leave };
    let same = ready && row.state == SeatState::Idle;
    if !same && !step_seat(tx, &row, act, reason, TimeDelta::zero()).await? {
        return Err(TelephonyRule::SeatBusy.into());
    }
    seats::seen(tx, me, None).await?;
    mine(tx).await
}

/// Ends the time to write up.
pub async fn wrapped_up(tx: &mut Tx) -> Result<SeatView> {
    tx.require(ANSWER)?;
    let me = tx.user()?;
    let row = own_seat(tx, me).await?;
    if row.state == SeatState::WrapUp {
        step_seat(tx, &row, SeatAct::Ready, "", TimeDelta::zero()).await?;
    }
    mine(tx).await
}

/// A sign of life of the softphone in `tab`.
pub async fn heartbeat(tx: &mut Tx, registered: bool, tab: Uuid) -> Result<(Heartbeat, Effect)> {
    tx.require(ANSWER)?;
    let me = tx.user()?;
    let row = own_seat(tx, me).await?;
    let leads = row.tab.is_none_or(|t| t == tab);
    let mut effect = None;
    if leads && registered {
        seats::seen(tx, me, Some(tab)).await?;
        let back = row.call_id.filter(|_| row.state == SeatState::Talking);
        effect = back.map(|call| (call, Input::AgentBack));
    }
    let act = match row.state {
        SeatState::Offline if leads && registered => Some((SeatAct::SignOn, "signed_on")),
        SeatState::Unreachable if leads && registered => Some((SeatAct::Return, "")),
        SeatState::Idle if leads && !registered => Some((SeatAct::Lose, "not_registered")),
        _ => None,
    };
    if let Some((act, reason)) = act {
        step_seat(tx, &row, act, reason, TimeDelta::zero()).await?;
    }
    let seat = mine(tx).await?;
    Ok((Heartbeat { seat, leads }, effect))
}

async fn own_seat(tx: &mut Tx, me: UserId) -> Result<seats::SeatRow> {
    seats::lock(tx, me).await?.ok_or_else(|| TelephonyRule::NoSeat.into())
}
