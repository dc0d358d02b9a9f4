//! The commands that bring the switch to where a call's state says it should be.
//!
//! Nothing is remembered as "to be done": what a call needs follows from its row and from what
//! the switch is known to do already. So a lost command is found and given again, a restarted
//! server goes on where the last one fell, and the same command twice does no harm.

use super::call::{Call, CallState, Direction};
use std::collections::{BTreeMap, BTreeSet};

/// How far a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LegState {
    /// Dialled, or not yet answered by us.
    Down,
    /// Rings at the other end.
    Ringing,
    /// Sound flows.
    Up,
}

/// A channel that lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Leg {
    /// How far it is.
    pub state: LegState,
    /// Whether it is in the call's room.
    pub in_room: bool,
}

/// What the switch is known to do for one call.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Actual {
    /// The channels that live.
    pub legs: BTreeMap<String, Leg>,
    /// The channels that were dialled once and are not dialled again.
    pub dialed: BTreeSet<String>,
    /// Whether the room stands.
    pub room: bool,
    /// Whether it is recorded.
    pub recording: bool,
    /// Whether the outside party's hold music was turned on.
    pub music: bool,
    /// The last turn that was said, or is being said.
    pub said: i32,
    /// The turn being said now.
    pub saying: Option<i32>,
    /// Whether the agent hears that the customer's phone rings.
    pub ringback: bool,
}

/// What the switch is asked to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// Pick up the caller's channel.
    Answer(String),
    /// Say the prompts of that turn.
    Say {
        /// To whom.
        channel: String,
        /// Which turn.
        turn: i32,
        /// What.
        prompts: Vec<String>,
    },
    /// Stop saying that turn.
    Hush(i32),
    /// Turn hold music on or off.
    Music(String, bool),
    /// Let the agent hear the customer's phone ring.
    Ringback(String),
    /// Ring an agent's phone.
    DialAgent(String),
    /// Ring the customer's phone.
    DialPeer(String),
    /// End a channel.
    HangUp(String),
    /// Make the room.
    MakeRoom,
    /// Bring a channel into the room.
    Join(String),
    /// Take a channel out of the room.
    Leave(String),
    /// Record the room.
    Record,
    /// End the room and the recording.
    DropRoom,
}

/// What has to be done, in order.
pub fn align(call: &Call, actual: &Actual) -> Vec<Command> {
    let mut out: Vec<Command> = Vec::new();
    let named = [call.peer_channel.as_deref(), call.agent_channel.as_deref()];
    let wanted = |leg: &str| call.state != CallState::Ended && named.contains(&Some(leg));
    // First of all: a phone that rings for nobody stops.
    out.extend(
        actual.legs.keys().filter(|leg| !wanted(leg)).map(|leg| Command::HangUp(leg.clone())),
    );
    if call.state == CallState::Ended {
        out.extend(actual.room.then_some(Command::DropRoom));
        return out;
    }
    dial(call, actual, &mut out);
    let Some(peer) = call.peer_channel.as_ref().filter(|p| actual.legs.contains_key(*p)) else {
        room(call, actual, None, &mut out);
        return out;
    };
    let leg = actual.legs.get(peer).copied();
    let answered = leg.is_some_and(|l| l.state == LegState::Up);
    if !answered && call.direction == Direction::In {
        out.push(Command::Answer(peer.clone()));
    }
    if answered || call.direction == Direction::In {
        voice(call, actual, peer, leg.is_some_and(|l| l.in_room), &mut out);
    }
    room(call, actual, Some(peer).filter(|_| answered), &mut out);
    out
}

fn dial(call: &Call, actual: &Actual, out: &mut Vec<Command>) {
    let fresh = |leg: &&String| !actual.dialed.contains(*leg) && !actual.legs.contains_key(*leg);
    if let Some(agent) = call.agent_channel.as_ref().filter(fresh) {
        out.push(Command::DialAgent(agent.clone()));
    }
    if call.direction == Direction::Out
        && let Some(peer) = call.peer_channel.as_ref().filter(fresh)
    {
        out.push(Command::DialPeer(peer.clone()));
    }
}

