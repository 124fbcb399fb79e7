//! Providers of identity as an operator configures them, and what they say of themselves.

use std::{collections::BTreeSet, path::PathBuf, sync::Arc};

use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    ClientId, ClientSecret, EndpointMaybeSet, EndpointNotSet, EndpointSet, IssuerUrl,
    core::{CoreClient, CoreProviderMetadata},
};
use serde::Deserialize;
use tokio::sync::Mutex;
use url::{Host, Url};

use super::{NewMember, OidcError, http::Http};
use crate::{Error, Secret};

/// A provider of identity.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// In addresses: small letters, digits and hyphens.
    pub name: String,
    /// What people read; the name if there is none.
    #[serde(default)]
    pub title: String,
    /// What it calls itself: `https://id.example`. Without TLS only on this machine.
    pub issuer: String,
    /// What it calls this server.
    pub client_id: String,
    /// What this server proves itself with; none for a public client, which PKCE alone protects.
    #[serde(default)]
    pub client_secret: Option<SecretSource>,
    /// What it is asked to tell.
    #[serde(default = "email_and_profile")]
    pub scopes: Vec<String>,
    /// The domains whose e-mail addresses it is relied on for: whoever it says has such an address is who has it here.
    pub domains: Vec<String>,
    /// What somebody becomes who has neither account nor invitation; without it they are refused.
    #[serde(default)]
    pub new_member: Option<NewMember>,
}

/// Where the secret of a client comes from.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretSource {
    /// A file that holds it and nothing else.
    File(PathBuf),
    /// A variable of the environment; whoever reads the environment puts [`SecretSource::Text`] in its place.
    Env(String),
    #[serde(skip)]
    Text(Secret),
}

fn email_and_profile() -> Vec<String> {
    vec!["email".to_owned(), "profile".to_owned()]
}

impl Provider {
    /// What people read.
    pub fn title(&self) -> &str {
        if self.title.is_empty() { &self.name } else { &self.title }
    }

    /// Whether it is relied on for addresses of that domain.
    pub(super) fn speaks_for(&self, domain: &str) -> bool {
        self.domains.iter().any(|known| known.eq_ignore_ascii_case(domain))
    }

    /// Reads a secret out of the environment, by a function that knows it.
    ///
    /// # Errors
    /// If the variable is not there.
    pub fn with_environment(
        mut self,
        variable: impl Fn(&str) -> Option<String>,
    ) -> Result<Provider, Error> {
        if let Some(SecretSource::Env(name)) = &self.client_secret {
            let text = variable(name).ok_or_else(|| {
                self.wrong("client_secret", &format!("the environment has no variable {name}"))
            })?;
            self.client_secret = Some(SecretSource::Text(Secret(text)));
        }
        Ok(self)
    }

    fn wrong(&self, setting: &str, what: &str) -> Error {
        Error::Input(format!("oidc `{}`: {setting}: {what}", self.name))
    }

    fn secret(&self) -> Result<Option<ClientSecret>, Error> {
        let text = match &self.client_secret {
            None => return Ok(None),
            Some(SecretSource::Text(Secret(text))) => text.clone(),
            Some(SecretSource::Env(name)) => {
                return Err(self.wrong("client_secret", &format!("{name} was not read")));
            }
            Some(SecretSource::File(file)) => std::fs::read_to_string(file).map_err(|error| {
                self.wrong("client_secret", &format!("{}: {error}", file.display()))
            })?,
        };
        let text = text.trim();
        if text.is_empty() {
            return Err(self.wrong("client_secret", "is empty"));
        }
        Ok(Some(ClientSecret::new(text.to_owned())))
    }

    fn check(&self) -> Result<IssuerUrl, Error> {
        let plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        if self.name.is_empty() || self.name.len() > 40 || !self.name.bytes().all(plain) {
            return Err(self.wrong("name", "give 1 to 40 small letters, digits and hyphens"));
        }
        if self.domains.is_empty() || self.domains.iter().any(|domain| !domain.contains('.')) {
            let what = "name the e-mail domains that it is relied on for, such as `example.org`";
            return Err(self.wrong("domains", what));
        }
        let issuer = IssuerUrl::new(self.issuer.clone());
        let issuer = issuer.map_err(|error| self.wrong("issuer", &error.to_string()))?;
        if issuer.url().scheme() != "https" && !is_here(issuer.url()) {
            return Err(self.wrong("issuer", "give an address that begins with https://"));
        }
        Ok(issuer)
    }
}

/// Whether an address is on this machine.
fn is_here(url: &Url) -> bool {
    url.scheme() == "http"
        && match url.host() {
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.is_loopback(),
            Some(Host::Domain(name)) => name == "localhost",
            None => false,
        }
}

/// The providers of a server.
#[derive(Default)]
pub struct Oidc {
    all: Vec<Configured>,
}

impl std::fmt::Debug for Oidc {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.providers().map(|provider| &provider.name)).finish()
    }
}

