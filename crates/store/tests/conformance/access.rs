//! Memberships, tokens and invitations: each for one organisation, and worth nothing for another.

use surety_store::{ApiToken, Invitation, Membership, Profile, StoreError};

use crate::backend::Backend;
use crate::fixture::{ACME, at};
use crate::on_every_backend;
use crate::people::{ADA, BOB, TICK, ZENITH, equip, hash, invitation, membership, move_in, token};

on_every_backend!(
    who_may_do_less_or_other_than_before_makes_a_new_generation,
    a_membership_comes_back_as_it_was_put,
    memberships_are_found_from_both_sides,
    whoever_is_removed_loses_the_tokens_for_that_organisation,
    a_token_comes_back_until_the_instant_at_which_it_expires,
    a_token_is_used_forward_only,
    tokens_are_listed_from_both_sides,
    a_token_is_revoked_by_its_organisation_alone,
    an_invitation_comes_back_until_the_instant_at_which_it_expires,
    an_invitation_is_taken_once,
    an_invitation_is_revoked_by_its_organisation_alone,
    what_is_there_already_is_said_to_be,
    what_is_for_an_organisation_needs_one,
);

fn auditor() -> Membership {
    Membership {
        person: Some("PER-3".to_owned()),
        role: "auditor".to_owned(),
        expires_at: Some(at(9) + TICK),
        systems: ["SYS-1", "SYS-2", "\"ß\\", ""].map(str::to_owned).to_vec(),
        as_of: Some("2026-02-28".parse().unwrap()),
        ..membership(ACME, ADA)
    }
}

async fn who_may_do_less_or_other_than_before_makes_a_new_generation(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.put_membership(&membership(ACME, ADA)).await.unwrap();
    store.put_membership(&membership(ACME, BOB)).await.unwrap();
    for number in 1..=3 {
        store.create_token(&token(ACME, ADA, number)).await.unwrap();
    }
    let mut last = store.generation().await.unwrap();
    let mut newer = async |what: &str| {
        let now = store.generation().await.unwrap();
        assert!(now > last, "{what}");
        last = now;
    };
    store.put_membership(&auditor()).await.unwrap();
    newer("a membership changes").await;
    assert!(store.revoke_token(ACME, &token(ACME, ADA, 1).id).await.unwrap());
    newer("a token is revoked").await;
    let ada = store.account(ADA).await.unwrap().unwrap();
    let barred = Profile { email: ada.email, name: ada.name, disabled: true };
    store.update_account(ADA, &barred).await.unwrap();
    newer("an account is barred").await;
    assert!(store.remove_membership(ACME, ADA).await.unwrap());
    newer("a membership ends").await;
    assert!(store.delete_account(BOB).await.unwrap());
    newer("an account is deleted").await;
    let before = last;
    store.create_token(&token(ACME, ADA, 4)).await.unwrap();
    store.touch_token(&token(ACME, ADA, 4).hash, at(5)).await.unwrap();
    assert_eq!(store.generation().await.unwrap(), before, "use is no change");
}

async fn a_membership_comes_back_as_it_was_put(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    for put in [membership(ACME, ADA), auditor(), membership(ACME, ADA)] {
        store.put_membership(&put).await.unwrap();
        assert_eq!(store.membership(ACME, ADA).await.unwrap(), Some(put));
    }
    for day in ["0000-01-01", "-009999-01-01", "9999-12-31"] {
        let put = Membership { as_of: Some(day.parse().unwrap()), ..auditor() };
        store.put_membership(&put).await.unwrap();
        assert_eq!(store.membership(ACME, ADA).await.unwrap(), Some(put));
    }
    assert_eq!(store.membership(ZENITH, ADA).await.unwrap(), None);
    assert_eq!(store.membership(ACME, BOB).await.unwrap(), None);
}

async fn memberships_are_found_from_both_sides(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let all = [membership(ACME, ADA), membership(ACME, BOB), membership(ZENITH, ADA)];
    for put in all.iter().rev() {
        store.put_membership(put).await.unwrap();
    }
    let found = store.memberships_of_organisation(ACME).await.unwrap();
    assert_eq!(found, [membership(ACME, ADA), membership(ACME, BOB)]);
    let found = store.memberships_of_organisation(ZENITH).await.unwrap();
    assert_eq!(found, [membership(ZENITH, ADA)]);
    let found = store.memberships_of_account(ADA).await.unwrap();
    assert_eq!(found, [membership(ACME, ADA), membership(ZENITH, ADA)]);
    let found = store.memberships_of_account(BOB).await.unwrap();
    assert_eq!(found, [membership(ACME, BOB)]);
    assert_eq!(store.memberships_of_organisation("other").await.unwrap(), []);
    assert_eq!(store.memberships_of_account("other").await.unwrap(), []);
}

