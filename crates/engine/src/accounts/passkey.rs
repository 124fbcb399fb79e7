//! Passkeys (WebAuthn Level 2). Each asks its owner for a finger, a face or a PIN, so one alone is as good as a password with a
//! second factor; and it names its owner, so no address has to be typed.

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jiff::SignedDuration;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use surety_aims::{Occurrence, Security};
use surety_ledger::Hash;
use surety_store::{Account, Passkey as Kept, PendingSecret, StoreError};
use url::{Host, Url};
use webauthn_rs::{
    Webauthn, WebauthnBuilder,
    prelude::{
        DiscoverableAuthentication, DiscoverableKey, Passkey, PasskeyRegistration,
        PublicKeyCredential, RegisterPublicKeyCredential, Uuid, WebauthnError,
    },
};

use super::{
    Accounts, Factors, Refused, secret,
    session::{BegunSession, Browser, Session, after},
};
use crate::Error;

/// How long a browser has to answer.
const TIME: SignedDuration = SignedDuration::from_mins(5);
const REGISTRATION: &str = "passkey-registration";
const SIGN_IN: &str = "passkey-sign-in";

/// More passkeys than anybody has devices.
const MOST: usize = 20;

/// Most characters of a passkey's name.
const NAME_CHARACTERS: usize = 100;

/// What a browser is to be asked with, and what its answer is to be sent with.
pub struct Ceremony {
    pub secret: String,
    /// What `navigator.credentials.create` or `get` takes, with bytes in base64url.
    pub options: Value,
}

/// A passkey that was added.
pub struct AddedPasskey {
    pub id: String,
    /// New ones, if the account had none: for whoever loses the passkey.
    pub recovery_codes: Option<Vec<String>>,
}

/// A passkey in a list.
pub struct ListedPasskey {
    pub id: String,
    pub name: String,
    pub created_at: jiff::Timestamp,
    pub last_used_at: Option<jiff::Timestamp>,
}

