//! The book for an independent program: `hledger` reads it and must come to the same fen.

use crate::{AsOf, store};
use kernel::{Actor, App, Error, Result};
use std::io::Write;

/// Writes every posting of a moment in hledger's journal format, oldest day first, line by line:
/// a book of any size goes through without being held.
///
/// Accounts are `ledger:season:item:organisation:household`, empty parts written as `-`; amounts
/// are yuan with two decimals. Ours is one more reader of the tables, not of our own sums.
pub async fn export_hledger(app: &App, as_of: AsOf, out: &mut (impl Write + Send)) -> Result<()> {
    let mut tx = app.begin(Actor::system("ledger.export")).await?;
    let mut written =
        |text: &str| out.write_all(text.as_bytes()).map_err(|e| Error::Internal(e.into()));
    written("; Hearthline ledger\ncommodity 1000.00 CNY\n")?;
    store::export(tx.db(), as_of, &mut written).await
}
