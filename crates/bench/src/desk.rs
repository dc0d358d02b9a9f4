//! Somebody at a screen: a session's cookie, commands with their ids, answers that must be good.

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use reqwest::{Client, Method, Response};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use sqlx::PgPool;
use uuid::Uuid;

/// A signed-in person with a connection of his own.
#[derive(Clone)]
pub struct Desk {
    client: Client,
    url: String,
    /// What the browser sends along.
    pub cookie: String,
}

impl Desk {
    /// Signs in as people do.
    pub async fn sign_in(url: &str, login: &str, password: &str, app: &str) -> Result<Self> {
        let client = Client::builder().build()?;
        let body = json!({ "login": login, "password": password, "app": app });
        let sent = client.post(format!("{url}/api/identity/sign-in")).json(&body).send().await?;
        let cookie = sent.headers().get("set-cookie").and_then(|c| c.to_str().ok());
        let cookie = cookie.and_then(|c| c.split(';').next()).map(str::to_owned);
        let cookie = cookie.with_context(|| format!("{login} was not let in"))?;
        Ok(Self { client, url: url.to_owned(), cookie })
    }

    /// The session of somebody who signed in a moment ago: a hundred password checks are no part
    /// of what is measured.
    pub async fn seated(url: &str, pool: &PgPool, staff: Uuid) -> Result<Self> {
        let token: [u8; 32] = rand::random();
        let hash: [u8; 32] = Sha256::digest(token).into();
        sqlx::query(
            "insert into identity.session
               (token_hash, id, staff_id, app, ip, agent, created_at, seen_at)
             values ($1, gen_random_uuid(), $2, 'desk', '127.0.0.1', 'bench', now(), now())",
        )
        .bind(&hash[..])
        .bind(staff)
        .execute(pool)
        .await?;
        let cookie = format!("hl_session={}", BASE64_URL_SAFE_NO_PAD.encode(token));
        Ok(Self { client: Client::builder().build()?, url: url.to_owned(), cookie })
    }

    /// The same person on another connection.
    pub fn again(&self) -> Result<Self> {
        Ok(Self { client: Client::builder().build()?, ..self.clone() })
    }

    /// A request that is answered well.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>) -> Result<Response> {
        let mut request = self
            .client
            .request(method.clone(), format!("{}{path}", self.url))
            .header("cookie", &self.cookie);
        if method != Method::GET {
            request = request.header("idempotency-key", Uuid::new_v4().to_string());
        }
        if let Some(body) = body {
            request = request.json(body);
        }
        let response = request.send().await?;
        let status = response.status();
        if !status.is_success() {
            bail!("{method} {path}: {status} {}", response.text().await.unwrap_or_default());
        }
        Ok(response)
    }

    /// Asks, and reads the whole answer.
    pub async fn get(&self, path: &str) -> Result<Value> {
        Ok(self.send(Method::GET, path, None).await?.json().await?)
    }

    /// Commands.
    pub async fn post(&self, path: &str, body: &Value) -> Result<Value> {
        Ok(self.send(Method::POST, path, Some(body)).await?.json().await?)
    }
}
