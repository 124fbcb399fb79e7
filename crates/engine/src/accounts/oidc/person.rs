//! From what a provider says of somebody to an account here.

use serde::Deserialize;
use surety_aims::{Occurrence, RecordId, Role, Security};
use surety_store::{Account, Identity, Invitation, StoreError};

use super::{OidcError, Provider};
use crate::{
    Error,
    accounts::{Accounts, Part},
};

/// What somebody becomes at the first sign-in who has neither account nor invitation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewMember {
    /// The id of the organisation.
    pub organisation: String,
    pub role: Role,
    /// The AI systems that an auditor or viewer is limited to.
    #[serde(default)]
    pub systems: Vec<RecordId>,
}

/// Who somebody is, by a provider whose signature was verified.
pub(super) struct Claimed {
    pub(super) issuer: String,
    pub(super) subject: String,
    pub(super) email: Option<String>,
    pub(super) verified: bool,
    pub(super) name: Option<String>,
}

impl Accounts<'_> {
    /// The account of somebody: the one that is linked, else the one of the e-mail address, which is linked then; else one
    /// that is made, if they are invited or everybody is let in.
    pub(super) async fn account_of(
        &self,
        provider: &Provider,
        claimed: &Claimed,
    ) -> Result<String, OidcError> {
        let email = believed(provider, claimed)?;
        let identity = self.store.identity(&claimed.issuer, &claimed.subject).await?;
        if let Some(identity) = identity {
            return self.open(&identity.account).await;
        }
        let known = self.store.account_by_email(email).await?;
        let account = match known {
            Some(account) => account.id,
            None => self.newcomer(provider, email, claimed.name.as_deref()).await?,
        };
        let account = self.open(&account).await?;
        self.link(claimed, &account).await
    }

    /// The account, unless it is barred.
    async fn open(&self, account: &str) -> Result<String, OidcError> {
        let account = self.store.account(account).await?;
        let account = account.filter(|account| !account.disabled).ok_or(OidcError::Barred)?;
        Ok(account.id)
    }

    async fn link(&self, claimed: &Claimed, account: &str) -> Result<String, OidcError> {
        let identity = Identity {
            issuer: claimed.issuer.clone(),
            subject: claimed.subject.clone(),
            account: account.to_owned(),
            linked_at: self.now(),
        };
        match self.store.link_identity(&identity).await {
            Ok(()) => {
                let event = Security::of(Occurrence::FactorAdded, account).by("oidc");
                self.note(account, event).await?;
                Ok(identity.account)
            }
            // Linked at the same moment in another browser: that one counts.
            Err(StoreError::AlreadyThere { .. }) => {
                let linked = self.store.identity(&claimed.issuer, &claimed.subject).await?;
                self.open(&linked.ok_or(OidcError::NotBegun)?.account).await
            }
            Err(error) => Err(error.into()),
        }
    }

    /// Makes an account for whoever is invited, or for everybody if the provider's newcomers are let in.
    async fn newcomer(
        &self,
        provider: &Provider,
        email: &str,
        name: Option<&str>,
    ) -> Result<String, OidcError> {
        let invitations = self.invitations_to(email).await?;
        let new_member = provider.new_member.as_ref().filter(|_| invitations.is_empty());
        if invitations.is_empty() && new_member.is_none() {
            return Err(OidcError::NoAccount);
        }
        if let Some(new) = new_member {
            self.check(&new.organisation, &part(new)).await?;
        }
        let name = name.filter(|name| !name.trim().is_empty()).unwrap_or(email);
        let name: String = name.chars().filter(|c| !c.is_control()).take(200).collect();
        let account = match self.add(email, &name).await {
            Ok(account) => account,
            Err(Error::Taken(_)) => {
                let account = self.store.account_by_email(email).await?;
                account.ok_or(OidcError::NoAccount)?
            }
            Err(error) => return Err(error.into()),
        };
        for invitation in invitations {
            self.take(&invitation, &account).await?;
        }
        if let Some(new) = new_member {
            self.admit(&new.organisation, &account.id, &account.id, &part(new)).await?;
        }
        Ok(account.id)
    }

    /// Invitations to this address that are still good: whoever has the address may take them, as by the letter.
    async fn invitations_to(&self, email: &str) -> Result<Vec<Invitation>, OidcError> {
        let (mut found, now) = (Vec::new(), self.now());
        let email = email.to_lowercase();
        for organisation in self.engine.organisations().await? {
            let all = self.store.invitations_of_organisation(&organisation.id).await?;
            let good = all.into_iter().filter(|one| now < one.expires_at);
            found.extend(good.filter(|one| one.email.to_lowercase() == email));
        }
        Ok(found)
    }

    async fn take(&self, invitation: &Invitation, account: &Account) -> Result<(), OidcError> {
        let taken = self.store.take_invitation(&invitation.hash, self.now()).await?;
        let Some(taken) = taken else { return Ok(()) };
        Ok(self.accepted(&taken, account).await?)
    }
}

fn part(new: &NewMember) -> Part {
    Part { systems: new.systems.clone(), ..Part::of(new.role) }
}

/// The e-mail address, if the provider has verified it and is relied on for its domain.
fn believed<'c>(provider: &Provider, claimed: &'c Claimed) -> Result<&'c str, OidcError> {
    let title = || provider.title().to_owned();
    let email = claimed.email.as_deref().filter(|_| claimed.verified);
    let email = email.ok_or_else(|| OidcError::Unverified(title()))?;
    let domain = email.rsplit_once('@').map(|(_, domain)| domain).unwrap_or_default();
    if provider.speaks_for(domain) {
        return Ok(email);
    }
    Err(OidcError::ForeignDomain {
        provider: title(),
        domain: domain.chars().take(60).collect(),
        allowed: provider.domains.join(", "),
    })
}
