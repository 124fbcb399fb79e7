//! How fast libraries are read: a large fictional one in the shapes of the published ones. The promise is 8 MB/s a core.

use divan::{Bencher, counter::BytesCount};
use surety_formats::library::{read, recognise};

const REQUIREMENTS: usize = 5_000;
const CONTROLS: usize = 5_000;

fn main() {
    divan::main();
}

#[divan::bench]
fn ciso_assistant_framework(bencher: Bencher<'_, '_>) {
    let text = ciso_framework();
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        read("large.yaml", divan::black_box(text.as_bytes()))
            .expect("the made-up library is well-formed")
    });
}

#[divan::bench]
fn ciso_assistant_mapping_set(bencher: Bencher<'_, '_>) {
    let text = ciso_mapping();
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        read("mapping.yaml", divan::black_box(text.as_bytes()))
            .expect("the made-up library is well-formed")
    });
}

#[divan::bench]
fn oscal_catalog(bencher: Bencher<'_, '_>) {
    let text = oscal();
    bencher.counter(BytesCount::of_str(&text)).bench(|| {
        read("large.json", divan::black_box(text.as_bytes()))
            .expect("the made-up library is well-formed")
    });
}

#[divan::bench]
fn recognition(bencher: Bencher<'_, '_>) {
    let text = ciso_framework();
    bencher.bench(|| {
        recognise("large.yaml", divan::black_box(text.as_bytes()))
            .expect("the made-up library is well-formed")
    });
}

/// The Python library that publishers use quotes, folds and escapes in these ways.
fn ciso_framework() -> String {
    let mut text = String::from(
        "urn: urn:acme:risk:library:large\nlocale: en\nref_id: large\nname: Large\nversion: 1\nobjects:\n  framework:\n    \
         urn: urn:acme:risk:framework:large\n    name: Large\n    implementation_groups_definition:\n    - ref_id: base\n      \
         name: Base\n    requirement_nodes:\n",
    );
    for number in 0..REQUIREMENTS {
        let parent = number - number % 10;
        let parent_line = if number == parent {
            String::new()
        } else {
            format!("      parent_urn: urn:acme:risk:req_node:large:{parent}\n")
        };
        text.push_str(&format!(
            "    - urn: urn:acme:risk:req_node:large:{number}\n      assessable: {}\n      depth: 1\n{parent_line}      \
             ref_id: '{number}'\n      name: Requirement number {number}\n      description: 'The organisation shall keep lamp \
             {number} alight, and shall\n        look after the keeper''s health; the keeper writes down each night what was\n        \
             seen.\n\n        Every month the book is read by another person.'\n      annotation: \"Lamps \\u2014 and their oil \
             \\u2014 are \\\n        \\ bought in spring\"\n      implementation_groups:\n      - base\n      translations:\n        \
             fr:\n          name: Exigence {number}\n          description: Une phrase assez longue pour ressembler au texte.\n",
            number != parent,
        ));
    }
    text
}

fn ciso_mapping() -> String {
    let mut text = String::from(
        "urn: urn:acme:risk:library:mapping\nlocale: en\nname: Mapping\nversion: 1\nobjects:\n  requirement_mapping_sets:\n  \
         - urn: urn:acme:risk:req_mapping_set:mapping\n    source_framework_urn: urn:acme:risk:framework:a\n    \
         target_framework_urn: urn:acme:risk:framework:b\n    requirement_mappings:\n",
    );
    for number in 0..REQUIREMENTS {
        text.push_str(&format!(
            "    - source_requirement_urn: urn:acme:risk:req_node:a:{number}\n      \
             target_requirement_urn: urn:acme:risk:req_node:b:{}\n      relationship: intersect\n      rationale: semantic\n",
            number / 3,
        ));
    }
    text
}

fn oscal() -> String {
    let mut controls = Vec::with_capacity(CONTROLS);
    for number in 0..CONTROLS {
        controls.push(format!(
            r##"{{"id":"c-{number}","class":"rule","title":"Control {number}","params":[{{"id":"c-{number}_prm_1","label":"defined hours"}}],
            "props":[{{"name":"label","value":"C-{number}"}},{{"name":"sort-id","value":"c-{number:05}"}}],"links":[{{"href":"#c-1","rel":"related"}}],
            "parts":[{{"id":"c-{number}_smt","name":"statement","prose":"Keep lamp {number} alight for {{{{ insert: param, c-{number}_prm_1 }}}}:",
            "parts":[{{"id":"c-{number}_smt.a","name":"item","props":[{{"name":"label","value":"a."}}],"prose":"with oil that was bought in spring;"}}]}},
            {{"id":"c-{number}_gdn","name":"guidance","prose":"A keeper who sleeps by day keeps a better light by night."}}]}}"##
        ));
    }
    format!(
        r#"{{"catalog":{{"uuid":"u","metadata":{{"title":"Large","version":"1","oscal-version":"1.1.2"}},"controls":[{}]}}}}"#,
        controls.join(",")
    )
}
