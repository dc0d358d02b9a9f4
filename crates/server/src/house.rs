//! Everything that runs, from start to stop.

use crate::config::Config;
use crate::demo::{Callers, Open, Phone};
use crate::embedded::{Database, Telephony};
use crate::relay::Hub;
use crate::router::{self, Parts};
use crate::subscriptions::Services;
use crate::{jobs, permissions};
use anyhow::{Context as _, Result};
use axum::Router;
use files::Files;
use identity::session::{Gate, Limits};
use kernel::{Actor, App, Clock, Tx};
use sqlx::PgPool;
use std::future::Future;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;
use telephony::{Called, Engine, Numbers, Purpose, Telephone};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// A house that runs.
pub struct House {
    app: App,
    router: Router,
    listener: TcpListener,
    database: Database,
    stopping: CancellationToken,
    tasks: TaskTracker,
}

impl House {
    /// Starts everything but the door.
    pub async fn start(config: &Config, say: fn(&str)) -> Result<Self> {
        // The port first: nothing is worth starting when somebody else has it.
        let listener = listen(config.http.listen).await?;
        let database = Database::open(config, say).await?;
        let (stopping, tasks) = (CancellationToken::new(), TaskTracker::new());
        match furnish(config, &database, &tasks, &stopping, say).await {
            Ok((app, router)) => Ok(Self { app, router, listener, database, stopping, tasks }),
            Err(e) => {
                // Nothing that was started for us stays behind.
                stopping.cancel();
                tasks.close();
                tasks.wait().await;
                database.close().await;
                Err(e)
            }
        }
    }

