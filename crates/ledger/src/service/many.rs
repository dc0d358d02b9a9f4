//! Postings by the thousand, from a list that somebody brought: each is checked as any other, and
//! they are written in few statements. Who calls tells what happened, once.

use super::refuse_closed;
use crate::permissions::POST;
use crate::{Line, Posting, store};
use kernel::clock::local_date;
use kernel::{AccountId, Error, PostingId, Result, Tx};

/// Writes them all; refused when one of them cannot be written, or was before.
pub async fn post_all(tx: &mut Tx, mut postings: Vec<Posting>) -> Result<Vec<PostingId>> {
    let scope = tx.scope(POST)?;
    for posting in &postings {
        posting.check()?;
    }
    let lines = postings.iter().flat_map(|p| &p.lines);
    let mut accounts: Vec<AccountId> = lines.filter_map(|l| l.account_id).collect();
    accounts.sort_unstable();
    accounts.dedup();
    if store::orgs_of(tx, &accounts, &scope).await?.len() < accounts.len() {
        return Err(Error::NotFound("household"));
    }
    if let Some(first) = postings.iter().map(|p| p.valid_on).min() {
        refuse_closed(tx, first).await?;
    }
    store::insert_many(tx, &mut postings).await
}

/// Takes them back, each by its opposite that names it; what was taken back before is left alone,
/// and what lies in a closed period is taken back today.
pub async fn reverse_all(tx: &mut Tx, wrong: &[PostingId], memo: &str) -> Result<Vec<PostingId>> {
    tx.require(POST)?;
    let closed = store::closed_through(tx).await?;
    let today = local_date(tx.now());
    let mut opposites = Vec::with_capacity(wrong.len());
    for (id, first) in store::standing(tx, wrong).await? {
        let negated = |l: Line| Ok(Line { amount: store::negated(l.amount)?, ..l });
        let lines = first.lines.into_iter().map(negated).collect::<Result<_>>();
        opposites.push(Posting {
            source: "reversal".to_owned(),
            source_id: id.to_string(),
            corrects_id: Some(id),
            memo: memo.to_owned(),
            channel: first.channel,
            valid_on: match closed {
                Some(through) if first.valid_on <= through => today,
                _ => first.valid_on,
            },
            lines: lines?,
        });
    }
    post_all(tx, opposites).await
}
