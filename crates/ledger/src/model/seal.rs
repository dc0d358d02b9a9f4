//! The seal: hashes that a posting's every field goes into, and a signature a day.

use chrono::{DateTime, NaiveDate, Utc};
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use kernel::{AccountId, Fen, PostingId, SeasonId, UserId};
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use utoipa::ToSchema;

/// A hash of the chain.
pub type Hash = [u8; 32];

/// The hash before the first posting's.
pub const GENESIS: Hash = [0; 32];

/// A posting's head as the seal sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedHead {
    /// The posting.
    pub id: PostingId,
    /// What caused it.
    pub source: String,
    /// Which one.
    pub source_id: String,
    /// What it corrects.
    pub corrects_id: Option<PostingId>,
    /// For people.
    pub memo: String,
    /// The way of the money.
    pub channel: Option<String>,
    /// The day for which it counts.
    pub valid_on: NaiveDate,
    /// When it was written.
    pub recorded_at: DateTime<Utc>,
    /// By whom.
    pub recorded_by: Option<UserId>,
}

/// A line as the seal sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealedLine {
    /// Its number.
    pub line: i32,
    /// Where it is booked.
    pub ledger: String,
    /// The household.
    pub account_id: Option<AccountId>,
    /// The season.
    pub season_id: Option<SeasonId>,
    /// The segment's number.
    pub segment_id: Option<i32>,
    /// What for.
    pub item: String,
    /// How much.
    pub amount: Fen,
}

/// Takes a posting in, field by field: each with its length, so that no two postings look alike.
pub(crate) struct Content(Sha256);

impl Content {
    /// Begins with the head.
    pub fn of(head: &SealedHead) -> Self {
        let mut content = Self(Sha256::new());
        content.bytes(Some(head.id.as_bytes()));
        content.bytes(Some(head.source.as_bytes()));
        content.bytes(Some(head.source_id.as_bytes()));
        content.bytes(head.corrects_id.as_ref().map(|id| id.as_bytes().as_slice()));
        content.bytes(Some(head.memo.as_bytes()));
        content.bytes(head.channel.as_deref().map(str::as_bytes));
        content.bytes(Some(head.valid_on.to_string().as_bytes()));
        content.bytes(Some(&head.recorded_at.timestamp_micros().to_be_bytes()));
        content.bytes(head.recorded_by.as_ref().map(|id| id.as_bytes().as_slice()));
        content
    }

    /// Goes on with the next line.
    pub fn line(&mut self, line: &SealedLine) {
        self.bytes(Some(&line.line.to_be_bytes()));
        self.bytes(Some(line.ledger.as_bytes()));
        self.bytes(line.account_id.as_ref().map(|id| id.as_bytes().as_slice()));
        self.bytes(line.season_id.as_ref().map(|id| id.as_bytes().as_slice()));
        self.bytes(line.segment_id.map(i32::to_be_bytes).as_ref().map(<[u8; 4]>::as_slice));
        self.bytes(Some(line.item.as_bytes()));
        self.bytes(Some(&line.amount.get().to_be_bytes()));
    }

    fn bytes(&mut self, field: Option<&[u8]>) {
        let length = field.map_or(u64::MAX, |f| u64::try_from(f.len()).unwrap_or(u64::MAX - 1));
        self.0.update(length.to_be_bytes());
        self.0.update(field.unwrap_or_default());
    }

    /// The link after `before`.
    pub fn link(self, before: &Hash) -> Hash {
        let content: Hash = self.0.finalize().into();
        Sha256::new().chain_update(before).chain_update(content).finalize().into()
    }
}

/// Signs the end of each day. Its key lies outside of the database: who can change the tables
/// cannot sign what he made of them.
pub struct Signer(SigningKey);

impl std::fmt::Debug for Signer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Never the secret.
        f.debug_struct("Signer").finish_non_exhaustive()
    }
}

