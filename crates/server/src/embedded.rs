//! What the house starts for itself when a company brings nothing of its own.

use crate::config::Config;
use anyhow::{Context as _, Result};
use engines::postgres::{Cluster, Purpose};
use sqlx::PgPool;
use sqlx::postgres::PgPoolOptions;
use std::time::Duration;

/// The database: the configured one, or a private cluster under the data folder.
pub struct Database {
    /// Connections to it.
    pub pool: PgPool,
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
        let pool = PgPoolOptions::new()
            .max_connections(config.database.max_connections)
            .acquire_timeout(Duration::from_secs(10))
            // A round trip less for each use; a broken connection shows at once anyway.
            .test_before_acquire(false)
            .connect(&url)
            .await
            .context("cannot open the database")?;
        kernel::MIGRATIONS.run(&pool).await.context("the schema cannot be brought up to date")?;
        Ok(Self { pool, cluster })
    }

    /// Closes the connections and stops the private cluster.
    pub async fn close(self) {
        self.pool.close().await;
        if let Some(cluster) = self.cluster {
            let stopped = tokio::task::spawn_blocking(move || cluster.stop()).await;
            if let Ok(Err(e)) = stopped {
                tracing::warn!(error = %e, "the private PostgreSQL did not stop");
            }
        }
    }

    /// The private cluster, unless the company brought its own database.
    pub fn cluster(&self) -> Option<&Cluster> {
        self.cluster.as_ref()
    }
}
