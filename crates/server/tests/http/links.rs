//! Pages that links lead to: whoever holds the secret goes on, and the secret stays out of addresses.

use axum::http::StatusCode;
use surety_aims::Role;
use surety_engine::accounts::{Inviter, Part};

use crate::{
    desk::Desk,
    visitor::{PASSWORD, Visitor, account},
};

async fn invited(desk: &Desk, email: &str) -> String {
    let accounts = desk.engine.accounts().unwrap();
    let inviter = Inviter { account: "acc_1", name: "operator" };
    let part = Part::of(Role::Auditor);
    accounts.invite("harbour-ferries", &inviter, email, &part, None).await.unwrap().secret
}

#[tokio::test]
async fn a_password_is_set_by_a_link_once() {
    let desk = Desk::new().await;
    let id = account(&desk, "kim@ferries.example", Role::Viewer).await;
    let accounts = desk.engine.accounts().unwrap();
    let secret = accounts.operators_password_link(&id).await.unwrap();
    let nobody = Visitor::default();
    assert!(nobody.open(&desk, "/password").await.html().contains("data-link"));
    let new = "amber kettle sixteen tundra";
    // The whole link does as well as the secret alone.
    let pasted = format!("http://localhost:4200/password#{secret}");
    let set = async |secret: &str, password: &str| {
        nobody.send(&desk, "/password", &[("secret", secret), ("password", password)]).await
    };
    let weak = set(&secret, "short").await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(weak.html().contains("The password has 5 characters"), "{}", weak.html());
    assert!(set(&pasted, new).await.html().contains("Your password is set"));
    assert_eq!(set(&secret, PASSWORD).await.status, StatusCode::NOT_FOUND);
    assert!(
        Visitor::default().sign_in(&desk, "kim@ferries.example", new).await.status.is_success()
    );
}

#[tokio::test]
async fn an_invitation_is_opened_and_makes_an_account() {
    let desk = Desk::new().await;
    let secret = invited(&desk, "ana@audit.example").await;
    let nobody = Visitor::default();
    let opened = nobody.send(&desk, "/invitation", &[("secret", &secret)]).await;
    assert!(opened.html().contains("Take part in Harbour Ferries"), "{}", opened.html());
    assert!(opened.html().contains("auditor") && opened.html().contains("ana@audit.example"));
    let join = async |password: &str| {
        let fields = [("secret", secret.as_str()), ("name", "Ana \"<i>"), ("password", password)];
        nobody.send(&desk, "/invitation/join", &fields).await
    };
    let weak = join("short").await;
    assert_eq!(weak.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(weak.html().contains("The password has 5") && !weak.html().contains("\"<i>"));
    let joined = join(PASSWORD).await;
    assert_eq!(joined.status, StatusCode::SEE_OTHER, "{}", joined.html());
    assert!(joined.header("set-cookie").contains("HttpOnly"));
    let again = nobody.send(&desk, "/invitation", &[("secret", &secret)]).await;
    assert_eq!(again.status, StatusCode::NOT_FOUND);
    assert!(again.html().contains("role=\"alert\""));
}

#[tokio::test]
async fn an_invitation_is_accepted_by_the_account_that_it_is_for() {
    let desk = Desk::new().await;
    desk.engine.init("Other").await.unwrap();
    let mut kim = Visitor::default();
    let accounts = desk.engine.accounts().unwrap();
    let account = accounts.add("kim@ferries.example", "Kim").await.unwrap();
    accounts.set_password(&account, PASSWORD).await.unwrap();
    kim.sign_in(&desk, "kim@ferries.example", PASSWORD).await;
    let foreign = invited(&desk, "ana@audit.example").await;
    let shown = kim.open_invitation(&desk, &foreign).await;
    assert!(shown.contains("You are signed in as kim@ferries.example"), "{shown}");
    let fields = [("secret", foreign.as_str())];
    let refused = kim.send(&desk, "/invitation/accept", &fields).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let own = invited(&desk, "Kim@ferries.example").await;
    assert!(kim.open_invitation(&desk, &own).await.contains("/invitation/accept"));
    let accepted = kim.send(&desk, "/invitation/accept", &[("secret", &own)]).await;
    assert_eq!(accepted.header("location"), "/o/harbour-ferries");
}

impl Visitor {
    async fn open_invitation(&self, desk: &Desk, secret: &str) -> String {
        self.send(desk, "/invitation", &[("secret", secret)]).await.html().to_owned()
    }
}
