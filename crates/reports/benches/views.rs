//! The Statement of Applicability of 38 controls x 1,000 AI systems as sheets, and as a spreadsheet.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a measurement that can't go on fails")]

use std::sync::LazyLock;

use divan::{Bencher, black_box};
use serde_json::json;
use surety_aims::{
    Kind,
    derive::{
        Window,
        soa::{Soa, soa},
    },
};
use surety_catalog::{Framework, Requirement, RequirementKind};
use surety_reports::{sheet::Sheet, views, xlsx};

#[expect(dead_code, reason = "shared with the tests, which use more of it")]
#[path = "../tests/views/fixture.rs"]
mod fixture;

use fixture::{Desk, TODAY, workbook};

const SYSTEMS: usize = 1_000;
const CONTROLS: usize = 38;

static DESK: LazyLock<Desk> = LazyLock::new(large);
static FRAMEWORK: LazyLock<Framework> = LazyLock::new(|| Framework {
    id: "iso42001".to_owned(),
    name: "Annex A".to_owned(),
    requirements: (0..CONTROLS).map(control).collect(),
    ..Framework::default()
});
static CONTROL_LIST: LazyLock<Vec<&Requirement>> =
    LazyLock::new(|| FRAMEWORK.requirements.iter().collect());
static SOA: LazyLock<Soa<'_>> =
    LazyLock::new(|| soa(&DESK.book, "iso42001", &CONTROL_LIST, TODAY, Window::year_to(TODAY)));

fn main() {
    LazyLock::force(&SOA);
    divan::main();
}

fn control(number: usize) -> Requirement {
    Requirement {
        id: format!("A.{}.{}", number / 5 + 2, number % 5 + 2),
        title: format!("Control number {number}"),
        kind: RequirementKind::Control,
        ..Requirement::default()
    }
}

/// Decisions for the organisation, other ones for every fifth system, and evidence for every third.
fn large() -> Desk {
    let mut desk = Desk::new();
    desk.record(Kind::Person, json!({ "position": "AI officer" }), &["active"]);
    for number in 0..SYSTEMS {
        let system = json!({ "name": format!("AI system {number}"), "owner": "PER-1" });
        desk.record(Kind::AiSystem, system, &["in_operation"]);
    }
    for number in 0..CONTROLS {
        let reference = format!("iso42001:{}", control(number).id);
        let decision = json!({
            "control": reference, "applicable": number % 9 != 0, "justification": "As the risk assessment asks.",
            "description": "Done and looked at each quarter.", "owner": "PER-1", "cadence": "quarterly",
        });
        desk.record(
            Kind::ControlImplementation,
            decision,
            &["planned", "in_progress", "implemented"],
        );
        for system in (number % 5..SYSTEMS).step_by(5) {
            let own = json!({
                "control": reference, "ai_system": format!("SYS-{}", system + 1), "applicable": system % 4 != 0,
                "description": "Done its own way.",
            });
            desk.record(
                Kind::ControlImplementation,
                own,
                &["planned", "in_progress", "implemented"],
            );
        }
        for system in (number % 3..SYSTEMS).step_by(3) {
            let month = system % 11 + 1;
            let evidence = json!({
                "title": "Export", "kind": "export", "period_from": format!("2026-{month:02}-01"),
                "period_to": format!("2026-{month:02}-28"), "supports": [reference],
                "ai_systems": [format!("SYS-{}", system + 1)],
            });
            desk.record(Kind::EvidenceItem, evidence, &["accepted"]);
        }
    }
    desk
}

fn named(sheets: impl Fn(&views::Names<'_>) -> Vec<Sheet>) -> Vec<Sheet> {
    let person = views::positions(&DESK.book);
    sheets(&views::Names { book: &DESK.book, person: &person })
}

#[divan::bench]
fn statement() -> Vec<Sheet> {
    named(|names| vec![views::soa::statement(&SOA, &FRAMEWORK, names)])
}

#[divan::bench]
fn matrix() -> Sheet {
    views::soa::matrix(&SOA, &FRAMEWORK)
}

#[divan::bench]
fn cells() -> Vec<Sheet> {
    named(|names| vec![views::soa::cells(&SOA, &FRAMEWORK, names)])
}

#[divan::bench]
fn inventory() -> Vec<Sheet> {
    named(|names| views::inventory::sheets(TODAY, Some(&SOA), names))
}

#[divan::bench(sample_count = 5, sample_size = 1)]
fn statement_and_matrix_as_xlsx(bencher: Bencher<'_, '_>) {
    let sheets = named(|names| {
        vec![views::soa::statement(&SOA, &FRAMEWORK, names), views::soa::matrix(&SOA, &FRAMEWORK)]
    });
    let workbook = workbook(views::soa::TITLE, sheets);
    bencher.bench(|| black_box(xlsx::write(&workbook).unwrap().len()));
}

#[divan::bench(sample_count = 3, sample_size = 1)]
fn every_sheet_as_xlsx(bencher: Bencher<'_, '_>) {
    let sheets = named(|names| views::soa::sheets(&SOA, &FRAMEWORK, names));
    let workbook = workbook(views::soa::TITLE, sheets);
    bencher.bench(|| black_box(xlsx::write(&workbook).unwrap().len()));
}
