//! Paper.

use crate::{PayMethod, Receipt, ReceiptContent, ReceiptFace, ReceiptState};
use chrono::{DateTime, Utc};
use kernel::Fen;

pub(crate) fn receipt(
    _receipt: &Receipt,
    _face: &ReceiptFace,
    _content: &ReceiptContent,
) -> anyhow::Result<Vec<u8>> {
    Ok(Vec::new())
}

pub(crate) fn sample(at: DateTime<Utc>) -> (Receipt, ReceiptContent) {
    let _ = (at, PayMethod::Cash, ReceiptState::Issued, Fen::ZERO);
    unreachable!()
}