    /// Where it listens.
    pub fn address(&self) -> Result<SocketAddr> {
        Ok(self.listener.local_addr()?)
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Serves until `stop` is ready, then stops in order: no new requests, open ones finish,
    /// jobs finish, the database closes.
    pub async fn serve(self, stop: impl Future<Output = ()> + Send + 'static) -> Result<()> {
        let stopping = self.stopping.clone();
        let stopped = async move {
            stop.await;
            stopping.cancel();
        };
        let service = self.router.into_make_service_with_connect_info::<SocketAddr>();
        let serving = axum::serve(self.listener, service).with_graceful_shutdown(stopped);
        let patience = async {
            self.stopping.cancelled().await;
            tokio::time::sleep(Duration::from_secs(5)).await;
        };
        tokio::select! {
            served = serving => served?,
            // A request that hangs does not keep the house open.
            () = patience => tracing::warn!("some requests were cut off"),
        }
        self.tasks.close();
        let _ = tokio::time::timeout(Duration::from_secs(10), self.tasks.wait()).await;
        self.database.close().await;
        Ok(())
    }
}

/// Everything between the database and the door.
async fn furnish(
    config: &Config,
    database: &Database,
    tasks: &TaskTracker,
    stopping: &CancellationToken,
    say: fn(&str),
) -> Result<(App, Router)> {
    let app = App::new(database.pool.clone(), Clock::System);
    prepare(&app, &database.owner, config, say).await?;
    tasks.spawn(database.keep(stopping.clone()));
    let files = Files::local(&config.data.dir.join("files"))?;
    let line = match config.telephony.enabled {
        true => Some(Telephony::start(config, say).await?),
        false => None,
    };
    let hub = Hub::new(stopping.clone());
    let signer = Arc::new(crate::book::signer(&config.data.dir)?);
    let parts = Parts {
        door: identity::Door {
            gate: Gate::new(app.clone(), limits(config)),
            permissions: &permissions::ALL,
            secure_cookie: config.http.secure_cookie,
        },
        files: files.clone(),
        signer: Arc::clone(&signer),
        hub: hub.clone(),
        callers: callers(config, line.as_ref()),
        telephone: connect(&app, files.clone(), line, tasks, stopping),
    };
    let services = Services {
        app: app.clone(),
        sms: Arc::new(channels::LogSms),
        files,
        portal_url: format!("{}/portal", config.http.url()).into(),
    };
    let news = app.clone();
    tasks.spawn(async move { hub.run(&news).await });
    run_jobs(tasks, services.clone(), &database.owner, stopping).await?;
    run_timers(tasks, services, stopping);
    tasks.spawn(crate::book::guard(app.clone(), signer, stopping.clone()));
    if config.demonstration.enabled {
        let town = app.clone();
        every(tasks, stopping, "city.pulse", 30, move || {
            let town = town.clone();
            async move { city::pulse(&town.pool, town.clock.now()).await }
        });
    }
    let router = router::house(&app, &parts, &config.http.web);
    Ok((app, router))
}

async fn listen(address: SocketAddr) -> Result<TcpListener> {
    TcpListener::bind(address).await.with_context(|| {
        format!(
            "cannot listen on {address}: it is taken, or not an address of this machine; stop \
             what uses it (`ss -lptn` names it) or choose another with --port"
        )
    })
}

/// Brings what the product itself brings to this version, and the city that is asked for.
async fn prepare(app: &App, owner: &PgPool, config: &Config, say: fn(&str)) -> Result<()> {
    let mut tx = app.begin(Actor::system("start")).await?;
    identity::ensure_builtin_roles(&mut tx).await?;
    orders::seed_defaults(&mut tx).await?;
    telephony::seed_defaults(&mut tx).await?;
    services::seed_defaults(&mut tx).await?;
    tx.commit().await?;
    let demonstration = &config.demonstration;
    if demonstration.enabled && !city::is_inhabited(&app.pool).await? {
        let plan = city::Plan {
            accounts: demonstration.accounts,
            seed: demonstration.seed,
            now: app.clock.now(),
            password: demonstration.password.clone(),
            with_history: true,
            with_billing: true,
            with_business: true,
        };
        city::load(owner, plan, &say).await?;
        jobs::begin_after_history(app).await?;
    }
    Ok(())
}

/// The demonstration's caller page, when there are a demonstration and a switch.
fn callers(config: &Config, line: Option<&Telephony>) -> Callers {
    match line {
        Some(line) if config.demonstration.enabled => Callers::open(Open {
            switch_url: line.sip_url.clone(),
            phones: line
                .callers
                .iter()
                .map(|c| Phone { endpoint: c.id.clone(), secret: c.password.clone() })
                .collect(),
            service_number: config.telephony.service_number.clone(),
        }),
        _ => Callers::closed(),
    }
}

/// Sets the telephone's engine to work on the line, if there is one.
fn connect(
    app: &App,
    files: Files,
    line: Option<Telephony>,
    tasks: &TaskTracker,
    stopping: &CancellationToken,
) -> Telephone {
    let sip_url = line.as_ref().map(|l| l.sip_url.clone());
    let engine = line.map(|mut line| {
        let engine = Engine::new(app.clone(), Arc::clone(&line.switch), files.clone());
        if let Some(events) = line.events.take() {
            let (working, stop) = (Arc::clone(&engine), stopping.clone());
            tasks.spawn(async move {
                if let Err(e) = working.run(events, stop).await {
                    tracing::error!(error = ?e, "the telephone's engine stopped");
                }
            });
        }
        tasks.spawn(line.keep(stopping.clone()));
        engine
    });
    let numbers = Arc::new(OrderNumbers);
    Telephone { engine, files, numbers, sip_url, realm: "hearthline".to_owned() }
}

/// Whom to call for an order or a revisit: orders know, telephony asks.
pub struct OrderNumbers;

#[async_trait::async_trait]
impl Numbers for OrderNumbers {
    async fn find(&self, tx: &mut Tx, purpose: Purpose) -> kernel::Result<Called> {
        let contact = match purpose {
            Purpose::Order(id) => orders::contact_of(tx, id).await?,
            Purpose::Revisit(id) => orders::contact_of_revisit(tx, id).await?,
        };
        Ok(Called {
            number: contact.phone,
            matter_id: contact.matter_id,
            account_id: contact.account_id,
        })
    }
}

fn limits(config: &Config) -> Limits {
    let at_least_one = |n: u32| NonZeroU32::new(n).unwrap_or(NonZeroU32::MIN);
    Limits {
        per_session: at_least_one(config.limits.per_session),
        per_address: at_least_one(config.limits.per_address),
        sign_ins: at_least_one(config.limits.sign_ins),
    }
}

async fn run_jobs(
    tasks: &TaskTracker,
    services: Services,
    owner: &PgPool,
    stopping: &CancellationToken,
) -> Result<()> {
    let app = services.app.clone();
    let worker = jobs::worker(services.clone(), owner.clone(), stopping.clone());
    let worker = Arc::new(worker.await?);
    tasks.spawn(jobs::work(Arc::clone(&worker), services, owner.clone(), stopping.clone()));
    let stop = stopping.clone();
    let owner = owner.clone();
    tasks.spawn(async move { jobs::fan_out(app, owner, &worker, stop).await });
    Ok(())
}

/// Work by the clock. Each is safe to run on several nodes at once.
fn run_timers(tasks: &TaskTracker, services: Services, stopping: &CancellationToken) {
    let Services { app, sms, .. } = services;
    let watched = app.clone();
    every(tasks, stopping, "orders.watch_limits", 5, move || {
        let app = watched.clone();
        async move { orders::jobs::watch_limits(&app).await.map(drop) }
    });
    let turning = app.clone();
    every(tasks, stopping, "directory.turn", 600, move || {
        let app = turning.clone();
        async move { directory::jobs::turn(&app).await.map(drop) }
    });
    let paying = app.clone();
    every(tasks, stopping, "payments.providers", 15, move || {
        let app = paying.clone();
        async move {
            // No channel of the customer's side is connected yet: people pay refunds out.
            let providers = payments::Providers::default();
            payments::jobs::query_unknown(&app, &providers).await?;
            payments::jobs::push_refunds(&app, &providers).await.map(drop)
        }
    });
    let waiting = app.clone();
    every(tasks, stopping, "dispatch.waiting", 60, move || {
        let app = waiting.clone();
        async move { dispatch::dispatch_waiting(&app).await.map(drop) }
    });
    every(tasks, stopping, "channels.send_waiting", 10, move || {
        let (app, sms) = (app.clone(), Arc::clone(&sms));
        async move { channels::send_waiting(&app, &*sms).await.map(drop) }
    });
}

fn every<F>(
    tasks: &TaskTracker,
    stopping: &CancellationToken,
    name: &'static str,
    seconds: u64,
    work: impl Fn() -> F + Send + 'static,
) where
    F: Future<Output = kernel::Result<()>> + Send,
{
    let stopping = stopping.clone();
    tasks.spawn(async move {
        let mut tick = tokio::time::interval(Duration::from_secs(seconds));
        tick.set_missed_tick_behavior(tokio::time::MissedTickBehavior::Delay);
        loop {
            tokio::select! {
                _ = tick.tick() => {}
                () = stopping.cancelled() => return,
            }
            if let Err(e) = work().await {
                tracing::warn!(timer = name, error = ?e, "will be tried again");
            }
        }
    });
}
