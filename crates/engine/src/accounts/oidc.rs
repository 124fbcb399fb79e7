//! Signing in through a provider of identity (OpenID Connect): the authorization code flow with PKCE, state and nonce.
//!
//! A provider says who somebody is; what they may do is said here. What is between the two halves of a sign-in is kept as a
//! pending secret, found by the state in the address together with a cookie of the browser, and taken once.

mod http;
mod person;
mod provider;

use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    AuthenticationFlow, AuthorizationCode, ClaimsVerificationError, CsrfToken, Nonce,
    OAuth2TokenResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RequestTokenError,
    Scope, SignatureVerificationError, StandardErrorResponse, TokenResponse, UserInfoError,
    core::{
        CoreErrorResponseType, CoreIdTokenClaims, CoreJwsSigningAlgorithm, CoreResponseType,
        CoreTokenResponse, CoreUserInfoClaims,
    },
};
use serde::{Deserialize, Serialize};
use surety_store::PendingSecret;
use url::Url;

use super::{Accounts, secret};
use crate::Error;

use self::{http::HttpError, person::Claimed, provider::Client};
pub use self::{
    person::NewMember,
    provider::{Oidc, Provider, SecretSource},
};

/// How long somebody may take at the provider.
pub const PENDING: SignedDuration = SignedDuration::from_mins(10);

const PURPOSE: &str = "oidc";

/// Signature algorithms of ID tokens that are believed: those with a key that only the provider has.
const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Why somebody was not signed in.
#[derive(Debug, thiserror::Error)]
pub enum OidcError {
    #[error("there is no provider of identity `{0}`")]
    UnknownProvider(String),
    #[error(
        "this sign-in was not begun in this browser, took more than 10 minutes, or was finished already; begin again"
    )]
    NotBegun,
    #[error("{provider} did not sign you in ({reason}); begin again, or ask whoever runs it")]
    Declined { provider: String, reason: String },
    #[error("what {provider} says can't be relied on: {reason}; begin again")]
    Unreliable { provider: String, reason: &'static str },
    #[error("{0} has not verified your e-mail address; verify it there, then sign in again")]
    Unverified(String),
    #[error("{provider} is not relied on for addresses of `{domain}`; use an address of {allowed}")]
    ForeignDomain { provider: String, domain: String, allowed: String },
    #[error("nobody with your e-mail address has an account here; ask for an invitation")]
    NoAccount,
    #[error("your account is barred; ask whoever runs this server")]
    Barred,
    #[error("{provider} can't be asked now; try again later, or sign in another way")]
    Unreachable {
        provider: String,
        /// For whoever runs the server; holds no part of an answer.
        cause: String,
    },
    #[error(transparent)]
    Engine(#[from] Error),
}

impl From<surety_store::StoreError> for OidcError {
    fn from(error: surety_store::StoreError) -> OidcError {
        OidcError::Engine(error.into())
    }
}

/// A sign-in that has begun.
#[derive(Clone)]
pub struct BegunOidc {
    /// Where the browser goes.
    pub address: Url,
    /// What the browser keeps as a cookie until it comes back.
    pub cookie: String,
}

/// What a browser brings back from the provider.
pub struct Returned<'a> {
    pub state: &'a str,
    pub code: &'a str,
    pub cookie: &'a str,
}

/// Somebody who has proved who they are.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedIn {
    pub account: String,
    /// Where they wanted to go.
    pub then: Option<String>,
}

/// What is kept between the two halves of a sign-in.
#[derive(Serialize, Deserialize)]
struct Pending {
    provider: String,
    nonce: String,
    verifier: String,
    redirect: Url,
    then: Option<String>,
}

