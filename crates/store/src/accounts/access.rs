//! Who may see which organisation: members, machines, and those who are asked to become members.

use async_trait::async_trait;
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use super::{check_email, check_text, debug_shows};
use crate::error::StoreError;

/// What an account is in one organisation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Membership {
    /// The organisation.
    pub organisation: String,
    /// The account.
    pub account: String,
    /// Who it is on the ledger, as `PER-3`.
    pub person: Option<String>,
    /// What it may do there.
    pub role: String,
    /// From when on it may do nothing; the layers above see to it.
    pub expires_at: Option<Timestamp>,
    /// Ids of the AI systems that it is limited to; none: it is not limited.
    pub systems: Vec<String>,
    /// The day whose state it sees, if that is not today's.
    pub as_of: Option<Date>,
}

/// What a program shows in order to act for an account in one organisation.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ApiToken {
    /// SHA-256 of the token.
    pub hash: Vec<u8>,
    /// Names the token in lists.
    pub id: String,
    /// The account that it acts for.
    pub account: String,
    /// The organisation that it is for.
    pub organisation: String,
    /// What its owner calls it.
    pub name: String,
    /// What it may be used for.
    pub scopes: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is worth nothing, if ever.
    pub expires_at: Option<Timestamp>,
    /// When it was used last.
    pub last_used_at: Option<Timestamp>,
}

debug_shows!(ApiToken: id, account, organisation, scopes);

/// What makes whoever holds its secret a member.
#[derive(Clone, PartialEq, Eq)]
pub struct Invitation {
    /// SHA-256 of the secret.
    pub hash: Vec<u8>,
    /// Names the invitation in lists.
    pub id: String,
    /// The organisation that invites.
    pub organisation: String,
    /// Where it was sent.
    pub email: String,
    /// See [`Membership::role`].
    pub role: String,
    /// See [`Membership::person`].
    pub person: Option<String>,
    /// See [`Membership::systems`].
    pub systems: Vec<String>,
    /// See [`Membership::as_of`].
    pub as_of: Option<Date>,
    /// See [`Membership::expires_at`].
    pub membership_expires_at: Option<Timestamp>,
    /// Id of the account that invites; it may be gone.
    pub invited_by: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// From when on it is worth nothing.
    pub expires_at: Timestamp,
}

debug_shows!(Invitation: id, organisation, role, invited_by);

/// Memberships, tokens of programs, and invitations.
///
/// What is shown by a stranger, who has not said of which organisation, is found by its hash. All else
/// is asked with the organisation, or with the account that it belongs to.
#[async_trait]
pub trait Access: Send + Sync {
    /// A number that grows when somebody may do less or other than before: an account is barred or
    /// gone, a membership changed or ended, a token revoked. As long as it stays, what was read of
    /// accounts' [`disabled`](super::Account::disabled), of memberships and of tokens still holds.
    async fn generation(&self) -> Result<u64, StoreError>;

    /// Makes the account a member, or changes what it is.
    ///
    /// # Errors
    /// [`StoreError::UnknownOrganisation`], [`StoreError::UnknownAccount`].
    async fn put_membership(&self, membership: &Membership) -> Result<(), StoreError>;

    /// What the account is in the organisation, expired or not.
    async fn membership(
        &self,
        organisation: &str,
        account: &str,
    ) -> Result<Option<Membership>, StoreError>;

    /// Everything that the account is a member of, by organisation.
    async fn memberships_of_account(&self, account: &str) -> Result<Vec<Membership>, StoreError>;

    /// All members, by account.
    async fn memberships_of_organisation(
        &self,
        organisation: &str,
    ) -> Result<Vec<Membership>, StoreError>;

    /// Ends the membership, revokes the tokens that the account has for the organisation and deletes its
    /// saved views, at once: who becomes a member again later does not get them back. False if there is no membership.
    async fn remove_membership(
        &self,
        organisation: &str,
        account: &str,
    ) -> Result<bool, StoreError>;

    /// Adds a token. Whether the account is a member is to be asked whenever it is used.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] if hash, or id in the organisation, is taken;
    /// [`StoreError::UnknownOrganisation`], [`StoreError::UnknownAccount`].
    async fn create_token(&self, token: &ApiToken) -> Result<(), StoreError>;

    /// The token with this hash that has not expired at `now`.
    async fn token(&self, hash: &[u8], now: Timestamp) -> Result<Option<ApiToken>, StoreError>;

    /// Notes that the token was used at `now`. A write like any other: not for every request.
    async fn touch_token(&self, hash: &[u8], now: Timestamp) -> Result<(), StoreError>;

    /// All tokens for the organisation, expired or not, oldest first.
    async fn tokens_of_organisation(&self, organisation: &str)
    -> Result<Vec<ApiToken>, StoreError>;

    /// All tokens of the account, expired or not, oldest first.
    async fn tokens_of_account(&self, account: &str) -> Result<Vec<ApiToken>, StoreError>;

    /// Deletes the token. False if the organisation has none with this id.
    async fn revoke_token(&self, organisation: &str, id: &str) -> Result<bool, StoreError>;

    /// Adds an invitation.
    ///
    /// # Errors
    /// [`StoreError::AlreadyThere`] if hash, or id in the organisation, is taken;
    /// [`StoreError::UnknownOrganisation`], and [`StoreError::TooLong`] of the address.
    async fn create_invitation(&self, invitation: &Invitation) -> Result<(), StoreError>;

    /// The invitation with this hash that has not expired at `now`, to show it. It stays.
    async fn invitation(
        &self,
        hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError>;

    /// All invitations that were neither taken nor revoked, expired or not, oldest first.
    async fn invitations_of_organisation(
        &self,
        organisation: &str,
    ) -> Result<Vec<Invitation>, StoreError>;

    /// The invitation with this hash that has not expired at `now`, and deletes it. Of many who take
    /// it at once, on whichever node, one gets it.
    async fn take_invitation(
        &self,
        hash: &[u8],
        now: Timestamp,
    ) -> Result<Option<Invitation>, StoreError>;

    /// Deletes the invitation. False if the organisation has none with this id.
    async fn revoke_invitation(&self, organisation: &str, id: &str) -> Result<bool, StoreError>;
}

impl Membership {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let person = self.person.as_deref().unwrap_or_default();
        check_text(&[&self.organisation, &self.account, person, &self.role])
    }
}

impl ApiToken {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        check_text(&[&self.id, &self.account, &self.organisation, &self.name])
    }
}

impl Invitation {
    pub(crate) fn check(&self) -> Result<(), StoreError> {
        let person = self.person.as_deref().unwrap_or_default();
        check_text(&[&self.id, &self.organisation, &self.role, person, &self.invited_by])?;
        check_email(&self.email)
    }
}
