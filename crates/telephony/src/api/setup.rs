//! Queues and flows over HTTP.

use super::Telephone;
use crate::model::flow::Graph;
use crate::service::setup::{self as service, ChangeQueue, FlowView, NewMember};
use crate::views::QueueView;
use axum::{Extension, Json as Answer};
use kernel::error::extract::{Json, Path};
use kernel::{Caller, Problem, QueueId, Result};

/// A list of queues.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(super) struct Queues {
    items: Vec<QueueView>,
}

/// The queues with their load.
#[utoipa::path(get, path = "/api/telephony/queues", tag = "telephony",
    responses((status = 200, body = Queues), (status = "4XX", body = Problem)))]
pub(super) async fn list_queues(by: Caller) -> Result<Answer<Queues>> {
    let mut tx = by.read().await?;
    Ok(Answer(Queues { items: service::queues(&mut tx).await? }))
}

/// Changes a queue at once, while calls run.
#[utoipa::path(patch, path = "/api/telephony/queues/{id}", tag = "telephony",
    params(("id" = QueueId, Path)),
    responses((status = 200, body = QueueView), (status = "4XX", body = Problem)))]
pub(super) async fn change_queue(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Path(id): Path<QueueId>,
    Json(change): Json<ChangeQueue>,
) -> Result<Answer<QueueView>> {
    let mut tx = by.begin().await?;
    let queue = service::change_queue(&mut tx, id, change).await?;
    let answer = tx.reply(queue).await?;
    reload(&telephone);
    Ok(answer)
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetMembers {
    /// All of them.
    members: Vec<NewMember>,
}

/// Says who serves a queue.
#[utoipa::path(put, path = "/api/telephony/queues/{id}/members", tag = "telephony",
    params(("id" = QueueId, Path)),
    responses((status = 200, body = QueueView), (status = "4XX", body = Problem)))]
pub(super) async fn set_queue_members(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Path(id): Path<QueueId>,
    Json(set): Json<SetMembers>,
) -> Result<Answer<QueueView>> {
    let mut tx = by.begin().await?;
    let queue = service::set_members(&mut tx, id, &set.members).await?;
    let answer = tx.reply(queue).await?;
    reload(&telephone);
    Ok(answer)
}

/// A list of flows.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(super) struct Flows {
    items: Vec<FlowView>,
}

/// The flows that answer now.
#[utoipa::path(get, path = "/api/telephony/flows", tag = "telephony",
    responses((status = 200, body = Flows), (status = "4XX", body = Problem)))]
pub(super) async fn list_flows(by: Caller) -> Result<Answer<Flows>> {
    let mut tx = by.read().await?;
    Ok(Answer(Flows { items: service::flows(&mut tx).await? }))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct PublishFlow {
    /// The graph.
    graph: Graph,
}

/// Publishes the next version of a flow.
#[utoipa::path(put, path = "/api/telephony/flows/{key}", tag = "telephony",
    params(("key" = String, Path)),
    responses((status = 200, body = FlowView), (status = "4XX", body = Problem)))]
pub(super) async fn publish_flow(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Path(key): Path<String>,
    Json(publish): Json<PublishFlow>,
) -> Result<Answer<FlowView>> {
    let mut tx = by.begin().await?;
    let flow = service::publish_flow(&mut tx, &key, &publish.graph).await?;
    let answer = tx.reply(flow).await?;
    reload(&telephone);
    Ok(answer)
}

/// In a task of its own: a client that leaves must not stop it.
fn reload(telephone: &Telephone) {
    let Some(engine) = telephone.engine.clone() else { return };
    tokio::spawn(async move {
        if let Err(e) = engine.reload().await {
            tracing::warn!(error = ?e, "the new settings could not be read");
        }
    });
}
