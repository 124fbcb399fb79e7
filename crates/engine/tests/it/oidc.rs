//! Signing in through a provider of identity: a real one, asked as a browser asks it, and every way in which it goes wrong.

use std::sync::Arc;

use jiff::SignedDuration;
use surety_aims::Role;
use surety_engine::{
    Clock, Config, Engine, FixedClock, Secret, SystemClock,
    accounts::{
        Scope,
        oidc::{
            BegunOidc, NewMember, Oidc, OidcError, PENDING, Provider, Returned, SecretSource,
            SignedIn,
        },
    },
};
use surety_store::{AccountStore, Invitation, Profile};
use tempfile::TempDir;
use url::Url;

use crate::provider::{Browser, ProviderProcess, REDIRECT};

const ANA: &str = "ana@ferries.example";

/// A server's engine with one provider, and the same database seen from beside it.
struct Desk {
    engine: Engine,
    oidc: Oidc,
    clock: Arc<FixedClock>,
    beside: Arc<dyn AccountStore>,
    process: ProviderProcess,
    _folder: TempDir,
}

impl Desk {
    async fn new(change: impl FnOnce(&mut Provider)) -> Option<Desk> {
        let process = ProviderProcess::start()?;
        let folder = tempfile::tempdir().unwrap();
        // The provider has the machine's clock, and its tokens last for an hour.
        let clock = Arc::new(FixedClock::new(SystemClock.now()));
        let config = Config { clock: clock.clone(), ..Config::folder(folder.path()) };
        let engine = Engine::open(config).await.unwrap();
        engine.init("Harbour Ferries").await.unwrap();
        let mut provider = provider(&process.issuer);
        change(&mut provider);
        let oidc = Oidc::new(vec![provider]).unwrap();
        let place = folder.path().to_str().unwrap();
        let beside = surety_store::open_all(place).await.unwrap().accounts;
        Some(Desk { engine, oidc, clock, beside, process, _folder: folder })
    }

    async fn begin(&self) -> BegunOidc {
        let accounts = self.engine.accounts().unwrap();
        let redirect: Url = REDIRECT.parse().unwrap();
        let begun =
            accounts.begin_oidc(&self.oidc, "ferries", redirect, Some("/systems".to_owned()));
        begun.await.unwrap()
    }

    async fn finish(&self, back: &Url, cookie: &str) -> Result<SignedIn, OidcError> {
        let accounts = self.engine.accounts().unwrap();
        let (state, code) = (parameter(back, "state"), parameter(back, "code"));
        let returned = Returned { state: &state, code: &code, cookie };
        accounts.finish_oidc(&self.oidc, "ferries", &returned).await
    }

    /// All of it, in a new browser.
    async fn sign_in(&self, name: &str) -> Result<SignedIn, OidcError> {
        let begun = self.begin().await;
        let back = Browser::new().sign_in(&begun.address, name).await;
        self.finish(&back, &begun.cookie).await
    }

    async fn invite(&self, email: &str, role: &str) {
        let at = self.clock.now();
        let invitation = Invitation {
            hash: email.as_bytes().to_vec(),
            id: format!("inv_{email}"),
            organisation: "harbour-ferries".to_owned(),
            email: email.to_owned(),
            role: role.to_owned(),
            person: None,
            systems: Vec::new(),
            as_of: None,
            membership_expires_at: None,
            invited_by: "acc_x".to_owned(),
            created_at: at,
            expires_at: at + SignedDuration::from_hours(1),
        };
        self.beside.create_invitation(&invitation).await.unwrap();
    }
}

fn provider(issuer: &str) -> Provider {
    Provider {
        name: "ferries".to_owned(),
        title: "Ferries ID".to_owned(),
        issuer: issuer.to_owned(),
        client_id: "surety".to_owned(),
        client_secret: Some(SecretSource::Text(Secret("not-a-secret".to_owned()))),
        scopes: vec!["email".to_owned(), "profile".to_owned()],
        domains: vec!["ferries.example".to_owned()],
        new_member: None,
    }
}

fn parameter(address: &Url, name: &str) -> String {
    let found = address.query_pairs().find(|(known, _)| known == name);
    found.unwrap_or_else(|| panic!("no {name} in {address}")).1.into_owned()
}

