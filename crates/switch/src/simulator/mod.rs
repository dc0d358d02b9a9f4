//! A switch without sound, for tests of rules: the test's code is every caller and every agent.

mod commands;

use crate::{
    AgentPhone, BridgeId, Cause, Channel, ChannelId, ChannelState, Endpoint, Error, Event, Events,
    Party, PlaybackId, Prompt, RecordingName, Result, Role, What,
};
use chrono::{DateTime, Utc};
use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::mpsc::{UnboundedSender, unbounded_channel};

type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// A switch in memory that obeys at once.
#[derive(Clone)]
pub struct Simulator {
    now: Clock,
    state: Arc<Mutex<State>>,
}

#[derive(Default)]
struct State {
    events: Option<UnboundedSender<Event>>,
    down: bool,
    next: u64,
    channels: BTreeMap<ChannelId, Line>,
    dialled: HashSet<ChannelId>,
    bridges: BTreeMap<BridgeId, Room>,
    agents: HashMap<String, Agent>,
    recordings: BTreeMap<RecordingName, bool>,
}

#[derive(Debug)]
struct Line {
    channel: Channel,
    to: Option<Endpoint>,
    playing: Option<(PlaybackId, Vec<Prompt>)>,
    music: bool,
    held: bool,
    sent: String,
}

#[derive(Debug, Default)]
struct Room {
    recording: Option<RecordingName>,
}

#[derive(Debug)]
struct Agent {
    phone: AgentPhone,
    online: bool,
}

impl Simulator {
    /// A switch that tells the time by `now`, and what it will tell.
    pub fn new(now: impl Fn() -> DateTime<Utc> + Send + Sync + 'static) -> (Self, Events) {
        let (sender, events) = unbounded_channel();
        let state = State { events: Some(sender), ..State::default() };
        let simulator = Self { now: Arc::new(now), state: Arc::new(Mutex::new(state)) };
        simulator.tell(What::Connected);
        (simulator, events)
    }

    /// A new reader of events, as after a restart of the platform; the old one hears no more.
    pub fn reconnect(&self) -> Events {
        let (sender, events) = unbounded_channel();
        self.lock().events = Some(sender);
        self.tell(What::Connected);
        events
    }

    /// Somebody calls `called`.
    pub fn call(&self, caller: &str, called: &str) -> ChannelId {
        let id = {
            let mut state = self.lock();
            state.next += 1;
            let id = ChannelId(format!("sim-{}", state.next));
            let line = self.line(&id, Role::Caller, Party::from(caller), called);
            state.channels.insert(id.clone(), line);
            id
        };
        let (caller, called) = (Party::from(caller), called.to_owned());
        self.tell(What::Incoming { channel: id.clone(), caller, called });
        id
    }

    /// The other side of `channel` puts the telephone down. False when it was over already.
    pub fn other_hangs_up(&self, channel: &ChannelId) -> bool {
        self.end(channel, Cause::Normal)
    }

    /// The telephone that `channel` dialled is picked up.
    pub fn other_answers(&self, channel: &ChannelId) -> bool {
        let role = {
            let mut state = self.lock();
            let Some(line) = state.channels.get_mut(channel) else { return false };
            let Role::Leg(role) = line.channel.role.clone() else { return false };
            if line.channel.state == ChannelState::Up {
                return false;
            }
            line.channel.state = ChannelState::Up;
            role
        };
        self.tell(What::LegUp { channel: channel.clone(), role });
        true
    }

    /// The telephone that `channel` dialled is not picked up, is busy, or declines.
    pub fn other_refuses(&self, channel: &ChannelId, cause: Cause) -> bool {
        self.end(channel, cause)
    }

    /// The other side presses a key.
    pub fn press(&self, channel: &ChannelId, digit: char) {
        if self.lock().channels.contains_key(channel) {
            self.tell(What::Digit { channel: channel.clone(), digit });
        }
    }

    /// The other side holds, or takes back.
    pub fn hold(&self, channel: &ChannelId, on: bool) {
        let known = match self.lock().channels.get_mut(channel) {
            Some(line) => std::mem::replace(&mut line.held, on) != on,
            None => false,
        };
        let channel = channel.clone();
        if known {
            self.tell(if on { What::Held { channel } } else { What::Unheld { channel } });
        }
    }

    /// What plays on `channel` comes to its end.
    pub fn finish_playback(&self, channel: &ChannelId) -> Option<PlaybackId> {
        let (playback, _) = self.lock().channels.get_mut(channel)?.playing.take()?;
        let channel = channel.clone();
        self.tell(What::PlaybackFinished { channel, playback: playback.clone() });
        Some(playback)
    }

