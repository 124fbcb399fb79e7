//! Ids and secrets that nobody can guess. A secret is shown once and kept as its SHA-256; it holds 256 bits of chance, so nothing
//! slower is needed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use surety_ledger::Hash;

use crate::{Error, clock::random};

/// A short id that nobody can guess.
pub(super) fn id(kind: &str) -> Result<String, Error> {
    let random = random()?;
    let short = random.get(..9).unwrap_or(&random);
    Ok(format!("{kind}_{}", URL_SAFE_NO_PAD.encode(short)))
}

/// A secret of 43 characters that go into an address as they are.
pub(super) fn fresh() -> Result<String, Error> {
    Ok(URL_SAFE_NO_PAD.encode(random()?))
}

/// A password that nobody guesses, for somebody to read off and to type: 100 bits of chance in groups of four.
///
/// # Errors
/// If the operating system gives no random bytes.
pub fn fresh_password() -> Result<String, Error> {
    /// None that looks like another.
    const SIGNS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut password = String::new();
    for (position, byte) in random()?.iter().take(20).enumerate() {
        if position > 0 && position % 4 == 0 {
            password.push('-');
        }
        let sign = SIGNS.get(usize::from(byte & 31)).copied();
        password.extend(sign.map(char::from));
    }
    Ok(password)
}

/// What is kept of a secret.
pub(super) fn hashed(secret: &str) -> Vec<u8> {
    Hash::of(secret.as_bytes()).as_bytes().to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fresh_password_can_be_typed_and_is_another_each_time() {
        let password = fresh_password().unwrap();
        let groups: Vec<_> = password.split('-').collect();
        assert_eq!(groups.len(), 5, "{password}");
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        assert!(groups.iter().all(|group| group.len() == 4 && group.chars().all(is_plain)));
        assert_ne!(password, fresh_password().unwrap());
    }
}
