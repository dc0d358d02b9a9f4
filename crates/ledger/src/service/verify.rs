//! Proves the whole book: sums, seal, digests, closes.

use crate::store::{self, Broken, Walk};
use crate::{DigestView, GENESIS, hex};
use kernel::{Actor, App, Error, Result};
use sqlx::PgConnection;

/// Seals that are walked at a time.
const STRIDE: i64 = 20_000;

/// What was proven, and what was not.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Proof {
    /// Postings in the book.
    pub postings: i64,
    /// Their lines.
    pub lines: i64,
    /// Postings whose seal holds.
    pub sealed: i64,
    /// Digests whose signature holds.
    pub digests: usize,
    /// Closes whose balances are the book's.
    pub closings: i64,
    /// The first broken row of each check that failed.
    pub broken: Vec<String>,
}

/// Recomputes everything and names the first broken row of each check. With `public_key`, digests
/// count only when that key signed them.
pub async fn verify(app: &App, public_key: Option<&[u8]>, say: &dyn Fn(&str)) -> Result<Proof> {
    let mut tx = app.begin(Actor::system("ledger.verify")).await?;
    prove(tx.db(), public_key, say).await
}

/// The same over a connection inside a transaction.
pub(crate) async fn prove(
    db: &mut PgConnection,
    public_key: Option<&[u8]>,
    say: &dyn Fn(&str),
) -> Result<Proof> {
    let mut proof = Proof::default();
    (proof.postings, proof.lines, proof.closings) = store::counts(&mut *db).await?;
    say("sums of postings");
    let mut note = |broken: Broken| proof.broken.extend(broken);
    note(store::broken_lines(&mut *db).await?);
    note(store::empty_head(&mut *db).await?);
    say("closed periods and their balances");
    note(store::late_posting(&mut *db).await?);
    note(store::unfit_balance(&mut *db).await?);
    note(store::slipped_in(&mut *db).await?);
    note(store::unfit_digest(&mut *db).await?);
    let digests = store::digests(&mut *db, i64::MAX).await?;
    note(digests.iter().rev().find_map(|d| unsigned(d, public_key)));
    proof.digests = digests.iter().filter(|d| unsigned(d, public_key).is_none()).count();
    say("seals");
    store::by_index(&mut *db).await?;
    let mut at = Walk { seq: 0, hash: GENESIS };
    loop {
        match store::walk(&mut *db, &mut at, STRIDE).await? {
            Ok(true) => say(&format!("seals up to {}", at.seq)),
            Ok(false) if store::last_seq(&mut *db).await? > at.seq => {
                proof.broken.push(format!("seal {} is missing", at.seq + 1));
                break;
            }
            Ok(false) => break,
            Err(broken) => {
                proof.broken.push(broken);
                break;
            }
        }
    }
    proof.sealed = at.seq;
    Ok(proof)
}

fn unsigned(digest: &DigestView, key: Option<&[u8]>) -> Broken {
    let ours = key.is_none_or(|key| hex(key) == digest.public_key);
    match (digest.valid, ours) {
        (true, true) => None,
        (false, _) => Some(format!("the signature of {} is false", digest.day)),
        (true, false) => Some(format!("the digest of {} is signed by another key", digest.day)),
    }
}

/// A secret for [`crate::Signer`], from the system's generator.
pub fn new_secret() -> Result<[u8; 32]> {
    use rand::TryRngCore as _;
    let mut secret = [0; 32];
    rand::rngs::OsRng.try_fill_bytes(&mut secret).map_err(|e| Error::Internal(e.into()))?;
    Ok(secret)
}
