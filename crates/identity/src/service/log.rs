//! The operation log.

use crate::permissions::AUDIT;
use crate::store::{self, LogFilter};
use kernel::{EventRow, Page, Result, Tx};
use uuid::Uuid;

/// What may be asked of the operation log.
#[derive(Default)]
pub struct LogQuery {
    /// Only about this.
    pub subject: Option<Uuid>,
    /// Only by this person.
    pub actor: Option<Uuid>,
    /// Only kinds that begin so.
    pub kind: Option<String>,
    /// From this instant on.
    pub from: Option<chrono::DateTime<chrono::Utc>>,
    /// Before this instant.
    pub to: Option<chrono::DateTime<chrono::Utc>>,
    /// Cursor.
    pub after: Option<String>,
    /// Page size.
    pub limit: i64,
}

/// The operation log, newest first.
pub async fn log(tx: &mut Tx, q: LogQuery) -> Result<Page<EventRow>> {
    let scope = tx.scope(AUDIT)?;
    let before: Option<i64> = kernel::Cursor::decode(q.after.as_deref())?;
    let filter = LogFilter {
        paths: &scope.paths,
        subject: q.subject,
        actor: q.actor,
        kind: q.kind.as_deref(),
        from: q.from,
        to: q.to,
        before,
        limit: q.limit + 1,
    };
    let rows = store::events(tx, filter).await?;
    Ok(Page::cut(rows, q.limit, |e| e.id))
}
