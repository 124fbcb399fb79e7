//! Settings: what owners do with members, invitations and tokens, and that nobody else does.

use axum::http::StatusCode;
use surety_aims::Role;

use crate::{
    desk::Desk,
    pages::HOUSE,
    visitor::{PASSWORD, Visitor, account, events},
};

async fn owner(desk: &Desk) -> Visitor {
    Visitor::new(desk, "owner@ferries.example", Role::Owner).await
}

#[tokio::test]
async fn settings_are_for_owners() {
    let desk = Desk::new().await;
    let manager = Visitor::new(&desk, "kim@ferries.example", Role::ComplianceManager).await;
    for path in ["", "/invitations", "/tokens", "/security", "/more"] {
        let refused = manager.open(&desk, &format!("{HOUSE}/settings{path}")).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        assert!(refused.html().contains("This is not open to you"), "{path}");
    }
    let fields = [("email", "x@y.example"), ("role", "owner")];
    let refused = manager.send(&desk, &format!("{HOUSE}/settings/invitations"), &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_part_of_a_member_is_changed_and_ended() {
    let desk = Desk::new().await;
    let mut owner = owner(&desk).await;
    let kim = account(&desk, "kim@ferries.example", Role::Viewer).await;
    let path = format!("{HOUSE}/settings/members/{kim}");
    let list = owner.open(&desk, &format!("{HOUSE}/settings")).await;
    assert!(list.html().contains("kim@ferries.example") && list.html().contains("Viewer"));
    let change = |role, systems| {
        [("role", role), ("person", "PER-2"), ("expires", "2026-12-31"), ("systems", systems)]
    };
    let wrong = owner.does(&desk, &path, &change("contributor", "SYS-1")).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(wrong.html().contains("only an auditor or a viewer"), "{}", wrong.html());
    let changed = owner.does(&desk, &path, &change("auditor", "sys-1")).await;
    assert_eq!(changed.status, StatusCode::SEE_OTHER, "{}", changed.html());
    let list = owner.open(&desk, &format!("{HOUSE}/settings")).await;
    assert!(
        list.html().contains("until 1 Jan 2027, 00:00 UTC; sees SYS-1 alone"),
        "{}",
        list.html()
    );
    let form = owner.open(&desk, &path).await;
    assert!(form.html().contains("value=\"2026-12-31\""), "the last day stays the last day");
    assert_eq!(events(&desk).await[0].0, "member_changed");

    let ended = owner.does(&desk, &format!("{path}/end"), &[]).await;
    assert_eq!(ended.status, StatusCode::SEE_OTHER);
    assert_eq!(owner.open(&desk, &path).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn the_last_owner_stays_one() {
    let desk = Desk::new().await;
    let mut owner = owner(&desk).await;
    let list = owner.open(&desk, &format!("{HOUSE}/settings")).await;
    let (_, rest) = list.html().split_once("/settings/members/").unwrap();
    let path = format!("{HOUSE}/settings/members/{}", rest.split('"').next().unwrap());
    for (path, fields) in [(path.clone(), &[("role", "viewer")][..]), (format!("{path}/end"), &[])]
    {
        let refused = owner.does(&desk, &path, fields).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{path}");
        assert!(refused.html().contains("nobody would be left"), "{}", refused.html());
    }
}

#[tokio::test]
async fn a_link_of_the_owner_sets_a_password() {
    let desk = Desk::new().await;
    let mut owner = owner(&desk).await;
    let kim = account(&desk, "kim@ferries.example", Role::Viewer).await;
    let path = format!("{HOUSE}/settings/members/{kim}/password-link");
    let shown = owner.does(&desk, &path, &[]).await;
    let (_, rest) = shown.html().split_once("http://localhost:4200/password#").unwrap();
    let secret = rest.split('<').next().unwrap().trim();
    let fields = [("secret", secret), ("password", "amber kettle sixteen tundra")];
    let set = Visitor::default().send(&desk, "/password", &fields).await;
    assert!(set.html().contains("Your password is set"), "{}", set.html());
    let old = Visitor::default().sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    assert_eq!(old.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn an_invitation_is_made_shown_once_and_withdrawn() {
    let desk = Desk::new().await;
    let mut owner = owner(&desk).await;
    let path = format!("{HOUSE}/settings/invitations");
    let wrong = owner.does(&desk, &path, &[("email", "nobody"), ("role", "auditor")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.html());
    assert!(wrong.html().contains("value=\"nobody\""), "what was written is not lost");
    let fields = [("email", "ana@audit.example"), ("role", "auditor"), ("until", "2026-06-30")];
    let made = owner.does(&desk, &path, &fields).await;
    let (_, rest) = made.html().split_once("http://localhost:4200/invitation#").unwrap();
    let secret = rest.split('<').next().unwrap().trim().to_owned();
    let list = owner.open(&desk, &path).await;
    assert!(
        list.html().contains("sees nothing after 30 Jun 2026") && !list.html().contains(&secret)
    );
    let (_, rest) = list.html().split_once("/settings/invitations/").unwrap();
    let id = rest.split('/').next().unwrap();
    let withdrawn = owner.does(&desk, &format!("{path}/{id}/withdraw"), &[]).await;
    assert_eq!(withdrawn.status, StatusCode::SEE_OTHER);
    let opened = Visitor::default().send(&desk, "/invitation", &[("secret", &secret)]).await;
    assert_eq!(opened.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn owners_see_and_end_the_tokens_of_others_and_what_happened_at_the_door() {
    let desk = Desk::new().await;
    let mut owner = owner(&desk).await;
    let token = desk.token(Role::Viewer).await;
    let page = owner.open(&desk, &format!("{HOUSE}/settings/tokens")).await;
    assert!(!page.html().contains(&token));
    let (_, rest) = page.html().split_once("/settings/tokens/").unwrap();
    let id = rest.split('/').next().unwrap();
    owner.does(&desk, &format!("{HOUSE}/settings/tokens/{id}/revoke"), &[]).await;
    assert_eq!(desk.get(&token, "").await.status, StatusCode::UNAUTHORIZED);
    let events = owner.open(&desk, &format!("{HOUSE}/settings/security")).await;
    assert!(events.html().contains("Token revoked") && events.html().contains("Signed in"));
}
