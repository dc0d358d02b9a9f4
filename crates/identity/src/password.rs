//! Passwords: argon2id with the parameters that OWASP names (19 MiB, 2 passes).

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use kernel::{Error, Result};

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The hash to store; slow by intent.
pub fn hash(password: &str) -> Result<String> {
    let hash = argon2().hash_password(password.as_bytes());
    hash.map(|h| h.to_string())
        .map_err(|e| Error::Internal(std::io::Error::other(e.to_string()).into()))
}

/// Whether `password` is the one that was hashed; slow by intent.
pub fn verify(password: &str, stored: &str) -> bool {
    PasswordHash::new(stored)
        .is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok())
}

/// Refuses what is guessed at once.
pub fn check_strength(password: &str, login: &str) -> Result<()> {
    let classes = [
        password.chars().any(|c| c.is_ascii_lowercase()),
        password.chars().any(|c| c.is_ascii_uppercase()),
        password.chars().any(|c| c.is_ascii_digit()),
        password.chars().any(|c| !c.is_ascii_alphanumeric()),
    ];
    let enough = classes.iter().filter(|c| **c).count() >= 3;
    let length = (10..=128).contains(&password.chars().count());
    if length && enough && !password.contains(login) {
        return Ok(());
    }
    Err(Error::invalid(
        "new",
        "密码须为 10 至 128 位，至少含大写、小写、数字、符号中的三类，且不含登录名",
        "use 10 to 128 characters of at least three classes, without the login name",
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_verifies_only_its_own_password() {
        let stored = hash("Warm-2026!x").unwrap();
        assert!(stored.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
        assert!(verify("Warm-2026!x", &stored));
        assert!(!verify("warm-2026!x", &stored));
        assert!(!verify("Warm-2026!x", "!"), "an unusable hash opens nothing");
    }

    #[test]
    fn weak_passwords_are_refused() {
        for weak in ["short1!A", "alllowercaseletters", "zhang-Zhang-1", ""] {
            assert!(check_strength(weak, "zhang").is_err(), "{weak}");
        }
        assert!(check_strength("Nuan-xian-2026", "zhang").is_ok());
    }
}
