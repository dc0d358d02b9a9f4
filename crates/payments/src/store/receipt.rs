//! Receipts, their numbers, and how they look.

use crate::{
    NewRange, PaymentRule, Receipt, ReceiptContent, ReceiptFace, ReceiptRange, ReceiptState,
};
use anyhow::Context as _;
use kernel::{Error, Fen, OnConstraint, PaymentOrderId, ReceiptId, Result, Scope, Tx, UserId};
use uuid::Uuid;

/// The next number of a block, taken: the cashier's own first, then one that everybody of his
/// organisation uses.
pub(crate) async fn take_number(
    tx: &mut Tx,
    cashier: UserId,
    org_path: &str,
) -> Result<Option<(Uuid, String)>> {
    let now = tx.now();
    let row = sqlx::query!(
        r#"update payments.receipt_range r
           set next_no = next_no + 1,
               closed_at = case when next_no = last_no then $3 else closed_at end
           where id = (
             select id from payments.receipt_range
             where closed_at is null and next_no <= last_no
               and (cashier_id = $1 or cashier_id is null and $2 ^@ org_path)
             order by cashier_id is null, given_at, id limit 1 for update)
           returning id, prefix || kernel.padded(next_no - 1, digits) as "no!""#,
        *cashier,
        org_path,
        now,
    )
    .fetch_optional(tx.db())
    .await?;
    Ok(row.map(|r| (r.id, r.no)))
}

/// Blocks of numbers, the newest first.
pub(crate) async fn ranges(tx: &mut Tx, scope: &Scope) -> Result<Vec<ReceiptRange>> {
    let rows = sqlx::query_as!(
        ReceiptRange,
        r#"select r.id, r.cashier_id, s.name as "cashier_name?", r.org_path, r.prefix, r.digits,
                  r.first_no, r.last_no, r.next_no, r.given_at, r.closed_at
           from payments.receipt_range r left join identity.staff s on s.id = r.cashier_id
           where r.org_path ^@ any($1) or r.cashier_id = $2
           order by r.given_at desc, r.id desc limit 200"#,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// Writes a block, unless one of its numbers is in another. One at a time: the check would not
/// see a block that is being written.
pub(crate) async fn insert_range(tx: &mut Tx, org_path: &str, new: &NewRange) -> Result<Uuid> {
    sqlx::query!("lock table payments.receipt_range in share row exclusive mode")
        .execute(tx.db())
        .await?;
    let taken = sqlx::query_scalar!(
        r#"select exists (select from payments.receipt_range
             where prefix = $1 and digits = $2 and first_no <= $4 and last_no >= $3) as "taken!""#,
        new.prefix,
        new.digits,
        new.first_no,
        new.last_no,
    )
    .fetch_one(tx.db())
    .await?;
    if taken {
        return Err(PaymentRule::NumbersTaken.into());
    }
    let (id, now): (Uuid, _) = (tx.new_id(), tx.now());
    let by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "insert into payments.receipt_range
           (id, org_path, cashier_id, prefix, digits, first_no, last_no, next_no, given_by,
            given_at)
         values ($1, $2, $3, $4, $5, $6, $7, $6, $8, $9)",
        id,
        org_path,
        new.cashier_id.map(|u| *u),
        new.prefix,
        new.digits,
        new.first_no,
        new.last_no,
        by,
        now,
    )
    .execute(tx.db())
    .await
    .on_constraint("receipt_range_cashier", Error::NotFound("staff"))?;
    Ok(id)
}

/// Takes a block back: its rest is not used.
pub(crate) async fn close_range(tx: &mut Tx, scope: &Scope, id: Uuid) -> Result<()> {
    let now = tx.now();
    let done = sqlx::query!(
        "update payments.receipt_range set closed_at = $2
         where id = $1 and closed_at is null and org_path ^@ any($3)",
        id,
        now,
        &scope.paths,
    )
    .execute(tx.db())
    .await?;
    if done.rows_affected() == 0 {
        return Err(Error::NotFound("block of numbers"));
    }
    Ok(())
}

/// How receipts look now; the product's own face before anybody set one.
pub(crate) async fn face(tx: &mut Tx, version: Option<i32>) -> Result<(i32, ReceiptFace)> {
    let row = sqlx::query!(
        "select version, face from payments.receipt_face
         where $1::integer is null or version = $1 order by version desc limit 1",
        version,
    )
    .fetch_optional(tx.db())
    .await?;
    match row {
        Some(r) => {
            let face = serde_json::from_value(r.face).context("a stored receipt face")?;
            Ok((r.version, face))
        }
        None => Ok((insert_face(tx, &ReceiptFace::default()).await?, ReceiptFace::default())),
    }
}

