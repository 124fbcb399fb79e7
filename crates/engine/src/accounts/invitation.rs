//! Invitations: a link that makes whoever holds it a member. The secret is shown once, and handed over by whoever invites.

use jiff::{SignedDuration, Timestamp};
use surety_aims::{Occurrence, Security};
use surety_store::{Account, Invitation as Kept, Membership};

use super::{
    Accounts, Part, Refused,
    member::part_of,
    name_of, password, secret,
    session::{BegunSession, Browser, Session, after},
};
use crate::Error;

/// How long an invitation stands if nothing else is said, and at most.
const USUAL: SignedDuration = SignedDuration::from_hours(7 * 24);
const LONGEST: SignedDuration = SignedDuration::from_hours(90 * 24);

/// An invitation, as it is listed and shown.
#[derive(Clone)]
pub struct Invitation {
    pub id: String,
    pub organisation: String,
    pub email: String,
    pub part: Part,
    /// The account that invites.
    pub invited_by: String,
    pub created_at: Timestamp,
    pub expires_at: Timestamp,
}

/// A new invitation. Its secret can't be had again.
pub struct IssuedInvitation {
    pub invitation: Invitation,
    pub secret: String,
}

/// Whoever invites: the account, and whom entries name.
pub struct Inviter<'a> {
    pub account: &'a str,
    pub name: &'a str,
}

