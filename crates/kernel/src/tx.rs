//! The unit of work: a connection that knows who acts, when, and under which command.

use crate::command::CommandId;
use crate::event::{Channel, Event};
use crate::permission::NOWHERE;
use crate::{Clock, Error, Grant, Permission, Reach, Result, Scope, UserId};
use axum::{Json, extract::FromRequestParts, http::request::Parts};
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use sqlx::pool::PoolConnection;
use sqlx::{PgConnection, PgPool, Postgres, Transaction};
use std::sync::Arc;
use tokio::sync::watch;
use uuid::{ContextV7, Timestamp, Uuid};

/// What every handler and job needs of the application.
#[derive(Clone)]
pub struct App {
    /// The database.
    pub pool: PgPool,
    /// The time.
    pub clock: Clock,
    /// Moves after each commit that told something, so that readers of events need not wait.
    pub told: watch::Sender<u64>,
}

impl App {
    /// An application over this database and clock.
    pub fn new(pool: PgPool, clock: Clock) -> Self {
        Self { pool, clock, told: watch::Sender::new(0) }
    }

    /// Opens a unit of work for `actor`: what jobs and subscribers call.
    pub async fn begin(&self, actor: Actor) -> Result<Tx> {
        Caller { app: self.clone(), actor, command: None }.begin().await
    }

    /// A new id, ordered by the application's time.
    pub fn new_id<Id: From<Uuid>>(&self) -> Id {
        id_at(self.clock.now())
    }
}

/// Marks keys of advisory locks that say since when a transaction has been writing: 12 bits
/// above the 52 of an instant's microseconds.
const RUNNING: i64 = 0x2A5 << 52;
const INSTANT: i64 = (1 << 52) - 1;

/// The key of the shared lock that a writing transaction which began at `at` holds to its end.
/// Its own `now` is not before it, so nothing that it records is.
pub fn running_since(at: DateTime<Utc>) -> i64 {
    RUNNING | (at.timestamp_micros() & INSTANT)
}

fn id_at<Id: From<Uuid>>(at: DateTime<Utc>) -> Id {
    let secs = u64::try_from(at.timestamp()).unwrap_or_default();
    let time = Timestamp::from_unix(ContextV7::new(), secs, at.timestamp_subsec_nanos());
    Uuid::new_v7(time).into()
}

/// Who acts.
#[derive(Clone, Debug)]
pub struct Actor {
    /// The person who signed in; nobody for the system and for customers.
    pub user: Option<UserId>,
    /// Name as history shall keep it.
    pub name: String,
    /// Through which door.
    pub channel: Channel,
    /// What he may do, and where.
    pub grants: Arc<[Grant]>,
}

impl Actor {
    /// Nobody in person: may do everything, and history names the job.
    pub fn system(job: &str) -> Self {
        Self { user: None, name: job.to_owned(), channel: Channel::System, grants: Arc::new([]) }
    }

    /// A customer without a sign-in, through `channel`; holds no key.
    pub fn customer(name: &str, channel: Channel) -> Self {
        Self { user: None, name: name.to_owned(), channel, grants: Arc::new([]) }
    }

    /// The rows that this actor may see under `permission`, or nothing without the key.
    pub fn scope(&self, permission: Permission) -> Option<Scope> {
        if self.user.is_none() && self.channel == Channel::System {
            return Some(Scope::all());
        }
        let mut scope = Scope::default();
        for grant in self.grants.iter().filter(|g| g.key == permission.key) {
            match grant.reach {
                Reach::Subtree => scope.paths.push(grant.path.clone()),
                Reach::Own => scope.own = self.user,
            }
        }
        if scope == Scope::default() {
            return None;
        }
        if scope.paths.is_empty() {
            scope.paths.push(NOWHERE.to_owned());
        }
        Some(scope)
    }
}

enum Db {
    Reading(PoolConnection<Postgres>),
    Writing(Transaction<'static, Postgres>),
}

struct Told {
    kind: &'static str,
    subject: &'static str,
    subject_id: Uuid,
    matter_id: Option<Uuid>,
    org_path: Option<String>,
    payload: Value,
}

/// The unit of work. Dropped without [`Tx::commit`], nothing happened.
pub struct Tx {
    db: Db,
    app: App,
    actor: Actor,
    command: Option<CommandId>,
    now: DateTime<Utc>,
    told: Vec<Told>,
}

impl Tx {
    /// The one instant at which all of this happens.
    pub fn now(&self) -> DateTime<Utc> {
        self.now
    }

