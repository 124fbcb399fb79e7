//! Organisations are apart: nobody sees, counts, finds or guesses anything of one in which they have no part.

use std::sync::Arc;

use axum::{
    Router,
    body::Body,
    http::{Method, Request, StatusCode},
};
use metrics_exporter_prometheus::{PrometheusBuilder, PrometheusHandle};
use serde_json::{Value, json};
use surety_aims::{Command, Kind, Principal, Role};
use surety_engine::{
    Aims, Batch, Config as EngineConfig, Engine, FixedClock,
    accounts::{Account, Part, Scope},
};
use surety_server::{App, Config, router};
use tempfile::TempDir;

use crate::{
    desk::{Answered, NOW, answered, database},
    table::{Operation, operations},
    visitor::PASSWORD,
};

/// A text that only the other organisation holds.
const SECRET: &str = "Zanzibar";
const OURS: &str = "harbour-ferries";
const OTHER: &str = "zanzibar-works";
const NOWHERE: &str = "nowhere";

/// Two organisations in one database, and a server over them.
struct Two {
    folder: TempDir,
    database: Option<String>,
    engine: Arc<Engine>,
    router: Router,
}

impl Two {
    async fn new() -> Two {
        let folder = tempfile::tempdir().unwrap();
        let two = Two::over(folder, database().await, no_metrics()).await;
        two.engine.init("Harbour Ferries").await.unwrap();
        two.engine.init(&format!("{SECRET} Works")).await.unwrap();
        two.state(OURS, Kind::AiSystem, json!({ "name": "Berth planner" })).await;
        two
    }

    async fn over(folder: TempDir, database: Option<String>, metrics: PrometheusHandle) -> Two {
        let clock = Arc::new(FixedClock::new(NOW.parse().unwrap()));
        let set = EngineConfig { clock, ..EngineConfig::folder(folder.path()) };
        let config = EngineConfig { database: database.clone(), ..set };
        let engine = Arc::new(Engine::open(config).await.unwrap());
        // As many requests as a test likes.
        let config = Config { rate: None, ..Config::default() };
        let router = router(&App::new(engine.clone(), config, metrics));
        Two { folder, database, engine, router }
    }

    /// The same after the server was started again: no organisation is open yet.
    async fn restarted(self, metrics: PrometheusHandle) -> Two {
        let Two { folder, database, engine, router } = self;
        drop((engine, router));
        Two::over(folder, database, metrics).await
    }

    async fn aims(&self, organisation: &str) -> Arc<Aims> {
        self.engine.organisation(Some(organisation)).await.unwrap()
    }

    async fn state(&self, organisation: &str, kind: Kind, body: Value) {
        let command = Command::State {
            kind,
            id: None,
            body,
            custom: Default::default(),
            external: Vec::new(),
            base: None,
        };
        let aims = self.aims(organisation).await;
        aims.execute(&Principal::operator(), Batch::of([command])).await.unwrap();
    }

    /// Fills the other organisation with what must not be seen.
    async fn fill_other(&self) {
        self.state(OTHER, Kind::Person, json!({ "position": SECRET })).await;
        for number in 0..5 {
            let name = format!("{SECRET} {number}");
            self.state(OTHER, Kind::AiSystem, json!({ "name": name })).await;
            self.state(OTHER, Kind::Risk, json!({ "title": name, "ai_system": "SYS-1" })).await;
        }
    }

    /// An account with parts in some organisations.
    async fn account(&self, email: &str, parts: &[&str]) -> Account {
        let accounts = self.engine.accounts().unwrap();
        let account = match accounts.of_email(email).await {
            Ok(account) => account,
            Err(_) => accounts.add(email, "Somebody").await.unwrap(),
        };
        for part in parts {
            accounts.join(part, &account.id, &Part::of(Role::Owner)).await.unwrap();
        }
        account
    }

