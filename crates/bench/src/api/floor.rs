//! The floor: a bare axum handler for each operation, which runs the product's statements and
//! answers with their rows. Nobody signs in, nothing is checked, told or kept.

use super::rows::{Hit, Locked, Met, Mine, Order, Place, Policy, Visit};
use super::sql::Statements;
use anyhow::Result;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::routing::{get, post};
use axum::{Json, Router};
use chrono::{DateTime, TimeDelta, Utc};
use kernel::Clock;
use serde::{Deserialize, Serialize};
use sqlx::postgres::PgPoolOptions;
use sqlx::{AssertSqlSafe, PgConnection, PgPool};
use std::sync::Arc;
use uuid::Uuid;

struct Failed(sqlx::Error);

impl From<sqlx::Error> for Failed {
    fn from(e: sqlx::Error) -> Self {
        Self(e)
    }
}

impl axum::response::IntoResponse for Failed {
    fn into_response(self) -> axum::response::Response {
        (StatusCode::INTERNAL_SERVER_ERROR, self.0.to_string()).into_response()
    }
}

type Answer<T> = Result<Json<T>, Failed>;

#[derive(Clone)]
struct Floor {
    pool: PgPool,
    sql: Arc<Statements>,
}

/// Serves the floor until standard input closes, with as many connections as the house has.
pub async fn serve(url: &str, port: u16) -> Result<()> {
    let options = PgPoolOptions::new().max_connections(16).test_before_acquire(false);
    let pool = options.connect(url).await?;
    let app = Router::new()
        .route("/orders", post(create).get(list))
        .route("/find", get(find))
        .route("/step/{id}", post(step))
        .with_state(Floor { pool, sql: Arc::new(Statements::read()) });
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", port)).await?;
    println!("ready {}", listener.local_addr()?);
    axum::serve(listener, app).with_graceful_shutdown(crate::house::stdin_closes()).await?;
    Ok(())
}

#[derive(Deserialize)]
struct New {
    kind: String,
    symptom: String,
    urgency: i16,
    account_id: Uuid,
    contact_name: String,
    contact_phone: String,
    description: String,
    channel: String,
}

fn later(now: DateTime<Utc>, minutes: &[i32], urgency: i16) -> DateTime<Utc> {
    let place = usize::try_from(urgency - 1).unwrap_or_default();
    now + TimeDelta::minutes(minutes.get(place).copied().unwrap_or_default().into())
}

async fn create(State(floor): State<Floor>, Json(new): Json<New>) -> Answer<Order> {
    let sql = &floor.sql;
    let now = Clock::System.now();
    let mut tx = floor.pool.begin().await?;
    let policy: Policy = sqlx::query_as(sql.policy).bind(&new.kind).fetch_one(&mut *tx).await?;
    sqlx::query(sql.symptom).bind(&new.symptom).bind(&new.kind).fetch_one(&mut *tx).await?;
    let place: Place = sqlx::query_as(sql.place).bind(new.account_id).fetch_one(&mut *tx).await?;
    let number: i64 = sqlx::query_scalar(sql.number).fetch_one(&mut *tx).await?;
    let id = Uuid::new_v7(uuid::Timestamp::now(uuid::ContextV7::new()));
    let [accept, arrive, finish] = [&policy.accept_min, &policy.arrive_min, &policy.finish_min]
        .map(|minutes| later(now, minutes, new.urgency));
    sqlx::query(sql.insert)
        .bind(id)
        .bind(format!("GD{}-{number:04}", now.format("%Y%m%d")))
        .bind(Uuid::new_v7(uuid::Timestamp::now(uuid::ContextV7::new())))
        .bind(&new.kind)
        .bind(&new.symptom)
        .bind(new.urgency)
        .bind("filed")
        .bind(new.account_id)
        .bind(place.premise_id)
        .bind(place.unit_id)
        .bind(place.riser_id)
        .bind(&place.community)
        .bind(&place.address)
        .bind(place.lng)
        .bind(place.lat)
        .bind(&new.contact_name)
        .bind(&new.contact_phone)
        .bind(&new.description)
        .bind(&new.channel)
        .bind(place.org_id)
        .bind(&place.org_path)
        .bind(None::<DateTime<Utc>>)
        .bind(None::<DateTime<Utc>>)
        .bind(accept)
        .bind(arrive)
        .bind(finish)
        .bind(accept)
        .bind(accept - TimeDelta::minutes(10))
        .bind(None::<Uuid>)
        .bind(now)
        .execute(&mut *tx)
        .await?;
    let order = shown(sql, &mut tx, id, &["/".to_owned()], None).await?;
    tx.commit().await?;
    Ok(Json(order))
}

