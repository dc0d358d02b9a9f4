//! What happens to a call: a pure function of what is known, what came in, and the time.

use super::call::{Call, CallState, Direction, OfferResult, Outcome, Party};
use super::flow::{Graph, Heard, Next, Node};
use super::seat::SeatAct;
use chrono::{DateTime, TimeDelta, Utc};
use kernel::{QueueId, UserId};

/// How long a customer listens to music while the agent's page comes back.
pub const RELOAD_GRACE: TimeDelta = TimeDelta::seconds(15);
/// How long an agent's own phone may ring for a click to call.
pub const OWN_RING: TimeDelta = TimeDelta::seconds(30);
/// How long a customer's phone may ring.
pub const PEER_RING: TimeDelta = TimeDelta::seconds(60);
/// Longer than any prompt: after that its end is taken for lost.
const PROMPT_LIMIT: TimeDelta = TimeDelta::seconds(120);
/// Seconds to write up a call that came through no queue.
pub const OUTBOUND_WRAP_UP_S: i32 = 30;

/// How an agent's or a customer's leg ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gone {
    /// Somebody put the phone down.
    HungUp,
    /// Nobody answered.
    NoAnswer,
    /// The phone is busy.
    Busy,
    /// The call was declined.
    Declined,
    /// The phone cannot be reached.
    Unreachable,
    /// It broke: a page was reloaded, a network failed, the switch died.
    Lost,
}

/// What can happen to a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// Everything of that turn was said.
    Played(i32),
    /// The caller pressed a key.
    Key(char),
    /// The time in `due_at` has come.
    Due,
    /// A free agent was found and is claimed.
    Offer(UserId),
    /// The agent's phone rings.
    AgentRinging,
    /// The agent's phone was picked up.
    AgentUp,
    /// The agent's leg ended.
    AgentGone(Gone),
    /// The agent's page is gone or reloads; the leg is worth nothing.
    AgentLost,
    /// The agent's phone is registered again.
    AgentBack,
    /// The customer's phone was picked up.
    PeerUp,
    /// The outside party's leg ended.
    PeerGone(Gone),
    /// The agent puts the other side on hold.
    Hold,
    /// The agent takes it back.
    Unhold,
    /// The agent ends it.
    HangUp,
    /// The agent hands the caller to a queue.
    ToQueue(QueueId),
    /// The agent hands the caller to a colleague, who is claimed.
    ToAgent(UserId, QueueId),
}

/// The settings of the queue that a call is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueueRule {
    /// Seconds that one agent is rung.
    pub ring_s: i32,
    /// Seconds to write up.
    pub wrap_up_s: i32,
    /// Seconds between comforting announcements.
    pub comfort_s: i32,
}

/// What a decision leans on beside the call itself.
pub trait World {
    /// The graph that the call walks.
    fn graph(&self, call: &Call) -> Option<&Graph>;
    /// The queue of that key.
    fn queue_by_key(&self, key: &str) -> Option<QueueId>;
    /// The rules of a queue.
    fn queue(&self, id: QueueId) -> Option<QueueRule>;
}

/// A step of somebody's seat that follows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SeatMove {
    /// Whose.
    pub agent: UserId,
    /// What happens to it.
    pub act: SeatAct,
    /// Why, for people.
    pub reason: &'static str,
    /// How long to write up, for [`SeatAct::WrapUp`].
    pub wrap_up_s: i32,
}

/// Something to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happened {
    /// A key led somewhere.
    MenuChosen {
        /// Which key.
        key: char,
        /// To which node.
        node: String,
    },
    /// It waits in a queue.
    Queued,
    /// An agent is about to be rung.
    Offered(UserId),
    /// That offer is over.
    OfferEnded(UserId, OfferResult),
    /// Two people are connected.
    Answered,
    /// On hold.
    Held,
    /// Back from hold.
    Unheld,
    /// Handed on.
    Transferred,
    /// The agent's phone dropped out; the customer listens to music.
    AgentLost,
    /// Over.
    Ended,
}

