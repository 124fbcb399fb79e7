//! `classify --save`: what is kept, once, and what the next classification starts from.

use serde_json::{Value, json};

use crate::{
    classify::{answers, classified, each},
    desk::Desk,
};

/// The classifications on record.
fn kept(desk: &Desk) -> Value {
    desk.json(&["record", "list", "classification", "--format", "json"])
}

/// What is classified from the answers on record alone.
fn again(desk: &Desk, system: &str) -> Value {
    desk.json(&["classify", system, "--format", "json"])
}

#[test]
fn a_class_is_kept_with_its_answers_and_what_followed() {
    let desk = Desk::with_systems();
    let (file, on) = (answers("recruiting"), "2026-12-02");
    let ran = desk.run(&[
        "classify",
        "SYS-1",
        "--answers",
        &file,
        "--on",
        on,
        "--save",
        "--format",
        "json",
    ]);
    assert_eq!((ran.status, ran.err.as_str()), (0, "kept as CLS-1\n"));
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    let body = &desk.json(&["record", "show", "CLS-1"])["body"];
    assert_eq!(body["ai_system"], "SYS-1");
    assert_eq!(body["system_version"], 1);
    for field in
        ["on", "law_as_of", "law_version", "outcome", "possible_outcomes", "roles", "tiers"]
    {
        assert_eq!(body[field], found[field], "{field}");
    }
    assert_eq!(body["findings"], json!(each(&found["findings"], "id")));
    let given: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    for (question, values) in given.as_object().unwrap() {
        assert_eq!(body["answers"][question], *values, "{question}");
    }
}

#[test]
fn without_save_nothing_is_kept() {
    let desk = Desk::with_systems();
    let before = desk.entries();
    desk.done(&["classify", "SYS-1", "--answers", &answers("recruiting")]);
    desk.done(&["classify", "--all"]);
    assert_eq!(desk.entries(), before);
}

#[test]
fn saving_the_same_again_adds_nothing() {
    let desk = classified();
    let before = desk.entries();
    desk.done(&["classify", "SYS-1", "--answers", &answers("recruiting"), "--save"]);
    desk.done(&["classify", "SYS-1", "--save"]);
    assert_eq!(desk.entries(), before);
    assert_eq!(each(&kept(&desk), "id"), ["CLS-1", "CLS-2"]);
}

#[test]
fn saving_a_change_gives_the_next_version() {
    let desk = classified();
    let ran = desk.run(&["classify", "SYS-1", "--set", "d.profiling=no", "--save"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, "kept as CLS-1\n"));
    let record = desk.json(&["record", "show", "CLS-1"]);
    assert_eq!(record["version"], 2);
    assert_eq!(record["body"]["answers"]["d.profiling"], json!(["no"]));
    assert_eq!(record["body"]["outcome"].as_str().unwrap_or_default(), "");
    assert!(record["body"]["still_open"].as_array().unwrap().contains(&"d.cond".into()));
    assert_eq!(kept(&desk).as_array().unwrap().len(), 2);
}

#[test]
fn an_approved_class_stays_and_a_change_is_another_record() {
    let desk = classified();
    for step in ["start", "submit"] {
        desk.done(&["record", "move", "CLS-1", step]);
    }
    desk.done(&["--actor", "PER-1", "record", "move", "CLS-1", "approve"]);
    let approved = desk.json(&["record", "show", "CLS-1"]);
    let ran = desk.run(&["classify", "SYS-1", "--set", "d.profiling=no", "--save"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, "kept as CLS-3\n"));
    assert_eq!(desk.json(&["record", "show", "CLS-1"]), approved);
    assert_eq!(again(&desk, "SYS-1")["outcome"], "high_risk_annex_iii", "the approved one counts");
}

#[test]
fn the_next_classification_starts_from_the_answers_on_record() {
    let desk = classified();
    assert_eq!(again(&desk, "SYS-1")["outcome"], "high_risk_annex_iii");
    assert_eq!(again(&desk, "SYS-2")["outcome"], "transparency");
    let changed = desk.json(&["classify", "SYS-2", "--set", "a3.4=4(a)", "--format", "json"]);
    assert!(
        changed["possible_outcomes"].as_array().unwrap().contains(&"high_risk_annex_iii".into()),
        "{changed}"
    );
}

