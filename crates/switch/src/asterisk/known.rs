//! What the adapter remembers of the switch between two messages.

use crate::{AgentPhone, BridgeId, ChannelId};
use chrono::{DateTime, Utc};
use std::collections::{HashMap, HashSet, VecDeque};

/// How many ended legs are remembered, so that a repeated command does not dial again.
const ENDED: usize = 4096;

/// The adapter's memory. All of it can be lost: the next snapshot brings back what matters.
#[derive(Debug, Default)]
pub(super) struct Known {
    /// Channels that were announced and have not ended.
    pub live: HashMap<ChannelId, Live>,
    /// Who is in which room.
    pub rooms: HashMap<BridgeId, HashSet<ChannelId>>,
    /// Accounts that were given out through this adapter; given again when the switch forgot.
    pub agents: HashMap<String, AgentPhone>,
    /// When the switch was heard last, by its own clock.
    pub heard: DateTime<Utc>,
    dialled: HashSet<ChannelId>,
    order: VecDeque<ChannelId>,
}

/// One channel that lives.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// Hold music is on, by our command.
    pub music: bool,
    /// It holds the other side.
    pub holds: bool,
}

impl Known {
    /// Remembers a leg; false when it was dialled before.
    pub fn dial(&mut self, leg: &ChannelId) -> bool {
        if self.live.contains_key(leg) || !self.dialled.insert(leg.clone()) {
            return false;
        }
        self.order.push_back(leg.clone());
        if self.order.len() > ENDED
            && let Some(oldest) = self.order.pop_front()
        {
            self.dialled.remove(&oldest);
        }
        self.live.insert(leg.clone(), Live::default());
        true
    }

    /// Forgets a leg whose dialling never began.
    pub fn undial(&mut self, leg: &ChannelId) {
        self.live.remove(leg);
        self.dialled.remove(leg);
        self.order.retain(|l| l != leg);
    }

    /// The room that a channel is in.
    pub fn room_of(&self, channel: &ChannelId) -> Option<&BridgeId> {
        self.rooms.iter().find(|(_, there)| there.contains(channel)).map(|(room, _)| room)
    }
}
