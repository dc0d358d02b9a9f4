//! The event socket: kept open, and its messages turned into ours.

use super::http::{Ari, fine_when_gone, leaving_is_gone};
use super::wire::{
    Message, Pong, WANTED, WireApp, WireBridge, WireChannel, WireEndpoint, WireRecording,
};
use super::{APP, Shared, agents};
use crate::{BridgeId, Cause, ChannelId, Event, PlaybackId, RecordingName, What};
use chrono::{DateTime, Utc};
use futures_util::{SinkExt as _, StreamExt as _};
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::TcpStream;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::time::{MissedTickBehavior, interval, sleep};
use tokio_tungstenite::tungstenite::Message as Frame;
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

type Socket = WebSocketStream<MaybeTlsStream<TcpStream>>;

const FIRST_WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(2);
/// How often it is looked who is registered.
const LOOK: Duration = Duration::from_secs(1);
/// How often a silent line is tried.
const BEAT: Duration = Duration::from_secs(5);

/// Runs until the adapter or the reader of its events is gone.
pub(super) async fn run(
    shared: Arc<Shared>,
    events: UnboundedSender<Event>,
    mut gone: watch::Receiver<()>,
) {
    let work = async {
        let mut wait = FIRST_WAIT;
        while !events.is_closed() {
            if once(&shared, &events).await {
                wait = FIRST_WAIT;
            }
            sleep(wait).await;
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    };
    tokio::select! {
        () = work => {}
        _ = gone.changed() => {}
    }
}

/// One connection, from its opening to its end; false when the switch did not answer.
async fn once(shared: &Arc<Shared>, events: &UnboundedSender<Event>) -> bool {
    let socket = match connect_async(shared.ari.events_url(APP).as_str()).await {
        Ok((socket, _)) => socket,
        Err(error) => {
            tracing::debug!(%error, "the switch does not answer");
            return false;
        }
    };
    let pump = Pump { shared, events };
    if let Err(error) = pump.reconcile().await {
        tracing::debug!(%error, "the switch is not ready");
        return false;
    }
    tokio::select! {
        () = pump.listen(socket) => {}
        () = pump.watch_phones() => {}
    }
    let heard = shared.known().heard;
    pump.tell(heard, What::Disconnected);
    true
}

struct Pump<'a> {
    shared: &'a Arc<Shared>,
    events: &'a UnboundedSender<Event>,
}