#[test]
fn a_file_stands_instead_of_the_answers_on_record() {
    let desk = classified();
    let file = desk.write("start.json", r#"{"start": ["system"]}"#);
    let of = |system: &[&str]| {
        desk.json(&[&["classify", "--answers", &file, "--format", "json"][..], system].concat())
    };
    assert_eq!(of(&["SYS-1"]), of(&[]));
}

#[test]
fn half_answered_is_kept_and_resumed() {
    let desk = Desk::with_systems();
    desk.done(&[
        "classify",
        "SYS-1",
        "--answers",
        &answers("recruiting"),
        "--set",
        "d.profiling=",
        "--save",
    ]);
    let settled = desk.json(&["classify", "SYS-1", "--set", "d.profiling=yes", "--format", "json"]);
    assert_eq!(settled["outcome"], "high_risk_annex_iii");
}

#[test]
fn quiet_keeps_without_a_word() {
    let desk = Desk::with_systems();
    let ran = desk.run(&["-q", "classify", "SYS-1", "--answers", &answers("chatbot"), "--save"]);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    assert_eq!(each(&kept(&desk), "id"), ["CLS-1"]);
}

#[test]
fn all_systems_that_live_are_classified_at_once() {
    let desk = classified();
    desk.done(&[
        "record",
        "create",
        "ai_system",
        "--set",
        "name=Old kiosk",
        "--set",
        "in_scope=false",
    ]);
    desk.done(&["record", "create", "ai_system", "--set", "name=Rejected"]);
    desk.done(&["record", "move", "SYS-5", "reject", "--note", "not wanted"]);
    let all = desk.json(&["classify", "--all", "--format", "json"]);
    let living = ["SYS-1", "SYS-2", "SYS-3", "SYS-4"];
    assert_eq!(each(&all, "system"), living, "the law asks for no scope of a management system");
    for one in all.as_array().unwrap() {
        let alone = again(&desk, one["system"].as_str().unwrap());
        assert_eq!(one["classification"], alone, "{}", one["system"]);
    }
    let open = &all[2]["classification"];
    assert!(open.get("outcome").is_none() && !open["still_open"].as_array().unwrap().is_empty());
}

#[test]
fn all_classes_are_kept_once() {
    let desk = classified();
    desk.done(&["classify", "--all", "--save"]);
    assert_eq!(each(&kept(&desk), "id"), ["CLS-1", "CLS-2", "CLS-3"]);
    let before = desk.entries();
    desk.done(&["classify", "--all", "--save"]);
    assert_eq!(desk.entries(), before);
}

#[test]
fn a_folder_of_answers_classifies_whom_it_names() {
    let desk = Desk::with_systems();
    let folder = desk.path("answers");
    std::fs::create_dir(&folder).unwrap();
    for (system, fixture) in [("SYS-1", "recruiting"), ("SYS-2", "chatbot")] {
        std::fs::copy(answers(fixture), folder.join(format!("{system}.json"))).unwrap();
    }
    desk.done(&["classify", "--all", "--answers", folder.to_str().unwrap(), "--save"]);
    let outcome = |record: &str| {
        desk.json(&["record", "show", record])["body"]["outcome"].as_str().map(str::to_owned)
    };
    assert_eq!(outcome("CLS-1").as_deref(), Some("high_risk_annex_iii"));
    assert_eq!(outcome("CLS-2").as_deref(), Some("transparency"));
    assert_eq!(outcome("CLS-3"), None, "what the inventory says settles nothing");
}

#[test]
fn the_same_class_is_kept_once_whatever_the_day_and_also_after_approval() {
    let mut desk = Desk::with_systems();
    let save = ["classify", "SYS-1", "--answers", &answers("recruiting"), "--save"];
    desk.done(&save);
    desk.at("2026-11-21T09:00:00Z");
    assert_eq!(desk.run(&save).err, "", "nothing is kept, and nothing said");
    for step in ["start", "submit"] {
        desk.done(&["--actor", "PER-1", "record", "move", "CLS-1", step]);
    }
    desk.done(&["--actor", "PER-2", "record", "move", "CLS-1", "approve"]);
    desk.done(&save);
    assert_eq!(each(&kept(&desk), "id"), ["CLS-1"]);
    let other = ["classify", "SYS-1", "--answers", &answers("chatbot"), "--save"];
    desk.done(&other);
    desk.done(&other);
    assert_eq!(each(&kept(&desk), "id"), ["CLS-1", "CLS-2"], "a draft beside the one in force");
}

#[test]
fn reassessments_are_opened_once() {
    let desk = classified();
    let impact = ["law", "impact", "--from", "v2024", "--to", "v2026", "--open"];
    desk.done(&impact);
    let opened = each(&kept(&desk), "id").len();
    desk.done(&impact);
    assert_eq!(each(&kept(&desk), "id").len(), opened);
}

#[test]
fn what_the_impact_leaves_out_is_named() {
    let desk = Desk::with_systems();
    desk.done(&["classify", "SYS-1", "--answers", &answers("recruiting"), "--save"]);
    let found =
        desk.json(&["law", "impact", "--from", "v2024", "--to", "v2026", "--format", "json"]);
    assert_eq!(found["unclassified"], json!(["SYS-2", "SYS-3"]));
    let shown = desk.done(&["law", "impact", "--from", "v2024", "--to", "v2026"]);
    assert!(shown.contains("Not classified, so nothing can be said: SYS-2, SYS-3."), "{shown}");
}

#[test]
fn a_system_whose_answers_do_not_fit_is_named_and_the_others_are_classified() {
    let desk = Desk::with_systems();
    let bad = r#"{ "ai_system": "SYS-3", "law": "eu-ai-act", "answers": { "start": ["thing"] } }"#;
    desk.done(&["record", "create", "classification", "--json", &desk.write("bad.json", bad)]);
    let ran = desk.run(&["classify", "--all", "--format", "json"]);
    assert_eq!(ran.status, 1);
    assert!(ran.err.contains("SYS-3: question `start` has no answer `thing`"), "{ran:?}");
    let found: Value = serde_json::from_str(&ran.out).unwrap();
    assert_eq!(each(&found, "system"), ["SYS-1", "SYS-2"]);
}