/// Writes a new version of the face.
pub(crate) async fn insert_face(tx: &mut Tx, face: &ReceiptFace) -> Result<i32> {
    let now = tx.now();
    let by = tx.actor().user.map(|u| *u);
    let face = serde_json::to_value(face).context("a receipt face")?;
    let version = sqlx::query_scalar!(
        "insert into payments.receipt_face (version, face, made_by, made_at)
         select coalesce(max(version), 0) + 1, $1, $2, $3 from payments.receipt_face
         returning version",
        face,
        by,
        now,
    )
    .fetch_one(tx.db())
    .await
    .on_constraint("receipt_face_pkey", Error::Stale)?;
    Ok(version)
}

/// Writes a receipt.
pub(crate) async fn insert_receipt(
    tx: &mut Tx,
    order: PaymentOrderId,
    (range, no): (Uuid, String),
    face_version: i32,
    amount: Fen,
    content: &ReceiptContent,
) -> Result<Receipt> {
    let (id, now): (ReceiptId, _) = (tx.new_id(), tx.now());
    let by = tx.actor().user.map(|u| *u);
    let content = serde_json::to_value(content).context("a receipt's content")?;
    sqlx::query!(
        "insert into payments.receipt
           (id, no, range_id, order_id, state, amount_fen, face_version, content, issued_at,
            issued_by)
         values ($1, $2, $3, $4, 'issued', $5, $6, $7, $8, $9)",
        *id,
        no,
        range,
        *order,
        amount.get(),
        face_version,
        content,
        now,
        by,
    )
    .execute(tx.db())
    .await
    .on_constraint("receipt_no_key", PaymentRule::NumbersTaken)?;
    Ok(Receipt {
        id,
        no,
        order_id: order,
        state: ReceiptState::Issued,
        amount_fen: amount,
        copies: 0,
        issued_at: now,
        void_reason: String::new(),
    })
}

/// The receipts of an order, void ones included.
pub(crate) async fn receipts(tx: &mut Tx, order: PaymentOrderId) -> Result<Vec<Receipt>> {
    let rows = sqlx::query_as!(
        Receipt,
        "select id, no, order_id, state, amount_fen, copies, issued_at, void_reason
         from payments.receipt where order_id = $1 order by issued_at, no",
        *order,
    )
    .fetch_all(tx.db())
    .await?;
    Ok(rows)
}

/// A receipt with everything on it.
pub(crate) struct ReceiptRow {
    pub receipt: Receipt,
    pub face_version: i32,
    pub content: ReceiptContent,
}

/// One receipt, held until this is over when the caller changes it.
pub(crate) async fn receipt(tx: &mut Tx, scope: &Scope, id: ReceiptId) -> Result<ReceiptRow> {
    let r = sqlx::query!(
        "select r.id, r.no, r.order_id, r.state, r.amount_fen, r.copies, r.issued_at, r.void_reason,
                r.face_version, r.content
         from payments.receipt r join payments.payment_order o on o.id = r.order_id
         where r.id = $1 and (o.org_path ^@ any($2) or r.issued_by = $3) for update of r",
        *id,
        &scope.paths,
        scope.own.map(|u| *u),
    )
    .fetch_optional(tx.db())
    .await?
    .ok_or(Error::NotFound("receipt"))?;
    let content = serde_json::from_value(r.content).context("a stored receipt")?;
    let receipt = Receipt {
        id: r.id,
        no: r.no,
        order_id: r.order_id,
        state: r.state,
        amount_fen: r.amount_fen,
        copies: r.copies,
        issued_at: r.issued_at,
        void_reason: r.void_reason,
    };
    Ok(ReceiptRow { receipt, face_version: r.face_version, content })
}

/// Makes a receipt void.
pub(crate) async fn void_receipt(tx: &mut Tx, id: ReceiptId, reason: &str) -> Result<()> {
    let now = tx.now();
    let by = tx.actor().user.map(|u| *u);
    sqlx::query!(
        "update payments.receipt set
           state = 'void', voided_at = $2, voided_by = $3, void_reason = $4
         where id = $1 and state = 'issued'",
        *id,
        now,
        by,
        reason,
    )
    .execute(tx.db())
    .await?;
    Ok(())
}

/// Counts a copy.
pub(crate) async fn count_copy(tx: &mut Tx, id: ReceiptId) -> Result<i32> {
    let copies = sqlx::query_scalar!(
        "update payments.receipt set copies = copies + 1 where id = $1 returning copies",
        *id,
    )
    .fetch_one(tx.db())
    .await?;
    Ok(copies)
}

/// How receipts look now, without writing anything.
pub(crate) async fn current_face(tx: &mut Tx) -> Result<ReceiptFace> {
    let face =
        sqlx::query_scalar!("select face from payments.receipt_face order by version desc limit 1")
            .fetch_optional(tx.db())
            .await?;
    match face {
        Some(face) => Ok(serde_json::from_value(face).context("a stored receipt face")?),
        None => Ok(ReceiptFace::default()),
    }
}