    /// Somebody with a token for one organisation, whose account may have parts in several.
    async fn token(&self, email: &str, parts: &[&str], organisation: &str) -> Caller {
        let account = self.account(email, parts).await;
        let accounts = self.engine.accounts().unwrap();
        let issued = accounts.issue(organisation, &account.id, "test", Scope::Write, None).await;
        Caller(vec![("authorization", format!("Bearer {}", issued.unwrap().secret))])
    }

    /// Somebody who has signed in with a browser, which sends the token of the session along.
    async fn session(&self, email: &str, parts: &[&str]) -> Caller {
        let account = self.account(email, parts).await;
        let accounts = self.engine.accounts().unwrap();
        accounts.set_password(&account, PASSWORD).await.unwrap();
        let body = json!({ "email": email, "password": PASSWORD }).to_string();
        let request = Request::post("/api/v1/sign-in").header("content-type", "application/json");
        let answer = answered(&self.router, request.body(Body::from(body)).unwrap()).await;
        assert_eq!(answer.json()["signed_in"], true, "{answer:?}");
        let cookie = answer.header("set-cookie").split(';').next().unwrap().to_owned();
        let csrf = answer.json()["csrf_token"].as_str().unwrap().to_owned();
        // What is written of it comes after the answer; the tests compare answers.
        self.engine.noted().await;
        Caller(vec![("cookie", cookie), ("x-csrf-token", csrf)])
    }

    async fn ask(&self, caller: &Caller, method: &Method, path: &str) -> Answered {
        self.send(caller, method, path, "{}".to_owned()).await
    }

    async fn send(&self, caller: &Caller, method: &Method, path: &str, body: String) -> Answered {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header("content-type", "application/json")
            .header("if-match", "\"v1\"");
        for (name, value) in &caller.0 {
            request = request.header(*name, value);
        }
        answered(&self.router, request.body(Body::from(body)).unwrap()).await
    }
}