    /// Who acts.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The person who acts, or the refusal for who has not signed in.
    pub fn user(&self) -> Result<UserId> {
        self.actor.user.ok_or(Error::Unauthenticated)
    }

    /// The connection, for a query.
    pub fn db(&mut self) -> &mut PgConnection {
        match &mut self.db {
            Db::Reading(db) => db,
            Db::Writing(db) => db,
        }
    }

    /// Refuses who lacks the key.
    pub fn require(&self, permission: Permission) -> Result<()> {
        self.scope(permission).map(drop)
    }

    /// The rows in sight under the key; refuses who lacks it.
    pub fn scope(&self, permission: Permission) -> Result<Scope> {
        match (self.actor.scope(permission), self.actor.user, self.actor.channel) {
            (Some(scope), ..) => Ok(scope),
            (None, None, Channel::Desk | Channel::Field) => Err(Error::Unauthenticated),
            (None, ..) => Err(Error::Forbidden(permission)),
        }
    }

    /// A new id, ordered by this transaction's time.
    pub fn new_id<Id: From<Uuid>>(&self) -> Id {
        id_at(self.now)
    }

    /// Records that something happened; subscribers hear of it after the commit.
    pub fn emit(&mut self, event: &impl Event) -> Result<()> {
        let payload = serde_json::to_value(event).map_err(|e| Error::Internal(e.into()))?;
        let subject = event.subject();
        self.told.push(Told {
            kind: event.kind(),
            subject: subject.kind,
            subject_id: subject.id,
            matter_id: event.matter().map(|m| *m),
            org_path: event.org_path().map(str::to_owned),
            payload,
        });
        Ok(())
    }

    /// Makes it so.
    pub async fn commit(mut self) -> Result<()> {
        self.write_events().await?;
        self.finish().await
    }

    /// Makes it so, and keeps the answer under the command's id: sent again, the same command
    /// gets this answer and does nothing.
    pub async fn reply<T: Serialize>(mut self, answer: T) -> Result<Json<T>> {
        let Some(command) = self.command.take() else {
            self.commit().await?;
            return Ok(Json(answer));
        };
        let stored = serde_json::to_value(&answer).map_err(|e| Error::Internal(e.into()))?;
        if !self.write_command(&command, &stored).await? {
            return Err(Error::Replayed);
        }
        self.finish().await?;
        Ok(Json(answer))
    }

    async fn finish(self) -> Result<()> {
        let told = !self.told.is_empty();
        if let Db::Writing(db) = self.db {
            db.commit().await?;
        }
        if told {
            self.app.told.send_modify(|n| *n = n.wrapping_add(1));
        }
        Ok(())
    }

    async fn write_events(&mut self) -> Result<()> {
        if self.told.is_empty() {
            return Ok(());
        }
        let told = Columns::of(&self.told);
        let (actor, name) = (self.actor.user.map(|u| *u), self.actor.name.clone());
        let (channel, now) = (<&str>::from(self.actor.channel), self.now);
        sqlx::query!(
            "insert into kernel.event
               (kind, subject, subject_id, matter_id, org_path, payload,
                actor_id, actor_name, channel, at)
             select kind, subject, subject_id, matter_id, org_path, payload, $7, $8, $9, $10
             from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[], $6::jsonb[])
               with ordinality
               as t (kind, subject, subject_id, matter_id, org_path, payload, n)
             order by n",
            &told.kinds,
            &told.subjects,
            &told.subject_ids,
            &told.matters as &[Option<Uuid>],
            &told.paths as &[Option<String>],
            &told.payloads,
            actor,
            name,
            channel,
            now,
        )
        .execute(self.db())
        .await?;
        Ok(())
    }

