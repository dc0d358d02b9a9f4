//! What happens to a call: a pure function of what is known, what came in, and the time.

mod agent;
mod end;
mod menu;
mod queue;

use crate::model::call::{Call, CallState, Direction, OfferResult, Outcome, Party};
use crate::model::flow::{Graph, Heard, Next, Node};
use crate::model::seat::SeatAct;
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
    pub(super) fn new(call: Call, world: &'a dyn World, now: DateTime<Utc>) -> Self {
        Self { out: Decision { call, seats: Vec::new(), told: Vec::new() }, world, now }
    }

    pub(super) fn tell(&mut self, what: Happened) {
        self.told.push(what);
    }

    pub(super) fn seat(&mut self, act: SeatAct, reason: &'static str) {
        let Some(agent) = self.call.agent_id else { return };
        let wrap_up_s = self.rule().map_or(OUTBOUND_WRAP_UP_S, |q| q.wrap_up_s);
        let act = if act == SeatAct::WrapUp && wrap_up_s == 0 { SeatAct::Finish } else { act };
        self.seats.push(SeatMove { agent, act, reason, wrap_up_s });
    }

    pub(super) fn rule(&self) -> Option<QueueRule> {
        self.call.queue_id.and_then(|q| self.world.queue(q))
    }

    pub(super) fn due_in(&mut self, span: TimeDelta) {
        self.call.due_at = Some(self.now + span);
    }

    pub(super) fn say(&mut self, prompts: &[String]) {
        self.call.prompts = prompts.to_vec();
        self.call.turn += 1;
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
