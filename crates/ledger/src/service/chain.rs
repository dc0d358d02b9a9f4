//! The seal over the book, made behind the commits: no till ever waits for it.

use crate::permissions::BOOK;
use crate::{ChainState, Signer, hex, store};
use kernel::clock::local_date;
use kernel::{Actor, App, Result, Tx};

/// Digests that the chain's state shows.
const SHOWN_DIGESTS: i64 = 60;

/// Seals up to `limit` postings that are committed and not sealed yet, in the order of their
/// transactions; returns how many. One node does it at a time; a second one would be refused by
/// the key of the seal.
pub async fn seal_next(app: &App, limit: i64) -> Result<usize> {
    let mut tx = app.begin(Actor::system("ledger.seal")).await?;
    let end = store::end(&mut tx).await?;
    store::by_index(tx.db()).await?;
    let sealed = store::seal_after(&mut tx, end, limit).await?;
    if sealed > 0 {
        tx.commit().await?;
    }
    Ok(sealed)
}

/// Signs the seal's end for yesterday, once, unless nothing was sealed since the last time.
pub async fn sign_day(app: &App, signer: &Signer) -> Result<()> {
    let mut tx = app.begin(Actor::system("ledger.digest")).await?;
    let Some(yesterday) = local_date(tx.now()).pred_opt() else { return Ok(()) };
    let (last_day, last_seq) =
        store::last_digest(&mut tx).await?.map_or((None, 0), |(day, seq)| (Some(day), seq));
    if last_day.is_some_and(|day| day >= yesterday) {
        return Ok(());
    }
    let end = store::end(&mut tx).await?;
    if end.seq == last_seq {
        return Ok(());
    }
    let signature = signer.sign(yesterday, end.seq, &end.hash);
    store::insert_digest(&mut tx, yesterday, &end, &signature, &signer.public_key()).await?;
    tx.commit().await
}

/// How far the seal has come, and the signed ends of days.
pub async fn chain(tx: &mut Tx) -> Result<ChainState> {
    tx.require(BOOK)?;
    let end = store::end(tx).await?;
    let (waiting, waiting_since, sealed_to) = store::lag(tx, &end).await?;
    Ok(ChainState {
        sealed: end.seq,
        hash: if end.seq > 0 { hex(&end.hash) } else { String::new() },
        sealed_to,
        waiting,
        waiting_since,
        digests: store::digests(tx.db(), SHOWN_DIGESTS).await?,
    })
}
