//! Tokens, which programs come with.

use std::str::FromStr;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use surety_aims::{Occurrence, Role, Security};
use surety_store::ApiToken;

use super::{Accounts, Caller, Through, known::Pass, secret};
use crate::Error;

/// What programs write before a token, so that people and scanners know what it is.
const PREFIX: &str = "surety_";

/// What a token may be used for.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "snake_case")]
#[schemars(rename = "TokenScope")]
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
    pub(super) fn of(self, role: Role) -> Role {
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

/// A new token. Its secret can't be had again.
#[derive(Clone)]
pub struct IssuedToken {
    pub id: String,
    pub secret: String,
}

impl Accounts<'_> {
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
        let issued =
            IssuedToken { id: secret::id("tok")?, secret: format!("{PREFIX}{}", secret::fresh()?) };
        let token = ApiToken {
            hash: secret::hashed(&issued.secret),
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

    /// The same, noted on the ledger; `who` does so.
    pub async fn issue_noted(
        &self,
        organisation: &str,
        who: &str,
        account: &str,
        name: &str,
        scope: Scope,
        expires_at: Option<Timestamp>,
    ) -> Result<IssuedToken, Error> {
        let issued = self.issue(organisation, account, name, scope, expires_at).await?;
        let event = Security::of(Occurrence::TokenIssued, account);
        let event = event.about(&issued.id).by(scope.name());
        self.note_in(organisation, who, event).await?;
        Ok(issued)
    }

    /// Ends a token, and notes it; `false` if it is gone.
    pub async fn revoke_noted(
        &self,
        organisation: &str,
        who: &str,
        token: &ApiToken,
    ) -> Result<bool, Error> {
        let revoked = self.revoke(organisation, &token.id).await?;
        if revoked {
            let event = Security::of(Occurrence::TokenRevoked, &token.account).about(&token.id);
            self.note_in(organisation, who, event).await?;
        }
        Ok(revoked)
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
    pub async fn caller(&self, token: &str) -> Result<Option<Caller>, Error> {
        if !token.starts_with(PREFIX) {
            return Ok(None);
        }
        let (hash, now) = (secret::hashed(token), self.now());
        let generation = self.store.generation().await?;
        let known = &self.engine.shared.known;
        let remembered = known.pass(generation, &hash);
        let mut is_new = remembered.is_none();
        let pass = match remembered {
            Some(pass) => Some(pass),
            None => self.pass(&hash, now).await?,
        };
        let Some(mut pass) = pass.filter(|pass| pass.expires_at.is_none_or(|end| now < end)) else {
            return Ok(None);
        };
        // Often enough to see whether a token is still needed, and seldom enough to cost nothing.
        if pass.noted_at.is_none_or(|at| now.duration_since(at).as_hours() >= 1) {
            self.store.touch_token(&hash, now).await?;
            pass.noted_at = Some(now);
            is_new = true;
        }
        let caller = Caller {
            account: pass.account.clone(),
            through: Through::Token {
                id: pass.id.clone(),
                organisation: pass.organisation.clone(),
                scope: pass.scope,
            },
            generation: Some(generation),
        };
        if is_new {
            known.put_pass(generation, hash, pass);
        }
        Ok(Some(caller))
    }

    /// What the token is worth, as the database has it.
    async fn pass(&self, hash: &[u8], now: Timestamp) -> Result<Option<Pass>, Error> {
        let Some(token) = self.store.token(hash, now).await? else { return Ok(None) };
        let account = self.store.account(&token.account).await?;
        let scope = token.scopes.iter().filter_map(|scope| scope.parse().ok()).max();
        let (Some(account), Some(scope)) = (account.filter(|account| !account.disabled), scope)
        else {
            return Ok(None);
        };
        Ok(Some(Pass {
            id: token.id,
            account: account.id,
            organisation: token.organisation,
            scope,
            expires_at: token.expires_at,
            noted_at: token.last_used_at,
        }))
    }
}
