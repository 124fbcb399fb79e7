//! The page around the tables: head, contents, origin of the figures, records, how to verify.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::digest::{SHA256, digest};

use crate::ReportError;
use crate::sheet::{Cell, Column, Kind, Sheet};

use super::html::Html;
use super::table::{self, Ids, RowAnchors};
use super::{ReaderInput, Section, data};

const STYLE: &str = include_str!("reader.css");
const SCRIPT: &str = include_str!("reader.js");

/// The whole page.
pub(super) fn write(input: &ReaderInput) -> Result<String, ReportError> {
    let ids: Ids<'_> = input.records.iter().map(|record| record.id.as_str()).collect();
    let sections: Vec<(String, &Section)> =
        input.sections.iter().map(|section| (anchor(&section.anchor), section)).collect();
    let mut out = Html::default();
    head(&mut out, input);
    masthead(&mut out, input);
    contents(&mut out, &sections);
    out.raw("<main id=\"main\">\n");
    origin(&mut out, input);
    for (anchor, section) in &sections {
        table_section(&mut out, anchor, section, &ids);
    }
    records(&mut out, input, &ids);
    verification(&mut out, input);
    out.raw("</main>\n");
    footer(&mut out, input);
    out.raw("<script type=\"application/json\" id=\"data\">");
    out.json(&data::document(input)?);
    out.raw("</script>\n<script>").raw(SCRIPT).raw("</script>\n</body>\n</html>\n");
    Ok(out.finish())
}

/// `text` as one word of a POSIX shell.
pub(super) fn shell_word(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '/');
    if !text.is_empty() && !text.starts_with('-') && text.chars().all(plain) {
        return text.to_owned();
    }
    let inside = text.replace('\'', "'\\''");
    if text.starts_with('-') { format!("'./{inside}'") } else { format!("'{inside}'") }
}

/// `text` as an anchor: lower-case letters, digits and hyphens, with a prefix that no other anchor of the page has.
fn anchor(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' })
        .collect();
    format!("table-{plain}")
}

fn head(out: &mut Html, input: &ReaderInput) {
    out.raw("<!doctype html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n");
    // No address outside the page, and no script but the one below: its hash stands here.
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; ");
    out.raw("base-uri 'none'; form-action 'none'; style-src 'sha256-").text(&hash(STYLE));
    out.raw("'; script-src 'sha256-").text(&hash(SCRIPT)).raw("'\">\n");
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<title>");
    out.text(&input.meta.organisation).raw(", ").text(&input.meta.title);
    out.raw("</title>\n<style>").raw(STYLE).raw("</style>\n</head>\n<body>\n");
    out.raw("<a class=\"skip\" href=\"#main\">Skip to the tables</a>\n");
}

fn hash(text: &str) -> String {
    STANDARD.encode(digest(&SHA256, text.as_bytes()))
}

fn masthead(out: &mut Html, input: &ReaderInput) {
    let meta = &input.meta;
    out.raw("<header>\n<p class=\"kicker\">").text(&meta.title).raw("</p>\n<h1>");
    out.text(&meta.organisation).raw("</h1>\n<p class=\"dateline\"><span>As it stood on <b>");
    table::day(out, meta.as_of);
    out.raw("</b></span><span>Made ")
        .text(&meta.made_at.strftime("%-d %b %Y, %H:%M UTC").to_string());
    out.raw("</span></p>\n</header>\n");
}

fn contents(out: &mut Html, sections: &[(String, &Section)]) {
    out.raw("<nav aria-label=\"Contents\">\n<ul>\n");
    for (anchor, section) in sections {
        out.raw("<li><a href=\"#").text(anchor).raw("\">").text(&section.sheet.name);
        out.raw("</a></li>\n");
    }
    out.raw("<li><a href=\"#records\">Records</a></li>\n");
    out.raw("<li><a href=\"#verify\">How to verify</a></li>\n</ul>\n</nav>\n");
}

