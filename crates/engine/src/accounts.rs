//! Who may come in: accounts, and their part in organisations. What they come with stands in files of its own.

mod attempt;
mod invitation;
mod known;
mod member;
pub mod oidc;
mod passkey;
mod password;
mod refused;
mod saved_view;
mod second_factor;
mod secret;
mod security;
mod session;
mod sign_in;
mod token;

use std::sync::Arc;

use jiff::{Timestamp, civil::Date};
use surety_aims::{Kind, Principal, RecordId, Role};
pub use surety_store::{Account, ApiToken, SavedView};
use surety_store::{AccountStore, Membership, StoreError};

pub use self::{
    invitation::{Invitation, Inviter, IssuedInvitation},
    member::Member,
    passkey::{AddedPasskey, Ceremony, ListedPasskey},
    refused::Refused,
    saved_view::{MOST_VIEWS, VIEW_NAME, ViewKey},
    second_factor::{Factors, TotpKey},
    secret::fresh_password,
    security::SecurityEntry,
    session::{BegunSession, Browser, IDLE, LIFETIME, Session, csrf_of, ends_at},
    sign_in::{Code, SecondFactor, SignedIn},
    token::{IssuedToken, Scope},
};
pub(crate) use self::{known::Known, password::Hasher};
use crate::{Engine, Error, clock::whole_microsecond};

/// The accounts of a database.
pub struct Accounts<'e> {
    engine: &'e Engine,
    store: &'e dyn AccountStore,
}

/// Somebody whom we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub account: String,
    pub through: Through,
    /// The store's generation of access when the request began, if what is remembered of it may be used.
    generation: Option<u64>,
}

/// What a caller came with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Through {
    /// For one organisation, and for no more than its scope.
    Token { id: String, organisation: String, scope: Scope },
    /// For all organisations of the account, and for all that it may do there.
    Session(Box<Session>),
}

impl Caller {
    /// How much of what the account may do in an organisation; `None`: nothing at all.
    fn scope_in(&self, organisation: &str) -> Option<Scope> {
        match &self.through {
            Through::Token { organisation: only, scope, .. } => {
                (only == organisation).then_some(*scope)
            }
            Through::Session(_) => Some(Scope::Write),
        }
    }

    /// The session, if it is one.
    pub fn session(&self) -> Option<&Session> {
        match &self.through {
            Through::Session(session) => Some(session),
            Through::Token { .. } => None,
        }
    }
}

/// What a caller is in one organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub principal: Principal,
    /// The newest day that it shows; `None`: today.
    pub until: Option<Date>,
    /// The AI systems that it is limited to; none: it is not limited.
    pub systems: Vec<RecordId>,
}

/// A part in an organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    pub role: Role,
    /// The person whom entries of the ledger name; without one, nothing can be changed.
    pub person: Option<RecordId>,
    /// From when on it is over.
    pub expires_at: Option<Timestamp>,
    /// The newest day that it shows; `None`: today.
    pub until: Option<Date>,
    /// The AI systems that it is limited to; none: it is not limited.
    pub systems: Vec<RecordId>,
}

impl Part {
    /// A part without end and without limits, of nobody in particular.
    pub fn of(role: Role) -> Part {
        Part { role, person: None, expires_at: None, until: None, systems: Vec::new() }
    }
}

impl Engine {
    /// The accounts of the database.
    ///
    /// # Errors
    /// [`Error::Input`] if the engine stands over a store that keeps none.
    pub fn accounts(&self) -> Result<Accounts<'_>, Error> {
        let store = self.shared.accounts.as_deref();
        let store = store.ok_or_else(|| Error::Input("this store keeps no accounts".to_owned()))?;
        Ok(Accounts { engine: self, store })
    }
}

