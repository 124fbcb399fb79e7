//! Members of an organisation: who they are, and what they may.

use surety_aims::{Occurrence, Role, Security};
use surety_store::{Account, Membership};

use super::{Accounts, Part, role_of, security::by};
use crate::Error;

/// Somebody who has a part in an organisation.
#[derive(Clone)]
pub struct Member {
    pub account: Account,
    pub part: Part,
    /// Whether the part is over.
    pub expired: bool,
}

impl Accounts<'_> {
    /// Everybody who has a part in an organisation, also one that is over; by account.
    pub async fn members(&self, organisation: &str) -> Result<Vec<Member>, Error> {
        let mut members = Vec::new();
        for membership in self.store.memberships_of_organisation(organisation).await? {
            members.extend(self.member_of(membership).await?);
        }
        Ok(members)
    }

    /// The part of one account; `None` if it has none.
    pub async fn member(&self, organisation: &str, account: &str) -> Result<Option<Member>, Error> {
        match self.store.membership(organisation, account).await? {
            Some(membership) => self.member_of(membership).await,
            None => Ok(None),
        }
    }

    async fn member_of(&self, membership: Membership) -> Result<Option<Member>, Error> {
        let account = self.store.account(&membership.account).await?;
        let (Some(account), Some(part)) = (account, part_of(&membership)) else { return Ok(None) };
        let expired = part.expires_at.is_some_and(|end| end <= self.now());
        Ok(Some(Member { account, part, expired }))
    }

    /// The organisations in which an account has a part that is not over, with the name of each.
    pub async fn organisations_of(&self, account: &str) -> Result<Vec<(String, Part)>, Error> {
        let memberships = self.store.memberships_of_account(account).await?;
        let now = self.now();
        let living = memberships
            .iter()
            .filter_map(|one| Some((one.organisation.clone(), part_of(one)?)))
            .filter(|(_, part)| part.expires_at.is_none_or(|end| now < end));
        Ok(living.collect())
    }

    /// Gives an account its part, in place of the one it had, and notes it. `who` does so.
    ///
    /// # Errors
    /// As [`Accounts::check`]; a refusal if nobody would be left who administers the organisation.
    pub async fn admit(
        &self,
        organisation: &str,
        who: &str,
        account: &str,
        part: &Part,
    ) -> Result<(), Error> {
        let before = self.store.membership(organisation, account).await?;
        let is_new = before.is_none();
        let had_owner = self.has_owner(organisation, None).await?;
        self.join(organisation, account, part).await?;
        if had_owner {
            self.keep_an_owner(organisation, before).await?;
        }
        let what = if is_new { Occurrence::MemberAdded } else { Occurrence::MemberChanged };
        let (role, person) = (Some(part.role), part.person);
        let event = Security { role, person, ..Security::of(what, account) };
        self.note_in(organisation, who, event).await
    }

    /// Ends an account's part and its tokens for the organisation; `false` if it has none.
    ///
    /// # Errors
    /// A refusal if nobody would be left who administers the organisation.
    pub async fn dismiss(
        &self,
        organisation: &str,
        who: &str,
        account: &str,
    ) -> Result<bool, Error> {
        let Some(before) = self.store.membership(organisation, account).await? else {
            return Ok(false);
        };
        let administers = self.administers(&before).await?;
        if administers && !self.has_owner(organisation, Some(account)).await? {
            return Err(last_owner());
        }
        self.store.remove_membership(organisation, account).await?;
        if administers {
            self.keep_an_owner(organisation, Some(before)).await?;
        }
        let event = Security::of(Occurrence::MemberRemoved, account);
        self.note_in(organisation, who, event).await?;
        Ok(true)
    }

    /// Takes a change back that leaves nobody who administers, as when two owners remove each other at once.
    async fn keep_an_owner(
        &self,
        organisation: &str,
        before: Option<Membership>,
    ) -> Result<(), Error> {
        if self.has_owner(organisation, None).await? {
            return Ok(());
        }
        if let Some(before) = before {
            self.store.put_membership(&before).await?;
        }
        Err(last_owner())
    }

    /// Whether anybody but `except` administers the organisation.
    async fn has_owner(&self, organisation: &str, except: Option<&str>) -> Result<bool, Error> {
        for one in self.store.memberships_of_organisation(organisation).await? {
            if Some(one.account.as_str()) != except && self.administers(&one).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// Whether it is an owner's part that is not over and can be used.
    async fn administers(&self, membership: &Membership) -> Result<bool, Error> {
        let owns = role_of(&membership.role) == Some(Role::Owner)
            && membership.person.is_some()
            && membership.as_of.is_none()
            && membership.expires_at.is_none_or(|end| self.now() < end);
        if !owns {
            return Ok(false);
        }
        let account = self.store.account(&membership.account).await?;
        Ok(account.is_some_and(|account| !account.disabled))
    }

    /// Makes a link that sets the password of a member, for an owner who hands it over. Only of an account that belongs to no
    /// other organisation: nobody gets into another one that way.
    ///
    /// # Errors
    /// A refusal if the account is not the organisation's alone, or is no member.
    pub async fn member_password_link(
        &self,
        organisation: &str,
        who: &str,
        account: &str,
    ) -> Result<String, Error> {
        let memberships = self.store.memberships_of_account(account).await?;
        if memberships.iter().any(|one| one.organisation != organisation) {
            let message = "whoever operates this server has to make the link for this account";
            return Err(Error::Input(message.to_owned()));
        }
        let link = self.password_link(account).await?;
        let event = Security::of(Occurrence::PasswordLinkMade, account);
        self.note_in(organisation, who, event).await?;
        Ok(link)
    }

    /// Ends all sessions of a member, for an owner, and gives how many that were.
    pub async fn end_sessions_of_member(
        &self,
        organisation: &str,
        who: &str,
        account: &str,
    ) -> Result<u64, Error> {
        let ended = self.store.end_sessions(account, None).await?;
        let event = Security::of(Occurrence::SessionsEnded, account);
        self.note_in(organisation, who, event).await?;
        Ok(ended)
    }

    /// Bars an account from coming in, or lets it in again. Its sessions end.
    pub async fn set_disabled(&self, account: &Account, disabled: bool) -> Result<(), Error> {
        let (email, name) = (account.email.clone(), account.name.clone());
        let profile = surety_store::Profile { email, name, disabled };
        self.store.update_account(&account.id, &profile).await?;
        if disabled {
            self.store.end_sessions(&account.id, None).await?;
        }
        let what = if disabled { Occurrence::AccountDisabled } else { Occurrence::AccountEnabled };
        self.note_of_operator(&account.id, what).await
    }

    /// Calls an account something else.
    ///
    /// # Errors
    /// A refusal of the field `name`.
    pub async fn rename(&self, account: &Account, name: &str) -> Result<(), Error> {
        let name = name.trim();
        if name.is_empty() || name.chars().count() > 200 || name.chars().any(char::is_control) {
            return Err(Error::field("name", "has 1 to 200 characters"));
        }
        let (email, name) = (account.email.clone(), name.to_owned());
        let profile = surety_store::Profile { email, name, disabled: account.disabled };
        Ok(self.store.update_account(&account.id, &profile).await?)
    }

    /// Whom entries of an organisation name for an account that has a part in it.
    pub async fn name_in(&self, organisation: &str, account: &str) -> Result<String, Error> {
        let membership = self.store.membership(organisation, account).await?;
        Ok(membership.map_or_else(|| account.to_owned(), |part| by(&part)))
    }
}

fn last_owner() -> Error {
    let message =
        "nobody would be left who administers the organisation; make somebody else an owner first";
    Error::Input(message.to_owned())
}

/// What a membership says; `None` if it can't be read, which gives no part at all.
pub(super) fn part_of(membership: &Membership) -> Option<Part> {
    let person = membership.person.as_deref().map(str::parse).transpose().ok()?;
    let systems = membership.systems.iter().map(|id| id.parse().ok()).collect::<Option<_>>()?;
    Some(Part {
        role: role_of(&membership.role)?,
        person,
        expires_at: membership.expires_at,
        until: membership.as_of,
        systems,
    })
}
