//! The certificate of a shadow run: signed, kept for ever, provable by anybody who has the paper
//! and the public key.

use super::{Cause, ShadowFound, ShadowSum};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;
use utoipa::ToSchema;
use uuid::Uuid;

/// What is signed, so that it is never taken for another paper.
const KIND: &str = "difference certificate";

/// What a cause came to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CauseTotal {
    /// Why the charges differ.
    pub cause: Cause,
    /// How many households.
    pub households: i64,
    /// What they were charged, in fen.
    pub old_fen: i64,
    /// What the rules make of them.
    pub new_fen: i64,
}

/// What a certificate says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CertificateBody {
    /// Its id.
    pub id: Uuid,
    /// The season.
    pub season: String,
    /// What the rules were compared with: `import` or `book`.
    pub basis: String,
    /// Households that were looked at.
    pub households: i64,
    /// What they were charged, in fen.
    pub old_fen: i64,
    /// What the rules make of them.
    pub new_fen: i64,
    /// By cause.
    pub causes: Vec<CauseTotal>,
    /// By station, class and cause.
    pub sums: Vec<ShadowSum>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub made_by: String,
}

impl CertificateBody {
    /// Of what a run found.
    pub fn of(found: &ShadowFound, id: Uuid, made_at: DateTime<Utc>, made_by: &str) -> Self {
        let mut causes: BTreeMap<Cause, CauseTotal> = BTreeMap::new();
        for sum in &found.sums {
            let none = CauseTotal { cause: sum.cause, households: 0, old_fen: 0, new_fen: 0 };
            let total = causes.entry(sum.cause).or_insert(none);
            total.households += sum.households;
            total.old_fen += sum.old_fen;
            total.new_fen += sum.new_fen;
        }
        let of = |part: fn(&CauseTotal) -> i64| causes.values().map(part).sum();
        Self {
            id,
            season: found.run.season.clone(),
            basis: found.run.basis.clone(),
            households: of(|c| c.households),
            old_fen: of(|c| c.old_fen),
            new_fen: of(|c| c.new_fen),
            causes: causes.values().cloned().collect(),
            sums: found.sums.clone(),
            made_at,
            made_by: made_by.to_owned(),
        }
    }
}

/// A certificate as a file: the text that was signed, to the letter, and the signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CertificateFile {
    /// The text that was signed.
    pub body: String,
    /// SHA-256 of it, hexadecimal.
    pub digest: String,
    /// Ed25519 over it, hexadecimal.
    pub signature: String,
    /// Whose, hexadecimal.
    pub public_key: String,
}

/// What is wrong with a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Forged {
    /// The text is not the one whose digest stands there.
    #[error("the digest is not that of the text")]
    Digest,
    /// The signature is not of this text by that key.
    #[error("the signature is false")]
    Signature,
    /// Somebody else signed it.
    #[error("another key signed it")]
    Key,
    /// The text says nothing that a certificate says.
    #[error("the text is no certificate")]
    Text,
}

impl CertificateFile {
    /// Signs a text.
    pub fn sign(signer: &ledger::Signer, body: String) -> Self {
        let digest = ledger::hex(&Sha256::digest(body.as_bytes()));
        let signature = ledger::hex(&signer.sign_paper(KIND, body.as_bytes()));
        Self { body, digest, signature, public_key: ledger::hex(&signer.public_key()) }
    }

    /// Proves it; with `key`, only that one may have signed.
    pub fn prove(&self, key: Option<&[u8]>) -> Result<CertificateBody, Forged> {
        if ledger::hex(&Sha256::digest(self.body.as_bytes())) != self.digest {
            return Err(Forged::Digest);
        }
        let signed = unhex(&self.public_key).zip(unhex(&self.signature));
        let holds = signed
            .as_ref()
            .is_some_and(|(k, s)| ledger::is_signed_paper(k, s, KIND, self.body.as_bytes()));
        if !holds {
            return Err(Forged::Signature);
        }
        if key.is_some_and(|key| ledger::hex(key) != self.public_key.to_lowercase()) {
            return Err(Forged::Key);
        }
        serde_json::from_str(&self.body).map_err(|_| Forged::Text)
    }
}

/// Bytes from their hexadecimal form.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let pair = |i: usize| text.get(i..i + 2).and_then(|p| u8::from_str_radix(p, 16).ok());
    (text.len().is_multiple_of(2)).then(|| (0..text.len()).step_by(2).map(pair).collect())?
}

/// A certificate as people see it.
#[derive(Clone, Debug, Serialize, Deserialize, ToSchema)]
pub struct Certificate {
    /// What it says.
    pub body: CertificateBody,
    /// The file that proves it.
    pub file: CertificateFile,
    /// Whether the signature holds, looked at just now.
    pub valid: bool,
    /// Whether the key is the one with which this house signs.
    pub ours: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_certificate_proves_itself_and_nothing_in_it_can_be_changed() {
        let signer = ledger::Signer::new(&[5; 32]);
        let body = CertificateBody {
            id: Uuid::from_u128(7),
            season: "2025-2026".into(),
            basis: "import".into(),
            households: 1,
            old_fen: 5,
            new_fen: 4,
            causes: Vec::new(),
            sums: Vec::new(),
            made_at: "2026-11-22T01:00:00Z".parse().unwrap(),
            made_by: "王强".into(),
        };
        let file = CertificateFile::sign(&signer, serde_json::to_string(&body).unwrap());
        assert_eq!(file.prove(None), Ok(body.clone()));
        assert_eq!(file.prove(Some(&signer.public_key())), Ok(body));
        assert_eq!(file.prove(Some(&[1; 32])), Err(Forged::Key));
        let other = CertificateFile { body: file.body.replace(":5", ":6"), ..file.clone() };
        assert_eq!(other.prove(None), Err(Forged::Digest));
        let digest = ledger::hex(&Sha256::digest(other.body.as_bytes()));
        let other = CertificateFile { digest, ..other };
        assert_eq!(other.prove(None), Err(Forged::Signature));
        let key = ledger::hex(&ledger::Signer::new(&[6; 32]).public_key());
        let other = CertificateFile { public_key: key, ..file.clone() };
        assert_eq!(other.prove(None), Err(Forged::Signature));
        let other = CertificateFile { signature: "zz".into(), ..file };
        assert_eq!(other.prove(None), Err(Forged::Signature));
    }
}
