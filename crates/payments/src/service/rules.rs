//! What the rooms below say about an account before money is taken: pack, holds, late fees.

use crate::Accrued;
use chrono::NaiveDate;
use kernel::{AccountId, Fen, Result, Tx};

/// Late fees of these accounts on that day, that are not in the book.
pub(crate) async fn late_fees(
    tx: &mut Tx,
    accounts: &[AccountId],
    on: NaiveDate,
) -> Result<Vec<Accrued>> {
    let fees = billing::late_fee_of(tx, accounts, on).await?;
    let due = fees.into_iter().filter(|f| f.due_fen > Fen::ZERO).map(|f| Accrued {
        account_id: f.account_id,
        season_id: Some(f.season_id),
        year: f.season.get(..4).and_then(|y| y.parse().ok()),
        season: f.season,
        segment_id: None,
        amount: f.due_fen,
    });
    Ok(due.collect())
}
