//! What the house starts for itself when a company brings nothing of its own.

use crate::config::Config;
use anyhow::{Context as _, Result};
use engines::asterisk::{self, DemoCaller, Install, Instance};
use engines::postgres::{Cluster, Purpose};
use sqlx::PgPool;
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;
use switch::{Asterisk, Events, Settings, Switch};
use tokio_util::sync::CancellationToken;

/// The database: the configured one, or a private cluster under the data folder.
pub struct Database {
    /// Connections to it, with the rights of the program's role.
    pub pool: PgPool,
    /// Connections of who owns the tables: for the schema, the job queue and loaders.
    pub owner: PgPool,
    cluster: Option<Cluster>,
}

impl Database {
    /// Opens it, starting the private cluster when none is configured, and brings the schema to
    /// this version.
    pub async fn open(config: &Config, say: fn(&str)) -> Result<Self> {
        let (url, cluster) = match &config.database.url {
            Some(url) => (url.clone(), None),
            None => {
                let dir = config.data.dir.join("postgres");
                let cluster = tokio::task::spawn_blocking(move || {
                    let cluster = Cluster::start(&dir, Purpose::Durable, &say)?;
                    cluster.ensure_database("hearthline")?;
                    Ok::<_, engines::postgres::Error>(cluster)
                });
                let cluster = cluster.await?.context("the private PostgreSQL does not start")?;
                (cluster.url("hearthline"), Some(cluster))
            }
        };
        match connect(config, &url).await {
            Ok((pool, owner)) => Ok(Self { pool, owner, cluster }),
            Err(e) => {
                if let Some(cluster) = cluster {
                    let _ = tokio::task::spawn_blocking(move || cluster.stop()).await;
                }
                Err(e)
            }
        }
    }

    /// Closes the connections of a visitor: a cluster that somebody else works with goes on.
    pub async fn leave(mut self, alone: bool) {
        if !alone {
            self.cluster = None;
        }
        self.close().await;
    }

    /// Closes the connections and stops the private cluster.
    pub async fn close(self) {
        self.pool.close().await;
        self.owner.close().await;
        if let Some(cluster) = self.cluster {
            let stopped = tokio::task::spawn_blocking(move || cluster.stop()).await;
            if let Ok(Err(e)) = stopped {
                tracing::warn!(error = %e, "the private PostgreSQL did not stop");
            }
        }
    }

    /// Keeps the private cluster running until `stopping`: one that died is started again, and
    /// the connections find it by themselves.
    pub fn keep(&self, stopping: CancellationToken) -> impl Future<Output = ()> + 'static {
        let cluster = self.cluster.clone();
        async move {
            let Some(cluster) = cluster else { return };
            loop {
                tokio::select! {
                    () = stopping.cancelled() => return,
                    () = tokio::time::sleep(Duration::from_secs(1)) => {}
                }
                if !cluster.is_dead() {
                    continue;
                }
                tracing::error!("the private PostgreSQL died; starting it again");
                let again = cluster.clone();
                match tokio::task::spawn_blocking(move || again.revive()).await {
                    Ok(Ok(())) => {}
                    Ok(Err(e)) => tracing::error!(error = %e, "PostgreSQL does not start"),
                    Err(e) => tracing::error!(error = %e, "PostgreSQL does not start"),
                }
            }
        }
    }

    /// The private cluster, unless the company brought its own database.
    pub fn cluster(&self) -> Option<&Cluster> {
        self.cluster.as_ref()
    }
}

/// The role that the program works as: it owns no table, so that what it was not granted (a
/// change of the book, of the record of events) no fault of the program can do.
const ROLE: &str = "hearthline_app";

