//! Seats over HTTP.

use super::Telephone;
use crate::model::decide::Input;
use crate::service::seats as service;
use crate::views::{Heartbeat, SeatView, Softphone};
use axum::{Extension, Json as Answer};
use kernel::error::extract::{Json, Query};
use kernel::{CallId, Caller, Problem, Result};
use uuid::Uuid;

#[derive(serde::Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
pub(super) struct OpenPhone {
    /// The browser tab, by an id that it made for itself; it holds the phone from now on.
    tab: Option<Uuid>,
}

/// A fresh account for the softphone of this page.
#[utoipa::path(get, path = "/api/telephony/softphone", tag = "telephony", params(OpenPhone),
    responses((status = 200, body = Softphone), (status = "4XX", body = Problem)))]
pub(super) async fn softphone(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Query(open): Query<OpenPhone>,
) -> Result<Answer<Softphone>> {
    let engine = telephone.engine()?;
    let mut tx = by.begin().await?;
    let (phone, effect) = service::softphone(&mut tx, &telephone.realm, open.tab).await?;
    tx.commit().await?;
    pass_on(&telephone, effect)?;
    engine.provision(&phone.endpoint, &phone.secret).await.map_err(anyhow::Error::from)?;
    Ok(Answer(phone))
}

fn pass_on(telephone: &Telephone, effect: Option<(CallId, Input)>) -> Result<()> {
    if let Some((call, input)) = effect {
        telephone.engine()?.tell(call, input);
    }
    Ok(())
}

/// Where an agent wants to stand.
#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Wish {
    /// Ready for calls.
    Idle,
    /// No calls now.
    Away,
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct SetAgentState {
    /// Ready or away.
    state: Wish,
    /// Why, when away.
    #[serde(default)]
    reason: String,
}

/// Ready for calls, or away.
#[utoipa::path(post, path = "/api/telephony/agent/state", tag = "telephony",
    responses((status = 200, body = SeatView), (status = "4XX", body = Problem)))]
pub(super) async fn set_agent_state(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Json(set): Json<SetAgentState>,
) -> Result<Answer<SeatView>> {
    let mut tx = by.begin().await?;
    let ready = matches!(set.state, Wish::Idle);
    let seat = service::set_state(&mut tx, ready, &set.reason).await?;
    let answer = tx.reply(seat).await?;
    if let Some(engine) = &telephone.engine {
        engine.seat_freed();
    }
    Ok(answer)
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Beat {
    /// Whether the softphone is registered.
    registered: bool,
    /// The browser tab, by an id that it made for itself.
    tab: Uuid,
}

/// A sign of life of the softphone, every five seconds.
#[utoipa::path(post, path = "/api/telephony/agent/heartbeat", tag = "telephony",
    responses((status = 200, body = Heartbeat), (status = "4XX", body = Problem)))]
pub(super) async fn heartbeat(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Json(beat): Json<Beat>,
) -> Result<Answer<Heartbeat>> {
    let mut tx = by.begin().await?;
    let (answer, effect) = service::heartbeat(&mut tx, beat.registered, beat.tab).await?;
    // Twice is as good as once: no answer is kept.
    tx.commit().await?;
    pass_on(&telephone, effect)?;
    if let Some(engine) = &telephone.engine
        && answer.seat.state == crate::SeatState::Idle
    {
        engine.seat_freed();
    }
    Ok(Answer(answer))
}

/// The caller's own seat.
#[utoipa::path(get, path = "/api/telephony/agent", tag = "telephony",
    responses((status = 200, body = SeatView), (status = "4XX", body = Problem)))]
pub(super) async fn my_seat(by: Caller) -> Result<Answer<SeatView>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::mine(&mut tx).await?))
}

/// A list of seats.
#[derive(serde::Serialize, utoipa::ToSchema)]
pub(super) struct Seats {
    items: Vec<SeatView>,
}

/// The seats within sight.
#[utoipa::path(get, path = "/api/telephony/seats", tag = "telephony",
    responses((status = 200, body = Seats), (status = "4XX", body = Problem)))]
pub(super) async fn list_seats(by: Caller) -> Result<Answer<Seats>> {
    let mut tx = by.read().await?;
    Ok(Answer(Seats { items: service::all(&mut tx).await? }))
}
