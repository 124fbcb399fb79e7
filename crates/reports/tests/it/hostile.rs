//! Texts that have broken documents before, and random ones.

use proptest::prelude::*;
use surety_reports::sheet::{Cell, Column, Kind, Sheet, Tone, Workbook};

use crate::fixture;

/// One of each trick.
pub(crate) const TRICKS: [&str; 20] = [
    "=1+1",
    "+1",
    "-1",
    "@SUM(A1)",
    "\t=1",
    "\r=1",
    "\n=1",
    "'=1",
    " =1",
    "＝1",
    "=cmd|' /C calc'!A0",
    "=HYPERLINK(\"http://evil.example\",\"x\")",
    "</script><script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "a|b\\|c`*_[x](javascript:alert(1))",
    "\u{1b}[31mred\u{1b}[0m\u{7}\u{9b}2J",
    "abc\u{202e}fdp.exe",
    "line\r\nbreak\nand\ttab\u{0}nul",
    "<!--\u{2028}_x0041_\u{fffe}\u{e0061}",
];

/// Any text, with the dangerous characters much more often than chance would bring them.
pub(crate) fn any_text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        3 => "[ -~]{0,6}".prop_map(String::from),
        2 => proptest::sample::select(&TRICKS[..]).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
        1 => "['=+@\t\r\n -]{1,3}".prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// A sheet with `texts` in every place that takes text.
pub(crate) fn sheet_of(texts: &[String]) -> Sheet {
    let mut sheet = Sheet::new(
        texts.first().cloned().unwrap_or_default(),
        texts.last().cloned().unwrap_or_default(),
        vec![
            Column::new("text", "Text", Kind::LongText),
            Column::new("state", "State", Kind::Status),
        ],
    );
    for text in texts {
        sheet.push(vec![
            Cell::text(text.clone()),
            Cell::status(text.clone(), Tone::Warn).because(text.clone()),
        ]);
    }
    sheet.notes = texts.to_vec();
    sheet
}

pub(crate) fn workbook_of(texts: &[String]) -> Workbook {
    let mut meta = fixture::meta();
    meta.organisation = texts.concat();
    meta.title = texts.concat();
    Workbook { meta, sheets: vec![sheet_of(texts), sheet_of(texts)] }
}

pub(crate) fn tricks() -> Vec<String> {
    TRICKS.map(str::to_owned).to_vec()
}
