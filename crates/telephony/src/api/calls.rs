//! Calls over HTTP.

use super::Telephone;
use crate::TelephonyRule;
use crate::model::decide::Input;
use crate::permissions::ANSWER;
use crate::service::calls as service;
use crate::service::dial::{self, Dial};
use crate::service::seats;
use crate::views::{CallView, Filter, SeatView, Waveform};
use axum::http::HeaderMap;
use axum::response::Response;
use axum::{Extension, Json as Answer};
use kernel::error::extract::{Json, Path, Query};
use kernel::{AccountId, CallId, Caller, Error, Page, Problem, Result, UserId};

/// Calls within sight, newest first.
#[utoipa::path(get, path = "/api/telephony/calls", tag = "telephony", params(Filter),
    responses((status = 200, body = Page<CallView>), (status = "4XX", body = Problem)))]
pub(super) async fn list_calls(
    by: Caller,
    Query(filter): Query<Filter>,
) -> Result<Answer<Page<CallView>>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::list(&mut tx, &filter).await?))
}

/// The caller's own live call.
#[utoipa::path(get, path = "/api/telephony/calls/current", tag = "telephony",
    responses((status = 200, body = Option<CallView>), (status = "4XX", body = Problem)))]
pub(super) async fn current_call(by: Caller) -> Result<Answer<Option<CallView>>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::current(&mut tx).await?))
}

/// One call.
#[utoipa::path(get, path = "/api/telephony/calls/{id}", tag = "telephony",
    params(("id" = CallId, Path)),
    responses((status = 200, body = CallView), (status = "4XX", body = Problem)))]
pub(super) async fn get_call(by: Caller, Path(id): Path<CallId>) -> Result<Answer<CallView>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::get(&mut tx, id).await?))
}

/// The recording, or the part of it that the `Range` header names.
#[utoipa::path(get, path = "/api/telephony/calls/{id}/recording", tag = "telephony",
    params(("id" = CallId, Path)),
    responses((status = 200, content_type = "audio/wav"), (status = 206, description = "A part"),
              (status = "4XX", body = Problem)))]
pub(super) async fn call_recording(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Path(id): Path<CallId>,
    headers: HeaderMap,
) -> Result<Response> {
    let mut tx = by.read().await?;
    let stored = service::recording(&mut tx, id).await?;
    let file = files::get(&mut tx, stored.file_id).await?;
    drop(tx);
    files::serve(&telephone.files, &file, &headers).await
}

/// The picture of the recording.
#[utoipa::path(get, path = "/api/telephony/calls/{id}/waveform", tag = "telephony",
    params(("id" = CallId, Path)),
    responses((status = 200, body = Waveform), (status = "4XX", body = Problem)))]
pub(super) async fn call_waveform(by: Caller, Path(id): Path<CallId>) -> Result<Answer<Waveform>> {
    let mut tx = by.read().await?;
    Ok(Answer(service::waveform(&mut tx, id).await?))
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Identify {
    /// Whose call it is.
    account_id: AccountId,
}

/// Says whose call it is.
#[utoipa::path(post, path = "/api/telephony/calls/{id}/identify", tag = "telephony",
    params(("id" = CallId, Path)),
    responses((status = 200, body = CallView), (status = "4XX", body = Problem)))]
pub(super) async fn identify_call(
    by: Caller,
    Path(id): Path<CallId>,
    Json(identify): Json<Identify>,
) -> Result<Answer<CallView>> {
    let mut tx = by.begin().await?;
    let call = service::identify(&mut tx, id, identify.account_id).await?;
    tx.reply(call).await
}

async fn act(
    by: Caller,
    telephone: &Telephone,
    id: CallId,
    input: &Input,
) -> Result<Answer<CallView>> {
    let engine = telephone.engine()?;
    let mut tx = by.begin().await?;
    let call = service::act(&mut tx, &engine.config(), id, input).await?;
    let answer = tx.reply(call).await?;
    engine.touch(id);
    Ok(answer)
}

