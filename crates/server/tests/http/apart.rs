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
    accounts::{Part, Scope},
};
use surety_server::{App, Config, router};
use tempfile::TempDir;

use crate::{
    desk::{Answered, NOW, answered, database},
    table::{Operation, operations},
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

    /// A token for one organisation, of an account that may have parts in several.
    async fn token(&self, email: &str, parts: &[&str], organisation: &str) -> String {
        let accounts = self.engine.accounts().unwrap();
        let account = match accounts.of_email(email).await {
            Ok(account) => account,
            Err(_) => accounts.add(email, "Somebody").await.unwrap(),
        };
        for part in parts {
            accounts.join(part, &account.id, &Part::of(Role::Owner)).await.unwrap();
        }
        let issued = accounts.issue(organisation, &account.id, "test", Scope::Write, None).await;
        issued.unwrap().secret
    }

    async fn ask(&self, token: &str, method: &Method, path: &str) -> Answered {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .header("if-match", "\"v1\"")
            .body(Body::from("{}"))
            .unwrap();
        answered(&self.router, request).await
    }
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
    for operation in operations(&two.router).await {
        for token in [&ours, &both] {
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
        let stranger = two.ask(&ours, &operation.method, &path).await;
        assert_eq!(stranger.status, StatusCode::NOT_FOUND, "{operation:?}: {stranger:?}");
        let member = two.ask(&theirs, &operation.method, &path).await;
        failed += usize::from(member.status.is_server_error());
    }
    assert!(failed > 20, "members reach it, and it can't be opened: {failed}");
}

#[tokio::test]
async fn no_answer_changes_when_another_organisation_does() {
    let two = Two::new().await;
    let token = two.token("ana@ferries.example", &[OURS], OURS).await;
    let all = operations(&two.router).await;
    let gets: Vec<_> = all.iter().filter(|operation| operation.method == Method::GET).collect();
    let ask = async |operation: &Operation| {
        let answer = two.ask(&token, &Method::GET, &operation.path).await;
        told(&answer, OURS)
    };
    let mut before = Vec::new();
    for operation in &gets {
        before.push(ask(operation).await);
    }
    two.fill_other().await;
    for (operation, before) in gets.iter().zip(before) {
        // A checkpoint is signed at the moment that the clock shows, which stands still here.
        assert_eq!(ask(operation).await, before, "{operation:?}");
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
        let request = Request::post(format!("{place}/records/risk"))
            .header("authorization", format!("Bearer {token}"))
            .header("content-type", "application/json")
            .body(Body::from(body))
            .unwrap();
        answered(&two.router, request).await
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