#[tokio::test]
async fn whoever_has_an_account_signs_in_and_is_known_by_who_they_are_from_then_on() {
    let Some(desk) = Desk::new(|_| ()).await else { return };
    let accounts = desk.engine.accounts().unwrap();
    let ana = accounts.add(ANA, "Ana").await.unwrap();
    let signed_in = desk.sign_in("ana").await.unwrap();
    assert_eq!(signed_in, SignedIn { account: ana.id.clone(), then: Some("/systems".to_owned()) });
    let linked = desk.beside.identity(&desk.process.issuer, "ana").await.unwrap().unwrap();
    assert_eq!(linked.account, ana.id);
    // The address changes here, and it is still the same person there.
    let renamed =
        Profile { email: "a@new.example".to_owned(), name: "Ana".to_owned(), disabled: false };
    desk.beside.update_account(&ana.id, &renamed).await.unwrap();
    assert_eq!(desk.sign_in("ana").await.unwrap().account, ana.id);
    desk.beside.update_account(&ana.id, &Profile { disabled: true, ..renamed }).await.unwrap();
    assert!(matches!(desk.sign_in("ana").await, Err(OidcError::Barred)));
}

#[tokio::test]
async fn nobody_is_made_a_member_unless_they_are_invited_or_all_are_let_in() {
    let Some(mut desk) = Desk::new(|_| ()).await else { return };
    assert!(matches!(desk.sign_in("ben").await, Err(OidcError::NoAccount)));
    assert_eq!(desk.beside.count_accounts().await.unwrap(), 0);
    desk.invite("ben@ferries.example", "contributor").await;
    let ben = desk.sign_in("ben").await.unwrap().account;
    let membership = desk.beside.membership("harbour-ferries", &ben).await.unwrap().unwrap();
    assert_eq!(membership.role, "contributor");
    let open = desk.beside.invitations_of_organisation("harbour-ferries").await.unwrap();
    assert!(open.is_empty(), "an invitation is taken once");
    let everybody = NewMember {
        organisation: "harbour-ferries".to_owned(),
        role: Role::Viewer,
        systems: Vec::new(),
    };
    let open = Provider { new_member: Some(everybody), ..provider(&desk.process.issuer) };
    desk.oidc = Oidc::new(vec![open]).unwrap();
    let ana = desk.sign_in("ana").await.unwrap().account;
    let accounts = desk.engine.accounts().unwrap();
    assert_eq!(accounts.of_email(ANA).await.unwrap().name, "Ana Arrival");
    let membership = desk.beside.membership("harbour-ferries", &ana).await.unwrap().unwrap();
    assert_eq!(membership.role, "viewer");
    assert!(accounts.issue("harbour-ferries", &ana, "x", Scope::Read, None).await.is_ok());
}

#[tokio::test]
async fn only_addresses_that_are_verified_and_of_its_domains_are_believed() {
    let Some(desk) = Desk::new(|_| ()).await else { return };
    let accounts = desk.engine.accounts().unwrap();
    accounts.add(ANA, "Ana").await.unwrap();
    accounts.add("eve@elsewhere.example", "Eve").await.unwrap();
    for name in ["unverified", "silent"] {
        let refused = desk.sign_in(name).await;
        assert!(matches!(refused, Err(OidcError::Unverified(_))), "{name}: {refused:?}");
    }
    let refused = desk.sign_in("foreign").await.unwrap_err();
    assert!(refused.to_string().contains("elsewhere.example"), "{refused}");
    assert!(matches!(refused, OidcError::ForeignDomain { .. }));
}

#[tokio::test]
async fn a_sign_in_is_finished_once_in_the_browser_that_began_it_and_in_time() {
    let Some(desk) = Desk::new(|_| ()).await else { return };
    desk.engine.accounts().unwrap().add(ANA, "Ana").await.unwrap();
    let not_begun = |result: Result<SignedIn, OidcError>| {
        assert!(matches!(result, Err(OidcError::NotBegun)), "{result:?}");
    };
    let begun = desk.begin().await;
    let back = Browser::new().sign_in(&begun.address, "ana").await;
    let other = desk.begin().await;
    not_begun(desk.finish(&back, &other.cookie).await);
    let mut forged = back.clone();
    let code = parameter(&back, "code");
    forged.query_pairs_mut().clear().append_pair("state", "guessed").append_pair("code", &code);
    not_begun(desk.finish(&forged, &begun.cookie).await);
    assert!(desk.finish(&back, &begun.cookie).await.is_ok());
    not_begun(desk.finish(&back, &begun.cookie).await);
    // The code of somebody who signed in before, put into a sign-in of one's own.
    let state = parameter(&other.address, "state");
    let mut replayed = back;
    replayed.query_pairs_mut().clear().append_pair("state", &state).append_pair("code", &code);
    let refused = desk.finish(&replayed, &other.cookie).await;
    assert!(matches!(refused, Err(OidcError::Unreliable { .. })), "{refused:?}");
    let slow = desk.begin().await;
    let back = Browser::new().sign_in(&slow.address, "ana").await;
    desk.clock.set(desk.clock.now() + PENDING);
    not_begun(desk.finish(&back, &slow.cookie).await);
}