impl Accounts<'_> {
    /// Invites an address to a part in an organisation.
    ///
    /// # Errors
    /// A refusal of a field; as [`Accounts::check`].
    pub async fn invite(
        &self,
        organisation: &str,
        inviter: &Inviter<'_>,
        email: &str,
        part: &Part,
        expires_at: Option<Timestamp>,
    ) -> Result<IssuedInvitation, Error> {
        let email = super::address(email)?;
        self.check(organisation, part).await?;
        let now = self.now();
        let expires_at = expires_at.unwrap_or_else(|| after(now, USUAL));
        if expires_at <= now || expires_at > after(now, LONGEST) {
            return Err(Error::field("expires_at", "lies in the future, within 90 days"));
        }
        if part.expires_at.is_some_and(|end| end <= now) {
            return Err(Error::field("membership_expires_at", "lies in the future"));
        }
        let secret = secret::fresh()?;
        let kept = Kept {
            hash: secret::hashed(&secret),
            id: secret::id("inv")?,
            organisation: organisation.to_owned(),
            email: email.to_owned(),
            role: name_of(part.role),
            person: part.person.map(|person| person.to_string()),
            systems: part.systems.iter().map(ToString::to_string).collect(),
            as_of: part.until,
            membership_expires_at: part.expires_at,
            invited_by: inviter.account.to_owned(),
            created_at: now,
            expires_at,
        };
        self.store.create_invitation(&kept).await?;
        let (role, person) = (Some(part.role), part.person);
        let about = Some(kept.id.clone());
        let event =
            Security { what: Occurrence::Invited, account: None, about, by: None, role, person };
        self.note_in(organisation, inviter.name, event).await?;
        let invitation = shown(kept).ok_or(Refused::Link)?;
        Ok(IssuedInvitation { invitation, secret })
    }

    /// The invitations of an organisation that nobody has taken, oldest first.
    pub async fn invitations(&self, organisation: &str) -> Result<Vec<Invitation>, Error> {
        let kept = self.store.invitations_of_organisation(organisation).await?;
        Ok(kept.into_iter().filter_map(shown).collect())
    }

    /// Withdraws an invitation; `false` if there is none of that id.
    pub async fn withdraw_invitation(
        &self,
        organisation: &str,
        who: &str,
        id: &str,
    ) -> Result<bool, Error> {
        let withdrawn = self.store.revoke_invitation(organisation, id).await?;
        if withdrawn {
            let event = Security {
                what: Occurrence::InvitationWithdrawn,
                account: None,
                about: Some(id.to_owned()),
                by: None,
                role: None,
                person: None,
            };
            self.note_in(organisation, who, event).await?;
        }
        Ok(withdrawn)
    }

    /// What an invitation says, for whoever holds its secret.
    ///
    /// # Errors
    /// [`Refused::Link`].
    pub async fn invitation(&self, secret: &str) -> Result<Invitation, Error> {
        let kept = self.store.invitation(&secret::hashed(secret), self.now()).await?;
        Ok(kept.and_then(shown).ok_or(Refused::Link)?)
    }

    /// Accepts an invitation for a new account, which is signed in then.
    ///
    /// # Errors
    /// [`Refused::Link`], a refusal of the field `password`, or [`Error::Taken`] if the address has an account: that one
    /// signs in and accepts.
    pub async fn accept_with_new_account(
        &self,
        secret: &str,
        name: &str,
        password: &str,
        browser: &Browser,
    ) -> Result<BegunSession, Error> {
        self.room_for(browser).await?;
        let invitation = self.invitation(secret).await?;
        if self.store.account_by_email(&invitation.email).await?.is_some() {
            return Err(Error::Taken("an account"));
        }
        let now = self.now();
        let mut account = self.new_account(&invitation.email, name)?;
        password::check(password, &account, false)?;
        account.password_hash = Some(self.engine.shared.passwords.hash(password).await?);
        account.password_changed_at = Some(now);
        let taken = self.store.take_invitation(&secret::hashed(secret), now).await?;
        let taken = taken.ok_or(Refused::Link)?;
        if let Err(refused) = self.keep_account(&account).await {
            // Somebody was faster with the address; the invitation stands for whoever signs in with it.
            self.store.create_invitation(&taken).await?;
            return Err(refused);
        }
        self.accepted(&taken, &account).await?;
        self.begin_session(&account.id, "password", browser).await
    }

    /// Accepts an invitation for the account that is signed in, and gives the organisation and the session under another id.
    ///
    /// # Errors
    /// [`Refused::Link`], [`Refused::OtherAddress`], [`Error::Taken`] if it has a part in the organisation.
    pub async fn accept(
        &self,
        session: &Session,
        secret: &str,
    ) -> Result<(String, BegunSession), Error> {
        let account = self.known(&session.account).await?;
        let invitation = self.invitation(secret).await?;
        if invitation.email.to_lowercase() != account.email.to_lowercase() {
            return Err(Refused::OtherAddress.into());
        }
        let before = self.store.membership(&invitation.organisation, &account.id).await?;
        let lives = |part: Membership| part.expires_at.is_none_or(|end| self.now() < end);
        if before.is_some_and(lives) {
            return Err(Error::Taken("a member"));
        }
        let taken = self.store.take_invitation(&secret::hashed(secret), self.now()).await?;
        let taken = taken.ok_or(Refused::Link)?;
        self.accepted(&taken, &account).await?;
        Ok((taken.organisation, self.renew_session(session).await?))
    }

    pub(super) async fn accepted(&self, invitation: &Kept, account: &Account) -> Result<(), Error> {
        let membership = Membership {
            organisation: invitation.organisation.clone(),
            account: account.id.clone(),
            person: invitation.person.clone(),
            role: invitation.role.clone(),
            expires_at: invitation.membership_expires_at,
            systems: invitation.systems.clone(),
            as_of: invitation.as_of,
        };
        self.store.put_membership(&membership).await?;
        let part = part_of(&membership);
        let event = Security {
            role: part.as_ref().map(|part| part.role),
            person: part.and_then(|part| part.person),
            ..Security::of(Occurrence::InvitationAccepted, &account.id).about(&invitation.id)
        };
        let who = membership.person.as_deref().unwrap_or(&account.id);
        self.note_in(&invitation.organisation, who, event).await
    }
}

fn shown(kept: Kept) -> Option<Invitation> {
    let part = part_of(&Membership {
        organisation: kept.organisation.clone(),
        account: String::new(),
        person: kept.person,
        role: kept.role,
        expires_at: kept.membership_expires_at,
        systems: kept.systems,
        as_of: kept.as_of,
    })?;
    Some(Invitation {
        id: kept.id,
        organisation: kept.organisation,
        email: kept.email,
        part,
        invited_by: kept.invited_by,
        created_at: kept.created_at,
        expires_at: kept.expires_at,
    })
}