fn origin(out: &mut Html, input: &ReaderInput) {
    let meta = &input.meta;
    out.raw("<section id=\"origin\" aria-labelledby=\"origin-heading\">\n");
    out.raw("<h2 id=\"origin-heading\">Where this comes from</h2>\n<dl class=\"facts\">\n");
    fact(out, "Ledger entries", &meta.ledger_size.to_string());
    for (label, value) in &input.facts {
        fact(out, label, value);
    }
    out.raw("<div class=\"whole\"><dt>Ledger root</dt><dd><code>").text(&meta.ledger_root);
    out.raw("</code></dd></div>\n</dl>\n<p class=\"note\">Every figure below was derived from the records of this ");
    out.raw("pack. This page cannot vouch for itself; <a href=\"#verify\">two commands</a> check the pack against ");
    out.raw("its signed checkpoint.</p>\n<noscript><p class=\"note\">Searching, sorting and the detail of single ");
    out.raw("records need JavaScript. Every table can be read without it, and each record lies in the pack as a ");
    out.raw("file.</p></noscript>\n</section>\n");
}

fn fact(out: &mut Html, label: &str, value: &str) {
    out.raw("<div><dt>").text(label).raw("</dt><dd>").text(value).raw("</dd></div>\n");
}

fn table_section(out: &mut Html, anchor: &str, section: &Section, ids: &Ids<'_>) {
    out.raw("<section id=\"").text(anchor).raw("\" aria-labelledby=\"").text(anchor);
    out.raw("-heading\">\n<h2 id=\"").text(anchor).raw("-heading\">").text(&section.sheet.name);
    out.raw("</h2>\n<p class=\"lead\">").text(&section.lead).raw("</p>\n");
    table::write(out, &section.sheet, anchor, ids, RowAnchors::None);
    out.raw("</section>\n");
}

fn records(out: &mut Html, input: &ReaderInput, ids: &Ids<'_>) {
    let mut sheet = Sheet::new(
        "Records",
        "Every record of the pack",
        vec![
            Column::new("id", "Id", Kind::Id),
            Column::new("kind", "Kind", Kind::Text),
            Column::new("title", "Title", Kind::LongText),
            Column::new("state", "State", Kind::Status),
            Column::new("changed", "Last changed", Kind::Date),
            Column::new("entries", "Entries", Kind::Number),
        ],
    );
    for record in &input.records {
        let state = Cell::text(record.state.replace('_', " "));
        sheet.push(vec![
            record.id.clone().into(),
            record.kind.clone().into(),
            record.title.clone().into(),
            match record.mark {
                Some(mark) => state.marked(mark),
                None => state,
            },
            record.history.last().map(|entry| entry.at).into(),
            i64::try_from(record.history.len()).unwrap_or(i64::MAX).into(),
        ]);
    }
    out.raw("<section id=\"records\" aria-labelledby=\"records-heading\">\n");
    out.raw("<h2 id=\"records-heading\">Records</h2>\n<p class=\"lead\">What the figures above were derived from. ");
    out.raw("A record opens with its fields, its history and the proof of each entry.</p>\n");
    table::write(out, &sheet, "records", ids, RowAnchors::FirstCell);
    out.raw("</section>\n");
}

fn verification(out: &mut Html, input: &ReaderInput) {
    out.raw("<section id=\"verify\" aria-labelledby=\"verify-heading\">\n");
    out.raw("<h2 id=\"verify-heading\">How to verify</h2>\n<p class=\"lead\">Do not trust this page. The ledger of ");
    out.raw("the organisation is a Merkle tree (RFC 6962); the checkpoint below is its root, signed. Each command ");
    out.raw("checks that the records of this pack are the ones under that root, and says so or names the entry ");
    out.raw("that is not.</p>\n<ol class=\"steps\">\n");
    for step in &input.steps {
        out.raw("<li><pre><code>").text(&step.command).raw("</code></pre><p>").text(&step.says);
        out.raw("</p></li>\n");
    }
    out.raw("</ol>\n<h3>The signed checkpoint</h3>\n<pre tabindex=\"0\" role=\"region\" aria-label=\"Signed checkpoint\"><code>");
    out.text(&input.checkpoint)
        .raw("</code></pre>\n<p class=\"note\">Compare its root with a checkpoint that you ");
    out.raw("received earlier or from elsewhere: an equal tree size must have an equal root, and the commands above ");
    out.raw("check that a larger tree continues a smaller one.</p>\n</section>\n");
}

fn footer(out: &mut Html, input: &ReaderInput) {
    out.raw("<footer><p>").text(&input.meta.organisation).raw(", ").text(&input.meta.title);
    out.raw(", as it stood on ");
    table::day(out, input.meta.as_of);
    out.raw(". Written by Surety.</p></footer>\n");
    // Filled and opened by the script only.
    out.raw("<dialog id=\"panel\" aria-labelledby=\"panel-title\"></dialog>\n");
}
