//! The engine: hears the switch, decides in the database, and makes the switch follow.
//!
//! Each call has a task of its own (`actor`). Every step is one short transaction on the locked
//! row; only after its commit the switch is asked for what the row now says. What this process
//! remembers can be made again from the rows and a picture of the switch, which is what happens
//! at the start, when the switch returns, and every few seconds (`reconcile`).

mod actor;
pub(crate) mod apply;
mod compare;
mod config;
mod keep;
mod news;
mod pairing;
mod perform;
mod reconcile;
mod sweep;

pub use actor::Msg;
pub(crate) use actor::arrived;
pub use config::Config;

use crate::model::call::Call;
use crate::model::decide::{Input, World as _};
use crate::store::{calls, seats};
use actor::{Actor, News};
use files::Files;
use kernel::{Actor as Who, App, CallId, Channel, Result, Tx, UserId};
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::Duration;
use switch::{AgentPhone, Cause, ChannelId, Device, Event, Events, Switch, What};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::{Notify, oneshot};
use tokio_util::sync::CancellationToken;

/// Runs the telephone. One engine in the company works at a time.
pub struct Engine {
    app: App,
    switch: Arc<dyn Switch>,
    files: Files,
    config: RwLock<Arc<Config>>,
    /// Held while settings are read: an older reading never replaces a newer one.
    reading: tokio::sync::Mutex<()>,
    calls: Mutex<HashMap<CallId, UnboundedSender<Msg>>>,
    channels: Mutex<HashMap<String, CallId>>,
    endpoints: Mutex<HashMap<UserId, String>>,
    /// Woken when a caller waits or an agent is free.
    pair: Notify,
    /// Woken when a recording may be fetched.
    keep: Notify,
    /// Woken when the switch should be compared at once.
    compare: Notify,
    healed: AtomicU64,
    stop: CancellationToken,
}

impl Engine {
    /// An engine that does nothing until it is run.
    pub fn new(app: App, switch: Arc<dyn Switch>, files: Files) -> Arc<Self> {
        Arc::new(Self {
            app,
            switch,
            files,
            config: RwLock::default(),
            reading: tokio::sync::Mutex::default(),
            calls: Mutex::default(),
            channels: Mutex::default(),
            endpoints: Mutex::default(),
            pair: Notify::new(),
            keep: Notify::new(),
            compare: Notify::new(),
            healed: AtomicU64::new(0),
            stop: CancellationToken::new(),
        })
    }

    /// Works until `cancel`, or until the engine is dropped with this future.
    pub async fn run(self: Arc<Self>, mut events: Events, cancel: CancellationToken) -> Result<()> {
        let _stop = self.stop.clone().drop_guard();
        let lead = tokio::select! {
            lead = reconcile::lead(&self.app) => lead,
            () = cancel.cancelled() => return Ok(()),
        };
        // What was told before is in the picture that is taken now.
        while events.try_recv().is_ok() {}
        tokio::select! {
            () = self.reload_until_done() => {}
            () = cancel.cancelled() => return Ok(()),
        }
        let (registrations, seats) = unbounded_channel();
        tokio::select! {
            () = cancel.cancelled() => {}
            () = self.hear(&mut events, &registrations) => {}
            () = self.clone().follow_phones(seats) => {}
            () = pairing::run(self.clone()) => {}
            () = sweep::run(self.clone()) => {}
            () = keep::run(self.clone()) => {}
            () = reconcile::run(self.clone(), lead) => {}
        }
        Ok(())
    }

    async fn reload_until_done(&self) {
        while let Err(e) = self.reload().await {
            tracing::warn!(error = ?e, "the settings could not be read");
            tokio::time::sleep(Duration::from_millis(500)).await;
        }
    }

    // ---- what others ask of it ----

    /// Something happened to a call that is not the switch's news.
    pub fn tell(self: &Arc<Self>, call: CallId, input: Input) {
        self.send(call, Msg::Input(input));
    }

    /// A call's row was changed: the switch shall follow.
    pub fn touch(self: &Arc<Self>, call: CallId) {
        self.send(call, Msg::Touch);
        self.pair.notify_one();
    }

    /// A seat became free.
    pub fn seat_freed(&self) {
        self.pair.notify_one();
    }

    /// Queues or flows were changed.
    pub async fn reload(&self) -> Result<()> {
        let _reading = self.reading.lock().await;
        let config = Arc::new(Config::load(&self.app).await?);
        *self.config.write().unwrap_or_else(PoisonError::into_inner) = config;
        self.pair.notify_one();
        Ok(())
    }

