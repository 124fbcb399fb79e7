//! The Statement of Applicability: the matrix, a cell from near, many cells at once, other days, other people.

use axum::http::StatusCode;
use serde_json::{Value, json};
use surety_aims::{Command, Kind, Principal, Role};
use surety_engine::{Batch, accounts::Part};

use crate::{
    desk::{Answered, Desk},
    pages::HOUSE,
    visitor::{PASSWORD, Visitor},
};

const CELL: &str = "A.2.2/SYS-1";

fn state(kind: Kind, body: Value) -> Command {
    Command::State {
        kind,
        id: None,
        body,
        custom: Default::default(),
        external: Vec::new(),
        base: None,
    }
}

/// Two AI systems, one of them in a group, and a decision of the organisation.
async fn desk() -> Desk {
    let desk = Desk::new().await;
    let records = [
        state(Kind::SystemGroup, json!({ "name": "Ticketing <i>" })),
        state(Kind::AiSystem, json!({ "name": "Fare <b>model", "group": "GRP-1" })),
        state(
            Kind::ControlImplementation,
            json!({
                "control": "iso42001:A.2.2", "applicable": true, "justification": "We use AI",
                "description": "A policy, see RSK-9", "owner": "PER-2"
            }),
        ),
    ];
    desk.aims.execute(&Principal::operator(), Batch::of(records)).await.unwrap();
    desk
}

async fn owner(desk: &Desk) -> Visitor {
    Visitor::new(desk, "kim@ferries.example", Role::Owner).await
}

/// What the script draws from.
fn data(answered: &Answered) -> Value {
    let html = answered.html();
    let (_, rest) = html.split_once("id=\"soa-data\">").unwrap();
    let (json, _) = rest.split_once("</script>").unwrap();
    serde_json::from_str(json).unwrap()
}

fn page(rest: &str) -> String {
    format!("{HOUSE}/soa{rest}")
}

#[tokio::test]
async fn the_table_and_the_data_of_the_matrix_say_the_same() {
    let desk = desk().await;
    let visitor = owner(&desk).await;
    let matrix = visitor.open(&desk, &page("")).await;
    assert_eq!(matrix.status, StatusCode::OK, "{}", matrix.html());
    let html = matrix.html();
    assert!(html.contains("38 controls, 2 AI systems"), "{html}");
    assert!(html.contains("Fare &#60;b&#62;model") && !html.contains("Fare <b>"), "{html}");
    let data = data(&matrix);
    assert_eq!(data["systems"], json!([[2, "Fare <b>model"], [1, "Berth planner"]]));
    assert_eq!(data["groups"][0][1], "Ticketing <i>");
    assert_eq!(data["cells"].as_array().unwrap().len(), 38);
    let at = data["controls"].as_array().unwrap().iter().position(|one| one[0] == "A.2.2").unwrap();
    let designed = data["says"].as_array().unwrap().iter().position(|one| one[0] == "designed");
    let designed = designed.unwrap();
    for code in data["cells"][at].as_str().unwrap().chars() {
        assert_eq!(code.to_digit(36).unwrap(), u32::try_from(designed).unwrap() * 3);
    }
    let link =
        format!("href=\"{}?cell={CELL}\"><i aria-hidden=\"true\">○</i><b>designed</b>", page(""));
    assert!(html.contains(&link), "{html}");
}

#[tokio::test]
async fn an_address_says_what_is_shown() {
    let desk = desk().await;
    let visitor = owner(&desk).await;
    for (query, controls, systems) in [
        ("?domain=A.2", 3, 2),
        ("?q=fare", 38, 1),
        ("?q=A.2.2", 1, 2),
        ("?q=nothing+at+all", 0, 0),
        ("?group=GRP-1", 38, 1),
        ("?state=designed", 1, 2),
        ("?owner=PER-2", 1, 2),
        ("?owner=PER-1", 0, 0),
        ("?by=class&group=not-classified-none", 38, 2),
    ] {
        let data = data(&visitor.open(&desk, &page(query)).await);
        assert_eq!(data["controls"].as_array().unwrap().len(), controls, "{query}");
        assert_eq!(data["systems"].as_array().unwrap().len(), systems, "{query}");
    }
    let folded = visitor.open(&desk, &page("?fold=A.2")).await;
    assert!(!folded.html().contains(&format!("cell={CELL}\"")), "{}", folded.html());
    for (query, says) in [
        ("?view=statement", "We use AI"),
        ("?view=cells&control=A.2.2&system=SYS-2", "1 cells"),
        ("?view=print", "for A3 across"),
    ] {
        let shown = visitor.open(&desk, &page(query)).await;
        assert!(shown.html().contains(says), "{query}: {}", shown.html());
    }
    for wrong in ["?cell=A.2.2", "?cell=A.9.9.9/SYS-1", "?state=fine", "?from=soon", "?framework=x"]
    {
        let refused = visitor.open(&desk, &page(wrong)).await;
        assert!(refused.status.is_client_error(), "{wrong}: {}", refused.status);
    }
}

