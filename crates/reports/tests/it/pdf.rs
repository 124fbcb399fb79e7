use lopdf::{Document, Object};
use proptest::prelude::*;
use surety_reports::sheet::prose::Manner;
use surety_reports::sheet::{Cell, Column, Kind, Sheet, Tone, Workbook};
use surety_reports::{Logo, pdf};

use crate::fixture::{self, soa};
use crate::hostile::{any_text, tricks, workbook_of};

fn open(bytes: &[u8]) -> Document {
    Document::load_mem(bytes).unwrap()
}

fn pages(document: &Document) -> Vec<String> {
    let numbers: Vec<u32> = document.get_pages().into_keys().collect();
    numbers.iter().map(|page| document.extract_text(&[*page]).unwrap()).collect()
}

/// Without spaces and line ends, which belong to the layout.
fn solid(text: &str) -> String {
    text.chars()
        .filter(|character| !character.is_whitespace() && *character != '\u{200B}')
        .collect()
}

fn matrix(systems: usize) -> Workbook {
    soa::workbook(fixture::meta(), &fixture::matrix(systems))
}

#[test]
fn every_page_says_whose_it_is_of_which_day_and_of_which_ledger() {
    let document = open(&pdf::write(&matrix(8)).unwrap());
    let pages = pages(&document);
    assert!(pages.len() > 2, "{} pages", pages.len());
    for (index, page) in pages.iter().enumerate() {
        let page = solid(page);
        let number = format!("{}of{}", index + 1, pages.len());
        for wanted in ["HarbourLaneCreditUnion", "asof21Nov2026", "ledgerof4entries,root", &number]
        {
            assert!(page.contains(wanted), "page {index}: {wanted} in {page}");
        }
    }
    assert!(solid(&pages[0]).contains(&fixture::meta().ledger_root));
}

#[test]
fn a_document_is_tagged_and_claims_the_standard_for_accessibility() {
    let bytes = pdf::write(&matrix(8)).unwrap();
    let document = open(&bytes);
    let catalog = document.catalog().unwrap();
    let marked = document.dereference(catalog.get(b"MarkInfo").unwrap()).unwrap().1;
    assert_eq!(marked.as_dict().unwrap().get(b"Marked").unwrap(), &Object::Boolean(true));
    assert!(catalog.has(b"StructTreeRoot"));
    assert_eq!(catalog.get(b"Lang").unwrap().as_str().unwrap(), b"en-GB");
    let metadata = catalog.get(b"Metadata").unwrap();
    let metadata = document.dereference(metadata).unwrap().1.as_stream().unwrap();
    let xmp = String::from_utf8_lossy(&metadata.content).into_owned();
    assert!(xmp.contains("<pdfuaid:part>1</pdfuaid:part>"), "{xmp}");
    assert!(xmp.contains("Audit pack of the AI management system"), "{xmp}");
    let roles = roles(&document);
    for role in ["H1", "Table", "TH", "TD"] {
        assert!(roles.contains(&role.to_owned()), "{role} in {roles:?}");
    }
}

/// The kinds of elements in the structure of a document.
fn roles(document: &Document) -> Vec<String> {
    let dictionaries = document.objects.values().filter_map(|object| object.as_dict().ok());
    let elements = dictionaries.filter(|found| found.has(b"S") && found.has(b"P"));
    let mut roles: Vec<String> = elements
        .map(|found| {
            String::from_utf8_lossy(found.get(b"S").unwrap().as_name().unwrap()).into_owned()
        })
        .collect();
    roles.sort();
    roles.dedup();
    roles
}

#[test]
fn every_font_is_embedded() {
    let document = open(&pdf::write(&matrix(8)).unwrap());
    let dictionaries = document.objects.values().filter_map(|object| object.as_dict().ok());
    let descriptors: Vec<_> =
        dictionaries.filter(|found| found.has_type(b"FontDescriptor")).collect();
    assert!(descriptors.len() >= 3, "{} fonts", descriptors.len());
    for descriptor in descriptors {
        assert!(descriptor.has(b"FontFile2") || descriptor.has(b"FontFile3"), "{descriptor:?}");
    }
}

#[test]
fn equal_input_gives_equal_bytes() {
    assert_eq!(pdf::write(&matrix(3)).unwrap(), pdf::write(&matrix(3)).unwrap());
}

