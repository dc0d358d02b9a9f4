//! Live news for browsers (SSE): *what* changed, never the data; the browser fetches again.
//!
//! Each node reads the event table for itself, from its end on, and hands every event to the
//! streams that may see it: in the scope of one of the reader's grants, or naming him.

use axum::extract::Extension;
use axum::response::Sse;
use axum::response::sse::{Event as SseEvent, KeepAlive};
use futures_util::{Stream, StreamExt as _};
use kernel::event::{self, EventRow};
use kernel::{Actor, App, Caller, Problem, Reach, Result};
use serde::Serialize;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;
use tokio::time::Instant;
use tokio_stream::wrappers::BroadcastStream;
use tokio_util::sync::CancellationToken;
use utoipa_axum::{router::OpenApiRouter, routes};

/// How long news may wait when nobody on this node woke us: another node wrote it.
const PATIENCE: Duration = Duration::from_millis(200);
/// A row may lie beyond another node's running transaction; look again soon.
const UNSETTLED: Duration = Duration::from_millis(10);

/// News are read at most this often: what happens at the same time goes out together.
const GATHER: Duration = Duration::from_millis(10);

/// An event, and what browsers are told of it: put into words once, whoever listens.
struct News {
    event: EventRow,
    words: Option<SseEvent>,
}

/// The hub that every stream listens to.
#[derive(Clone)]
pub struct Hub {
    news: broadcast::Sender<Arc<News>>,
    stopping: CancellationToken,
}

impl Hub {
    /// A hub without listeners yet; its streams end when `stopping` is cancelled.
    pub fn new(stopping: CancellationToken) -> Self {
        Self { news: broadcast::Sender::new(4096), stopping }
    }

    /// Reads events and hands them out until told to stop.
    pub async fn run(&self, app: &App) {
        let mut told = app.told.subscribe();
        let mut position = None;
        let mut unsettled = 0_u8;
        let mut next = Instant::now();
        while !self.stopping.is_cancelled() {
            tokio::time::sleep_until(next).await;
            next = Instant::now() + GATHER;
            let from = match position {
                Some(from) => Ok(from),
                None => event::end(app).await,
            };
            let read = match from {
                Ok(from) => event::after(app, from, 500).await,
                Err(e) => Err(e),
            };
            match read {
                Ok((events, to)) => {
                    position = Some(to);
                    unsettled = if events.is_empty() { unsettled } else { 0 };
                    for event in events {
                        let words = tell(&event);
                        // Nobody listening is no fault.
                        let _ = self.news.send(Arc::new(News { event, words }));
                    }
                }
                Err(e) => {
                    tracing::warn!(error = %e, "cannot read events; trying again");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
            let wait = if unsettled > 0 { UNSETTLED } else { PATIENCE };
            tokio::select! {
                _ = told.changed() => unsettled = 10,
                () = tokio::time::sleep(wait) => unsettled = unsettled.saturating_sub(1),
                () = self.stopping.cancelled() => {}
            }
        }
    }
}

/// What a browser is told of one event.
#[derive(Serialize, utoipa::ToSchema)]
struct Changed<'a> {
    kind: &'a str,
    subject: &'a str,
    subject_id: uuid::Uuid,
    #[schema(required)]
    matter_id: Option<kernel::MatterId>,
    at: chrono::DateTime<chrono::Utc>,
}

/// Whether this person hears of this event.
fn concerns(actor: &Actor, event: &EventRow) -> bool {
    let in_scope = |path: &str| {
        let mut grants = actor.grants.iter().filter(|g| g.reach == Reach::Subtree);
        grants.any(|g| path.starts_with(&g.path))
    };
    let names_him = || {
        let id = actor.user.map(|u| u.to_string());
        event.actor_id == actor.user.map(|u| *u) || id.is_some_and(|id| names(&event.payload, &id))
    };
    match &event.org_path {
        None => actor.grants.iter().any(|g| g.reach == Reach::Subtree) || names_him(),
        Some(path) => in_scope(path) || names_him(),
    }
}

fn names(value: &serde_json::Value, id: &str) -> bool {
    match value {
        serde_json::Value::String(s) => s == id,
        serde_json::Value::Array(a) => a.iter().any(|v| names(v, id)),
        serde_json::Value::Object(o) => o.values().any(|v| names(v, id)),
        _ => false,
    }
}

/// The route of the live stream.
pub fn router(hub: Hub) -> OpenApiRouter<App> {
    OpenApiRouter::new().routes(routes!(stream_changes)).layer(Extension(hub))
}

/// News as they happen: `hello` first, then one `changed` for each event in sight. `lagged` means
/// that some were missed: fetch everything again.
#[utoipa::path(get, path = "/api/stream", tag = "stream",
    responses((status = 200, description = "text/event-stream"), (status = "4XX", body = Problem)))]
async fn stream_changes(
    by: Caller,
    Extension(hub): Extension<Hub>,
) -> Result<Sse<impl Stream<Item = Result<SseEvent, Infallible>>>> {
    let actor = by.actor().clone();
    let news = BroadcastStream::new(hub.news.subscribe()).filter_map(move |event| {
        let told = match event {
            Err(_) => Some(SseEvent::default().event("lagged").data("{}")),
            Ok(news) if concerns(&actor, &news.event) => news.words.clone(),
            Ok(_) => None,
        };
        futures_util::future::ready(told.map(Ok))
    });
    let hello = SseEvent::default().event("hello").data("{}");
    let first = futures_util::stream::once(futures_util::future::ready(Ok(hello)));
    let all = first.chain(news).take_until(hub.stopping.cancelled_owned());
    Ok(Sse::new(all).keep_alive(KeepAlive::new().interval(Duration::from_secs(15))))
}

fn tell(event: &EventRow) -> Option<SseEvent> {
    let changed = Changed {
        kind: &event.kind,
        subject: &event.subject,
        subject_id: event.subject_id,
        matter_id: event.matter_id,
        at: event.at,
    };
    SseEvent::default().event("changed").json_data(changed).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use kernel::{Channel, Grant};
    use serde_json::json;

    fn event(org_path: Option<&str>, payload: serde_json::Value) -> EventRow {
        EventRow {
            id: 1,
            kind: "order.dispatched".into(),
            subject: "order".into(),
            subject_id: uuid::Uuid::nil(),
            matter_id: None,
            org_path: org_path.map(str::to_owned),
            actor_id: None,
            actor_name: String::new(),
            channel: "system".into(),
            at: chrono::DateTime::UNIX_EPOCH,
            payload,
        }
    }

    fn somebody(path: &str, reach: Reach) -> Actor {
        let grant = Grant { key: "order.view".into(), path: path.into(), reach };
        let user = Some(uuid::Uuid::from_u128(7).into());
        Actor { user, name: "a".into(), channel: Channel::Desk, grants: [grant].into() }
    }

    /// accepts R-15 MO-01
    #[test]
    fn one_hears_of_ones_own_branch_and_of_what_names_one() {
        let head = somebody("/hq/east/", Reach::Subtree);
        assert!(concerns(&head, &event(Some("/hq/east/s1/"), json!({}))));
        assert!(!concerns(&head, &event(Some("/hq/west/"), json!({}))));
        let repairer = somebody("/hq/east/", Reach::Own);
        assert!(!concerns(&repairer, &event(Some("/hq/east/s1/"), json!({}))));
        let me = uuid::Uuid::from_u128(7).to_string();
        assert!(concerns(&repairer, &event(Some("/hq/east/s1/"), json!({"to": {"staff": [me]}}))));
    }
}
