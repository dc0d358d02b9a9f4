//! The book as of any moment, past or present.

use crate::permissions::BOOK;
use crate::{
    ArrearsRow, AsOf, EntryFilter, EntryView, Figure, LedgerRule, PostingView, TrialBalance, store,
    sum,
};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use kernel::clock::local_date;
use kernel::{AccountId, App, Error, Fen, PostingId, Result, Scope, Tx};

/// Lines of a posting that are shown at once.
const SHOWN_LINES: i64 = 200;

impl AsOf {
    /// The present moment; who still writes may yet add to it.
    pub fn now(tx: &Tx) -> Self {
        Self { valid_on: local_date(tx.now()), known_at: tx.now() }
    }

    /// A moment whose answer stays for ever. What is recorded carries the instant at which its
    /// transaction began: so nothing is known for certain that began after the oldest of those
    /// that are writing still, and the moment asked for is put back to it. The answer must say so.
    pub async fn settled(
        tx: &mut Tx,
        valid_on: Option<NaiveDate>,
        known_at: Option<DateTime<Utc>>,
    ) -> Result<Self> {
        let now = Self::now(tx);
        let wanted = known_at.unwrap_or(now.known_at).min(now.known_at);
        let since = store::writing_since(tx).await?;
        let before = |since: DateTime<Utc>| since - TimeDelta::microseconds(1);
        let known_at = since.map_or(wanted, |since| wanted.min(before(since)));
        Ok(Self { valid_on: valid_on.unwrap_or(now.valid_on), known_at })
    }
}

/// Holds answers "as known" back to the present instant until it is dropped: for rows that are
/// written beside the book and carry this instant.
pub struct Announced(#[expect(dead_code, reason = "held, not read")] sqlx::PgConnection);

/// Begins it.
pub async fn announce(app: &App) -> Result<Announced> {
    Ok(Announced(store::announce(app).await?))
}

/// What households owe and have paid ahead as of a moment, by season, item and segment, for a
/// room above that has asked what the caller may see. The same moment gives the same fen for
/// ever: later postings carry a later `recorded_at`.
pub async fn arrears(tx: &mut Tx, as_of: AsOf, scope: &Scope) -> Result<Vec<ArrearsRow>> {
    let base = store::base(tx, as_of).await?;
    store::arrears(tx, as_of, base, &sight(scope)).await
}

/// The households behind a figure of [`arrears`], who owes most first.
pub async fn arrears_households(
    tx: &mut Tx,
    as_of: AsOf,
    figure: &Figure,
    scope: &Scope,
) -> Result<Vec<(AccountId, Fen)>> {
    let base = store::base(tx, as_of).await?;
    let owing = store::owing(tx, as_of, base, figure, &sight(scope)).await?;
    Ok(owing.into_iter().map(|o| (o.account_id, o.fen)).collect())
}

/// Every ledger by season and item, as of a moment.
pub async fn trial_balance(tx: &mut Tx, as_of: AsOf) -> Result<TrialBalance> {
    let scope = tx.scope(BOOK)?;
    let since = store::base(tx, as_of).await?;
    let items = store::trial(tx, as_of, since, &sight(&scope)).await?;
    let sum_fen = sum(items.iter().map(|r| r.amount_fen)).ok_or(LedgerRule::TooMuch)?;
    Ok(TrialBalance { as_of, since, items, sum_fen })
}

/// Lines of the book, newest day first.
pub async fn entries(tx: &mut Tx, filter: &EntryFilter) -> Result<Vec<EntryView>> {
    let scope = tx.scope(BOOK)?;
    store::entries(tx, filter, &sight(&scope)).await
}

/// A posting with its lines in sight.
pub async fn posting(tx: &mut Tx, id: PostingId) -> Result<PostingView> {
    let scope = tx.scope(BOOK)?;
    let lines = store::lines_of(tx, id, &sight(&scope), SHOWN_LINES).await?;
    if lines.is_empty() {
        return Err(Error::NotFound("posting"));
    }
    let head = store::head(tx, id).await?;
    Ok(PostingView { lines, ..head })
}

/// The paths in sight. Who sees a whole company sees also what belongs to no organisation of it:
/// its cash, its banks.
pub fn sight(scope: &Scope) -> Vec<String> {
    let whole = |path: &String| path.starts_with('/') && path.matches('/').count() <= 2;
    if scope.paths.iter().any(whole) { vec!["/".to_owned()] } else { scope.paths.clone() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_who_sees_a_company_sees_what_belongs_to_none_of_its_branches() {
        let seen = |paths: &[&str]| {
            sight(&Scope { paths: paths.iter().map(|p| (*p).to_owned()).collect(), own: None })
        };
        assert_eq!(seen(&["/hq/"]), ["/"]);
        assert_eq!(seen(&["/"]), ["/"]);
        assert_eq!(seen(&["/hq/east/", "/hq/west/"]), ["/hq/east/", "/hq/west/"]);
        assert_eq!(seen(&["-"]), ["-"], "nowhere stays nowhere");
    }
}
