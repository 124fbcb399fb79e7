//! Signing in with a password, and with a second factor after it.
//!
//! Whether there is an account of an address shows in nothing: the same text, the same status, the same work.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use surety_aims::{Occurrence, Security};
use surety_store::{Account, PendingSecret};

use super::{
    Accounts, Refused,
    attempt::{OF_ACCOUNT, REMEMBERED, key_of},
    secret,
    session::{BegunSession, Browser, after},
};
use crate::Error;

/// How long somebody has for the second factor.
const TIME_FOR_SECOND: SignedDuration = SignedDuration::from_mins(5);
const PURPOSE: &str = "second-factor";

/// What became of a right password.
pub enum SignedIn {
    Session(BegunSession),
    /// It is not all that the account asks for.
    SecondFactor(SecondFactor),
}

/// A sign-in that waits for its second factor.
pub struct SecondFactor {
    /// To be shown together with the second factor.
    pub secret: String,
    pub expires_at: Timestamp,
    pub totp: bool,
    pub passkey: bool,
    pub recovery_code: bool,
}

/// A code as a second factor.
#[derive(Clone, Deserialize, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Six digits of an app.
    Totp(String),
    /// One of the codes that were shown once.
    Recovery(String),
}

impl Accounts<'_> {
    /// Signs in with a password.
    ///
    /// # Errors
    /// [`Refused::Credentials`] whatever the reason is; [`Refused::TooMany`] of an address on the network, whichever account
    /// it asks for.
    pub async fn sign_in(
        &self,
        email: &str,
        password: &str,
        browser: &Browser,
    ) -> Result<SignedIn, Error> {
        self.room_for(browser).await?;
        let key = key_of(email);
        let waits = self.attempt(&key, OF_ACCOUNT).await?.is_some();
        let account = self.store.account_by_email(email.trim()).await?;
        let may = account.as_ref().filter(|account| !account.disabled && !waits);
        let fits = self.has_password(may, password).await?;
        let Some(account) = may.filter(|_| fits) else {
            let id = account.as_ref().map(|account| account.id.as_str());
            self.failed(id, "password", waits).await?;
            return Err(Refused::Credentials.into());
        };
        // Second factors are counted for themselves.
        self.store.forget_attempts(&key).await?;
        let factors = self.factors(account).await?;
        if factors.is_some() {
            let (totp, passkey) = (factors.totp, factors.passkeys > 0);
            let recovery_code = factors.recovery_codes > 0;
            let (secret, expires_at) = self.keep_second_factor(account).await?;
            let second = SecondFactor { secret, expires_at, totp, passkey, recovery_code };
            return Ok(SignedIn::SecondFactor(second));
        }
        let begun = self.begin_session(&account.id, "password", browser).await?;
        Ok(SignedIn::Session(begun))
    }

    async fn keep_second_factor(&self, account: &Account) -> Result<(String, Timestamp), Error> {
        let (secret, expires_at) = (secret::fresh()?, after(self.now(), TIME_FOR_SECOND));
        let pending = PendingSecret {
            hash: secret::hashed(&secret),
            purpose: PURPOSE.to_owned(),
            account: Some(account.id.clone()),
            data: String::new(),
            expires_at,
        };
        self.store.put_pending(&pending).await?;
        Ok((secret, expires_at))
    }

    /// Finishes a sign-in with a code.
    ///
    /// # Errors
    /// [`Refused::Code`] whatever the reason is.
    pub async fn second_factor(
        &self,
        secret: &str,
        code: &Code,
        browser: &Browser,
    ) -> Result<BegunSession, Error> {
        self.room_for(browser).await?;
        let pending = self.take_second_factor(secret).await?.ok_or(Refused::Code)?;
        let id = pending.account.as_deref().unwrap_or_default();
        let key = format!("second:{id}");
        let waits = self.attempt(&key, OF_ACCOUNT).await?.is_some();
        let account = self.store.account(id).await?;
        let may = account.filter(|account| !account.disabled && !waits);
        let (means, fits) = match (&may, code) {
            (None, _) => ("code", false),
            (Some(account), Code::Totp(code)) => ("totp", self.use_totp(account, code).await?),
            (Some(account), Code::Recovery(code)) => {
                ("recovery_code", self.use_recovery_code(&account.id, code).await?)
            }
        };
        if may.filter(|_| fits).is_none() {
            // It may be typed again, until its time is over.
            self.store.put_pending(&pending).await?;
            self.failed(Some(id), means, waits).await?;
            return Err(Refused::Code.into());
        }
        let begun = self.begin_session(id, &format!("password+{means}"), browser).await?;
        self.store.forget_attempts(&key).await?;
        Ok(begun)
    }

    pub(super) async fn take_second_factor(
        &self,
        secret: &str,
    ) -> Result<Option<PendingSecret>, Error> {
        let hash = secret::hashed(secret);
        Ok(self.store.take_pending(&hash, PURPOSE, self.now()).await?)
    }

    /// Notes a failure of an account, or of nobody, which nobody has to know of.
    pub(super) async fn failed(
        &self,
        account: Option<&str>,
        means: &str,
        blocked: bool,
    ) -> Result<(), Error> {
        let what = if blocked { Occurrence::SignInBlocked } else { Occurrence::SignInFailed };
        let account = account.unwrap_or_default();
        self.note_failure(account, Security::of(what, account).by(means)).await
    }

    /// Forgets what is over: sessions, unfinished ceremonies, attempts that count no more. To be done now and then.
    pub async fn tidy(&self) -> Result<(), Error> {
        let now = self.now();
        self.store.purge_sessions(now).await?;
        self.store.purge_pending(now).await?;
        let old = now.checked_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
        self.store.purge_attempts(old).await?;
        Ok(())
    }
}
