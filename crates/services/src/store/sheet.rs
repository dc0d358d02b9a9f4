//! Offers: read, locked, stepped on.

use crate::{Line, Sheet, SheetId, SheetState};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::{
    AccountId, Error, Fen, FileId, OrderId, PostingId, PremiseId, Result, Scope, Tx, UserId,
};
use std::collections::HashMap;
use uuid::Uuid;

/// An offer for a change.
pub(crate) struct Locked {
    pub id: SheetId,
    pub no: String,
    pub order_id: OrderId,
    pub account_id: AccountId,
    pub premise_id: PremiseId,
    pub org_path: String,
    pub staff_id: UserId,
    pub state: SheetState,
    pub rule_id: crate::RuleId,
    pub total_fen: Fen,
    pub posting_id: Option<PostingId>,
}

/// An offer in sight, locked: of what is below these paths, or one's own.
pub(crate) async fn lock_sheet(tx: &mut Tx, id: SheetId, scope: &Scope) -> Result<Locked> {
    sqlx::query_as!(
        Locked,
        "select id, no, order_id, account_id, premise_id, org_path, staff_id, state, rule_id, total_fen, posting_id
         from services.sheet
         where id = $1 and (org_path ^@ any($2) or staff_id = $3) for update",
        *id,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("sheet"))
}

/// The offers that lie on the table for an order since before that instant.
pub(crate) async fn open_sheets(
    tx: &mut Tx,
    order: OrderId,
    until: DateTime<Utc>,
) -> Result<Vec<(SheetId, SheetState)>> {
    let rows = sqlx::query!(
        "select id, state from services.sheet
         where order_id = $1 and state in ('quoted', 'agreed') and quoted_at <= $2
         order by quoted_at for update",
        *order,
        until,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows.into_iter().map(|r| (r.id, r.state)).collect())
}

