//! Files made to do harm are refused, quickly and with a reason; nothing panics.

use proptest::prelude::*;
use surety_formats::{
    library::{FormatError, read, recognise},
    limits::{LimitError, MAX_BYTES, MAX_DEPTH, MAX_NODES},
};

use crate::{HARBOUR, OSCAL_CATALOG, OSCAL_MAPPING, OSCAL_PROFILE};

const HEAD: &str = "urn: urn:a:b:library:m\nversion: 1\nobjects: {}\n";

fn limit(name: &str, text: &str) -> LimitError {
    match read(name, text.as_bytes()) {
        Err(FormatError::Limit { limit, .. }) => limit,
        other => panic!("not refused by a limit: {:?}", other.map(|import| import.report)),
    }
}

#[test]
fn a_file_that_is_too_large_is_not_even_parsed() {
    let error = read("big.yaml", &vec![b'a'; MAX_BYTES + 1]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "big.yaml: the file has 67108865 bytes, more than the 67108864 that are read; split it"
    );
}

#[test]
fn nesting_is_refused_beyond_the_limit_and_allowed_up_to_it() {
    let yaml = |depth: usize| format!("{HEAD}deep: {}{}\n", "[".repeat(depth), "]".repeat(depth));
    let json = |depth: usize| {
        let (open, close) = ("[".repeat(depth), "]".repeat(depth));
        format!(r#"{{"urn": "urn:a:b:library:m", "objects": {{}}, "deep": {open}{close}}}"#)
    };
    for depth in [MAX_DEPTH, 1_000, 100_000] {
        assert_eq!(limit("deep.yaml", &yaml(depth)), LimitError::TooDeep, "{depth}");
        assert_eq!(limit("deep.json", &json(depth)), LimitError::TooDeep, "{depth}");
    }
    assert!(read("deep.yaml", yaml(MAX_DEPTH - 1).as_bytes()).is_ok());
    assert!(read("deep.json", json(MAX_DEPTH - 2).as_bytes()).is_ok());
}

#[test]
fn block_nesting_without_brackets_is_refused_too() {
    for unit in ["- ", "? "] {
        assert_eq!(
            limit("deep.yaml", &format!("{HEAD}deep:\n  {}x\n", unit.repeat(10_000))),
            LimitError::TooDeep
        );
    }
    let stairs: String = (0..300).map(|depth| format!("{}a:\n", " ".repeat(depth))).collect();
    assert_eq!(limit("deep.yaml", &format!("{HEAD}{stairs}")), LimitError::TooDeep);
}

#[test]
fn aliases_that_multiply_are_refused() {
    let mut text = format!("{HEAD}a: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for level in 1..10 {
        let previous = format!("*a{}", level - 1);
        text.push_str(&format!("b{level}: &a{level} [{}]\n", vec![previous; 10].join(", ")));
    }
    assert_eq!(limit("laughs.yaml", &text), LimitError::TooManyNodes);
}

#[test]
fn aliases_to_a_long_text_are_refused() {
    let text = format!("{HEAD}a: &a {}\nb: [{}]\n", "x".repeat(1 << 20), "*a, ".repeat(200));
    assert_eq!(limit("long.yaml", &text), LimitError::TooMuchText);
}

#[test]
fn aliases_that_nest_are_refused_before_they_reach_the_stack() {
    let mut text = format!("{HEAD}a0: &a0 [x]\n");
    for level in 1..2_000 {
        text.push_str(&format!("a{level}: &a{level} [*a{}]\n", level - 1));
    }
    assert_eq!(limit("nest.yaml", &text), LimitError::TooDeep);
}

#[test]
fn an_alias_inside_its_own_value_is_refused() {
    let error = read("self.yaml", format!("{HEAD}a: &a [*a]\n").as_bytes()).unwrap_err();
    assert!(
        error.to_string().contains("an alias stands inside the value that it repeats"),
        "{error}"
    );
}

#[test]
fn too_many_values_are_refused() {
    let yaml = format!("{HEAD}many:\n{}", "- 1\n".repeat(MAX_NODES));
    assert_eq!(limit("many.yaml", &yaml), LimitError::TooManyNodes);
    let json = format!(
        r#"{{"urn": "urn:a:b:library:m", "objects": {{}}, "many": [{}1]}}"#,
        "1,".repeat(MAX_NODES)
    );
    assert_eq!(limit("many.json", &json), LimitError::TooManyNodes);
}

#[test]
fn maps_that_multiply_to_too_many_pairs_are_refused() {
    let ends = vec![r#"{"type":"control","id-ref":"x"}"#; 2_000].join(",");
    let text = format!(
        r#"{{"mapping-collection":{{"uuid":"u","metadata":{{"title":"T","oscal-version":"1.2.2"}},"mappings":[{{"uuid":"m",
        "source-resource":{{"href":"a"}},"target-resource":{{"href":"b"}},
        "maps":[{{"uuid":"1","relationship":"equal-to","sources":[{ends}],"targets":[{ends}]}}]}}]}}}}"#
    );
    let error = read("pairs.json", text.as_bytes()).unwrap_err();
    assert!(error.to_string().contains("more than 1000000 pairs"), "{error}");
}

