//! Sessions: somebody is signed in, in one browser.
//!
//! A session ends when it was not used for a while, when it has grown old, when its account is barred, and when somebody ends it.
//! What an account may do is not kept in it: that is asked anew for each request.

use std::net::IpAddr;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::{SignedDuration, Timestamp};
use surety_aims::{Occurrence, Security};
pub use surety_store::Session;

use super::{Accounts, Caller, Through, secret, security::signed_in};
use crate::{Error, clock::random};

/// How long a session lasts that is not used.
pub const IDLE: SignedDuration = SignedDuration::from_hours(8);

/// How long a session lasts at most.
pub const LIFETIME: SignedDuration = SignedDuration::from_hours(7 * 24);

/// Often enough to tell whether a session is used, and seldom enough to cost nothing.
const TOUCH_EVERY: SignedDuration = SignedDuration::from_secs(60);

/// How long after signing in somebody may change what they sign in with.
const FRESH: SignedDuration = SignedDuration::from_mins(15);

/// Most characters that are kept of what a browser says it is.
const LABEL_CHARACTERS: usize = 200;

/// Where a request comes from, as far as it says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Browser {
    /// Its `User-Agent`.
    pub label: String,
    pub address: Option<IpAddr>,
}

/// A session that has begun. Its secret goes into a cookie and can't be had again.
#[derive(Clone)]
pub struct BegunSession {
    pub id: String,
    pub secret: String,
    /// What requests that change something must bring along, beside the cookie.
    pub csrf: String,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
}

impl Accounts<'_> {
    /// Begins a session of an account that has proved who it is, by those means (`password`, `oidc`): to be called last. The
    /// ledgers of its organisations say so.
    ///
    /// # Errors
    /// A refusal if the account is unknown or barred.
    pub async fn begin_session(
        &self,
        account: &str,
        means: &str,
        browser: &Browser,
    ) -> Result<BegunSession, Error> {
        let known = self.store.account(account).await?.filter(|account| !account.disabled);
        if known.is_none() {
            return Err(Error::Input("the account can't be signed in to".to_owned()));
        }
        let now = self.now();
        let begun = self.keep_session(Session {
            hash: Vec::new(),
            id: secret::id("ses")?,
            account: account.to_owned(),
            created_at: now,
            last_seen_at: now,
            expires_at: after(now, LIFETIME),
            label: readable(&browser.label),
            csrf: Vec::new(),
            address: browser.address.map(|address| address.to_string()),
        });
        let begun = begun.await?;
        self.note(account, signed_in(account, &begun.id, means)).await?;
        Ok(begun)
    }

    /// The same session under another secret and id: whatever was seen or set before is worth nothing. To be done whenever
    /// what its account may do, or proves itself with, has changed.
    pub async fn renew_session(&self, old: &Session) -> Result<BegunSession, Error> {
        let renewed = Session { id: secret::id("ses")?, last_seen_at: self.now(), ..old.clone() };
        let begun = self.keep_session(renewed).await?;
        self.store.end_session(&old.account, &old.id).await?;
        Ok(begun)
    }

    async fn keep_session(&self, session: Session) -> Result<BegunSession, Error> {
        let (secret, csrf) = (secret::fresh()?, random()?.to_vec());
        let begun = BegunSession {
            id: session.id.clone(),
            csrf: URL_SAFE_NO_PAD.encode(&csrf),
            expires_at: session.expires_at,
            secret,
        };
        let hash = secret::hashed(&begun.secret);
        self.store.create_session(&Session { hash, csrf, ..session }).await?;
        Ok(begun)
    }

    /// Whoever comes with the secret of this session; `None` if it is none of ours, is over, or its account is barred.
    pub async fn session_caller(&self, secret: &str) -> Result<Option<Caller>, Error> {
        let (hash, now) = (secret::hashed(secret), self.now());
        let session = self.store.session(&hash, now).await?;
        let Some(session) = session.filter(|session| is_used(session, now)) else {
            return Ok(None);
        };
        let account = self.store.account(&session.account).await?;
        if account.is_none_or(|account| account.disabled) {
            return Ok(None);
        }
        if now.duration_since(session.last_seen_at) >= TOUCH_EVERY {
            self.store.touch_session(&hash, now).await?;
        }
        let account = session.account.clone();
        let through = Through::Session(Box::new(session));
        // The account was just read, so nothing that is remembered is needed.
        Ok(Some(Caller { account, through, generation: None }))
    }

    /// The sessions of an account that are not over, last used first.
    pub async fn sessions(&self, account: &str) -> Result<Vec<Session>, Error> {
        let now = self.now();
        let sessions = self.store.sessions_of_account(account, now).await?;
        Ok(sessions.into_iter().filter(|session| is_used(session, now)).collect())
    }

    /// Ends a session; `false` if the account has none of that id.
    pub async fn end_session(&self, account: &str, session: &str) -> Result<bool, Error> {
        let ended = self.store.end_session(account, session).await?;
        if ended {
            let event = Security::of(Occurrence::SessionEnded, account).about(session);
            self.note(account, event).await?;
        }
        Ok(ended)
    }

    /// Ends all sessions of an account but its own, and gives how many that were.
    pub async fn end_other_sessions(&self, own: &Session) -> Result<u64, Error> {
        let ended = self.store.end_sessions(&own.account, Some(&own.id)).await?;
        if ended > 0 {
            let event = Security::of(Occurrence::SessionsEnded, &own.account);
            self.note(&own.account, event).await?;
        }
        Ok(ended)
    }

    /// Whether somebody signed in so lately that they may change what they sign in with.
    pub fn is_fresh(&self, session: &Session) -> bool {
        self.now().duration_since(session.created_at) < FRESH
    }
}

/// What requests of a session that change something must bring along.
pub fn csrf_of(session: &Session) -> String {
    URL_SAFE_NO_PAD.encode(&session.csrf)
}

/// When a session ends if it is not used any more.
pub fn ends_at(session: &Session) -> Timestamp {
    session.expires_at.min(after(session.last_seen_at, IDLE))
}

fn is_used(session: &Session, now: Timestamp) -> bool {
    now < ends_at(session)
}

pub(super) fn after(now: Timestamp, duration: SignedDuration) -> Timestamp {
    now.checked_add(duration).unwrap_or(Timestamp::MAX)
}

/// What a browser says it is, fit to be kept and shown.
fn readable(label: &str) -> String {
    label.chars().filter(|character| !character.is_control()).take(LABEL_CHARACTERS).collect()
}
