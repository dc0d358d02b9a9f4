//! What the adapter remembers of the switch between two messages.

use crate::{AgentPhone, BridgeId, ChannelId, RecordingName};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet, VecDeque};

/// How many ended legs are remembered, so that a repeated command does not dial again.
const REMEMBERED: usize = 4096;

/// The adapter's memory. All of it can be lost: the next snapshot brings back what matters.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Channels that were announced and have not ended.
    pub live: HashMap<ChannelId, Live>,
    /// Who is in which room.
    pub rooms: HashMap<BridgeId, HashSet<ChannelId>>,
    /// Accounts that were given out through this adapter; given again when the switch forgot.
    pub agents: HashMap<String, AgentPhone>,
    /// The telephones' accounts, and whether each is registered.
    pub phones: HashMap<String, bool>,
    /// When the switch was heard last, by its own clock.
    pub heard: DateTime<Utc>,
    dialled: Recent<ChannelId>,
    recorded: Recent<RecordingName>,
}

/// The last few thousand of something.
#[derive(Debug)]
struct Recent<T> {
    all: HashSet<T>,
    order: VecDeque<T>,
}

impl<T> Default for Recent<T> {
    fn default() -> Self {
        Self { all: HashSet::new(), order: VecDeque::new() }
    }
}

impl<T: Clone + Eq + std::hash::Hash> Recent<T> {
    /// False when it was there already.
    fn insert(&mut self, new: &T) -> bool {
        if !self.all.insert(new.clone()) {
            return false;
        }
        self.order.push_back(new.clone());
        if self.order.len() > REMEMBERED
            && let Some(oldest) = self.order.pop_front()
        {
            self.all.remove(&oldest);
        }
        true
    }

    fn remove(&mut self, old: &T) {
        self.all.remove(old);
        self.order.retain(|o| o != old);
    }
}

/// One channel that lives.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// Hold music is on, by our command.
    pub music: bool,
    /// It holds the other side.
    pub holds: bool,
    /// Whether somebody put the phone down already; the end itself follows.
    pub leaving: bool,
}

impl Known {
    /// Remembers a leg; false when it was dialled before.
    pub fn dial(&mut self, leg: &ChannelId) -> bool {
        let new = !self.live.contains_key(leg) && self.dialled.insert(leg);
        if new {
            self.live.insert(leg.clone(), Live::default());
        }
        new
    }

    /// Forgets a leg whose dialling never began.
    pub fn undial(&mut self, leg: &ChannelId) {
        self.live.remove(leg);
        self.dialled.remove(leg);
    }

    /// Remembers that a recording ended; false when that was told before: Asterisk tells it once
    /// for the room and once for everything.
    pub fn recorded(&mut self, name: &RecordingName) -> bool {
        self.recorded.insert(name)
    }

    /// The room that a channel is in.
    pub fn room_of(&self, channel: &ChannelId) -> Option<&BridgeId> {
        self.rooms.iter().find(|(_, there)| there.contains(channel)).map(|(room, _)| room)
    }
}
