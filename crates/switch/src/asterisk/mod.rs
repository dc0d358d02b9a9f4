//! Asterisk over ARI: HTTP for what we ask, a WebSocket for what it tells.

mod agents;
mod http;
mod known;
mod recordings;
mod socket;
mod wire;

use crate::{
    AgentPhone, BridgeId, Cause, ChannelId, Endpoint, Error, Events, NewLeg, PlaybackId, Prompt,
    RecordingName, Result, Snapshot, Switch,
};
use async_trait::async_trait;
use http::{Ari, Failure, fine_when_gone, leaving_is_gone};
use known::Known;
use reqwest::Method;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use tokio::sync::watch;

/// The name under which the platform stands in Asterisk's dialplan.
const APP: &str = "hearthline";

/// Where an Asterisk is and what it shares with us.
#[derive(Clone, Debug)]
pub struct Settings {
    /// `http://127.0.0.1:18088/ari`.
    pub url: String,
    /// ARI's user.
    pub user: String,
    /// Its password.
    pub password: String,
    /// Folder of the spoken prompts, as Asterisk sees it.
    pub prompts: PathBuf,
    /// Folder in which its recordings arrive, as we see it.
    pub recordings: PathBuf,
    /// Accounts that stand in for the public network: while one is registered, calls to outside
    /// ring there. For a demonstration in which nobody has a telephone.
    pub stand_ins: Vec<String>,
}

/// The adapter.
#[derive(Clone, Debug)]
pub struct Asterisk {
    shared: Arc<Shared>,
    /// Ends the listening when the last handle is dropped.
    _alive: Arc<watch::Sender<()>>,
}

#[derive(Debug)]
struct Shared {
    ari: Ari,
    prompts: PathBuf,
    recordings: PathBuf,
    stand_ins: Vec<String>,
    known: Mutex<Known>,
}

impl Shared {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asterisk {
    /// Begins to look for the switch. Its first [`crate::What::Connected`] says that it was found;
    /// afterwards it is looked for again by itself whenever it was lost.
    pub fn connect(settings: Settings) -> Result<(Self, Events)> {
        let ari = Ari::new(&settings.url, &settings.user, &settings.password)?;
        let Settings { prompts, recordings, stand_ins, .. } = settings;
        let known = Mutex::default();
        let shared = Arc::new(Shared { ari, prompts, recordings, stand_ins, known });
        let (sender, events) = tokio::sync::mpsc::unbounded_channel();
        let (alive, gone) = watch::channel(());
        tokio::spawn(socket::run(Arc::clone(&shared), sender, gone));
        Ok((Self { shared, _alive: Arc::new(alive) }, events))
    }

    fn ari(&self) -> &Ari {
        &self.shared.ari
    }

    /// The registered account, if any, that takes the calls to outside.
    fn stand_in(&self) -> Option<String> {
        let known = self.shared.known();
        let here = |id: &&String| known.phones.get(*id) == Some(&true);
        self.shared.stand_ins.iter().find(here).cloned()
    }

    /// A command for one channel.
    async fn channel(&self, id: &ChannelId, verb: &str, body: Value) -> Result<()> {
        leaving_is_gone(self.ari().post(&["channels", id.as_str(), verb], body).await)
    }

    /// The media of a prompt.
    fn media(&self, prompt: &Prompt) -> Vec<String> {
        let named = |name: &str| format!("sound:{}", self.shared.prompts.join(name).display());
        match prompt {
            Prompt::Named(name) => vec![named(name)],
            Prompt::Digits(text) => {
                let digits = text.chars().filter(char::is_ascii_digit);
                digits.map(|d| named(&format!("d{d}"))).collect()
            }
            // Asterisk finds the format by itself and wants the name without it.
            Prompt::File(path) => vec![format!("sound:{}", path.with_extension("").display())],
        }
    }
}

#[async_trait]
impl Switch for Asterisk {
    async fn answer(&self, channel: &ChannelId) -> Result<()> {
        self.channel(channel, "answer", Value::Null).await
    }

    async fn ring(&self, channel: &ChannelId) -> Result<()> {
        self.channel(channel, "ring", Value::Null).await
    }

    async fn play(
        &self,
        channel: &ChannelId,
        playback: &PlaybackId,
        what: &[Prompt],
    ) -> Result<()> {
        let media: Vec<String> = what.iter().flat_map(|p| self.media(p)).collect();
        let path = ["channels", channel.as_str(), "play", playback.as_str()];
        leaving_is_gone(self.ari().post(&path, json!({ "media": media })).await)
    }

    async fn stop_playback(&self, playback: &PlaybackId) -> Result<()> {
        fine_when_gone(self.ari().delete(&["playbacks", playback.as_str()], Value::Null).await)
    }

    async fn is_playing(&self, playback: &PlaybackId) -> Result<bool> {
        match self.ari().get::<Value>(&["playbacks", playback.as_str()]).await {
            Ok(_) => Ok(true),
            Err(Failure::Status(404, _)) => Ok(false),
            Err(other) => Err(other.into()),
        }
    }

