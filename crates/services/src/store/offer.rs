//! What an offer stands on, and writing it down.

use crate::{Before, ItemId, Line, RuleId, SheetId};
use chrono::NaiveDate;
use kernel::{AccountId, Error, FileId, OrderId, PremiseId, Result, Tx, UserId};
use std::collections::HashMap;

/// An order in the caller's hands, locked.
pub(crate) struct InHand {
    pub order_id: OrderId,
    pub round: i32,
    pub org_path: String,
    pub account_id: Option<AccountId>,
    /// Whether he has begun and has not finished.
    pub begun: bool,
}

/// The caller's order; one that is not his does not exist.
pub(crate) async fn lock_order(tx: &mut Tx, id: OrderId, who: UserId) -> Result<InHand> {
    sqlx::query_as!(
        InHand,
        r#"select id as "order_id: OrderId", round, org_path,
                  account_id as "account_id: AccountId",
                  state in ('accepted', 'en_route', 'on_site') as "begun!"
           from orders.work_order where id = $1 and assignee_id = $2 for update"#,
        *id,
        *who,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("order"))
}

/// The flat of an account, and since when it has heat.
pub(crate) struct Flat {
    pub premise_id: PremiseId,
    pub installed_on: Option<NaiveDate>,
}

/// Whose flat it is; since the first account there was opened.
pub(crate) async fn flat(tx: &mut Tx, account: AccountId) -> Result<Flat> {
    sqlx::query_as!(
        Flat,
        r#"select a.premise_id as "premise_id: PremiseId",
                  (select min(f.opened_on) from directory.account f
                   where f.premise_id = a.premise_id) as installed_on
           from directory.account a where a.id = $1"#,
        *account,
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("household"))
}

/// When each of these was last done in the flat, and how long that was warranted.
pub(crate) async fn last_done(
    tx: &mut Tx,
    premise: PremiseId,
    items: &[ItemId],
) -> Result<HashMap<ItemId, Before>> {
    let ids: Vec<_> = items.iter().map(|i| **i).collect();
    let rows = sqlx::query!(
        r#"select distinct on (l.item_id) l.item_id as "item: ItemId", s.id as "sheet: SheetId",
                  s.staff_id as "staff: UserId", s.charged_on as "on!", p.warranty_days as days
           from services.sheet s
           join services.line l on l.sheet_id = s.id
           join services.price p on p.id = l.price_id
           where s.premise_id = $1 and s.charged_on is not null and s.state = 'charged'
             and l.item_id = any($2)
           order by l.item_id, s.charged_on + p.warranty_days desc, s.id desc"#,
        *premise,
        &ids,
    )
    .fetch_all(tx.db())
    .await?;
    let before = |sheet, staff, on, days| Before { sheet, staff, on, days };
    Ok(rows.into_iter().map(|r| (r.item, before(r.sheet, r.staff, r.on, r.days))).collect())
}

/// Whether other work was charged in the flat within so many days before.
pub(crate) async fn was_here(
    tx: &mut Tx,
    premise: PremiseId,
    but: SheetId,
    since: NaiveDate,
) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from services.sheet
                          where premise_id = $1 and id <> $2 and state = 'charged'
                            and charged_on >= $3) as "was!""#,
        *premise,
        *but,
        since,
    )
    .fetch_one(tx.db())
    .await?)
}

/// An offer as it is written.
pub(crate) struct NewSheet<'a> {
    pub order: &'a InHand,
    pub account_id: AccountId,
    pub premise_id: PremiseId,
    pub staff_id: UserId,
    pub priced_on: NaiveDate,
    pub rule_id: RuleId,
    pub total: kernel::Fen,
    pub pay: kernel::Fen,
    pub lines: &'a [Line],
}

/// Writes an offer down with its number.
pub(crate) async fn insert_sheet(tx: &mut Tx, new: &NewSheet<'_>) -> Result<SheetId> {
    let (id, now): (SheetId, _) = (tx.new_id(), tx.now());
    sqlx::query!(
        "insert into services.sheet
           (id, no, order_id, round, account_id, premise_id, org_path, staff_id, state, priced_on,
            rule_id, total_fen, pay_fen, quoted_at)
         values ($1, 'FW' || to_char($8::date, 'YYYYMMDD') || '-'
                     || kernel.padded(nextval('services.sheet_number'), 4),
                 $2, $3, $4, $5, $6, $7, 'quoted', $8, $9, $10, $11, $12)",
        *id,
        *new.order.order_id,
        new.order.round,
        *new.account_id,
        *new.premise_id,
        new.order.org_path,
        *new.staff_id,
        new.priced_on,
        *new.rule_id,
        new.total.get(),
        new.pay.get(),
        now,
    )
    .execute(tx.db())
    .await?;
    for (n, line) in (1..).zip(new.lines) {
        insert_line(tx, id, n, line).await?;
    }
    Ok(id)
}

async fn insert_line(tx: &mut Tx, sheet: SheetId, n: i32, l: &Line) -> Result<()> {
    sqlx::query!(
        "insert into services.line
           (sheet_id, line, item_id, price_id, quantity, list_fen, unit_fen, sum_fen,
            rule_covered, rule_reason, rule_until, rule_sheet_id, covered, said, charge_fen,
            pay_fen)
         values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)",
        *sheet,
        n,
        *l.item_id,
        *l.price_id,
        l.quantity,
        l.list_fen.get(),
        l.unit_fen.get(),
        l.sum_fen.get(),
        l.rule_covered,
        <&str>::from(l.rule_reason),
        l.rule_until,
        l.rule_sheet_id.map(|s| *s),
        l.covered,
        l.said,
        l.charge_fen.get(),
        l.pay_fen.get(),
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Whether this is an image that the caller uploaded.
pub(crate) async fn is_own_image(tx: &mut Tx, id: FileId, who: UserId) -> Result<bool> {
    Ok(sqlx::query_scalar!(
        r#"select exists (select from files.file
                          where id = $1 and created_by = $2 and media_type ^@ 'image/') as "is!""#,
        *id,
        *who,
    )
    .fetch_one(tx.db())
    .await?)
}
