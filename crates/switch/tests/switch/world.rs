//! The two worlds in which the contract is tried: a simulator, and a private Asterisk with
//! telephones around it.

use engines::asterisk::Scratch;
use std::sync::Arc;
use std::time::Duration;
use switch::phone::{Call, Phone, Stage};
use switch::{
    AgentPhone, Asterisk, Cause, ChannelId, Device, Endpoint, Event, Events, NewLeg, Settings,
    Simulator, Switch, What,
};
use tokio::time::timeout;

pub const AGENT: &str = "agent-8001";
pub const HOTLINE: &str = "96777";
const PATIENCE: Duration = Duration::from_secs(15);

/// A switch with a trunk, one agent's telephone, and everything it told so far.
pub struct World {
    pub switch: Arc<dyn Switch>,
    pub events: Events,
    pub told: Vec<Event>,
    pub far: FarSide,
}

/// Who moves callers and agents.
pub enum FarSide {
    Simulated(Simulator),
    Real(Box<Real>),
}

pub struct Real {
    pub engine: Scratch,
    pub trunk: Phone,
    pub desk: Phone,
}

/// A telephone at the other end of one channel.
pub enum Far {
    Simulated(Simulator, ChannelId),
    Real(Call),
}

impl World {
    pub async fn simulated() -> Self {
        let (simulator, events) = Simulator::new(|| "2026-11-22T08:00:00Z".parse().unwrap());
        let switch: Arc<dyn Switch> = Arc::new(simulator.clone());
        let far = FarSide::Simulated(simulator);
        Self { switch, events, told: Vec::new(), far }.ready("127.0.0.1:9").await
    }

    pub async fn real() -> Self {
        let (trunk, desk) = (Phone::open().await.unwrap(), Phone::open().await.unwrap());
        let contact = trunk.address().to_string();
        let engine = Scratch::start(|c| c.trunk.contact = Some(contact)).await.unwrap();
        let (asterisk, events) = connect(&engine);
        let at = desk.address().to_string();
        let far = FarSide::Real(Box::new(Real { engine, trunk, desk }));
        Self { switch: Arc::new(asterisk), events, told: Vec::new(), far }.ready(&at).await
    }

    /// The platform begins beside an engine that ran without it.
    pub async fn around(real: Box<Real>) -> Self {
        let (asterisk, events) = connect(&real.engine);
        let at = real.desk.address().to_string();
        let switch: Arc<dyn Switch> = Arc::new(asterisk);
        Self { switch, events, told: Vec::new(), far: FarSide::Real(real) }.ready(&at).await
    }

    async fn ready(mut self, desk: &str) -> Self {
        self.until(|w| *w == What::Connected).await;
        let device = Device::At(desk.to_owned());
        let phone = AgentPhone { id: AGENT.to_owned(), secret: "s3cret".to_owned(), device };
        self.switch.provision_agent(&phone).await.unwrap();
        self
    }

    /// The platform died and is there again: everything it remembered is gone.
    pub async fn restart_platform(&mut self) {
        match &self.far {
            FarSide::Simulated(simulator) => self.events = simulator.reconnect(),
            FarSide::Real(real) => {
                let (asterisk, events) = connect(&real.engine);
                self.switch = Arc::new(asterisk);
                self.events = events;
            }
        }
        self.told.clear();
        self.until(|w| *w == What::Connected).await;
    }

    pub fn real_side(&mut self) -> &mut Real {
        match &mut self.far {
            FarSide::Real(real) => real,
            FarSide::Simulated(_) => panic!("only in the real world"),
        }
    }

    /// Reads on until something of that kind was told.
    pub async fn until(&mut self, wanted: impl Fn(&What) -> bool) -> What {
        loop {
            let event = match timeout(PATIENCE, self.events.recv()).await {
                Ok(Some(event)) => event,
                _ => panic!("it was never told; until now: {:#?}", self.told),
            };
            self.told.push(event.clone());
            if wanted(&event.what) {
                return event.what;
            }
        }
    }

    /// The recording is complete, now or since before.
    pub async fn recorded(&mut self, name: &str) {
        let ended = |w: &What| *w == What::RecordingFinished { name: name.into() };
        if self.count(ended) == 0 {
            self.until(ended).await;
        }
    }

    pub fn count(&self, wanted: impl Fn(&What) -> bool) -> usize {
        self.told.iter().filter(|e| wanted(&e.what)).count()
    }

    /// Everything that was still on its way has been told when another call has come and gone.
    pub async fn settle(&mut self) {
        let (channel, far) = self.caller("13900000000").await;
        far.hang_up().await;
        self.hung_up(&channel).await;
    }

    pub async fn hung_up(&mut self, channel: &ChannelId) -> Cause {
        let ended = |w: &What| matches!(w, What::HungUp { channel: c, .. } if c == channel);
        match self.until(ended).await {
            What::HungUp { cause, .. } => cause,
            other => panic!("{other:?}"),
        }
    }

    /// A caller who has come in.
    pub async fn caller(&mut self, number: &str) -> (ChannelId, Far) {
        let far = match &self.far {
            FarSide::Simulated(s) => Far::Simulated(s.clone(), s.call(number, HOTLINE)),
            FarSide::Real(real) => {
                let port = real.engine.instance().config().sip_port;
                let switch = ([127, 0, 0, 1], port).into();
                Far::Real(real.trunk.call(switch, number, HOTLINE).await.unwrap())
            }
        };
        match self.until(|w| matches!(w, What::Incoming { .. })).await {
            What::Incoming { channel, .. } => (channel, far),
            other => panic!("{other:?}"),
        }
    }