/// Connects as the owner, brings the schema to this version, and connects as the program.
async fn connect(config: &Config, url: &str) -> Result<(PgPool, PgPool)> {
    let url: PgConnectOptions = url.parse().context("the database's address is wrong")?;
    let options = || {
        PgPoolOptions::new()
            .acquire_timeout(Duration::from_secs(10))
            // A round trip less for each use; a broken connection shows at once anyway.
            .test_before_acquire(false)
    };
    let owner = options().max_connections(OWNERS).connect_with(url.clone());
    let owner = owner.await.context("cannot open the database")?;
    schema::MIGRATIONS.run(&owner).await.context("the schema cannot be brought up to date")?;
    let pool = options()
        .max_connections(config.database.max_connections)
        .connect_with(url.options([("role", ROLE)]))
        .await
        .context("cannot open the database as the program's role")?;
    Ok((pool, owner))
}

/// Connections of the owner: the job worker's.
const OWNERS: u32 = 6;

/// The telephone switch: the private Asterisk and the way to it.
pub struct Telephony {
    /// The port that the engine speaks.
    pub switch: Arc<dyn Switch>,
    /// What it tells; taken by the engine.
    pub events: Option<Events>,
    /// Where browsers' telephones connect.
    pub sip_url: String,
    /// The demonstration callers' telephones.
    pub callers: Vec<DemoCaller>,
    instance: Instance,
    install: Install,
}

/// Browser telephones that the demonstration opens.
const CALLERS: u32 = 8;

impl Telephony {
    /// Starts the private Asterisk, or adopts the one that a killed server left running.
    pub async fn start(config: &Config, say: fn(&str)) -> Result<Self> {
        let install = tokio::task::spawn_blocking(move || asterisk::ensure_installed(&say));
        let install = install.await??;
        let t = &config.telephony;
        let prompts = t.prompts.join("zh");
        let absolute = |p: PathBuf| p.canonicalize().with_context(|| format!("{}", p.display()));
        let (prompts, music) = (absolute(prompts)?, absolute(t.prompts.join("moh"))?);
        let mut wanted = asterisk::Config::new(config.data.dir.join("asterisk"), &prompts, &music);
        wanted.http_port = t.http_port;
        wanted.sip_port = t.sip_port;
        wanted.rtp = (t.rtp_port, t.rtp_port.saturating_add(399));
        wanted.trunk.contact = Some(t.trunk.to_string());
        if config.demonstration.enabled {
            wanted.demo_callers = (1..=CALLERS)
                .map(|n| DemoCaller {
                    id: format!("caller-demo-{n}"),
                    password: format!("demo-{n}-{}", config.demonstration.seed),
                })
                .collect();
        }
        let callers = wanted.demo_callers.clone();
        say("starting the telephone switch");
        let instance = asterisk::start(&install, wanted).await?;
        let ari = instance.ari();
        let settings = Settings {
            url: ari.url.clone(),
            user: ari.user.clone(),
            password: ari.password.clone(),
            prompts,
            recordings: instance.recordings(),
            stand_ins: callers.iter().map(|c| c.id.clone()).collect(),
        };
        let (switch, events) = Asterisk::connect(settings).context("cannot reach the switch")?;
        let (switch, sip_url) = (Arc::new(switch), instance.websocket_url());
        Ok(Self { switch, events: Some(events), sip_url, callers, instance, install })
    }

    /// Keeps the switch running until `stopping`, then ends it: a switch that died is started
    /// again, and the adapter finds it by itself.
    pub fn keep(self, stopping: CancellationToken) -> impl Future<Output = ()> {
        let Self { mut instance, install, .. } = self;
        async move {
            loop {
                tokio::select! {
                    () = stopping.cancelled() => return instance.stop().await,
                    () = instance.exited() => {}
                }
                tracing::error!("the telephone switch died; starting it again");
                let wanted = instance.config().clone();
                instance = loop {
                    match asterisk::start(&install, wanted.clone()).await {
                        Ok(instance) => break instance,
                        Err(e) => tracing::error!(error = %e, "the switch does not start"),
                    }
                    tokio::select! {
                        () = tokio::time::sleep(Duration::from_secs(2)) => {}
                        () = stopping.cancelled() => return,
                    }
                };
            }
        }
    }
}
