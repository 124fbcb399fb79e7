//! Who an account is elsewhere: at providers of identity (OpenID Connect).

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{check_text, debug_shows};
use crate::error::StoreError;

/// An account here and who that is at a provider.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// The provider, by its own name for itself.
    pub issuer: String,
    /// What the provider calls somebody for ever; nobody else there is ever called so.
    pub subject: String,
    /// The account here.
    pub account: String,
    /// When the two were found to be the same.
    pub linked_at: Timestamp,
}

debug_shows!(Identity: issuer, account, linked_at);

/// Identities of accounts.
#[async_trait]
pub trait Identities: Send + Sync {
    /// Says which account it is for ever. Of many who say it at once, on whichever node, one is heard.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] if it is an account's already, the same or another;
    /// [`StoreError::UnknownAccount`], and [`StoreError::TooLong`] of the issuer or the subject.
    async fn link_identity(&self, identity: &Identity) -> Result<(), StoreError>;

    /// The identity that this issuer calls so, letter by letter.
    async fn identity(&self, issuer: &str, subject: &str) -> Result<Option<Identity>, StoreError>;

    /// All identities of the account, oldest first.
    async fn identities_of_account(&self, account: &str) -> Result<Vec<Identity>, StoreError>;

    /// Takes an identity from the account. False if the account does not have it.
    async fn unlink_identity(
        &self,
        account: &str,
        issuer: &str,
        subject: &str,
    ) -> Result<bool, StoreError>;
}

/// Most bytes of an issuer. It is a URL, and an index has to hold it.
const ISSUER_BYTES: usize = 1_000;

/// Most bytes of a subject (OpenID Connect Core 1.0, 2).
const SUBJECT_BYTES: usize = 255;

impl Identity {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        if self.issuer.len() > ISSUER_BYTES {
            return Err(StoreError::TooLong { what: "issuer", limit: ISSUER_BYTES });
        }
        if self.subject.len() > SUBJECT_BYTES {
            return Err(StoreError::TooLong { what: "subject", limit: SUBJECT_BYTES });
        }
        check_text(&[&self.issuer, &self.subject, &self.account])
    }
}
