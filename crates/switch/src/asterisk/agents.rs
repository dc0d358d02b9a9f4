//! Agents' accounts, pushed into Asterisk's memory; nothing of them is on its disk.

use super::http::{Ari, Failure};
use crate::{AgentPhone, Device, Error, Result};
use serde::Deserialize;
use serde_json::Value;

/// Writes the account in the order in which Asterisk looks things up.
pub(super) async fn provision(ari: &Ari, phone: &AgentPhone) -> Result<()> {
    let AgentPhone { id, secret, device } = phone;
    check_id(id)?;
    let auth = [("auth_type", "userpass"), ("username", id), ("password", secret)];
    ari.put_config("auth", id, &auth).await?;
    let contact;
    let aor: &[(&str, &str)] = match device {
        // One telephone at a time: the newest tab or device takes over.
        Device::Browser | Device::Desk => &[("max_contacts", "1"), ("remove_existing", "yes")],
        Device::At(place) => {
            contact = format!("sip:{id}@{place}");
            &[("contact", &contact)]
        }
    };
    ari.put_config("aor", id, aor).await?;
    let mut endpoint = vec![
        ("context", "agents"),
        ("auth", id),
        ("aors", id),
        ("disallow", "all"),
        ("allow", "alaw,ulaw"),
        ("direct_media", "no"),
        ("rtp_symmetric", "yes"),
        ("dtmf_mode", "rfc4733"),
        ("bind_rtp_to_media_address", "yes"),
        // Whom an agent speaks with is the platform's to show; a re-INVITE that says so would
        // cross with the agent's own, for instance to hold.
        ("send_connected_line", "no"),
    ];
    if *device == Device::Browser {
        endpoint.push(("webrtc", "yes"));
        // A browser that died sends no farewell; silence this long is one.
        endpoint.push(("rtp_timeout", "20"));
        endpoint.push(("rtp_timeout_hold", "0"));
    } else {
        endpoint.push(("transport", "udp"));
    }
    Ok(ari.put_config("endpoint", id, &endpoint).await?)
}

/// Writes it only when Asterisk does not know it: a fresh certificate would cut a live call.
pub(super) async fn provision_missing(ari: &Ari, phone: &AgentPhone) -> Result<()> {
    let path = ["asterisk", "config", "dynamic", "res_pjsip", "endpoint", &phone.id];
    match ari.get::<Value>(&path).await {
        Err(Failure::Status(404, _)) => provision(ari, phone).await,
        other => Ok(other.map(drop)?),
    }
}

pub(super) async fn remove(ari: &Ari, id: &str) -> Result<()> {
    for kind in ["endpoint", "aor", "auth"] {
        ari.delete_config(kind, id).await?;
    }
    Ok(())
}

pub(super) async fn is_registered(ari: &Ari, id: &str) -> Result<bool> {
    #[derive(Deserialize)]
    struct State {
        state: String,
    }
    match ari.get::<State>(&["endpoints", "PJSIP", id]).await {
        Ok(State { state }) => Ok(state == "online"),
        Err(Failure::Status(404, _)) => Ok(false),
        Err(e) => Err(e.into()),
    }
}

/// An id that could be a caller's number would let a caller be taken for the agent.
fn check_id(id: &str) -> Result<()> {
    let letter = id.starts_with(|c: char| c.is_ascii_lowercase());
    let plain = id.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
    if letter && plain && id.len() <= 64 && id != "trunk" {
        return Ok(());
    }
    Err(Error::Refused(format!("{id:?} is no name for an agent's telephone")))
}
