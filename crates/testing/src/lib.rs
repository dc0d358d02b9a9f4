//! What tests of domains stand on: a real database of their own, a clock that they move, and
//! actors with exactly the keys that they name.
//!
//! A database is cloned from a template that holds the migrations; the template is named by their
//! checksums, so it is made once for each version of the schema. The private cluster lives under
//! `target/` and does not sync to disk.

use chrono::{DateTime, TimeDelta, Utc};
use engines::postgres::{Cluster, Purpose};
use kernel::{Actor, App, Channel, Clock, Grant, OrgId, Permission, Reach, Tx, UserId};
use sqlx::postgres::{PgConnectOptions, PgPoolOptions};
use sqlx::{Connection, Executor, PgConnection, PgPool};
use std::fs::File;
use std::path::PathBuf;
use uuid::Uuid;

/// An application over a database of its own.
pub struct TestApp {
    /// What services and handlers take. Its connections have the rights of the program's role.
    pub app: App,
    /// Connections of who owns the tables: for loaders, and for tests that tamper.
    pub owner: PgPool,
    database: String,
    admin: String,
}

impl TestApp {
    /// A fresh database; the clock stands at 2026-11-22 09:00 in Shanghai.
    pub async fn new() -> Self {
        let (cluster, template) = template().await;
        let admin = cluster.url("postgres");
        let database = format!("t_{}", Uuid::new_v4().simple());
        let clone = format!("create database {database} template {template}");
        execute(&admin, &clone).await;
        let url: PgConnectOptions = cluster.url(&database).parse().expect("an address");
        let pool = PgPoolOptions::new()
            .max_connections(8)
            .connect_with(url.clone().options([("role", "hearthline_app")]))
            .await
            .expect("the test database opens");
        let owner = PgPoolOptions::new().max_connections(4).connect_lazy_with(url);
        let nine = "2026-11-22T01:00:00Z".parse().expect("an instant");
        Self { app: App::new(pool, Clock::fixed(nine)), owner, database, admin }
    }

    /// The test's instant.
    pub fn now(&self) -> DateTime<Utc> {
        self.app.clock.now()
    }

    /// Moves the clock.
    pub fn advance(&self, by: TimeDelta) {
        self.app.clock.advance(by);
    }

    /// Opens a unit of work.
    pub async fn tx(&self, actor: &Actor) -> Tx {
        self.app.begin(actor.clone()).await.expect("a transaction begins")
    }

    /// A company `/hq/`, a branch `/hq/east/`, two stations and a team below it; and a second
    /// branch `/hq/west/` with one station, to be out of scope.
    pub async fn orgs(&self) -> Orgs {
        let mut made: Vec<OrgId> = Vec::new();
        let tree = [
            (None, "company", "hq", "/hq/"),
            (Some(0), "branch", "east", "/hq/east/"),
            (Some(1), "station", "s1", "/hq/east/s1/"),
            (Some(1), "station", "s2", "/hq/east/s2/"),
            (Some(2), "team", "t1", "/hq/east/s1/t1/"),
            (Some(0), "branch", "west", "/hq/west/"),
            (Some(5), "station", "s9", "/hq/west/s9/"),
        ];
        for (parent, kind, code, path) in tree {
            let id: OrgId = self.app.new_id();
            let parent: Option<Uuid> = parent.map(|p: usize| *made[p]);
            sqlx::query(
                "insert into identity.org (id, parent_id, kind, code, name, path)
                 values ($1, $2, $3, $4, $4, $5)",
            )
            .bind(*id)
            .bind(parent)
            .bind(kind)
            .bind(code)
            .bind(path)
            .execute(&self.app.pool)
            .await
            .expect("an organisation");
            made.push(id);
        }
        let [hq, east, s1, s2, t1, west, s9] = made.try_into().expect("seven organisations");
        Orgs { hq, east, s1, s2, t1, west, s9 }
    }

    /// A member of staff of `org`, who cannot sign in with any password.
    pub async fn staff(&self, login: &str, org: OrgId) -> UserId {
        let id: UserId = self.app.new_id();
        sqlx::query(
            "insert into identity.staff
               (id, login, name, phone, org_id, password_hash, password_changed_at, created_at)
             values ($1, $2, $2, '13900000001', $3, '!', $4, $4)",
        )
        .bind(*id)
        .bind(login)
        .bind(*org)
        .bind(self.now())
        .execute(&self.app.pool)
        .await
        .expect("a member of staff");
        id
    }
}

/// The organisations that [`TestApp::orgs`] makes.
pub struct Orgs {
    /// The company.
    pub hq: OrgId,
    /// Its eastern branch.
    pub east: OrgId,
    /// First station of the east.
    pub s1: OrgId,
    /// Second station of the east.
    pub s2: OrgId,
    /// Team of the first station.
    pub t1: OrgId,
    /// The western branch.
    pub west: OrgId,
    /// Station of the west.
    pub s9: OrgId,
}

