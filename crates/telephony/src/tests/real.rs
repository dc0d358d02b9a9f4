//! The same engine on a real Asterisk, with telephones around it: what counts is what is heard.

use crate::engine::Engine;
use crate::model::call::Call;
use crate::model::decide::Input;
use crate::permissions::ALL;
use crate::service::dial::{Called, Dial, Numbers, Purpose, dial};
use crate::store;
use crate::{CallState, Outcome, SERVICE_NUMBER, SeatState, join_queue, seed_defaults, service};
use async_trait::async_trait;
use engines::asterisk::Scratch;
use files::Files;
use kernel::{Actor, App, CallId, Clock, Result, Tx, UserId};
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use switch::phone::{Phone, Stage};
use switch::{AgentPhone, Asterisk, Device, Events, Settings, Switch, wav};
use testing::TestApp;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;

struct World {
    _database: TestApp,
    app: App,
    asterisk: Scratch,
    trunk: Phone,
    desk: Phone,
    files: Files,
    _dir: tempfile::TempDir,
    engine: Arc<Engine>,
    work: JoinHandle<()>,
    agent: UserId,
    actor: Actor,
    account: AgentPhone,
}

struct Nobody;

#[async_trait]
impl Numbers for Nobody {
    async fn find(&self, _: &mut Tx, _: Purpose) -> Result<Called> {
        Err(crate::TelephonyRule::NoNumber.into())
    }
}

impl World {
    /// An engine on a private Asterisk, and one agent at a desk telephone who serves repairs.
    async fn open() -> Self {
        let database = TestApp::new().await;
        let orgs = database.orgs().await;
        let app = App::new(database.app.pool.clone(), Clock::System);
        let agent = database.staff("anna", orgs.hq).await;
        let actor = testing::actor(agent, ALL, "/hq/");
        let mut tx = app.begin(Actor::system("seed")).await.unwrap();
        let queues = seed_defaults(&mut tx).await.unwrap();
        join_queue(&mut tx, queues["repair"], agent, 0).await.unwrap();
        tx.commit().await.unwrap();
        let (trunk, desk) = (Phone::open().await.unwrap(), Phone::open().await.unwrap());
        let contact = trunk.address().to_string();
        let asterisk = Scratch::start(|c| c.trunk.contact = Some(contact)).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let files = Files::local(dir.path()).unwrap();
        let (switch, events) = connect(&asterisk);
        let id = format!("agent-{}", agent.simple());
        let device = Device::At(desk.address().to_string());
        let account = AgentPhone { id, secret: "s3cret".to_owned(), device };
        let (engine, work) = start(&app, switch.clone(), &files, events);
        let world = Self {
            _database: database,
            app,
            asterisk,
            trunk,
            desk,
            files,
            _dir: dir,
            engine,
            work,
            agent,
            actor,
            account,
        };
        world.give_account(&*switch).await;
        world.ready().await;
        world
    }

    /// A desk telephone's account; a browser's is given by the engine itself.
    async fn give_account(&self, switch: &dyn Switch) {
        let there = async || switch.provision_agent(&self.account).await.is_ok();
        self.until("the switch is there", there).await;
    }

    async fn restart_server(&mut self) {
        self.work.abort();
        let (switch, events) = connect(&self.asterisk);
        (self.engine, self.work) = start(&self.app, switch.clone(), &self.files, events);
        self.give_account(&*switch).await;
    }

    async fn ready(&self) {
        let mut tx = self.app.begin(self.actor.clone()).await.unwrap();
        service::seats::set_state(&mut tx, true, "").await.unwrap();
        tx.commit().await.unwrap();
        self.engine.seat_freed();
    }

