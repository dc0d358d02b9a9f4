//! Looking at offers, audits and statements.

use crate::permissions::{VIEW, WORK};
use crate::store::{self, Sheets, Statements};
use crate::{
    Audit, AuditState, Sheet, SheetId, SheetState, Statement, StatementDetail, StatementId,
    StatementState, Unsettled,
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::clock::local_date;
use kernel::{Cursor, Error, OrderId, Page, Result, Scope, Tx, page};
use uuid::Uuid;

type Key = Option<(DateTime<Utc>, Uuid)>;

/// What the caller sees: what is below his paths at the desk, his own in the field.
fn sight(tx: &Tx) -> Result<Scope> {
    tx.scope(VIEW).or_else(|refused| tx.scope(WORK).map_err(|_| refused))
}

/// The offers on an order, newest first.
pub async fn sheets_of(tx: &mut Tx, order: OrderId) -> Result<Vec<Sheet>> {
    let scope = sight(tx)?;
    let (limit, order) = (page::MAX_PAGE, Some(order));
    let wanted = Sheets { ids: None, order, state: None, limit, after: None, scope: &scope };
    store::sheets(tx, wanted).await
}

/// One offer.
pub async fn sheet(tx: &mut Tx, id: SheetId) -> Result<Sheet> {
    let scope = sight(tx)?;
    one(tx, id, &scope).await
}

/// Offers, newest first.
pub async fn sheets(
    tx: &mut Tx,
    state: Option<SheetState>,
    limit: Option<i64>,
    after: Option<&str>,
) -> Result<Page<Sheet>> {
    let scope = sight(tx)?;
    let limit = page::limit(limit);
    let after: Key = Cursor::decode(after)?;
    let wanted = Sheets { ids: None, order: None, state, limit: limit + 1, after, scope: &scope };
    let rows = store::sheets(tx, wanted).await?;
    Ok(Page::cut(rows, limit, |s| (s.quoted_at, *s.id)))
}

/// The offer after a step, for a use case that has asked whether the caller may.
pub(super) async fn shown(tx: &mut Tx, id: SheetId) -> Result<Sheet> {
    one(tx, id, &Scope::all()).await
}

async fn one(tx: &mut Tx, id: SheetId, scope: &Scope) -> Result<Sheet> {
    let ids = [*id];
    let wanted = Sheets { ids: Some(&ids), order: None, state: None, limit: 1, after: None, scope };
    store::sheets(tx, wanted).await?.pop().ok_or(Error::NotFound("sheet"))
}

/// What somebody must look at or has, newest first.
pub async fn audits(
    tx: &mut Tx,
    state: Option<AuditState>,
    limit: Option<i64>,
    after: Option<&str>,
) -> Result<Page<Audit>> {
    let scope = tx.scope(VIEW)?;
    let limit = page::limit(limit);
    let after: Key = Cursor::decode(after)?;
    let rows = store::audits(tx, &scope, state, after, limit + 1).await?;
    let ids: Vec<Uuid> = rows.iter().map(|r| *r.sheet_id).collect();
    let (many, all) = (limit + 1, Scope::all());
    let wanted =
        Sheets { ids: Some(&ids), order: None, state: None, limit: many, after: None, scope: &all };
    let mut sheets: std::collections::HashMap<SheetId, Sheet> =
        store::sheets(tx, wanted).await?.into_iter().map(|s| (s.id, s)).collect();
    let mut items = Vec::with_capacity(rows.len());
    for r in rows {
        let Some(sheet) = sheets.remove(&r.sheet_id) else { continue };
        let (findings, found_at, state) = (r.findings, r.found_at, r.state);
        let (decided_at, decided_by_name, note) = (r.decided_at, r.decided_by_name, r.note);
        items.push(Audit { sheet, findings, found_at, state, decided_at, decided_by_name, note });
    }
    Ok(Page::cut(items, limit, |a| (a.found_at, *a.sheet.id)))
}

/// Who has something to settle up to a day; up to yesterday where nothing is said.
pub async fn unsettled(tx: &mut Tx, through: Option<NaiveDate>) -> Result<Vec<Unsettled>> {
    let scope = tx.scope(VIEW)?;
    let yesterday = local_date(tx.now()).pred_opt().unwrap_or(NaiveDate::MIN);
    store::unsettled(tx, &scope, through.unwrap_or(yesterday)).await
}

/// Statements, newest first.
pub async fn statements(
    tx: &mut Tx,
    state: Option<StatementState>,
    limit: Option<i64>,
    after: Option<&str>,
) -> Result<Page<Statement>> {
    let scope = sight(tx)?;
    let limit = page::limit(limit);
    let after: Key = Cursor::decode(after)?;
    let wanted = Statements { id: None, state, limit: limit + 1, after, scope: &scope };
    let rows = store::statements(tx, wanted).await?;
    Ok(Page::cut(rows, limit, |s| (s.made_at, *s.id)))
}

/// A statement with its lines.
pub async fn statement(tx: &mut Tx, id: StatementId) -> Result<StatementDetail> {
    let scope = sight(tx)?;
    stated(tx, id, &scope).await
}

/// The same, for a use case that has asked whether the caller may.
pub(super) async fn stated(tx: &mut Tx, id: StatementId, scope: &Scope) -> Result<StatementDetail> {
    let wanted = Statements { id: Some(id), state: None, limit: 1, after: None, scope };
    let found = store::statements(tx, wanted).await?.pop();
    let statement = found.ok_or(Error::NotFound("statement"))?;
    let lines = store::statement_lines(tx, id).await?;
    Ok(StatementDetail { statement, lines })
}
