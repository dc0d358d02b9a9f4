//! ARI's JSON, as much of it as we read.

use crate::{Channel, ChannelState, Party, Role};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Deserializer};

/// The messages that we read; Asterisk is asked to keep the rest, which is most of them.
pub(super) const WANTED: [&str; 13] = [
    "StasisStart",
    "ChannelStateChange",
    "ChannelDtmfReceived",
    "ChannelHold",
    "ChannelUnhold",
    "ChannelEnteredBridge",
    "ChannelLeftBridge",
    "ChannelDestroyed",
    "ChannelHangupRequest",
    "PlaybackFinished",
    "RecordingFinished",
    "RecordingFailed",
    "ApplicationReplaced",
];

/// One message of the event socket.
#[derive(Debug, Deserialize)]
#[serde(tag = "type")]
pub(super) enum Message {
    StasisStart {
        timestamp: Stamp,
        channel: WireChannel,
        args: Vec<String>,
    },
    ChannelStateChange {
        timestamp: Stamp,
        channel: WireChannel,
    },
    ChannelDtmfReceived {
        timestamp: Stamp,
        channel: WireChannel,
        digit: String,
    },
    ChannelHold {
        timestamp: Stamp,
        channel: WireChannel,
    },
    ChannelUnhold {
        timestamp: Stamp,
        channel: WireChannel,
    },
    ChannelEnteredBridge {
        channel: WireChannel,
        bridge: WireBridge,
    },
    ChannelLeftBridge {
        channel: WireChannel,
        bridge: WireBridge,
    },
    ChannelDestroyed {
        timestamp: Stamp,
        channel: WireChannel,
        cause: u16,
    },
    ChannelHangupRequest {
        channel: WireChannel,
    },
    PlaybackFinished {
        #[serde(default)]
        timestamp: Option<Stamp>,
        playback: WirePlayback,
    },
    RecordingFinished {
        timestamp: Stamp,
        recording: WireRecording,
    },
    RecordingFailed {
        timestamp: Stamp,
        recording: WireRecording,
    },
    ApplicationReplaced {},
    #[serde(other)]
    Other,
}

#[derive(Clone, Debug, Deserialize)]
pub(super) struct WireChannel {
    pub id: String,
    pub name: String,
    state: String,
    caller: WireParty,
    connected: WireParty,
    creationtime: Stamp,
    #[serde(default)]
    channelvars: Variables,
}

#[derive(Clone, Debug, Default, Deserialize)]
struct Variables {
    #[serde(rename = "HL_ROLE", default)]
    role: String,
    #[serde(rename = "HL_CALLED", default)]
    called: String,
}

#[derive(Clone, Debug, Deserialize)]
struct WireParty {
    number: String,
    name: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireBridge {
    pub id: String,
    pub channels: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct WirePlayback {
    pub id: String,
    pub target_uri: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct WireRecording {
    pub name: String,
    #[serde(default)]
    pub cause: String,
}

/// A telephone's account, and whether it is registered.
#[derive(Debug, Deserialize)]
pub(super) struct WireEndpoint {
    pub resource: String,
    #[serde(default)]
    pub state: String,
}

/// What our application hears of.
#[derive(Debug, Deserialize)]
pub(super) struct WireApp {
    pub channel_ids: Vec<String>,
    pub bridge_ids: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct Pong {
    pub timestamp: Stamp,
}

/// ARI writes `2026-11-22T04:48:17.123+0000`, which is not quite RFC 3339.
#[derive(Clone, Copy, Debug)]
pub(super) struct Stamp(pub DateTime<Utc>);

impl<'de> Deserialize<'de> for Stamp {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = String::deserialize(from)?;
        DateTime::parse_from_str(&text, "%Y-%m-%dT%H:%M:%S%.f%z")
            .map(|at| Self(at.to_utc()))
            .map_err(serde::de::Error::custom)
    }
}

impl WireChannel {
    /// Whether it is somebody's telephone; the switch has channels of its own beside them.
    pub fn is_telephone(&self) -> bool {
        self.name.starts_with("PJSIP/")
    }

    pub fn is_ringing(&self) -> bool {
        self.state == "Ringing"
    }

    pub fn is_up(&self) -> bool {
        self.state == "Up"
    }

    /// Whether we dialled it.
    pub fn is_leg(&self) -> bool {
        self.channelvars.role.starts_with("leg:")
    }

    pub fn party(&self) -> Party {
        let WireParty { number, name } = self.caller.clone();
        Party { number, name }
    }

    pub fn describe(self) -> Channel {
        let role = match self.channelvars.role.as_str() {
            "survival" => Role::Survival,
            leg => leg.strip_prefix("leg:").map_or(Role::Caller, |r| Role::Leg(r.to_owned())),
        };
        let state = match self.state.as_str() {
            "Up" => ChannelState::Up,
            // An incoming channel that we let ring is "Ring", a telephone that rings "Ringing".
            "Ringing" => ChannelState::Ringing,
            _ => ChannelState::Down,
        };
        let party = if matches!(role, Role::Leg(_)) && self.caller.number.is_empty() {
            self.connected.clone()
        } else {
            self.caller.clone()
        };
        Channel {
            id: self.id.into(),
            role,
            state,
            party: Party { number: party.number, name: party.name },
            called: self.channelvars.called,
            since: self.creationtime.0,
            bridge: None,
        }
    }
}
