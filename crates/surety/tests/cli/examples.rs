//! The fictional company under `examples/` stays believable: everything applies, and the matrix is a mix.

use std::path::Path;

use serde_json::Value;

use crate::desk::Desk;

fn example(name: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples").join(name);
    path.canonicalize().unwrap().to_str().unwrap().to_owned()
}

/// As `examples/tour.sh` tells it.
pub(crate) fn company() -> Desk {
    let mut desk = Desk::bare();
    desk.at("2026-01-19T08:30:00Z").done(&["init", "--org", "Nordlicht Mobility GmbH"]);
    let files = [
        "inventory.csv",
        "suppliers-and-risks.xlsx",
        "lumi.cdx.json",
        "damage-detection/dataset-card.md",
        "damage-detection/model-card.md",
        "route-optimiser/ride-requests.croissant.json",
    ]
    .map(example);
    let import: Vec<&str> =
        std::iter::once("import").chain(files.iter().map(String::as_str)).collect();
    let ran = desk.run(&import);
    assert_eq!(ran.status, 1, "one date is wrong on purpose: {ran:?}");
    assert_eq!(ran.err.matches(": error: ").count(), 1, "{}", ran.err);
    desk.at("2026-06-22T09:00:00Z").done(&["apply", &example("aims/2026-06")]);
    desk.at("2026-11-20T15:00:00Z").done(&["apply", &example("aims/2026-11")]);
    desk
}

#[test]
fn the_matrix_of_the_example_is_a_believable_mix() {
    let desk = company();
    let soa = desk.json(&["soa", "--format", "json"]);
    assert_eq!(soa["systems"].as_array().unwrap().len(), 11, "the rejected system is no column");
    let cells = soa["cells"].as_array().unwrap();
    let count = |holds: &dyn Fn(&Value) -> bool| cells.iter().filter(|cell| holds(cell)).count();
    let is = |field: &'static str| move |cell: &Value| cell[field] == true;
    assert!(count(&is("operating")) > 100);
    assert!(count(&|cell| cell["documented"] == true && cell["operating"] == false) > 50);
    assert!(count(&|cell| cell["state"] == "undecided") > 5);
    assert!(count(&|cell| cell["applicable"] == false && cell["justification"] != "") > 5);
    assert!(count(&|cell| cell["level"] == "group") > 5);
    assert!(count(&|cell| cell["level"] == "ai_system") > 3);
    assert!(count(&|cell| cell["why"].to_string().contains("lapsed")) > 5);
}

#[test]
fn the_example_applies_once_and_packs() {
    let desk = company();
    // The later folder restates some records of the earlier one, so only the later one must be settled.
    let said = desk.done(&["apply", "--dry-run", &example("aims/2026-11")]);
    assert!(said.contains("0 to change"), "{said}");
    desk.done(&["pack", "-o", &desk.text_path("pack.zip")]);
    desk.done(&["verify", &desk.text_path("pack.zip")]);
    desk.done(&["ledger", "verify", "--rebuild"]);
}

/// Files of the example are what `surety export` writes, so that a diff in git shows changes only.
#[test]
fn the_example_is_written_as_an_export_is() {
    let desk = company();
    desk.done(&["export", &desk.text_path("out")]);
    let later = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/aims/2026-11");
    for kind in std::fs::read_dir(&later).unwrap().flatten().filter(|entry| entry.path().is_dir()) {
        for file in std::fs::read_dir(kind.path()).unwrap().flatten() {
            let name = file.path().strip_prefix(&later).unwrap().to_owned();
            let exported = std::fs::read(desk.path("out").join(&name)).unwrap();
            assert!(exported == std::fs::read(file.path()).unwrap(), "{} differs", name.display());
        }
    }
}

#[test]
fn the_tour_runs_from_beginning_to_end() {
    let desk = Desk::bare();
    let output = std::process::Command::new(example("tour.sh"))
        .env("SURETY", env!("CARGO_BIN_EXE_surety"))
        .env("SURETY_TOUR", desk.path("tour"))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    for wanted in [
        "38 controls x 11 AI systems",
        "the evidence has lapsed",
        "verified: Nordlicht Mobility GmbH",
    ] {
        assert!(said.contains(wanted), "{wanted} is missing:\n{said}");
    }
    assert!(desk.path("tour/SoA.xlsx").exists() && desk.path("tour/audit-pack.zip").exists());
}
