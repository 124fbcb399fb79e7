//! Auditors who are limited to some AI systems: every endpoint shows their part and nothing else.

use axum::http::{Method, StatusCode};
use serde_json::{Value, json};
use surety_aims::{Command, Kind, Principal, Role};
use surety_engine::{
    Batch,
    accounts::{Part, Scope},
};

use crate::desk::Desk;

/// A text that only records about the hidden AI system hold.
const SECRET: &str = "Zanzibar";

/// A second AI system beside the berth planner, with a record of some kinds of its own.
async fn desk() -> Desk {
    let desk = Desk::new().await;
    let records = [
        (Kind::AiSystem, json!({ "name": format!("{SECRET} pricing"), "purpose": SECRET })),
        (Kind::Risk, json!({ "title": "Wrong berth", "ai_system": "SYS-1" })),
        (Kind::Risk, json!({ "title": format!("{SECRET} prices"), "ai_system": "SYS-2" })),
        (Kind::EvidenceItem, json!({ "title": "Both", "ai_systems": ["SYS-1", "SYS-2"] })),
        (Kind::EvidenceItem, json!({ "title": format!("{SECRET} log"), "ai_systems": ["SYS-2"] })),
        (Kind::Incident, json!({ "title": format!("{SECRET} failed"), "ai_systems": ["SYS-2"] })),
        (Kind::Policy, json!({ "title": "AI policy" })),
    ];
    let commands = records.map(|(kind, body)| Command::State {
        kind,
        id: None,
        body,
        custom: Default::default(),
        external: Vec::new(),
        base: None,
    });
    desk.aims.execute(&Principal::operator(), Batch::of(commands)).await.unwrap();
    desk
}

fn limited(role: Role, systems: &[&str]) -> Part {
    let person = Some("PER-2".parse().unwrap());
    let systems = systems.iter().map(|system| system.parse().unwrap()).collect();
    Part { person, systems, ..Part::of(role) }
}

async fn auditor(desk: &Desk) -> String {
    desk.token_of("a@audit.example", limited(Role::Auditor, &["SYS-1"]), Scope::Ledger).await
}

#[tokio::test]
async fn what_is_hidden_is_as_unknown_as_what_is_not_there() {
    let desk = desk().await;
    let token = auditor(&desk).await;
    for (hidden, unknown) in [
        ("/records/ai_system/SYS-2", "/records/ai_system/SYS-9"),
        ("/records/risk/RSK-2/history", "/records/risk/RSK-9/history"),
        ("/records/risk/RSK-2/references", "/records/risk/RSK-9/references"),
        ("/records/evidence_item/EVD-2", "/records/evidence_item/EVD-9"),
        ("/obligations/SYS-2", "/obligations/SYS-9"),
        ("/clocks/INC-1", "/clocks/INC-9"),
    ] {
        let (hidden, unknown) = (desk.get(&token, hidden).await, desk.get(&token, unknown).await);
        assert_eq!(hidden.status, StatusCode::NOT_FOUND, "{hidden:?}");
        let told = String::from_utf8(hidden.body).unwrap();
        let untold = String::from_utf8(unknown.body).unwrap();
        let plain = |text: &str| text.replace("-2", "-9").replace("INC-1", "INC-9");
        assert_eq!((hidden.status, plain(&told)), (unknown.status, untold));
    }
    for shown in [
        "/records/ai_system/SYS-1",
        "/records/risk/RSK-1/history",
        "/records/evidence_item/EVD-1",
        "/records/policy/POL-1",
    ] {
        assert_eq!(desk.get(&token, shown).await.status, StatusCode::OK, "{shown}");
    }
}

