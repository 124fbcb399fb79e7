//! What a store promises about people who sign in: accounts here, what they may see in
//! [`access`](Access), what they prove themselves with in [`sign_in`](SignIn), who they are at providers of identity
//! in [`identity`](Identities), which views of lists they keep in [`saved_view`](SavedViews).
//!
//! Ordinary rows beside the ledgers, which change and go. Knows no passwords, no randomness and no
//! time: ids, hashes and instants are arguments, and what a role or a credential says is for the
//! layers above.

mod access;
mod identity;
mod rows;
mod saved_view;
mod sign_in;

use async_trait::async_trait;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use sqlx::error::ErrorKind;

use crate::error::{During, StoreError, violates};
use crate::ledger::LedgerStore;

pub use access::{Access, ApiToken, Invitation, Membership};
pub use identity::{Identities, Identity};
pub(crate) use rows::Stored;
pub use saved_view::{SavedView, SavedViews};
pub use sign_in::{Passkey, PendingSecret, Session, SignIn};

/// `Debug` ends up in logs: it names what a value is about, and shows no secret, no hash of one and
/// no personal data.
macro_rules! debug_shows {
    ($kind:ident: $($field:ident),+) => {
        impl std::fmt::Debug for $kind {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.debug_struct(stringify!($kind))
                    $(.field(stringify!($field), &self.$field))+
                    .finish_non_exhaustive()
            }
        }
    };
}
use debug_shows;

/// Somebody who can sign in, to any number of organisations.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Account {
    /// Names the account for ever.
    pub id: String,
    /// Address for messages, as its owner writes it; no two accounts have the same but for case.
    pub email: String,
    /// Name to show.
    pub name: String,
    /// Hash of the password with its parameters (PHC string), if there is a password.
    pub password_hash: Option<String>,
    /// Key of the time-based codes (RFC 6238), if they are asked for.
    pub totp_secret: Option<Vec<u8>>,
    /// The newest time step whose code was used: a code works once.
    pub totp_last_step: Option<i64>,
    /// Whether signing in is barred. The layers above see to it.
    pub disabled: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When the password was set last.
    pub password_changed_at: Option<Timestamp>,
}

debug_shows!(Account: id, disabled);

/// What can be changed of an account at any time.
#[derive(Clone, PartialEq, Eq)]
pub struct Profile {
    /// See [`Account::email`].
    pub email: String,
    /// See [`Account::name`].
    pub name: String,
    /// See [`Account::disabled`].
    pub disabled: bool,
}

debug_shows!(Profile: disabled);

/// The accounts themselves.
#[async_trait]
pub trait Accounts: Send + Sync {
    /// Adds an account.
    ///
    /// # Errors
    /// [`StoreError::EmailTaken`], [`StoreError::AlreadyThere`] if the id is taken, and
    /// [`StoreError::TooLong`] of an address that no mail server takes.
    async fn create_account(&self, account: &Account) -> Result<(), StoreError>;

    /// The account with this id.
    async fn account(&self, id: &str) -> Result<Option<Account>, StoreError>;

    /// The account with this address, whatever the case of its letters. Messages go to the address
    /// that stands in the account, not to the one that was asked for.
    async fn account_by_email(&self, email: &str) -> Result<Option<Account>, StoreError>;

    /// All accounts, by address, for whoever operates the installation.
    async fn accounts(&self) -> Result<Vec<Account>, StoreError>;

    /// How many accounts there are.
    async fn count_accounts(&self) -> Result<u64, StoreError>;

    /// Changes address, name and whether signing in is barred. Sessions stay: end them where that is
    /// meant.
    ///
    /// # Errors
    /// [`StoreError::UnknownAccount`], and as [`Accounts::create_account`].
    async fn update_account(&self, id: &str, profile: &Profile) -> Result<(), StoreError>;

    /// Sets the hash of the password as of `at`, or takes the password away. Sessions stay, as above.
    ///
    /// # Errors
    /// [`StoreError::UnknownAccount`].
    async fn set_password(
        &self,
        account: &str,
        password_hash: Option<&str>,
        at: Timestamp,
    ) -> Result<(), StoreError>;