    /// A caller who was answered.
    pub async fn answered_caller(&mut self) -> (ChannelId, Far) {
        let (channel, far) = self.caller("13904510001").await;
        self.switch.answer(&channel).await.unwrap();
        self.until(|w| matches!(w, What::Answered { .. })).await;
        (channel, far)
    }

    /// A leg whose telephone rings.
    pub async fn ringing_leg(&mut self, to: Endpoint) -> (ChannelId, Far) {
        let leg = leg(to);
        self.switch.originate(&leg).await.unwrap();
        let far = match &mut self.far {
            FarSide::Simulated(s) => Far::Simulated(s.clone(), leg.channel.clone()),
            FarSide::Real(real) => Far::Real(match &leg.to {
                Endpoint::Agent(_) => real.desk.rings().await.unwrap(),
                Endpoint::External(_) => real.trunk.rings().await.unwrap(),
            }),
        };
        self.until(|w| matches!(w, What::Ringing { .. })).await;
        (leg.channel, far)
    }

    /// A leg whose telephone was picked up.
    pub async fn answered_leg(&mut self) -> (ChannelId, Far) {
        let (channel, far) = self.ringing_leg(agent()).await;
        far.answer().await;
        self.until(|w| matches!(w, What::LegUp { .. })).await;
        (channel, far)
    }

    /// A caller and an agent who speak, in a room of that name.
    pub async fn conversation(&mut self, room: &str) -> [(ChannelId, Far); 2] {
        let caller = self.answered_caller().await;
        let agent = self.answered_leg().await;
        self.switch.create_bridge(&room.into()).await.unwrap();
        for channel in [&caller.0, &agent.0] {
            self.switch.add_to_bridge(&room.into(), channel).await.unwrap();
        }
        [caller, agent]
    }
}

impl Far {
    pub fn call(&self) -> &Call {
        match self {
            Self::Real(call) => call,
            Self::Simulated(..) => panic!("only in the real world"),
        }
    }

    pub async fn hang_up(&self) {
        match self {
            Self::Simulated(s, channel) => _ = s.other_hangs_up(channel),
            Self::Real(call) => call.hang_up().await.unwrap(),
        }
    }

    pub async fn answer(&self) {
        match self {
            Self::Simulated(s, channel) => _ = s.other_answers(channel),
            Self::Real(call) => call.answer().await.unwrap(),
        }
    }

    pub async fn refuse(&self, cause: Cause) {
        match self {
            Self::Simulated(s, channel) => _ = s.other_refuses(channel, cause),
            Self::Real(call) => {
                let busy = cause == Cause::Busy;
                call.refuse(if busy { "486 Busy Here" } else { "603 Decline" }).await.unwrap();
            }
        }
    }

    /// Nobody picks up: in the simulator time does not pass by itself.
    pub fn ring_out(&self) {
        if let Self::Simulated(s, channel) = self {
            s.other_refuses(channel, Cause::NoAnswer);
        }
    }

    pub fn press(&self, keys: &str) {
        match self {
            Self::Simulated(s, channel) => keys.chars().for_each(|k| s.press(channel, k)),
            Self::Real(call) => call.press(keys),
        }
    }

    pub async fn hold(&self, on: bool) {
        match self {
            Self::Simulated(s, channel) => s.hold(channel, on),
            Self::Real(call) => call.hold(on).await.unwrap(),
        }
    }

    /// What plays comes to its end; in the real world it does so by itself.
    pub fn finish_playback(&self) {
        if let Self::Simulated(s, channel) = self {
            s.finish_playback(channel);
        }
    }

    pub async fn is_rung_off(&mut self) -> bool {
        match self {
            Self::Simulated(s, channel) => s.snapshot().await.unwrap().channel(channel).is_none(),
            Self::Real(call) => call.ends().await.is_some(),
        }
    }

    pub async fn is_answered(&mut self) -> bool {
        match self {
            Self::Simulated(..) => true,
            Self::Real(call) => call.reaches(Stage::Up).await,
        }
    }

    pub async fn hears_keys(&self, keys: &str) -> bool {
        match self {
            Self::Simulated(s, channel) => s.sent_digits(channel) == keys,
            Self::Real(call) => call.hears_keys(keys).await,
        }
    }

    /// What the telephone shows, as far as this world knows it.
    pub fn shows(&self) -> Option<&str> {
        match self {
            Self::Simulated(..) => None,
            Self::Real(call) => Some(&call.caller),
        }
    }
}

pub fn agent() -> Endpoint {
    Endpoint::Agent(AGENT.to_owned())
}

pub fn leg(to: Endpoint) -> NewLeg {
    NewLeg {
        channel: ChannelId(format!("leg-{}", rand_id())),
        to,
        caller: "13904510001".into(),
        timeout: Duration::from_secs(2),
        role: "agent,call-1".to_owned(),
    }
}

fn rand_id() -> u64 {
    use std::sync::atomic::{AtomicU64, Ordering};
    static NEXT: AtomicU64 = AtomicU64::new(1);
    NEXT.fetch_add(1, Ordering::Relaxed)
}

fn connect(engine: &Scratch) -> (Asterisk, Events) {
    let ari = engine.instance().ari();
    Asterisk::connect(Settings {
        url: ari.url.clone(),
        user: ari.user.clone(),
        password: ari.password.clone(),
        prompts: engine.instance().config().prompts.clone(),
        recordings: engine.instance().recordings(),
        stand_ins: Vec::new(),
    })
    .unwrap()
}
