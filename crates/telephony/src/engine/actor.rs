//! One call's own task: everything that concerns the call passes here, one after the other, so
//! that what the switch is asked to do follows the order of what was decided.

use super::Engine;
use super::apply::{apply, claim};
use super::news::{Backoff, meaning};
use super::perform::perform;
use crate::events::{CallEvent, CallPayload};
use crate::model::align::{Actual, LegState, align};
use crate::model::call::{Call, CallState, Direction};
use crate::model::decide::{Input, arrive, decide};
use crate::store::calls;
use kernel::{CallId, Result, UserId};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;
use switch::{Cause, Snapshot};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

/// What reaches a call's task.
#[derive(Debug)]
pub enum Msg {
    /// The call begins: somebody calls.
    Incoming {
        /// The caller's channel.
        channel: String,
        /// Who calls.
        number: String,
        /// Whom.
        called: String,
    },
    /// The switch tells something about one of its channels.
    News(String, News),
    /// Something happened that is not the switch's news.
    Input(Input),
    /// A free agent was found; answers whether the offer stands.
    Offer(UserId, oneshot::Sender<bool>),
    /// The row was changed elsewhere: look at it.
    Touch,
    /// What lives in the switch now.
    Compare {
        /// The picture.
        picture: Arc<Snapshot>,
        /// When it was asked for.
        asked: Instant,
        /// Whether nothing is known yet: after a restart of either side.
        fresh: bool,
    },
}

/// What happened to a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum News {
    /// It rings at the other end.
    Ringing,
    /// It was picked up.
    Up,
    /// It ended.
    Gone(Cause),
    /// A key.
    Key(char),
    /// A turn was said.
    Played(i32),
    /// That side put the other on hold.
    Held,
    /// That side took the other back.
    Unheld,
}

/// The task's own memory; all of it can be made again.
pub struct Actor {
    pub(super) engine: Arc<Engine>,
    pub(super) id: CallId,
    pub(super) actual: Actual,
    pub(super) known: Option<CallState>,
    moved: Option<Instant>,
    pub(super) absent: BTreeMap<String, u8>,
}

/// What a step is made of.
pub(super) enum Wanted<'a> {
    /// An input.
    Input(Input),
    /// News of a channel, whose part in the call is seen only under the row's lock.
    News(&'a str, News),
}

impl Actor {
    /// A task for that call.
    pub fn new(engine: Arc<Engine>, id: CallId) -> Self {
        let actual = Actual::default();
        Self { engine, id, actual, known: None, moved: None, absent: BTreeMap::new() }
    }

    /// Lives until the call is over and nothing of it is left in the switch.
    pub async fn run(mut self, mut inbox: UnboundedReceiver<Msg>) {
        let stop = self.engine.stop.clone();
        loop {
            let next = tokio::select! {
                biased;
                () = stop.cancelled() => break,
                msg = inbox.recv() => msg,
            };
            let Some(msg) = next else { break };
            self.take(msg).await;
            let over = self.known == Some(CallState::Ended) && self.actual.legs.is_empty();
            if over && !self.actual.room && self.engine.retire(self.id, &mut inbox) {
                break;
            }
        }
    }

    async fn take(&mut self, msg: Msg) {
        match msg {
            Msg::Incoming { channel, number, called } => {
                self.arrive(&channel, &number, &called).await;
            }
            Msg::News(channel, news) => self.news(&channel, news).await,
            Msg::Input(input) => self.step(&Wanted::Input(input)).await,
            Msg::Offer(agent, answer) => {
                let stands = self.offer(agent).await;
                // The pairing may have been stopped meanwhile.
                let _ = answer.send(stands);
            }
            Msg::Touch => self.look().await,
            Msg::Compare { picture, asked, fresh } => {
                // A picture that is older than the last move would undo it.
                if self.moved.is_none_or(|moved| moved < asked) {
                    self.compare(&picture, fresh).await;
                }
            }
        }
    }

    // ---- news of the switch ----

    async fn news(&mut self, channel: &str, news: News) {
        self.moved = Some(Instant::now());
        match news {
            News::Ringing => self.actual.leg_is(channel, LegState::Ringing),
            News::Up => self.actual.leg_is(channel, LegState::Up),
            News::Gone(_) => drop(self.actual.legs.remove(channel)),
            News::Played(turn) => {
                self.actual.saying.take_if(|t| *t == turn);
                // Only in the menu does something follow from it.
                if matches!(self.known, Some(s) if s != CallState::Ivr) {
                    return;
                }
            }
            News::Key(_) if matches!(self.known, Some(s) if s != CallState::Ivr) => return,
            News::Key(_) | News::Held | News::Unheld => {}
        }
        self.step(&Wanted::News(channel, news)).await;
    }

    // ---- steps ----

    async fn arrive(&mut self, channel: &str, number: &str, called: &str) {
        self.actual.caller(channel);
        let mut wait = Backoff::new();
        loop {
            match self.try_arrive(channel, number, called).await {
                Ok(Some(call)) => return self.align(call).await,
                Ok(None) => {
                    // The channel has a call already, one that ended.
                    self.known = Some(CallState::Ended);
                    self.engine.hang_up_stray(channel).await;
                    self.actual.legs.clear();
                    return;
                }
                Err(e) if wait.next(&self.engine, &e).await => {}
                Err(_) => return,
            }
        }
    }

