//! What somebody must look at.

use crate::{AuditState, Finding, SheetId};
use chrono::{DateTime, Utc};
use kernel::{Error, Result, Scope, Tx, UserId};
use std::str::FromStr as _;
use uuid::Uuid;

/// Opens an audit of charged work.
pub(crate) async fn open_audit(
    tx: &mut Tx,
    sheet: SheetId,
    org_path: &str,
    findings: &[Finding],
) -> Result<()> {
    let now = tx.now();
    let words: Vec<String> = findings.iter().map(|f| <&str>::from(*f).to_owned()).collect();
    sqlx::query!(
        "insert into services.audit (sheet_id, org_path, findings, found_at, state)
         values ($1, $2, $3, $4, 'open') on conflict on constraint audit_pkey do nothing",
        *sheet,
        org_path,
        &words,
        now,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// An audit for a decision.
pub(crate) struct LockedAudit {
    pub state: AuditState,
    pub org_path: String,
    pub staff_id: UserId,
}

/// An audit in sight, locked.
pub(crate) async fn lock_audit(tx: &mut Tx, sheet: SheetId, scope: &Scope) -> Result<LockedAudit> {
    sqlx::query_as!(
        LockedAudit,
        r#"select u.state, u.org_path, s.staff_id as "staff_id: UserId"
           from services.audit u join services.sheet s on s.id = u.sheet_id
           where u.sheet_id = $1 and u.org_path ^@ any($2) for update of u"#,
        *sheet,
        &scope.paths,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("audit"))
}

/// How it was decided.
pub(crate) async fn decide_audit(
    tx: &mut Tx,
    sheet: SheetId,
    state: AuditState,
    by: UserId,
    note: &str,
) -> Result<()> {
    let (now, name) = (tx.now(), tx.actor().name.clone());
    sqlx::query!(
        "update services.audit
         set state = $2, decided_at = $3, decided_by = $4, decided_by_name = $5, note = $6
         where sheet_id = $1",
        *sheet,
        <&str>::from(state),
        now,
        *by,
        name,
        note,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// An audit without its work.
pub(crate) struct AuditRow {
    pub sheet_id: SheetId,
    pub findings: Vec<Finding>,
    pub found_at: DateTime<Utc>,
    pub state: AuditState,
    pub decided_at: Option<DateTime<Utc>>,
    pub decided_by_name: String,
    pub note: String,
}

/// Audits, newest first.
pub(crate) async fn audits(
    tx: &mut Tx,
    scope: &Scope,
    state: Option<AuditState>,
    after: Option<(DateTime<Utc>, Uuid)>,
    limit: i64,
) -> Result<Vec<AuditRow>> {
    let (after_at, after_id) = after.unzip();
    let rows = sqlx::query!(
        "select sheet_id, findings, found_at, state, decided_at, decided_by_name, note
         from services.audit
         where org_path ^@ any($1) and ($2::text is null or state = $2)
           and ($3::timestamptz is null or (found_at, sheet_id) < ($3, $4))
         order by found_at desc, sheet_id desc limit $5",
        &scope.paths,
        state.map(<&str>::from),
        after_at,
        after_id,
        limit,
    )
    .fetch_all(tx.db())
    .await?;
    let row = rows.into_iter().map(|r| AuditRow {
        sheet_id: r.sheet_id,
        findings: r.findings.iter().filter_map(|f| Finding::from_str(f).ok()).collect(),
        found_at: r.found_at,
        state: r.state,
        decided_at: r.decided_at,
        decided_by_name: r.decided_by_name,
        note: r.note,
    });
    Ok(row.collect())
}