impl Accounts<'_> {
    /// Begins to add a passkey to the account of a session. `site` is what browsers call this server.
    ///
    /// # Errors
    /// [`Refused::NotFresh`]; [`Error::Input`] if the site has no name, or there are too many passkeys.
    pub async fn begin_passkey(&self, session: &Session, site: &Url) -> Result<Ceremony, Error> {
        self.fresh(session)?;
        let account = self.known(&session.account).await?;
        let others = self.store.passkeys_of_account(&account.id).await?;
        if others.len() >= MOST {
            return Err(Error::Input(format!(
                "an account has at most {MOST} passkeys; remove one"
            )));
        }
        let others = others.into_iter().map(|kept| kept.id).collect();
        let (name, shown) = (&account.email, shown(&account));
        let started = webauthn(site)?.start_passkey_registration(
            handle(&account.id),
            name,
            shown,
            Some(others),
        );
        let (options, state) = started.map_err(failed)?;
        let mut options = serde_json::to_value(options)?;
        // Whoever signs in with it alone types no address, so the device has to keep whose it is.
        if let Some(selection) = options.pointer_mut("/publicKey/authenticatorSelection") {
            selection["residentKey"] = json!("required");
            selection["requireResidentKey"] = json!(true);
        }
        let state = serde_json::to_string(&state)?;
        let secret = self.keep_ceremony(REGISTRATION, Some(&account.id), state).await?;
        Ok(Ceremony { secret, options })
    }

    async fn keep_ceremony(
        &self,
        purpose: &str,
        account: Option<&str>,
        data: String,
    ) -> Result<String, Error> {
        let secret = secret::fresh()?;
        let pending = PendingSecret {
            hash: secret::hashed(&secret),
            purpose: purpose.to_owned(),
            account: account.map(str::to_owned),
            data,
            expires_at: after(self.now(), TIME),
        };
        self.store.put_pending(&pending).await?;
        Ok(secret)
    }

    /// Adds the passkey that the browser made.
    ///
    /// # Errors
    /// [`Refused::Passkey`] if it does not fit the ceremony; [`Error::Taken`] if somebody has it.
    pub async fn add_passkey(
        &self,
        session: &Session,
        site: &Url,
        ceremony: &str,
        name: &str,
        credential: Value,
    ) -> Result<AddedPasskey, Error> {
        let name = passkey_name(name)?;
        let hash = secret::hashed(ceremony);
        let pending = self.store.take_pending(&hash, REGISTRATION, self.now()).await?;
        let owner = Some(session.account.as_str());
        let pending = pending.filter(|pending| pending.account.as_deref() == owner);
        let state: PasskeyRegistration = read(&pending.ok_or(Refused::Passkey)?.data)?;
        let credential: RegisterPublicKeyCredential = given(credential)?;
        let added = webauthn(site)?.finish_passkey_registration(&credential, &state);
        let added = added.map_err(refused)?;
        let account = self.known(&session.account).await?;
        let first = !self.factors(&account).await?.is_some();
        let kept = Kept {
            id: added.cred_id().to_vec(),
            account: account.id.clone(),
            name,
            credential: serde_json::to_string(&added)?,
            created_at: self.now(),
            last_used_at: None,
        };
        match self.store.add_passkey(&kept).await {
            Err(StoreError::AlreadyThere { .. }) => return Err(Error::Taken("a passkey")),
            made => made?,
        }
        let recovery_codes = if first { Some(self.fresh_codes(&account.id).await?) } else { None };
        let event = Security::of(Occurrence::FactorAdded, &account.id).by("passkey");
        self.note(&account.id, event).await?;
        Ok(AddedPasskey { id: URL_SAFE_NO_PAD.encode(&kept.id), recovery_codes })
    }

    /// The passkeys of an account, oldest first.
    pub async fn passkeys(&self, account: &str) -> Result<Vec<ListedPasskey>, Error> {
        let kept = self.store.passkeys_of_account(account).await?.into_iter();
        let listed = kept.map(|kept| ListedPasskey {
            id: URL_SAFE_NO_PAD.encode(&kept.id),
            name: kept.name,
            created_at: kept.created_at,
            last_used_at: kept.last_used_at,
        });
        Ok(listed.collect())
    }

    /// Calls a passkey something else; `false` if the account has none of that id.
    ///
    /// # Errors
    /// A refusal of the field `name`.
    pub async fn rename_passkey(&self, account: &str, id: &str, name: &str) -> Result<bool, Error> {
        let name = passkey_name(name)?;
        let Ok(id) = URL_SAFE_NO_PAD.decode(id) else { return Ok(false) };
        Ok(self.store.rename_passkey(account, &id, &name).await?)
    }

    /// Removes a passkey; `false` if the account has none of that id.
    ///
    /// # Errors
    /// As [`Accounts::remove_totp`].
    pub async fn remove_passkey(
        &self,
        session: &Session,
        id: &str,
        password: Option<&str>,
    ) -> Result<bool, Error> {
        let account = self.known(&session.account).await?;
        let Ok(id) = URL_SAFE_NO_PAD.decode(id) else { return Ok(false) };
        if self.store.passkeys_of_account(&account.id).await?.iter().all(|kept| kept.id != id) {
            return Ok(false);
        }
        let factors = self.factors(&account).await?;
        let left = Factors { passkeys: factors.passkeys.saturating_sub(1), ..factors };
        self.may_lose(session, &account, left, password).await?;
        let removed = self.store.remove_passkey(&account.id, &id).await?;
        self.lost(&account.id, left, "passkey").await?;
        Ok(removed)
    }

    /// Begins to sign in with whichever passkey the browser has for this site.
    ///
    /// # Errors
    /// [`Refused::TooMany`]; [`Error::Input`] if the site has no name.
    pub async fn begin_passkey_sign_in(
        &self,
        site: &Url,
        browser: &Browser,
    ) -> Result<Ceremony, Error> {
        self.room_for(browser).await?;
        let started = webauthn(site)?.start_discoverable_authentication();
        let (options, state) = started.map_err(failed)?;
        let mut options = serde_json::to_value(options)?;
        // Whether it is offered in a field or asked for at once is for the page to say.
        if let Some(options) = options.as_object_mut() {
            options.remove("mediation");
        }
        let secret = self.keep_ceremony(SIGN_IN, None, serde_json::to_string(&state)?).await?;
        Ok(Ceremony { secret, options })
    }

    /// Signs in with a passkey: alone, or as second factor of a sign-in that was begun with a password.
    ///
    /// # Errors
    /// [`Refused::Passkey`] whatever the reason is.
    pub async fn sign_in_with_passkey(
        &self,
        site: &Url,
        ceremony: &str,
        credential: Value,
        second_factor: Option<&str>,
        browser: &Browser,
    ) -> Result<BegunSession, Error> {
        let credential: PublicKeyCredential = given(credential)?;
        let hash = secret::hashed(ceremony);
        let pending = self.store.take_pending(&hash, SIGN_IN, self.now()).await?;
        let state: DiscoverableAuthentication = read(&pending.ok_or(Refused::Passkey)?.data)?;
        let kept = self.store.passkey(credential.get_credential_id()).await?;
        let kept = kept.ok_or(Refused::Passkey)?;
        let account = self.store.account(&kept.account).await?;
        let Some(account) = account.filter(|account| !account.disabled) else {
            self.failed(Some(&kept.account), "passkey", false).await?;
            return Err(Refused::Passkey.into());
        };
        if let Err(refused) = self.prove(site, &credential, state, &kept).await {
            self.failed(Some(&account.id), "passkey", false).await?;
            return Err(refused);
        }
        let means = match second_factor {
            None => "passkey",
            Some(secret) => {
                let begun = self.take_second_factor(secret).await?;
                let begun = begun.filter(|begun| begun.account.as_ref() == Some(&account.id));
                begun.ok_or(Refused::Passkey)?;
                "password+passkey"
            }
        };
        self.begin_session(&account.id, means, browser).await
    }

    /// Checks what the browser answered against the passkey, and keeps how often it was used.
    async fn prove(
        &self,
        site: &Url,
        credential: &PublicKeyCredential,
        state: DiscoverableAuthentication,
        kept: &Kept,
    ) -> Result<(), Error> {
        let mut passkey: Passkey = read(&kept.credential)?;
        let webauthn = webauthn(site)?;
        let (whose, _) =
            webauthn.identify_discoverable_authentication(credential).map_err(refused)?;
        if whose != handle(&kept.account) {
            return Err(Refused::Passkey.into());
        }
        let key = DiscoverableKey::from(&passkey);
        let proved = webauthn.finish_discoverable_authentication_v2(credential, state, &key);
        passkey.update_credential(&proved.map_err(refused)?);
        let credential = serde_json::to_string(&passkey)?;
        self.store.update_passkey(&kept.id, &credential, self.now()).await?;
        Ok(())
    }
}

