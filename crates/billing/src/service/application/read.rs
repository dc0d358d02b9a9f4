//! Looking at applications, and their papers.

use crate::permissions::{APPLY, VIEW};
use crate::store::application::{self as store, Wanted};
use crate::{Application, ApplicationFile, ApplicationKind, ApplicationState};
use chrono::{DateTime, Utc};
use kernel::{AccountId, ApplicationId, Cursor, FileId, Page, Result, Scope, Tx, page};
use uuid::Uuid;

/// Which applications.
#[derive(Clone, Debug, Default)]
pub struct ApplicationsWanted {
    /// Of this household.
    pub account: Option<AccountId>,
    /// Of this kind.
    pub kind: Option<ApplicationKind>,
    /// In this state.
    pub state: Option<ApplicationState>,
    /// Only those on which something is to be done.
    pub open_only: bool,
    /// Rows of a page.
    pub limit: Option<i64>,
    /// Where the last page ended.
    pub after: Option<String>,
}

/// Applications, newest first.
pub async fn list_applications(
    tx: &mut Tx,
    wanted: ApplicationsWanted,
) -> Result<Page<Application>> {
    let scope = tx.scope(VIEW)?;
    let limit = page::limit(wanted.limit);
    let after: Option<(DateTime<Utc>, Uuid)> = Cursor::decode(wanted.after.as_deref())?;
    let wanted = Wanted {
        id: None,
        account: wanted.account,
        kind: wanted.kind,
        state: wanted.state,
        open_only: wanted.open_only,
        limit: limit + 1,
        after,
        scope: &scope,
    };
    let rows = store::list(tx, wanted).await?;
    Ok(Page::cut(rows, limit, |a| (a.made_at, *a.id)))
}

/// One application with its papers and its history.
pub async fn application(tx: &mut Tx, id: ApplicationId) -> Result<ApplicationFile> {
    let scope = tx.scope(VIEW)?;
    store::file(tx, id, &scope).await
}

/// The same for who has just worked on it.
pub(super) async fn shown(tx: &mut Tx, id: ApplicationId) -> Result<ApplicationFile> {
    store::file(tx, id, &Scope::all()).await
}

/// Puts a paper to an application.
pub async fn add_paper(
    tx: &mut Tx,
    id: ApplicationId,
    file: FileId,
    kind: &str,
) -> Result<ApplicationFile> {
    let scope = tx.scope(APPLY)?;
    let kind = crate::service::hold::said("kind", kind)?;
    let work = store::lock(tx, id, &scope).await?;
    store::add_paper(tx, id, file, &kind).await?;
    super::tell(tx, &work, Some(work.state), work.state, "billing.paper_added", &kind)?;
    shown(tx, id).await
}
