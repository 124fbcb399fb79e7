use std::io::{Cursor, Read as _};

use proptest::prelude::*;
use roxmltree::{Document, Node};
use surety_reports::sheet::prose::Manner;
use surety_reports::sheet::{Sheet, Workbook};
use surety_reports::{Logo, docx};

use crate::fixture::{self, soa};
use crate::hostile::{any_text, tricks, workbook_of};

/// The parts of the package, each of which is XML but for pictures.
fn parts(bytes: &[u8]) -> Vec<(String, String)> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    (0..archive.len())
        .map(|index| {
            let mut part = archive.by_index(index).unwrap();
            let mut text = Vec::new();
            part.read_to_end(&mut text).unwrap();
            (part.name().unwrap().into_owned(), String::from_utf8_lossy(&text).into_owned())
        })
        .collect()
}

fn part(bytes: &[u8], name: &str) -> String {
    parts(bytes).into_iter().find(|(found, _)| found == name).unwrap().1
}

/// The text of the elements with that name, those of one element together.
fn texts(xml: &str, name: &str) -> Vec<String> {
    let document = Document::parse(xml).unwrap();
    let named = document.descendants().filter(|node| node.tag_name().name() == name);
    named.map(|node| words(&node)).collect()
}

fn words(node: &Node<'_, '_>) -> String {
    node.descendants().filter(|one| one.is_text()).filter_map(|one| one.text()).collect()
}

fn matrix(systems: usize) -> Workbook {
    soa::workbook(fixture::meta(), &fixture::matrix(systems))
}

#[test]
fn every_part_is_there_and_well_formed() {
    let bytes = docx::write(&matrix(8)).unwrap();
    let names: Vec<_> = parts(&bytes).iter().map(|(name, _)| name.clone()).collect();
    assert_eq!(
        names,
        [
            "[Content_Types].xml",
            "_rels/.rels",
            "docProps/core.xml",
            "word/document.xml",
            "word/styles.xml",
            "word/numbering.xml",
            "word/settings.xml",
            "word/footer1.xml",
            "word/_rels/document.xml.rels",
        ]
    );
    for (name, text) in parts(&bytes) {
        Document::parse(&text).unwrap_or_else(|error| panic!("{name}: {error}"));
    }
}

#[test]
fn tables_repeat_their_heads_and_the_footer_says_where_the_figures_come_from() {
    let bytes = docx::write(&matrix(8)).unwrap();
    let body = part(&bytes, "word/document.xml");
    assert_eq!(body.matches("<w:tblHeader/>").count(), body.matches("<w:tbl>").count());
    let footer = texts(&part(&bytes, "word/footer1.xml"), "p");
    assert!(footer[0].contains("Harbour Lane Credit Union · "), "{footer:?}");
    assert!(footer[0].contains("as of 21 Nov 2026 · ledger of 4 entries, root "), "{footer:?}");
    let fields = part(&bytes, "word/footer1.xml");
    assert!(fields.contains("NUMPAGES") && fields.contains(" PAGE "), "{fields}");
}

#[test]
fn a_cell_holds_its_words_and_every_row_as_many_cells_as_the_grid() {
    let bytes = docx::write(&matrix(8)).unwrap();
    let xml = part(&bytes, "word/document.xml");
    let document = Document::parse(&xml).unwrap();
    let is = |node: &Node<'_, '_>, name: &str| node.tag_name().name() == name;
    for table in document.descendants().filter(|node| is(node, "tbl")) {
        let columns = table.descendants().filter(|node| is(node, "gridCol")).count();
        for row in table.children().filter(|node| is(node, "tr")) {
            let cells = row.children().filter(|node| is(node, "tc")).count();
            let spans = row.descendants().any(|node| is(&node, "gridSpan"));
            assert!(cells == columns || (spans && cells == 1), "{cells} of {columns}");
        }
    }
    assert!(texts(&xml, "tc").contains(&"A.6.2.4".to_owned()));
}

#[test]
fn prose_has_headings_lists_and_numbers_that_start_anew() {
    let mut sheet = Sheet::prose("Text", "Policy");
    sheet.say(Manner::Heading(1), "Aims");
    sheet.say(Manner::Paragraph, "One\ntwo");
    sheet.say(Manner::Item, "first");
    sheet.say(Manner::Step, "then");
    sheet.say(Manner::Paragraph, "between");
    sheet.say(Manner::Step, "again");
    let bytes = docx::write(&Workbook { meta: fixture::meta(), sheets: vec![sheet] }).unwrap();
    let body = part(&bytes, "word/document.xml");
    assert!(body.contains("<w:pStyle w:val=\"Heading2\"/>"), "{body}");
    assert!(body.contains(">One</w:t><w:br/>"), "{body}");
    for list in ["1", "2", "3"] {
        assert!(body.contains(&format!("<w:numId w:val=\"{list}\"/>")), "{list}");
    }
    assert_eq!(part(&bytes, "word/numbering.xml").matches("<w:startOverride").count(), 2);
}

#[test]
fn equal_input_gives_equal_bytes() {
    assert_eq!(docx::write(&matrix(3)).unwrap(), docx::write(&matrix(3)).unwrap());
}

#[test]
fn a_png_logo_is_in_the_package_and_described() {
    let mut png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    png.extend([0, 0, 0, 90, 0, 0, 0, 30, 8, 6, 0, 0, 0]);
    let mut workbook = matrix(1);
    workbook.meta.logo = Some(Logo::read(png).unwrap());
    let bytes = docx::write(&workbook).unwrap();
    assert!(parts(&bytes).iter().any(|(name, _)| name == "word/media/logo.png"));
    let body = part(&bytes, "word/document.xml");
    assert!(body.contains("cx=\"1800000\" cy=\"600000\""), "{body}");
    assert!(body.contains("descr=\"Logo of Harbour Lane Credit Union\""), "{body}");
}

#[test]
fn what_has_broken_documents_before_is_text_here() {
    let bytes = docx::write(&workbook_of(&tricks())).unwrap();
    let shown = texts(&part(&bytes, "word/document.xml"), "tc");
    assert!(shown.contains(&"</script><script>alert(1)</script>".to_owned()), "{shown:?}");
}

proptest! {
    #[test]
    fn any_text_makes_well_formed_parts(texts in proptest::collection::vec(any_text(), 1..4)) {
        for (name, text) in parts(&docx::write(&workbook_of(&texts)).unwrap()) {
            prop_assert!(Document::parse(&text).is_ok(), "{}", name);
        }
    }
}
