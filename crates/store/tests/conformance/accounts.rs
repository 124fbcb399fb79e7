//! Accounts: one for each address whatever its case, and nothing left of one that is deleted.

use surety_store::{Account, Profile, StoreError};

use crate::backend::Backend;
use crate::fixture::{ACME, at};
use crate::on_every_backend;
use crate::people::{
    ADA, BOB, TICK, account, equip, hash, invitation, membership, move_in, passkey, pending,
    session, token,
};
use crate::redaction::files_with;

on_every_backend!(
    an_account_comes_back_as_it_was_made,
    an_address_is_found_whatever_its_case,
    an_address_is_taken_whatever_its_case,
    an_account_id_is_taken_once,
    accounts_are_listed_by_address_and_counted,
    a_profile_changes_and_nothing_else,
    a_password_is_set_and_taken_away,
    a_code_works_once_and_time_goes_forward_only,
    what_changes_an_account_needs_one,
    a_deleted_account_leaves_nothing,
    an_address_longer_than_mail_allows_is_refused,
    text_that_cannot_be_kept_is_refused_and_finds_nothing,
    handles_see_what_is_written_at_once,
);

/// Everything that an account can have, in as many scripts as it takes.
fn full() -> Account {
    Account {
        name: "Ädä 爱达 \u{1f980} O'Lovelace; --".to_owned(),
        password_hash: Some("$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$aGFzaA".to_owned()),
        totp_secret: Some(vec![0, 255, 1, 254]),
        totp_last_step: Some(58_000_000),
        disabled: true,
        created_at: at(1) + TICK,
        password_changed_at: Some(at(2) + TICK),
        ..account("ACC-full", "Ädä+爱@Ärzte.example")
    }
}

async fn an_account_comes_back_as_it_was_made(backend: &Backend) {
    let store = &backend.accounts;
    for account in [full(), account(ADA, "ada@acme.example")] {
        store.create_account(&account).await.unwrap();
        assert_eq!(store.account(&account.id).await.unwrap(), Some(account.clone()));
        assert_eq!(store.account_by_email(&account.email).await.unwrap(), Some(account));
    }
    assert_eq!(store.account("ACC-none").await.unwrap(), None);
    assert_eq!(store.account("acc-ada").await.unwrap(), None);
    assert_eq!(store.account_by_email("none@acme.example").await.unwrap(), None);
    assert_eq!(store.account_by_email("%").await.unwrap(), None);
}

/// Addresses that are the same but for case, the first as its owner writes it.
const SAME: &[[&str; 3]] = &[
    ["Ada@Acme.example", "ada@acme.example", "ADA@ACME.EXAMPLE"],
    ["Äda@örtlich.example", "äda@Örtlich.example", "ÄDA@ÖRTLICH.EXAMPLE"],
    ["Ада@пример.example", "ада@Пример.example", "АДА@ПРИМЕР.EXAMPLE"],
    ["οδυσσεας@acme.example", "Οδυσσεας@acme.example", "ΟΔΥΣΣΕΑΣ@ACME.EXAMPLE"],
];

async fn an_address_is_found_whatever_its_case(backend: &Backend) {
    let store = &backend.accounts;
    for (number, same) in SAME.iter().enumerate() {
        let owner = account(&format!("ACC-{number}"), same[0]);
        store.create_account(&owner).await.unwrap();
        for email in same {
            let found = store.account_by_email(email).await.unwrap();
            assert_eq!(found.as_ref(), Some(&owner), "{email}");
        }
    }
    // Letters that look alike, or that only compatibility makes the same, are other letters.
    for other in ["аda@acme.example", "ada@acme.example ", "ａda@acme.example"] {
        assert_eq!(store.account_by_email(other).await.unwrap(), None, "{other}");
    }
}

