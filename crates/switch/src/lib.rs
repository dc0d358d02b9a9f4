//! The port to the telephone switch: what the platform asks of it ([`Switch`]) and what it tells
//! ([`Event`]).
//!
//! The switch carries calls and sound and decides nothing. Two adapters speak this port and pass
//! the same tests (`tests/switch/contract.rs`): [`Asterisk`] over ARI, and [`Simulator`], whose
//! callers and agents are moved by a test's code.
//!
//! Three promises hold for both. A channel that was announced (by [`What::Incoming`], by
//! [`Switch::originate`] or in a [`Snapshot`]) ends in exactly one [`What::HungUp`]. A command
//! for a channel that has ended answers [`Error::Gone`], which is news, not a failure. Ids are
//! the caller's: the same command twice is the same as once.

mod asterisk;
#[cfg(feature = "phone")]
pub mod phone;
mod simulator;
mod types;
pub mod wav;

pub use asterisk::{Asterisk, Settings};
pub use simulator::Simulator;
pub use types::*;

use async_trait::async_trait;
use std::path::PathBuf;

/// What was told by the switch, in its order; one reader.
pub type Events = tokio::sync::mpsc::UnboundedReceiver<Event>;

/// What the platform asks of the telephone switch.
#[async_trait]
pub trait Switch: Send + Sync {
    /// Picks up a caller's channel; from here on the caller pays and hears.
    async fn answer(&self, channel: &ChannelId) -> Result<()>;
    /// Lets the other side hear that it rings somewhere.
    async fn ring(&self, channel: &ChannelId) -> Result<()>;
    /// Plays recordings one after the other; ends in one [`What::PlaybackFinished`].
    async fn play(&self, channel: &ChannelId, playback: &PlaybackId, what: &[Prompt])
    -> Result<()>;
    /// Ends a playback early; one that has ended already is fine.
    async fn stop_playback(&self, playback: &PlaybackId) -> Result<()>;
    /// Whether it is being said still, or waits to be.
    async fn is_playing(&self, playback: &PlaybackId) -> Result<bool>;
    /// Turns the hold music of a channel outside any bridge on or off. It pauses while a
    /// prompt plays.
    async fn hold_music(&self, channel: &ChannelId, on: bool) -> Result<()>;
    /// Presses keys towards the other side.
    async fn send_digits(&self, channel: &ChannelId, digits: &str) -> Result<()>;
    /// Ends a channel and tells the other side why.
    async fn hang_up(&self, channel: &ChannelId, cause: Cause) -> Result<()>;

    /// Makes a room in which channels hear each other.
    async fn create_bridge(&self, bridge: &BridgeId) -> Result<()>;
    /// Brings a channel into the room; its hold music ends.
    async fn add_to_bridge(&self, bridge: &BridgeId, channel: &ChannelId) -> Result<()>;
    /// Takes a channel out of the room; it stays ours.
    async fn remove_from_bridge(&self, bridge: &BridgeId, channel: &ChannelId) -> Result<()>;
    /// Ends the room and its recording; the channels stay ours. One that is gone is fine.
    async fn destroy_bridge(&self, bridge: &BridgeId) -> Result<()>;
    /// Records everything said in the room, both sides in one, until the room ends or the last
    /// party leaves it. Asked again while it records, it goes on as it is.
    async fn record_bridge(&self, bridge: &BridgeId, name: &RecordingName) -> Result<()>;
    /// The finished recording as a WAV file (8 kHz, mono, 16 bit), header mended when the switch
    /// died; none while it is being made or when there is none.
    async fn recording_file(&self, name: &RecordingName) -> Result<Option<PathBuf>>;
    /// Deletes a finished recording; one that is gone is fine.
    async fn forget_recording(&self, name: &RecordingName) -> Result<()>;

    /// Calls an agent or an outside number. While the channel lives, and for some time after, the
    /// same id dials once only. Ends in [`What::LegUp`] or [`What::HungUp`].
    async fn originate(&self, leg: &NewLeg) -> Result<()>;

    /// Gives an agent's telephone its account, or a fresh secret.
    async fn provision_agent(&self, phone: &AgentPhone) -> Result<()>;
    /// Takes the account away; one that is gone is fine.
    async fn remove_agent(&self, id: &str) -> Result<()>;
    /// Whether the agent's telephone can be rung at this moment.
    async fn is_registered(&self, id: &str) -> Result<bool>;

    /// Everything that lives in the switch now, to compare with what we believe.
    async fn snapshot(&self) -> Result<Snapshot>;
}