impl Accounts<'_> {
    /// Begins to sign somebody in at a provider, who will send the browser back to `redirect`.
    ///
    /// # Errors
    /// If there is no such provider, or it does not answer.
    pub async fn begin_oidc(
        &self,
        oidc: &Oidc,
        provider: &str,
        redirect: Url,
        then: Option<String>,
    ) -> Result<BegunOidc, OidcError> {
        let now = self.now();
        let client = oidc.client(provider, now).await?;
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let (state, cookie) = (secret::fresh()?, secret::fresh()?);
        let nonce = secret::fresh()?;
        let pending = Pending {
            provider: provider.to_owned(),
            nonce: nonce.clone(),
            verifier: verifier.into_secret(),
            redirect: redirect.clone(),
            then,
        };
        // What was never finished goes when somebody else begins.
        self.store.purge_pending(now).await?;
        self.store
            .put_pending(&PendingSecret {
                hash: both(&state, &cookie),
                purpose: PURPOSE.to_owned(),
                account: None,
                data: serde_json::to_string(&pending).map_err(Error::from)?,
                expires_at: now.checked_add(PENDING).unwrap_or(Timestamp::MAX),
            })
            .await?;
        let at = client.at().set_redirect_uri(RedirectUrl::from_url(redirect));
        let (address, _, _) = at
            .authorize_url(
                AuthenticationFlow::<CoreResponseType>::AuthorizationCode,
                || CsrfToken::new(state),
                || Nonce::new(nonce),
            )
            .add_scopes(client.provider.scopes.iter().cloned().map(Scope::new))
            .set_pkce_challenge(challenge)
            .url();
        Ok(BegunOidc { address, cookie })
    }

    /// Ends what [`Accounts::begin_oidc`] began: says whose account it is. A session is begun by whoever asks.
    ///
    /// # Errors
    /// A refusal that says what is wrong and what to do.
    pub async fn finish_oidc(
        &self,
        oidc: &Oidc,
        provider: &str,
        returned: &Returned<'_>,
    ) -> Result<SignedIn, OidcError> {
        let now = self.now();
        let pending = self.take_oidc(provider, returned.state, returned.cookie).await?;
        let client = oidc.client(provider, now).await?;
        let at = client.at().set_redirect_uri(RedirectUrl::from_url(pending.redirect));
        let code = AuthorizationCode::new(returned.code.to_owned());
        let request = at.exchange_code(code).map_err(|error| client.unreachable(&error))?;
        let answer = request
            .set_pkce_verifier(PkceCodeVerifier::new(pending.verifier))
            .request_async(&client.http)
            .await
            .map_err(|error| not_exchanged(&client, &error))?;
        let nonce = Nonce::new(pending.nonce);
        let claims = self.claims(oidc, &client, &answer, &nonce).await?;
        let claimed = self.claimed(&client, &answer, &claims).await?;
        let account = self.account_of(&client.provider, &claimed).await?;
        Ok(SignedIn { account, then: pending.then })
    }

    /// The sign-in ended without anybody having signed in: `reason` is the error code of the provider.
    ///
    /// # Errors
    /// Always: why.
    pub async fn decline_oidc(
        &self,
        oidc: &Oidc,
        provider: &str,
        (state, cookie): (&str, &str),
        reason: &str,
    ) -> OidcError {
        let title = match oidc.provider(provider) {
            Ok(provider) => provider.title().to_owned(),
            Err(unknown) => return unknown,
        };
        if let Err(error) = self.take_oidc(provider, state, cookie).await {
            return error;
        }
        // A stranger may have written it into the address.
        let is_code =
            reason.len() <= 64 && reason.bytes().all(|b| b.is_ascii_lowercase() || b == b'_');
        let reason = if is_code { reason } else { "unknown reason" };
        OidcError::Declined { provider: title, reason: reason.to_owned() }
    }

    async fn take_oidc(
        &self,
        provider: &str,
        state: &str,
        cookie: &str,
    ) -> Result<Pending, OidcError> {
        let taken = self.store.take_pending(&both(state, cookie), PURPOSE, self.now()).await?;
        let pending: Option<Pending> =
            taken.and_then(|taken| serde_json::from_str(&taken.data).ok());
        pending.filter(|pending| pending.provider == provider).ok_or(OidcError::NotBegun)
    }

    /// What the ID token says, once its signature, issuer, audience, time and nonce are found right.
    async fn claims(
        &self,
        oidc: &Oidc,
        client: &Client,
        answer: &CoreTokenResponse,
        nonce: &Nonce,
    ) -> Result<CoreIdTokenClaims, OidcError> {
        let token = answer.id_token().ok_or_else(|| client.unreliable("it gave no ID token"))?;
        let now = self.now();
        let verified = |client: &Client| {
            let at = client.at();
            let verifier = at
                .id_token_verifier()
                .set_allowed_algs(ALGORITHMS)
                .set_time_fn(move || std::time::SystemTime::from(now).into());
            token.claims(&verifier, nonce).cloned()
        };
        match verified(client) {
            // The provider may have changed its keys since they were read.
            Err(ClaimsVerificationError::SignatureVerification(
                SignatureVerificationError::NoMatchingKey,
            )) => {
                let newer = oidc.newer_client(&client.provider.name, now).await?;
                verified(&newer).map_err(|error| untrusted(&newer, &error))
            }
            verified => verified.map_err(|error| untrusted(client, &error)),
        }
    }

    /// Who that is; the provider is asked for what the ID token does not say.
    async fn claimed(
        &self,
        client: &Client,
        answer: &CoreTokenResponse,
        claims: &CoreIdTokenClaims,
    ) -> Result<Claimed, OidcError> {
        let said = Claimed {
            issuer: claims.issuer().to_string(),
            subject: claims.subject().to_string(),
            email: claims.email().map(|email| email.to_string()),
            verified: claims.email_verified().unwrap_or(false),
            name: claims.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
        };
        let at = client.at();
        if said.email.is_some() || at.user_info_url().is_none() {
            return Ok(said);
        }
        let subject = Some(claims.subject().clone());
        let request = at
            .user_info(answer.access_token().clone(), subject)
            .map_err(|error| client.unreachable(&error))?;
        let more: CoreUserInfoClaims =
            request.request_async(&client.http).await.map_err(|error| not_told(client, &error))?;
        Ok(Claimed {
            email: more.email().map(|email| email.to_string()),
            verified: more.email_verified().unwrap_or(false),
            name: more.name().and_then(|name| name.get(None)).map(|name| name.to_string()),
            ..said
        })
    }
}

