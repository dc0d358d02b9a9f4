//! Looking at payments.

use crate::permissions::VIEW;
use crate::store;
use crate::{PaymentDetail, PaymentFilter, PaymentOrder};
use kernel::{Cursor, Page, PaymentOrderId, Result, Scope, Tx, page};

/// Payments that match, the newest first.
pub async fn payments(tx: &mut Tx, filter: &PaymentFilter) -> Result<Page<PaymentOrder>> {
    let scope = tx.scope(VIEW)?;
    let limit = page::limit(filter.limit);
    let after = Cursor::decode(filter.after.as_deref())?;
    let rows = store::payments(tx, &scope, filter, after, limit + 1).await?;
    Ok(Page::cut(rows, limit, |o| (o.created_at, *o.id)))
}

/// One payment with its tries, receipts, refunds, and what exactly it paid.
pub async fn payment(tx: &mut Tx, id: PaymentOrderId) -> Result<PaymentDetail> {
    let scope = tx.scope(VIEW)?;
    let payment = store::payment(tx, &scope, id).await?;
    let applied = match payment.posting_id {
        Some(posting) => store::applied(tx, posting).await?,
        None => Vec::new(),
    };
    Ok(PaymentDetail {
        shares: store::shares(tx, id).await?,
        attempts: store::attempts(tx, id).await?,
        receipts: store::receipts(tx, id).await?,
        refunds: store::refunds(tx, &Scope::all(), Some(id), false, 50).await?,
        applied,
        payment,
    })
}