/// The checks for a site, whose name is what its passkeys are bound to.
fn webauthn(site: &Url) -> Result<Webauthn, Error> {
    let Some(Host::Domain(name)) = site.host() else {
        let message = "passkeys are bound to a name, and this server is called by a number; set its public URL";
        return Err(Error::Input(message.to_owned()));
    };
    let builder = WebauthnBuilder::new(name, site).map_err(failed)?;
    builder.rp_name("Surety").build().map_err(failed)
}

/// What devices keep of whose passkey it is: nothing that tells who that is.
fn handle(account: &str) -> Uuid {
    let digest = Hash::of(format!("passkey {account}").as_bytes());
    let bytes = digest.as_bytes().first_chunk().copied().unwrap_or_default();
    Uuid::from_bytes(bytes)
}

fn shown(account: &Account) -> &str {
    if account.name.is_empty() { &account.email } else { &account.name }
}

fn passkey_name(name: &str) -> Result<String, Error> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > NAME_CHARACTERS || name.contains('\0') {
        return Err(Error::field("name", format!("has 1 to {NAME_CHARACTERS} characters")));
    }
    Ok(name.to_owned())
}

/// What was kept, which we wrote.
fn read<T: DeserializeOwned>(kept: &str) -> Result<T, Error> {
    Ok(serde_json::from_str(kept)?)
}

/// What a browser sent.
fn given<T: DeserializeOwned>(credential: Value) -> Result<T, Error> {
    serde_json::from_value(credential)
        .map_err(|error| Error::field("credential", format!("is no answer of a browser: {error}")))
}

fn failed(error: WebauthnError) -> Error {
    Error::Passkey(error.to_string())
}

/// Which check failed is no business of whoever failed it.
fn refused(_: WebauthnError) -> Error {
    Refused::Passkey.into()
}
