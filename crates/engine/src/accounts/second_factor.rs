//! Second factors: codes by time (RFC 6238), and codes for whoever has lost the others. Passkeys have a file of their own.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use jiff::SignedDuration;
use serde::Serialize;
use surety_aims::{Occurrence, Security};
use surety_store::{Account, PendingSecret};
use totp_rs::{Algorithm, Builder, Totp};

use super::{
    Accounts, Refused, password, secret,
    session::{Session, after},
};
use crate::{Error, clock::random};

/// Seconds of one step, of which codes of the one before and the one after count too.
const STEP: u64 = 30;

/// How long somebody has to show the first code of a new key.
const ENROLMENT: SignedDuration = SignedDuration::from_mins(15);
const PURPOSE: &str = "totp";

/// Recovery codes: how many there are, and how long, of 32 letters and digits each; 80 bits are too many to guess.
const CODES: usize = 10;
const CODE_CHARACTERS: usize = 16;
const RECOVERY: &str = "recovery";
const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";

/// Recovery codes do not grow old.
const FOR_EVER: SignedDuration = SignedDuration::from_hours(24 * 365 * 100);

/// What an account proves itself with beside its password.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Factors {
    /// Whether it has codes by time.
    pub totp: bool,
    /// How many passkeys it has.
    pub passkeys: u64,
    /// How many recovery codes are left.
    pub recovery_codes: u64,
}

impl Factors {
    /// Whether there is a second factor at all; recovery codes are none of their own.
    pub fn is_some(&self) -> bool {
        self.totp || self.passkeys > 0
    }
}

/// A key for codes by time, to be confirmed with a code. Shown once.
pub struct TotpKey {
    /// In base32, for whoever types it.
    pub secret: String,
    /// For a QR code.
    pub uri: String,
}

