//! Sessions, passkeys, pending secrets and attempts.

use surety_store::{Passkey, PendingSecret, Session, StoreError};

use crate::backend::Backend;
use crate::fixture::at;
use crate::on_every_backend;
use crate::people::{ADA, BOB, TICK, hash, move_in, passkey, pending, session};

on_every_backend!(
    a_session_comes_back_until_the_instant_at_which_it_is_over,
    a_session_is_used_forward_only,
    sessions_are_listed_last_used_first,
    a_session_is_ended_by_its_account_alone,
    all_sessions_end_but_one,
    old_sessions_are_purged_and_others_stay,
    a_session_is_refused_if_it_is_there_or_too_long,
    a_passkey_comes_back_as_it_was_added,
    a_credential_id_is_taken_once,
    a_passkey_is_removed_by_its_account_alone,
    a_passkey_is_renamed_by_its_account_alone,
    a_pending_secret_is_taken_once_for_its_purpose_in_time,
    a_pending_secret_takes_the_place_of_another,
    pending_secrets_of_one_purpose_are_dropped,
    pending_secrets_of_one_purpose_are_counted_until_they_expire,
    old_pending_secrets_are_purged_and_others_stay,
    attempts_are_counted_by_key_and_instant,
    attempts_are_forgotten_and_purged,
);

async fn a_session_comes_back_until_the_instant_at_which_it_is_over(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let begun = Session {
        created_at: at(1) + TICK,
        last_seen_at: at(2) + TICK,
        expires_at: at(50) + TICK,
        label: "Firefox 爱 \u{1f98a}".to_owned(),
        address: Some("2001:db8::7".to_owned()),
        ..session(ADA, 1)
    };
    store.create_session(&begun).await.unwrap();
    for (now, expected) in [(at(0), Some(&begun)), (at(50), Some(&begun)), (at(50) + TICK, None)] {
        assert_eq!(store.session(&hash(1), now).await.unwrap().as_ref(), expected, "{now}");
        let listed = store.sessions_of_account(ADA, now).await.unwrap();
        assert_eq!(listed.first(), expected, "{now}");
    }
    assert_eq!(store.session(&hash(2), at(0)).await.unwrap(), None);
}

async fn a_session_is_used_forward_only(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.create_session(&session(ADA, 1)).await.unwrap();
    for (touched, expected) in
        [(at(10), at(10)), (at(20) + TICK, at(20) + TICK), (at(15), at(20) + TICK)]
    {
        store.touch_session(&hash(1), touched).await.unwrap();
        let read = store.session(&hash(1), at(1)).await.unwrap().unwrap();
        assert_eq!(read, Session { last_seen_at: expected, ..session(ADA, 1) });
    }
    store.touch_session(&hash(9), at(10)).await.unwrap();
}

async fn sessions_are_listed_last_used_first(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    for number in [2, 1, 3] {
        store.create_session(&session(ADA, number)).await.unwrap();
    }
    store.create_session(&session(BOB, 4)).await.unwrap();
    store.touch_session(&hash(1), at(100)).await.unwrap();
    let ids = async |account, now| {
        let listed = store.sessions_of_account(account, now).await.unwrap();
        listed.into_iter().map(|session| session.id).collect::<Vec<_>>()
    };
    assert_eq!(ids(ADA, at(100)).await, ["ses-1", "ses-3", "ses-2"]);
    assert_eq!(ids(ADA, at(1002)).await, ["ses-3"]);
    assert_eq!(ids(BOB, at(100)).await, ["ses-4"]);
}

async fn a_session_is_ended_by_its_account_alone(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.create_session(&session(ADA, 1)).await.unwrap();
    assert!(!store.end_session(BOB, "ses-1").await.unwrap());
    assert!(store.session(&hash(1), at(1)).await.unwrap().is_some());
    assert!(store.end_session(ADA, "ses-1").await.unwrap());
    assert!(!store.end_session(ADA, "ses-1").await.unwrap());
    assert_eq!(store.session(&hash(1), at(1)).await.unwrap(), None);
}

async fn all_sessions_end_but_one(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    for number in 1..=4 {
        store.create_session(&session(ADA, number)).await.unwrap();
    }
    store.create_session(&session(BOB, 5)).await.unwrap();
    assert_eq!(store.end_sessions(ADA, Some("ses-2")).await.unwrap(), 3);
    assert!(store.session(&hash(2), at(1)).await.unwrap().is_some());
    assert_eq!(store.end_sessions(ADA, Some("ses-5")).await.unwrap(), 1);
    store.create_session(&session(ADA, 6)).await.unwrap();
    assert_eq!(store.end_sessions(ADA, None).await.unwrap(), 1);
    assert_eq!(store.end_sessions(ADA, None).await.unwrap(), 0);
    assert!(store.session(&hash(5), at(1)).await.unwrap().is_some());
}