#[tokio::test]
async fn a_cell_says_where_it_comes_from_and_is_decided_in_place() {
    let desk = desk().await;
    let visitor = owner(&desk).await;
    let near = visitor.open(&desk, &page(&format!("?cell={CELL}"))).await;
    let html = near.html();
    for said in [
        "Decided for the whole organisation",
        "ISO/IEC 42001 6.1.3 f",
        "There is no accepted evidence",
        "Not covered: 21 Nov 2025 to 20 Nov 2026",
        "records/risk/RSK-9",
        "name=\"base\" value=\"\"",
    ] {
        assert!(html.contains(said), "{said}: {html}");
    }
    let form = page(&format!("/cell?cell={CELL}"));
    let fields =
        [("base", ""), ("applicable", "false"), ("justification", "Plans <em>berths</em> only")];
    let saved = visitor.send(&desk, &form, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html());
    let shown = visitor.open(&desk, saved.header("location")).await;
    for said in ["The decision is on the ledger", "Plans &#60;em&#62;berths", "Excluded", "CTL-2"] {
        assert!(shown.html().contains(said), "{said}: {}", shown.html());
    }
    // Who opened the form before that is told, and loses nothing.
    let late = visitor.send(&desk, &form, &[("base", ""), ("justification", "Mine")]).await;
    assert_eq!(late.status, StatusCode::PRECONDITION_FAILED);
    assert!(late.html().contains("Mine") && late.html().contains("berths&#60;/em&#62; only"));
    let wrong = visitor.send(&desk, &form, &[("base", "1"), ("owner", "PER-9")]).await;
    assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", wrong.html());
    // A step leads back here, and nowhere else.
    let step = format!("{HOUSE}/records/control_implementation/CTL-1/move");
    let next = page(&format!("?cell={CELL}"));
    for (next, led) in [(next.as_str(), next.as_str()), ("//evil.example", "/")] {
        let fields = [("base", "1"), ("step", "retire"), ("note", "x"), ("next", next)];
        let moved = visitor.send(&desk, &step, &fields).await;
        assert!(moved.status != StatusCode::SEE_OTHER || moved.header("location") == led);
    }
}

#[tokio::test]
async fn the_organisation_is_a_column_too() {
    let desk = desk().await;
    let visitor = owner(&desk).await;
    let form = page("/cell?cell=A.2.2/organisation");
    let fields = [
        ("base", "1"),
        ("applicable", "true"),
        ("justification", "Ours"),
        ("description", "A policy, see RSK-9"),
        ("owner", "PER-1"),
    ];
    let saved = visitor.send(&desk, &form, &fields).await;
    assert_eq!(saved.status, StatusCode::SEE_OTHER, "{}", saved.html());
    let record =
        visitor.open(&desk, &format!("{HOUSE}/records/control_implementation/CTL-1")).await;
    assert!(
        record.html().contains("Ours") && record.html().contains("A policy, see"),
        "{}",
        record.html()
    );
}

