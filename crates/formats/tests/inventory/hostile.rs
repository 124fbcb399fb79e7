//! Strangers' bytes: nothing panics, nothing outgrows its limits, and the same bytes always mean the same.

use std::io::Write;

use proptest::prelude::*;
use surety_formats::inventory::{Format, InventoryError, Options, read, recognise};
use zip::{ZipWriter, write::SimpleFileOptions};

use crate::with;

const SEEDS: [(&str, &[u8]); 8] = [
    ("a.csv", include_bytes!("fixtures/ai-inventory.csv")),
    ("r.csv", include_bytes!("fixtures/risk-register.csv")),
    ("b.json", include_bytes!("fixtures/model-bom.cdx.json")),
    ("s.json", include_bytes!("fixtures/ordinary-sbom.cdx.json")),
    ("x.json", include_bytes!("fixtures/ai.spdx3.json")),
    ("m.md", include_bytes!("fixtures/model-card.md")),
    ("d.md", include_bytes!("fixtures/dataset-card.md")),
    ("c.json", include_bytes!("fixtures/croissant.json")),
];

/// Reads the bytes every way there is; two readings must agree.
fn survive(name: &str, bytes: &[u8]) {
    recognise(name, bytes);
    let once = read(name, bytes, &Options::default());
    assert_eq!(once, read(name, bytes, &Options::default()));
    for format in Format::ALL {
        drop(read(name, bytes, &with(|options| options.format = Some(format))));
    }
}

/// Replaces, removes, repeats or inserts a stretch.
fn mutated(seed: &[u8], cuts: &[(u16, u8, Vec<u8>)]) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for (at, length, with) in cuts {
        let start = usize::from(*at) % (bytes.len() + 1);
        let end = (start + usize::from(*length)).min(bytes.len());
        bytes.splice(start..end, with.iter().copied());
    }
    bytes
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(192))]

    #[test]
    fn any_bytes_are_survived(name in "(a|a.csv|a.md|a.json|a.xlsx)", bytes in proptest::collection::vec(any::<u8>(), 0..600)) {
        survive(&name, &bytes);
    }

    #[test]
    fn any_text_is_survived(name in "(a|a.csv|a.md|README.md)", text in "([-#|;,\"'\\[\\](){}<>:*~`!&%@ \\t\\n]|[a-zA-Z0-9äßé\u{feff}]){0,300}") {
        survive(&name, text.as_bytes());
    }

    #[test]
    fn damaged_files_are_survived(seed in 0..SEEDS.len(), cuts in proptest::collection::vec((any::<u16>(), any::<u8>(), proptest::collection::vec(any::<u8>(), 0..9)), 1..6)) {
        let (name, bytes) = SEEDS[seed];
        survive(name, &mutated(bytes, &cuts));
    }

    #[test]
    fn tables_of_any_cells_are_survived(cells in proptest::collection::vec(proptest::collection::vec("[ -~äöü\n\"]{0,12}", 4), 0..12)) {
        let mut text = String::from("AI system,Risk class,Go-live date,Owner\n");
        for row in &cells {
            let quoted: Vec<String> = row.iter().map(|cell| format!("\"{}\"", cell.replace('"', "\"\""))).collect();
            text.push_str(&quoted.join(","));
            text.push('\n');
        }
        let reading = read("a.csv", text.as_bytes(), &Options::default()).unwrap();
        let named = cells.iter().filter(|row| !row[0].trim().is_empty()).count();
        let systems = reading.proposals.iter().filter(|proposal| !proposal.mention).count();
        prop_assert!(systems <= named);
    }

    #[test]
    fn damaged_workbooks_are_survived(cuts in proptest::collection::vec((any::<u16>(), 0_u8..4, proptest::collection::vec(any::<u8>(), 0..4)), 1..4)) {
        survive("a.xlsx", &mutated(&small_workbook(SHEET), &cuts));
    }

    #[test]
    fn damaged_sheets_are_survived(cuts in proptest::collection::vec((any::<u16>(), 0_u8..9, "[<>/a-zA-Z0-9=\" ]{0,8}".prop_map(String::into_bytes)), 1..4)) {
        survive("a.xlsx", &small_workbook(&mutated(SHEET, &cuts)));
    }
}

#[test]
fn reading_twice_gives_the_same_proposals() {
    for (name, bytes) in SEEDS {
        let once = serde_json::to_string(&read(name, bytes, &Options::default()).unwrap()).unwrap();
        let twice =
            serde_json::to_string(&read(name, bytes, &Options::default()).unwrap()).unwrap();
        assert_eq!(once, twice, "{name}");
    }
}

#[test]
fn no_two_proposals_of_a_file_share_their_identity() {
    for (name, bytes) in SEEDS {
        let mut seen = std::collections::HashSet::new();
        for proposal in read(name, bytes, &Options::default()).unwrap().proposals {
            assert!(
                seen.insert((proposal.kind, proposal.source.clone(), proposal.external_id.clone())),
                "{name}: {}",
                proposal.external_id
            );
        }
    }
}