    async fn until<F: Future<Output = bool>>(&self, what: &str, is: impl Fn() -> F) {
        for _ in 0..1500 {
            if is().await {
                return;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        panic!("never: {what}");
    }

    async fn newest(&self) -> Option<Call> {
        let sql = "select id from telephony.call order by arrived_at desc limit 1";
        let id: Option<Uuid> =
            sqlx::query_scalar(sql).fetch_optional(&self.app.pool).await.unwrap();
        match id {
            Some(id) => Some(self.call(id.into()).await),
            None => None,
        }
    }

    async fn call(&self, id: CallId) -> Call {
        let mut db = self.app.pool.acquire().await.unwrap();
        store::calls::get(&mut db, id).await.unwrap().unwrap()
    }

    async fn newest_is(&self, state: CallState) -> Call {
        let is = async || self.newest().await.is_some_and(|c| c.state == state);
        self.until(&format!("the call is {state:?}"), is).await;
        self.newest().await.unwrap()
    }

    async fn seat_is(&self, state: SeatState) {
        let sql = "select state from telephony.agent where staff_id = $1";
        let is = async || {
            let seat: SeatState =
                sqlx::query_scalar(sql).bind(*self.agent).fetch_one(&self.app.pool).await.unwrap();
            seat == state
        };
        self.until(&format!("the seat is {state:?}"), is).await;
    }

    async fn act(&self, id: CallId, input: &Input) {
        let mut tx = self.app.begin(self.actor.clone()).await.unwrap();
        service::calls::act(&mut tx, &self.engine.config(), id, input).await.unwrap();
        tx.commit().await.unwrap();
        self.engine.touch(id);
    }

    /// A caller who pressed 1 and speaks with the agent.
    async fn conversation(&mut self) -> (switch::phone::Call, switch::phone::Call, CallId) {
        let mut caller = self.dial_in().await;
        assert!(caller.reaches(Stage::Up).await, "the greeting answers");
        assert!(caller.hears_something().await, "the greeting is heard");
        let menu = async || self.newest().await.is_some_and(|c| c.node.as_deref() == Some("menu"));
        self.until("the menu", menu).await;
        self.ready().await;
        caller.press("1");
        let mut agent = self.desk.rings().await.expect("the agent's telephone rings");
        assert_eq!(agent.caller, "13904510001");
        agent.answer().await.unwrap();
        assert!(agent.reaches(Stage::Up).await);
        let call = self.newest_is(CallState::Talking).await;
        (caller, agent, call.id)
    }

    async fn dial_in(&self) -> switch::phone::Call {
        let port = self.asterisk.instance().config().sip_port;
        let switch = ([127, 0, 0, 1], port).into();
        self.trunk.call(switch, "13904510001", SERVICE_NUMBER).await.unwrap()
    }

    /// The stored recording's samples.
    async fn recorded(&self, id: CallId) -> Vec<i16> {
        let sql = "select file_id from telephony.recording where call_id = $1
                   and state = 'stored'";
        let file = async || {
            let file: Option<Uuid> =
                sqlx::query_scalar(sql).bind(*id).fetch_optional(&self.app.pool).await.unwrap();
            file
        };
        self.until("the recording is stored", async || file().await.is_some()).await;
        let mut tx = self.app.begin(self.actor.clone()).await.unwrap();
        let file = files::get(&mut tx, file().await.unwrap().into()).await.unwrap();
        let bytes = self.files.read(&file, None).await.unwrap();
        let path = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(path.path(), bytes).unwrap();
        wav::samples(path.path()).unwrap()
    }
}

/// How pure a tone is in the half second in which it is purest.
fn purest(samples: &[i16], hz: f64) -> f64 {
    let windows = samples.windows(4000).step_by(800);
    windows.map(|s| wav::tone_share(s, hz)).fold(0.0, f64::max)
}

/// Sound takes its time to be said.
async fn a_second() {
    tokio::time::sleep(Duration::from_secs(1)).await;
}

fn connect(asterisk: &Scratch) -> (Arc<dyn Switch>, Events) {
    let ari = asterisk.instance().ari();
    let (switch, events) = Asterisk::connect(Settings {
        url: ari.url.clone(),
        user: ari.user.clone(),
        password: ari.password.clone(),
        prompts: asterisk.instance().config().prompts.clone(),
        recordings: asterisk.instance().recordings(),
        stand_ins: Vec::new(),
    })
    .unwrap();
    (Arc::new(switch), events)
}

fn start(
    app: &App,
    switch: Arc<dyn Switch>,
    files: &Files,
    events: Events,
) -> (Arc<Engine>, JoinHandle<()>) {
    let engine = Engine::new(app.clone(), switch, files.clone());
    let run = engine.clone().run(events, CancellationToken::new());
    (engine, tokio::spawn(async move { run.await.unwrap() }))
}

/// accepts IV-01 AC-01 RC-01
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn both_sides_hear_each_other_and_both_are_in_the_recording() {
    let mut w = World::open().await;
    let (caller, agent, id) = w.conversation().await;
    caller.speak(Some(600.0));
    assert!(agent.hears_tone(600.0).await, "the agent hears the caller");
    a_second().await;
    caller.speak(None);
    agent.speak(Some(1000.0));
    assert!(caller.hears_tone(1000.0).await, "the caller hears the agent");
    a_second().await;
    w.act(id, &Input::Hold).await;
    caller.forget();
    assert!(caller.hears_something().await, "music on hold");
    agent.speak(None);
    w.act(id, &Input::Unhold).await;
    caller.speak(Some(1400.0));
    agent.forget();
    assert!(agent.hears_tone(1400.0).await, "taken back");
    a_second().await;
    caller.hang_up().await.unwrap();
    let call = w.newest_is(CallState::Ended).await;
    assert_eq!(call.outcome, Some(Outcome::Answered));
    w.seat_is(SeatState::WrapUp).await;
    let samples = w.recorded(id).await;
    for hz in [600.0, 1000.0, 1400.0] {
        assert!(purest(&samples, hz) > 0.5, "{hz} Hz: {}", purest(&samples, hz));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn people_talk_on_while_the_server_restarts_and_lose_only_the_line_when_the_switch_dies() {
    let mut w = World::open().await;
    let (caller, agent, id) = w.conversation().await;
    caller.speak(Some(600.0));
    assert!(agent.hears_tone(600.0).await);
    w.restart_server().await;
    a_second().await;
    agent.forget();
    assert!(agent.hears_tone(600.0).await, "the talk goes on");
    assert_eq!(w.call(id).await.state, CallState::Talking);
    // Asterisk writes two seconds at a time; what it held when it died is lost.
    tokio::time::sleep(Duration::from_secs(4)).await;
    w.asterisk.restart().await.unwrap();
    let call = w.newest_is(CallState::Ended).await;
    assert_eq!(call.outcome, Some(Outcome::Answered));
    w.seat_is(SeatState::WrapUp).await;
    let samples = w.recorded(id).await;
    assert!(purest(&samples, 600.0) > 0.5, "the recording so far");
    assert!(samples.len() > 16_000);
    w.ready().await;
    let (_, _, next) = w.conversation().await;
    assert!(next != id, "the next call works");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_caller_who_leaves_while_it_rings_silences_the_phone() {
    let mut w = World::open().await;
    let mut caller = w.dial_in().await;
    assert!(caller.reaches(Stage::Up).await);
    let menu = async || w.newest().await.is_some_and(|c| c.node.as_deref() == Some("menu"));
    w.until("the menu", menu).await;
    w.ready().await;
    caller.press("1");
    let mut agent = w.desk.rings().await.expect("it rings");
    caller.hang_up().await.unwrap();
    assert!(agent.ends().await.is_some(), "the phone falls silent");
    let call = w.newest_is(CallState::Ended).await;
    assert_eq!(call.outcome, Some(Outcome::AbandonedRinging));
    w.seat_is(SeatState::Idle).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn click_to_call_connects_the_agent_with_the_customer() {
    let mut w = World::open().await;
    let number = Some("13812345678".to_owned());
    let click = Dial { number, order_id: None, revisit_id: None, purpose: "test".to_owned() };
    for busy in [false, true] {
        let mut tx = w.app.begin(w.actor.clone()).await.unwrap();
        let call = dial(&mut tx, &w.engine.config(), &Nobody, &click).await.unwrap();
        tx.commit().await.unwrap();
        w.engine.touch(call.id);
        let mut agent = w.desk.rings().await.expect("the agent's telephone rings first");
        agent.answer().await.unwrap();
        let mut customer = w.trunk.rings().await.expect("then the customer's");
        if busy {
            customer.refuse("486 Busy Here").await.unwrap();
            let call = w.newest_is(CallState::Ended).await;
            assert_eq!(call.outcome, Some(Outcome::Busy));
            assert!(agent.ends().await.is_some());
            continue;
        }
        assert!(agent.hears_something().await, "the agent hears it ring");
        customer.answer().await.unwrap();
        assert!(customer.reaches(Stage::Up).await);
        customer.speak(Some(600.0));
        agent.forget();
        assert!(agent.hears_tone(600.0).await);
        a_second().await;
        customer.speak(None);
        agent.speak(Some(1000.0));
        assert!(customer.hears_tone(1000.0).await);
        a_second().await;
        agent.hang_up().await.unwrap();
        assert!(customer.ends().await.is_some());
        w.newest_is(CallState::Ended).await;
        let samples = w.recorded(call.id).await;
        assert!(purest(&samples, 600.0) > 0.5 && purest(&samples, 1000.0) > 0.5);
    }
}