/// Puts the customer on hold, with music.
#[utoipa::path(post, path = "/api/telephony/calls/{id}/hold", tag = "telephony",
    params(("id" = CallId, Path)),
    responses((status = 200, body = CallView), (status = "4XX", body = Problem)))]
pub(super) async fn hold_call(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Path(id): Path<CallId>,
) -> Result<Answer<CallView>> {
    act(by, &telephone, id, &Input::Hold).await
}

/// Takes the customer back.
#[utoipa::path(post, path = "/api/telephony/calls/{id}/unhold", tag = "telephony",
    params(("id" = CallId, Path)),
    responses((status = 200, body = CallView), (status = "4XX", body = Problem)))]
pub(super) async fn unhold_call(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Path(id): Path<CallId>,
) -> Result<Answer<CallView>> {
    act(by, &telephone, id, &Input::Unhold).await
}

/// Ends the call.
#[utoipa::path(post, path = "/api/telephony/calls/{id}/hangup", tag = "telephony",
    params(("id" = CallId, Path)),
    responses((status = 200, body = CallView), (status = "4XX", body = Problem)))]
pub(super) async fn hang_up_call(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Path(id): Path<CallId>,
) -> Result<Answer<CallView>> {
    act(by, &telephone, id, &Input::HangUp).await
}

#[derive(serde::Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Transfer {
    /// To this queue.
    queue_key: Option<String>,
    /// Or to this colleague.
    staff_id: Option<UserId>,
}

/// Hands the caller to a queue or a colleague.
#[utoipa::path(post, path = "/api/telephony/calls/{id}/transfer", tag = "telephony",
    params(("id" = CallId, Path)),
    responses((status = 200, body = CallView), (status = "4XX", body = Problem)))]
pub(super) async fn transfer_call(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Path(id): Path<CallId>,
    Json(to): Json<Transfer>,
) -> Result<Answer<CallView>> {
    let engine = telephone.engine()?;
    let config = engine.config();
    let mut tx = by.begin().await?;
    tx.require(ANSWER)?;
    let call = match (to.queue_key, to.staff_id) {
        (Some(key), None) => service::to_queue(&mut tx, &config, id, &key).await?,
        (None, Some(colleague)) => service::to_agent(&mut tx, &config, id, colleague).await?,
        _ => {
            let en = "give exactly one of queue_key and staff_id";
            return Err(Error::invalid("queue_key", "队列或坐席任选其一", en));
        }
    };
    let answer = tx.reply(call).await?;
    engine.touch(id);
    Ok(answer)
}

/// Ends the time to write up.
#[utoipa::path(post, path = "/api/telephony/calls/{id}/wrap-up-done", tag = "telephony",
    params(("id" = CallId, Path)),
    responses((status = 200, body = SeatView), (status = "4XX", body = Problem)))]
pub(super) async fn wrap_up_done(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Path(id): Path<CallId>,
) -> Result<Answer<SeatView>> {
    let mut tx = by.begin().await?;
    service::get(&mut tx, id).await?;
    let seat = seats::wrapped_up(&mut tx).await?;
    let answer = tx.reply(seat).await?;
    if let Some(engine) = &telephone.engine {
        engine.seat_freed();
    }
    Ok(answer)
}

/// Click to call: rings the caller's own softphone, then the customer.
#[utoipa::path(post, path = "/api/telephony/dial", tag = "telephony",
    responses((status = 200, body = CallView), (status = "4XX", body = Problem)))]
pub(super) async fn dial(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    Json(click): Json<Dial>,
) -> Result<Answer<CallView>> {
    let engine = telephone.engine.as_ref().ok_or(TelephonyRule::NoSwitch)?;
    let mut tx = by.begin().await?;
    let call = dial::dial(&mut tx, &engine.config(), &*telephone.numbers, &click).await?;
    let id = call.id;
    let answer = tx.reply(call).await?;
    engine.touch(id);
    Ok(answer)
}
