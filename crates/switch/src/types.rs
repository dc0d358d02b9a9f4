//! The words that the platform and the switch share.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::path::PathBuf;
use std::time::Duration;

/// What every command returns.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// Why the switch did not do it.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The channel, or the room, has ended meanwhile.
    #[error("gone")]
    Gone,
    /// The switch cannot be reached; worth another try.
    #[error("the switch is unavailable: {0}")]
    Unavailable(String),
    /// The switch understood and said no.
    #[error("the switch refused: {0}")]
    Refused(String),
}

macro_rules! name {
    ($(#[$doc:meta] $name:ident)*) => {$(
        #[$doc]
        #[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(pub String);

        impl $name {
            /// The id as text.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl From<&str> for $name {
            fn from(id: &str) -> Self {
                Self(id.to_owned())
            }
        }

        impl From<String> for $name {
            fn from(id: String) -> Self {
                Self(id)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    )*};
}

name! {
    /// One leg of a call: the switch names those that come in, we name those that we dial.
    ChannelId
    /// A room in which channels hear each other; we name it.
    BridgeId
    /// One playing of prompts; we name it.
    PlaybackId
    /// A recording; we name it, without extension; letters, digits, `-` and `_`.
    RecordingName
}

/// Something to be heard.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Prompt {
    /// A recorded prompt of the shipped set, by name: `welcome`.
    Named(String),
    /// Digits, spoken one by one; anything else in the text is passed over.
    Digits(String),
    /// A recording of the company's own: an absolute path on the switch's machine.
    File(PathBuf),
}

/// A caller's number and name as they are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Party {
    /// Digits, possibly with `+`; empty when withheld.
    pub number: String,
    /// Name, when the network gives one.
    pub name: String,
}

impl From<&str> for Party {
    fn from(number: &str) -> Self {
        Self { number: number.to_owned(), name: String::new() }
    }
}

/// Whom to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// An agent's telephone, by the id that [`AgentPhone`] gave it.
    Agent(String),
    /// A number of the public network, over the trunk.
    External(String),
}

/// A leg to be dialled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewLeg {
    /// Its id, made by the caller.
    pub channel: ChannelId,
    /// Whom to call.
    pub to: Endpoint,
    /// What the called telephone shows.
    pub caller: Party,
    /// How long it may ring.
    pub timeout: Duration,
    /// What this leg is for, in the platform's own words; comes back in events and snapshots.
    pub role: String,
}

/// An agent's account at the switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentPhone {
    /// SIP user: small letters, digits and `-`, beginning with a letter, so that it never equals
    /// a caller's number.
    pub id: String,
    /// SIP password.
    pub secret: String,
    /// What kind of telephone it is.
    pub device: Device,
}

/// What an agent speaks through.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Device {
    /// A browser over WebSocket, with encrypted sound.
    Browser,
    /// A desk telephone or a soft client over UDP that registers itself.
    Desk,
    /// A telephone that is always at this `host:port` over UDP.
    At(String),
}

/// Why a call ended (Q.850).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Cause {
    /// Somebody put the telephone down; also when the switch gives no reason.
    Normal,
    /// The other side is busy.
    Busy,
    /// Nobody answered in time.
    NoAnswer,
    /// The other side declined.
    Rejected,
    /// No such number.
    Unallocated,
    /// The telephone cannot be reached.
    Unreachable,
    /// The network is overloaded.
    Congestion,
    /// Somebody else picked up.
    AnsweredElsewhere,
    /// The switch died, or we lost sight of it, while the channel lived.
    Lost,
    /// Anything else, by its Q.850 number.
    Other(u16),
}

impl Cause {
    /// The cause of that Q.850 number.
    pub fn from_code(code: u16) -> Self {
        match code {
            0 | 16 => Self::Normal,
            17 => Self::Busy,
            18 | 19 => Self::NoAnswer,
            21 => Self::Rejected,
            1 => Self::Unallocated,
            3 | 20 | 27 => Self::Unreachable,
            34 | 38 | 41 | 42 | 44 => Self::Congestion,
            26 => Self::AnsweredElsewhere,
            other => Self::Other(other),
        }
    }

