//! Pages of the law: classes and their wizard, obligations, the calendar, the impact of a change, incidents.

use axum::http::StatusCode;
use serde_json::{Value, json};
use surety_aims::{Command, Kind, Principal, Role};
use surety_engine::{Batch, Moment};
use surety_law::classification::{Answers, Procedure, classify, next_question};

use crate::{desk::Desk, pages::HOUSE, visitor::Visitor};

/// An AI system of a deployer that is in no tier.
fn minimal(on: &str) -> Answers {
    answered(on, &[])
}

/// An AI system of a deployer: everything is answered no that can be, but for these questions.
fn answered(on: &str, but: &[(&str, &'static str)]) -> Answers {
    let (procedure, day) = (Procedure::ai_act(), on.parse().unwrap());
    let mut answers = Answers::default();
    while let Some(question) = next_question(procedure, &answers, day, day).unwrap() {
        let said = but.iter().find(|(node, _)| *node == &*question.node);
        let wanted = match &*question.node {
            _ if said.is_some() => said.iter().map(|said| said.1).collect(),
            "start" => vec!["system"],
            "def.machine" | "def.autonomy" | "def.infer" | "def.output" => vec!["yes"],
            "scope.link" => vec!["b"],
            "role.select" => vec!["deployer"],
            _ => vec!["no", "none"],
        };
        let known = |value: &&str| question.answers.iter().any(|one| *one.value == **value);
        let first = &*question.answers[0].value;
        let chosen = wanted.into_iter().find(known).unwrap_or(first);
        answers.set(&question.node, [chosen]);
    }
    answers
}

fn state(kind: Kind, body: Value) -> Command {
    let (custom, external) = Default::default();
    Command::State { kind, id: None, body, custom, external, base: None }
}

/// Keeps the class of SYS-1 as it was on a day.
async fn classified(desk: &Desk, on: &str, answers: &Answers) {
    let day = on.parse().unwrap();
    let found = classify(Procedure::ai_act(), answers, day, day).unwrap();
    let view = desk.aims.view(Moment::Now).await.unwrap();
    let system = "SYS-1".parse().unwrap();
    let command = view.keep_classification(system, answers, &found, day).unwrap().unwrap();
    desk.aims.execute(&Principal::operator(), Batch::of([command])).await.unwrap();
}

/// The address of a wizard after these answers.
fn wizard(answers: &Answers) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    for (node, values) in answers.values() {
        for value in values {
            query.append_pair(&format!("a.{node}"), value);
        }
    }
    format!("{HOUSE}/classes/SYS-1/classify?{}", query.finish())
}

#[tokio::test]
async fn a_class_is_found_question_by_question_and_kept_by_a_form() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    let classes = kim.open(&desk, &format!("{HOUSE}/classes")).await;
    assert!(classes.html().contains("not classified"), "{}", classes.html());
    let page = format!("{HOUSE}/classes/SYS-1/classify");
    let begin = kim.open(&desk, &page).await;
    assert!(begin.html().contains("AI Act as amended 27 July 2026"), "{}", begin.html());

    let first = kim.open(&desk, &format!("{page}?begin=each")).await;
    assert!(first.html().contains("What is being assessed?") && first.html().contains("Art 3(1)"));
    let unsaid = kim.open(&desk, &format!("{page}?asked=start")).await;
    assert_eq!(unsaid.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(unsaid.html().contains("say that you do not know"), "{}", unsaid.html());
    // Who does not know goes on, and comes back by the address.
    let second = kim.open(&desk, &format!("{page}?asked=start&a.start=system&a.start=")).await;
    assert!(second.html().contains("Is it a machine-based system?"), "{}", second.html());
    assert!(second.html().contains(r#"name="a.start" value="""#), "{}", second.html());
    let changed = kim.open(&desk, &format!("{page}?a.start=system&change=start")).await;
    assert!(changed.html().contains(r#"value="system" checked"#), "{}", changed.html());

    let result = kim.open(&desk, &format!("{page}?a.start=system&a.def.machine=no")).await;
    assert!(result.html().contains("Outside the Act"), "{}", result.html());
    assert!(result.html().contains("Keep this class") && result.html().contains("would be"));
    let answers = [("a.start", "system"), ("a.def.machine", "no")];
    for (done, says) in [("new", "on the ledger"), ("same", "kept already")] {
        let kept = kim.send(&desk, &page, &answers).await;
        assert_eq!(kept.header("location"), format!("{HOUSE}/classes/SYS-1?kept={done}"));
        let shown = kim.open(&desk, kept.header("location")).await;
        assert!(shown.html().contains("Outside the Act") && shown.html().contains(says));
    }
    // Another answer shows what it would change before it is kept.
    let other = kim.open(&desk, &wizard(&minimal("2026-11-20"))).await;
    assert!(other.html().contains("<del>Outside the Act</del>"), "{}", other.html());
    assert!(other.html().contains("<ins>No specific tier</ins>"), "{}", other.html());
}

#[tokio::test]
async fn a_wizard_believes_nothing_and_keeps_nothing_for_who_may_not() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    let page = format!("{HOUSE}/classes/SYS-1/classify");
    let hostile = "%22%3E%3Cscript%3Ealert(1)%3C/script%3E";
    for query in [
        format!("asked=start&a.start={hostile}"),
        format!("a.start={hostile}"),
        format!("a.{hostile}=yes"),
        format!("d.system_placed_on={hostile}"),
    ] {
        let answered = kim.open(&desk, &format!("{page}?{query}")).await;
        assert!(answered.status.is_client_error(), "{query}: {}", answered.status);
        assert!(!answered.html().contains("<script>alert"), "{query}");
    }
    let both = format!("{page}?asked=start&a.start=system&a.start=model");
    let both = kim.open(&desk, &both).await;
    assert!(both.html().contains("Choose one answer."), "{}", both.html());
    let result = kim.open(&desk, &format!("{page}?a.start=system&a.def.machine=no")).await;
    assert!(!result.html().contains("<button class=\"btn btn-primary\">Keep"), "{}", result.html());
    let kept = kim.send(&desk, &page, &[("a.start", "system"), ("a.def.machine", "no")]).await;
    assert_eq!(kept.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn obligations_follow_from_the_class_with_why_and_why_not() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Auditor).await;
    let before = kim.open(&desk, &format!("{HOUSE}/obligations/SYS-1")).await;
    assert!(before.html().contains("is not classified yet"), "{}", before.html());
    classified(&desk, "2026-11-20", &minimal("2026-11-20")).await;
    let binding = kim.open(&desk, &format!("{HOUSE}/obligations/SYS-1?standing=binds")).await;
    let html = binding.html();
    assert!(html.contains("Art 4(1)") && html.contains("2 Feb 2025"), "{html}");
    assert!(
        html.contains("AI Act as amended 27 July 2026") && !html.contains("Art 26(7)"),
        "{html}"
    );
    let why_not = kim.open(&desk, &format!("{HOUSE}/obligations/SYS-1/why-not?q=26(7)")).await;
    assert!(why_not.html().contains("it addresses the tier"), "{}", why_not.html());
    let sides = kim.open(&desk, &format!("{HOUSE}/obligations/SYS-1/side-by-side")).await;
    assert!(sides.html().contains("Deployer") && sides.html().contains("Provider"));
    let all = |query: &'static str| {
        let (kim, desk) = (&kim, &desk);
        async move { kim.open(desk, &format!("{HOUSE}/obligations?{query}")).await }
    };
    assert!(all("role=deployer").await.html().contains("Art 4(1)"));
    assert!(all("role=importer").await.html().contains("Nothing fits this filter"));
    assert!(all("state=met").await.html().contains("Nothing fits this filter"));
    let file = all("column=ref&format=csv").await;
    assert!(file.html().contains("Art 4(1)\r\n"), "{}", file.html());
}

#[tokio::test]
async fn the_calendar_names_days_and_a_change_is_planned_once() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    // A use of Annex III, before its duties moved to other days.
    let answers = answered("2026-07-01", &[("a3.4", "4(a)")]);
    classified(&desk, "2026-07-01", &answers).await;
    let calendar = kim.open(&desk, &format!("{HOUSE}/law")).await;
    assert!(calendar.html().contains("2 Dec 2027"), "{}", calendar.html());
    assert!(calendar.html().contains("SYS-1 Berth planner"), "{}", calendar.html());
    let page = format!("{HOUSE}/law/impact");
    let impact = kim.open(&desk, &page).await;
    assert!(impact.html().contains("AI Act as adopted"), "{}", impact.html());
    let versions = [("from", "v2024"), ("to", "v2026")];
    let view = desk.aims.view(Moment::Now).await.unwrap();
    let found = view.law_impact("v2024", "v2026", &[view.on]).unwrap();
    let wanted = view.plan_reassessments(&found.impact).unwrap().len();
    assert_eq!(wanted, 1, "{found:?}");
    for planned in [wanted, 0] {
        let sent = kim.send(&desk, &page, &versions).await;
        let expected = format!("{page}?from=v2024&to=v2026&planned={planned}");
        assert_eq!(sent.header("location"), expected, "{}", sent.html());
    }
    let unknown = kim.open(&desk, &format!("{page}?from=v1&to=v2")).await;
    assert_eq!(unknown.status, StatusCode::BAD_REQUEST);
}

/// An incident with an AI system that is in no tier of its own.
async fn incident(desk: &Desk) {
    classified(desk, "2026-11-20", &minimal("2026-11-20")).await;
    let body = json!({
        "title": "Wrong <b>berth</b>", "description": "Two ships were given one berth.",
        "ai_systems": ["SYS-1"], "severity": "high", "timezone": "Europe/Berlin",
        "occurred_in": ["DE"], "established_in": "DE", "roles": ["controller"], "manager": "PER-1",
        "events": [{ "event": "aware", "at": "2026-11-20T09:00:00Z", "by": "Shift lead" }],
        "answers": { "ai.system_involved": "yes" }
    });
    let command = state(Kind::Incident, body);
    desk.aims.execute(&Principal::operator(), Batch::of([command])).await.unwrap();
}

#[tokio::test]
async fn clocks_of_an_incident_run_side_by_side_until_questions_settle_them() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    incident(&desk).await;
    let page = format!("{HOUSE}/incidents/INC-1");
    let before = kim.open(&desk, &page).await;
    assert_eq!(before.status, StatusCode::OK, "{}", before.html());
    let html = before.html();
    // 72 hours after awareness, at the place and in UTC, with how far that is.
    assert!(html.contains("Art 33") && html.contains("23 Nov 2026"), "{html}");
    assert!(html.contains("data-countdown>in 2 days"), "{html}");
    assert!(html.contains("Wrong &#60;b&#62;berth") && !html.contains("<b>berth"), "{html}");
    assert!(html.contains(r#"name="q.data.breach" value="no""#), "{html}");

    let answer = [("base", "1"), ("q.data.breach", "no")];
    let sent = kim.send(&desk, &page, &answer).await;
    assert_eq!(sent.header("location"), page, "{}", sent.html());
    let after = kim.open(&desk, &page).await;
    assert!(!after.html().contains(r#"name="q.data.breach""#), "{}", after.html());
    let late = kim.send(&desk, &page, &answer).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED, "{}", late.html());
    let wrong = kim.send(&desk, &page, &[("base", "2"), ("q.data.breach", "maybe")]).await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);

    let past = kim.open(&desk, &format!("{HOUSE}/incidents/INC-1?as_of=2026-11-19")).await;
    assert_eq!(past.status, StatusCode::NOT_FOUND);
    let drill = kim.open(&desk, &format!("{page}/drill")).await;
    assert_eq!(drill.status, StatusCode::OK, "{}", drill.html());
    let record = kim.open(&desk, &format!("{HOUSE}/records/incident/INC-1")).await;
    assert!(record.html().contains(&format!("href=\"{page}\"")), "{}", record.html());
}

#[tokio::test]
async fn what_happened_is_noted_and_a_report_that_was_sent_stops_its_clock() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Owner).await;
    incident(&desk).await;
    let page = format!("{HOUSE}/incidents/INC-1");
    let event = format!("{page}/event");
    let before = kim.open(&desk, &page).await;
    let sent = r#"name="event" value="submitted.gdpr.33.1""#;
    assert!(before.html().contains(sent), "{}", before.html());
    let fields = |event, at| [("base", "1"), ("event", event), ("at", at), ("source", "No. 7")];
    for (wrong, status) in [
        (fields("submitted.none", "2026-11-20T10:00"), StatusCode::BAD_REQUEST),
        (fields("nothing", "2026-11-20T10:00"), StatusCode::BAD_REQUEST),
        (fields("submitted.gdpr.33.1", "yesterday"), StatusCode::UNPROCESSABLE_ENTITY),
        (fields("submitted.gdpr.33.1", "2031-01-01T10:00"), StatusCode::UNPROCESSABLE_ENTITY),
    ] {
        let answered = kim.send(&desk, &event, &wrong).await;
        assert_eq!(answered.status, status, "{wrong:?}: {}", answered.html());
    }
    let noted = fields("submitted.gdpr.33.1", "2026-11-20T10:00");
    let answered = kim.send(&desk, &event, &noted).await;
    assert_eq!(answered.header("location"), page, "{}", answered.html());
    let after = kim.open(&desk, &page).await;
    assert!(after.html().contains("Reported 20 Nov 2026, 11:00"), "{}", after.html());
    assert!(!after.html().contains(sent), "{}", after.html());
    let late = kim.send(&desk, &event, &noted).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
}

#[tokio::test]
async fn today_shows_what_runs() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    incident(&desk).await;
    let today = kim.open(&desk, HOUSE).await;
    let html = today.html();
    assert!(html.contains(&format!("href=\"{HOUSE}/incidents/INC-1#gdpr.33.1\"")), "{html}");
    // The page is kept for a while, so how far that is stands in it as an instant alone.
    assert!(html.contains("data-countdown></time>"), "{html}");
}

#[tokio::test]
async fn the_draft_of_a_report_says_what_is_missing_and_is_a_file() {
    let desk = Desk::new().await;
    let kim = Visitor::new(&desk, "kim@ferries.example", Role::Viewer).await;
    incident(&desk).await;
    let page = format!("{HOUSE}/incidents/INC-1/report?clock=gdpr.33.1");
    let draft = kim.open(&desk, &page).await;
    assert_eq!(draft.status, StatusCode::OK, "{}", draft.html());
    assert!(draft.html().contains("Missing before it is sent"), "{}", draft.html());
    let file = kim.open(&desk, &format!("{page}&format=md")).await;
    assert_eq!(file.header("content-type"), "text/markdown; charset=utf-8");
    assert!(file.html().contains("INC-1"), "{}", file.html());
    let file = kim.open(&desk, &format!("{page}&format=docx")).await;
    assert!(file.body.starts_with(b"PK"), "{:?}", file.headers);
    let unknown = kim.open(&desk, &format!("{HOUSE}/incidents/INC-1/report?clock=none")).await;
    assert!(unknown.status.is_client_error());
}