async fn shown(
    sql: &Statements,
    db: &mut PgConnection,
    id: Uuid,
    paths: &[String],
    own: Option<Uuid>,
) -> sqlx::Result<Order> {
    let find = sqlx::query_as(AssertSqlSafe(sql.find.as_str())).bind(id).bind(paths).bind(own);
    find.fetch_one(db).await
}

#[derive(Deserialize)]
struct Whose {
    staff: Uuid,
    kind: String,
}

#[derive(Serialize)]
struct Items<T> {
    items: Vec<T>,
}

async fn list(State(floor): State<Floor>, Query(whose): Query<Whose>) -> Answer<Items<Order>> {
    let items = sqlx::query_as(AssertSqlSafe(floor.sql.queue.as_str()))
        .bind(vec!["-"])
        .bind(whose.staff)
        .bind(None::<String>)
        .bind(whose.kind)
        .bind(None::<Uuid>)
        .bind(whose.staff)
        .bind(None::<Uuid>)
        .bind(None::<Uuid>)
        .bind(None::<String>)
        .bind(None::<String>)
        .bind(None::<String>)
        .bind(None::<DateTime<Utc>>)
        .bind(None::<DateTime<Utc>>)
        .bind(None::<Uuid>)
        .bind(21_i64)
        .fetch_all(&floor.pool)
        .await?;
    Ok(Json(Items { items }))
}

/// What was typed, already understood.
#[derive(Deserialize)]
struct Typed {
    digits: Option<String>,
    name: Option<String>,
    community: Option<String>,
    building: Option<String>,
}

async fn find(State(floor): State<Floor>, Query(typed): Query<Typed>) -> Answer<Items<Hit>> {
    let sql = &floor.sql;
    let all = vec!["/hq/".to_owned()];
    let mut db = floor.pool.acquire().await?;
    let mut met: Vec<Met> = Vec::new();
    if let Some(digits) = &typed.digits {
        let whole = sqlx::query_as(sql.with_number).bind(digits).bind(&all);
        met = whole.fetch_all(&mut *db).await?;
    }
    if let Some(name) = &typed.name {
        met = by_name(sql, &mut db, name, &all).await?;
    }
    if let Some(community) = typed.community.as_ref().or(typed.name.as_ref()) {
        met.extend(by_address(sql, &mut db, community, &typed.building, &all).await?);
    }
    met.truncate(20);
    let (ids, ranks): (Vec<Uuid>, Vec<i32>) = met.iter().map(|m| (m.account_id, m.rank)).unzip();
    let items = sqlx::query_as(sql.hits).bind(ids).bind(ranks).fetch_all(&mut *db).await?;
    Ok(Json(Items { items }))
}

async fn by_name(
    sql: &Statements,
    db: &mut PgConnection,
    name: &str,
    paths: &[String],
) -> sqlx::Result<Vec<Met>> {
    let whole = sqlx::query_as(sql.with_name).bind(name).bind(format!("{name}\u{10ffff}"));
    let mut met: Vec<Met> = whole.bind(paths).bind(20_i64).fetch_all(&mut *db).await?;
    if met.len() < 20 {
        met.extend(with_grams(sql, db, pairs(name, "@"), 5, paths, 40).await?);
    }
    Ok(met)
}

async fn with_grams(
    sql: &Statements,
    db: &mut PgConnection,
    grams: Vec<String>,
    rank: i32,
    paths: &[String],
    limit: i64,
) -> sqlx::Result<Vec<Met>> {
    let found = sqlx::query_as(sql.with_grams).bind(grams).bind(paths).bind(limit).bind(rank);
    found.fetch_all(db).await
}