async fn old_sessions_are_purged_and_others_stay(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    for (account, number) in [(ADA, 1), (BOB, 2), (ADA, 3)] {
        store.create_session(&session(account, number)).await.unwrap();
    }
    assert_eq!(store.purge_sessions(at(1001) - TICK).await.unwrap(), 0);
    assert_eq!(store.purge_sessions(at(1002)).await.unwrap(), 2);
    assert_eq!(store.session(&hash(1), at(0)).await.unwrap(), None);
    assert!(store.session(&hash(3), at(0)).await.unwrap().is_some());
}

async fn a_session_is_refused_if_it_is_there_or_too_long(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let labelled = |number, label: String| Session { label, ..session(ADA, number) };
    // Characters, not bytes.
    store.create_session(&labelled(1, "\u{1f98a}".repeat(200))).await.unwrap();
    let refused = store.create_session(&labelled(2, "x".repeat(201))).await;
    assert!(matches!(refused, Err(StoreError::TooLong { what: "label", limit: 200 })));
    for taken in [session(BOB, 1), Session { hash: hash(9), ..session(ADA, 1) }] {
        let refused = store.create_session(&taken).await;
        assert!(matches!(refused, Err(StoreError::AlreadyThere { what: "a session" })));
    }
    let same_id = Session { id: "ses-1".to_owned(), ..session(BOB, 3) };
    store.create_session(&same_id).await.unwrap();
}

