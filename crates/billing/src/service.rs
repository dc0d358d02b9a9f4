//! Use cases of the book.

use crate::model::{common_org, sum};
use crate::permissions::{POST, VIEW};
use crate::{Balance, BillingRule, Line, Posted, Posting, Season, store};
use chrono::{DateTime, Utc};
use kernel::{AccountId, Error, Fen, PostingId, Result, Scope, SeasonId, Tx};

/// Payments that a balance shows.
const LAST_PAYMENTS: i64 = 5;

/// Writes to the book once: the same cause with the same content gives the same posting, with
/// other content it is refused.
pub async fn post(tx: &mut Tx, posting: Posting) -> Result<PostingId> {
    let scope = tx.scope(POST)?;
    posting.check()?;
    let mut accounts: Vec<AccountId> = posting.lines.iter().filter_map(|l| l.account_id).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let paths = store::orgs_of(tx, &accounts, &scope).await?;
    if paths.len() < accounts.len() {
        return Err(Error::NotFound("household"));
    }

    let Some(posting_id) = store::insert_head(tx, &posting).await? else {
        return posted_before(tx, &posting).await;
    };
    store::insert_lines(tx, posting_id, &posting.lines).await?;
    let Posting { source, source_id, corrects_id, .. } = posting;
    let org_path = common_org(&paths);
    tx.emit(&Posted { posting_id, source, source_id, corrects_id, accounts, org_path })?;
    Ok(posting_id)
}

async fn posted_before(tx: &mut Tx, posting: &Posting) -> Result<PostingId> {
    match store::by_source(tx, &posting.source, &posting.source_id).await? {
        Some((id, first)) if first == *posting => Ok(id),
        _ => Err(BillingRule::SourceTaken.into()),
    }
}

/// Takes a posting back by its opposite, which names it. Taken back twice, it is taken back once.
pub async fn reverse(tx: &mut Tx, wrong: PostingId, memo: &str) -> Result<PostingId> {
    tx.require(POST)?;
    let first = store::posting(tx, wrong).await?;
    let opposite = |l: Line| {
        let amount = l.amount.checked_neg().ok_or(BillingRule::TooMuch)?;
        Ok(Line { amount, ..l })
    };
    let lines = first.lines.into_iter().map(opposite).collect::<Result<_, BillingRule>>()?;
    let posting = Posting {
        source: "reversal".to_owned(),
        source_id: wrong.to_string(),
        corrects_id: Some(wrong),
        memo: memo.to_owned(),
        valid_on: first.valid_on,
        lines,
    };
    post(tx, posting).await
}

/// What a household owes and paid, season by season.
pub async fn balance(tx: &mut Tx, account: AccountId) -> Result<Balance> {
    let scope = tx.scope(VIEW)?;
    reckon(tx, account, &scope).await
}

/// The same, for a room above that has asked whether the caller may see the household.
pub async fn balance_of(tx: &mut Tx, account: AccountId) -> Result<Balance> {
    reckon(tx, account, &Scope::all()).await
}

async fn reckon(tx: &mut Tx, account: AccountId, scope: &Scope) -> Result<Balance> {
    let sums = store::sums(tx, account, scope).await?;
    let last_payments = store::payments(tx, account, LAST_PAYMENTS).await?;

    let owed = || sums.seasons.iter().map(|s| s.owed_fen);
    let arrears = sum(owed().filter(|o| *o > Fen::ZERO)).ok_or(BillingRule::TooMuch)?;
    let overpaid = sum(owed().filter(|o| *o < Fen::ZERO)).and_then(Fen::checked_neg);
    let credit = overpaid.and_then(|o| o.checked_add(sums.advance));
    Ok(Balance {
        arrears_fen: arrears,
        credit_fen: credit.ok_or(BillingRule::TooMuch)?,
        by_season: sums.seasons,
        last_payments,
    })
}

/// The heating seasons, newest first.
pub async fn seasons(tx: &mut Tx) -> Result<Vec<Season>> {
    tx.require(VIEW)?;
    store::seasons(tx).await
}

/// Adds a heating season.
pub async fn add_season(
    tx: &mut Tx,
    code: &str,
    starts_at: DateTime<Utc>,
    ends_at: DateTime<Utc>,
) -> Result<SeasonId> {
    tx.require(POST)?;
    if code.is_empty() || starts_at >= ends_at {
        return Err(BillingRule::SeasonInvalid.into());
    }
    store::insert_season(tx, code, starts_at, ends_at).await
}
