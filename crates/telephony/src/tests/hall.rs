//! A call centre of the test's own: database, clock, simulated switch, a running engine.

use crate::engine::Engine;
use crate::model::call::Call;
use crate::permissions::ALL;
use crate::service;
use crate::store;
use crate::{CallState, SERVICE_NUMBER, SeatState, join_queue, seed_defaults};
use chrono::TimeDelta;
use files::Files;
use kernel::{Actor, CallId, QueueId, Tx, UserId};
use std::collections::BTreeMap;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use switch::{AgentPhone, ChannelId, Device, Endpoint, Events, Simulator, Switch as _};
use testing::TestApp;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

/// The call centre.
pub struct Hall {
    pub t: TestApp,
    pub sim: Simulator,
    pub engine: Arc<Engine>,
    pub queues: BTreeMap<String, QueueId>,
    files: Files,
    _dir: tempfile::TempDir,
    work: JoinHandle<()>,
}

/// An agent at work.
#[derive(Clone)]
pub struct Agent {
    pub id: UserId,
    pub actor: Actor,
    pub endpoint: String,
    pub tab: Uuid,
}

impl Hall {
    /// A centre with the defaults, its engine at work.
    pub async fn open() -> Self {
        let t = TestApp::new().await;
        t.orgs().await;
        let mut tx = t.tx(&Actor::system("seed")).await;
        let queues = seed_defaults(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        let clock = t.app.clock.clone();
        let (sim, events) = Simulator::new(move || clock.now());
        let dir = tempfile::tempdir().unwrap();
        let files = Files::local(dir.path()).unwrap();
        let (engine, work) = start(&t, &sim, &files, events);
        let hall = Self { t, sim, engine, queues, files, _dir: dir, work };
        hall.until("the engine works", async || hall.engine.config().flow_of("1").is_some()).await;
        hall
    }

    /// The server dies at once and another takes its place.
    pub async fn restart(&mut self) {
        self.work.abort();
        let events = self.sim.reconnect();
        (self.engine, self.work) = start(&self.t, &self.sim, &self.files, events);
        let engine = self.engine.clone();
        self.until("the engine works", async || engine.config().flow_of("1").is_some()).await;
    }

    /// The server dies and none takes its place yet.
    pub async fn kill(&mut self) {
        self.work.abort();
        let _ = (&mut self.work).await;
    }

    /// Waits until it is so; that it never becomes so fails the test.
    pub async fn until<F: Future<Output = bool>>(&self, what: &str, is: impl Fn() -> F) {
        for _ in 0..1000 {
            if is().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("never: {what}");
    }

    pub fn advance(&self, seconds: i64) {
        self.t.advance(TimeDelta::seconds(seconds));
    }

    /// Somebody at a registered phone, away, a member of these queues.
    pub async fn agent(&self, login: &str, queues: &[&str]) -> Agent {
        let org = sqlx::query_scalar::<_, Uuid>("select id from identity.org where code = 'hq'");
        let org = org.fetch_one(&self.t.app.pool).await.unwrap();
        let id = self.t.staff(login, org.into()).await;
        let actor = testing::actor(id, ALL, "/hq/");
        let mut tx = self.t.tx(&Actor::system("seed")).await;
        for (sort, key) in queues.iter().enumerate() {
            let sort = i32::try_from(sort).unwrap();
            join_queue(&mut tx, self.queues[*key], id, sort).await.unwrap();
        }
        tx.commit().await.unwrap();
        self.engine.reload().await.unwrap();
        let agent = Agent { id, actor, endpoint: String::new(), tab: Uuid::new_v4() };
        self.open_page(agent).await
    }

    /// The agent's page begins anew: a fresh account, a registered phone, a sign of life.
    pub async fn open_page(&self, agent: Agent) -> Agent {
        let mut tx = self.t.tx(&agent.actor).await;
        let tab = Uuid::new_v4();
        let opened = service::seats::softphone(&mut tx, "test", Some(tab)).await;
        let (phone, effect) = opened.unwrap();
        tx.commit().await.unwrap();
        if let Some((call, input)) = effect {
            self.engine.tell(call, input);
        }
        let (id, secret) = (phone.endpoint.clone(), phone.secret);
        let account = AgentPhone { id, secret, device: Device::Browser };
        self.sim.provision_agent(&account).await.unwrap();
        self.sim.register(&phone.endpoint, true);
        let agent = Agent { endpoint: phone.endpoint, tab, ..agent };
        self.beat(&agent).await;
        agent
    }

    /// A sign of life.
    pub async fn beat(&self, agent: &Agent) -> bool {
        let mut tx = self.t.tx(&agent.actor).await;
        let (beat, effect) = service::seats::heartbeat(&mut tx, true, agent.tab).await.unwrap();
        tx.commit().await.unwrap();
        if let Some((call, input)) = effect {
            self.engine.tell(call, input);
        }
        self.engine.seat_freed();
        beat.leads
    }

    /// The agent is ready for calls.
    pub async fn ready(&self, agent: &Agent) {
        let mut tx = self.t.tx(&agent.actor).await;
        service::seats::set_state(&mut tx, true, "").await.unwrap();
        tx.commit().await.unwrap();
        self.engine.seat_freed();
    }

    /// An agent who is ready.
    pub async fn ready_agent(&self, login: &str, queues: &[&str]) -> Agent {
        let agent = self.agent(login, queues).await;
        self.ready(&agent).await;
        agent
    }

    pub async fn tx(&self, agent: &Agent) -> Tx {
        self.t.tx(&agent.actor).await
    }

    pub async fn seat(&self, agent: &Agent) -> SeatState {
        self.seat_row(agent).await.0
    }

    pub async fn seat_row(&self, agent: &Agent) -> (SeatState, String) {
        let sql = "select state, reason from telephony.agent where staff_id = $1";
        sqlx::query_as(sql).bind(*agent.id).fetch_one(&self.t.app.pool).await.unwrap()
    }

    pub async fn seat_is(&self, agent: &Agent, state: SeatState) {
        self.until(&format!("seat {state:?}"), async || self.seat(agent).await == state).await;
    }

    /// Somebody calls the service number; gives the channel and the call.
    pub async fn ring_up(&self, number: &str) -> (ChannelId, CallId) {
        let channel = self.sim.call(number, SERVICE_NUMBER);
        let sql = "select id from telephony.call where peer_channel = $1";
        let found = async || {
            let id: Option<Uuid> = sqlx::query_scalar(sql)
                .bind(channel.as_str())
                .fetch_optional(&self.t.app.pool)
                .await
                .unwrap();
            id
        };
        self.until("the call has a row", async || found().await.is_some()).await;
        let id = found().await.unwrap();
        (channel, id.into())
    }

    /// Somebody calls, hears the greeting, and presses `key` in the menu.
    pub async fn choose(&self, number: &str, key: char) -> (ChannelId, CallId) {
        let (channel, id) = self.ring_up(number).await;
        self.hears(&channel, "welcome").await;
        self.sim.finish_playback(&channel);
        self.hears(&channel, "menu_main").await;
        self.sim.press(&channel, key);
        self.until("it left the menu", async || self.call(id).await.state != CallState::Ivr).await;
        (channel, id)
    }

    /// Waits until the caller is told `prompt`.
    pub async fn hears(&self, channel: &ChannelId, prompt: &str) {
        let named = switch::Prompt::Named(prompt.to_owned());
        let what = format!("{prompt} is heard");
        self.until(&what, async || self.sim.playing(channel).contains(&named)).await;
    }

    pub async fn call(&self, id: CallId) -> Call {
        let mut db = self.t.app.pool.acquire().await.unwrap();
        store::calls::get(&mut db, id).await.unwrap().unwrap()
    }

    pub async fn call_is(&self, id: CallId, state: CallState) -> Call {
        let what = format!("call {state:?}");
        self.until(&what, async || self.call(id).await.state == state).await;
        self.call(id).await
    }

    /// The leg that rings at the agent's phone now.
    pub async fn rung(&self, agent: &Agent) -> ChannelId {
        self.until("the phone rings", async || !self.ringing(agent).is_empty()).await;
        self.ringing(agent).remove(0)
    }

    pub fn ringing(&self, agent: &Agent) -> Vec<ChannelId> {
        self.sim.ringing_at(&Endpoint::Agent(agent.endpoint.clone()))
    }

    /// A caller who speaks with `agent`: caller's leg, agent's leg, call.
    pub async fn conversation(&self, agent: &Agent) -> (ChannelId, ChannelId, CallId) {
        let (caller, id) = self.choose("13800000001", '1').await;
        let leg = self.rung(agent).await;
        self.sim.other_answers(&leg);
        self.call_is(id, CallState::Talking).await;
        self.together(&caller, &leg).await;
        (caller, leg, id)
    }

    /// Waits until the two hear each other.
    pub async fn together(&self, a: &ChannelId, b: &ChannelId) {
        let same = async || {
            let picture = self.sim.snapshot().await.unwrap();
            let room = |id| picture.channel(id).and_then(|c| c.bridge.clone());
            room(a).is_some() && room(a) == room(b)
        };
        self.until("they hear each other", same).await;
    }

    /// Nothing is left in the switch.
    pub async fn quiet(&self) {
        let empty = async || {
            let picture = self.sim.snapshot().await.unwrap();
            picture.channels.is_empty() && picture.bridges.is_empty()
        };
        self.until("the switch is empty", empty).await;
    }

    /// The kinds of what was told about a call, in order.
    pub async fn story(&self, id: CallId) -> Vec<String> {
        let sql = "select kind from kernel.event where subject_id = $1 order by id";
        sqlx::query_scalar(sql).bind(*id).fetch_all(&self.t.app.pool).await.unwrap()
    }

    pub async fn count(&self, sql: &'static str) -> i64 {
        sqlx::query_scalar(sql).fetch_one(&self.t.app.pool).await.unwrap()
    }

    /// State and length of a call's recording.
    pub async fn recording(&self, id: CallId) -> (String, Option<f64>) {
        let sql = "select state, seconds from telephony.recording where call_id = $1";
        sqlx::query_as(sql).bind(*id).fetch_one(&self.t.app.pool).await.unwrap()
    }

    pub async fn stored(&self, id: CallId) {
        self.until("the recording is stored", async || self.recording(id).await.0 == "stored")
            .await;
    }

    pub fn config(&self) -> Arc<crate::engine::Config> {
        self.engine.config()
    }
}

fn start(
    t: &TestApp,
    sim: &Simulator,
    files: &Files,
    events: Events,
) -> (Arc<Engine>, JoinHandle<()>) {
    let engine = Engine::new(t.app.clone(), Arc::new(sim.clone()), files.clone());
    let run = engine.clone().run(events, CancellationToken::new());
    (engine, tokio::spawn(async move { run.await.unwrap() }))
}

impl Drop for Hall {
    fn drop(&mut self) {
        self.work.abort();
    }
}