fn not_told(client: &Client, error: &UserInfoError<HttpError>) -> OidcError {
    if let UserInfoError::Request(error) = error {
        return client.unreachable(error);
    }
    client.unreliable("it does not say who you are")
}

/// The hash under which a sign-in is pending: of what the address holds and what the browser holds.
fn both(state: &str, cookie: &str) -> Vec<u8> {
    secret::hashed(&format!("{state} {cookie}"))
}

type NotExchanged = RequestTokenError<HttpError, StandardErrorResponse<CoreErrorResponseType>>;

fn not_exchanged(client: &Client, error: &NotExchanged) -> OidcError {
    match error {
        RequestTokenError::Request(error) => client.unreachable(error),
        RequestTokenError::ServerResponse(_) => {
            client.unreliable("it did not take the code, which may have been used already")
        }
        // Neither logs nor answers repeat what it said: it may hold a token.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
            client.unreliable("its answer can't be read")
        }
    }
}

#[expect(clippy::wildcard_enum_match_arm, reason = "the library may add others")]
fn untrusted(client: &Client, error: &ClaimsVerificationError) -> OidcError {
    client.unreliable(match error {
        ClaimsVerificationError::Expired(_) => "its ID token has expired; compare the clocks",
        ClaimsVerificationError::InvalidAudience(_) => "its ID token is for somebody else",
        ClaimsVerificationError::InvalidIssuer(_) => "its ID token is of another issuer",
        ClaimsVerificationError::InvalidNonce(_) => "its ID token answers another sign-in",
        ClaimsVerificationError::SignatureVerification(_) => "its ID token is not signed by it",
        _ => "its ID token is not in order",
    })
}
