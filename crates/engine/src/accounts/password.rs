//! Passwords: how they are kept (Argon2id), and which are taken (NIST SP 800-63B-4, section 3.1.1).

use std::sync::{
    Arc,
    atomic::{AtomicU64, Ordering},
};

use argon2::{
    Algorithm, Argon2, Params, Version,
    password_hash::{PasswordHash, PasswordHasher, PasswordVerifier, SaltString},
};
use surety_aims::{Occurrence, Security};
use surety_store::{Account, PendingSecret};
use tokio::sync::Semaphore;
use zxcvbn::{Score, feedback::Warning, zxcvbn};

use super::{
    Accounts, Refused,
    attempt::OF_ACCOUNT,
    secret,
    session::{BegunSession, Browser, Session, after},
};
use crate::{Error, clock::random};

/// 19 MiB and two passes, in one lane: the OWASP Password Storage Cheat Sheet's first choice under RFC 9106.
const MEMORY_KIB: u32 = 19 * 1024;
const PASSES: u32 = 2;
const LANES: u32 = 1;

/// How hashes that are kept today begin.
const TODAY: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

/// A hash of no password, compared with when there is none: it costs what any other costs.
const OF_NOBODY: &str = "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Fewest characters of a password that is all that somebody signs in with.
const ALONE: usize = 15;

/// Fewest characters of one beside which a second factor is asked for.
const BESIDE: usize = 8;

/// Most characters, so that nobody makes us hash a book.
const MOST: usize = 200;

/// Passwords that look strong and stand in every list, in small letters and without signs. Shorter and simpler ones are found by
/// the check of strength, which knows the thirty thousand most used.
const SEEN: &str = include_str!("seen_passwords.txt");

/// How long a link that sets a password is good for.
const LINK: jiff::SignedDuration = jiff::SignedDuration::from_hours(72);

/// Purpose of such links.
const PURPOSE: &str = "password";

/// Hashes passwords, few at once: each takes memory and a processor.
pub(crate) struct Hasher {
    room: Arc<Semaphore>,
    computed: AtomicU64,
}

impl Default for Hasher {
    fn default() -> Hasher {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        Hasher { room: Arc::new(Semaphore::new(processors)), computed: AtomicU64::new(0) }
    }
}

impl Hasher {
    /// How many hashes were computed since the start.
    pub(crate) fn computed(&self) -> u64 {
        self.computed.load(Ordering::Relaxed)
    }

    /// The hash to keep.
    pub(super) async fn hash(&self, password: &str) -> Result<String, Error> {
        let password = password.to_owned();
        let salt = random()?;
        self.run(move || {
            let salt = salt.get(..16).unwrap_or(&salt);
            let salt = SaltString::encode_b64(salt).map_err(failed)?;
            let hash = argon2()?.hash_password(password.as_bytes(), &salt).map_err(failed)?;
            Ok(hash.to_string())
        })
        .await
    }

    /// Whether it is the password of that hash. Without a hash it is not, after the same work.
    pub(crate) async fn fits(&self, password: &str, hash: Option<&str>) -> Result<bool, Error> {
        let known = hash.is_some();
        // Nobody has a longer one, and its length says nothing about whether there is an account.
        let password: String = password.chars().take(MOST + 1).collect();
        let hash = hash.unwrap_or(OF_NOBODY).to_owned();
        let fits = self
            .run(move || {
                let hash = PasswordHash::new(&hash).map_err(failed)?;
                Ok(argon2()?.verify_password(password.as_bytes(), &hash).is_ok())
            })
            .await?;
        Ok(known && fits)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        self.computed.fetch_add(1, Ordering::Relaxed);
        let place = self.room.clone().acquire_owned().await.map_err(|_| Error::Closing)?;
        let done = tokio::task::spawn_blocking(move || {
            let done = work();
            // Kept until the work is done, also when nobody waits for it any more.
            drop(place);
            done
        });
        done.await.map_err(|_| Error::Closing)?
    }
}

