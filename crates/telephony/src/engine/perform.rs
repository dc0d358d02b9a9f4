//! Carries out one command at the switch and notes that it is done.

use super::Engine;
use crate::model::align::{Actual, Command, Leg, LegState};
use crate::model::call::{Call, CallState};
use crate::model::decide::{Gone, Input};
use std::time::Duration;
use switch::{
    BridgeId, Cause, ChannelId, ChannelState, Endpoint, Error, NewLeg, PlaybackId, Prompt,
    RecordingName, Snapshot,
};

/// Our own timers are shorter: the switch's are for when we are gone.
const DIAL_LIMIT: Duration = Duration::from_secs(130);

/// Gives the command; what it returns must be fed to the call.
pub async fn perform(
    engine: &Engine,
    call: &Call,
    command: &Command,
    actual: &mut Actual,
) -> Option<Input> {
    match ask(engine, call, command).await {
        Ok(()) => actual.done(command),
        // News of the end is on its way; there is nothing left to do for that channel.
        Err(Error::Gone) => actual.done(command),
        Err(Error::Unavailable(why)) => {
            // Not noted as done: it is given again when the switch is back.
            tracing::warn!(call.id = %call.id, ?command, why, "the switch is unavailable");
        }
        Err(Error::Refused(why)) => {
            tracing::warn!(call.id = %call.id, ?command, why, "the switch refused");
            actual.done(command);
            match command {
                Command::DialAgent(leg) => {
                    actual.legs.remove(leg);
                    return Some(Input::AgentGone(Gone::Unreachable));
                }
                Command::DialPeer(leg) => {
                    actual.legs.remove(leg);
                    return Some(Input::PeerGone(Gone::Unreachable));
                }
                _ => {}
            }
        }
    }
    None
}

async fn ask(engine: &Engine, call: &Call, command: &Command) -> switch::Result<()> {
    let switch = &*engine.switch;
    let channel = |leg: &String| ChannelId(leg.clone());
    let room = BridgeId(call.id.to_string());
    match command {
        Command::Answer(leg) => switch.answer(&channel(leg)).await,
        Command::Say { channel: leg, turn, prompts } => {
            let prompts: Vec<Prompt> = prompts.iter().cloned().map(Prompt::Named).collect();
            switch.play(&channel(leg), &playback(call, *turn), &prompts).await
        }
        Command::Hush(turn) => switch.stop_playback(&playback(call, *turn)).await,
        Command::Music(leg, on) => switch.hold_music(&channel(leg), *on).await,
        Command::Ringback(leg) => switch.ring(&channel(leg)).await,
        Command::DialAgent(leg) => {
            let endpoint = engine.endpoint(call.agent_id).await;
            let Some(agent) = endpoint else {
                return Err(Error::Refused("the agent has no phone".to_owned()));
            };
            dial(engine, call, leg, Endpoint::Agent(agent), &call.peer_number).await
        }
        Command::DialPeer(leg) => {
            let to = Endpoint::External(call.peer_number.clone());
            dial(engine, call, leg, to, &call.service_number).await
        }
        Command::HangUp(leg) => switch.hang_up(&channel(leg), Cause::Normal).await,
        Command::MakeRoom => switch.create_bridge(&room).await,
        Command::Join(leg) => switch.add_to_bridge(&room, &channel(leg)).await,
        Command::Leave(leg) => switch.remove_from_bridge(&room, &channel(leg)).await,
        Command::Record => switch.record_bridge(&room, &RecordingName(call.id.to_string())).await,
        Command::DropRoom => switch.destroy_bridge(&room).await,
    }
}

async fn dial(
    engine: &Engine,
    call: &Call,
    leg: &str,
    to: Endpoint,
    shown: &str,
) -> switch::Result<()> {
    let leg = NewLeg {
        channel: ChannelId(leg.to_owned()),
        to,
        caller: shown.into(),
        timeout: DIAL_LIMIT,
        role: call.id.to_string(),
    };
    engine.switch.originate(&leg).await
}

fn playback(call: &Call, turn: i32) -> PlaybackId {
    PlaybackId(format!("{}-t{turn}", call.id))
}

impl Engine {
    /// Whether the switch still says what a server before us let it say.
    pub(super) async fn still_says(&self, call: &Call) -> bool {
        self.switch.is_playing(&playback(call, call.turn)).await.unwrap_or(false)
    }
}

/// The turn that a playback said, when it is one of ours.
pub fn turn_of(playback: &str) -> Option<i32> {
    playback.rsplit_once("-t").and_then(|(_, turn)| turn.parse().ok())
}

impl Actual {
    /// A caller's channel that waits to be answered.
    pub fn caller(&mut self, channel: &str) {
        let leg = Leg { state: LegState::Down, in_room: false };
        self.legs.insert(channel.to_owned(), leg);
    }

    /// Takes over what the switch shows. After a restart nothing else is known, and what may
    /// have been lost is done again: music, and what was being said.
    pub fn see(&mut self, call: &Call, picture: &Snapshot, fresh: bool) {
        let name = call.id.to_string();
        let ours = |id: &str| {
            call.peer_channel.as_deref() == Some(id) || Call::of_leg(id) == Some(call.id)
        };
        let channels = picture.channels.iter().filter(|c| ours(c.id.as_str()));
        self.legs = channels
            .map(|c| {
                let state = match c.state {
                    ChannelState::Down => LegState::Down,
                    ChannelState::Ringing => LegState::Ringing,
                    ChannelState::Up => LegState::Up,
                };
                let in_room = c.bridge.as_ref().is_some_and(|b| b.as_str() == name);
                (c.id.0.clone(), Leg { state, in_room })
            })
            .collect();
        self.room = picture.bridges.iter().any(|b| b.as_str() == name);
        self.recording = picture.recordings.iter().any(|r| r.live && r.name.as_str() == name);
        self.dialed.extend(self.legs.keys().cloned());
        if fresh {
            self.music = false;
            self.saying = None;
            let replays = call.state == CallState::Ivr || call.answered_at.is_none();
            self.said = if replays { call.turn - 1 } else { call.turn };
            self.ringback = false;
        }
    }
}
