//! The softphone's way to the switch: a WebSocket on our own origin, passed through.

use super::Telephone;
use crate::TelephonyRule;
use crate::permissions::ANSWER;
use axum::Extension;
use axum::extract::ws::{Message, WebSocket, WebSocketUpgrade};
use axum::response::Response;
use futures_util::{SinkExt as _, StreamExt as _};
use kernel::{Caller, Error, Problem, Result};
use tokio_tungstenite::tungstenite::client::IntoClientRequest as _;
use tokio_tungstenite::tungstenite::http::HeaderValue;
use tokio_tungstenite::tungstenite::protocol::Message as Frame;

/// The softphone's WebSocket, subprotocol `sip`.
#[utoipa::path(get, path = "/api/telephony/sip", tag = "telephony",
    responses((status = 101, description = "SIP over WebSocket"),
              (status = "4XX", body = Problem)))]
pub(super) async fn sip(
    by: Caller,
    Extension(telephone): Extension<Telephone>,
    upgrade: WebSocketUpgrade,
) -> Result<Response> {
    if by.actor().scope(ANSWER).is_none() {
        return Err(Error::Forbidden(ANSWER));
    }
    let url = telephone.sip_url.clone().ok_or(TelephonyRule::NoSwitch)?;
    Ok(pass_through(upgrade, url))
}

/// Answers the upgrade and carries SIP both ways between the browser and `url`.
pub fn pass_through(upgrade: WebSocketUpgrade, url: String) -> Response {
    upgrade.protocols(["sip"]).on_upgrade(move |browser| async move {
        if let Err(e) = carry(browser, &url).await {
            tracing::warn!(error = ?e, "a softphone's connection broke");
        }
    })
}

async fn carry(browser: WebSocket, url: &str) -> anyhow::Result<()> {
    let mut request = url.into_client_request()?;
    request.headers_mut().insert("Sec-WebSocket-Protocol", HeaderValue::from_static("sip"));
    let (switch, _) = tokio_tungstenite::connect_async(request).await?;
    let (mut to_switch, mut from_switch) = switch.split();
    let (mut to_browser, mut from_browser) = browser.split();
    let up = async {
        while let Some(Ok(message)) = from_browser.next().await {
            let Some(frame) = to_frame(message) else { break };
            to_switch.send(frame).await?;
        }
        to_switch.close().await
    };
    let down = async {
        while let Some(Ok(frame)) = from_switch.next().await {
            let Some(message) = to_message(frame) else { break };
            if to_browser.send(message).await.is_err() {
                break;
            }
        }
    };
    // Whichever side goes first takes the other with it.
    tokio::select! {
        done = up => done?,
        () = down => {}
    }
    Ok(())
}

fn to_frame(message: Message) -> Option<Frame> {
    match message {
        Message::Text(text) => Some(Frame::text(text.as_str())),
        Message::Binary(bytes) => Some(Frame::Binary(bytes)),
        Message::Ping(bytes) => Some(Frame::Ping(bytes)),
        Message::Pong(bytes) => Some(Frame::Pong(bytes)),
        Message::Close(_) => None,
    }
}

fn to_message(frame: Frame) -> Option<Message> {
    match frame {
        Frame::Text(text) => Some(Message::text(text.as_str())),
        Frame::Binary(bytes) => Some(Message::Binary(bytes)),
        Frame::Ping(bytes) => Some(Message::Ping(bytes)),
        Frame::Pong(bytes) => Some(Message::Pong(bytes)),
        Frame::Close(_) | Frame::Frame(_) => None,
    }
}