impl Accounts<'_> {
    fn now(&self) -> Timestamp {
        whole_microsecond(self.engine.shared.config.clock.now())
    }

    /// Makes an account.
    ///
    /// # Errors
    /// A refusal if the address is no address or has an account already.
    pub async fn add(&self, email: &str, name: &str) -> Result<Account, Error> {
        let account = self.new_account(email, name)?;
        self.keep_account(&account).await?;
        Ok(account)
    }

    /// An account that is not kept yet.
    fn new_account(&self, email: &str, name: &str) -> Result<Account, Error> {
        Ok(Account {
            id: secret::id("acc")?,
            email: address(email)?.to_owned(),
            name: name.trim().to_owned(),
            password_hash: None,
            totp_secret: None,
            totp_last_step: None,
            disabled: false,
            created_at: self.now(),
            password_changed_at: None,
        })
    }

    async fn keep_account(&self, account: &Account) -> Result<(), Error> {
        match self.store.create_account(account).await {
            Err(StoreError::EmailTaken) => Err(Error::Taken("an account")),
            made => Ok(made?),
        }
    }

    /// The account of that id, which was there a moment ago.
    ///
    /// # Errors
    /// A refusal if it is gone.
    pub async fn known(&self, account: &str) -> Result<Account, Error> {
        let known = self.store.account(account).await?;
        known.ok_or_else(|| Error::Input("the account is gone".to_owned()))
    }

    /// The account of an address.
    ///
    /// # Errors
    /// A refusal if there is none.
    pub async fn of_email(&self, email: &str) -> Result<Account, Error> {
        let account = self.store.account_by_email(email.trim()).await?;
        account.ok_or_else(|| Error::Input(format!("there is no account of {}", email.trim())))
    }

    /// Everybody who has an account.
    pub async fn all(&self) -> Result<Vec<Account>, Error> {
        Ok(self.store.accounts().await?)
    }

    /// Whether an organisation can give such a part.
    ///
    /// # Errors
    /// A refusal if the person or an AI system is none of the organisation, or if somebody who changes things would be limited
    /// to some of them.
    pub async fn check(&self, organisation: &str, part: &Part) -> Result<(), Error> {
        let aims = self.engine.organisation(Some(organisation)).await?;
        let named = part.person.map(|person| (person, Kind::Person));
        let systems = part.systems.iter().map(|system| (*system, Kind::AiSystem));
        for (id, kind) in named.into_iter().chain(systems) {
            if id.kind != kind {
                let message = format!("{id} is {}, not {}", id.kind.label(), kind.label());
                return Err(Error::Input(message));
            }
            let position = aims.current().await?;
            position.book.get(id).ok_or(Error::UnknownRecord(id))?;
        }
        if !part.systems.is_empty() && !matches!(part.role, Role::Auditor | Role::Viewer) {
            let message = "only an auditor or a viewer can be limited to some AI systems";
            return Err(Error::Input(message.to_owned()));
        }
        Ok(())
    }

    /// Gives an account its part in an organisation, in place of the one it had.
    ///
    /// # Errors
    /// As [`Accounts::check`].
    pub async fn join(&self, organisation: &str, account: &str, part: &Part) -> Result<(), Error> {
        self.check(organisation, part).await?;
        let membership = Membership {
            account: account.to_owned(),
            organisation: organisation.to_owned(),
            person: part.person.map(|person| person.to_string()),
            role: name_of(part.role),
            expires_at: part.expires_at,
            systems: part.systems.iter().map(ToString::to_string).collect(),
            as_of: part.until,
        };
        Ok(self.store.put_membership(&membership).await?)
    }

    /// What a caller may do in an organisation; `None` if it has no part in it.
    pub async fn grant(&self, caller: &Caller, organisation: &str) -> Result<Option<Grant>, Error> {
        let Some(scope) = caller.scope_in(organisation) else { return Ok(None) };
        let membership = self.part_of(caller, organisation).await?;
        let now = self.now();
        let living = membership.filter(|part| part.expires_at.is_none_or(|end| now < end));
        let Some(membership) = living else { return Ok(None) };
        let Some(role) = role_of(&membership.role) else { return Ok(None) };
        // Ids that can't be read any more limit to nothing at all rather than not at all.
        let systems = membership.systems.iter().map(|id| id.parse().ok()).collect();
        let Some(systems): Option<Vec<RecordId>> = systems else { return Ok(None) };
        let sees_all = membership.as_of.is_none() && systems.is_empty();
        let may_change = membership.person.is_some() && sees_all;
        // Entries name a person, so whoever is none changes nothing; nor does whoever sees a part alone, to whom the answer
        // would show more.
        let scope = if may_change { scope } else { scope.min(Scope::Ledger) };
        let role = scope.of(role);
        let name: Arc<str> = membership.person.unwrap_or(caller.account.clone()).into();
        let principal = Principal { name, role };
        Ok(Some(Grant { principal, until: membership.as_of, systems }))
    }

    /// The caller's membership, remembered if nothing changed since the request began.
    async fn part_of(
        &self,
        caller: &Caller,
        organisation: &str,
    ) -> Result<Option<Membership>, Error> {
        let known = &self.engine.shared.known;
        let remembered = |generation| known.membership(generation, &caller.account, organisation);
        if let Some(membership) = caller.generation.and_then(remembered) {
            return Ok(Some(membership));
        }
        let membership = self.store.membership(organisation, &caller.account).await?;
        if let (Some(generation), Some(membership)) = (caller.generation, &membership) {
            known.put_membership(generation, membership.clone());
        }
        Ok(membership)
    }
}

/// An e-mail address, as far as one can tell without writing to it.
fn address(email: &str) -> Result<&str, Error> {
    let email = email.trim();
    let is_address =
        email.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'));
    let is_plain = !email.chars().any(|c| c.is_whitespace() || c.is_control());
    if is_address && is_plain && email.len() <= 254 {
        return Ok(email);
    }
    Err(Error::field("email", format!("`{email}` is no e-mail address")))
}

/// A role as it is kept: `compliance_manager`.
pub fn name_of(role: Role) -> String {
    let name = serde_json::to_value(role).ok();
    name.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// The role of that name.
pub fn role_of(name: &str) -> Option<Role> {
    Role::ALL.into_iter().find(|role| name_of(*role) == name)
}