async fn a_passkey_comes_back_as_it_was_added(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let used = Passkey {
        id: vec![0; 1023],
        name: "Schlüssel 鍵".to_owned(),
        last_used_at: Some(at(3) + TICK),
        ..passkey(ADA, 1)
    };
    store.add_passkey(&passkey(ADA, 2)).await.unwrap();
    store.add_passkey(&used).await.unwrap();
    store.add_passkey(&passkey(BOB, 3)).await.unwrap();
    assert_eq!(store.passkey(&used.id).await.unwrap(), Some(used.clone()));
    let all = store.passkeys_of_account(ADA).await.unwrap();
    assert_eq!(all, [used, passkey(ADA, 2)]);
    let (id, credential) = (passkey(ADA, 2).id, r#"{"counter":7}"#);
    assert!(store.update_passkey(&id, credential, at(9)).await.unwrap());
    let expected =
        Passkey { credential: credential.to_owned(), last_used_at: Some(at(9)), ..passkey(ADA, 2) };
    assert_eq!(store.passkey(&id).await.unwrap(), Some(expected));
    assert_eq!(store.passkey(&passkey(BOB, 3).id).await.unwrap(), Some(passkey(BOB, 3)));
    assert!(!store.update_passkey(b"none", credential, at(9)).await.unwrap());
    assert_eq!(store.passkey(b"none").await.unwrap(), None);
}

async fn a_credential_id_is_taken_once(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.add_passkey(&passkey(ADA, 1)).await.unwrap();
    for account in [ADA, BOB] {
        let refused = store.add_passkey(&passkey(account, 1)).await;
        assert!(matches!(refused, Err(StoreError::AlreadyThere { what: "a passkey" })));
    }
    let endless = Passkey { id: vec![1; 1024], ..passkey(ADA, 1) };
    let refused = store.add_passkey(&endless).await;
    assert!(matches!(refused, Err(StoreError::TooLong { limit: 1023, .. })));
    assert_eq!(store.passkeys_of_account(ADA).await.unwrap(), [passkey(ADA, 1)]);
}

async fn a_passkey_is_renamed_by_its_account_alone(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let one = passkey(ADA, 1);
    store.add_passkey(&one).await.unwrap();
    assert!(!store.rename_passkey(BOB, &one.id, "mine").await.unwrap());
    assert_eq!(store.passkey(&one.id).await.unwrap(), Some(one.clone()));
    assert!(store.rename_passkey(ADA, &one.id, "Schlüssel").await.unwrap());
    let renamed = Passkey { name: "Schlüssel".to_owned(), ..one.clone() };
    assert_eq!(store.passkey(&one.id).await.unwrap(), Some(renamed));
    let refused = store.rename_passkey(ADA, &one.id, "\0").await;
    assert!(matches!(refused, Err(StoreError::NulCharacter)));
}

async fn pending_secrets_of_one_purpose_are_counted_until_they_expire(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    for (number, purpose, account, end) in
        [(1, "code", ADA, 10), (2, "code", ADA, 20), (3, "letter", ADA, 20), (4, "code", BOB, 20)]
    {
        let secret = PendingSecret {
            hash: hash(number),
            purpose: purpose.to_owned(),
            account: Some(account.to_owned()),
            data: String::new(),
            expires_at: at(end),
        };
        store.put_pending(&secret).await.unwrap();
    }
    for (now, expected) in [(0, 2), (10, 1), (20, 0)] {
        assert_eq!(store.count_pending(ADA, "code", at(now)).await.unwrap(), expected, "{now}");
    }
    assert_eq!(store.count_pending("nobody\0", "code", at(0)).await.unwrap(), 0);
}

async fn a_passkey_is_removed_by_its_account_alone(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let one = passkey(ADA, 1);
    store.add_passkey(&one).await.unwrap();
    assert!(!store.remove_passkey(BOB, &one.id).await.unwrap());
    assert!(store.remove_passkey(ADA, &one.id).await.unwrap());
    assert!(!store.remove_passkey(ADA, &one.id).await.unwrap());
    assert_eq!(store.passkey(&one.id).await.unwrap(), None);
}

async fn a_pending_secret_is_taken_once_for_its_purpose_in_time(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let put = PendingSecret { data: "爱\n{}".to_owned(), ..pending(Some(ADA), 1) };
    store.put_pending(&put).await.unwrap();
    let take =
        async |number, purpose, now| store.take_pending(&hash(number), purpose, now).await.unwrap();
    assert_eq!(take(1, "passkey", at(1)).await, None);
    assert_eq!(take(2, "reset", at(1)).await, None);
    assert_eq!(take(1, "reset", at(1000)).await, None);
    assert_eq!(take(1, "reset", at(1000) - TICK).await, Some(put));
    assert_eq!(take(1, "reset", at(1)).await, None);
    store.put_pending(&pending(None, 3)).await.unwrap();
    assert_eq!(take(3, "reset", at(1)).await, Some(pending(None, 3)));
}

async fn a_pending_secret_takes_the_place_of_another(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.put_pending(&pending(Some(ADA), 1)).await.unwrap();
    let later = PendingSecret {
        purpose: "passkey".to_owned(),
        data: "later".to_owned(),
        expires_at: at(2000),
        ..pending(Some(BOB), 1)
    };
    store.put_pending(&later).await.unwrap();
    assert_eq!(store.take_pending(&hash(1), "reset", at(1)).await.unwrap(), None);
    assert_eq!(store.take_pending(&hash(1), "passkey", at(1)).await.unwrap(), Some(later));
}

async fn pending_secrets_of_one_purpose_are_dropped(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let passkey = PendingSecret { purpose: "passkey".to_owned(), ..pending(Some(ADA), 3) };
    for put in [&pending(Some(ADA), 1), &pending(Some(ADA), 2), &passkey, &pending(Some(BOB), 4)] {
        store.put_pending(put).await.unwrap();
    }
    assert_eq!(store.drop_pending(ADA, "reset").await.unwrap(), 2);
    assert_eq!(store.take_pending(&hash(1), "reset", at(1)).await.unwrap(), None);
    assert!(store.take_pending(&hash(3), "passkey", at(1)).await.unwrap().is_some());
    assert!(store.take_pending(&hash(4), "reset", at(1)).await.unwrap().is_some());
}

async fn old_pending_secrets_are_purged_and_others_stay(backend: &Backend) {
    let store = &backend.accounts;
    let later = PendingSecret { expires_at: at(1000) + TICK, ..pending(None, 2) };
    store.put_pending(&pending(None, 1)).await.unwrap();
    store.put_pending(&later).await.unwrap();
    assert_eq!(store.purge_pending(at(1000) - TICK).await.unwrap(), 0);
    assert_eq!(store.purge_pending(at(1000)).await.unwrap(), 1);
    assert_eq!(store.take_pending(&hash(1), "reset", at(0)).await.unwrap(), None);
    assert_eq!(store.take_pending(&hash(2), "reset", at(0)).await.unwrap(), Some(later));
}

async fn attempts_are_counted_by_key_and_instant(backend: &Backend) {
    let store = &backend.accounts;
    // Several at one instant are several.
    for instant in [at(10), at(20), at(20), at(30)] {
        store.note_attempt("key", instant).await.unwrap();
    }
    store.note_attempt("KEY", at(20)).await.unwrap();
    for (since, expected) in [(at(0), 4), (at(10), 4), (at(10) + TICK, 3), (at(20), 3), (at(31), 0)]
    {
        assert_eq!(store.attempts_since("key", since).await.unwrap(), expected, "{since}");
    }
    assert_eq!(store.attempts_since("KEY", at(0)).await.unwrap(), 1);
    assert_eq!(store.attempts_since("other", at(0)).await.unwrap(), 0);
}

async fn attempts_are_forgotten_and_purged(backend: &Backend) {
    let store = &backend.accounts;
    for (key, instant) in [("one", at(10)), ("one", at(20)), ("two", at(10)), ("two", at(20))] {
        store.note_attempt(key, instant).await.unwrap();
    }
    store.forget_attempts("one").await.unwrap();
    store.forget_attempts("none").await.unwrap();
    assert_eq!(store.attempts_since("one", at(0)).await.unwrap(), 0);
    assert_eq!(store.attempts_since("two", at(0)).await.unwrap(), 2);
    assert_eq!(store.purge_attempts(at(20)).await.unwrap(), 1);
    assert_eq!(store.attempts_since("two", at(0)).await.unwrap(), 1);
}
