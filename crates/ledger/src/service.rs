//! Use cases of the book.

mod chain;
mod export;
mod many;
mod mass;
mod moment;
mod period;
mod sheet;
mod verify;

pub use chain::*;
pub use export::*;
pub use many::*;
pub use mass::*;
pub use moment::*;
pub use period::*;
pub(crate) use sheet::*;
pub use verify::*;

use crate::model::{common_org, sum};
use crate::permissions::{POST, VIEW};
use crate::{
    AsOf, Balance, LedgerRule, Line, OpenItem, Posted, Posting, Season, Segment, SegmentId, store,
};
use chrono::{DateTime, NaiveDate, Utc};
use kernel::clock::local_date;
use kernel::{AccountId, Error, Fen, PostingId, Result, Scope, SeasonId, Tx};

/// Payments that a balance shows.
const LAST_PAYMENTS: i64 = 5;

/// Writes to the book once: the same cause with the same content gives the same posting, with
/// other content it is refused.
pub async fn post(tx: &mut Tx, mut posting: Posting) -> Result<PostingId> {
    let scope = tx.scope(POST)?;
    posting.check()?;
    let mut accounts: Vec<AccountId> = posting.lines.iter().filter_map(|l| l.account_id).collect();
    accounts.sort_unstable();
    accounts.dedup();
    let paths = store::orgs_of(tx, &accounts, &scope).await?;
    if paths.len() < accounts.len() {
        return Err(Error::NotFound("household"));
    }

    if let Some(before) = posted_before(tx, &posting).await? {
        return Ok(before);
    }
    refuse_closed(tx, posting.valid_on).await?;
    let Some(posting_id) = store::insert_head(tx, &posting).await? else {
        // Somebody else was first, while we were asking.
        return posted_before(tx, &posting).await?.ok_or(Error::Stale);
    };
    store::fill(tx, &mut posting.lines).await?;
    store::insert_lines(tx, posting_id, &posting).await?;
    let Posting { source, source_id, corrects_id, .. } = posting;
    let org_path = common_org(&paths);
    tx.emit(&Posted { posting_id, source, source_id, corrects_id, accounts, org_path })?;
    Ok(posting_id)
}

async fn posted_before(tx: &mut Tx, posting: &Posting) -> Result<Option<PostingId>> {
    match store::by_source(tx, &posting.source, &posting.source_id).await? {
        Some((id, first)) if first.says_the_same(posting) => Ok(Some(id)),
        Some(_) => Err(LedgerRule::SourceTaken.into()),
        None => Ok(None),
    }
}

async fn refuse_closed(tx: &mut Tx, day: NaiveDate) -> Result<()> {
    match store::closed_through(tx).await? {
        Some(through) if day <= through => Err(LedgerRule::PeriodClosed(through).into()),
        _ => Ok(()),
    }
}

/// The day for which a correction is booked: the wanted one while its period is open, today when
/// it is closed.
pub async fn open_day(tx: &mut Tx, wanted: NaiveDate) -> Result<NaiveDate> {
    let closed = store::closed_through(tx).await?.is_some_and(|through| wanted <= through);
    Ok(if closed { local_date(tx.now()) } else { wanted })
}

/// What was posted for this cause, if anything.
pub async fn posting_of(
    tx: &mut Tx,
    source: &str,
    source_id: &str,
) -> Result<Option<(PostingId, Posting)>> {
    store::by_source(tx, source, source_id).await
}

/// Takes a posting back by its opposite, which names it. Taken back twice, it is taken back once.
/// What lies in a closed period is taken back today.
pub async fn reverse(tx: &mut Tx, wrong: PostingId, memo: &str) -> Result<PostingId> {
    tx.require(POST)?;
    if let Some((before, _)) = store::by_source(tx, "reversal", &wrong.to_string()).await? {
        return Ok(before);
    }
    let first = store::posting(tx, wrong).await?;
    let valid_on = open_day(tx, first.valid_on).await?;
    let opposite = |l: Line| Ok(Line { amount: store::negated(l.amount)?, ..l });
    let lines = first.lines.into_iter().map(opposite).collect::<Result<_>>()?;
    let posting = Posting {
        source: "reversal".to_owned(),
        source_id: wrong.to_string(),
        corrects_id: Some(wrong),
        memo: memo.to_owned(),
        channel: first.channel,
        valid_on,
        lines,
    };
    post(tx, posting).await
}

/// What a household owes and paid, season by season.
pub async fn balance(tx: &mut Tx, account: AccountId) -> Result<Balance> {
    let scope = tx.scope(VIEW)?;
    reckon(tx, account, &scope, None).await
}

/// The same as of a moment: whatever is posted later, the answer stays.
pub async fn balance_as_of(tx: &mut Tx, account: AccountId, as_of: AsOf) -> Result<Balance> {
    let scope = tx.scope(VIEW)?;
    reckon(tx, account, &scope, Some(as_of)).await
}

/// The same as [`balance`], for a room above that has asked whether the caller may see the
/// household.
pub async fn balance_of(tx: &mut Tx, account: AccountId) -> Result<Balance> {
    reckon(tx, account, &Scope::all(), None).await
}

/// What these households owe by season and item, oldest season first, for a room above that has
/// asked whether the caller may see them. What is settled is not shown; what was overpaid is
/// negative.
pub async fn open_items(tx: &mut Tx, accounts: &[AccountId]) -> Result<Vec<OpenItem>> {
    store::open_items(tx, accounts).await
}

/// What these households have paid ahead, positive; who has nothing is not shown.
pub async fn advances(tx: &mut Tx, accounts: &[AccountId]) -> Result<Vec<(AccountId, Fen)>> {
    store::advances(tx, accounts).await
}

/// The numbers of these segments, in their order; new ones are added.
pub async fn segment_ids(tx: &mut Tx, segments: &[Segment]) -> Result<Vec<SegmentId>> {
    store::number(tx, segments).await
}

/// Every segment with its number.
pub async fn segments(tx: &mut Tx) -> Result<std::collections::BTreeMap<SegmentId, Segment>> {
    store::segments(tx).await
}

async fn reckon(
    tx: &mut Tx,
    account: AccountId,
    scope: &Scope,
    as_of: Option<AsOf>,
) -> Result<Balance> {
    let sums = store::sums(tx, account, scope, as_of).await?;
    let last_payments = store::payments(tx, account, as_of, LAST_PAYMENTS).await?;

    let owed = || sums.seasons.iter().map(|s| s.owed_fen);
    let arrears = sum(owed().filter(|o| *o > Fen::ZERO)).ok_or(LedgerRule::TooMuch)?;
    let overpaid = sum(owed().filter(|o| *o < Fen::ZERO)).and_then(Fen::checked_neg);
    let credit = overpaid.and_then(|o| o.checked_add(sums.advance));
    Ok(Balance {
        arrears_fen: arrears,
        credit_fen: credit.ok_or(LedgerRule::TooMuch)?,
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
        return Err(LedgerRule::SeasonInvalid.into());
    }
    store::insert_season(tx, code, starts_at, ends_at).await
}
