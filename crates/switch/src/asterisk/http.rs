//! One ARI request, and what its answer means.

use crate::Error;
use reqwest::{Client, Method, Url};
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::time::Duration;

/// A command that takes longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(5);

/// Why a request came to nothing.
#[derive(Debug, thiserror::Error)]
pub(super) enum Failure {
    /// No answer.
    #[error("{0}")]
    Silence(String),
    /// An answer of another kind than success.
    #[error("{1} ({0})")]
    Status(u16, String),
}

pub(super) type Answer<T> = Result<T, Failure>;

impl From<Failure> for Error {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Status(404, _) => Self::Gone,
            Failure::Silence(_) | Failure::Status(503, _) => Self::Unavailable(failure.to_string()),
            Failure::Status(..) => Self::Refused(failure.to_string()),
        }
    }
}

/// ARI over HTTP.
#[derive(Clone, Debug)]
pub(super) struct Ari {
    client: Client,
    base: Url,
    user: String,
    password: String,
}

impl Ari {
    pub fn new(base: &str, user: &str, password: &str) -> Result<Self, Error> {
        let wrong = |e: &dyn std::fmt::Display| Error::Refused(format!("{base}: {e}"));
        let base = Url::parse(base).map_err(|e| wrong(&e))?;
        if base.cannot_be_a_base() {
            return Err(wrong(&"not an address"));
        }
        let client = Client::builder()
            .timeout(PATIENCE)
            // Shorter than Asterisk keeps a connection, so that it never closes one under us.
            .pool_idle_timeout(Duration::from_secs(30))
            .build()
            .map_err(|e| wrong(&e))?;
        Ok(Self { client, base, user: user.to_owned(), password: password.to_owned() })
    }

    /// Sends it; an answer of another kind than success is an error.
    pub async fn send(&self, method: Method, path: &[&str], body: Value) -> Answer<Value> {
        let mut request = self
            .client
            .request(method, self.url(path))
            .basic_auth(&self.user, Some(&self.password));
        if !body.is_null() {
            request = request.json(&body);
        }
        let silence = |e: reqwest::Error| Failure::Silence(e.to_string());
        let response = request.send().await.map_err(silence)?;
        let status = response.status();
        let text = response.text().await.map_err(silence)?;
        let answer: Value = serde_json::from_str(&text).unwrap_or(Value::Null);
        if status.is_success() {
            return Ok(answer);
        }
        let reason = answer["message"].as_str().or_else(|| answer["error"].as_str());
        let reason = format!("{}: {}", path.join("/"), reason.unwrap_or_default());
        Err(Failure::Status(status.as_u16(), reason))
    }

    pub async fn post(&self, path: &[&str], body: Value) -> Answer<()> {
        self.send(Method::POST, path, body).await.map(drop)
    }

    pub async fn delete(&self, path: &[&str], body: Value) -> Answer<()> {
        self.send(Method::DELETE, path, body).await.map(drop)
    }

    pub async fn get<T: DeserializeOwned>(&self, path: &[&str]) -> Answer<T> {
        let answer = self.send(Method::GET, path, Value::Null).await?;
        let not_ari = |e| Failure::Silence(format!("{}: {e}", path.join("/")));
        serde_json::from_value(answer).map_err(not_ari)
    }

    /// Writes an object of the dynamic configuration.
    pub async fn put_config(&self, kind: &str, id: &str, fields: &[(&str, &str)]) -> Answer<()> {
        let fields: Vec<Value> =
            fields.iter().map(|(k, v)| json!({"attribute": k, "value": v})).collect();
        let path = config_path(kind, id);
        self.send(Method::PUT, &path, json!({ "fields": fields })).await.map(drop)
    }

    /// Deletes an object of the dynamic configuration.
    pub async fn delete_config(&self, kind: &str, id: &str) -> Result<(), Error> {
        fine_when_gone(self.delete(&config_path(kind, id), Value::Null).await)
    }

    /// Where events come from.
    pub fn events_url(&self, app: &str) -> Url {
        let mut url = self.url(&["events"]);
        let _ = url.set_scheme(if url.scheme() == "https" { "wss" } else { "ws" });
        url.query_pairs_mut()
            .append_pair("app", app)
            .append_pair("api_key", &format!("{}:{}", self.user, self.password));
        url
    }

    fn url(&self, path: &[&str]) -> Url {
        let mut url = self.base.clone();
        if let Ok(mut segments) = url.path_segments_mut() {
            segments.pop_if_empty().extend(path);
        }
        url
    }
}

fn config_path<'a>(kind: &'a str, id: &'a str) -> [&'a str; 6] {
    ["asterisk", "config", "dynamic", "res_pjsip", kind, id]
}

/// Success for a thing that had ended already.
pub(super) fn fine_when_gone(answer: Answer<()>) -> Result<(), Error> {
    match answer {
        Err(Failure::Status(404, _)) => Ok(()),
        other => Ok(other?),
    }
}

/// "Conflict", "precondition" and "unprocessable" are what ARI says of a channel that is just
/// leaving our hands, "bad request" of one that a room is asked to take after its end.
pub(super) fn leaving_is_gone(answer: Answer<()>) -> Result<(), Error> {
    match answer {
        Err(Failure::Status(400 | 409 | 412 | 422, why)) => {
            tracing::debug!(why, "taken for a channel that is leaving");
            Err(Error::Gone)
        }
        other => Ok(other?),
    }
}