/// What follows from an input.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// The call as it is now.
    pub call: Call,
    /// Steps of seats, in order.
    pub seats: Vec<SeatMove>,
    /// What to tell, in order.
    pub told: Vec<Happened>,
}

/// Where a new inbound call goes first.
pub fn arrive(call: Call, world: &dyn World, now: DateTime<Utc>) -> Decision {
    let mut step = Step::new(call, world, now);
    match world.graph(&step.call).map(|g| g.start.clone()) {
        Some(start) => step.enter(start),
        None => step.end(Outcome::Failed, Party::System),
    }
    step.out
}

/// What `input` does to `call`; none when it comes too late or means nothing here.
pub fn decide(
    call: &Call,
    input: &Input,
    world: &dyn World,
    now: DateTime<Utc>,
) -> Option<Decision> {
    if call.state == CallState::Ended {
        return None;
    }
    let mut step = Step::new(call.clone(), world, now);
    match input {
        Input::Played(turn) if *turn == call.turn => step.heard(Heard::Played),
        Input::Played(_) => {}
        Input::Key(key) => step.key(*key),
        Input::Due => step.due(),
        Input::Offer(agent) => step.offer(*agent),
        Input::AgentRinging => step.agent_ringing(),
        Input::AgentUp => step.agent_up(),
        Input::AgentGone(how) => step.agent_gone(*how),
        Input::AgentLost => step.agent_lost(),
        Input::AgentBack => step.agent_back(),
        Input::PeerUp => step.peer_up(),
        Input::PeerGone(how) => step.peer_gone(*how),
        Input::Hold => step.hold(CallState::Talking, CallState::Held, Happened::Held),
        Input::Unhold => step.hold(CallState::Held, CallState::Talking, Happened::Unheld),
        Input::HangUp => step.hang_up(),
        Input::ToQueue(queue) => step.hand_to_queue(*queue),
        Input::ToAgent(agent, queue) => step.hand_to_agent(*agent, *queue),
    }
    let out = step.out;
    (out.call != *call || !out.seats.is_empty()).then_some(out)
}

struct Step<'a> {
    out: Decision,
    world: &'a dyn World,
    now: DateTime<Utc>,
}

impl std::ops::Deref for Step<'_> {
    type Target = Decision;
    fn deref(&self) -> &Decision {
        &self.out
    }
}

impl std::ops::DerefMut for Step<'_> {
    fn deref_mut(&mut self) -> &mut Decision {
        &mut self.out
    }
}

fn seconds(s: i32) -> TimeDelta {
    TimeDelta::seconds(i64::from(s))
}

impl<'a> Step<'a> {
    fn new(call: Call, world: &'a dyn World, now: DateTime<Utc>) -> Self {
        Self { out: Decision { call, seats: Vec::new(), told: Vec::new() }, world, now }
    }

    fn tell(&mut self, what: Happened) {
        self.told.push(what);
    }

    fn seat(&mut self, act: SeatAct, reason: &'static str) {
        let Some(agent) = self.call.agent_id else { return };
        let wrap_up_s = self.rule().map_or(OUTBOUND_WRAP_UP_S, |q| q.wrap_up_s);
        let act = if act == SeatAct::WrapUp && wrap_up_s == 0 { SeatAct::Finish } else { act };
        self.seats.push(SeatMove { agent, act, reason, wrap_up_s });
    }

    fn rule(&self) -> Option<QueueRule> {
        self.call.queue_id.and_then(|q| self.world.queue(q))
    }

    fn due_in(&mut self, span: TimeDelta) {
        self.call.due_at = Some(self.now + span);
    }

    fn say(&mut self, prompts: &[String]) {
        self.call.prompts = prompts.to_vec();
        self.call.turn += 1;
    }

    // ---- the voice menu ----

    fn node(&self) -> Option<Node> {
        let name = self.call.node.as_ref()?;
        self.world.graph(&self.call)?.nodes.get(name).cloned()
    }