/// The customer signed.
pub(crate) async fn set_agreed(
    tx: &mut Tx,
    id: SheetId,
    signer: &str,
    signature: FileId,
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update services.sheet
         set state = 'agreed', agreed_at = $2, signer = $3, signature_id = $4 where id = $1",
        *id,
        now,
        signer,
        *signature,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// It is done and stands in the book.
pub(crate) async fn set_charged(
    tx: &mut Tx,
    id: SheetId,
    on: NaiveDate,
    posting: Option<PostingId>,
) -> Result<()> {
    let now = tx.now();
    sqlx::query!(
        "update services.sheet
         set state = 'charged', charged_at = $2, charged_on = $3, posting_id = $4 where id = $1",
        *id,
        now,
        on,
        posting.map(|p| *p),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// It ended: declined, withdrawn or reversed.
pub(crate) async fn set_ended(
    tx: &mut Tx,
    id: SheetId,
    state: SheetState,
    reason: &str,
    reversal: Option<PostingId>,
) -> Result<()> {
    let (now, by) = (tx.now(), tx.actor().name.clone());
    sqlx::query!(
        "update services.sheet
         set state = $2, ended_at = $3, ended_by = $4, end_reason = $5, reversal_id = $6
         where id = $1",
        *id,
        <&str>::from(state),
        now,
        by,
        reason,
        reversal.map(|p| *p),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Which offers are asked for.
pub(crate) struct Sheets<'a> {
    pub ids: Option<&'a [Uuid]>,
    pub order: Option<OrderId>,
    pub state: Option<SheetState>,
    pub limit: i64,
    pub after: Option<(DateTime<Utc>, Uuid)>,
    pub scope: &'a Scope,
}

/// Offers with their lines, newest first.
pub(crate) async fn sheets(tx: &mut Tx, w: Sheets<'_>) -> Result<Vec<Sheet>> {
    let (after_at, after_id) = w.after.unzip();
    let rows = sqlx::query!(
        r#"select s.id, s.no, s.order_id, o.no as order_no, s.account_id, a.account_no, m.address,
                  s.staff_id, f.name as staff_name, s.state, s.priced_on, s.total_fen, s.pay_fen,
                  s.quoted_at, s.agreed_at, s.signer, s.signature_id, s.charged_on, s.posting_id,
                  s.ended_at, s.ended_by, s.end_reason,
                  (select t.no from services.statement_line l
                   join services.statement t on t.id = l.statement_id
                   where l.sheet_id = s.id and l.kind = 'earned' and not l.released) as statement_no
           from services.sheet s
           join orders.work_order o on o.id = s.order_id
           join directory.account a on a.id = s.account_id
           join directory.premise m on m.id = s.premise_id
           join identity.staff f on f.id = s.staff_id
           where (s.org_path ^@ any($1) or s.staff_id = $2)
             and ($3::uuid[] is null or s.id = any($3))
             and ($4::uuid is null or s.order_id = $4)
             and ($5::text is null or s.state = $5)
             and ($6::timestamptz is null or (s.quoted_at, s.id) < ($6, $7))
           order by s.quoted_at desc, s.id desc limit $8"#,
        &w.scope.paths,
        w.scope.own.map(|u| *u),
        w.ids,
        w.order.map(|o| *o),
        w.state.map(<&str>::from),
        after_at,
        after_id,
        w.limit,
    )
    .fetch_all(tx.db())
    .await?;
    let ids: Vec<Uuid> = rows.iter().map(|r| *r.id).collect();
    let mut lines = lines(tx, &ids).await?;
    let mut sheets = Vec::with_capacity(rows.len());
    for r in rows {
        sheets.push(Sheet {
            id: r.id,
            no: r.no,
            order_id: r.order_id,
            order_no: r.order_no,
            account_id: r.account_id,
            account_no: r.account_no,
            address: r.address,
            staff_id: r.staff_id,
            staff_name: r.staff_name,
            state: r.state,
            priced_on: r.priced_on,
            total_fen: r.total_fen,
            pay_fen: r.pay_fen,
            quoted_at: r.quoted_at,
            agreed_at: r.agreed_at,
            signer: r.signer,
            signature_id: r.signature_id,
            charged_on: r.charged_on,
            posting_id: r.posting_id,
            ended_at: r.ended_at,
            ended_by: r.ended_by,
            end_reason: r.end_reason,
            statement_no: r.statement_no,
            lines: lines.remove(&r.id).unwrap_or_default(),
        });
    }
    Ok(sheets)
}

/// The lines of these offers.
pub(crate) async fn lines(tx: &mut Tx, sheets: &[Uuid]) -> Result<HashMap<SheetId, Vec<Line>>> {
    let rows = sqlx::query!(
        "select l.sheet_id, l.item_id, l.price_id, i.code, i.name, i.name_en, i.unit, i.kind,
                l.quantity, l.list_fen, l.unit_fen, l.sum_fen, l.rule_covered, l.rule_reason,
                l.rule_until, l.rule_sheet_id, l.covered, l.said, l.charge_fen, l.pay_fen
         from services.line l join services.item i on i.id = l.item_id
         where l.sheet_id = any($1) order by l.sheet_id, l.line",
        sheets,
    )
    .fetch_all(tx.db())
    .await?;
    let mut found: HashMap<SheetId, Vec<Line>> = HashMap::new();
    for r in rows {
        found.entry(r.sheet_id).or_default().push(Line {
            item_id: r.item_id,
            price_id: r.price_id,
            code: r.code,
            name: r.name,
            name_en: r.name_en,
            unit: r.unit,
            kind: r.kind,
            quantity: r.quantity,
            list_fen: r.list_fen,
            unit_fen: r.unit_fen,
            sum_fen: r.sum_fen,
            rule_covered: r.rule_covered,
            rule_reason: r.rule_reason,
            rule_until: r.rule_until,
            rule_sheet_id: r.rule_sheet_id,
            covered: r.covered,
            said: r.said,
            charge_fen: r.charge_fen,
            pay_fen: r.pay_fen,
        });
    }
    Ok(found)
}
