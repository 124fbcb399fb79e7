//! The text: front, headings, tables, prose.

use super::xml::{escaped, paragraph, run};
use crate::print::{Block, Paper, Part, Shares, blocks, breakable, facts, parts, printed};
use crate::sheet::{Align, Cell, Column, Kind, LegendEntry, Meta, Row, Sheet, Tone, Workbook};

/// Twentieths of a point in a point.
const TWENTIETHS: u32 = 20;
/// English Metric Units of the width and height that a logo gets at most: 50 x 20 mm.
const LOGO: (u64, u64) = (1_800_000, 720_000);
const MONO: &str = "<w:rFonts w:ascii=\"Consolas\" w:hAnsi=\"Consolas\" w:cs=\"Consolas\"/>";

/// `word/document.xml`, with a logo of so many pixels.
pub(super) fn document(workbook: &Workbook, logo: Option<(u32, u32)>) -> String {
    let paper = Paper::of(workbook);
    let mut body = front(&workbook.meta, logo);
    let mut lists = 0;
    for (index, sheet) in workbook.sheets.iter().enumerate() {
        if index == 0 && workbook.sheets.len() > 1 {
            body.push_str("<w:p><w:r><w:br w:type=\"page\"/></w:r></w:p>");
        }
        body.push_str(&paragraph("Heading1", &run(&sheet.title, "")));
        if sheet.is_prose() {
            for block in blocks(sheet) {
                body.push_str(&prose(&block, &mut lists));
            }
        } else {
            for part in parts(sheet, paper) {
                body.push_str(&table(sheet, &part, paper));
            }
        }
        body.push_str(&sheet.legend.iter().map(legend).collect::<String>());
        let note = |note: &String| paragraph("Note", &run(note, ""));
        body.push_str(&sheet.notes.iter().map(note).collect::<String>());
    }
    format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n<w:document \
         xmlns:w=\"http://schemas.openxmlformats.org/wordprocessingml/2006/main\" \
         xmlns:r=\"http://schemas.openxmlformats.org/officeDocument/2006/relationships\" \
         xmlns:wp=\"http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing\" \
         xmlns:a=\"http://schemas.openxmlformats.org/drawingml/2006/main\" \
         xmlns:pic=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><w:body>{body}{}</w:body></w:document>",
        section(paper)
    )
}

/// How many numbered lists there are, each of which needs a numbering of its own.
pub(super) fn numbered_lists(workbook: &Workbook) -> usize {
    let all = workbook.sheets.iter().flat_map(blocks);
    all.filter(|block| matches!(block, Block::Steps(_))).count()
}

fn section(paper: Paper) -> String {
    let (width, height, orient) = match paper {
        Paper::Portrait => (11_906, 16_838, ""),
        Paper::Landscape => (16_838, 11_906, " w:orient=\"landscape\""),
        Paper::Wide => (23_811, 16_838, " w:orient=\"landscape\""),
    };
    format!(
        "<w:sectPr><w:footerReference w:type=\"default\" r:id=\"rId4\"/><w:pgSz w:w=\"{width}\" w:h=\"{height}\"{orient}/><w:pgMar \
         w:top=\"850\" w:right=\"850\" w:bottom=\"1020\" w:left=\"850\" w:header=\"425\" w:footer=\"425\" w:gutter=\"0\"/></w:sectPr>"
    )
}

fn front(meta: &Meta, logo: Option<(u32, u32)>) -> String {
    let mut out = logo.map(|size| picture(meta, size)).unwrap_or_default();
    out.push_str(&paragraph("Subtitle", &run(&meta.organisation, "")));
    out.push_str(&paragraph("Title", &run(&meta.title, "")));
    for (label, fact, exact) in facts(meta) {
        let grey = "<w:color w:val=\"555B64\"/>";
        let value = run(&fact, if exact { MONO } else { "" });
        out.push_str(&paragraph("Normal", &format!("{}{value}", run(&format!("{label}: "), grey))));
    }
    out
}

