//! Agents as their browsers are: a live stream, a sign of life every five seconds, and at each
//! ring the two requests that fill the screen.

use super::phones::Rang;
use crate::desk::Desk;
use crate::ground::Ground;
use crate::house::Product;
use anyhow::{Context as _, Result};
use futures_util::future::try_join_all;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};
use tokio::sync::Notify;
use uuid::Uuid;

/// Seats that are taken; at fifty calls a second some sixty are busy.
pub const AGENTS: usize = 90;

/// What the agents saw.
#[derive(Default)]
pub struct Seen {
    /// When a telephone rang, by the caller's number.
    pub rang: Mutex<HashMap<String, SystemTime>>,
    /// When the screen was filled, by call.
    pub filled: Mutex<HashMap<Uuid, SystemTime>>,
    /// What went wrong.
    pub faults: Mutex<Vec<String>>,
}

impl Seen {
    fn fault(&self, what: String) {
        self.faults.lock().unwrap_or_else(PoisonError::into_inner).push(what);
    }
}

/// One agent at a desk.
struct Agent {
    staff: Uuid,
    desk: Desk,
    /// The telephone rings, or the live stream says that the seat moved.
    look: Notify,
    seen: Arc<Seen>,
}

/// Seats of the bench, a flow that leads straight to the queue, and no time to write up. Written
/// before the house starts.
pub async fn lay(ground: &Ground) -> Result<Vec<(Uuid, String)>> {
    let mut staff = Vec::new();
    for n in 0..AGENTS {
        let login = format!("seat{n:03}");
        let id: Uuid = sqlx::query_scalar(include_str!("seat.sql"))
            .bind(&login)
            .fetch_one(&ground.pool)
            .await?;
        staff.push((id, login));
    }
    let graph = json!({"start": "q", "nodes": {"q": {"kind": "queue", "queue": "repair"}}});
    sqlx::query(
        "insert into telephony.flow (id, key, version, graph, published_at)
         values (gen_random_uuid(), 'main', 1000, $1, now())",
    )
    .bind(graph)
    .execute(&ground.pool)
    .await?;
    sqlx::query("update telephony.queue set wrap_up_s = 0").execute(&ground.pool).await?;
    sqlx::query("delete from telephony.queue_member").execute(&ground.pool).await?;
    sqlx::query(
        "insert into telephony.queue_member (queue_id, staff_id)
         select q.id, s.id from telephony.queue q, identity.staff s
         where q.key = 'repair' and s.login like 'seat%'",
    )
    .execute(&ground.pool)
    .await?;
    Ok(staff)
}

/// Gives an agent's telephone its account at the switch: a plain one, at the bench's socket.
pub async fn provision(product: &Product, id: &str, phones: SocketAddr) -> Result<()> {
    let (url, secret) = &product.ari;
    let contact = format!("sip:{id}@{phones}");
    let objects = [
        ("auth", vec![("auth_type", "userpass"), ("username", id), ("password", "bench")]),
        ("aor", vec![("contact", contact.as_str())]),
        (
            "endpoint",
            vec![
                ("context", "agents"),
                ("auth", id),
                ("aors", id),
                ("disallow", "all"),
                ("allow", "alaw,ulaw"),
                ("direct_media", "no"),
                ("rtp_symmetric", "yes"),
                ("bind_rtp_to_media_address", "yes"),
                ("send_connected_line", "no"),
                ("transport", "udp"),
            ],
        ),
    ];
    let client = reqwest::Client::new();
    for (kind, fields) in objects {
        let fields: Vec<Value> =
            fields.iter().map(|(k, v)| json!({"attribute": k, "value": v})).collect();
        let path = format!("{url}/asterisk/config/dynamic/res_pjsip/{kind}/{id}");
        let request = client.put(path).basic_auth("hearthline", Some(secret));
        request.json(&json!({ "fields": fields })).send().await?.error_for_status()?;
    }
    Ok(())
}

/// All agents at their desks.
pub struct Hall {
    agents: HashMap<String, Arc<Agent>>,
    /// What they saw.
    pub seen: Arc<Seen>,
}

