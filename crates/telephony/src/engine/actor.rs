//! One call's own task: everything that concerns the call passes here, one after the other, so
//! that what the switch is asked to do follows the order of what was decided.

use super::Engine;
use super::apply::{apply, claim};
use super::perform::perform;
use crate::events::{CallEvent, CallPayload};
use crate::model::align::{Actual, LegState, align};
use crate::model::call::{Call, CallState, Direction};
use crate::model::decide::{Gone, Input, arrive, decide};
use crate::store::calls;
use kernel::{CallId, Result, UserId};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};
use switch::{Cause, Snapshot};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::sync::oneshot;

/// How often a step is tried again while the database is away.
const TRIES: u32 = 60;

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
    engine: Arc<Engine>,
    id: CallId,
    actual: Actual,
    known: Option<CallState>,
    moved: Option<Instant>,
    absent: BTreeMap<String, u8>,
}

enum Wanted<'a> {
    Input(Input),
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

    async fn step(&mut self, wanted: &Wanted<'_>) {
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

    async fn align(&mut self, mut call: Call) {
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

    // ---- after a restart, and every few seconds ----

    async fn compare(&mut self, picture: &Snapshot, fresh: bool) {
        let call = match self.engine.load(self.id).await {
            Ok(Some(call)) => call,
            Ok(None) => return self.known = Some(CallState::Ended),
            Err(e) => {
                return tracing::warn!(call.id = %self.id, error = ?e, "a call could not be read");
            }
        };
        self.known = Some(call.state);
        self.actual.see(&call, picture, fresh);
        let differences = self.differences(&call, fresh);
        if differences.is_empty() {
            return self.align(call).await;
        }
        for input in differences {
            tracing::info!(call.id = %self.id, ?input, "the switch differs");
            self.engine.healed();
            self.step(&Wanted::Input(input)).await;
        }
    }

    /// What must have happened unheard, judging by the channels that live.
    fn differences(&mut self, call: &Call, fresh: bool) -> Vec<Input> {
        let mut out = Vec::new();
        let patience = if fresh { 1 } else { 2 };
        let (peer, agent) = (call.peer_channel.as_deref(), call.agent_channel.as_deref());
        self.absent.retain(|leg, _| [peer, agent].contains(&Some(leg)));
        let mut gone = |actual: &Actual, leg: Option<&str>| match leg {
            Some(leg) if !actual.legs.contains_key(leg) => {
                let times = self.absent.entry(leg.to_owned()).or_default();
                *times += 1;
                *times >= patience
            }
            Some(leg) => {
                self.absent.remove(leg);
                false
            }
            None => false,
        };
        if call.state == CallState::Ended {
            return out;
        }
        let undialed = |leg: &Option<String>| {
            fresh && leg.as_ref().is_some_and(|l| !self.actual.dialed.contains(l))
        };
        let rings_first = matches!(call.state, CallState::Ringing) || peer.is_none();
        if gone(&self.actual, peer) {
            out.push(Input::PeerGone(if fresh { Gone::HungUp } else { Gone::Lost }));
        } else if gone(&self.actual, agent) && !(rings_first && undialed(&call.agent_channel)) {
            out.push(Input::AgentGone(Gone::Lost));
        }
        let up = |leg: Option<&str>| {
            let leg = leg.and_then(|l| self.actual.legs.get(l));
            leg.is_some_and(|l| l.state == LegState::Up)
        };
        match call.state {
            CallState::Ringing if up(agent) => out.push(Input::AgentUp),
            CallState::Dialing if peer.is_none() && up(agent) => out.push(Input::AgentUp),
            CallState::Dialing if up(peer) => out.push(Input::PeerUp),
            _ => {}
        }
        out
    }
}

/// What news of a channel mean for the call, by the part that the channel plays in it.
fn meaning(call: &Call, channel: &str, news: News) -> Option<Input> {
    let is = |leg: &Option<String>| leg.as_deref() == Some(channel);
    let (peer, agent) = (is(&call.peer_channel), is(&call.agent_channel));
    match news {
        News::Ringing if agent => Some(Input::AgentRinging),
        News::Up if agent => Some(Input::AgentUp),
        News::Up if peer => Some(Input::PeerUp),
        News::Gone(cause) if agent => Some(Input::AgentGone(how(cause))),
        News::Gone(cause) if peer => Some(Input::PeerGone(how(cause))),
        News::Key(key) if peer => Some(Input::Key(key)),
        News::Played(turn) if peer => Some(Input::Played(turn)),
        News::Held if agent => Some(Input::Hold),
        News::Unheld if agent => Some(Input::Unhold),
        _ => None,
    }
}

fn how(cause: Cause) -> Gone {
    match cause {
        Cause::Normal | Cause::AnsweredElsewhere => Gone::HungUp,
        Cause::Busy => Gone::Busy,
        Cause::NoAnswer => Gone::NoAnswer,
        Cause::Rejected => Gone::Declined,
        Cause::Unallocated | Cause::Unreachable | Cause::Congestion => Gone::Unreachable,
        Cause::Lost | Cause::Other(_) => Gone::Lost,
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

/// Waits longer each time, as the database may be restarting.
struct Backoff {
    tries: u32,
}

impl Backoff {
    fn new() -> Self {
        Self { tries: 0 }
    }

    /// Waits; false when there have been enough tries or the engine stops.
    async fn next(&mut self, engine: &Engine, error: &kernel::Error) -> bool {
        self.tries += 1;
        tracing::warn!(error = ?error, tries = self.tries, "a step of a call failed");
        if self.tries > TRIES {
            return false;
        }
        let pause = Duration::from_millis(u64::from(50 * self.tries.min(20)));
        tokio::select! {
            () = engine.stop.cancelled() => false,
            () = tokio::time::sleep(pause) => true,
        }
    }
}