impl Signer {
    /// With this secret.
    pub fn new(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// What everybody may know: signatures are checked with it.
    pub fn public_key(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// Signs a paper of another room; `kind` says which, so that one is never taken for another.
    pub fn sign_paper(&self, kind: &str, text: &[u8]) -> [u8; 64] {
        self.0.sign(&paper(kind, text)).to_bytes()
    }

    /// Signs the seal's end of a day.
    pub fn sign(&self, day: NaiveDate, seq: i64, hash: &[u8]) -> [u8; 64] {
        self.0.sign(&statement(day, seq, hash)).to_bytes()
    }
}

/// Whether the key's owner signed this end of a day.
pub fn is_signed(key: &[u8], signature: &[u8], day: NaiveDate, seq: i64, hash: &[u8]) -> bool {
    let key = <[u8; 32]>::try_from(key).ok().and_then(|k| VerifyingKey::from_bytes(&k).ok());
    let signature = Signature::from_slice(signature).ok();
    key.zip(signature)
        .is_some_and(|(key, s)| key.verify_strict(&statement(day, seq, hash), &s).is_ok())
}

/// Whether the key's owner signed this paper of that kind.
pub fn is_signed_paper(key: &[u8], signature: &[u8], kind: &str, text: &[u8]) -> bool {
    let key = <[u8; 32]>::try_from(key).ok().and_then(|k| VerifyingKey::from_bytes(&k).ok());
    let signature = Signature::from_slice(signature).ok();
    key.zip(signature).is_some_and(|(key, s)| key.verify_strict(&paper(kind, text), &s).is_ok())
}

fn paper(kind: &str, text: &[u8]) -> Vec<u8> {
    [b"hearthline paper\n", kind.as_bytes(), b"\n", text].concat()
}

fn statement(day: NaiveDate, seq: i64, hash: &[u8]) -> Vec<u8> {
    format!("hearthline ledger digest\n{day}\n{seq}\n{}\n", hex(hash)).into_bytes()
}

/// As people compare hashes.
pub fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write as _;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        // Writing to a String cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// How far the seal has come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct ChainState {
    /// Postings that are sealed.
    pub sealed: i64,
    /// The last hash, hexadecimal; empty before the first.
    pub hash: String,
    /// When the last sealed posting was written.
    #[schema(required)]
    pub sealed_to: Option<DateTime<Utc>>,
    /// Postings that wait for their seal.
    pub waiting: i64,
    /// When the oldest of them was written.
    #[schema(required)]
    pub waiting_since: Option<DateTime<Utc>>,
    /// Signed ends of days, newest first.
    pub digests: Vec<DigestView>,
}

/// A signed end of a day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = LedgerDigest)]
pub struct DigestView {
    /// The day.
    pub day: NaiveDate,
    /// Postings up to there.
    pub seq: i64,
    /// The hash there, hexadecimal.
    pub hash: String,
    /// The signature, hexadecimal.
    pub signature: String,
    /// Whose: the public key, hexadecimal.
    pub public_key: String,
    /// Whether the signature is right.
    pub valid: bool,
    /// When it was made.
    pub made_at: DateTime<Utc>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn head() -> SealedHead {
        SealedHead {
            id: uuid::Uuid::from_u128(7).into(),
            source: "counter".into(),
            source_id: "1".into(),
            corrects_id: None,
            memo: "现金".into(),
            channel: Some("counter".into()),
            valid_on: "2026-11-22".parse().unwrap(),
            recorded_at: "2026-11-22T01:00:00Z".parse().unwrap(),
            recorded_by: None,
        }
    }

    fn line() -> SealedLine {
        SealedLine {
            line: 1,
            ledger: "cash".into(),
            account_id: None,
            season_id: None,
            segment_id: Some(3),
            item: "heat".into(),
            amount: Fen::new(5),
        }
    }

    fn sealed(head: &SealedHead, lines: &[SealedLine]) -> Hash {
        let mut content = Content::of(head);
        lines.iter().for_each(|l| content.line(l));
        content.link(&GENESIS)
    }

    #[test]
    fn every_field_goes_into_the_seal() {
        let (h, l) = (head(), line());
        let id = uuid::Uuid::from_u128(9);
        let heads = [
            SealedHead { id: id.into(), ..h.clone() },
            SealedHead { source: "counter1".into(), source_id: String::new(), ..h.clone() },
            SealedHead { source_id: "2".into(), ..h.clone() },
            SealedHead { corrects_id: Some(id.into()), ..h.clone() },
            SealedHead { memo: "银行".into(), ..h.clone() },
            SealedHead { channel: None, ..h.clone() },
            SealedHead { channel: Some(String::new()), ..h.clone() },
            SealedHead { valid_on: "2026-11-21".parse().unwrap(), ..h.clone() },
            SealedHead { recorded_at: "2026-11-22T01:00:00.000001Z".parse().unwrap(), ..h.clone() },
            SealedHead { recorded_by: Some(id.into()), ..h.clone() },
        ];
        let lines = [
            SealedLine { line: 2, ..l.clone() },
            SealedLine { ledger: "bank".into(), ..l.clone() },
            SealedLine { account_id: Some(id.into()), ..l.clone() },
            SealedLine { season_id: Some(id.into()), ..l.clone() },
            SealedLine { segment_id: None, ..l.clone() },
            SealedLine { item: "late".into(), ..l.clone() },
            SealedLine { amount: Fen::new(-5), ..l.clone() },
        ];
        let mut seen = std::collections::BTreeSet::from([sealed(&h, std::slice::from_ref(&l))]);
        assert!(seen.insert(sealed(&h, &[])));
        assert!(seen.insert(sealed(&h, &[l.clone(), l.clone()])));
        for other in &heads {
            assert!(seen.insert(sealed(other, std::slice::from_ref(&l))), "{other:?}");
        }
        for other in &lines {
            assert!(seen.insert(sealed(&h, std::slice::from_ref(other))), "{other:?}");
        }
        assert_ne!(Content::of(&h).link(&GENESIS), Content::of(&h).link(&[1; 32]));
    }

    #[test]
    fn a_signature_is_for_one_key_one_day_and_one_hash() {
        let (signer, other) = (Signer::new(&[1; 32]), Signer::new(&[2; 32]));
        let day: NaiveDate = "2026-11-22".parse().unwrap();
        let signature = signer.sign(day, 7, &[3; 32]);
        let key = signer.public_key();
        assert!(is_signed(&key, &signature, day, 7, &[3; 32]));
        assert!(!is_signed(&other.public_key(), &signature, day, 7, &[3; 32]));
        assert!(!is_signed(&key, &signature, day.succ_opt().unwrap(), 7, &[3; 32]));
        assert!(!is_signed(&key, &signature, day, 8, &[3; 32]));
        assert!(!is_signed(&key, &signature, day, 7, &[4; 32]));
        assert!(!is_signed(&key, &signature[1..], day, 7, &[3; 32]));
        let paper = signer.sign_paper("certificate", b"text");
        assert!(is_signed_paper(&key, &paper, "certificate", b"text"));
        assert!(!is_signed_paper(&key, &paper, "certificate", b"test"));
        assert!(!is_signed_paper(&key, &paper, "receipt", b"text"));
        assert!(!is_signed_paper(&other.public_key(), &paper, "certificate", b"text"));
    }
}