#[test]
fn deep_and_wide_documents_are_refused() {
    let deep =
        format!("{{\"bomFormat\":\"CycloneDX\",\"x\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    assert!(read("deep.json", deep.as_bytes(), &Options::default()).is_err());
    let wide = format!("{{\"bomFormat\":\"CycloneDX\",\"x\":[{}0]}}", "0,".repeat(1_100_000));
    assert!(read("wide.json", wide.as_bytes(), &Options::default()).is_err());
    let bomb = (1..12).fold("a0: &a0 [x,x]\n".to_owned(), |text, n| {
        let before = n - 1;
        format!("{text}a{n}: &a{n} [*a{before},*a{before},*a{before},*a{before}]\n")
    });
    let card = format!("---\nlicense: mit\ntags: []\n{bomb}---\n# Bomb model\n");
    let reading =
        read("bomb.md", card.as_bytes(), &with(|options| options.format = Some(Format::ModelCard)))
            .unwrap();
    assert!(
        reading
            .problems
            .iter()
            .any(|problem| problem.message.contains("front matter is not readable"))
    );
}

#[test]
fn a_huge_file_is_refused_unread() {
    let huge = vec![b' '; 65 << 20];
    assert_eq!(recognise("huge.csv", &huge), None);
    assert!(matches!(
        read("huge.csv", &huge, &Options::default()),
        Err(InventoryError::TooLarge { .. })
    ));
}

#[test]
fn a_huge_cell_is_taken_and_shortened_in_messages() {
    let text = format!("AI system,Risk class,Purpose\nTriage,{},x\n", "y".repeat(1 << 20));
    let reading = read("a.csv", text.as_bytes(), &Options::default()).unwrap();
    assert!(reading.problems[0].message.len() < 400);
}

#[test]
fn a_zip_bomb_is_refused_by_what_it_unpacks_to() {
    let error = read(
        "bomb.xlsx",
        &workbook(&[("xl/media/bomb.bin", &vec![0; 140 << 20])]),
        &Options::default(),
    )
    .unwrap_err();
    assert!(
        matches!(&error, InventoryError::TooLarge { what, .. } if what.contains("unpacks")),
        "{error}"
    );
    let many: Vec<(String, Vec<u8>)> =
        (0..10_001).map(|n| (format!("xl/{n}"), Vec::new())).collect();
    let parts: Vec<(&str, &[u8])> =
        many.iter().map(|(name, bytes)| (name.as_str(), bytes.as_slice())).collect();
    let error = read("many.xlsx", &workbook(&parts), &Options::default()).unwrap_err();
    assert!(
        matches!(&error, InventoryError::TooLarge { what, .. } if what.contains("parts")),
        "{error}"
    );
}

#[test]
fn two_far_corners_do_not_make_a_huge_grid() {
    let sheet = br#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>AI system</t></is></c><c r="B1" t="inlineStr"><is><t>Vendor</t></is></c></row>
        <row r="2"><c r="A2" t="inlineStr"><is><t>Triage</t></is></c><c r="B2" t="inlineStr"><is><t>Acme</t></is></c></row>
        <row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>far</t></is></c></row></sheetData>
        <mergeCells><mergeCell ref="A2:XFD1048576"/></mergeCells></worksheet>"#;
    let reading = read("far.xlsx", &small_workbook(sheet), &Options::default()).unwrap();
    assert_eq!(reading.proposals[0].name, "Triage");
    assert!(reading.notices.iter().any(|notice| notice.contains("columns")));
}

#[test]
fn impossible_cell_references_are_refused_or_passed_over() {
    let sheet = br#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="99999999999999999999"><c r="ABCDEFGHIJKLMN99999999999999"><v>1</v></c></row></sheetData></worksheet>"#;
    assert!(read("far.xlsx", &small_workbook(sheet), &Options::default()).is_err());
}

const SHEET: &[u8] = br#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
<row r="1"><c r="A1" t="inlineStr"><is><t>AI system</t></is></c><c r="B1" t="inlineStr"><is><t>Vendor</t></is></c></row>
<row r="2"><c r="A2" t="inlineStr"><is><t>Triage</t></is></c><c r="B2"><v>12</v></c></row></sheetData>
<mergeCells count="1"><mergeCell ref="A2:A3"/></mergeCells></worksheet>"#;

fn small_workbook(sheet: &[u8]) -> Vec<u8> {
    workbook(&[("xl/worksheets/sheet1.xml", sheet)])
}

/// A workbook with the parts that every workbook has and `parts`.
fn workbook(parts: &[(&str, &[u8])]) -> Vec<u8> {
    let mut archive = ZipWriter::new(std::io::Cursor::new(Vec::new()));
    let frame: [(&str, &[u8]); 4] = [
        ("_rels/.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#),
        ("[Content_Types].xml", br#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>"#),
        ("xl/workbook.xml", br#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="r1"/></sheets></workbook>"#),
        ("xl/_rels/workbook.xml.rels", br#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/></Relationships>"#),
    ];
    for (name, bytes) in frame.iter().chain(parts) {
        archive.start_file(*name, SimpleFileOptions::default()).unwrap();
        archive.write_all(bytes).unwrap();
    }
    archive.finish().unwrap().into_inner()
}
