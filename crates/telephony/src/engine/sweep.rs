//! What falls due by itself: unanswered rings, silent menus, the end of writing up, phones that
//! give no sign of life.

use super::Engine;
use super::apply::step_seat;
use super::pairing::SILENCE;
use crate::model::decide::Input;
use crate::model::seat::{SeatAct, SeatState};
use crate::store::{calls, seats};
use chrono::TimeDelta;
use kernel::{Result, UserId};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::mpsc::UnboundedReceiver;

/// How late a timer may be.
const BEAT: Duration = Duration::from_millis(250);
/// A phone that has been silent for so long belongs to nobody at work.
const LONG_SILENCE: TimeDelta = TimeDelta::minutes(5);

pub(super) async fn run(engine: Arc<Engine>) {
    // Agents whose page could not reach us while we were away are not lost.
    let began = engine.app.clock.now();
    let mut beat = tokio::time::interval(BEAT);
    beat.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
    for round in 0_u64.. {
        beat.tick().await;
        let awake = round % 4 == 0 && engine.app.clock.now() - began > SILENCE;
        if let Err(e) = sweep(&engine, awake).await {
            tracing::warn!(error = ?e, "a sweep failed");
        }
    }
}

async fn sweep(engine: &Arc<Engine>, awake: bool) -> Result<()> {
    let now = engine.app.clock.now();
    for call in calls::due(&engine.app, now).await? {
        engine.tell(call, Input::Due);
    }
    for agent in seats::wrapped_up(&engine.app, now).await? {
        act(engine, agent, SeatAct::Finish, "", |s| s == SeatState::WrapUp).await?;
    }
    if awake {
        let late = seats::silent(&engine.app, now - SILENCE, &["idle"]).await?;
        for agent in late {
            let idle = |s| s == SeatState::Idle;
            act(engine, agent, SeatAct::Lose, "phone_silent", idle).await?;
        }
        let gone = seats::silent(&engine.app, now - LONG_SILENCE, &["away", "unreachable"]).await?;
        for agent in gone {
            act(engine, agent, SeatAct::SignOff, "phone_silent", |_| true).await?;
        }
    }
    Ok(())
}

/// Takes a step of a seat if it is, under its lock, still as it was found.
async fn act(
    engine: &Arc<Engine>,
    agent: UserId,
    act: SeatAct,
    reason: &str,
    still: impl Fn(SeatState) -> bool,
) -> Result<()> {
    let mut tx = engine.begin().await?;
    let Some(row) = seats::lock(&mut tx, agent).await? else { return Ok(()) };
    let seen_again = act == SeatAct::Lose && row.seen_at.is_some_and(|s| s > tx.now() - SILENCE);
    if !still(row.state) || seen_again {
        return Ok(());
    }
    if step_seat(&mut tx, &row, act, reason, TimeDelta::zero()).await? {
        tx.commit().await?;
        engine.pair.notify_one();
    }
    Ok(())
}

impl Engine {
    /// Follows the phones' registrations, in their order.
    pub(super) async fn follow_phones(
        self: Arc<Self>,
        mut news: UnboundedReceiver<(String, bool)>,
    ) {
        while let Some((endpoint, online)) = news.recv().await {
            if let Err(e) = self.phone(&endpoint, online).await {
                tracing::warn!(error = ?e, "a registration was not noted");
            }
        }
    }

    async fn phone(self: &Arc<Self>, endpoint: &str, online: bool) -> Result<()> {
        let Some(agent) = seats::by_endpoint(&self.app, endpoint).await? else { return Ok(()) };
        let mut tx = self.begin().await?;
        let Some(row) = seats::lock(&mut tx, agent).await? else { return Ok(()) };
        let call = row.call_id.filter(|_| online && row.state == SeatState::Talking);
        if online {
            seats::seen(&mut tx, agent, None).await?;
        }
        let step = if online { SeatAct::Return } else { SeatAct::Lose };
        let fits = match row.state {
            SeatState::Idle => !online,
            SeatState::Unreachable => online,
            _ => false,
        };
        if fits {
            step_seat(&mut tx, &row, step, "registration", TimeDelta::zero()).await?;
        }
        tx.commit().await?;
        if let Some(call) = call {
            self.tell(call, Input::AgentBack);
        }
        self.pair.notify_one();
        Ok(())
    }
}