async fn an_address_is_taken_whatever_its_case(backend: &Backend) {
    let store = &backend.accounts;
    store.create_account(&account(BOB, "bob@acme.example")).await.unwrap();
    for (number, same) in SAME.iter().enumerate() {
        let id = format!("ACC-{number}");
        store.create_account(&account(&id, same[0])).await.unwrap();
        for email in same {
            let refused = store.create_account(&account("ACC-new", email)).await;
            assert!(matches!(refused, Err(StoreError::EmailTaken)), "{email}");
            let profile = profile(email);
            let refused = store.update_account(BOB, &profile).await;
            assert!(matches!(refused, Err(StoreError::EmailTaken)), "{email}");
            // One's own address can be written otherwise.
            store.update_account(&id, &profile).await.unwrap();
            assert_eq!(store.account(&id).await.unwrap().unwrap().email, *email);
        }
    }
    assert_eq!(store.account("ACC-new").await.unwrap(), None);
    assert_eq!(store.account(BOB).await.unwrap().unwrap().email, "bob@acme.example");
}

fn profile(email: &str) -> Profile {
    Profile { email: email.to_owned(), name: "Ada King".to_owned(), disabled: false }
}

async fn an_account_id_is_taken_once(backend: &Backend) {
    let store = &backend.accounts;
    store.create_account(&account(ADA, "ada@acme.example")).await.unwrap();
    let refused = store.create_account(&account(ADA, "another@acme.example")).await;
    assert!(matches!(refused, Err(StoreError::AlreadyThere { what: "an account" })));
    assert_eq!(store.count_accounts().await.unwrap(), 1);
}

async fn accounts_are_listed_by_address_and_counted(backend: &Backend) {
    let store = &backend.accounts;
    assert_eq!(store.accounts().await.unwrap(), []);
    assert_eq!(store.count_accounts().await.unwrap(), 0);
    for (id, email) in
        [("ACC-3", "b@x.example"), ("ACC-1", "C@x.example"), ("ACC-2", "A@x.example")]
    {
        store.create_account(&account(id, email)).await.unwrap();
    }
    let emails = store.accounts().await.unwrap().into_iter().map(|account| account.email);
    assert_eq!(emails.collect::<Vec<_>>(), ["A@x.example", "b@x.example", "C@x.example"]);
    assert_eq!(store.count_accounts().await.unwrap(), 3);
}

async fn a_profile_changes_and_nothing_else(backend: &Backend) {
    let store = &backend.accounts;
    store.create_account(&full()).await.unwrap();
    let profile = profile("king@acme.example");
    store.update_account("ACC-full", &profile).await.unwrap();
    let Profile { email, name, disabled } = profile;
    let expected = Account { email, name, disabled, ..full() };
    assert_eq!(store.account_by_email("KING@acme.example").await.unwrap(), Some(expected));
    assert_eq!(store.account_by_email(&full().email).await.unwrap(), None);
}

async fn a_password_is_set_and_taken_away(backend: &Backend) {
    let store = &backend.accounts;
    store.create_account(&account(ADA, "ada@acme.example")).await.unwrap();
    for (password, instant) in [(Some("$argon2id$1"), at(5)), (None, at(6) + TICK)] {
        store.set_password(ADA, password, instant).await.unwrap();
        let read = store.account(ADA).await.unwrap().unwrap();
        assert_eq!(read.password_hash.as_deref(), password);
        assert_eq!(read.password_changed_at, Some(instant));
    }
}

async fn a_code_works_once_and_time_goes_forward_only(backend: &Backend) {
    let store = &backend.accounts;
    store.create_account(&account(ADA, "ada@acme.example")).await.unwrap();
    store.create_account(&account(BOB, "bob@acme.example")).await.unwrap();
    assert!(!store.use_totp_step(ADA, 10).await.unwrap(), "no codes are asked for");
    store.set_totp(ADA, Some(&[1, 2, 3])).await.unwrap();
    store.set_totp(BOB, Some(&[4, 5, 6])).await.unwrap();
    for (step, good) in [(10, true), (10, false), (9, false), (11, true), (10, false), (13, true)] {
        assert_eq!(store.use_totp_step(ADA, step).await.unwrap(), good, "{step}");
    }
    assert!(store.use_totp_step(BOB, 10).await.unwrap(), "the codes of others are others");
    assert_eq!(store.account(ADA).await.unwrap().unwrap().totp_last_step, Some(13));
    store.set_totp(ADA, Some(&[7, 8, 9])).await.unwrap();
    let read = store.account(ADA).await.unwrap().unwrap();
    assert_eq!((read.totp_secret, read.totp_last_step), (Some(vec![7, 8, 9]), None));
    assert!(store.use_totp_step(ADA, 11).await.unwrap(), "another key has other codes");
    store.set_totp(ADA, None).await.unwrap();
    assert!(!store.use_totp_step(ADA, 99).await.unwrap());
    assert!(!store.use_totp_step("ACC-none", 1).await.unwrap());
}