#[tokio::test]
async fn no_answer_names_what_is_hidden() {
    let desk = desk().await;
    let token = auditor(&desk).await;
    let owner = desk.token(Role::Owner).await;
    let kinds = Kind::ALL.iter().map(|kind| format!("/records/{kind}?limit=1000"));
    let searches = Kind::ALL.iter().map(|kind| format!("/records/{kind}?q=zanzibar"));
    let views = [
        "",
        "/search?q=prices",
        "/search?q=price+sys-2",
        "/search?q=both",
        "/search?q=zanzibas",
        "/search?q=z&as_of=2030-01-01",
        "/soa",
        "/gap",
        "/plan",
        "/due",
        "/readiness",
        "/coverage?from=iso42001&to=iso27001",
        "/activity?to=2030-01-01",
        "/risks",
        "/dossiers/SYS-1",
        "/classes",
        "/law/calendar",
        "/law/impact?from=v2024&to=v2026",
        "/records/ai_system/SYS-1/references",
        "/records/evidence_item/EVD-1/references",
        "/records/person/PER-1/references",
        "/records/evidence_item/EVD-1/history",
    ];
    let mut named = 0;
    for path in kinds.chain(searches).chain(views.map(str::to_owned)) {
        let answered = desk.get(&token, &path).await;
        assert_eq!(answered.status, StatusCode::OK, "{path}: {answered:?}");
        let text = String::from_utf8(answered.body).unwrap();
        assert!(!text.contains(SECRET), "{path}: {text}");
        let whole = String::from_utf8(desk.get(&owner, &path).await.body).unwrap();
        named += usize::from(whole.contains(SECRET));
    }
    assert!(named > 8, "the secret is there for whoever may see it, in {named} answers");
    let list = desk.get(&token, "/records/ai_system").await.json();
    assert_eq!((&list["total"], &list["records"][0]["id"]), (&json!(1), &json!("SYS-1")));
    let to = desk.get(&token, "/records/evidence_item/EVD-1/references").await.json();
    assert_eq!(to["to"].as_array().unwrap().len(), 1, "{to}");
}

#[tokio::test]
async fn a_search_counts_only_what_is_seen_whatever_others_found_before() {
    let desk = desk().await;
    let (token, owner) = (auditor(&desk).await, desk.token(Role::Owner).await);
    for query in ["zanzibar", "zanz", "zanzibra", "%22zanzibar+prices%22", "sys-2", "rsk-2"] {
        let path = format!("/search?q={query}");
        let whole = desk.get(&owner, &path).await.json();
        assert!(whole["total"].as_u64().unwrap() > 0, "{query}");
        let part = desk.get(&token, &path).await.json();
        assert_eq!(part, json!({ "total": 0, "hits": [] }), "{query}");
    }
    let (whole, part) =
        (desk.get(&owner, "/search?q=wrong").await, desk.get(&token, "/search?q=wrong").await);
    assert_eq!(part.json()["total"], 1);
    assert_eq!(part.json(), whole.json(), "a score tells nothing of what is hidden");
}

#[tokio::test]
async fn the_ledger_is_for_those_who_see_all_of_it() {
    let desk = desk().await;
    let token = auditor(&desk).await;
    for path in [
        "/ledger/entries",
        "/ledger/entries/0/proof",
        "/ledger/entries/999/proof",
        "/ledger/checkpoint",
        "/ledger/keys",
    ] {
        let refused = desk.get(&token, path).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{path}");
        let detail = refused.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains("SYS-1") && !detail.contains("SYS-2"), "{detail}");
    }
}

#[tokio::test]
async fn whoever_sees_a_part_changes_nothing_and_learns_nothing_by_trying() {
    let desk = desk().await;
    let token =
        desk.token_of("b@x.example", limited(Role::Auditor, &["SYS-1"]), Scope::Write).await;
    let patch = |path: &'static str| {
        let body = Some(json!({ "body": { "purpose": "x" } }));
        let (desk, token) = (&desk, &token);
        async move { desk.ask(token, Method::PATCH, path, &[("if-match", "\"v1\"")], body).await }
    };
    let answers: [_; 3] = [
        patch("/records/ai_system/SYS-1").await,
        patch("/records/ai_system/SYS-2").await,
        patch("/records/ai_system/SYS-9").await,
    ];
    for answer in answers {
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert!(answer.json()["detail"].as_str().unwrap().contains("a part"));
    }
}