    fn enter(&mut self, mut name: String) {
        // A published graph has no loop of silent nodes; the bound guards against any other.
        for _ in 0..100 {
            self.call.node = Some(name.clone());
            self.call.tries = 0;
            match self.node() {
                Some(Node::Play { prompts, next }) if prompts.is_empty() => name = next,
                Some(Node::Hangup { prompts }) if prompts.is_empty() => {
                    return self.end(Outcome::SelfService, Party::System);
                }
                Some(Node::Queue { queue }) => match self.world.queue_by_key(&queue) {
                    Some(queue) => return self.wait_in(queue, "queue_wait"),
                    None => break,
                },
                Some(node) => {
                    self.say(node.prompts());
                    return self.due_in(PROMPT_LIMIT);
                }
                None => break,
            }
        }
        self.end(Outcome::Failed, Party::System);
    }

    fn heard(&mut self, heard: Heard) {
        if self.call.state != CallState::Ivr {
            return;
        }
        let Some(node) = self.node() else {
            return self.end(Outcome::Failed, Party::System);
        };
        match node.step(self.call.tries, heard) {
            Next::Stay => {}
            Next::Wait(s) => self.due_in(TimeDelta::seconds(i64::from(s))),
            Next::Again(prompts) => {
                self.call.tries += 1;
                self.say(&prompts);
                self.due_in(PROMPT_LIMIT);
            }
            Next::Go(to) => {
                if let Heard::Key(key) = heard {
                    self.tell(Happened::MenuChosen { key, node: to.clone() });
                }
                self.enter(to);
            }
            Next::End => self.end(Outcome::SelfService, Party::System),
        }
    }

    fn key(&mut self, key: char) {
        if self.call.state == CallState::Ivr && self.call.digits.len() < 100 {
            self.call.digits.push(key);
            self.heard(Heard::Key(key));
        }
    }

    // ---- the queue ----

    fn wait_in(&mut self, queue: QueueId, prompt: &str) {
        self.call.state = CallState::Queued;
        self.call.queue_id = Some(queue);
        self.call.agent_channel = None;
        let now = self.now;
        self.call.queued_at.get_or_insert(now);
        self.say(&[prompt.to_owned()]);
        let comfort = self.rule().map_or(30, |q| q.comfort_s);
        self.due_in(seconds(comfort));
        self.tell(Happened::Queued);
    }

    fn offer(&mut self, agent: UserId) {
        if self.call.state != CallState::Queued {
            return;
        }
        self.call.state = CallState::Ringing;
        self.call.agent_id = Some(agent);
        self.call.agent_channel = Some(self.out.call.next_leg());
        self.call.offered_at = Some(self.now);
        let ring = self.rule().map_or(20, |q| q.ring_s);
        self.due_in(seconds(ring));
        self.tell(Happened::Offered(agent));
    }

    fn offer_ended(&mut self, result: OfferResult) {
        if let Some(agent) = self.call.agent_id {
            self.tell(Happened::OfferEnded(agent, result));
        }
    }

    fn no_taker(&mut self, result: OfferResult) {
        let Some(queue) = self.call.queue_id else {
            return self.end(Outcome::Failed, Party::System);
        };
        match result {
            OfferResult::Declined => self.seat(SeatAct::Miss, "declined"),
            OfferResult::Unreachable => self.seat(SeatAct::Fail, "phone_unreachable"),
            _ => self.seat(SeatAct::Miss, "missed"),
        }
        self.offer_ended(result);
        self.call.agent_id = None;
        self.wait_in(queue, "sorry_hangup");
    }

    // ---- the agent's side ----

    fn agent_ringing(&mut self) {
        if matches!(self.call.state, CallState::Ringing | CallState::Dialing) {
            self.seat(SeatAct::Ring, "");
        }
    }