impl Hall {
    /// Seats them, opens their streams and makes them ready.
    pub async fn open(
        ground: &Ground,
        product: &Product,
        staff: Vec<(Uuid, String)>,
    ) -> Result<Self> {
        let seen = Arc::new(Seen::default());
        let mut agents = HashMap::new();
        for (id, login) in staff {
            let desk = Desk::seated(&product.server.url, &ground.pool, id).await?;
            let (look, seen) = (Notify::new(), Arc::clone(&seen));
            agents.insert(login, Arc::new(Agent { staff: id, desk, look, seen }));
        }
        try_join_all(agents.values().map(|a| Arc::clone(a).sit_down())).await?;
        Ok(Self { agents, seen })
    }

    /// What the telephones wake.
    pub fn bells(&self) -> Bells {
        Bells(self.agents.clone())
    }
}

/// Which telephone stands on whose desk.
pub struct Bells(HashMap<String, Arc<Agent>>);

impl Bells {
    /// The telephone of one of them rings; or one that nobody has.
    pub fn ring(&self, seen: &Seen, rang: &Rang) {
        let mut known = seen.rang.lock().unwrap_or_else(PoisonError::into_inner);
        known.entry(rang.caller.clone()).or_insert(rang.at);
        if let Some(agent) = self.0.get(&rang.phone) {
            agent.look.notify_one();
        }
    }
}

impl Agent {
    async fn sit_down(self: Arc<Self>) -> Result<()> {
        let stream = self.desk.again()?.send(Method::GET, "/api/stream", None).await?;
        let ready = json!({ "state": "idle", "reason": "" });
        self.desk.post("/api/telephony/agent/state", &ready).await?;
        self.beat().await?;
        let agent = Arc::clone(&self);
        tokio::spawn(async move {
            let (mut stream, mut rest) = (stream, String::new());
            let me = agent.staff.to_string();
            while let Ok(Some(piece)) = stream.chunk().await {
                rest.push_str(&String::from_utf8_lossy(&piece));
                while let Some((event, after)) = rest.split_once("\n\n") {
                    if event.contains("telephony.seat_changed") && event.contains(&me) {
                        agent.look.notify_one();
                    }
                    rest = after.to_owned();
                }
            }
        });
        let agent = Arc::clone(&self);
        tokio::spawn(async move {
            let start = u64::from(agent.staff.as_bytes()[15]) * 5000 / 256;
            tokio::time::sleep(Duration::from_millis(start)).await;
            let mut tick = tokio::time::interval(Duration::from_secs(5));
            loop {
                tick.tick().await;
                if let Err(e) = agent.beat().await {
                    agent.seen.fault(format!("a sign of life: {e:#}"));
                }
            }
        });
        tokio::spawn(self.watch());
        Ok(())
    }

    async fn beat(&self) -> Result<()> {
        let beat = json!({ "registered": true, "tab": self.staff });
        self.desk.post("/api/telephony/agent/heartbeat", &beat).await.map(drop)
    }

    async fn watch(self: Arc<Self>) {
        let mut shown = None;
        loop {
            self.look.notified().await;
            match self.fill(&mut shown).await {
                Ok(Some((call, at))) => {
                    let filled = &self.seen.filled;
                    filled.lock().unwrap_or_else(PoisonError::into_inner).insert(call, at);
                }
                Ok(None) => {}
                Err(e) => self.seen.fault(format!("a pop: {e:#}")),
            }
        }
    }

    /// What the desk does: asks for its call, and for what belongs to a call that it does not
    /// show yet. Answers which call, and when all of it was
    /// there.
    async fn fill(&self, shown: &mut Option<Uuid>) -> Result<Option<(Uuid, SystemTime)>> {
        let call = self.desk.get("/api/telephony/calls/current").await?;
        let Some(id) = call["id"].as_str() else { return Ok(None) };
        let id: Uuid = id.parse()?;
        if *shown == Some(id) {
            return Ok(None);
        }
        let pop = self.desk.send(Method::GET, &format!("/api/insight/pop/{id}"), None).await?;
        let body = pop.bytes().await?;
        let at = SystemTime::now();
        *shown = Some(id);
        let pop: Value = serde_json::from_slice(&body)?;
        pop["account"]["id"]
            .as_str()
            .or(pop["candidates"][0]["account_id"].as_str())
            .context("the pop names no household")?;
        Ok(Some((id, at)))
    }
}