    /// What `channel` hears as prompts now.
    pub fn playing(&self, channel: &ChannelId) -> Vec<Prompt> {
        let state = self.lock();
        let playing = state.channels.get(channel).and_then(|l| l.playing.as_ref());
        playing.map(|(_, what)| what.clone()).unwrap_or_default()
    }

    /// Whether `channel` hears hold music: ours, or because another in its room holds.
    pub fn hears_music(&self, channel: &ChannelId) -> bool {
        let state = self.lock();
        let Some(line) = state.channels.get(channel) else { return false };
        let Some(room) = &line.channel.bridge else { return line.music && line.playing.is_none() };
        let others = || {
            let there = state.channels.values().filter(|l| l.channel.bridge.as_ref() == Some(room));
            there.filter(|l| l.channel.id != *channel)
        };
        others().count() == 1 && others().any(|l| l.held)
    }

    /// Keys that the platform pressed towards `channel`.
    pub fn sent_digits(&self, channel: &ChannelId) -> String {
        self.lock().channels.get(channel).map(|l| l.sent.clone()).unwrap_or_default()
    }

    /// The legs that ring at that endpoint now.
    pub fn ringing_at(&self, endpoint: &Endpoint) -> Vec<ChannelId> {
        let state = self.lock();
        let lines = state.channels.values().filter(|l| l.to.as_ref() == Some(endpoint));
        let waiting = lines.filter(|l| l.channel.state != ChannelState::Up);
        waiting.map(|l| l.channel.id.clone()).collect()
    }

    /// An agent's telephone comes or goes.
    pub fn register(&self, agent: &str, online: bool) {
        let changed = match self.lock().agents.get_mut(agent) {
            Some(known) => std::mem::replace(&mut known.online, online) != online,
            None => false,
        };
        if changed {
            self.tell(What::Registration { agent: agent.to_owned(), online });
        }
    }

    /// The switch dies with everything in it, or comes back empty.
    pub fn crash(&self) {
        {
            let mut state = self.lock();
            state.down = true;
            state.bridges.clear();
            state.agents.clear();
            state.recordings.values_mut().for_each(|live| *live = false);
        }
        self.tell(What::Disconnected);
    }

    /// The switch is back after a [`Simulator::crash`].
    pub fn recover(&self) {
        let lost = {
            let mut state = self.lock();
            state.down = false;
            std::mem::take(&mut state.channels)
        };
        for channel in lost.into_keys() {
            self.tell(What::HungUp { channel, cause: Cause::Lost });
        }
        self.tell(What::Connected);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The state, unless the switch is down.
    fn up(&self) -> Result<MutexGuard<'_, State>> {
        let state = self.lock();
        if state.down {
            return Err(Error::Unavailable("crashed".to_owned()));
        }
        Ok(state)
    }

    fn tell(&self, what: What) {
        let at = (self.now)();
        if let Some(events) = &self.lock().events {
            let _ = events.send(Event { at, what });
        }
    }

    fn line(&self, id: &ChannelId, role: Role, party: Party, called: &str) -> Line {
        let channel = Channel {
            id: id.clone(),
            role,
            state: ChannelState::Down,
            party,
            called: called.to_owned(),
            since: (self.now)(),
            bridge: None,
        };
        let sent = String::new();
        Line { channel, to: None, playing: None, music: false, held: false, sent }
    }

    fn end(&self, channel: &ChannelId, cause: Cause) -> bool {
        let Some(line) = self.lock().channels.remove(channel) else { return false };
        self.tell(What::HungUp { channel: channel.clone(), cause });
        self.left(line.channel.bridge);
        true
    }

    /// The recording of a room ends when nobody is left in it.
    fn left(&self, room: Option<BridgeId>) {
        let Some(room) = room else { return };
        let recording = {
            let mut state = self.lock();
            if state.channels.values().any(|l| l.channel.bridge.as_ref() == Some(&room)) {
                return;
            }
            let recording = state.bridges.get_mut(&room).and_then(|r| r.recording.take());
            if let Some(name) = &recording {
                state.recordings.insert(name.clone(), false);
            }
            recording
        };
        if let Some(name) = recording {
            self.tell(What::RecordingFinished { name });
        }
    }

    fn with_line<T>(&self, id: &ChannelId, change: impl FnOnce(&mut Line) -> T) -> Result<T> {
        self.up()?.channels.get_mut(id).map(change).ok_or(Error::Gone)
    }
}