impl Accounts<'_> {
    /// What an account has beside its password.
    pub async fn factors(&self, account: &Account) -> Result<Factors, Error> {
        let passkeys = self.store.passkeys_of_account(&account.id).await?.len();
        let recovery_codes = self.store.count_pending(&account.id, RECOVERY, self.now()).await?;
        Ok(Factors {
            totp: account.totp_secret.is_some(),
            passkeys: u64::try_from(passkeys).unwrap_or(u64::MAX),
            recovery_codes,
        })
    }

    /// Makes a key for codes by time. It counts once a code of it was shown.
    ///
    /// # Errors
    /// [`Refused::NotFresh`].
    pub async fn begin_totp(&self, session: &Session) -> Result<TotpKey, Error> {
        self.fresh(session)?;
        let account = self.known(&session.account).await?;
        let random = random()?;
        let key = random.get(..20).unwrap_or(&random);
        self.keep_enrolment(&account.id, &STANDARD.encode(key)).await?;
        let secret = base32(key);
        let label = format!("Surety:{}", account.email);
        let label: String = url::form_urlencoded::byte_serialize(label.as_bytes()).collect();
        // Spaces as `%20`: not every app reads `+`.
        let label = label.replace('+', "%20");
        let uri = format!("otpauth://totp/{label}?secret={secret}&issuer=Surety");
        Ok(TotpKey { secret, uri })
    }

    async fn keep_enrolment(&self, account: &str, data: &str) -> Result<(), Error> {
        let pending = PendingSecret {
            // One at a time: a second enrolment takes the place of the first.
            hash: secret::hashed(&format!("{PURPOSE} {account}")),
            purpose: PURPOSE.to_owned(),
            account: Some(account.to_owned()),
            data: data.to_owned(),
            expires_at: after(self.now(), ENROLMENT),
        };
        Ok(self.store.put_pending(&pending).await?)
    }

    /// Takes the new key into use with a code of it, and gives new recovery codes.
    ///
    /// # Errors
    /// [`Refused::Code`] if it is no code of the key, or there is no new key.
    pub async fn confirm_totp(&self, session: &Session, code: &str) -> Result<Vec<String>, Error> {
        let account = &session.account;
        let hash = secret::hashed(&format!("{PURPOSE} {account}"));
        let taken = self.store.take_pending(&hash, PURPOSE, self.now()).await?;
        let pending = taken.ok_or(Refused::Code)?;
        let key = STANDARD.decode(&pending.data).unwrap_or_default();
        let Some(step) = self.step_of(&key, code) else {
            self.store.put_pending(&pending).await?;
            return Err(Refused::Code.into());
        };
        self.store.set_totp(account, Some(&key)).await?;
        self.store.use_totp_step(account, step).await?;
        let codes = self.fresh_codes(account).await?;
        self.note(account, Security::of(Occurrence::FactorAdded, account).by("totp")).await?;
        Ok(codes)
    }

    /// Asks for no codes by time any more.
    ///
    /// # Errors
    /// As [`Accounts::may_lose`]; [`Error::Input`] if there were none.
    pub async fn remove_totp(
        &self,
        session: &Session,
        password: Option<&str>,
    ) -> Result<(), Error> {
        let account = self.known(&session.account).await?;
        if account.totp_secret.is_none() {
            return Err(Error::Input("no codes are asked for".to_owned()));
        }
        let factors = Factors { totp: false, ..self.factors(&account).await? };
        self.may_lose(session, &account, factors, password).await?;
        self.store.set_totp(&account.id, None).await?;
        self.lost(&account.id, factors, "totp").await
    }

    /// Whether an account may be left with these factors. A password that stands alone must be long enough for that; how long it
    /// is nobody knows unless it is given.
    ///
    /// # Errors
    /// [`Refused::NotFresh`], or a refusal of the field `password`.
    pub(super) async fn may_lose(
        &self,
        session: &Session,
        account: &Account,
        left: Factors,
        password: Option<&str>,
    ) -> Result<(), Error> {
        self.fresh(session)?;
        if left.is_some() || account.password_hash.is_none() {
            return Ok(());
        }
        let given = password.unwrap_or_default();
        if !self.has_password(Some(account), given).await? {
            return Err(Error::field(
                "password",
                "give your password: it is all that you sign in with once this is gone",
            ));
        }
        password::check(given, account, false)
    }

    /// After a factor is gone: recovery codes go with the last one.
    pub(super) async fn lost(&self, account: &str, left: Factors, what: &str) -> Result<(), Error> {
        if !left.is_some() {
            self.store.drop_pending(account, RECOVERY).await?;
        }
        self.note(account, Security::of(Occurrence::FactorRemoved, account).by(what)).await
    }

    /// New recovery codes in place of all others. They are shown once.
    ///
    /// # Errors
    /// [`Refused::NotFresh`]; [`Error::Input`] without a second factor that they could stand in for.
    pub async fn recovery_codes(&self, session: &Session) -> Result<Vec<String>, Error> {
        self.fresh(session)?;
        let account = self.known(&session.account).await?;
        if !self.factors(&account).await?.is_some() {
            return Err(Error::Input(
                "there is no second factor that they could stand in for".into(),
            ));
        }
        let codes = self.fresh_codes(&account.id).await?;
        self.note(&account.id, Security::of(Occurrence::RecoveryCodesMade, &account.id)).await?;
        Ok(codes)
    }

    pub(super) async fn fresh_codes(&self, account: &str) -> Result<Vec<String>, Error> {
        self.store.drop_pending(account, RECOVERY).await?;
        let mut codes = Vec::new();
        for _ in 0..CODES {
            let code = recovery_code()?;
            let pending = PendingSecret {
                hash: recovery_hash(account, &code),
                purpose: RECOVERY.to_owned(),
                account: Some(account.to_owned()),
                data: String::new(),
                expires_at: after(self.now(), FOR_EVER),
            };
            self.store.put_pending(&pending).await?;
            codes.push(code);
        }
        Ok(codes)
    }

    /// Whether it is a code by time of the account that was not used yet; it is from now on.
    pub(super) async fn use_totp(&self, account: &Account, code: &str) -> Result<bool, Error> {
        let key = account.totp_secret.as_deref().unwrap_or_default();
        match self.step_of(key, code) {
            Some(step) => Ok(self.store.use_totp_step(&account.id, step).await?),
            None => Ok(false),
        }
    }

    /// Whether it is a recovery code of the account; it is none from now on.
    pub(super) async fn use_recovery_code(&self, account: &str, code: &str) -> Result<bool, Error> {
        let hash = recovery_hash(account, code);
        Ok(self.store.take_pending(&hash, RECOVERY, self.now()).await?.is_some())
    }

    /// The time step that the code belongs to.
    fn step_of(&self, key: &[u8], code: &str) -> Option<i64> {
        let digits: String = code.chars().filter(|character| !character.is_whitespace()).collect();
        if key.is_empty() || digits.len() != 6 || !digits.bytes().all(|byte| byte.is_ascii_digit())
        {
            return None;
        }
        let now = u64::try_from(self.now().as_second()).ok()?;
        totp(key).check(&digits, now).and_then(|step| i64::try_from(step).ok())
    }

    pub(super) fn fresh(&self, session: &Session) -> Result<(), Error> {
        if self.is_fresh(session) { Ok(()) } else { Err(Refused::NotFresh.into()) }
    }
}