async fn whoever_is_removed_loses_the_tokens_for_that_organisation(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    equip(backend, ADA, 1).await;
    equip(backend, BOB, 2).await;
    store.put_membership(&membership(ZENITH, ADA)).await.unwrap();
    store.create_token(&token(ZENITH, ADA, 3)).await.unwrap();
    assert!(store.remove_membership(ACME, ADA).await.unwrap());
    assert!(!store.remove_membership(ACME, ADA).await.unwrap());
    assert_eq!(store.membership(ACME, ADA).await.unwrap(), None);
    assert_eq!(store.tokens_of_account(ADA).await.unwrap(), [token(ZENITH, ADA, 3)]);
    assert_eq!(store.tokens_of_organisation(ACME).await.unwrap(), [token(ACME, BOB, 2)]);
    assert!(store.membership(ZENITH, ADA).await.unwrap().is_some());
    assert!(store.membership(ACME, BOB).await.unwrap().is_some());
    assert!(store.session(&hash(1), at(1)).await.unwrap().is_some());
}

async fn a_token_comes_back_until_the_instant_at_which_it_expires(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let expiring = ApiToken {
        name: "Förderband 流水线".to_owned(),
        scopes: Vec::new(),
        expires_at: Some(at(50) + TICK),
        last_used_at: Some(at(2) + TICK),
        ..token(ACME, ADA, 1)
    };
    let lasting = token(ACME, ADA, 2);
    store.create_token(&expiring).await.unwrap();
    store.create_token(&lasting).await.unwrap();
    for (now, expected) in
        [(at(0), Some(&expiring)), (at(50), Some(&expiring)), (at(50) + TICK, None)]
    {
        assert_eq!(store.token(&hash(1), now).await.unwrap().as_ref(), expected, "{now}");
    }
    assert_eq!(store.token(&hash(2), jiff::Timestamp::MAX).await.unwrap(), Some(lasting));
    assert_eq!(store.token(&hash(3), at(0)).await.unwrap(), None);
    assert_eq!(store.token(&[], at(0)).await.unwrap(), None);
    // Whoever looks after tokens sees the expired ones too.
    assert_eq!(store.tokens_of_organisation(ACME).await.unwrap().len(), 2);
}

async fn a_token_is_used_forward_only(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.create_token(&token(ACME, ADA, 1)).await.unwrap();
    for (touched, expected) in [(at(10), at(10)), (at(20), at(20)), (at(15), at(20))] {
        store.touch_token(&hash(1), touched).await.unwrap();
        let read = store.token(&hash(1), at(0)).await.unwrap().unwrap();
        assert_eq!(read.last_used_at, Some(expected));
    }
    store.touch_token(&hash(9), at(10)).await.unwrap();
}

async fn tokens_are_listed_from_both_sides(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let all = [token(ACME, ADA, 1), token(ACME, BOB, 2), token(ZENITH, ADA, 3)];
    for token in all.iter().rev() {
        store.create_token(token).await.unwrap();
    }
    let found = store.tokens_of_organisation(ACME).await.unwrap();
    assert_eq!(found, [token(ACME, ADA, 1), token(ACME, BOB, 2)]);
    let found = store.tokens_of_organisation(ZENITH).await.unwrap();
    assert_eq!(found, [token(ZENITH, ADA, 3)]);
    let found = store.tokens_of_account(ADA).await.unwrap();
    assert_eq!(found, [token(ACME, ADA, 1), token(ZENITH, ADA, 3)]);
    let found = store.tokens_of_account(BOB).await.unwrap();
    assert_eq!(found, [token(ACME, BOB, 2)]);
}

async fn a_token_is_revoked_by_its_organisation_alone(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.create_token(&token(ACME, ADA, 1)).await.unwrap();
    // Ids are names within an organisation: another may have the same.
    let same_id = ApiToken { id: "tok-1".to_owned(), ..token(ZENITH, BOB, 2) };
    store.create_token(&same_id).await.unwrap();
    assert!(!store.revoke_token(ZENITH, "tok-2").await.unwrap());
    assert!(store.revoke_token(ZENITH, "tok-1").await.unwrap());
    assert!(!store.revoke_token(ZENITH, "tok-1").await.unwrap());
    assert_eq!(store.token(&hash(2), at(0)).await.unwrap(), None);
    assert_eq!(store.token(&hash(1), at(0)).await.unwrap(), Some(token(ACME, ADA, 1)));
}

