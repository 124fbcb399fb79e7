//! Who may come in: accounts, their part in organisations, and the tokens that programs come with.
//!
//! Secrets are shown once and kept as SHA-256; a token holds 256 bits of chance, so nothing slower is needed.

use std::{str::FromStr, sync::Arc};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{Timestamp, civil::Date};
use serde::{Deserialize, Serialize};
use surety_aims::{Kind, Principal, RecordId, Role};
use surety_ledger::Hash;
pub use surety_store::{Account, ApiToken};
use surety_store::{AccountStore, Membership};

use crate::{
    Engine, Error,
    clock::{random, whole_microsecond},
};

/// What programs write before a token, so that people and scanners know what it is.
const PREFIX: &str = "surety_";

/// The accounts of a database.
pub struct Accounts<'e> {
    engine: &'e Engine,
    store: &'e dyn AccountStore,
}

/// What a token may be used for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Records and views.
    Read,
    /// Records, views, and the ledger with its proofs, as far as the account's role allows.
    Ledger,
    /// All that the account's role allows.
    Write,
}

impl Scope {
    pub const ALL: [Scope; 3] = [Scope::Read, Scope::Ledger, Scope::Write];

    pub fn name(self) -> &'static str {
        match self {
            Scope::Read => "read",
            Scope::Ledger => "ledger",
            Scope::Write => "write",
        }
    }

    /// The role that is left of an account's role. Permission stays one table, asked with a smaller role.
    fn of(self, role: Role) -> Role {
        let reads_ledger = matches!(role, Role::Owner | Role::ComplianceManager | Role::Auditor);
        match self {
            Scope::Write => role,
            Scope::Ledger if reads_ledger => Role::Auditor,
            Scope::Ledger | Scope::Read => Role::Viewer,
        }
    }
}

impl FromStr for Scope {
    type Err = String;

    fn from_str(text: &str) -> Result<Scope, String> {
        let known = Scope::ALL.into_iter().find(|scope| scope.name() == text);
        known.ok_or_else(|| format!("`{text}` is no scope; it is one of read, ledger, write"))
    }
}

/// Whoever came with a valid token.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    pub account: String,
    /// The only organisation that the token is for.
    organisation: String,
    scope: Scope,
}

/// What a caller is in one organisation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Grant {
    pub principal: Principal,
    /// The newest day that it shows; `None`: today.
    pub until: Option<Date>,
}

/// A part in an organisation.
#[derive(Clone, Debug)]
pub struct Part {
    pub role: Role,
    /// The person whom entries of the ledger name; without one, nothing can be changed.
    pub person: Option<RecordId>,
    pub expires_at: Option<Timestamp>,
    pub until: Option<Date>,
}

