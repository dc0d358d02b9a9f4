//! Compares the database with the switch and heals what differs: at the start, when the switch
//! returns, and every few seconds.

use super::apply::step_seat;
use super::{Engine, Msg};
use crate::model::call::Call;
use crate::model::seat::SeatAct;
use crate::store::{calls, seats};
use chrono::TimeDelta;
use kernel::leader::{Post, try_lead};
use kernel::{App, CallId, Result, UserId};
use sqlx::{Connection as _, PgConnection};
use std::collections::HashSet;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use switch::{BridgeId, Role, Snapshot};

/// How long a difference may last.
const ROUND: Duration = Duration::from_secs(3);

/// Waits until no other engine works, and holds that place with a connection of its own.
pub(super) async fn lead(app: &App) -> PgConnection {
    loop {
        match try_lead(app, Post::Telephone).await {
            Ok(Some(lead)) => return lead,
            Ok(None) => {}
            Err(e) => tracing::warn!(error = ?e, "the engine cannot ask for its place"),
        }
        tokio::time::sleep(Duration::from_millis(200)).await;
    }
}

pub(super) async fn run(engine: Arc<Engine>, mut lead: PgConnection) {
    let mut fresh = true;
    loop {
        match round(&engine, fresh).await {
            Ok(()) => fresh = false,
            Err(e) => tracing::warn!(error = ?e, "the switch could not be compared"),
        }
        tokio::select! {
            () = engine.compare.notified() => fresh = true,
            () = tokio::time::sleep(ROUND) => {}
        }
        if lead.ping().await.is_err() {
            // The database was away. Whoever takes the place now compares everything.
            drop(lead);
            lead = self::lead(&engine.app).await;
            fresh = true;
        }
    }
}

async fn round(engine: &Arc<Engine>, fresh: bool) -> Result<()> {
    if fresh {
        engine.reload().await?;
        register_phones(engine).await?;
    }
    let live = calls::live(&engine.app).await?;
    let asked = Instant::now();
    let picture = engine.switch.snapshot().await.map_err(anyhow::Error::from)?;
    let picture = Arc::new(picture);
    adopt(engine, &live);
    let mut known: HashSet<CallId> = live.iter().map(|c| c.id).collect();
    for id in known.iter().copied().chain(strays(engine, &picture, &known)) {
        engine.send(id, Msg::Compare { picture: picture.clone(), asked, fresh });
    }
    known.extend(engine.calls.lock().unwrap_or_else(PoisonError::into_inner).keys());
    drop_empty_rooms(engine, &picture, &known).await;
    for agent in seats::stuck(&engine.app).await? {
        free_stuck(engine, agent).await?;
    }
    engine.pair.notify_one();
    Ok(())
}

/// Callers' channels do not name their call: remember which is whose.
fn adopt(engine: &Engine, live: &[Call]) {
    let mut channels = engine.channels.lock().unwrap_or_else(PoisonError::into_inner);
    for call in live {
        if let Some(peer) = &call.peer_channel {
            channels.entry(peer.clone()).or_insert(call.id);
        }
    }
}

/// Calls that are over but left something in the switch; callers nobody knows are welcomed.
fn strays(engine: &Arc<Engine>, picture: &Snapshot, known: &HashSet<CallId>) -> HashSet<CallId> {
    let mut over = HashSet::new();
    for channel in &picture.channels {
        match &channel.role {
            Role::Caller => {
                let (number, called) = (channel.party.number.clone(), channel.called.clone());
                engine.incoming(&channel.id, number, called);
            }
            Role::Leg(_) => {
                over.extend(Call::of_leg(channel.id.as_str()).filter(|id| !known.contains(id)));
            }
            Role::Survival => {}
        }
    }
    over
}

async fn drop_empty_rooms(engine: &Engine, picture: &Snapshot, known: &HashSet<CallId>) {
    for BridgeId(name) in &picture.bridges {
        let id = uuid::Uuid::parse_str(name).map(CallId::from);
        if id.is_ok_and(|id| !known.contains(&id))
            && let Err(e) = engine.switch.destroy_bridge(&BridgeId(name.clone())).await
        {
            tracing::debug!(room = name, error = %e, "an empty room stays");
        }
    }
}

/// A switch that was restarted has forgotten the phones' accounts.
async fn register_phones(engine: &Engine) -> Result<()> {
    for (endpoint, secret) in seats::secrets(&engine.app).await? {
        engine.provision(&endpoint, &secret).await.map_err(anyhow::Error::from)?;
    }
    Ok(())
}

/// Frees an agent whom a call holds that does not exist any more.
async fn free_stuck(engine: &Arc<Engine>, agent: UserId) -> Result<()> {
    let mut tx = engine.begin().await?;
    let Some(row) = seats::lock(&mut tx, agent).await? else { return Ok(()) };
    let Some(call) = row.call_id else { return Ok(()) };
    if seats::is_held(&mut tx, agent, call).await? {
        return Ok(());
    }
    if step_seat(&mut tx, &row, SeatAct::Release, "healed", TimeDelta::zero()).await? {
        tx.commit().await?;
        tracing::warn!(agent.id = %agent, "a stuck agent was freed");
        engine.healed();
    }
    Ok(())
}