/// Who asks: the headers that say so.
struct Caller(Vec<(&'static str, String)>);

/// Whether it ends the session that asks.
fn signs_out(operation: &Operation) -> bool {
    operation.id == "signOut"
}

fn no_metrics() -> PrometheusHandle {
    PrometheusBuilder::new().build_recorder().handle()
}

/// The address of an operation in an organisation.
fn address(operation: &Operation, organisation: &str) -> String {
    operation.path.replace(OURS, organisation)
}

/// What a client can tell answers apart by, but for the name of the organisation that it gave itself.
fn told(answer: &Answered, organisation: &str) -> (StatusCode, Vec<(String, String)>, String) {
    let headers = answer.headers.iter().filter(|(name, _)| *name != "x-request-id");
    let headers =
        headers.map(|(name, value)| (name.to_string(), value.to_str().unwrap().to_owned()));
    let mut headers: Vec<_> = headers.filter(|(name, _)| name != "content-length").collect();
    headers.sort();
    let text = String::from_utf8_lossy(&answer.body).replace(organisation, "{organisation}");
    (answer.status, headers, text)
}

#[tokio::test]
async fn an_organisation_of_others_is_as_unknown_as_one_that_is_not_there() {
    let two = Two::new().await;
    two.fill_other().await;
    let ours = two.token("ana@ferries.example", &[OURS], OURS).await;
    // Who has a part in both, with a token for one of them.
    let both = two.token("ben@both.example", &[OURS, OTHER], OURS).await;
    let session = two.session("ada@ferries.example", &[OURS]).await;
    for operation in operations(&two.router).await {
        for token in [&ours, &both, &session] {
            if signs_out(&operation) {
                continue;
            }
            let other = two.ask(token, &operation.method, &address(&operation, OTHER)).await;
            if !operation.path.contains(OURS) {
                assert!(!String::from_utf8_lossy(&other.body).contains(SECRET), "{other:?}");
                continue;
            }
            let nowhere = two.ask(token, &operation.method, &address(&operation, NOWHERE)).await;
            assert_eq!(other.status, StatusCode::NOT_FOUND, "{operation:?}");
            assert_eq!(told(&other, OTHER), told(&nowhere, NOWHERE), "{operation:?}");
        }
    }
}

/// Timing by the work that is done: what is not looked at takes no time. The other organisation can't even be opened here,
/// so whatever looked at it would fail.
#[tokio::test]
async fn nothing_of_an_organisation_is_touched_for_strangers() {
    let two = Two::new().await;
    let ours = two.token("ana@ferries.example", &[OURS], OURS).await;
    let session = two.session("ada@ferries.example", &[OURS]).await;
    let theirs = two.token("eve@works.example", &[OTHER], OTHER).await;
    let key = two.folder.path().join("keys").join(format!("{OTHER}.key"));
    let two = two.restarted(no_metrics()).await;
    std::fs::remove_file(&key).unwrap();
    std::fs::create_dir(&key).unwrap();
    let mut failed = 0;
    for operation in operations(&two.router).await {
        if !operation.path.contains(OURS) {
            continue;
        }
        let path = address(&operation, OTHER);
        for stranger in [&ours, &session] {
            let answer = two.ask(stranger, &operation.method, &path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{operation:?}: {answer:?}");
        }
        let member = two.ask(&theirs, &operation.method, &path).await;
        failed += usize::from(member.status.is_server_error());
    }
    assert!(failed > 20, "members reach it, and it can't be opened: {failed}");
}

/// What is wrong with the installation is for its operator: the log says it, and no client is told where its files are.
#[tokio::test]
async fn a_damaged_key_is_a_failure_of_ours_and_names_no_file() {
    let two = Two::new().await;
    let token = two.token("ana@ferries.example", &[OURS], OURS).await;
    let keys = two.folder.path().join("keys");
    let two = two.restarted(no_metrics()).await;
    std::fs::write(keys.join(format!("{OURS}.key")), "no key").unwrap();
    let mut failed = 0;
    for operation in operations(&two.router).await {
        if !operation.path.contains(OURS) {
            continue;
        }
        let answer = two.ask(&token, &operation.method, &operation.path).await;
        let text = String::from_utf8_lossy(&answer.body);
        assert!(!text.contains(keys.to_str().unwrap()) && !text.contains(".key"), "{text}");
        if answer.status == StatusCode::INTERNAL_SERVER_ERROR {
            assert_eq!(answer.json()["code"], "internal", "{operation:?}");
            failed += 1;
        }
    }
    assert!(failed > 20, "it can't be opened: {failed}");
}

#[tokio::test]
async fn no_answer_changes_when_another_organisation_does() {
    let two = Two::new().await;
    let token = two.token("ana@ferries.example", &[OURS], OURS).await;
    let session = two.session("ada@ferries.example", &[OURS]).await;
    let all = operations(&two.router).await;
    let gets = || all.iter().filter(|operation| operation.method == Method::GET);
    let asked = || gets().flat_map(|operation| [(operation, &token), (operation, &session)]);
    let ask = async |(operation, caller): (&Operation, &Caller)| {
        let answer = two.ask(caller, &Method::GET, &operation.path).await;
        told(&answer, OURS)
    };
    let mut before = Vec::new();
    for asked in asked() {
        before.push(ask(asked).await);
    }
    two.fill_other().await;
    for (asked, before) in asked().zip(before) {
        // A checkpoint is signed at the moment that the clock shows, which stands still here.
        assert_eq!(ask(asked).await, before, "{:?}", asked.0);
    }
    for kind in Kind::ALL {
        let path = format!("/api/v1/organisations/{OURS}/records/{kind}?q={SECRET}");
        assert_eq!(two.ask(&token, &Method::GET, &path).await.json()["total"], 0, "{kind}");
    }
}

#[tokio::test]
async fn ids_of_another_organisation_say_nothing_here() {
    let two = Two::new().await;
    two.fill_other().await;
    let token = two.token("ana@ferries.example", &[OURS], OURS).await;
    let place = format!("/api/v1/organisations/{OURS}");
    // SYS-5 is there in the other one, SYS-77 in none.
    for path in ["records/ai_system/SYS-5", "records/ai_system/SYS-5/history", "obligations/SYS-5"]
    {
        let path = format!("{place}/{path}");
        let theirs = two.ask(&token, &Method::GET, &path).await;
        let none = two.ask(&token, &Method::GET, &path.replace("SYS-5", "SYS-77")).await;
        assert_eq!(theirs.status, StatusCode::NOT_FOUND, "{path}");
        let (theirs, none) = (told(&theirs, "SYS-5"), told(&none, "SYS-77"));
        assert_eq!(theirs, none, "{path}");
    }
    let risk = |system: &str| json!({ "body": { "title": "x", "ai_system": system } }).to_string();
    let post = async |body: String| {
        two.send(&token, &Method::POST, &format!("{place}/records/risk"), body).await
    };
    let theirs = told(&post(risk("SYS-5")).await, "SYS-5");
    assert_eq!(theirs, told(&post(risk("SYS-77")).await, "SYS-77"));
    assert!(theirs.0.is_client_error());
}

#[tokio::test]
async fn figures_name_no_organisation_and_nothing_of_it() {
    let recorder = PrometheusBuilder::new().build_recorder();
    let _guard = metrics::set_default_local_recorder(&recorder);
    let two = Two::new().await.restarted(recorder.handle()).await;
    two.fill_other().await;
    let tokens = [
        two.token("ana@ferries.example", &[OURS], OURS).await,
        two.token("eve@works.example", &[OTHER], OTHER).await,
    ];
    for operation in operations(&two.router).await {
        for (token, organisation) in tokens.iter().zip([OURS, OTHER]) {
            two.ask(token, &operation.method, &address(&operation, organisation)).await;
        }
    }
    let figures =
        answered(&two.router, Request::get("/metrics").body(Body::empty()).unwrap()).await;
    let figures = String::from_utf8(figures.body).unwrap();
    assert!(figures.contains("{organisation}"), "requests are counted: {figures}");
    for name in [OURS, OTHER, SECRET, "SYS-1", "example", "acc_", "tok_", "surety_"] {
        let named = figures.lines().filter(|line| !line.starts_with('#'));
        // Names of ours begin figures; what stands between quotes comes from requests.
        let mut values = named.flat_map(|line| line.split('"').skip(1).step_by(2));
        assert!(values.all(|value| !value.contains(name)), "{name}: {figures}");
    }
}

/// A session is for all organisations of its account, and shows no more of one than its part there.
#[tokio::test]
async fn a_session_changes_nothing_of_others_and_nothing_without_its_token() {
    let two = Two::new().await;
    two.fill_other().await;
    let both = two.session("ben@both.example", &[OURS, OTHER]).await;
    let ours = two.session("ada@ferries.example", &[OURS]).await;
    let without = Caller(vec![ours.0[0].clone()]);
    let size = async |organisation: &str| {
        two.engine.noted().await;
        two.aims(organisation).await.current().await.unwrap().book.size()
    };
    let before = (size(OURS).await, size(OTHER).await);
    for operation in operations(&two.router).await.iter().filter(|one| one.method != Method::GET) {
        for organisation in [OURS, OTHER, NOWHERE] {
            let path = address(operation, organisation);
            let answer = two.ask(&without, &operation.method, &path).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{operation:?}: {answer:?}");
            assert_eq!(answer.json()["code"], "csrf", "{operation:?}");
        }
    }
    let post = |caller, organisation: &str| {
        let path = format!("/api/v1/organisations/{organisation}/checkpoints");
        let two = &two;
        async move { two.ask(caller, &Method::POST, &path).await.status }
    };
    assert_eq!(post(&ours, OTHER).await, StatusCode::NOT_FOUND);
    assert!(post(&both, OTHER).await.is_success() && post(&both, OURS).await.is_success());
    assert_eq!((size(OURS).await, size(OTHER).await), before);
}
