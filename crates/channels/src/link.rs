//! Signed links. The token is base64url(subject ‖ expiry ‖ HMAC-SHA256 of both): it needs no row,
//! cannot be guessed or altered, and dies by itself.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use chrono::{DateTime, TimeDelta, Utc};
use hmac::{Hmac, Mac as _};
use kernel::{App, Error, Result, Tx};
use sha2::Sha256;
use uuid::Uuid;

/// How long a link lives: a repair, its revisit and a second round fit well.
pub const LIFE: TimeDelta = TimeDelta::days(30);

const SECRET: &str = "portal-link";
/// Signed together with the content, so that this key's signatures mean nothing elsewhere.
const PURPOSE: &[u8] = b"hearthline portal link 1";
const SIGNED: usize = 16 + 8;
const WHOLE: usize = SIGNED + 32;

/// A token for `subject` that ends [`LIFE`] from now.
pub async fn sign(tx: &mut Tx, subject: Uuid) -> Result<String> {
    let expires = tx.now() + LIFE;
    let key = kernel::secret::get(tx.db(), SECRET).await?;
    seal(&key, subject, expires)
}

/// The subject of a token. One that was forged, altered or has expired is a page that does not
/// exist: the answer tells nothing about which.
pub async fn verify(app: &App, token: &str) -> Result<Uuid> {
    if token.len() != WHOLE.div_ceil(3) * 4 - 1 {
        return Err(GONE);
    }
    let key = kernel::secret::get(&mut *app.pool.acquire().await?, SECRET).await?;
    open(&key, token, app.clock.now()).ok_or(GONE)
}

const GONE: Error = Error::NotFound("page");

fn mac(key: &[u8], signed: &[u8]) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(key).ok()?;
    mac.update(PURPOSE);
    mac.update(signed);
    Some(mac)
}

fn seal(key: &[u8], subject: Uuid, expires: DateTime<Utc>) -> Result<String> {
    let mut token = Vec::with_capacity(WHOLE);
    token.extend_from_slice(subject.as_bytes());
    token.extend_from_slice(&expires.timestamp().to_be_bytes());
    let mac = mac(key, &token).ok_or(GONE)?.finalize().into_bytes();
    token.extend_from_slice(&mac);
    Ok(BASE64_URL_SAFE_NO_PAD.encode(token))
}

fn open(key: &[u8], token: &str, now: DateTime<Utc>) -> Option<Uuid> {
    let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok().filter(|b| b.len() == WHOLE)?;
    let (signed, signature) = bytes.split_at_checked(SIGNED)?;
    // Compares in constant time.
    mac(key, signed)?.verify_slice(signature).ok()?;
    let (subject, expires) = signed.split_at_checked(16)?;
    let expires = i64::from_be_bytes(expires.try_into().ok()?);
    (now.timestamp() < expires).then(|| Uuid::from_slice(subject).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &[u8] = b"0123456789abcdef0123456789abcdef";

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn a_link_opens_until_it_expires() {
        let (id, expires) = (Uuid::from_u128(7), at("2026-12-01T00:00:00Z"));
        let token = seal(KEY, id, expires).unwrap();
        assert_eq!(open(KEY, &token, expires - TimeDelta::seconds(1)), Some(id));
        assert_eq!(open(KEY, &token, expires), None);
    }

    /// accepts WO-40: nobody makes himself a link
    #[test]
    fn not_one_bit_can_be_changed() {
        let now = at("2026-11-22T00:00:00Z");
        let token = seal(KEY, Uuid::from_u128(7), now + LIFE).unwrap();
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&token).unwrap();
        for bit in 0..bytes.len() * 8 {
            let mut forged = bytes.clone();
            forged[bit / 8] ^= 1 << (bit % 8);
            assert_eq!(open(KEY, &BASE64_URL_SAFE_NO_PAD.encode(forged), now), None, "bit {bit}");
        }
        assert_eq!(open(b"another key of another house...", &token, now), None);
        for nonsense in ["", "p", "%%%", &token[1..], &format!("{token}A"), &"A".repeat(100_000)] {
            assert_eq!(open(KEY, nonsense, now), None);
        }
    }
}