    async fn hold_music(&self, channel: &ChannelId, on: bool) -> Result<()> {
        let path = ["channels", channel.as_str(), "moh"];
        let method = if on { Method::POST } else { Method::DELETE };
        let note = |on| {
            if let Some(live) = self.shared.known().live.get_mut(channel) {
                live.music = on;
            }
        };
        if !on {
            // Before it is asked for: music that is being turned on again sees it, in any order.
            note(false);
        }
        let done = leaving_is_gone(self.ari().send(method, &path, Value::Null).await.map(drop));
        if done.is_ok() == on {
            // It is on, or could not be turned off.
            note(true);
        }
        done
    }

    async fn send_digits(&self, channel: &ChannelId, digits: &str) -> Result<()> {
        self.channel(channel, "dtmf", json!({ "dtmf": digits })).await
    }

    async fn hang_up(&self, channel: &ChannelId, cause: Cause) -> Result<()> {
        let path = ["channels", channel.as_str()];
        Ok(self.ari().delete(&path, json!({ "reason_code": cause.code().to_string() })).await?)
    }

    async fn create_bridge(&self, bridge: &BridgeId) -> Result<()> {
        let body = json!({ "type": "mixing,dtmf_events" });
        match self.ari().post(&["bridges", bridge.as_str()], body).await {
            Err(Failure::Status(409, _)) => Ok(()),
            other => Ok(other?),
        }
    }

    async fn add_to_bridge(&self, bridge: &BridgeId, channel: &ChannelId) -> Result<()> {
        let music = self.shared.known().live.get(channel).is_some_and(|l| l.music);
        if music {
            self.hold_music(channel, false).await?;
        }
        let body = json!({ "channel": channel.as_str() });
        leaving_is_gone(self.ari().post(&["bridges", bridge.as_str(), "addChannel"], body).await)
    }

    async fn remove_from_bridge(&self, bridge: &BridgeId, channel: &ChannelId) -> Result<()> {
        let body = json!({ "channel": channel.as_str() });
        leaving_is_gone(self.ari().post(&["bridges", bridge.as_str(), "removeChannel"], body).await)
    }

    async fn destroy_bridge(&self, bridge: &BridgeId) -> Result<()> {
        match self.ari().delete(&["bridges", bridge.as_str()], Value::Null).await {
            // It is dissolving already.
            Err(Failure::Status(409, _)) => Ok(()),
            other => fine_when_gone(other),
        }
    }

    async fn record_bridge(&self, bridge: &BridgeId, name: &RecordingName) -> Result<()> {
        recordings::start(&self.shared, bridge, name).await
    }

    async fn recording_file(&self, name: &RecordingName) -> Result<Option<PathBuf>> {
        recordings::file(&self.shared, name).await
    }

    async fn forget_recording(&self, name: &RecordingName) -> Result<()> {
        let path = ["recordings", "stored", name.as_str()];
        fine_when_gone(self.ari().delete(&path, Value::Null).await)
    }

    async fn originate(&self, leg: &NewLeg) -> Result<()> {
        if !self.shared.known().dial(&leg.channel) {
            return Ok(());
        }
        let (endpoint, name) = match &leg.to {
            Endpoint::Agent(id) => (format!("PJSIP/{id}"), leg.caller.name.as_str()),
            Endpoint::External(number) => match self.stand_in() {
                // Whoever stands in for many numbers must see which of them was called.
                Some(id) => (format!("PJSIP/{id}"), dialable(number)?),
                None => (format!("PJSIP/{}@trunk", dialable(number)?), leg.caller.name.as_str()),
            },
        };
        let caller = format!("\"{}\" <{}>", plain(name), plain(&leg.caller.number));
        let body = json!({
            "endpoint": endpoint,
            "app": APP,
            "appArgs": format!("leg,{}", leg.role),
            "callerId": caller,
            "timeout": leg.timeout.as_secs().max(1),
            "variables": { "HL_ROLE": format!("leg:{}", leg.role) },
        });
        let done = self.ari().post(&["channels", leg.channel.as_str()], body).await;
        match done {
            // The id lives already: this command was carried out before.
            Err(Failure::Status(409, _)) => Ok(()),
            Err(e) => {
                self.shared.known().undial(&leg.channel);
                Err(e.into())
            }
            Ok(()) => Ok(()),
        }
    }

    async fn provision_agent(&self, phone: &AgentPhone) -> Result<()> {
        agents::provision(self.ari(), phone).await?;
        self.shared.known().agents.insert(phone.id.clone(), phone.clone());
        Ok(())
    }

    async fn remove_agent(&self, id: &str) -> Result<()> {
        self.shared.known().agents.remove(id);
        agents::remove(self.ari(), id).await
    }

    async fn is_registered(&self, id: &str) -> Result<bool> {
        agents::is_registered(self.ari(), id).await
    }

    async fn snapshot(&self) -> Result<Snapshot> {
        recordings::snapshot(&self.shared).await
    }
}

/// A number that can be dialled; anything else could name another endpoint.
fn dialable(number: &str) -> Result<&str> {
    let fine = |c: char| c.is_ascii_digit() || c == '+' || c == '*' || c == '#';
    if number.is_empty() || number.len() > 32 || !number.chars().all(fine) {
        return Err(Error::Refused(format!("{number:?} is not a number")));
    }
    Ok(number)
}

/// Text that cannot break out of a caller id.
fn plain(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() && !"\"<>\\".contains(*c)).collect()
}