    async fn try_arrive(
        &mut self,
        channel: &str,
        number: &str,
        called: &str,
    ) -> Result<Option<Call>> {
        let config = self.engine.config();
        let mut tx = self.engine.begin().await?;
        let now = tx.now();
        let mut call = Call::new(self.id, tx.new_id(), Direction::In, now);
        call.peer_number = directory::normalise_phone(number).unwrap_or_default();
        call.service_number = called.to_owned();
        call.peer_channel = Some(channel.to_owned());
        call.org_path.clone_from(&config.root);
        (call.flow, call.flow_version) = config.flow_of(called).unzip();
        if !call.peer_number.is_empty() {
            call.account_id = calls::household(&mut tx, &call.peer_number).await?;
        }
        let decision = arrive(call, &*config, now);
        if !calls::insert(&mut tx, &decision.call).await? {
            return Ok(None);
        }
        tx.emit(&CallEvent::new(
            "telephony.call_arrived",
            &decision.call,
            arrived(&decision.call),
        ))?;
        apply(&mut tx, &decision.call, &decision).await?;
        tx.commit().await?;
        self.waits(&decision.call);
        Ok(Some(decision.call))
    }

    pub(super) async fn step(&mut self, wanted: &Wanted<'_>) {
        let mut wait = Backoff::new();
        loop {
            match self.try_step(wanted).await {
                Ok(Some((call, freed))) => {
                    self.align(call).await;
                    // Only now: the phone of the last call is silent before the next one rings it.
                    if freed {
                        self.engine.pair.notify_one();
                    }
                    return;
                }
                Ok(None) => return self.known = Some(CallState::Ended),
                Err(e) if wait.next(&self.engine, &e).await => {}
                Err(_) => return,
            }
        }
    }

    /// One step on the locked row; the call as it is then, and whether a seat moved.
    async fn try_step(&mut self, wanted: &Wanted<'_>) -> Result<Option<(Call, bool)>> {
        let mut tx = self.engine.begin().await?;
        let Some(call) = calls::lock(&mut tx, self.id).await? else { return Ok(None) };
        let input = match wanted {
            Wanted::Input(input) => Some(input.clone()),
            Wanted::News(channel, news) => meaning(&call, channel, *news),
        };
        let config = self.engine.config_for(&call).await?;
        let decision = input.and_then(|i| decide(&call, &i, &*config, tx.now()));
        let Some(decision) = decision else { return Ok(Some((call, false))) };
        apply(&mut tx, &call, &decision).await?;
        tx.commit().await?;
        self.waits(&decision.call);
        Ok(Some((decision.call, !decision.seats.is_empty())))
    }

    async fn offer(&mut self, agent: UserId) -> bool {
        match self.try_offer(agent).await {
            Ok(Some(call)) => {
                self.align(call).await;
                true
            }
            Ok(None) => false,
            Err(e) => {
                tracing::warn!(call.id = %self.id, error = ?e, "an offer failed");
                false
            }
        }
    }

    async fn try_offer(&mut self, agent: UserId) -> Result<Option<Call>> {
        let mut tx = self.engine.begin().await?;
        let Some(call) = calls::lock(&mut tx, self.id).await? else { return Ok(None) };
        let config = self.engine.config();
        let Some(decision) = decide(&call, &Input::Offer(agent), &*config, tx.now()) else {
            return Ok(None);
        };
        if !claim(&mut tx, agent, call.id, &["idle"]).await? {
            return Ok(None);
        }
        apply(&mut tx, &call, &decision).await?;
        tx.commit().await?;
        Ok(Some(decision.call))
    }

    async fn look(&mut self) {
        match self.engine.load(self.id).await {
            Ok(Some(call)) => self.align(call).await,
            Ok(None) => self.known = Some(CallState::Ended),
            Err(e) => tracing::warn!(call.id = %self.id, error = ?e, "a call could not be read"),
        }
    }

    /// A caller who waits may be served at once.
    fn waits(&self, call: &Call) {
        if call.state == CallState::Queued {
            self.engine.pair.notify_one();
        }
    }

    // ---- the switch follows ----

    pub(super) async fn align(&mut self, mut call: Call) {
        // A command that finds its telephone unreachable is news for the call; it ends.
        for _ in 0..4 {
            self.known = Some(call.state);
            let mut failed = None;
            for command in align(&call, &self.actual) {
                self.moved = Some(Instant::now());
                if let Some(input) = perform(&self.engine, &call, &command, &mut self.actual).await
                {
                    failed = Some(input);
                    break;
                }
            }
            let Some(input) = failed else { return };
            match self.try_step(&Wanted::Input(input)).await {
                Ok(Some((next, freed))) => {
                    call = next;
                    if freed {
                        self.engine.pair.notify_one();
                    }
                }
                Ok(None) => return,
                Err(e) => {
                    tracing::warn!(call.id = %self.id, error = ?e, "a failure was not noted");
                    return;
                }
            }
        }
    }
}

/// The payload of a call's first event.
pub fn arrived(call: &Call) -> CallPayload {
    CallPayload::Arrived {
        direction: call.direction,
        number: directory::mask_phone(&call.peer_number),
        service_number: call.service_number.clone(),
        account_id: call.account_id,
        purpose: call.purpose.clone(),
    }
}
