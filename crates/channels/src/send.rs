//! The port to providers, and the job that hands them what waits.

use crate::Medium;
use crate::model::{MAX_ATTEMPTS, MessageSettled};
use crate::store::{self, Claimed};
use kernel::{Actor, App, MessageId, Result};

/// Why a provider did not take a message.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// Trying again may help: no connection, provider busy.
    #[error("{0}")]
    Temporary(String),
    /// Trying again will not help: number unknown, words refused.
    #[error("{0}")]
    Refused(String),
}

/// Whoever delivers short messages.
#[async_trait::async_trait]
pub trait SmsProvider: Send + Sync {
    /// Delivers and answers the provider's own id. `id` is the same for each try of one message:
    /// a provider that knows it from before must not deliver again.
    async fn send(&self, id: MessageId, to: &str, body: &str) -> Result<String, SendError>;
}

/// Delivers nothing, writes to the log: for a demonstration, and until a contract is signed.
#[derive(Clone, Copy, Debug, Default)]
pub struct LogSms;

#[async_trait::async_trait]
impl SmsProvider for LogSms {
    async fn send(&self, id: MessageId, to: &str, body: &str) -> Result<String, SendError> {
        tracing::info!(message.id = %id, to = directory::mask_phone(to), body, "short message");
        Ok(format!("log-{id}"))
    }
}

const BATCH: i64 = 20;

/// Sends what waits until nothing is due, and answers how many were tried. Safe to run twice at
/// once. A sender that dies between provider and database is taken over after the pause.
pub async fn send_waiting(app: &App, provider: &dyn SmsProvider) -> Result<usize> {
    let mut tried = 0;
    loop {
        let mut tx = app.begin(Actor::system("channels.send")).await?;
        let claimed = store::claim(&mut tx, BATCH).await?;
        tx.commit().await?;
        if claimed.is_empty() {
            return Ok(tried);
        }
        for message in claimed {
            let outcome = match message.medium {
                Medium::Sms => provider.send(message.id, &message.receiver, &message.body).await,
                Medium::Wechat | Medium::Mail => {
                    Err(SendError::Refused("no provider for this medium".to_owned()))
                }
            };
            settle(app, message, outcome).await?;
            tried += 1;
        }
    }
}

async fn settle(app: &App, message: Claimed, outcome: Result<String, SendError>) -> Result<()> {
    let mut tx = app.begin(Actor::system("channels.send")).await?;
    let error = match &outcome {
        Ok(provider_id) => {
            store::set_sent(&mut tx, message.id, provider_id).await?;
            None
        }
        Err(e) => {
            let last = matches!(e, SendError::Refused(_)) || message.attempts >= MAX_ATTEMPTS;
            let why: String = e.to_string().chars().take(500).collect();
            store::set_error(&mut tx, message.id, &why, last).await?;
            if !last {
                return tx.commit().await;
            }
            Some(why)
        }
    };
    tx.emit(&MessageSettled {
        id: message.id,
        matter_id: message.matter_id,
        org_path: message.org_path,
        medium: message.medium.into(),
        receiver: directory::mask_phone(&message.receiver),
        template: message.template,
        attempts: message.attempts,
        error,
    })?;
    tx.commit().await
}