async fn by_address(
    sql: &Statements,
    db: &mut PgConnection,
    community: &str,
    building: &Option<String>,
    paths: &[String],
) -> sqlx::Result<Vec<Met>> {
    let named = sqlx::query_as(sql.communities).bind(community).bind(paths);
    let named: Vec<(Uuid, bool)> = named.fetch_all(&mut *db).await?;
    if named.is_empty() {
        return with_grams(sql, db, pairs(community, ""), 6, paths, 20).await;
    }
    let last = "\u{10ffff}".to_owned();
    let (from, to) = match building {
        Some(number) => (number.clone(), number.clone()),
        None => (String::new(), last.clone()),
    };
    let ids: Vec<Uuid> = named.into_iter().map(|(id, _)| id).collect();
    sqlx::query_as(sql.in_communities)
        .bind(ids)
        .bind(from)
        .bind(to)
        .bind("")
        .bind(&last)
        .bind("")
        .bind(&last)
        .bind(paths)
        .bind(20_i64)
        .fetch_all(db)
        .await
}

fn pairs(text: &str, mark: &str) -> Vec<String> {
    let next = text.chars().skip(1);
    text.chars().zip(next).map(|(a, b)| format!("{mark}{a}{b}")).collect()
}

#[derive(Deserialize)]
struct Step {
    staff: Uuid,
    at: DateTime<Utc>,
}

#[derive(Serialize)]
struct Stepped {
    #[serde(flatten)]
    order: Order,
    visit: Option<Visit>,
}

async fn step(
    State(floor): State<Floor>,
    Path(id): Path<Uuid>,
    Json(step): Json<Step>,
) -> Answer<Stepped> {
    let (sql, who) = (&floor.sql, Some(step.staff));
    let none = ["-".to_owned()];
    let mut tx = floor.pool.begin().await?;
    let mine: Mine = sqlx::query_as(sql.field_lock).bind(id).fetch_one(&mut *tx).await?;
    let order: Locked =
        sqlx::query_as(sql.lock).bind(id).bind(&none[..]).bind(who).fetch_one(&mut *tx).await?;
    save(sql, &mut tx, &order, step.at).await?;
    shown(sql, &mut tx, id, &["/".to_owned()], None).await?;
    let visit = Uuid::new_v7(uuid::Timestamp::now(uuid::ContextV7::new()));
    sqlx::query(sql.visit)
        .bind(visit)
        .bind(id)
        .bind(mine.round)
        .bind(step.staff)
        .bind(step.at)
        .execute(&mut *tx)
        .await?;
    let order = shown(sql, &mut tx, id, &none, who).await?;
    sqlx::query(sql.needing).bind(vec![id]).fetch_all(&mut *tx).await?;
    let visits: Vec<Visit> =
        sqlx::query_as(sql.visits).bind(vec![id]).bind(who).fetch_all(&mut *tx).await?;
    sqlx::query(sql.evidence).bind(vec![visit]).fetch_all(&mut *tx).await?;
    sqlx::query(sql.temperatures).bind(vec![visit]).fetch_all(&mut *tx).await?;
    tx.commit().await?;
    Ok(Json(Stepped { order, visit: visits.into_iter().next_back() }))
}

async fn save(
    sql: &Statements,
    db: &mut PgConnection,
    order: &Locked,
    at: DateTime<Utc>,
) -> sqlx::Result<()> {
    sqlx::query(sql.save)
        .bind(order.id)
        .bind(order.urgency)
        .bind("accepted")
        .bind(order.round)
        .bind(order.assignee_id)
        .bind(order.supervisor_id)
        .bind(order.appointment_from)
        .bind(order.appointment_to)
        .bind(order.accept_due)
        .bind(order.arrive_due)
        .bind(order.finish_due)
        .bind(order.revisit_due)
        .bind(order.arrive_due)
        .bind(order.warn_at)
        .bind(order.chases)
        .bind(&order.cause)
        .bind(&order.resolution)
        .bind(&order.satisfaction)
        .bind(order.dispatched_at)
        .bind(at)
        .bind(order.set_out_at)
        .bind(order.arrived_at)
        .bind(order.finished_at)
        .bind(order.closed_at)
        .execute(db)
        .await
        .map(drop)
}
