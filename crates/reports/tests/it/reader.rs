use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use ring::digest::{SHA256, digest};
use serde_json::Value;
use serde_json::value::to_raw_value;
use surety_reports::reader::{self, HistoryEntry, ReaderInput, ReaderRecord, Section, usual_steps};

use crate::fixture;
use crate::hostile::{any_text, sheet_of, tricks};

/// The text between the first `from` and the next `to`.
fn between<'a>(text: &'a str, from: &str, to: &str) -> &'a str {
    let start = text.find(from).unwrap() + from.len();
    &text[start..start + text[start..].find(to).unwrap()]
}

/// The page without its style, script and data.
fn markup(page: &str) -> String {
    let title = between(page, "<title>", "<style>");
    let data = page.find("<script").unwrap();
    format!("<title>{title}{}", &page[page.find("</head>").unwrap()..data])
}

fn data(page: &str) -> Value {
    serde_json::from_str(between(page, "id=\"data\">", "</script>")).unwrap()
}

/// A page with `texts` in every place that takes text.
fn page_of(texts: &[String]) -> String {
    let all = texts.concat();
    let mut input = fixture::reader(1);
    input.meta.organisation.clone_from(&all);
    input.meta.title.clone_from(&all);
    input.meta.ledger_root.clone_from(&all);
    input.facts = vec![(all.clone(), all.clone())];
    input.checkpoint.clone_from(&all);
    input.steps = usual_steps(&all);
    input.sections =
        vec![Section { anchor: all.clone(), lead: all.clone(), sheet: sheet_of(texts) }];
    input.records = vec![ReaderRecord {
        id: all.clone(),
        kind: all.clone(),
        title: all.clone(),
        state: all.clone(),
        mark: None,
        body: to_raw_value(&serde_json::json!({ all.as_str(): texts })).unwrap(),
        history: vec![HistoryEntry {
            seq: 0,
            at: fixture::meta().made_at,
            actor: all.clone(),
            action: all.clone(),
            reason: all.clone(),
            leaf_hash: all.clone(),
            proof: Some(texts.to_vec()),
        }],
    }];
    reader::write(&input).unwrap()
}

#[test]
fn the_page_shows_tables_records_and_how_to_verify() {
    let mut input: ReaderInput = fixture::reader(1);
    input.sections.retain(|section| section.anchor == "due");
    insta::assert_snapshot!(markup(&reader::write(&input).unwrap()));
}

#[test]
fn the_page_asks_for_nothing_outside_itself() {
    let page = reader::write(&fixture::reader(20)).unwrap();
    for outside in [
        "http://",
        "https://",
        " src=",
        "url(",
        "@import",
        "<link",
        "fetch(",
        "innerHTML",
        " style=\"",
        "onclick",
    ] {
        assert!(!page.contains(outside), "{outside}");
    }
}

#[test]
fn only_its_own_style_and_script_may_run() {
    let page = reader::write(&fixture::reader(1)).unwrap();
    let hash = |text: &str| STANDARD.encode(digest(&SHA256, text.as_bytes()));
    let policy = between(&page, "Content-Security-Policy\" content=\"", "\"");
    let (style, script) =
        (between(&page, "<style>", "</style>"), between(&page, "<script>", "</script>"));
    let expected = format!(
        "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-{}'; script-src 'sha256-{}'",
        hash(style),
        hash(script),
    );
    assert_eq!(policy, expected);
}

#[test]
fn every_table_has_a_caption_and_every_heading_a_scope() {
    let page = markup(&reader::write(&fixture::reader(20)).unwrap());
    assert_eq!(page.matches("<table").count(), page.matches("<caption").count());
    let headings = page.matches("<th").count() - page.matches("<thead").count();
    assert_eq!(headings, page.matches("scope=\"").count());
    for landmark in ["<header>", "<nav aria-label", "<main id", "<footer>", "<dialog id"] {
        assert_eq!(page.matches(landmark).count(), 1, "{landmark}");
    }
}

#[test]
fn a_shape_that_stands_alone_has_its_word_as_its_name() {
    let page = markup(&reader::write(&fixture::reader(20)).unwrap());
    let shapes = page.matches("<span class=\"k ").count();
    let hidden = page.matches("aria-hidden=\"true\"").count();
    let named = page.matches("role=\"img\" aria-label=\"").count();
    assert_eq!(shapes, hidden + named);
    assert_eq!(named, 38 * 20);
    assert!(page.contains("role=\"img\" aria-label=\"not justified\""));
}