#[test]
fn parameters_that_insert_each_other_come_to_an_end() {
    let choices = vec!["\"{{ insert: param, p }}\""; 20].join(",");
    let text = format!(
        r#"{{"catalog":{{"uuid":"u","metadata":{{"title":"T","oscal-version":"1.2.2"}},
        "params":[{{"id":"p","select":{{"choice":[{choices}]}}}}],
        "controls":[{{"id":"c","title":"C","parts":[{{"name":"statement","prose":"{{{{ insert: param, p }}}}"}}]}}]}}}}"#
    );
    let library = read("loop.json", text.as_bytes()).unwrap().library;
    assert!(library.frameworks[0].requirements[0].text.len() < 64 << 20);
}

#[test]
fn many_equal_identifiers_take_no_longer_than_many_different_ones() {
    let nodes = "    - {urn: u, ref_id: r, implementation_groups: [g]}\n".repeat(50_000);
    let text = format!(
        "urn: urn:a:b:library:m\nobjects:\n  framework:\n    urn: urn:a:b:framework:m\n    requirement_nodes:\n{nodes}"
    );
    let import = read("same.yaml", text.as_bytes()).unwrap();
    assert_eq!(import.report.counts.requirements, 50_000);
    assert_eq!(import.report.problems.len(), 1_000);
    assert!(import.report.problems_left_out > 40_000);
}

fn fixture() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop_oneof![
        Just(("f.yaml", HARBOUR)),
        Just(("f.json", OSCAL_CATALOG)),
        Just(("f.json", OSCAL_PROFILE)),
        Just(("f.json", OSCAL_MAPPING)),
    ]
}

/// What a mutation puts in: single bytes, and tokens that mean something to the readers.
fn insertion() -> impl Strategy<Value = Vec<u8>> {
    prop_oneof![
        any::<u8>().prop_map(|byte| vec![byte]),
        prop::sample::select(vec![
            "\n", "- ", ": ", "{", "}", "[", "]", "\"", "'", "&a ", "*a ", "!x ", "<<: ", "null",
            "|\n", "---\n", "? ", "{{", "}}", ",", "\t", "%", "\r\n"
        ])
        .prop_map(|token| token.as_bytes().to_vec()),
    ]
}

proptest! {
    #[test]
    fn arbitrary_bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        for name in ["x.yaml", "x.json", "x"] {
            let recognised = recognise(name, &bytes);
            let read = read(name, &bytes);
            prop_assert!(read.is_err() || recognised.is_some());
        }
    }

    #[test]
    fn mutated_files_never_panic_and_what_is_read_is_sound(
        (name, text) in fixture(),
        mutations in prop::collection::vec((any::<prop::sample::Index>(), 0_usize..12, insertion()), 1..6),
    ) {
        let mut bytes = text.as_bytes().to_vec();
        for (place, removed, inserted) in mutations {
            let start = place.index(bytes.len());
            let end = (start + removed).min(bytes.len());
            bytes.splice(start..end, inserted);
        }
        if let Ok(import) = read(name, &bytes) {
            for framework in &import.library.frameworks {
                let mut seen = std::collections::HashSet::new();
                for one in &framework.requirements {
                    if let Some(parent) = &one.parent {
                        prop_assert!(seen.contains(parent), "parents precede their children");
                    }
                    prop_assert!(seen.insert(one.id.clone()), "ids are unique");
                }
            }
        }
    }
}