/// Somebody at a desk who holds these keys in `path` and below.
pub fn actor(user: UserId, permissions: &[Permission], path: &str) -> Actor {
    with_reach(user, permissions, path, Reach::Subtree)
}

/// Somebody in the field who holds these keys for what is his own.
pub fn own_actor(user: UserId, permissions: &[Permission]) -> Actor {
    let actor = with_reach(user, permissions, "/", Reach::Own);
    Actor { channel: Channel::Field, ..actor }
}

fn with_reach(user: UserId, permissions: &[Permission], path: &str, reach: Reach) -> Actor {
    let grant = |p: &Permission| Grant { key: p.key.to_owned(), path: path.to_owned(), reach };
    let grants = permissions.iter().map(grant).collect();
    Actor { user: Some(user), name: "tester".to_owned(), channel: Channel::Desk, grants }
}

/// A user id that belongs to nobody.
pub fn nobody() -> UserId {
    Uuid::new_v4().into()
}

impl Drop for TestApp {
    fn drop(&mut self) {
        let (admin, drop) =
            (self.admin.clone(), format!("drop database {} with (force)", self.database));
        let dropped = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(execute(&admin, &drop));
        });
        let _ = dropped.join();
    }
}

/// A raw SQL statement on this database, for arranging and looking.
pub async fn execute(url: &str, sql: &str) {
    let mut db = PgConnection::connect(url).await.expect("the test cluster answers");
    db.execute(sqlx::AssertSqlSafe(sql)).await.expect("the statement runs");
}

/// A pool on this application's database, as another client would have.
pub async fn pool(url: &str) -> PgPool {
    PgPool::connect(url).await.expect("the database opens")
}

/// Where the tests' private cluster lives.
pub fn cluster_dir() -> PathBuf {
    let target = std::env::var_os("CARGO_TARGET_DIR").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../../target")),
        PathBuf::from,
    );
    target.join("test-postgres")
}

async fn template() -> (Cluster, String) {
    let cluster = tokio::task::spawn_blocking(|| {
        let dir = cluster_dir();
        std::fs::create_dir_all(&dir).expect("target is writable");
        let lock = File::create(dir.with_extension("lock")).expect("target is writable");
        lock.lock().expect("a lock");
        Cluster::start(&dir, Purpose::Throwaway, &|_| ()).expect("PostgreSQL starts")
    })
    .await
    .expect("the cluster starts");
    let sum = schema::MIGRATIONS.iter().flat_map(|m| m.checksum.iter());
    let hash = sum
        .fold(0xcbf2_9ce4_8422_2325_u64, |h, b| (h ^ u64::from(*b)).wrapping_mul(0x0100_0000_01b3));
    let name = format!("template_{hash:016x}");
    let mut admin =
        PgConnection::connect(&cluster.url("postgres")).await.expect("the cluster answers");
    admin.execute("select pg_advisory_lock(4711)").await.expect("the lock");
    let exists: bool =
        sqlx::query_scalar("select exists (select from pg_database where datname = $1)")
            .bind(&name)
            .fetch_one(&mut admin)
            .await
            .expect("the catalogue");
    if !exists {
        let partial = format!("{name}_partial");
        for sql in [
            format!("drop database if exists {partial} with (force)"),
            format!("create database {partial}"),
        ] {
            admin.execute(sqlx::AssertSqlSafe(sql)).await.expect("the template is made");
        }
        let mut db = PgConnection::connect(&cluster.url(&partial)).await.expect("the template");
        schema::MIGRATIONS.run(&mut db).await.expect("the migrations run");
        db.close().await.expect("the template closes");
        let rename = format!("alter database {partial} rename to {name}");
        admin.execute(sqlx::AssertSqlSafe(rename)).await.expect("the template is named");
    }
    // The lock goes with the connection.
    admin.close().await.expect("the lock is released");
    (cluster, name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_test_has_a_database_of_its_own() {
        let (a, b) = (TestApp::new().await, TestApp::new().await);
        a.orgs().await;
        let count = "select count(*) from identity.org";
        let in_a: i64 = sqlx::query_scalar(count).fetch_one(&a.app.pool).await.unwrap();
        let in_b: i64 = sqlx::query_scalar(count).fetch_one(&b.app.pool).await.unwrap();
        assert_eq!((in_a, in_b), (7, 0));
    }

    #[tokio::test]
    async fn events_are_append_only_and_read_in_order() {
        let t = TestApp::new().await;
        let change = "update kernel.event set kind = 'x'";
        let refused = sqlx::query(change).execute(&t.owner).await;
        assert!(refused.unwrap_err().to_string().contains("append-only"));
        let refused = sqlx::query(change).execute(&t.app.pool).await;
        assert!(refused.unwrap_err().to_string().contains("permission denied"));
    }
}
