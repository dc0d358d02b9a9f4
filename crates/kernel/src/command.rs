//! Every change carries an id that the client made (`Idempotency-Key`). Sent twice, it happens
//! once and answers the same: a phone in a basement, a nervous double click and a retrying
//! gateway all lean on it.

use crate::{App, Error, Result};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use serde_json::Value;
use uuid::Uuid;

/// The header that carries the id.
pub const HEADER: &str = "idempotency-key";

/// A command's id, and what it asked for.
#[derive(Clone, Debug)]
pub struct CommandId {
    /// Made by the client.
    pub id: Uuid,
    /// Method and path: the same id with another of these is a mistake, not a repetition.
    pub operation: String,
}

/// Middleware: every change must carry an id, and a repeated one gets the first answer.
///
/// The happy path costs nothing here. Only a refusal looks whether the command was carried out
/// before: then the refusal ("already accepted") is the echo of our own success.
pub async fn idempotent(State(app): State<App>, mut request: Request, next: Next) -> Response {
    if matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS) {
        return next.run(request).await;
    }
    let operation = format!("{} {}", request.method(), request.uri().path());
    let id = match id_of(request.headers()) {
        Ok(id) => id,
        Err(e) => return e.into_response(),
    };
    request.extensions_mut().insert(CommandId { id, operation: operation.clone() });
    let actor = request.extensions().get::<crate::Actor>().and_then(|a| a.user).map(|u| *u);
    let response = next.run(request).await;
    let refused = response.status().is_client_error() && response.status() != 401;
    if !refused {
        return response;
    }
    match answer(&app, id, &operation, actor).await {
        Ok(Some(first)) => axum::Json(first).into_response(),
        Ok(None) => response,
        Err(e) => e.into_response(),
    }
}

fn id_of(headers: &HeaderMap) -> Result<Uuid> {
    let value = headers.get(HEADER).and_then(|v| v.to_str().ok()).unwrap_or_default();
    Uuid::parse_str(value).map_err(|_| {
        Error::invalid(HEADER, "请求缺少命令编号", "a change needs an Idempotency-Key: a UUID")
    })
}

async fn answer(
    app: &App,
    id: Uuid,
    operation: &str,
    actor: Option<Uuid>,
) -> Result<Option<Value>> {
    let found = sqlx::query!(
        "select answer from kernel.command
         where id = $1 and operation = $2 and actor_id is not distinct from $3",
        id,
        operation,
        actor,
    )
    .fetch_optional(&app.pool)
    .await?;
    Ok(found.map(|row| row.answer))
}