/// The hidden fields of the cells that a page of many holds.
fn cells(html: &str) -> Vec<String> {
    let parts = html.split("name=\"cell\" value=\"").skip(1);
    parts.map(|rest| rest.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn many_cells_are_set_all_or_none_and_undone() {
    let desk = desk().await;
    let visitor = owner(&desk).await;
    let chosen = visitor
        .open(&desk, &page("/bulk?row=A.2.2&row=A.2.3&column=SYS-1&column=organisation"))
        .await;
    let cells = cells(chosen.html());
    assert_eq!(
        cells,
        ["A.2.2/organisation@CTL-1.1", "A.2.2/SYS-1@", "A.2.3/organisation@", "A.2.3/SYS-1@"]
    );
    let fields = |step: &'static str| -> Vec<(&str, &str)> {
        let said = [("step", step), ("applicable", "false"), ("justification", "Not ours")];
        cells.iter().map(|cell| ("cell", cell.as_str())).chain(said).collect()
    };
    let set = page("/bulk");
    let nothing = visitor.send(&desk, &set, &[("cell", "A.2.2/SYS-1@")]).await;
    assert_eq!(nothing.status, StatusCode::UNPROCESSABLE_ENTITY);
    let preview = visitor.send(&desk, &set, &fields("preview")).await;
    assert!(preview.html().contains("4 of 4 would change"), "{}", preview.html());
    assert!(preview.html().contains("applies (by the organisation)"), "{}", preview.html());
    let done = visitor.send(&desk, &set, &fields("apply")).await;
    assert_eq!(done.status, StatusCode::SEE_OTHER, "{}", done.html());
    let after = visitor.open(&desk, done.header("location")).await;
    assert!(after.html().contains(">Undo</button>"), "{}", after.html());
    // The same again rests on what is no more.
    let stale = visitor.send(&desk, &set, &fields("apply")).await;
    assert_eq!(stale.status, StatusCode::PRECONDITION_FAILED);
    let entries = done.header("location").split_once("done=").unwrap().1.to_owned();
    let undone = visitor.send(&desk, &page("/undo"), &[("done", &entries)]).await;
    assert_eq!(undone.status, StatusCode::SEE_OTHER, "{}", undone.html());
    let back = data(&visitor.open(&desk, &page("?state=designed")).await);
    assert_eq!(back["controls"][0][0], "A.2.2");
    let again = visitor.send(&desk, &page("/undo"), &[("done", &entries)]).await;
    assert!(again.status.is_client_error(), "{}", again.status);
}

#[tokio::test]
async fn two_days_are_compared_and_the_past_is_only_looked_at() {
    let desk = desk().await;
    desk.at("2026-11-22T09:00:00Z");
    let decided = state(
        Kind::ControlImplementation,
        json!({ "control": "iso42001:A.2.3", "ai_system": "SYS-1", "applicable": false }),
    );
    desk.aims.execute(&Principal::operator(), Batch::of([decided])).await.unwrap();
    let visitor = owner(&desk).await;
    let compared = visitor.open(&desk, &page("?from=2026-11-21")).await;
    assert!(compared.html().contains("Since 21 Nov 2026"), "{}", compared.html());
    let flags = data(&compared)["changed"].clone();
    let rings: usize = flags
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row.as_str().unwrap().matches('1').count())
        .sum();
    assert_eq!(rings, 1);
    let past = visitor.open(&desk, &page(&format!("?as_of=2026-11-21&cell={CELL}"))).await;
    assert!(past.html().contains("As it stood on 21 Nov 2026"));
    assert!(!past.html().contains("Decide for this cell") && !past.html().contains("/soa/bulk"));
}

#[tokio::test]
async fn who_may_not_change_sees_no_controls_and_who_sees_a_part_sees_no_more() {
    let desk = desk().await;
    let viewer = Visitor::new(&desk, "lee@ferries.example", Role::Viewer).await;
    let near = viewer.open(&desk, &page(&format!("?cell={CELL}"))).await;
    assert!(!near.html().contains("Decide for this cell") && !near.html().contains("/soa/bulk"));
    for form in ["/cell?cell=A.2.2/SYS-1", "/bulk", "/undo"] {
        let fields = [
            ("cell", "A.2.2/SYS-1@"),
            ("step", "apply"),
            ("applicable", "false"),
            ("base", ""),
            ("done", "3-4"),
        ];
        let refused = viewer.send(&desk, &page(form), &fields).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{form}: {}", refused.html());
    }
    let accounts = desk.engine.accounts().unwrap();
    let account = accounts.add("ana@audit.example", "Ana").await.unwrap();
    let part = Part {
        person: Some("PER-2".parse().unwrap()),
        systems: vec!["SYS-1".parse().unwrap()],
        ..Part::of(Role::Auditor)
    };
    accounts.join(desk.aims.id(), &account.id, &part).await.unwrap();
    accounts.set_password(&account, PASSWORD).await.unwrap();
    let mut auditor = Visitor::default();
    auditor.sign_in(&desk, "ana@audit.example", PASSWORD).await;
    let matrix = auditor.open(&desk, &page("")).await;
    assert_eq!(data(&matrix)["systems"], json!([[1, "Berth planner"]]));
    assert!(!matrix.html().contains("Fare"), "{}", matrix.html());
    let hidden = auditor.open(&desk, &page("?cell=A.2.2/SYS-2")).await;
    assert_eq!(hidden.status, StatusCode::NOT_FOUND);
    let shown = auditor.open(&desk, &page(&format!("?cell={CELL}"))).await;
    assert_eq!(shown.status, StatusCode::OK, "{}", shown.html());
    let bulk = auditor.open(&desk, &page("/bulk")).await;
    assert_eq!(bulk.status, StatusCode::FORBIDDEN);
}
