//! Fictional people who sign in to a fictional organisation, and one of another.

use jiff::SignedDuration;
use jiff::Timestamp;
use surety_store::{
    Account, ApiToken, Invitation, Membership, Organisation, Passkey, PendingSecret, Session,
};

use crate::backend::Backend;
use crate::fixture::{ACME, acme, at};

pub(crate) const ZENITH: &str = "zenith";
pub(crate) const ADA: &str = "ACC-ada";
pub(crate) const BOB: &str = "ACC-bob";

/// The smallest step of time that is kept.
pub(crate) const TICK: SignedDuration = SignedDuration::from_micros(1);

/// Ada and Bob have accounts, and there is a second organisation.
pub(crate) async fn move_in(backend: &Backend) {
    let zenith = Organisation {
        id: ZENITH.to_owned(),
        origin: "zenith.example/ledger".to_owned(),
        ..acme()
    };
    backend.store.create_organisation(&zenith).await.unwrap();
    backend.accounts.create_account(&account(ADA, "ada@acme.example")).await.unwrap();
    backend.accounts.create_account(&account(BOB, "bob@zenith.example")).await.unwrap();
}

pub(crate) fn account(id: &str, email: &str) -> Account {
    Account {
        id: id.to_owned(),
        email: email.to_owned(),
        name: "Ada Lovelace".to_owned(),
        password_hash: None,
        totp_secret: None,
        totp_last_step: None,
        disabled: false,
        created_at: at(0),
        password_changed_at: None,
    }
}

pub(crate) fn membership(organisation: &str, account: &str) -> Membership {
    Membership {
        organisation: organisation.to_owned(),
        account: account.to_owned(),
        person: None,
        role: "viewer".to_owned(),
        expires_at: None,
        systems: Vec::new(),
        as_of: None,
    }
}

/// The hash of no secret in particular.
pub(crate) fn hash(number: u8) -> Vec<u8> {
    vec![number; 32]
}

/// Begun at second `number`, and over a thousand seconds later.
pub(crate) fn session(account: &str, number: u8) -> Session {
    Session {
        hash: hash(number),
        id: format!("ses-{number}"),
        account: account.to_owned(),
        created_at: second(number),
        last_seen_at: second(number),
        expires_at: second(number) + SignedDuration::from_secs(1000),
        label: "Firefox".to_owned(),
        csrf: hash(number.wrapping_add(100)),
        address: None,
    }
}

/// Made at second `number`, for ever.
pub(crate) fn token(organisation: &str, account: &str, number: u8) -> ApiToken {
    ApiToken {
        hash: hash(number),
        id: format!("tok-{number}"),
        account: account.to_owned(),
        organisation: organisation.to_owned(),
        name: "pipeline".to_owned(),
        scopes: vec!["read".to_owned(), "evidence:write".to_owned()],
        created_at: second(number),
        expires_at: None,
        last_used_at: None,
    }
}

/// Made at second `number`, and over at second 1000.
pub(crate) fn invitation(organisation: &str, number: u8) -> Invitation {
    Invitation {
        hash: hash(number),
        id: format!("inv-{number}"),
        organisation: organisation.to_owned(),
        email: "carol@acme.example".to_owned(),
        role: "auditor".to_owned(),
        person: None,
        systems: Vec::new(),
        as_of: None,
        membership_expires_at: None,
        invited_by: ADA.to_owned(),
        created_at: second(number),
        expires_at: at(1000),
    }
}

pub(crate) fn passkey(account: &str, number: u8) -> Passkey {
    Passkey {
        id: vec![number; 16],
        account: account.to_owned(),
        name: "laptop".to_owned(),
        credential: r#"{"counter":0}"#.to_owned(),
        created_at: second(number),
        last_used_at: None,
    }
}

/// Over at second 1000.
pub(crate) fn pending(account: Option<&str>, number: u8) -> PendingSecret {
    PendingSecret {
        hash: hash(number),
        purpose: "reset".to_owned(),
        account: account.map(str::to_owned),
        data: "{}".to_owned(),
        expires_at: at(1000),
    }
}

/// A member of Acme with one of everything that hangs on an account.
pub(crate) async fn equip(backend: &Backend, account: &str, number: u8) {
    let store = &backend.accounts;
    store.put_membership(&membership(ACME, account)).await.unwrap();
    store.create_token(&token(ACME, account, number)).await.unwrap();
    store.create_session(&session(account, number)).await.unwrap();
    store.add_passkey(&passkey(account, number)).await.unwrap();
    store.put_pending(&pending(Some(account), number)).await.unwrap();
}

fn second(number: u8) -> Timestamp {
    at(number.into())
}