    /// Sets the key of the time-based codes, or asks for them no longer. No step has been used then.
    ///
    /// # Errors
    /// [`StoreError::UnknownAccount`].
    async fn set_totp(&self, account: &str, secret: Option<&[u8]>) -> Result<(), StoreError>;

    /// Uses up the code of this time step and those of all before it. False if it was used up, or if
    /// the account has no such codes; of many who ask at once, on whichever node, one is told true.
    async fn use_totp_step(&self, account: &str, step: i64) -> Result<bool, StoreError>;

    /// Deletes the account with its memberships, saved views, tokens, sessions, passkeys, identities and pending
    /// secrets, all at once. False if it is not there. Invitations that it gave stay.
    async fn delete_account(&self, id: &str) -> Result<bool, StoreError>;
}

/// Keeps what a server has to know about people, beside the ledgers and in the same database.
///
/// A write is done when the method returns: it is on disk, and every other handle sees it. Instants
/// are kept to the microsecond; what expires at an instant is gone at that instant. Text to be kept
/// has no U+0000, or it is refused with [`StoreError::NulCharacter`]; asking for such text finds
/// nothing.
///
/// Both implementations must pass `tests/conformance`; its cases are the specification.
pub trait AccountStore: Accounts + Access + SignIn + Identities + SavedViews {}

impl<T: Accounts + Access + SignIn + Identities + SavedViews> AccountStore for T {}

/// Most bytes of an address (RFC 5321, 4.5.3.1.3, without its angle brackets). An index has limits of
/// its own, and they are not reached.
const EMAIL_BYTES: usize = 254;

impl Account {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        check_text(&[&self.id, &self.name, self.password_hash.as_deref().unwrap_or_default()])?;
        check_email(&self.email)
    }
}

impl Profile {
    pub(crate) fn check(&self, id: &str) -> Result<(), StoreError> {
        check_text(&[id, &self.name])?;
        check_email(&self.email)
    }
}

/// An address as accounts are found by it. Made here, as the databases disagree: SQLite knows the
/// small letters of ASCII only, PostgreSQL those of the database's locale.
pub(crate) fn email_key(email: &str) -> String {
    email.to_lowercase()
}

fn check_email(email: &str) -> Result<(), StoreError> {
    check_text(&[email])?;
    if email.len() > EMAIL_BYTES {
        return Err(StoreError::TooLong { what: "email address", limit: EMAIL_BYTES });
    }
    Ok(())
}

/// Refuses what PostgreSQL cannot keep as text, whichever database it is.
pub(crate) fn check_text(texts: &[&str]) -> Result<(), StoreError> {
    if texts.iter().any(|text| text.contains('\0')) {
        return Err(StoreError::NulCharacter);
    }
    Ok(())
}

/// A row that is to be added, and what its foreign keys name.
pub(crate) struct NewRow<'a> {
    /// As in "there is already such ...".
    pub(crate) what: &'static str,
    /// As in "could not ...".
    pub(crate) action: &'static str,
    pub(crate) organisation: Option<&'a str>,
    pub(crate) account: Option<&'a str>,
}

impl<'a> NewRow<'a> {
    /// A view, whose one foreign key names organisation and account together.
    pub(crate) fn of_view(view: &'a SavedView) -> NewRow<'a> {
        NewRow {
            what: "a view",
            action: "save the view",
            organisation: Some(&view.organisation),
            account: Some(&view.account),
        }
    }
}

impl NewRow<'_> {
    /// Says why the database did not take the row.
    pub(crate) async fn refused(
        &self,
        ledgers: &dyn LedgerStore,
        error: sqlx::Error,
    ) -> Result<(), StoreError> {
        if violates(&error, ErrorKind::UniqueViolation) {
            return Err(StoreError::AlreadyThere { what: self.what });
        }
        if violates(&error, ErrorKind::ForeignKeyViolation) {
            // SQLite does not tell which of two it is.
            if let Some(organisation) = self.organisation {
                ledgers.size(organisation).await?;
            }
            if let Some(account) = self.account {
                return Err(StoreError::unknown_account(account));
            }
        }
        Err(error).during(self.action)
    }
}