    /// Keeps the answer and writes the events, in one trip to the database; false, and nothing
    /// written, when this command has an answer already.
    async fn write_command(&mut self, command: &CommandId, answer: &Value) -> Result<bool> {
        let told = Columns::of(&self.told);
        let (actor, name) = (self.actor.user.map(|u| *u), self.actor.name.clone());
        let (channel, now) = (<&str>::from(self.actor.channel), self.now);
        let done = sqlx::query_scalar!(
            r#"with done as (
                 insert into kernel.command (id, operation, actor_id, answer, at)
                 values ($11, $12, $7, $13, $10) on conflict do nothing returning id
               ), told as (
                 insert into kernel.event
                   (kind, subject, subject_id, matter_id, org_path, payload,
                    actor_id, actor_name, channel, at)
                 select kind, subject, subject_id, matter_id, org_path, payload, $7, $8, $9, $10
                 from unnest($1::text[], $2::text[], $3::uuid[], $4::uuid[], $5::text[],
                             $6::jsonb[])
                   with ordinality
                   as t (kind, subject, subject_id, matter_id, org_path, payload, n)
                 where exists (select from done)
                 order by n
               )
               select exists (select from done) as "done!""#,
            &told.kinds,
            &told.subjects,
            &told.subject_ids,
            &told.matters as &[Option<Uuid>],
            &told.paths as &[Option<String>],
            &told.payloads,
            actor,
            name,
            channel,
            now,
            command.id,
            command.operation,
            answer,
        )
        .fetch_one(self.db())
        .await?;
        Ok(done)
    }
}

/// Events, a column each: one statement writes any number of them.
#[derive(Default)]
struct Columns {
    kinds: Vec<String>,
    subjects: Vec<String>,
    subject_ids: Vec<Uuid>,
    matters: Vec<Option<Uuid>>,
    paths: Vec<Option<String>>,
    payloads: Vec<Value>,
}

impl Columns {
    fn of(told: &[Told]) -> Self {
        let mut columns = Self::default();
        for t in told {
            columns.kinds.push(t.kind.to_owned());
            columns.subjects.push(t.subject.to_owned());
            columns.subject_ids.push(t.subject_id);
            columns.matters.push(t.matter_id);
            columns.paths.push(t.org_path.clone());
            columns.payloads.push(t.payload.clone());
        }
        columns
    }
}

/// Who asks, before any connection is taken: a slow upload must not hold one.
pub struct Caller {
    app: App,
    actor: Actor,
    command: Option<CommandId>,
}

impl Caller {
    /// A caller that did not come through HTTP.
    pub fn new(app: App, actor: Actor) -> Self {
        Self { app, actor, command: None }
    }

    /// Who asks.
    pub fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The application.
    pub fn app(&self) -> &App {
        &self.app
    }

    /// Opens a unit of work that writes.
    pub async fn begin(self) -> Result<Tx> {
        let Self { app, actor, command } = self;
        let pool = app.pool.clone();
        let began = running_since(app.clock.now());
        // In a task of its own: sqlx 0.9.0 leaves a pooled connection inside a transaction
        // when the future of `begin` is dropped half-way.
        let begun = tokio::spawn(async move {
            // One trip: whoever asks what was known can see since when somebody is writing.
            let begin = format!("begin; select pg_advisory_xact_lock_shared({began})");
            pool.begin_with(sqlx::AssertSqlSafe(begin)).await
        });
        let db = begun.await.map_err(|e| Error::Internal(e.into()))??;
        let now = app.clock.now();
        Ok(Tx { db: Db::Writing(db), app, actor, command, now, told: Vec::new() })
    }

    /// Opens a unit of work that only reads: a connection without a transaction around it.
    pub async fn read(self) -> Result<Tx> {
        let Self { app, actor, command } = self;
        let db = app.pool.acquire().await?;
        let now = app.clock.now();
        Ok(Tx { db: Db::Reading(db), app, actor, command, now, told: Vec::new() })
    }
}

impl FromRequestParts<App> for Caller {
    type Rejection = Error;

    /// The actor was put there by the sign-in middleware of `identity`.
    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self> {
        let actor = parts.extensions.get::<Actor>().cloned().ok_or(Error::Unauthenticated)?;
        let command = parts.extensions.get::<CommandId>().cloned();
        Ok(Self { app: app.clone(), actor, command })
    }
}