    /// Its Q.850 number.
    pub fn code(self) -> u16 {
        match self {
            Self::Normal => 16,
            Self::Busy => 17,
            Self::NoAnswer => 19,
            Self::Rejected => 21,
            Self::Unallocated => 1,
            Self::Unreachable => 20,
            Self::Congestion => 34,
            Self::AnsweredElsewhere => 26,
            Self::Lost => 41,
            Self::Other(code) => code,
        }
    }
}

/// Something that happened in the switch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// When, by the switch's clock.
    pub at: DateTime<Utc>,
    /// What.
    pub what: What,
}

/// What happened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// The switch is there (again): take a [`Snapshot`] and compare.
    Connected,
    /// The switch is out of reach; it will be looked for.
    Disconnected,
    /// A caller came in and waits to be answered. A channel may be told of again after
    /// [`What::Connected`].
    Incoming {
        /// The caller's leg.
        channel: ChannelId,
        /// Who calls.
        caller: Party,
        /// The number that was dialled.
        called: String,
    },
    /// A caller's channel that we answered is up.
    Answered {
        /// The caller's leg.
        channel: ChannelId,
    },
    /// A telephone that we dialled rings.
    Ringing {
        /// Our leg.
        channel: ChannelId,
    },
    /// A telephone that we dialled was picked up; the leg waits for a room.
    LegUp {
        /// Our leg.
        channel: ChannelId,
        /// What it is for: [`NewLeg::role`].
        role: String,
    },
    /// A key was pressed.
    Digit {
        /// Whose.
        channel: ChannelId,
        /// `0`–`9`, `*`, `#`, `A`–`D`.
        digit: char,
    },
    /// A playback is over, to its end or stopped.
    PlaybackFinished {
        /// Who heard it.
        channel: ChannelId,
        /// Which.
        playback: PlaybackId,
    },
    /// This side put the other on hold; the other hears music.
    Held {
        /// Who holds.
        channel: ChannelId,
    },
    /// This side took the other back.
    Unheld {
        /// Who held.
        channel: ChannelId,
    },
    /// A channel ended. Told once.
    HungUp {
        /// Which.
        channel: ChannelId,
        /// Why.
        cause: Cause,
    },
    /// A recording is complete and can be fetched.
    RecordingFinished {
        /// Which.
        name: RecordingName,
    },
    /// A recording failed; what there is of it can be fetched.
    RecordingFailed {
        /// Which.
        name: RecordingName,
        /// Why.
        reason: String,
    },
    /// An agent's telephone came or went. May be told again.
    Registration {
        /// Its id.
        agent: String,
        /// Whether it can be rung.
        online: bool,
    },
}

/// What a channel is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Role {
    /// A caller, handed to the platform.
    Caller,
    /// A leg that we dialled, with its [`NewLeg::role`].
    Leg(String),
    /// A caller whom the switch serves by itself because the platform was away.
    Survival,
}

/// How far a channel is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChannelState {
    /// Being dialled, or not yet answered.
    Down,
    /// It rings at the other end.
    Ringing,
    /// Sound flows.
    Up,
}

/// A channel that lives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Channel {
    /// Its id.
    pub id: ChannelId,
    /// What it is for.
    pub role: Role,
    /// How far it is.
    pub state: ChannelState,
    /// Who calls (a caller), or who was called (a leg).
    pub party: Party,
    /// The number that a caller dialled.
    pub called: String,
    /// When it began, by the switch's clock.
    pub since: DateTime<Utc>,
    /// The room it is in.
    pub bridge: Option<BridgeId>,
}

/// A recording in the switch's keeping.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recording {
    /// Its name.
    pub name: RecordingName,
    /// Whether it is still being made.
    pub live: bool,
}

/// Everything that lives in the switch at one moment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// All channels.
    pub channels: Vec<Channel>,
    /// All rooms, empty ones too.
    pub bridges: Vec<BridgeId>,
    /// Recordings that nobody has fetched and forgotten yet.
    pub recordings: Vec<Recording>,
}

impl Snapshot {
    /// The channel of that id, when it lives.
    pub fn channel(&self, id: &ChannelId) -> Option<&Channel> {
        self.channels.iter().find(|c| c.id == *id)
    }
}