/// SHA-1 and six digits, as every app knows them.
fn totp(key: &[u8]) -> Totp {
    Builder::new()
        .with_algorithm(Algorithm::SHA1)
        .with_digits(6)
        .with_skew(1)
        .with_step_duration(STEP)
        .with_secret(key.to_vec())
        .build_noncompliant()
}

/// RFC 4648 section 6, of a length that needs no padding.
fn base32(bytes: &[u8]) -> String {
    const LETTERS: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    five_bits(bytes).map(|bits| letter(LETTERS, bits)).collect()
}

fn letter(letters: &[u8; 32], bits: u8) -> char {
    letters.get(usize::from(bits)).copied().map_or('?', char::from)
}

/// Bytes five bits at a time.
fn five_bits(bytes: &[u8]) -> impl Iterator<Item = u8> {
    let bit = |place: usize| bytes.get(place / 8).map_or(0, |byte| byte >> (7 - place % 8) & 1);
    (0..bytes.len() * 8 / 5)
        .map(move |group| (0..5).fold(0, |bits, place| bits << 1 | bit(group * 5 + place)))
}

/// Four groups of four.
fn recovery_code() -> Result<String, Error> {
    let random = random()?;
    let letters: Vec<char> =
        five_bits(&random).take(CODE_CHARACTERS).map(|bits| letter(ALPHABET, bits)).collect();
    let groups: Vec<String> = letters.chunks(4).map(|group| group.iter().collect()).collect();
    Ok(groups.join("-"))
}

/// As it is typed, with or without signs between the groups.
fn recovery_hash(account: &str, code: &str) -> Vec<u8> {
    let code: String =
        code.to_lowercase().chars().filter(|character| character.is_ascii_alphanumeric()).collect();
    secret::hashed(&format!("{RECOVERY} {account} {code}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_those_of_rfc_6238_shortened_to_six_digits() {
        for (time, code) in [(59, "287082"), (1_111_111_109, "081804"), (2_000_000_000, "279037")] {
            assert_eq!(
                totp(b"12345678901234567890").check(code, time),
                Some(time / STEP),
                "{time}"
            );
        }
    }

    #[test]
    fn base32_is_that_of_rfc_4648() {
        assert_eq!(base32(b"fooba"), "MZXW6YTB");
        assert_eq!(base32(b"12345678901234567890"), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
    }

    #[test]
    fn a_recovery_code_is_read_as_people_write_it() {
        let code = recovery_code().unwrap();
        assert_eq!(code.len(), 19);
        assert_ne!(code, recovery_code().unwrap());
        let typed = code.to_uppercase().replace('-', " ");
        assert_eq!(recovery_hash("acc_1", &code), recovery_hash("acc_1", &typed));
        assert_ne!(recovery_hash("acc_1", &code), recovery_hash("acc_2", &code));
    }
}
