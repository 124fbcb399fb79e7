//! Views of lists that members have given a name.

use surety_store::{SavedView, StoreError};

use crate::backend::Backend;
use crate::fixture::{ACME, at};
use crate::on_every_backend;
use crate::people::{ADA, BOB, TICK, ZENITH, membership, move_in};

on_every_backend!(
    a_view_is_seen_by_its_maker_and_once_shared_by_all_members,
    saving_under_the_same_name_changes_the_view,
    no_organisation_sees_the_views_of_another,
    nobody_keeps_more_views_than_may_be,
    many_who_save_at_once_stay_within_the_limit,
    a_view_is_removed_by_the_name_of_its_maker_alone,
    views_go_with_the_membership_and_with_the_account,
    views_are_kept_for_members_alone_and_within_lengths,
);

const RISKS: &str = "/records/risk";
const MOST: u32 = 200;

fn view(account: &str, name: &str) -> SavedView {
    SavedView {
        organisation: ACME.to_owned(),
        account: account.to_owned(),
        path: RISKS.to_owned(),
        name: name.to_owned(),
        query: "state=open&sort=-due".to_owned(),
        shared: false,
        saved_at: at(1) + TICK,
    }
}

/// Ada and Bob have a part in both organisations.
async fn join(backend: &Backend) {
    move_in(backend).await;
    for organisation in [ACME, ZENITH] {
        for account in [ADA, BOB] {
            backend.accounts.put_membership(&membership(organisation, account)).await.unwrap();
        }
    }
}

async fn names(backend: &Backend, organisation: &str, account: &str, path: &str) -> Vec<String> {
    let views = backend.accounts.saved_views(organisation, account, path).await.unwrap();
    views.into_iter().map(|view| view.name).collect()
}

async fn a_view_is_seen_by_its_maker_and_once_shared_by_all_members(backend: &Backend) {
    join(backend).await;
    let shared = SavedView { shared: true, ..view(BOB, "Ours 爱") };
    for saved in [view(ADA, "b"), view(ADA, "a"), view(BOB, "c"), shared.clone()] {
        assert!(backend.accounts.save_view(&saved, MOST).await.unwrap());
    }
    assert_eq!(names(backend, ACME, ADA, RISKS).await, ["Ours 爱", "a", "b"]);
    assert_eq!(names(backend, ACME, BOB, RISKS).await, ["Ours 爱", "c"]);
    assert_eq!(names(backend, ACME, ADA, "/records/supplier").await, [""; 0]);
    let found = backend.accounts.saved_views(ACME, ADA, RISKS).await.unwrap();
    assert_eq!(found, [shared.clone(), view(ADA, "a"), view(ADA, "b")]);
    let all = backend.accounts.saved_views_of_organisation(ACME).await.unwrap();
    assert_eq!(all, [view(ADA, "a"), view(ADA, "b"), shared, view(BOB, "c")]);
}

async fn saving_under_the_same_name_changes_the_view(backend: &Backend) {
    join(backend).await;
    backend.accounts.save_view(&view(ADA, "a"), MOST).await.unwrap();
    backend.accounts.save_view(&view(BOB, "a"), MOST).await.unwrap();
    let changed =
        SavedView { query: String::new(), shared: true, saved_at: at(2), ..view(ADA, "a") };
    assert!(backend.accounts.save_view(&changed, MOST).await.unwrap());
    let found = backend.accounts.saved_views(ACME, ADA, RISKS).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&changed));
    let both = backend.accounts.saved_views(ACME, BOB, RISKS).await.unwrap();
    assert_eq!(both, [changed, view(BOB, "a")]);
}

async fn no_organisation_sees_the_views_of_another(backend: &Backend) {
    join(backend).await;
    let shared = SavedView { shared: true, ..view(ADA, "a") };
    backend.accounts.save_view(&shared, MOST).await.unwrap();
    for account in [ADA, BOB] {
        assert_eq!(names(backend, ZENITH, account, RISKS).await, [""; 0]);
    }
    assert!(!backend.accounts.remove_saved_view(ZENITH, ADA, RISKS, "a").await.unwrap());
    assert_eq!(backend.accounts.saved_views_of_organisation(ZENITH).await.unwrap(), []);
    assert_eq!(names(backend, ACME, ADA, RISKS).await, ["a"]);
}

async fn nobody_keeps_more_views_than_may_be(backend: &Backend) {
    join(backend).await;
    for (saved, is_kept) in [
        (view(ADA, "a"), true),
        (SavedView { path: "/plan".to_owned(), ..view(ADA, "a") }, true),
        (view(ADA, "b"), false),
        (view(ADA, "a"), true),
        (view(BOB, "a"), true),
        (SavedView { organisation: ZENITH.to_owned(), ..view(ADA, "b") }, true),
    ] {
        assert_eq!(backend.accounts.save_view(&saved, 2).await.unwrap(), is_kept, "{saved:?}");
    }
    assert_eq!(names(backend, ACME, ADA, RISKS).await, ["a"]);
}