#[test]
fn ids_of_records_are_links_and_other_words_are_not() {
    let page = reader::write(&fixture::reader(1)).unwrap();
    assert!(page.contains("Treats <a href=\"#RSK-7\">RSK-7</a>, unfair"));
    assert!(page.contains("<tr id=\"RSK-7\">"));
    // SUP-1 is in a table but not among the records.
    assert!(page.contains("SUP-1") && !page.contains("#SUP-1"));
}

#[test]
fn a_record_keeps_the_order_of_its_fields() {
    let page = reader::write(&fixture::reader(1)).unwrap();
    let written = between(&page, "id=\"data\">", "</script>");
    assert!(written.find("\"purpose\"").unwrap() < written.find("\"origin\"").unwrap());
    assert_eq!(data(&page)["records"][0]["history"][1]["seq"], 2);
}

#[test]
fn a_file_name_is_one_word_of_a_shell() {
    let command = |file: &str| usual_steps(file)[0].command.clone();
    assert_eq!(command("acme-2026.zip"), "surety verify acme-2026.zip");
    assert_eq!(command("a b.zip"), "surety verify 'a b.zip'");
    assert_eq!(command("it's;rm -rf.zip"), "surety verify 'it'\\''s;rm -rf.zip'");
    assert_eq!(command("-o.zip"), "surety verify './-o.zip'");
}

#[test]
fn every_colour_of_text_has_enough_contrast_in_light_and_dark() {
    let page = reader::write(&fixture::reader(1)).unwrap();
    let style = between(&page, "<style>", "</style>");
    for (theme, from) in [("light", ":root {"), ("dark", "(prefers-color-scheme: dark) {")] {
        let tokens = between(style, from, "}");
        let colour = |name: &str| luminance(between(tokens, &format!("--{name}: #"), ";"));
        for ground in ["paper", "band", "hover"] {
            for ink in ["ink", "soft", "link", "good", "info", "warn", "bad", "neutral", "na"] {
                let (one, other) = (colour(ground) + 0.05, colour(ink) + 0.05);
                let contrast = (one / other).max(other / one);
                assert!(contrast >= 4.5, "{theme}: {ink} on {ground} is {contrast:.2}");
            }
        }
    }
}

/// Relative luminance of a colour given as six hexadecimal digits (WCAG 2.2).
#[expect(clippy::float_arithmetic, reason = "the definition is in floating point")]
fn luminance(hex: &str) -> f64 {
    let channel = |at: usize| {
        let value = f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
        if value <= 0.040_45 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
    };
    0.2126 * channel(0) + 0.7152 * channel(2) + 0.0722 * channel(4)
}

/// The names of all elements opened or closed in `markup`.
fn elements(markup: &str) -> Vec<&str> {
    let opened = markup.split('<').skip(1);
    opened.map(|tag| tag.trim_start_matches('/').split([' ', '>', '\n']).next().unwrap()).collect()
}

#[test]
fn no_trick_becomes_markup() {
    let plain = markup(&page_of(&vec!["x".to_owned(); tricks().len()]));
    let hostile = markup(&page_of(&tricks()));
    assert_eq!(elements(&hostile), elements(&plain));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn foreign_text_adds_no_element_and_the_data_comes_back(texts in proptest::collection::vec(any_text(), 1..5)) {
        let page = page_of(&texts);
        let plain = page_of(&vec!["x".to_owned(); texts.len()]);
        let (with, without) = (markup(&page), markup(&plain));
        // An empty text has no cell of its own to mark; elements otherwise stay the same.
        let tables = |markup: &str| elements(markup).iter().filter(|name| **name == "tr" || **name == "table").count();
        prop_assert_eq!(tables(&with), tables(&without));
        let known = elements(&without);
        prop_assert!(elements(&with).iter().all(|name| known.contains(name)));
        prop_assert_eq!(page.matches("<script").count(), 2);
        prop_assert_eq!(page.matches("</script").count(), 2);
        let record = &data(&page)["records"][0];
        prop_assert_eq!(record["title"].as_str().unwrap(), texts.concat());
        prop_assert_eq!(&record["body"][texts.concat()], &serde_json::json!(texts));
    }
}