fn picture(meta: &Meta, (width, height): (u32, u32)) -> String {
    let (width, height) = (u64::from(width.max(1)), u64::from(height.max(1)));
    // As large as fits, in proportion.
    let (across, down) = if LOGO.0 * height <= LOGO.1 * width {
        (LOGO.0, LOGO.0 * height / width)
    } else {
        (LOGO.1 * width / height, LOGO.1)
    };
    let says = escaped(&format!("Logo of {}", meta.organisation));
    format!(
        "<w:p><w:r><w:drawing><wp:inline distT=\"0\" distB=\"0\" distL=\"0\" distR=\"0\"><wp:extent cx=\"{across}\" \
         cy=\"{down}\"/><wp:docPr id=\"1\" name=\"Logo\" descr=\"{says}\"/><a:graphic><a:graphicData \
         uri=\"http://schemas.openxmlformats.org/drawingml/2006/picture\"><pic:pic><pic:nvPicPr><pic:cNvPr id=\"1\" \
         name=\"Logo\"/><pic:cNvPicPr/></pic:nvPicPr><pic:blipFill><a:blip r:embed=\"rId5\"/><a:stretch><a:fillRect/></a:stretch>\
         </pic:blipFill><pic:spPr><a:xfrm><a:off x=\"0\" y=\"0\"/><a:ext cx=\"{across}\" cy=\"{down}\"/></a:xfrm><a:prstGeom \
         prst=\"rect\"><a:avLst/></a:prstGeom></pic:spPr></pic:pic></a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
    )
}

fn prose(block: &Block, lists: &mut usize) -> String {
    let item = |list: usize, text: &String| {
        format!(
            "<w:p><w:pPr><w:pStyle w:val=\"ListParagraph\"/><w:numPr><w:ilvl w:val=\"0\"/><w:numId w:val=\"{list}\"/></w:numPr>\
             </w:pPr>{}</w:p>",
            run(text, "")
        )
    };
    match block {
        Block::Heading(level, text) => {
            paragraph(&format!("Heading{}", level.saturating_add(1).min(4)), &run(text, ""))
        }
        Block::Paragraph(text) => paragraph("Normal", &run(text, "")),
        Block::Items(items) => items.iter().map(|text| item(1, text)).collect(),
        Block::Steps(items) => {
            *lists += 1;
            items.iter().map(|text| item(*lists + 1, text)).collect()
        }
    }
}

fn table(sheet: &Sheet, part: &Part, paper: Paper) -> String {
    let shares = Shares::of(sheet, &part.columns, paper);
    let twips: Vec<u32> = shares.points.iter().map(|points| points * TWENTIETHS).collect();
    let columns: Vec<&Column> =
        part.columns.iter().filter_map(|place| sheet.columns.get(*place)).collect();
    let grid: String = twips.iter().map(|width| format!("<w:gridCol w:w=\"{width}\"/>")).collect();
    let heads: String =
        columns.iter().zip(&twips).map(|(column, width)| head(column, *width)).collect();
    let rows = sheet.rows.get(part.rows.clone()).unwrap_or_default();
    let lines: String = rows.iter().map(|row| line(row, part, &columns, &twips, &shares)).collect();
    let label = if part.label.is_empty() {
        String::new()
    } else {
        let page = "<w:pPr><w:pStyle w:val=\"Note\"/><w:keepNext/><w:pageBreakBefore/></w:pPr>";
        format!("<w:p>{page}{}</w:p>", run(&part.label, ""))
    };
    let turned = columns.iter().any(|column| column.kind == Kind::Mark);
    let height = if turned { "<w:trHeight w:val=\"2300\" w:hRule=\"exact\"/>" } else { "" };
    format!(
        "{label}<w:tbl><w:tblPr><w:tblStyle w:val=\"TableGrid\"/><w:tblW w:w=\"{}\" w:type=\"dxa\"/><w:tblLayout \
         w:type=\"fixed\"/><w:tblLook w:firstRow=\"1\"/></w:tblPr><w:tblGrid>{grid}</w:tblGrid><w:tr><w:trPr><w:cantSplit/>\
         {height}<w:tblHeader/></w:trPr>{heads}</w:tr>{lines}</w:tbl>{}",
        twips.iter().sum::<u32>(),
        paragraph("Note", "")
    )
}