async fn many_who_save_at_once_stay_within_the_limit(backend: &Backend) {
    join(backend).await;
    let save = |number: u32| {
        let store = backend.accounts.clone();
        tokio::spawn(async move { store.save_view(&view(ADA, &number.to_string()), 3).await })
    };
    let mut kept = 0;
    for saved in (0..10).map(save).collect::<Vec<_>>() {
        kept += usize::from(saved.await.unwrap().unwrap());
    }
    assert_eq!((kept, names(backend, ACME, ADA, RISKS).await.len()), (3, 3));
}

async fn a_view_is_removed_by_the_name_of_its_maker_alone(backend: &Backend) {
    join(backend).await;
    for account in [ADA, BOB] {
        let shared = SavedView { shared: true, ..view(account, "a") };
        backend.accounts.save_view(&shared, MOST).await.unwrap();
    }
    let remove = async |account, path, name| {
        backend.accounts.remove_saved_view(ACME, account, path, name).await.unwrap()
    };
    assert!(!remove(ADA, RISKS, "A").await && !remove(ADA, "/plan", "a").await);
    assert!(!remove(ADA, RISKS, "a\0").await);
    assert!(remove(ADA, RISKS, "a").await);
    assert!(!remove(ADA, RISKS, "a").await);
    let left = backend.accounts.saved_views(ACME, ADA, RISKS).await.unwrap();
    assert_eq!(left.iter().map(|view| view.account.as_str()).collect::<Vec<_>>(), [BOB]);
}

async fn views_go_with_the_membership_and_with_the_account(backend: &Backend) {
    join(backend).await;
    let elsewhere = SavedView { organisation: ZENITH.to_owned(), ..view(ADA, "a") };
    for saved in [view(ADA, "a"), elsewhere, view(BOB, "a")] {
        backend.accounts.save_view(&saved, MOST).await.unwrap();
    }
    // A part that changes keeps its views.
    backend.accounts.put_membership(&membership(ACME, ADA)).await.unwrap();
    assert_eq!(names(backend, ACME, ADA, RISKS).await, ["a"]);
    assert!(backend.accounts.remove_membership(ACME, ADA).await.unwrap());
    backend.accounts.put_membership(&membership(ACME, ADA)).await.unwrap();
    assert_eq!(names(backend, ACME, ADA, RISKS).await, [""; 0]);
    assert_eq!(names(backend, ZENITH, ADA, RISKS).await, ["a"]);
    assert!(backend.accounts.delete_account(ADA).await.unwrap());
    assert_eq!(backend.accounts.saved_views_of_organisation(ZENITH).await.unwrap(), []);
    assert_eq!(names(backend, ACME, BOB, RISKS).await, ["a"]);
}

async fn views_are_kept_for_members_alone_and_within_lengths(backend: &Backend) {
    move_in(backend).await;
    let stranger = backend.accounts.save_view(&view(ADA, "a"), MOST).await;
    assert!(matches!(stranger, Err(StoreError::UnknownAccount { .. })), "{stranger:?}");
    let nowhere = SavedView { organisation: "nowhere".to_owned(), ..view(ADA, "a") };
    let nowhere = backend.accounts.save_view(&nowhere, MOST).await;
    assert!(matches!(nowhere, Err(StoreError::UnknownOrganisation { .. })), "{nowhere:?}");
    backend.accounts.put_membership(&membership(ACME, ADA)).await.unwrap();
    let longest = SavedView {
        path: "p".repeat(200),
        query: "q".repeat(2_000),
        ..view(ADA, &"爱".repeat(60))
    };
    assert!(backend.accounts.save_view(&longest, MOST).await.unwrap());
    let found = backend.accounts.saved_views(ACME, ADA, &longest.path).await.unwrap();
    assert_eq!(found, std::slice::from_ref(&longest));
    for (refused, limit) in [
        (SavedView { path: "p".repeat(201), ..longest.clone() }, 200),
        (SavedView { query: "q".repeat(2_001), ..longest.clone() }, 2_000),
        (SavedView { name: "n".repeat(61), ..longest.clone() }, 60),
    ] {
        let refused = backend.accounts.save_view(&refused, MOST).await;
        assert!(matches!(refused, Err(StoreError::TooLong { limit: given, .. }) if given == limit));
    }
    let refused = SavedView { query: "a\0b".to_owned(), ..longest };
    let refused = backend.accounts.save_view(&refused, MOST).await;
    assert!(matches!(refused, Err(StoreError::NulCharacter)));
}