fn argon2() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY_KIB, PASSES, LANES, None);
    let params = params.map_err(|error| Error::Hash(error.to_string()))?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn failed(error: argon2::password_hash::Error) -> Error {
    Error::Hash(error.to_string())
}

/// Whether the hash was made otherwise than hashes are made today.
pub(super) fn is_dated(hash: &str) -> bool {
    !hash.starts_with(TODAY)
}

/// Whether a password is good enough for an account.
///
/// # Errors
/// A refusal of the field `password` that says what to do.
pub(super) fn check(password: &str, account: &Account, second_factor: bool) -> Result<(), Error> {
    match weakness(password, account, second_factor) {
        Some(message) => Err(Error::field("password", message)),
        None => Ok(()),
    }
}

fn weakness(password: &str, account: &Account, second_factor: bool) -> Option<String> {
    let length = password.chars().count();
    let fewest = if second_factor { BESIDE } else { ALONE };
    if length < fewest {
        let hint = if second_factor { "" } else { ", or add a second factor first" };
        return Some(format!("has {length} characters; give at least {fewest}{hint}"));
    }
    if length > MOST {
        return Some(format!("has {length} characters; give at most {MOST}"));
    }
    let bare = bare(password);
    if SEEN.lines().any(|seen| seen == bare) {
        return Some(
            "is one that many people use and every guesser tries; choose another".to_owned(),
        );
    }
    let words: Vec<String> = words(account);
    if without(&bare, &words).chars().count() < BESIDE {
        return Some("is made of the account's own name or address; choose other words".to_owned());
    }
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let strength = zxcvbn(password, &words);
    if strength.score() >= Score::Three {
        return None;
    }
    let feedback = strength.feedback();
    let warning = feedback.and_then(|feedback| feedback.warning());
    let is_seen = matches!(
        warning,
        Some(
            Warning::ThisIsATop10Password
                | Warning::ThisIsATop100Password
                | Warning::ThisIsACommonPassword
                | Warning::ThisIsSimilarToACommonlyUsedPassword
        )
    );
    let mut says = vec!["is too easy to guess".to_owned()];
    if is_seen {
        says.push("it is, or looks like, one that many people use".to_owned());
    } else {
        says.extend(warning.map(|warning| sentence(&warning.to_string())));
    }
    let suggestions = feedback.map(|feedback| feedback.suggestions()).unwrap_or_default();
    says.extend(suggestions.iter().map(|suggestion| sentence(&suggestion.to_string())));
    Some(says.join("; "))
}

/// A sentence as a part of another.
fn sentence(text: &str) -> String {
    let mut characters = text.trim_end_matches('.').chars();
    let first = characters.next().map(|first| first.to_lowercase().to_string());
    first.unwrap_or_default() + characters.as_str()
}

/// Small letters and digits alone.
fn bare(password: &str) -> String {
    password.to_lowercase().chars().filter(|character| character.is_alphanumeric()).collect()
}

/// What is left of a bare password without the account's own words.
fn without(bare_password: &str, words: &[String]) -> String {
    let mut words: Vec<_> = words.iter().map(|word| bare(word)).collect();
    // The longest first, as others are parts of it.
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    words
        .iter()
        .filter(|word| !word.is_empty())
        .fold(bare_password.to_owned(), |left, word| left.replace(word.as_str(), ""))
}

/// What guessers of this account's password try first.
fn words(account: &Account) -> Vec<String> {
    let texts = [account.email.as_str(), account.name.as_str()];
    let parts = texts.iter().flat_map(|text| text.split(|c: char| !c.is_alphanumeric()));
    let parts = parts.filter(|part| part.len() > 2).map(str::to_owned);
    texts.iter().map(|text| (*text).to_owned()).chain(parts).chain(["surety".to_owned()]).collect()
}

