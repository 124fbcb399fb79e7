//! Answers that `classify` can't take: each is refused, says where and what, and leaves nothing behind.

use crate::{classify::answers, desk::Desk};

/// What a file of answers may hold, in bytes.
const LIMIT: usize = 1 << 20;

/// What `classify` says to a file with this text, which it must refuse with 2.
fn refused(text: &str) -> String {
    let desk = Desk::bare();
    desk.refused(2, &["classify", "--answers", &desk.write("wrong.json", text)])
}

#[test]
fn what_is_no_json_object_of_lists_names_the_file_and_says_what_is_wanted() {
    for (text, wanted) in [
        ("start: system", "one JSON object"),
        ("", "one JSON object"),
        (r#"["system"]"#, "one JSON object"),
        (r#""system""#, "one JSON object"),
        ("null", "one JSON object"),
        (r#"{"start": ["system"]} {}"#, "one JSON object"),
        (r#"{"start": ["system"]"#, "one JSON object"),
        (r#"{"start": 3}"#, "`start` has to be a list of values"),
        (r#"{"start": null}"#, "`start` has to be a list of values"),
        (r#"{"start": true}"#, "`start` has to be a list of values"),
        (r#"{"start": [3]}"#, "`start` has to be a list of values"),
        (r#"{"start": {"yes": 1}}"#, "`start` has to be a list of values"),
    ] {
        let said = refused(text);
        assert!(said.contains("wrong.json: ") && said.contains(wanted), "{text}: {said}");
    }
}

#[test]
fn a_mistake_in_the_text_has_a_place() {
    let said = refused("{\"start\": [\"system\"],\n \"def.machine\": yes}");
    assert!(said.contains("line 2 column 17"), "{said}");
}

#[test]
fn what_the_procedure_does_not_know_is_named_with_what_it_knows() {
    for (text, says) in [
        (r#"{"start.what": ["system"]}"#, "there is no question `start.what` (`start`?)"),
        (r#"{"sold_on": "2026-01-01"}"#, "`system_placed_on`, `model_placed_on`"),
        (
            r#"{"start": ["thing"]}"#,
            "`start` has no answer `thing`; answer `system`, `model`, `both`",
        ),
        (r#"{"start": ["system", "both"]}"#, "`start` takes one answer"),
        (r#"{"a3.4": ["4(a)", "none"]}"#, "`none` to `a3.4` stands alone"),
        (r#"{"a3.5": ["5(b)", "x5(b)"]}"#, "`a3.5` exclude each other"),
    ] {
        let said = refused(text);
        assert!(said.contains(says), "{text} should say {says}: {said}");
    }
}

#[test]
fn one_value_may_stand_without_a_list_and_an_empty_list_is_not_known() {
    let desk = Desk::bare();
    let of = |text: &str| {
        let file = desk.write("answers.json", text);
        desk.json(&["classify", "--answers", &file, "--format", "json"])
    };
    assert_eq!(of(r#"{"start": "system"}"#), of(r#"{"start": ["system"]}"#));
    let (unknown, absent) = (of(r#"{"start": []}"#), of("{}"));
    assert_eq!(unknown["possible_outcomes"], absent["possible_outcomes"]);
}

#[test]
fn a_file_larger_than_any_answers_is_refused_and_one_at_the_limit_is_read() {
    let desk = Desk::bare();
    let of_size = |size: usize| format!("{{}}{}", " ".repeat(size - 2));
    let large = desk.write("large.json", &of_size(LIMIT + 1));
    let said = desk.refused(2, &["classify", "--answers", &large]);
    assert!(said.contains("large.json: larger than 1048576 bytes"), "{said}");
    let full = desk.write("full.json", &of_size(LIMIT));
    desk.done(&["classify", "--answers", &full]);
}

#[test]
fn deep_nesting_is_refused_without_a_crash() {
    let said = refused(&format!("{{\"start\": {}", "[".repeat(100_000)));
    assert!(said.contains("wrong.json: "), "{said}");
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let desk = Desk::bare();
    std::fs::create_dir(desk.path("folder.json")).unwrap();
    std::fs::write(desk.path("latin.json"), b"{\"start\": [\"f\xfcr\"]}").unwrap();
    for name in ["missing.json", "folder.json", "latin.json"] {
        let said = desk.refused(1, &["classify", "--answers", &desk.text_path(name)]);
        assert!(said.starts_with("error: ") && said.contains(name), "{said}");
    }
}

#[test]
fn options_that_make_no_sense_are_wrong_use() {
    let desk = Desk::with_systems();
    for (arguments, says) in [
        (&["classify"][..], "give an AI system, --answers FILE or --all"),
        (&["classify", "--save", "--set", "start=system"], "--save needs the AI system"),
        (&["classify", "--all", "SYS-1"], "cannot be used with"),
        (&["classify", "--all", "--set", "start=system"], "cannot be used with"),
        (&["classify", "--all", "--answers", "x.json"], "x.json is no folder"),
        (&["classify", "the tide"], "`the tide` is not the id of a record"),
        (&["classify", "SYS-1", "--set", "start"], "--set start: write QUESTION=VALUE"),
        (&["classify", "SYS-1", "--set", "begin=system"], "there is no question `begin`"),
        (&["classify", "SYS-1", "--set", "start=thing"], "`start` has no answer `thing`"),
        (&["classify", "SYS-1", "--on", "soon"], "--on"),
        (&["classify", "SYS-1", "--law-as-of", "2026-02-30"], "--law-as-of"),
    ] {
        let said = desk.refused(2, arguments);
        assert!(said.contains(says), "{arguments:?} should say {says}: {said}");
    }
    assert!(desk.refused(1, &["classify", "SYS-99"]).contains("SYS-99"));
}

#[test]
fn refused_answers_leave_no_record() {
    let desk = Desk::with_systems();
    let before = desk.entries();
    let (file, save) = (answers("chatbot"), ["--save", "--answers"]);
    let wrong = desk.write("wrong.json", r#"{"start": ["thing"]}"#);
    desk.refused(2, &[&["classify", "SYS-1"][..], &save, &[&wrong]].concat());
    desk.refused(
        2,
        &[&["classify", "SYS-1", "--set", "t.1=perhaps"][..], &save, &[&file]].concat(),
    );
    desk.refused(1, &[&["classify", "SYS-99"][..], &save, &[&file]].concat());
    assert_eq!(desk.entries(), before);
}

#[test]
fn a_mistake_in_a_file_names_the_file() {
    let desk = Desk::with_systems();
    for (text, says) in [
        (r#"{ "start": ["thing"] }"#, "x.json: question `start` has no answer `thing`"),
        (r#"{ "start": ["2026-01-01"] }"#, "x.json: question `start` has no answer `2026-01-01`"),
        (r#"{ "start": ["system"], "start": ["model"] }"#, "x.json: `start` stands there twice"),
    ] {
        let file = desk.write("x.json", text);
        let said = desk.refused(2, &["classify", "--answers", &file]);
        assert!(said.contains(says), "{text} should say {says}: {said}");
    }
    let file = desk.write("x.json", "\u{feff}{ \"start\": [\"system\"] }");
    desk.done(&["classify", "--answers", &file]);
}

#[test]
fn what_is_no_ai_system_is_named_as_what_it_is() {
    let desk = Desk::with_systems();
    for command in ["classify", "obligations"] {
        assert!(desk.refused(1, &[command, "SYS-99"]).contains("there is no SYS-99"));
        let said = desk.refused(1, &[command, "PER-1"]);
        assert!(said.contains("PER-1 is a person, not an AI system"), "{said}");
    }
}