    fn agent_up(&mut self) {
        match self.call.state {
            CallState::Ringing => {
                self.seat(SeatAct::Answer, "");
                self.offer_ended(OfferResult::Answered);
                self.connected();
            }
            CallState::Dialing if self.call.peer_channel.is_none() => {
                self.seat(SeatAct::Answer, "");
                self.offer_ended(OfferResult::Answered);
                self.call.peer_channel = Some(self.out.call.next_leg());
                self.due_in(PEER_RING);
            }
            // the reloaded page is back
            CallState::Talking | CallState::Held if self.call.agent_channel.is_some() => {
                self.call.due_at = None;
            }
            _ => {}
        }
    }

    fn connected(&mut self) {
        self.call.state = CallState::Talking;
        let now = self.now;
        self.call.answered_at.get_or_insert(now);
        self.call.due_at = None;
        self.call.prompts.clear();
        self.tell(Happened::Answered);
    }

    fn agent_gone(&mut self, how: Gone) {
        match (self.call.state, how) {
            (CallState::Ringing, Gone::Declined | Gone::Busy | Gone::HungUp) => {
                self.no_taker(OfferResult::Declined);
            }
            (CallState::Ringing, Gone::NoAnswer) => self.no_taker(OfferResult::Missed),
            (CallState::Ringing, Gone::Unreachable | Gone::Lost) => {
                self.no_taker(OfferResult::Unreachable);
            }
            (CallState::Talking | CallState::Held, Gone::HungUp) if self.call.due_at.is_none() => {
                self.end(Outcome::Answered, Party::Agent);
            }
            (CallState::Talking | CallState::Held, _) => self.agent_lost(),
            (CallState::Dialing, how) => self.dialing_agent_gone(how),
            _ => {}
        }
    }

    fn dialing_agent_gone(&mut self, how: Gone) {
        let unanswered = self.call.peer_channel.is_none();
        match how {
            Gone::Unreachable | Gone::Lost if unanswered => {
                self.offer_ended(OfferResult::Unreachable);
                self.seat(SeatAct::Fail, "phone_unreachable");
                self.end_only(Outcome::Failed, Party::System);
            }
            _ if unanswered => self.end(Outcome::Failed, Party::Agent),
            Gone::HungUp => self.end(Outcome::NoAnswer, Party::Agent),
            _ => self.end(Outcome::Failed, Party::System),
        }
    }

    /// The customer is kept while the agent's page comes back.
    fn agent_lost(&mut self) {
        if !self.call.in_conversation() || self.call.agent_channel.is_none() {
            return;
        }
        self.call.agent_channel = None;
        self.due_in(RELOAD_GRACE);
        self.tell(Happened::AgentLost);
    }

    fn agent_back(&mut self) {
        if self.call.in_conversation() && self.call.agent_channel.is_none() {
            self.call.agent_channel = Some(self.out.call.next_leg());
            self.due_in(RELOAD_GRACE);
        }
    }

    fn hold(&mut self, from: CallState, to: CallState, what: Happened) {
        if self.call.state == from {
            self.call.state = to;
            self.tell(what);
        }
    }

    fn hang_up(&mut self) {
        match self.call.state {
            CallState::Dialing if self.call.peer_channel.is_none() => {
                self.end(Outcome::Failed, Party::Agent);
            }
            CallState::Dialing => self.end(Outcome::NoAnswer, Party::Agent),
            CallState::Ringing => self.no_taker(OfferResult::Declined),
            CallState::Talking | CallState::Held => self.end(Outcome::Answered, Party::Agent),
            _ => {}
        }
    }

    fn hand_to_queue(&mut self, queue: QueueId) {
        if self.call.in_conversation() {
            self.seat(SeatAct::WrapUp, "transferred");
            self.tell(Happened::Transferred);
            self.wait_in(queue, "queue_wait");
        }
    }

    fn hand_to_agent(&mut self, agent: UserId, queue: QueueId) {
        if self.call.in_conversation() {
            self.hand_to_queue(queue);
            self.offer(agent);
        }
    }

    // ---- the other side ----

    fn peer_up(&mut self) {
        if self.call.state == CallState::Dialing && self.call.peer_channel.is_some() {
            self.connected();
        }
    }

