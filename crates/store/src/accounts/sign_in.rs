//! What people prove themselves with, and what follows from that: sessions, passkeys, ceremonies that
//! are under way, and failed attempts.

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{check_text, debug_shows};
use crate::error::StoreError;

/// Somebody is signed in, in one browser.
#[derive(Clone, PartialEq, Eq)]
pub struct Session {
    /// SHA-256 of the secret in the cookie.
    pub hash: Vec<u8>,
    /// Names the session in lists.
    pub id: String,
    /// Who is signed in.
    pub account: String,
    /// When it began.
    pub created_at: Timestamp,
    /// When it was used last.
    pub last_seen_at: Timestamp,
    /// From when on it is over.
    pub expires_at: Timestamp,
    /// What the browser says it is, cut to 200 characters.
    pub label: String,
    /// What forms must bring back.
    pub csrf: Vec<u8>,
    /// Where it began, as far as that is known.
    pub address: Option<String>,
}

debug_shows!(Session: id, account, expires_at);

/// A public key that somebody signs in with (WebAuthn).
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Passkey {
    /// Credential id, of at most 1023 bytes.
    pub id: Vec<u8>,
    /// Whose it is.
    pub account: String,
    /// What its owner calls it.
    pub name: String,
    /// Key and counter, as JSON of the layer above.
    pub credential: String,
    /// When it was added.
    pub created_at: Timestamp,
    /// When it was used last.
    pub last_used_at: Option<Timestamp>,
}

debug_shows!(Passkey: account, created_at);

/// One half of a ceremony that somebody is in the middle of: of WebAuthn, of OIDC, of a forgotten
/// password.
#[derive(Clone, PartialEq, Eq)]
pub struct PendingSecret {
    /// SHA-256 of what the other half shows.
    pub hash: Vec<u8>,
    /// Which ceremony: a secret of one is worth nothing in another.
    pub purpose: String,
    /// Whose ceremony it is, if that is known.
    pub account: Option<String>,
    /// What is needed to finish it.
    pub data: String,
    /// From when on it cannot be finished.
    pub expires_at: Timestamp,
}

debug_shows!(PendingSecret: purpose, account, expires_at);

/// Sessions, passkeys, pending secrets, and attempts.
#[async_trait]
pub trait SignIn: Send + Sync {
    /// Adds a session.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] if hash, or id of the account, is taken,
    /// [`StoreError::UnknownAccount`], and [`StoreError::TooLong`] of the label.
    async fn create_session(&self, session: &Session) -> Result<(), StoreError>;

    /// The session with this hash that is not over at `now`.
    async fn session(&self, hash: &[u8], now: Timestamp) -> Result<Option<Session>, StoreError>;

    /// Notes that the session was used at `now`, unless it was used later. A write like any other: not
    /// for every request.
    async fn touch_session(&self, hash: &[u8], now: Timestamp) -> Result<(), StoreError>;

    /// The sessions of the account that are not over at `now`, last used first.
    async fn sessions_of_account(
        &self,
        account: &str,
        now: Timestamp,
    ) -> Result<Vec<Session>, StoreError>;

    /// Ends the session. False if the account has none with this id.
    async fn end_session(&self, account: &str, id: &str) -> Result<bool, StoreError>;

    /// Ends all sessions of the account but `except`, and gives how many that were.
    async fn end_sessions(&self, account: &str, except: Option<&str>) -> Result<u64, StoreError>;

    /// Deletes the sessions of all accounts that are over at `now`, and gives how many that were.
    async fn purge_sessions(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// Adds a passkey.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] if its id is, with whichever account;
    /// [`StoreError::UnknownAccount`], and [`StoreError::TooLong`] of the id.
    async fn add_passkey(&self, passkey: &Passkey) -> Result<(), StoreError>;

    /// The passkey with this credential id.
    async fn passkey(&self, id: &[u8]) -> Result<Option<Passkey>, StoreError>;

    /// All passkeys of the account, oldest first.
    async fn passkeys_of_account(&self, account: &str) -> Result<Vec<Passkey>, StoreError>;

    /// Keeps what a passkey is after it was used at `now`. False if it is not there.
    async fn update_passkey(
        &self,
        id: &[u8],
        credential: &str,
        now: Timestamp,
    ) -> Result<bool, StoreError>;

    /// Calls the passkey something else. False if the account has none with this id.
    async fn rename_passkey(
        &self,
        account: &str,
        id: &[u8],
        name: &str,
    ) -> Result<bool, StoreError>;

    /// Removes the passkey. False if the account has none with this id.
    async fn remove_passkey(&self, account: &str, id: &[u8]) -> Result<bool, StoreError>;

    /// Keeps a secret, in place of one with this hash that may be there.
    ///
    /// # Errors
    /// [`StoreError::UnknownAccount`].
    async fn put_pending(&self, secret: &PendingSecret) -> Result<(), StoreError>;

    /// The secret with this hash and purpose that has not expired at `now`, and deletes it. Of many who
    /// take it at once, on whichever node, one gets it.
    async fn take_pending(
        &self,
        hash: &[u8],
        purpose: &str,
        now: Timestamp,
    ) -> Result<Option<PendingSecret>, StoreError>;

    /// Deletes all secrets of the account with this purpose, and gives how many that were: once a
    /// password is set anew, no other letter may set it again.
    async fn drop_pending(&self, account: &str, purpose: &str) -> Result<u64, StoreError>;

    /// How many secrets of the account with this purpose have not expired at `now`.
    async fn count_pending(
        &self,
        account: &str,
        purpose: &str,
        now: Timestamp,
    ) -> Result<u64, StoreError>;

    /// Deletes the secrets that have expired at `now`, and gives how many that were.
    async fn purge_pending(&self, now: Timestamp) -> Result<u64, StoreError>;

    /// Notes an attempt of whatever `key` stands for. To be noted before it is counted, so that many
    /// at once do not all find room.
    async fn note_attempt(&self, key: &str, at: Timestamp) -> Result<(), StoreError>;

    /// How many attempts were noted at `since` or later.
    async fn attempts_since(&self, key: &str, since: Timestamp) -> Result<u64, StoreError>;

    /// Forgets the attempts of `key`, as after one that succeeded.
    async fn forget_attempts(&self, key: &str) -> Result<(), StoreError>;

    /// Deletes the attempts of every key before `before`, and gives how many that were.
    async fn purge_attempts(&self, before: Timestamp) -> Result<u64, StoreError>;
}

/// Most characters of a session's label.
const LABEL_CHARACTERS: usize = 200;

/// Most bytes of a credential id (WebAuthn Level 2, 4).
const CREDENTIAL_ID_BYTES: usize = 1023;

impl Session {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.label.chars().count() > LABEL_CHARACTERS {
            return Err(StoreError::TooLong { what: "label", limit: LABEL_CHARACTERS });
        }
        let address = self.address.as_deref().unwrap_or_default();
        check_text(&[&self.id, &self.account, &self.label, address])
    }
}

impl Passkey {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.id.len() > CREDENTIAL_ID_BYTES {
            return Err(StoreError::TooLong { what: "credential id", limit: CREDENTIAL_ID_BYTES });
        }
        check_text(&[&self.account, &self.name, &self.credential])
    }
}

impl PendingSecret {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let account = self.account.as_deref().unwrap_or_default();
        check_text(&[&self.purpose, account, &self.data])
    }
}