#[test]
fn a_matrix_comes_in_parts_that_say_which_they_are() {
    let sheet = soa::systems(&fixture::matrix(60));
    let parts = sheet.columns.iter().filter(|column| column.kind == Kind::Mark).count();
    assert_eq!(parts, 60);
    let workbook = Workbook { meta: fixture::meta(), sheets: vec![sheet] };
    let document = open(&pdf::write(&workbook).unwrap());
    let text = solid(&pages(&document).concat());
    assert!(text.contains("SYS-1toSYS-30:part1of4"), "{text}");
    assert!(text.contains("SYS-31toSYS-60:part4of4"), "{text}");
    // A3 on its side, in points.
    let (_, page) = document.get_pages().into_iter().next().unwrap();
    let size = document.get_dictionary(page).unwrap().get(b"MediaBox").unwrap().as_array().unwrap();
    assert!(size[2].as_float().unwrap() > 1_190.0, "{size:?}");
}

#[test]
fn what_a_record_holds_is_text_and_never_markup_or_code() {
    let tricks = [
        "#panic(\"x\")",
        "#read(\"/etc/passwd\")",
        "\"); #sys.inputs",
        "$x^2$ *bold* _it_ `raw` <label> @ref",
        "= Heading",
        "#import \"@preview/x:0.1.0\"",
        "\\u{41} \\",
        "//comment /* x */",
        "{\"group\": 1}",
    ];
    let mut sheet = Sheet::new("S", tricks[0], vec![Column::new("a", tricks[1], Kind::LongText)]);
    tricks.iter().for_each(|trick| sheet.push(vec![Cell::text((*trick).to_owned())]));
    let mut prose = Sheet::prose("P", tricks[4]);
    tricks.iter().for_each(|trick| prose.say(Manner::Paragraph, *trick));
    let mut meta = fixture::meta();
    meta.title = tricks[3].to_owned();
    meta.organisation = tricks[2].to_owned();
    let document = open(&pdf::write(&Workbook { meta, sheets: vec![sheet, prose] }).unwrap());
    let text = solid(&pages(&document).concat());
    for trick in tricks {
        assert!(text.matches(&solid(trick)).count() >= 2, "{trick} in {text}");
    }
}

#[test]
fn what_has_broken_documents_before_breaks_none() {
    assert!(pages(&open(&pdf::write(&workbook_of(&tricks())).unwrap())).len() > 1);
}

#[test]
fn a_word_that_is_wider_than_its_column_is_broken() {
    let long = "Ж".repeat(4_000);
    let columns = (0..6).map(|at| Column::new(format!("c{at}"), "C", Kind::Text)).collect();
    let mut sheet = Sheet::new("S", "S", columns);
    sheet.push((0..6).map(|_| Cell::status(long.clone(), Tone::Warn)).collect());
    let workbook = Workbook { meta: fixture::meta(), sheets: vec![sheet] };
    let text = solid(&pages(&open(&pdf::write(&workbook).unwrap())).concat());
    assert_eq!(text.matches('Ж').count(), 6 * 4_000);
}

#[test]
fn characters_without_a_font_do_not_keep_a_document_from_being_written() {
    let mut meta = fixture::meta();
    meta.organisation = "株式会社 \u{10FFFD} 🦀".to_owned();
    let sheets = vec![Sheet::new("S", "S", vec![Column::new("a", "A", Kind::Text)])];
    let document = open(&pdf::write(&Workbook { meta, sheets }).unwrap());
    assert!(document.catalog().unwrap().has(b"StructTreeRoot"));
}

#[test]
fn a_logo_is_drawn_and_a_broken_one_left_out() {
    let svg = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"20\"><path d=\"M0 0h40v20z\"/></svg>";
    let plain = pdf::write(&matrix(1)).unwrap();
    let with = |bytes: &[u8]| {
        let mut workbook = matrix(1);
        workbook.meta.logo = Some(Logo::read(bytes.to_vec()).unwrap());
        pdf::write(&workbook).unwrap()
    };
    let drawn = with(svg.as_bytes());
    assert!(roles(&open(&drawn)).contains(&"Figure".to_owned()));
    let mut broken = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR".to_vec();
    broken.extend([0, 0, 0, 9, 0, 0, 0, 9, 8, 6, 0, 0, 0]);
    assert_eq!(with(&broken).len(), plain.len());
}

#[test]
fn a_document_that_nobody_would_print_is_refused() {
    let mut sheet = Sheet::new("S", "S", vec![Column::new("a", "A", Kind::Text)]);
    (0..=pdf::MAX_CELLS).for_each(|_| sheet.push(vec![Cell::EMPTY]));
    let workbook = Workbook { meta: fixture::meta(), sheets: vec![sheet] };
    assert!(pdf::write(&workbook).unwrap_err().to_string().contains("60001 cells"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 6, ..ProptestConfig::default() })]

    #[test]
    fn any_text_makes_a_document(texts in proptest::collection::vec(any_text(), 1..4)) {
        prop_assert!(pdf::write(&workbook_of(&texts)).unwrap().starts_with(b"%PDF-1.7"));
    }
}