#[tokio::test]
async fn an_answer_to_another_question_is_not_believed() {
    let Some(desk) = Desk::new(|_| ()).await else { return };
    desk.engine.accounts().unwrap().add(ANA, "Ana").await.unwrap();
    let begun = desk.begin().await;
    let mut address = begun.address.clone();
    let pairs = begun.address.query_pairs().map(|(name, value)| {
        let value = if name == "nonce" { "another".into() } else { value };
        (name, value)
    });
    address.query_pairs_mut().clear().extend_pairs(pairs);
    let back = Browser::new().sign_in(&address, "ana").await;
    let refused = desk.finish(&back, &begun.cookie).await.unwrap_err();
    assert!(refused.to_string().contains("another sign-in"), "{refused}");
}

#[tokio::test]
async fn whoever_declines_is_told_so_once() {
    let Some(desk) = Desk::new(|_| ()).await else { return };
    let accounts = desk.engine.accounts().unwrap();
    let begun = desk.begin().await;
    let state = parameter(&begun.address, "state");
    let browser = (state.as_str(), begun.cookie.as_str());
    let told = accounts.decline_oidc(&desk.oidc, "ferries", browser, "access_denied").await;
    assert!(told.to_string().contains("Ferries ID did not sign you in (access_denied)"), "{told}");
    let again = accounts.decline_oidc(&desk.oidc, "ferries", browser, "access_denied").await;
    assert!(matches!(again, OidcError::NotBegun));
}

#[tokio::test]
async fn a_provider_is_who_it_says_it_is_or_is_not_asked() {
    let mismatch = |provider: &mut Provider| {
        provider.issuer = provider.issuer.replace("127.0.0.1", "localhost");
    };
    let Some(desk) = Desk::new(mismatch).await else { return };
    let accounts = desk.engine.accounts().unwrap();
    let redirect: Url = REDIRECT.parse().unwrap();
    let begin = async |name: &str| {
        accounts.begin_oidc(&desk.oidc, name, redirect.clone(), None).await.map(|_| ()).unwrap_err()
    };
    let told = begin("ferries").await;
    let OidcError::Unreachable { cause, .. } = &told else { panic!("{told:?}") };
    assert!(cause.contains("unexpected issuer"), "{cause}");
    assert!(!told.to_string().contains("localhost"), "{told}");
    assert!(matches!(begin("nobody").await, OidcError::UnknownProvider(_)));
}

#[test]
fn what_is_configured_wrong_is_told_with_what_to_do() {
    let wrong = |change: fn(&mut Provider)| {
        let mut provider = provider("https://id.example");
        change(&mut provider);
        Oidc::new(vec![provider]).unwrap_err().to_string()
    };
    for (told, part) in [
        (wrong(|one| one.name = "Ferries".to_owned()), "name"),
        (wrong(|one| one.issuer = "http://id.example".to_owned()), "https://"),
        (wrong(|one| one.issuer = "nowhere".to_owned()), "issuer"),
        (wrong(|one| one.domains.clear()), "example.org"),
        (wrong(|one| one.domains = vec!["ferries".to_owned()]), "example.org"),
        (
            wrong(|one| one.client_secret = Some(SecretSource::File("/nowhere/x".into()))),
            "/nowhere/x",
        ),
        (wrong(|one| one.client_secret = Some(SecretSource::Env("OIDC".to_owned()))), "OIDC"),
        (
            wrong(|one| one.client_secret = Some(SecretSource::Text(Secret(" ".to_owned())))),
            "empty",
        ),
    ] {
        assert!(told.contains(part) && told.contains("oidc `"), "{told}");
    }
    let twice = vec![provider("https://id.example"), provider("https://id.example")];
    assert!(Oidc::new(twice).unwrap_err().to_string().contains("another provider"));
    assert!(!format!("{:?}", provider("https://id.example")).contains("not-a-secret"));
}

#[test]
fn a_provider_is_read_from_settings_and_unknown_ones_are_refused() {
    let settings = serde_json::json!({
        "name": "id", "issuer": "https://id.example", "client_id": "surety",
        "client_secret": { "env": "OIDC_SECRET" }, "domains": ["example.org"],
        "new_member": { "organisation": "acme", "role": "auditor", "systems": ["SYS-1"] },
    });
    let read: Provider = serde_json::from_value(settings.clone()).unwrap();
    let variable = |name: &str| (name == "OIDC_SECRET").then(|| "s".to_owned());
    let read = read.with_environment(variable).unwrap();
    assert_eq!((read.title(), read.scopes.len()), ("id", 2));
    assert!(Oidc::new(vec![read]).is_ok());
    for (name, value) in [("colour", "red"), ("new_member", "x")] {
        let mut wrong = settings.clone();
        wrong[name] = value.into();
        assert!(serde_json::from_value::<Provider>(wrong).is_err(), "{name}");
    }
    let read: Provider = serde_json::from_value(settings).unwrap();
    assert!(read.with_environment(|_| None).unwrap_err().to_string().contains("OIDC_SECRET"));
}