fn agent_up(call: &Call, actual: &Actual) -> Option<String> {
    let up = |a: &&String| actual.legs.get(*a).is_some_and(|l| l.state == LegState::Up);
    call.agent_channel.as_ref().filter(up).cloned()
}

/// What the outside party hears while nobody is there.
fn voice(call: &Call, actual: &Actual, peer: &str, in_room: bool, out: &mut Vec<Command>) {
    let waits = matches!(call.state, CallState::Queued | CallState::Ringing);
    let alone = match call.state {
        CallState::Queued | CallState::Ringing | CallState::Held => true,
        CallState::Talking => agent_up(call, actual).is_none(),
        _ => false,
    };
    if in_room && (alone || call.state == CallState::Ivr) {
        out.push(Command::Leave(peer.to_owned()));
    }
    let speaks = waits || call.state == CallState::Ivr;
    if let Some(turn) = actual.saying.filter(|turn| !speaks || *turn != call.turn) {
        out.push(Command::Hush(turn));
    }
    if alone && (!actual.music || in_room) {
        out.push(Command::Music(peer.to_owned(), true));
    }
    if speaks && actual.said < call.turn {
        let (channel, prompts) = (peer.to_owned(), call.prompts.clone());
        out.push(Command::Say { channel, turn: call.turn, prompts });
    }
}

fn room(call: &Call, actual: &Actual, peer: Option<&String>, out: &mut Vec<Command>) {
    let Some(agent) = agent_up(call, actual) else { return };
    if call.state == CallState::Dialing && call.peer_channel.is_some() && !actual.ringback {
        out.push(Command::Ringback(agent));
        return;
    }
    if !call.in_conversation() {
        return;
    }
    let outside = |leg: &str| actual.legs.get(leg).is_some_and(|l| !l.in_room);
    if !actual.room {
        out.push(Command::MakeRoom);
    }
    if outside(&agent) {
        out.push(Command::Join(agent));
    }
    if call.state == CallState::Talking
        && let Some(peer) = peer.filter(|p| outside(p))
    {
        out.push(Command::Join(peer.clone()));
    }
    if !actual.recording {
        out.push(Command::Record);
    }
}

impl Actual {
    /// What is true once `command` was carried out.
    pub fn done(&mut self, command: &Command) {
        match command {
            Command::Answer(leg) => self.leg_is(leg, LegState::Up),
            Command::Say { turn, .. } => (self.said, self.saying) = (*turn, Some(*turn)),
            Command::Hush(_) => self.saying = None,
            Command::Music(_, on) => self.music = *on,
            Command::Ringback(_) => self.ringback = true,
            Command::DialAgent(leg) | Command::DialPeer(leg) => {
                self.dialed.insert(leg.clone());
                let down = Leg { state: LegState::Down, in_room: false };
                self.legs.entry(leg.clone()).or_insert(down);
            }
            Command::HangUp(leg) => drop(self.legs.remove(leg)),
            Command::MakeRoom => self.room = true,
            Command::Join(leg) => {
                self.in_room(leg, true);
                self.music = false;
            }
            Command::Leave(leg) => self.in_room(leg, false),
            Command::Record => self.recording = true,
            Command::DropRoom => (self.room, self.recording) = (false, false),
        }
    }

    /// Notes how far a channel is, when it lives.
    pub fn leg_is(&mut self, leg: &str, state: LegState) {
        if let Some(leg) = self.legs.get_mut(leg) {
            leg.state = state;
        }
    }

    fn in_room(&mut self, leg: &str, inside: bool) {
        if let Some(leg) = self.legs.get_mut(leg) {
            leg.in_room = inside;
        }
    }
}