fn head(column: &Column, width: u32) -> String {
    let turned = if column.kind == Kind::Mark { "<w:textDirection w:val=\"btLr\"/>" } else { "" };
    let text = run(&column.heading, "<w:b/>");
    cell(width, &format!("{turned}<w:vAlign w:val=\"bottom\"/>"), column.align, &text)
}

fn line(row: &Row, part: &Part, columns: &[&Column], twips: &[u32], shares: &Shares) -> String {
    let (cells, bold) = match row {
        Row::Group(heading) => {
            let span = format!("<w:gridSpan w:val=\"{}\"/>{}", columns.len(), shade("EEEFF2"));
            let text = run(heading, "<w:b/>");
            let only = cell(twips.iter().sum(), &span, Align::Left, &text);
            return format!("<w:tr><w:trPr><w:cantSplit/></w:trPr>{only}</w:tr>");
        }
        Row::Cells(cells) => (cells, ""),
        Row::Total(cells) => (cells, "<w:b/>"),
    };
    let drawn = part.columns.iter().zip(columns).zip(twips).enumerate();
    let drawn: String = drawn
        .map(|(place, ((index, column), width))| {
            let of = cells.get(*index).unwrap_or(&Cell::EMPTY);
            let (text, fill) = value(of, column, shares.letters(place), bold);
            cell(*width, &fill, column.align, &text)
        })
        .collect();
    format!("<w:tr>{drawn}</w:tr>")
}

/// The runs of a cell and how it is filled.
fn value(of: &Cell, column: &Column, letters: usize, bold: &str) -> (String, String) {
    let words = breakable(&printed(of), letters);
    let Some(mark) = of.mark else {
        let face = if column.kind == Kind::Id { MONO } else { "" };
        return (run(&words, &format!("{face}{bold}")), String::new());
    };
    let (ink, tint) = colours(mark.tone);
    let shape = column.kind == Kind::Mark;
    let text = if shape || words.is_empty() {
        mark.symbol.to_string()
    } else {
        format!("{} {words}", mark.symbol)
    };
    let fill = if shape { shade(tint) } else { String::new() };
    (run(&text, &format!("{bold}<w:color w:val=\"{ink}\"/>")), fill)
}

fn cell(width: u32, properties: &str, align: Align, runs: &str) -> String {
    let align = match align {
        Align::Left => "left",
        Align::Centre => "center",
        Align::Right => "right",
    };
    format!(
        "<w:tc><w:tcPr><w:tcW w:w=\"{width}\" w:type=\"dxa\"/>{properties}</w:tcPr><w:p><w:pPr><w:pStyle \
         w:val=\"TableText\"/><w:jc w:val=\"{align}\"/></w:pPr>{runs}</w:p></w:tc>"
    )
}

fn shade(colour: &str) -> String {
    format!("<w:shd w:val=\"clear\" w:color=\"auto\" w:fill=\"{colour}\"/>")
}

/// Ink and tint of a tone.
fn colours(tone: Tone) -> (&'static str, &'static str) {
    match tone {
        Tone::Good => ("17692F", "E3F3E6"),
        Tone::Info => ("1A5596", "E4EEF9"),
        Tone::Warn => ("8A4B00", "FDF0D9"),
        Tone::Bad => ("A81D16", "FBE3E1"),
        Tone::Neutral | Tone::NotApplicable => ("555B64", "F3F4F6"),
    }
}

fn legend(entry: &LegendEntry) -> String {
    let (ink, _) = colours(entry.mark.tone);
    let mark = run(&entry.mark.symbol.to_string(), &format!("<w:color w:val=\"{ink}\"/>"));
    let label = run(&format!(" {}: ", entry.label), "<w:b/>");
    paragraph("Note", &format!("{mark}{label}{}", run(&entry.meaning, "")))
}