    /// What people set up, as the engine sees it now.
    pub fn config(&self) -> Arc<Config> {
        self.config.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Gives an agent's softphone an account with this password.
    pub async fn provision(&self, endpoint: &str, secret: &str) -> switch::Result<()> {
        let (id, secret) = (endpoint.to_owned(), secret.to_owned());
        self.switch.provision_agent(&AgentPhone { id, secret, device: Device::Browser }).await
    }

    /// How often the database and the switch differed and were brought together.
    pub fn healed_count(&self) -> u64 {
        self.healed.load(Ordering::Relaxed)
    }

    // ---- hearing ----

    async fn hear(self: &Arc<Self>, events: &mut Events, phones: &UnboundedSender<(String, bool)>) {
        while let Some(Event { what, .. }) = events.recv().await {
            match what {
                What::Connected => self.compare.notify_one(),
                What::Disconnected => tracing::warn!("the switch is out of reach"),
                What::Incoming { channel, caller, called } => {
                    self.incoming(&channel, caller.number, called);
                }
                What::Answered { channel } | What::LegUp { channel, .. } => {
                    self.news(&channel, News::Up);
                }
                What::Ringing { channel } => self.news(&channel, News::Ringing),
                What::Digit { channel, digit } => self.news(&channel, News::Key(digit)),
                What::PlaybackFinished { channel, playback } => {
                    if let Some(turn) = perform::turn_of(playback.as_str()) {
                        self.news(&channel, News::Played(turn));
                    }
                }
                What::Held { channel } => self.news(&channel, News::Held),
                What::Unheld { channel } => self.news(&channel, News::Unheld),
                What::HungUp { channel, cause } => self.gone(&channel, cause),
                What::RecordingFinished { .. } => self.keep.notify_one(),
                What::RecordingFailed { name, reason } => {
                    tracing::warn!(recording = %name, reason, "a recording failed");
                    self.keep.notify_one();
                }
                What::Registration { agent, online } => {
                    // The reader of this channel lives as long as we do.
                    let _ = phones.send((agent, online));
                }
            }
        }
    }

    fn incoming(self: &Arc<Self>, channel: &ChannelId, number: String, called: String) {
        let id: CallId = {
            let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
            if channels.contains_key(channel.as_str()) {
                return;
            }
            let id = self.app.new_id();
            channels.insert(channel.0.clone(), id);
            id
        };
        self.send(id, Msg::Incoming { channel: channel.0.clone(), number, called });
    }

    fn call_of(&self, channel: &ChannelId) -> Option<CallId> {
        Call::of_leg(channel.as_str()).or_else(|| {
            let channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
            channels.get(channel.as_str()).copied()
        })
    }

    fn news(self: &Arc<Self>, channel: &ChannelId, news: News) {
        if let Some(call) = self.call_of(channel) {
            self.send(call, Msg::News(channel.0.clone(), news));
        }
    }

    fn gone(self: &Arc<Self>, channel: &ChannelId, cause: Cause) {
        self.news(channel, News::Gone(cause));
        let mut channels = self.channels.lock().unwrap_or_else(PoisonError::into_inner);
        channels.remove(channel.as_str());
    }

    // ---- the calls' tasks ----

    fn send(self: &Arc<Self>, call: CallId, msg: Msg) {
        if self.stop.is_cancelled() {
            return;
        }
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        let msg = match calls.get(&call) {
            Some(inbox) => match inbox.send(msg) {
                Ok(()) => return,
                Err(e) => e.0,
            },
            None => msg,
        };
        let (inbox, reader) = unbounded_channel();
        // The reader is in our hand.
        let _ = inbox.send(msg);
        calls.insert(call, inbox);
        tokio::spawn(Actor::new(self.clone(), call).run(reader));
    }

    /// Lets a call's task go when nothing more waits for it.
    fn retire(&self, call: CallId, inbox: &mut UnboundedReceiver<Msg>) -> bool {
        let mut calls = self.calls.lock().unwrap_or_else(PoisonError::into_inner);
        if !inbox.is_empty() {
            return false;
        }
        calls.remove(&call);
        true
    }

    /// Offers a call to a free agent; whether the offer stands.
    async fn offer(self: &Arc<Self>, call: CallId, agent: UserId) -> bool {
        let (answer, stands) = oneshot::channel();
        self.send(call, Msg::Offer(agent, answer));
        stands.await.unwrap_or(false)
    }

    // ---- small services for the calls' tasks ----

    async fn begin(&self) -> Result<Tx> {
        let grants = Arc::new([]);
        let name = "telephony".to_owned();
        self.app.begin(Who { user: None, name, channel: Channel::Phone, grants }).await
    }

    async fn load(&self, id: CallId) -> Result<Option<Call>> {
        let mut db = self.app.pool.acquire().await?;
        calls::get(&mut db, id).await
    }

    /// The configuration, with the graph that this call walks even when it was published a
    /// moment ago elsewhere.
    async fn config_for(&self, call: &Call) -> Result<Arc<Config>> {
        let config = self.config();
        let lacks = call.state == crate::CallState::Ivr && config.graph(call).is_none();
        if lacks {
            self.reload().await?;
            return Ok(self.config());
        }
        Ok(config)
    }

    async fn endpoint(&self, agent: Option<UserId>) -> Option<String> {
        let agent = agent?;
        let known = {
            let endpoints = self.endpoints.lock().unwrap_or_else(PoisonError::into_inner);
            endpoints.get(&agent).cloned()
        };
        if known.is_some() {
            return known;
        }
        let found = seats::endpoint(&self.app, agent).await.ok().flatten()?;
        let mut endpoints = self.endpoints.lock().unwrap_or_else(PoisonError::into_inner);
        endpoints.insert(agent, found.clone());
        Some(found)
    }

    async fn hang_up_stray(&self, channel: &str) {
        if let Err(e) = self.switch.hang_up(&ChannelId::from(channel), Cause::Normal).await {
            tracing::debug!(channel, error = %e, "a stray channel was gone");
        }
    }

    fn healed(&self) {
        self.healed.fetch_add(1, Ordering::Relaxed);
    }
}