    fn peer_gone(&mut self, how: Gone) {
        let menu = !self.call.digits.is_empty() || matches!(self.node(), Some(Node::Menu { .. }));
        let by = if how == Gone::Lost { Party::System } else { Party::Peer };
        let outcome = match self.call.state {
            _ if self.call.answered_at.is_some() => Outcome::Answered,
            CallState::Ivr if matches!(self.node(), Some(Node::Hangup { .. })) => {
                Outcome::SelfService
            }
            CallState::Ivr if menu => Outcome::AbandonedMenu,
            CallState::Ivr => Outcome::AbandonedGreeting,
            CallState::Queued => Outcome::AbandonedQueue,
            CallState::Ringing => Outcome::AbandonedRinging,
            CallState::Dialing => match how {
                Gone::Busy => Outcome::Busy,
                Gone::NoAnswer => Outcome::NoAnswer,
                Gone::Declined => Outcome::Rejected,
                _ => Outcome::Failed,
            },
            CallState::Talking | CallState::Held => Outcome::Answered,
            CallState::Ended => return,
        };
        self.end(outcome, by);
    }

    // ---- time, and the end ----

    fn due(&mut self) {
        if self.call.due_at.is_none_or(|due| due > self.now) {
            return;
        }
        match self.call.state {
            CallState::Ivr => self.heard(Heard::Silence),
            CallState::Queued => {
                self.say(&["queue_busy".to_owned()]);
                let comfort = self.rule().map_or(30, |q| q.comfort_s);
                self.due_in(seconds(comfort));
            }
            CallState::Ringing => self.no_taker(OfferResult::Missed),
            CallState::Talking | CallState::Held => self.grace_over(),
            CallState::Dialing if self.call.peer_channel.is_none() => {
                self.offer_ended(OfferResult::Missed);
                self.seat(SeatAct::Miss, "missed");
                self.end_only(Outcome::Failed, Party::System);
            }
            CallState::Dialing => self.end(Outcome::NoAnswer, Party::System),
            CallState::Ended => {}
        }
    }

    fn grace_over(&mut self) {
        match self.call.queue_id {
            Some(queue) => {
                self.seat(SeatAct::Fail, "phone_unreachable");
                self.wait_in(queue, "sorry_hangup");
            }
            None => self.end(Outcome::Answered, Party::System),
        }
    }

    fn end(&mut self, outcome: Outcome, by: Party) {
        match self.call.state {
            CallState::Ringing => {
                self.offer_ended(OfferResult::CallerGone);
                self.seat(SeatAct::Release, "");
            }
            CallState::Dialing if self.call.peer_channel.is_none() => {
                let declined = by == Party::Agent;
                let result = if declined { OfferResult::Declined } else { OfferResult::CallerGone };
                self.offer_ended(result);
                self.seat(SeatAct::Release, "");
            }
            CallState::Dialing => self.seat(SeatAct::Finish, ""),
            CallState::Talking | CallState::Held => self.seat(SeatAct::WrapUp, ""),
            _ => {}
        }
        self.end_only(outcome, by);
    }

    fn end_only(&mut self, outcome: Outcome, by: Party) {
        self.call.state = CallState::Ended;
        self.call.outcome = Some(outcome);
        self.call.hung_up_by = Some(by);
        self.call.ended_at = Some(self.now.max(self.call.arrived_at));
        self.call.due_at = None;
        self.tell(Happened::Ended);
    }
}

/// The call of an agent who clicked to call; the agent is claimed and rung first.
pub fn dial(mut call: Call, agent: UserId, now: DateTime<Utc>) -> Decision {
    call.direction = Direction::Out;
    call.state = CallState::Dialing;
    call.agent_id = Some(agent);
    call.agent_channel = Some(call.next_leg());
    call.offered_at = Some(now);
    call.due_at = Some(now + OWN_RING);
    Decision { call, seats: Vec::new(), told: vec![Happened::Offered(agent)] }
}