/// A new token. Its secret can't be had again.
#[derive(Clone)]
pub struct IssuedToken {
    pub id: String,
    pub secret: String,
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
        let email = email.trim();
        let is_address =
            email.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'));
        if !is_address || email.len() > 254 || email.chars().any(char::is_whitespace) {
            return Err(Error::Input(format!("`{email}` is no e-mail address")));
        }
        let account = Account {
            id: id("acc")?,
            email: email.to_owned(),
            name: name.trim().to_owned(),
            password_hash: None,
            totp_secret: None,
            totp_last_step: None,
            disabled: false,
            created_at: self.now(),
            password_changed_at: None,
        };
        self.store.create_account(&account).await?;
        Ok(account)
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
    /// A refusal if the person is none of the organisation.
    pub async fn check(&self, organisation: &str, part: &Part) -> Result<(), Error> {
        let aims = self.engine.organisation(Some(organisation)).await?;
        let Some(person) = part.person else { return Ok(()) };
        if person.kind != Kind::Person {
            let message =
                format!("{person} is {}, not {}", person.kind.label(), Kind::Person.label());
            return Err(Error::Input(message));
        }
        let position = aims.current().await?;
        position.book.get(person).map(|_| ()).ok_or(Error::UnknownRecord(person))
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
            systems: Vec::new(),
            as_of: part.until,
        };
        Ok(self.store.put_membership(&membership).await?)
    }

    /// Issues a token for an account in one organisation.
    ///
    /// # Errors
    /// A refusal if the account has no part in it, or the token would be past its end already.
    pub async fn issue(
        &self,
        organisation: &str,
        account: &str,
        name: &str,
        scope: Scope,
        expires_at: Option<Timestamp>,
    ) -> Result<IssuedToken, Error> {
        if self.store.membership(organisation, account).await?.is_none() {
            return Err(Error::Input(format!("the account has no part in `{organisation}`")));
        }
        if expires_at.is_some_and(|end| end <= self.now()) {
            return Err(Error::Input("the token would have expired already".to_owned()));
        }
        let issued = IssuedToken {
            id: id("tok")?,
            secret: format!("{PREFIX}{}", URL_SAFE_NO_PAD.encode(random()?)),
        };
        let token = ApiToken {
            hash: hashed(&issued.secret),
            id: issued.id.clone(),
            account: account.to_owned(),
            organisation: organisation.to_owned(),
            name: name.trim().to_owned(),
            scopes: vec![scope.name().to_owned()],
            created_at: self.now(),
            expires_at,
            last_used_at: None,
        };
        self.store.create_token(&token).await?;
        Ok(issued)
    }

    /// The tokens for an organisation.
    pub async fn tokens(&self, organisation: &str) -> Result<Vec<ApiToken>, Error> {
        Ok(self.store.tokens_of_organisation(organisation).await?)
    }

    /// Ends a token; `false` if there is none of that id.
    pub async fn revoke(&self, organisation: &str, token: &str) -> Result<bool, Error> {
        Ok(self.store.revoke_token(organisation, token).await?)
    }

    /// Whoever comes with this token; `None` if it is none of ours, has expired, or its account is disabled.
    pub async fn caller(&self, secret: &str) -> Result<Option<Caller>, Error> {
        if !secret.starts_with(PREFIX) {
            return Ok(None);
        }
        let (hash, now) = (hashed(secret), self.now());
        let Some(token) = self.store.token(&hash, now).await? else { return Ok(None) };
        let account = self.store.account(&token.account).await?;
        let scope = token.scopes.iter().filter_map(|scope| scope.parse().ok()).max();
        let (Some(account), Some(scope)) = (account.filter(|account| !account.disabled), scope)
        else {
            return Ok(None);
        };
        // Often enough to see whether a token is still needed, and seldom enough to cost nothing.
        let used = token.last_used_at.is_some_and(|at| now.duration_since(at).as_hours() < 1);
        if !used {
            self.store.touch_token(&hash, now).await?;
        }
        Ok(Some(Caller { account: account.id, organisation: token.organisation, scope }))
    }

    /// What a caller may do in an organisation; `None` if it has no part in it.
    pub async fn grant(&self, caller: &Caller, organisation: &str) -> Result<Option<Grant>, Error> {
        if caller.organisation != organisation {
            return Ok(None);
        }
        let membership = self.store.membership(organisation, &caller.account).await?;
        let now = self.now();
        let living = membership.filter(|part| part.expires_at.is_none_or(|end| now < end));
        let Some(membership) = living else { return Ok(None) };
        let Some(role) = role_of(&membership.role) else { return Ok(None) };
        let may_change = membership.person.is_some() && membership.as_of.is_none();
        // Entries name a person, so whoever is none changes nothing; nor does whoever sees the past alone, to whom the answer
        // would show the present.
        let scope = if may_change { caller.scope } else { caller.scope.min(Scope::Ledger) };
        let role = scope.of(role);
        let name: Arc<str> = membership.person.unwrap_or(caller.account.clone()).into();
        Ok(Some(Grant { principal: Principal { name, role }, until: membership.as_of }))
    }
}

/// A short id that nobody can guess.
fn id(kind: &str) -> Result<String, Error> {
    let random = random()?;
    let short = random.get(..9).unwrap_or(&random);
    Ok(format!("{kind}_{}", URL_SAFE_NO_PAD.encode(short)))
}

fn hashed(secret: &str) -> Vec<u8> {
    Hash::of(secret.as_bytes()).as_bytes().to_vec()
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