async fn what_changes_an_account_needs_one(backend: &Backend) {
    let store = &backend.accounts;
    let attempts = [
        store.update_account("ACC-none", &profile("none@acme.example")).await,
        store.set_password("ACC-none", Some("hash"), at(0)).await,
        store.set_totp("ACC-none", None).await,
        store.put_membership(&membership(ACME, "ACC-none")).await,
        store.create_token(&token(ACME, "ACC-none", 1)).await,
        store.create_session(&session("ACC-none", 1)).await,
        store.add_passkey(&passkey("ACC-none", 1)).await,
        store.put_pending(&pending(Some("ACC-none"), 1)).await,
    ];
    for (number, attempt) in attempts.into_iter().enumerate() {
        let refused = matches!(&attempt, Err(StoreError::UnknownAccount { account }) if account == "ACC-none");
        assert!(refused, "{number}: {attempt:?}");
    }
    assert!(!store.delete_account("ACC-none").await.unwrap());
}

async fn a_deleted_account_leaves_nothing(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    equip(backend, ADA, 1).await;
    equip(backend, BOB, 2).await;
    store.create_invitation(&invitation(ACME, 3)).await.unwrap();
    assert!(store.delete_account(ADA).await.unwrap());
    assert!(!store.delete_account(ADA).await.unwrap());

    assert_eq!(store.account_by_email("ada@acme.example").await.unwrap(), None);
    assert_eq!(store.session(&hash(1), at(1)).await.unwrap(), None);
    assert_eq!(store.token(&hash(1), at(1)).await.unwrap(), None);
    assert_eq!(store.take_pending(&hash(1), "reset", at(1)).await.unwrap(), None);
    for (table, left) in [
        ("account", 0),
        ("membership", 0),
        ("api_token", 0),
        ("session", 0),
        ("passkey", 0),
        ("pending_secret", 0),
        ("invitation", 1),
    ] {
        let column = match table {
            "account" => "id",
            "invitation" => "invited_by",
            _ => "account",
        };
        // Bob's are all there still; he has one of each.
        let count = async |account| {
            let same =
                format!("UPDATE {table} SET {column} = {column} WHERE {column} = '{account}'");
            backend.execute(&same).await.unwrap()
        };
        assert_eq!(count(ADA).await, left, "{table}");
        assert_eq!(count(BOB).await, 1 - left, "{table}");
    }
    // The address is free again.
    store.create_account(&account("ACC-again", "ADA@acme.example")).await.unwrap();
}

async fn an_address_longer_than_mail_allows_is_refused(backend: &Backend) {
    let store = &backend.accounts;
    let longest = |bytes: usize| format!("{}@acme.example", "ä".repeat(bytes / 2 - 6));
    let (allowed, longer) = (longest(253), longest(255));
    assert!(allowed.len() <= 254 && longer.len() > 254);
    store.create_account(&account(ADA, &allowed)).await.unwrap();
    assert!(store.account_by_email(&allowed.to_uppercase()).await.unwrap().is_some());
    let endless = "x".repeat(1 << 20);
    for email in [&longer, &endless] {
        let refused = [
            store.create_account(&account(BOB, email)).await,
            store.update_account(ADA, &profile(email)).await,
            store
                .create_invitation(&surety_store::Invitation {
                    email: email.clone(),
                    ..invitation(ACME, 1)
                })
                .await,
        ];
        for refused in refused {
            assert!(matches!(refused, Err(StoreError::TooLong { limit: 254, .. })));
        }
        assert_eq!(store.account_by_email(email).await.unwrap(), None);
    }
}