fn to_an_auditor() -> Invitation {
    Invitation {
        email: "Çarol@acme.example".to_owned(),
        person: Some("PER-9".to_owned()),
        systems: vec!["SYS-1".to_owned()],
        as_of: Some("2026-12-31".parse().unwrap()),
        membership_expires_at: Some(at(5000) + TICK),
        expires_at: at(1000) + TICK,
        ..invitation(ACME, 1)
    }
}

async fn an_invitation_comes_back_until_the_instant_at_which_it_expires(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.create_invitation(&to_an_auditor()).await.unwrap();
    let read = store.invitation(&hash(1), at(1000)).await.unwrap();
    assert_eq!(read, Some(to_an_auditor()));
    let late = at(1000) + TICK;
    assert_eq!(store.invitation(&hash(1), late).await.unwrap(), None);
    assert_eq!(store.take_invitation(&hash(1), late).await.unwrap(), None);
    // It can be seen in the list still, and be taken by a clock that is not late.
    assert_eq!(store.invitations_of_organisation(ACME).await.unwrap(), [to_an_auditor()]);
    let taken = store.take_invitation(&hash(1), at(1000)).await.unwrap();
    assert_eq!(taken, Some(to_an_auditor()));
}

async fn an_invitation_is_taken_once(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let (first, second) = (invitation(ACME, 1), invitation(ACME, 2));
    store.create_invitation(&second).await.unwrap();
    store.create_invitation(&first).await.unwrap();
    store.create_invitation(&invitation(ZENITH, 3)).await.unwrap();
    let listed = store.invitations_of_organisation(ACME).await.unwrap();
    assert_eq!(listed, [first.clone(), second.clone()]);
    assert_eq!(store.take_invitation(&hash(9), at(1)).await.unwrap(), None);
    assert_eq!(store.take_invitation(&hash(1), at(1)).await.unwrap(), Some(first));
    assert_eq!(store.take_invitation(&hash(1), at(1)).await.unwrap(), None);
    assert_eq!(store.invitation(&hash(1), at(1)).await.unwrap(), None);
    assert_eq!(store.invitations_of_organisation(ACME).await.unwrap(), [second]);
    assert_eq!(store.invitations_of_organisation(ZENITH).await.unwrap(), [invitation(ZENITH, 3)]);
}

async fn an_invitation_is_revoked_by_its_organisation_alone(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.create_invitation(&invitation(ACME, 1)).await.unwrap();
    let same_id = Invitation { id: "inv-1".to_owned(), ..invitation(ZENITH, 2) };
    store.create_invitation(&same_id).await.unwrap();
    assert!(store.revoke_invitation(ZENITH, "inv-1").await.unwrap());
    assert!(!store.revoke_invitation(ZENITH, "inv-1").await.unwrap());
    assert_eq!(store.take_invitation(&hash(2), at(1)).await.unwrap(), None);
    assert!(store.take_invitation(&hash(1), at(1)).await.unwrap().is_some());
}

async fn what_is_there_already_is_said_to_be(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    store.create_token(&token(ACME, ADA, 1)).await.unwrap();
    store.create_invitation(&invitation(ACME, 1)).await.unwrap();
    // The same hash, then the same id in the same organisation.
    let tokens = [token(ZENITH, BOB, 1), ApiToken { hash: hash(9), ..token(ACME, BOB, 1) }];
    for taken in tokens {
        let refused = store.create_token(&taken).await;
        assert!(matches!(refused, Err(StoreError::AlreadyThere { what: "a token" })));
    }
    let invitations = [invitation(ZENITH, 1), Invitation { hash: hash(9), ..invitation(ACME, 1) }];
    for taken in invitations {
        let refused = store.create_invitation(&taken).await;
        assert!(matches!(refused, Err(StoreError::AlreadyThere { what: "an invitation" })));
    }
    assert_eq!(store.tokens_of_account(BOB).await.unwrap(), []);
    assert_eq!(store.invitations_of_organisation(ZENITH).await.unwrap(), []);
}

async fn what_is_for_an_organisation_needs_one(backend: &Backend) {
    let store = &backend.accounts;
    move_in(backend).await;
    let refused = [
        store.put_membership(&membership("other", ADA)).await,
        store.create_token(&token("other", ADA, 1)).await,
        store.create_invitation(&invitation("other", 1)).await,
        // If neither is there, the organisation is asked for first.
        store.put_membership(&membership("other", "ACC-none")).await,
    ];
    for refused in refused {
        let unknown = matches!(
            &refused,
            Err(StoreError::UnknownOrganisation { organisation }) if organisation == "other"
        );
        assert!(unknown, "{refused:?}");
    }
}