impl Pump<'_> {
    fn tell(&self, at: DateTime<Utc>, what: What) {
        let _ = self.events.send(Event { at, what });
    }

    fn ari(&self) -> &Ari {
        &self.shared.ari
    }

    /// Hears of every channel and every room, each of them once.
    ///
    /// Not of the telephones' accounts, and hence not by `subscribeAll`: Asterisk (22.10) keeps
    /// reading those into the application after our socket has closed and it was freed, and dies
    /// of it with every call. [`Self::watch_phones`] looks instead.
    async fn subscribe(&self) -> crate::Result<()> {
        let ours = ["applications", APP, "subscription"];
        let all = json!({ "eventSource": ["channel:", "bridge:"] });
        let answer = self.ari().send(Method::POST, &ours, all).await?;
        let app: WireApp =
            serde_json::from_value(answer).map_err(|e| crate::Error::Unavailable(e.to_string()))?;
        // Who came in since the socket opened is heard of by himself too, that is twice.
        let single = |kind: &str, ids: Vec<String>| -> Vec<String> {
            let named = ids.into_iter().filter(|id| !id.starts_with("__"));
            named.map(|id| format!("{kind}:{id}")).collect()
        };
        let singles = [single("channel", app.channel_ids), single("bridge", app.bridge_ids)];
        for source in singles.into_iter().flatten() {
            let body = json!({ "eventSource": source });
            // It may have ended meanwhile.
            let _ = self.ari().send(Method::DELETE, &ours, body).await;
        }
        Ok(())
    }

    /// Looks who is registered, again and again, and tells what changed.
    async fn watch_phones(&self) {
        let mut beat = interval(LOOK);
        beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            beat.tick().await;
            match self.ari().get::<Vec<WireEndpoint>>(&["endpoints", "PJSIP"]).await {
                Ok(phones) => self.compare_phones(phones),
                Err(error) => tracing::debug!(%error, "the telephones were not seen"),
            }
        }
    }

    fn compare_phones(&self, phones: Vec<WireEndpoint>) {
        let now: HashMap<String, bool> =
            phones.into_iter().map(|p| (p.resource, p.state == "online")).collect();
        let mut known = self.shared.known();
        let (before, at) = (std::mem::replace(&mut known.phones, now.clone()), known.heard);
        drop(known);
        let is_in = |all: &HashMap<String, bool>, agent: &str| all.get(agent) == Some(&true);
        for agent in now.keys().chain(before.keys().filter(|a| !now.contains_key(*a))) {
            let online = is_in(&now, agent);
            if is_in(&before, agent) != online {
                self.tell(at, What::Registration { agent: agent.clone(), online });
            }
        }
    }

    /// After each connecting: what ended unheard is told now, accounts that the switch forgot are
    /// given again.
    async fn reconcile(&self) -> crate::Result<()> {
        let wanted: Vec<Value> = WANTED.iter().map(|kind| json!({ "type": kind })).collect();
        let filter = ["applications", APP, "eventFilter"];
        self.ari().send(Method::PUT, &filter, json!({ "allowed": wanted })).await?;
        self.subscribe().await?;
        let channels: Vec<WireChannel> = self.ari().get(&["channels"]).await?;
        let rooms: Vec<WireBridge> = self.ari().get(&["bridges"]).await?;
        let pong: Pong = self.ari().get(&["asterisk", "ping"]).await?;
        let phones: Vec<_> = self.shared.known().agents.values().cloned().collect();
        for phone in phones {
            if let Err(error) = agents::provision_missing(self.ari(), &phone).await {
                tracing::warn!(%error, agent = phone.id, "an account could not be given again");
            }
        }
        let lost = self.relearn(channels, rooms);
        let last_heard = std::mem::replace(&mut self.shared.known().heard, pong.timestamp.0);
        for channel in lost {
            self.tell(last_heard, What::HungUp { channel, cause: Cause::Lost });
        }
        self.tell(pong.timestamp.0, What::Connected);
        Ok(())
    }

    /// Replaces what we believed by what is; returns the channels that are no more.
    fn relearn(&self, channels: Vec<WireChannel>, rooms: Vec<WireBridge>) -> Vec<ChannelId> {
        let mut known = self.shared.known();
        let mut before = std::mem::take(&mut known.live);
        for channel in channels.into_iter().filter(WireChannel::is_telephone) {
            let id = ChannelId(channel.id);
            let live = before.remove(&id).unwrap_or_default();
            known.live.insert(id, live);
        }
        known.rooms = rooms
            .into_iter()
            .map(|r| (BridgeId(r.id), r.channels.into_iter().map(ChannelId).collect()))
            .collect();
        before.into_keys().collect()
    }

    async fn listen(&self, mut socket: Socket) {
        let mut beat = interval(BEAT);
        let mut silent_beats = 0;
        loop {
            tokio::select! {
                frame = socket.next() => match frame {
                    Some(Ok(Frame::Text(text))) => {
                        silent_beats = 0;
                        self.read(&text);
                    }
                    Some(Ok(Frame::Close(_)) | Err(_)) | None => return,
                    Some(Ok(_)) => silent_beats = 0,
                },
                _ = beat.tick() => {
                    silent_beats += 1;
                    if silent_beats > 3 || self.events.is_closed() {
                        return;
                    }
                    if socket.send(Frame::Ping(Default::default())).await.is_err() {
                        return;
                    }
                    if let Ok(pong) = self.ari().get::<Pong>(&["asterisk", "ping"]).await {
                        self.shared.known().heard = pong.timestamp.0;
                    }
                }
            }
        }
    }

    fn read(&self, text: &str) {
        tracing::trace!(text, "ARI");
        match serde_json::from_str::<Message>(text) {
            Ok(message) => self.translate(message),
            Err(error) => tracing::warn!(%error, text, "an ARI message was not understood"),
        }
    }

    fn translate(&self, message: Message) {
        match message {
            Message::StasisStart { timestamp, channel, args } => {
                self.entered(timestamp.0, &channel, &args);
            }
            Message::ChannelStateChange { timestamp, channel } => {
                self.changed(timestamp.0, &channel);
            }
            Message::ChannelDtmfReceived { timestamp, channel, digit } => {
                let digit = digit.chars().next();
                if let Some((channel, digit)) = self.live(&channel).zip(digit) {
                    self.tell_live(timestamp.0, What::Digit { channel, digit });
                }
            }
            Message::ChannelHold { timestamp, channel } => self.held(timestamp.0, &channel, true),
            Message::ChannelUnhold { timestamp, channel } => {
                self.held(timestamp.0, &channel, false);
            }
            Message::ChannelEnteredBridge { channel, bridge }
            | Message::ChannelLeftBridge { channel, bridge } => self.moved(&channel, bridge),
            Message::ChannelDestroyed { timestamp, channel, cause } => {
                self.ended(timestamp.0, &channel, Cause::from_code(cause));
            }
            Message::ChannelHangupRequest { channel } => {
                let id = ChannelId::from(channel.id.as_str());
                if let Some(live) = self.shared.known().live.get_mut(&id) {
                    live.leaving = true;
                }
            }
            Message::PlaybackFinished { timestamp, playback } => {
                let at = timestamp.map_or_else(|| self.shared.known().heard, |t| t.0);
                let target = playback.target_uri.strip_prefix("channel:").unwrap_or_default();
                self.played(at, ChannelId::from(target), playback.id.into());
            }
            Message::RecordingFinished { timestamp, recording } => {
                let name = RecordingName(recording.name);
                if self.shared.known().recorded(&name) {
                    self.tell_live(timestamp.0, What::RecordingFinished { name });
                }
            }
            Message::RecordingFailed { timestamp, recording } => {
                let WireRecording { name, cause: reason } = recording;
                let name = RecordingName(name);
                if self.shared.known().recorded(&name) {
                    self.tell_live(timestamp.0, What::RecordingFailed { name, reason });
                }
            }
            Message::ApplicationReplaced {} => {
                tracing::error!("another platform has taken this switch over; stop one of them");
            }
            Message::Other => {}
        }
    }

    /// Tells it and remembers when the switch was heard.
    fn tell_live(&self, at: DateTime<Utc>, what: What) {
        self.shared.known().heard = at;
        self.tell(at, what);
    }

    /// The id of a channel that was announced and lives.
    fn live(&self, channel: &WireChannel) -> Option<ChannelId> {
        let id = ChannelId::from(channel.id.as_str());
        self.shared.known().live.contains_key(&id).then_some(id)
    }

    fn entered(&self, at: DateTime<Utc>, channel: &WireChannel, args: &[String]) {
        let id = ChannelId::from(channel.id.as_str());
        match args {
            [kind, called, ..] if kind == "incoming" => {
                self.shared.known().live.entry(id.clone()).or_default();
                let (caller, called) = (channel.party(), called.clone());
                self.tell_live(at, What::Incoming { channel: id, caller, called });
            }
            [kind, role @ ..] if kind == "leg" => {
                self.shared.known().live.entry(id.clone()).or_default();
                self.tell_live(at, What::LegUp { channel: id, role: role.join(",") });
            }
            _ => {}
        }
    }

    fn changed(&self, at: DateTime<Utc>, channel: &WireChannel) {
        let Some(id) = self.live(channel) else { return };
        if channel.is_leg() && channel.is_ringing() {
            self.tell_live(at, What::Ringing { channel: id });
        } else if !channel.is_leg() && channel.is_up() {
            self.tell_live(at, What::Answered { channel: id });
        }
    }

    fn ended(&self, at: DateTime<Utc>, channel: &WireChannel, cause: Cause) {
        let id = ChannelId::from(channel.id.as_str());
        let Some(live) = self.shared.known().live.remove(&id) else { return };
        if live.holds {
            let room = self.shared.known().room_of(&id).cloned();
            self.music_in(room, false);
        }
        self.tell_live(at, What::HungUp { channel: id, cause });
    }

    fn moved(&self, channel: &WireChannel, bridge: WireBridge) {
        let there = bridge.channels.into_iter().map(ChannelId).collect();
        let room = BridgeId(bridge.id);
        let mut known = self.shared.known();
        known.rooms.insert(room.clone(), there);
        let id = ChannelId::from(channel.id.as_str());
        let left_holding = !known.rooms[&room].contains(&id)
            && known.live.get_mut(&id).is_some_and(|l| std::mem::take(&mut l.holds));
        drop(known);
        if left_holding {
            self.music_in(Some(room), false);
        }
    }

    fn held(&self, at: DateTime<Utc>, channel: &WireChannel, holds: bool) {
        let Some(id) = self.live(channel) else { return };
        let mut known = self.shared.known();
        if let Some(live) = known.live.get_mut(&id) {
            live.holds = holds;
        }
        // Among three, music for the one would drown the talk of the other two.
        let room = known.room_of(&id).filter(|r| known.rooms[*r].len() <= 2).cloned();
        drop(known);
        self.music_in(room, holds);
        let channel = id;
        self.tell_live(at, if holds { What::Held { channel } } else { What::Unheld { channel } });
    }

    /// The music that a prompt interrupted goes on. A prompt that a goodbye cut off was not said.
    fn played(&self, at: DateTime<Utc>, channel: ChannelId, playback: PlaybackId) {
        let stays = self.shared.known().live.get(&channel).filter(|l| !l.leaving).map(|l| l.music);
        let Some(music) = stays else { return };
        if music {
            let (shared, id) = (self.shared.clone(), channel.clone());
            tokio::spawn(async move { music_again(&shared, &id).await });
        }
        self.tell_live(at, What::PlaybackFinished { channel, playback });
    }

    /// Music for a whole room: the one who holds does not listen, the recording goes on.
    fn music_in(&self, room: Option<BridgeId>, on: bool) {
        let Some(room) = room else { return };
        let ari = self.shared.ari.clone();
        tokio::spawn(async move {
            let path = ["bridges", room.as_str(), "moh"];
            let done = if on {
                ari.post(&path, Value::Null).await
            } else {
                ari.delete(&path, Value::Null).await
            };
            if let Err(error) = fine_when_gone(done) {
                tracing::warn!(%error, "hold music");
            }
        });
    }
}

/// Turns the music on again that a prompt interrupted. Whoever is put through in that very moment
/// must not hear it instead of the other side.
async fn music_again(shared: &Shared, channel: &ChannelId) {
    let path = ["channels", channel.as_str(), "moh"];
    let mut done = shared.ari.post(&path, Value::Null).await;
    let wanted = shared.known().live.get(channel).is_some_and(|live| live.music);
    if !wanted {
        done = shared.ari.delete(&path, Value::Null).await;
    }
    if let Err(error) = leaving_is_gone(done) {
        tracing::debug!(%error, "hold music after a prompt");
    }
}