impl Accounts<'_> {
    /// Whether it is the account's password, after the same work whether it has one or not.
    pub(super) async fn has_password(
        &self,
        account: Option<&Account>,
        password: &str,
    ) -> Result<bool, Error> {
        let hash = account.and_then(|account| account.password_hash.as_deref());
        let fits = self.engine.shared.passwords.fits(password, hash).await?;
        if let (true, Some(account), Some(hash)) = (fits, account, hash)
            && is_dated(hash)
        {
            // It was hashed as was thought enough then; the password itself is as old as before.
            let anew = self.engine.shared.passwords.hash(password).await?;
            let since = account.password_changed_at.unwrap_or(account.created_at);
            self.store.set_password(&account.id, Some(&anew), since).await?;
        }
        Ok(fits)
    }

    /// Sets a password for whoever operates the server, without asking for the old one.
    ///
    /// # Errors
    /// A refusal of the field `password`.
    pub async fn set_password(&self, account: &Account, password: &str) -> Result<(), Error> {
        self.keep_password(account, password, None).await?;
        self.note_of_operator(&account.id, Occurrence::PasswordSet).await
    }

    /// Whether an account that is still to be made may have that password; of one that there is, whether the password is good
    /// enough for it.
    ///
    /// # Errors
    /// A refusal of a field.
    pub async fn check_password(
        &self,
        email: &str,
        name: &str,
        password: &str,
    ) -> Result<(), Error> {
        match self.store.account_by_email(email.trim()).await? {
            Some(account) => check(password, &account, self.factors(&account).await?.is_some()),
            None => check(password, &self.new_account(email, name)?, false),
        }
    }

    /// Keeps a new password. Whoever was signed in is so no longer, but for `except`, and no link that was made before sets
    /// another.
    async fn keep_password(
        &self,
        account: &Account,
        password: &str,
        except: Option<&str>,
    ) -> Result<(), Error> {
        let second_factor = self.factors(account).await?.is_some();
        check(password, account, second_factor)?;
        let hash = self.engine.shared.passwords.hash(password).await?;
        self.store.set_password(&account.id, Some(&hash), self.now()).await?;
        self.store.drop_pending(&account.id, PURPOSE).await?;
        self.store.end_sessions(&account.id, except).await?;
        Ok(())
    }

    async fn note_password(&self, account: &str) -> Result<(), Error> {
        self.note(account, Security::of(Occurrence::PasswordSet, account)).await
    }

    /// Sets the password of whoever is signed in, who gives the old one or, for a first one, has just signed in otherwise. Other
    /// sessions end, and this one goes on under another id.
    ///
    /// # Errors
    /// A refusal of the field `old` or `new`; [`Refused::TooMany`] after several wrong ones; [`Refused::NotFresh`].
    pub async fn change_password(
        &self,
        session: &Session,
        old: Option<&str>,
        new: &str,
    ) -> Result<BegunSession, Error> {
        let account = self.known(&session.account).await?;
        if account.password_hash.is_some() {
            // Whoever finds an open screen does not get to try passwords.
            if let Some(wait) = self.attempt(&format!("old:{}", account.id), OF_ACCOUNT).await? {
                return Err(Refused::TooMany(wait).into());
            }
            if !self.has_password(Some(&account), old.unwrap_or_default()).await? {
                return Err(Error::field("old", "is not your password until now"));
            }
        } else {
            self.fresh(session)?;
        }
        self.keep_password(&account, new, Some(&session.id)).await?;
        self.note_password(&account.id).await?;
        self.renew_session(session).await
    }

    /// Makes the secret of a link that sets a password, once and for three days.
    pub(super) async fn password_link(&self, account: &str) -> Result<String, Error> {
        let link = secret::fresh()?;
        let pending = PendingSecret {
            hash: secret::hashed(&link),
            purpose: PURPOSE.to_owned(),
            account: Some(account.to_owned()),
            data: String::new(),
            expires_at: after(self.now(), LINK),
        };
        self.store.put_pending(&pending).await?;
        Ok(link)
    }

    /// The same for whoever operates the server, noted.
    pub async fn operators_password_link(&self, account: &str) -> Result<String, Error> {
        let link = self.password_link(account).await?;
        self.note_of_operator(account, Occurrence::PasswordLinkMade).await?;
        Ok(link)
    }

    /// Sets a password with the secret of a link, and gives the account. A password that is refused leaves the link as it was.
    ///
    /// # Errors
    /// [`Refused::Link`], or a refusal of the field `password`.
    pub async fn set_password_by_link(
        &self,
        link: &str,
        password: &str,
        browser: &Browser,
    ) -> Result<Account, Error> {
        self.room_for(browser).await?;
        let taken = self.store.take_pending(&secret::hashed(link), PURPOSE, self.now()).await?;
        let pending = taken.ok_or(Refused::Link)?;
        let id = pending.account.as_deref().unwrap_or_default();
        let account = self.store.account(id).await?.filter(|account| !account.disabled);
        let account = account.ok_or(Refused::Link)?;
        if let Err(refused) = self.keep_password(&account, password, None).await {
            self.store.put_pending(&pending).await?;
            return Err(refused);
        }
        self.note_password(&account.id).await?;
        Ok(account)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kim() -> Account {
        Account {
            id: "acc_1".to_owned(),
            email: "kim.harper@ferries.example".to_owned(),
            name: "Kim Harper".to_owned(),
            password_hash: None,
            totp_secret: None,
            totp_last_step: None,
            disabled: false,
            created_at: jiff::Timestamp::UNIX_EPOCH,
            password_changed_at: None,
        }
    }

    #[test]
    fn a_password_alone_is_long_and_one_beside_a_second_factor_may_be_shorter() {
        let short = "9kTz!vQ2mL";
        assert!(weakness(short, &kim(), false).unwrap().contains("at least 15"));
        assert_eq!(weakness(short, &kim(), true), None);
        assert!(weakness("9kTz!vQ", &kim(), true).unwrap().contains("at least 8"));
        assert!(weakness(&"9kTz!vQ2".repeat(30), &kim(), false).unwrap().contains("at most 200"));
    }

    #[test]
    fn no_sign_or_capital_letter_is_asked_for() {
        assert_eq!(weakness("heron lantern gravel whistle", &kim(), false), None);
    }

    #[test]
    fn what_many_people_use_is_refused() {
        for known in
            ["correct horse battery staple", "Correct-Horse-Battery-Staple!", "To be or not to be"]
        {
            assert!(weakness(known, &kim(), false).unwrap().contains("many people"), "{known}");
        }
        for guessable in
            ["passwordpassword", "aaaaaaaaaaaaaaaaaa", "qwertyuiopqwertyuiop", "1234567890123456"]
        {
            assert!(weakness(guessable, &kim(), false).is_some(), "{guessable}");
        }
        assert!(weakness("Sunshine1", &kim(), true).unwrap().contains("many people"));
    }

    #[test]
    fn the_accounts_own_words_do_not_count() {
        assert!(weakness("kim.harper@ferries.example", &kim(), false).is_some());
        assert!(weakness("Kim Harper Surety", &kim(), false).is_some());
    }

    #[test]
    fn the_list_of_seen_passwords_is_as_it_is_compared_with() {
        assert!(SEEN.lines().count() > 50);
        for line in SEEN.lines() {
            assert_eq!(bare(line), line);
            assert!(line.chars().count() >= BESIDE, "{line}");
        }
    }

    #[tokio::test]
    async fn a_hash_fits_its_password_alone_and_is_made_as_today() {
        let hasher = Hasher::default();
        let hash = hasher.hash("heron lantern gravel").await.unwrap();
        assert!(!is_dated(&hash), "{hash}");
        assert!(hasher.fits("heron lantern gravel", Some(&hash)).await.unwrap());
        assert!(!hasher.fits("heron lantern gravel ", Some(&hash)).await.unwrap());
        assert_ne!(hash, hasher.hash("heron lantern gravel").await.unwrap());
        assert_eq!(hasher.computed(), 4);
    }

    #[tokio::test]
    async fn nobody_has_no_password_at_the_same_price() {
        let hasher = Hasher::default();
        assert!(!is_dated(OF_NOBODY));
        let parsed = PasswordHash::new(OF_NOBODY).unwrap();
        assert_eq!(parsed.hash.unwrap().len(), 32);
        assert!(!hasher.fits("", None).await.unwrap());
        assert_eq!(hasher.computed(), 1);
    }
}