/// A provider, and what it said of itself last.
struct Configured {
    provider: Arc<Provider>,
    issuer: IssuerUrl,
    secret: Option<ClientSecret>,
    http: Http,
    said: Mutex<Option<Said>>,
}

#[derive(Clone)]
struct Said {
    at: Timestamp,
    metadata: Arc<CoreProviderMetadata>,
}

/// How long what a provider says of itself is good.
const GOOD_FOR: SignedDuration = SignedDuration::from_hours(1);

/// How long it is good even if a token is signed with a key that is not among it: so often at most is a provider asked.
const GOOD_AT_LEAST: SignedDuration = SignedDuration::from_mins(1);

/// A provider that can be asked.
pub(super) struct Client {
    pub(super) provider: Arc<Provider>,
    pub(super) http: Http,
    secret: Option<ClientSecret>,
    metadata: Arc<CoreProviderMetadata>,
}

/// The client of the library, with the endpoints that discovery gives.
pub(super) type At = CoreClient<
    EndpointSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointMaybeSet,
    EndpointMaybeSet,
>;

impl Oidc {
    /// Providers that were checked; nobody is asked yet.
    ///
    /// # Errors
    /// Which setting of which provider is wrong, and what to do.
    pub fn new(providers: Vec<Provider>) -> Result<Oidc, Error> {
        let mut names = BTreeSet::new();
        let mut all = Vec::new();
        for provider in providers {
            let issuer = provider.check()?;
            if !names.insert(provider.name.clone()) {
                return Err(provider.wrong("name", "another provider has it already"));
            }
            let http = Http::new(issuer.url().scheme() == "https")
                .map_err(|error| provider.wrong("issuer", &error.to_string()))?;
            let secret = provider.secret()?;
            let provider = Arc::new(provider);
            all.push(Configured { provider, issuer, secret, http, said: Mutex::new(None) });
        }
        Ok(Oidc { all })
    }

    /// All providers, in the order in which they are offered.
    pub fn providers(&self) -> impl Iterator<Item = &Provider> {
        self.all.iter().map(|one| one.provider.as_ref())
    }

    /// The provider of that name.
    ///
    /// # Errors
    /// [`OidcError::UnknownProvider`].
    pub fn provider(&self, name: &str) -> Result<&Provider, OidcError> {
        Ok(&self.configured(name)?.provider)
    }

    fn configured(&self, name: &str) -> Result<&Configured, OidcError> {
        let found = self.all.iter().find(|one| one.provider.name == name);
        found.ok_or_else(|| OidcError::UnknownProvider(name.chars().take(60).collect()))
    }

    /// The provider of that name, asked who it is if that was long ago.
    pub(super) async fn client(&self, name: &str, now: Timestamp) -> Result<Client, OidcError> {
        self.configured(name)?.client(now, GOOD_FOR).await
    }

    /// The same, asked anew if that was not just now.
    pub(super) async fn newer_client(
        &self,
        name: &str,
        now: Timestamp,
    ) -> Result<Client, OidcError> {
        self.configured(name)?.client(now, GOOD_AT_LEAST).await
    }
}

impl Configured {
    async fn client(&self, now: Timestamp, good_for: SignedDuration) -> Result<Client, OidcError> {
        // Held while the provider is asked, so that many who come at once ask it once.
        let mut said = self.said.lock().await;
        let good = said.clone().filter(|said| now.duration_since(said.at).abs() < good_for);
        let metadata = match good {
            Some(good) => good.metadata,
            None => {
                let found = CoreProviderMetadata::discover_async(self.issuer.clone(), &self.http);
                let found = found.await.map_err(|error| unreachable(&self.provider, &error))?;
                let metadata = Arc::new(found);
                *said = Some(Said { at: now, metadata: metadata.clone() });
                metadata
            }
        };
        Ok(Client {
            provider: self.provider.clone(),
            http: self.http.clone(),
            secret: self.secret.clone(),
            metadata,
        })
    }
}

impl Client {
    /// The client of the library.
    pub(super) fn at(&self) -> At {
        let metadata = self.metadata.as_ref().clone();
        let id = ClientId::new(self.provider.client_id.clone());
        CoreClient::from_provider_metadata(metadata, id, self.secret.clone())
    }

    pub(super) fn unreliable(&self, reason: &'static str) -> OidcError {
        OidcError::Unreliable { provider: self.provider.title().to_owned(), reason }
    }

    pub(super) fn unreachable(&self, error: &dyn std::error::Error) -> OidcError {
        unreachable(&self.provider, error)
    }
}

/// The provider can't be asked, and why, without what it answered: that may hold secrets.
fn unreachable(provider: &Provider, error: &dyn std::error::Error) -> OidcError {
    let mut cause = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        cause = format!("{cause}: {error}");
        source = error.source();
    }
    OidcError::Unreachable { provider: provider.title().to_owned(), cause }
}
