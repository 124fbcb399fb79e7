//! The whole management system as YAML: out, in, and the same again.

use std::{collections::BTreeMap, path::Path};

use crate::desk::{Desk, fixture};

/// Every file below a folder, by its path in it.
fn files(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut all = BTreeMap::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(&next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(folder).unwrap().to_str().unwrap().to_owned();
                all.insert(name, std::fs::read(&path).unwrap());
            }
        }
    }
    all
}

/// Systems, an approved policy, evidence with a file, an imported framework.
fn full() -> Desk {
    let desk = Desk::with_systems();
    desk.done(&["framework", "import", &fixture("harbour.yaml")]);
    let policy = desk.write(
        "policy.json",
        r#"{"kind":"ai_policy","title":"AI policy","version":"1.0","body":"Line one.\n\nLine: two - # three.",
        "commitments":["requirements"],"owner":"PER-1","effective_from":"2026-01-01","next_review":"2027-01-01"}"#,
    );
    desk.done(&["--actor", "PER-1", "record", "create", "policy", "--json", &policy]);
    desk.done(&["--actor", "PER-1", "record", "move", "POL-1", "submit"]);
    desk.done(&["--actor", "PER-2", "record", "move", "POL-1", "approve"]);
    let log = desk.write("log.txt", "alarm at noon\n");
    desk.done(&[
        "record",
        "create",
        "evidence_item",
        "--set",
        "title=Log",
        "--set",
        "kind=log",
        "--set",
        "source=Monitoring",
        "--set",
        "collected_on=2026-11-01",
        "--set",
        "supports=iso42001:A.6.2.6,harbour:H.2",
        "--file",
        &log,
    ]);
    desk
}

#[test]
fn what_is_applied_elsewhere_is_exported_byte_for_byte() {
    let desk = full();
    desk.done(&["export", &desk.text_path("out")]);
    let other = Desk::new();
    let said = other.done(&["apply", &desk.text_path("out")]);
    assert!(said.contains("+ create POL-1 AI policy"), "the plan comes first: {said}");
    other.done(&["export", &other.text_path("out")]);
    assert_eq!(files(&other.path("out")), files(&desk.path("out")));
    assert_eq!(other.json(&["record", "show", "POL-1"])["state"], "approved");
    assert!(other.done(&["gap", "harbour"]).contains("Signals are logged"));
}

#[test]
fn applying_twice_changes_nothing() {
    let desk = full();
    desk.done(&["export", &desk.text_path("out")]);
    let before = desk.entries();
    let said = desk.done(&["apply", &desk.text_path("out")]);
    assert!(said.contains("0 to change"), "{said}");
    assert_eq!(desk.entries(), before);
}

#[test]
fn an_edited_file_is_planned_and_applied() {
    let desk = full();
    desk.done(&["export", &desk.text_path("out")]);
    let file = desk.path("out/ai_system/SYS-1.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(
        &file,
        text.replace("Plan when ferries can enter the harbour", "Plan berths by tide"),
    )
    .unwrap();
    let before = desk.entries();
    let plan = desk.done(&["apply", "--dry-run", &desk.text_path("out")]);
    assert!(plan.contains("~ update SYS-1 Tide forecast (purpose"), "{plan}");
    assert_eq!(desk.entries(), before);
    desk.done(&["apply", &desk.text_path("out")]);
    assert_eq!(desk.json(&["record", "show", "SYS-1"])["body"]["purpose"], "Plan berths by tide");
}

#[test]
fn a_record_that_left_the_folder_stays_unless_pruned() {
    let desk = full();
    desk.done(&["export", &desk.text_path("out")]);
    std::fs::remove_file(desk.path("out/evidence_item/EVD-1.yaml")).unwrap();
    desk.done(&["apply", &desk.text_path("out")]);
    desk.done(&["record", "show", "EVD-1"]);
    let said = desk.done(&["apply", "--prune", &desk.text_path("out")]);
    assert!(said.contains("- withdraw EVD-1"), "{said}");
    desk.refused(1, &["record", "show", "EVD-1"]);
}

#[test]
fn a_bad_file_is_named_with_its_line_and_nothing_is_applied() {
    let desk = full();
    desk.done(&["export", &desk.text_path("out")]);
    let edit = |name: &str, from: &str, to: &str| {
        let text = std::fs::read_to_string(desk.path(name)).unwrap();
        assert!(text.contains(from), "{name} has no {from}");
        std::fs::write(desk.path(name), text.replace(from, to)).unwrap();
    };
    edit("out/ai_system/SYS-1.yaml", "Tide forecast", "Tide outlook");
    edit("out/ai_system/SYS-2.yaml", "criticality: medium", "criticality: enormous");
    edit("out/ai_system/SYS-3.yaml", "body:", "body: [");
    edit("out/policy/POL-1.yaml", "state: approved", "state: perfect");
    let before = desk.entries();
    let ran = desk.run(&["apply", &desk.text_path("out")]);
    assert_eq!(ran.status, 1, "{ran:?}");
    let said = format!("{}{}", ran.out, ran.err);
    for wanted in [
        "ai_system/SYS-2.yaml: criticality: unknown variant `enormous`",
        "ai_system/SYS-3.yaml: ",
        "at line",
        "policy/POL-1.yaml: `perfect` is no state of a policy; its states: draft, in_review, approved, retired",
        "nothing was applied",
    ] {
        assert!(said.contains(wanted), "{wanted} is missing:\n{said}");
    }
    assert_eq!(desk.entries(), before);
    assert_eq!(desk.json(&["record", "show", "SYS-1"])["body"]["name"], "Tide forecast");
}

#[test]
fn an_approval_by_the_author_is_refused_from_a_folder_too() {
    let desk = full();
    desk.done(&["export", &desk.text_path("out")]);
    let file = desk.path("out/policy/POL-1.yaml");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text.replace("moved_by: PER-2", "moved_by: PER-1")).unwrap();
    let other = Desk::new();
    let ran = other.run(&["apply", &desk.text_path("out")]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert!(format!("{}{}", ran.out, ran.err).contains("four eyes"), "{ran:?}");
}

#[test]
fn a_folder_that_holds_something_else_is_left_alone() {
    let desk = full();
    std::fs::create_dir(desk.path("mine")).unwrap();
    std::fs::write(desk.path("mine/letter.txt"), "dear").unwrap();
    let said = desk.refused(1, &["export", &desk.text_path("mine")]);
    assert!(said.contains("surety.yaml"), "{said}");
    assert_eq!(files(&desk.path("mine")).len(), 1);
}

#[test]
fn an_export_takes_away_files_of_records_that_are_gone() {
    let desk = full();
    desk.done(&["export", &desk.text_path("out")]);
    desk.done(&["record", "withdraw", "EVD-1", "--reason", "entered twice"]);
    let said = desk.done(&["export", &desk.text_path("out")]);
    assert!(said.contains("2 taken away"), "the record and its file: {said}");
    assert!(!desk.path("out/evidence_item/EVD-1.yaml").exists());
}