async fn text_that_cannot_be_kept_is_refused_and_finds_nothing(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let nul = "a\0b";
    let refused = [
        store
            .create_account(&Account { name: nul.to_owned(), ..account("ACC-3", "x@y.example") })
            .await,
        store.create_account(&account("ACC-3", "x\0@y.example")).await,
        store.update_account(ADA, &profile(nul)).await,
        store.set_password(ADA, Some(nul), at(0)).await,
        store.note_attempt(nul, at(0)).await,
        store.update_passkey(&[1], nul, at(0)).await.map(|_| ()),
        store
            .create_session(&surety_store::Session { label: nul.to_owned(), ..session(ADA, 1) })
            .await,
        store.add_passkey(&surety_store::Passkey { name: nul.to_owned(), ..passkey(ADA, 1) }).await,
        store
            .create_token(&surety_store::ApiToken { name: nul.to_owned(), ..token(ACME, ADA, 1) })
            .await,
        store.put_membership(&membership(nul, ADA)).await,
        store
            .create_invitation(&surety_store::Invitation {
                role: nul.to_owned(),
                ..invitation(ACME, 1)
            })
            .await,
        store
            .put_pending(&surety_store::PendingSecret { data: nul.to_owned(), ..pending(None, 1) })
            .await,
    ];
    for (number, refused) in refused.into_iter().enumerate() {
        assert!(matches!(refused, Err(StoreError::NulCharacter)), "{number}: {refused:?}");
    }
    assert_eq!(store.account(nul).await.unwrap(), None);
    assert_eq!(store.account_by_email(nul).await.unwrap(), None);
    assert_eq!(store.memberships_of_account(nul).await.unwrap(), []);
    assert_eq!(store.membership(nul, nul).await.unwrap(), None);
    assert_eq!(store.sessions_of_account(nul, at(0)).await.unwrap(), []);
    assert_eq!(store.take_pending(&hash(1), nul, at(0)).await.unwrap(), None);
    assert_eq!(store.attempts_since(nul, at(0)).await.unwrap(), 0);
    assert_eq!(store.end_sessions(ADA, Some(nul)).await.unwrap(), 0);
    let done = [
        store.delete_account(nul).await,
        store.remove_membership(ACME, nul).await,
        store.revoke_token(ACME, nul).await,
        store.revoke_invitation(ACME, nul).await,
        store.end_session(ADA, nul).await,
        store.use_totp_step(nul, 1).await,
    ];
    assert_eq!(done.map(Result::unwrap), [false; 6]);
}

async fn handles_see_what_is_written_at_once(backend: &Backend) {
    let other = surety_store::open_all(&backend.location).await.unwrap();
    backend.accounts.create_account(&account(ADA, "ada@acme.example")).await.unwrap();
    assert!(other.accounts.account(ADA).await.unwrap().is_some());
    other.accounts.delete_account(ADA).await.unwrap();
    assert_eq!(backend.accounts.account(ADA).await.unwrap(), None);
    // Both halves use the same connections.
    other.ledgers.close().await;
    assert!(matches!(other.accounts.account(ADA).await, Err(StoreError::Database { .. })));
    assert_eq!(backend.accounts.count_accounts().await.unwrap(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn nothing_of_a_deleted_account_stays_in_the_files_of_sqlite() {
    let backend = Backend::sqlite().await;
    let folder = backend.folder.as_ref().unwrap().path();
    let secret = "zacharias.quux";
    backend
        .accounts
        .create_account(&account(ADA, &format!("{secret}@acme.example")))
        .await
        .unwrap();
    assert_ne!(files_with(folder, secret.as_bytes()), [""; 0]);
    backend.accounts.delete_account(ADA).await.unwrap();
    assert_eq!(files_with(folder, secret.as_bytes()), [""; 0]);
}

#[test]
fn what_is_logged_shows_no_secret_and_nobody() {
    let logged = format!(
        "{:?} {:?} {:?} {:?} {:?} {:?} {:?}",
        full(),
        profile("ada@acme.example"),
        session(ADA, 77),
        token(ACME, ADA, 77),
        invitation(ACME, 77),
        passkey(ADA, 77),
        pending(Some(ADA), 77),
    );
    for secret in
        ["77, 77", "177", "255", "argon2", "@", "Ada", "爱", "counter", "laptop", "Firefox"]
    {
        assert!(!logged.contains(secret), "{secret} in {logged}");
    }
    assert!(logged.contains("ACC-full"));
}
