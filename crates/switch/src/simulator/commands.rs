//! The simulator as the platform sees it.

use super::{Agent, Line, Simulator};
use crate::{
    AgentPhone, BridgeId, Cause, ChannelId, ChannelState, Endpoint, Error, NewLeg, Party,
    PlaybackId, Prompt, Recording, RecordingName, Result, Role, Snapshot, Switch, What,
};
use async_trait::async_trait;
use std::collections::hash_map::Entry;
use std::path::PathBuf;

#[async_trait]
impl Switch for Simulator {
    async fn answer(&self, channel: &ChannelId) -> Result<()> {
        let state =
            self.with_line(channel, |l| std::mem::replace(&mut l.channel.state, ChannelState::Up))?;
        if state != ChannelState::Up {
            self.tell(What::Answered { channel: channel.clone() });
        }
        Ok(())
    }

    async fn ring(&self, channel: &ChannelId) -> Result<()> {
        self.with_line(channel, |_| ())
    }

    async fn play(
        &self,
        channel: &ChannelId,
        playback: &PlaybackId,
        what: &[Prompt],
    ) -> Result<()> {
        self.with_line(channel, |l| l.playing = Some((playback.clone(), what.to_vec())))
    }

    async fn stop_playback(&self, playback: &PlaybackId) -> Result<()> {
        let channel = {
            let state = self.up()?;
            let playing = |l: &&Line| l.playing.as_ref().is_some_and(|(p, _)| p == playback);
            state.channels.values().find(playing).map(|l| l.channel.id.clone())
        };
        if let Some(channel) = channel {
            self.finish_playback(&channel);
        }
        Ok(())
    }

    async fn is_playing(&self, playback: &PlaybackId) -> Result<bool> {
        let state = self.up()?;
        let playing = |l: &Line| l.playing.as_ref().is_some_and(|(p, _)| p == playback);
        Ok(state.channels.values().any(playing))
    }

    async fn hold_music(&self, channel: &ChannelId, on: bool) -> Result<()> {
        self.with_line(channel, |l| l.music = on)
    }

    async fn send_digits(&self, channel: &ChannelId, digits: &str) -> Result<()> {
        self.with_line(channel, |l| l.sent.push_str(digits))
    }

    async fn hang_up(&self, channel: &ChannelId, cause: Cause) -> Result<()> {
        drop(self.up()?);
        if self.end(channel, cause) { Ok(()) } else { Err(Error::Gone) }
    }

    async fn create_bridge(&self, bridge: &BridgeId) -> Result<()> {
        self.up()?.bridges.entry(bridge.clone()).or_default();
        Ok(())
    }

    async fn add_to_bridge(&self, bridge: &BridgeId, channel: &ChannelId) -> Result<()> {
        let mut state = self.up()?;
        if !state.bridges.contains_key(bridge) {
            return Err(Error::Gone);
        }
        let line = state.channels.get_mut(channel).ok_or(Error::Gone)?;
        line.channel.bridge = Some(bridge.clone());
        line.music = false;
        Ok(())
    }

    async fn remove_from_bridge(&self, bridge: &BridgeId, channel: &ChannelId) -> Result<()> {
        {
            let mut state = self.up()?;
            let line = state.channels.get_mut(channel).ok_or(Error::Gone)?;
            line.channel.bridge.take_if(|b| b == bridge).ok_or(Error::Gone)?;
        }
        self.left(Some(bridge.clone()));
        Ok(())
    }

    async fn destroy_bridge(&self, bridge: &BridgeId) -> Result<()> {
        for line in self.up()?.channels.values_mut() {
            line.channel.bridge.take_if(|b| b == bridge);
        }
        self.left(Some(bridge.clone()));
        self.lock().bridges.remove(bridge);
        Ok(())
    }

    async fn record_bridge(&self, bridge: &BridgeId, name: &RecordingName) -> Result<()> {
        let mut state = self.up()?;
        if !state.bridges.contains_key(bridge) {
            return Err(Error::Gone);
        }
        match state.recordings.get(name) {
            Some(true) => return Ok(()),
            Some(false) => return Err(Error::Refused(format!("{name} exists"))),
            None => state.recordings.insert(name.clone(), true),
        };
        if let Some(room) = state.bridges.get_mut(bridge) {
            room.recording = Some(name.clone());
        }
        Ok(())
    }

    async fn recording_file(&self, name: &RecordingName) -> Result<Option<PathBuf>> {
        if self.up()?.recordings.get(name) != Some(&false) {
            return Ok(None);
        }
        let process = std::process::id();
        let path = std::env::temp_dir().join(format!("hearthline-sim-{process}-{name}.wav"));
        crate::wav::write(&path, &[0; 8000])
            .map_err(|e| Error::Unavailable(format!("{}: {e}", path.display())))?;
        Ok(Some(path))
    }

    async fn forget_recording(&self, name: &RecordingName) -> Result<()> {
        self.up()?.recordings.remove(name);
        Ok(())
    }

    async fn originate(&self, leg: &NewLeg) -> Result<()> {
        let reachable = {
            let mut state = self.up()?;
            if !state.dialled.insert(leg.channel.clone()) {
                return Ok(());
            }
            let role = Role::Leg(leg.role.clone());
            let (party, reachable) = match &leg.to {
                Endpoint::Agent(id) => {
                    (Party::default(), state.agents.get(id).is_some_and(|a| a.online))
                }
                Endpoint::External(number) => (Party::from(number.as_str()), true),
            };
            let mut line = self.line(&leg.channel, role, party, "");
            line.to = Some(leg.to.clone());
            line.channel.state = ChannelState::Ringing;
            state.channels.insert(leg.channel.clone(), line);
            reachable
        };
        if reachable {
            self.tell(What::Ringing { channel: leg.channel.clone() });
        } else {
            self.end(&leg.channel, Cause::Unreachable);
        }
        Ok(())
    }

    async fn provision_agent(&self, phone: &AgentPhone) -> Result<()> {
        let online = matches!(phone.device, crate::Device::At(_));
        let new = {
            let mut state = self.up()?;
            let new = Agent { phone: phone.clone(), online };
            match state.agents.entry(phone.id.clone()) {
                Entry::Occupied(mut known) => {
                    known.get_mut().phone = phone.clone();
                    false
                }
                Entry::Vacant(place) => {
                    place.insert(new);
                    true
                }
            }
        };
        if new && online {
            self.tell(What::Registration { agent: phone.id.clone(), online });
        }
        Ok(())
    }

    async fn remove_agent(&self, id: &str) -> Result<()> {
        self.up()?.agents.remove(id);
        Ok(())
    }

    async fn is_registered(&self, id: &str) -> Result<bool> {
        Ok(self.up()?.agents.get(id).is_some_and(|a| a.online))
    }

    async fn snapshot(&self) -> Result<Snapshot> {
        let state = self.up()?;
        let recordings = state.recordings.iter();
        Ok(Snapshot {
            channels: state.channels.values().map(|l| l.channel.clone()).collect(),
            bridges: state.bridges.keys().cloned().collect(),
            recordings: recordings
                .map(|(name, live)| Recording { name: name.clone(), live: *live })
                .collect(),
        })
    }
}