#[tokio::test]
async fn a_new_record_about_a_hidden_system_stays_hidden_and_one_about_theirs_is_there_at_once() {
    let desk = desk().await;
    let (token, owner) = (auditor(&desk).await, desk.token(Role::Owner).await);
    assert_eq!(desk.get(&token, "/records/risk").await.json()["total"], 1);
    for system in ["SYS-1", "SYS-2"] {
        let body = Some(json!({ "body": { "title": "New", "ai_system": system } }));
        let made = desk.ask(&owner, Method::POST, "/records/risk", &[], body).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    }
    assert_eq!(desk.get(&token, "/records/risk").await.json()["total"], 2);
    let other =
        desk.token_of("c@audit.example", limited(Role::Viewer, &["SYS-2"]), Scope::Read).await;
    let titles = |list: Value| list["records"].as_array().unwrap().len();
    assert_eq!(titles(desk.get(&other, "/records/risk").await.json()), 2);
    assert_eq!(desk.get(&other, "/records/ai_system/SYS-1").await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_version_that_was_about_a_hidden_system_is_no_part_of_the_history() {
    let desk = desk().await;
    let (token, owner) = (auditor(&desk).await, desk.token(Role::Owner).await);
    let body = Some(json!({ "body": { "title": "Moved over", "ai_system": "SYS-1" } }));
    let put =
        desk.ask(&owner, Method::PUT, "/records/risk/RSK-2", &[("if-match", "\"v1\"")], body).await;
    assert_eq!(put.status, StatusCode::OK, "{put:?}");
    let history = desk.get(&token, "/records/risk/RSK-2/history").await;
    let text = String::from_utf8(history.body).unwrap();
    assert!(text.contains("Moved over") && !text.contains(SECRET), "{text}");
    let activity = desk.get(&token, "/activity").await;
    let text = String::from_utf8(activity.body).unwrap();
    assert!(text.contains("Moved over") && !text.contains(SECRET), "{text}");
}

#[tokio::test]
async fn what_is_erased_is_gone_from_what_is_kept_too() {
    let desk = desk().await;
    let token = auditor(&desk).await;
    assert!(
        String::from_utf8(desk.get(&token, "/records/risk").await.body)
            .unwrap()
            .contains("Wrong berth")
    );
    let history = desk.get(&token, "/records/risk/RSK-1/history").await.json();
    let seq = history[0]["seq"].as_u64().unwrap();
    desk.aims.redact(&Principal::operator(), seq, "names somebody", &[]).await.unwrap();
    for path in ["/records/risk", "/records/risk?as_of=2026-11-20", "/records/risk/RSK-1/history"] {
        let text = String::from_utf8(desk.get(&token, path).await.body).unwrap();
        assert!(text.contains("RSK-1") && !text.contains("Wrong berth"), "{path}: {text}");
    }
}

#[tokio::test]
async fn only_those_who_read_can_be_limited_and_only_to_systems_that_are_there() {
    let desk = desk().await;
    let accounts = desk.engine.accounts().unwrap();
    let check = async |part: Part| accounts.check("harbour-ferries", &part).await;
    assert!(check(limited(Role::Auditor, &["SYS-1", "SYS-2"])).await.is_ok());
    for wrong in [
        limited(Role::Owner, &["SYS-1"]),
        limited(Role::Contributor, &["SYS-1"]),
        limited(Role::Auditor, &["SYS-9"]),
        limited(Role::Auditor, &["RSK-1"]),
    ] {
        assert!(check(wrong).await.unwrap_err().is_refusal());
    }
}

#[tokio::test]
async fn a_file_is_there_for_those_who_see_what_names_it_or_named_it() {
    let desk = desk().await;
    let (token, owner) = (auditor(&desk).await, desk.token(Role::Owner).await);
    let mut files = Vec::new();
    for (system, content) in [("SYS-1", "ours"), ("SYS-2", "theirs")] {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("log.txt");
        std::fs::write(&path, content).unwrap();
        let file = desk.aims.put_file(&path).await.unwrap();
        files.push(file.sha256.clone());
        let body = json!({ "body": { "title": "Log", "ai_systems": [system], "file": file } });
        let made = desk.ask(&owner, Method::POST, "/records/evidence_item", &[], Some(body)).await;
        assert_eq!(made.status, StatusCode::CREATED, "{made:?}");
    }
    let status =
        async |token: &str, file: &str| desk.get(token, &format!("/files/{file}")).await.status;
    let (ours, theirs) = (&files[0], &files[1]);
    for (token, file, expected) in [
        (&owner, theirs, StatusCode::OK),
        (&token, ours, StatusCode::OK),
        (&token, theirs, StatusCode::NOT_FOUND),
    ] {
        assert_eq!(status(token, file).await, expected, "{file}");
    }
    // Named by an older version alone.
    for evidence in ["EVD-3", "EVD-4"] {
        let shown = desk.get(&owner, &format!("/records/evidence_item/{evidence}")).await.json();
        let mut body = json!({ "body": shown["body"] });
        body["body"].as_object_mut().unwrap().remove("file");
        let path = format!("/records/evidence_item/{evidence}");
        let put = desk.ask(&owner, Method::PUT, &path, &[("if-match", "\"v1\"")], Some(body)).await;
        assert_eq!(put.status, StatusCode::OK, "{put:?}");
    }
    assert_eq!(status(&token, ours).await, StatusCode::OK);
    assert_eq!(status(&token, theirs).await, StatusCode::NOT_FOUND);
    assert_eq!(status(&owner, theirs).await, StatusCode::OK);
}
