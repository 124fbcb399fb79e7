//! A workbook as DOCX (ECMA-376, Office Open XML, transitional): headings, tables with repeated heads, lists, and a footer
//! with where the figures come from.
//!
//! The few parts that such a document needs are written here, as text with every foreign character escaped; a document
//! has no macro, no field but page numbers, and no link out of itself. Equal input gives equal bytes.

mod body;
mod parts;
mod xml;

use std::io::{Cursor, Write};

use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::ReportError;
use crate::logo::Picture;
use crate::pdf::MAX_CELLS;
use crate::sheet::Workbook;

/// `workbook` as the bytes of a DOCX.
///
/// # Errors
/// [`ReportError::TooLong`] if it has more cells than a document for print holds, [`ReportError::NoSheet`] if it has no
/// sheet.
pub fn write(workbook: &Workbook) -> Result<Vec<u8>, ReportError> {
    if workbook.sheets.is_empty() {
        return Err(ReportError::NoSheet);
    }
    let cells = workbook.sheets.iter().map(|sheet| sheet.rows.len() * sheet.columns.len()).sum();
    if cells > MAX_CELLS {
        return Err(ReportError::TooLong { cells, limit: MAX_CELLS });
    }
    // Word processors take an SVG only beside a PNG of the same picture.
    let logo = workbook.meta.logo.as_ref().and_then(|logo| match logo.picture {
        Picture::Png(width, height) => Some((logo.bytes.as_slice(), width, height)),
        Picture::Svg => None,
    });
    let size = logo.map(|(_, width, height)| (width, height));
    let mut files: Vec<(&str, Vec<u8>)> = vec![
        ("[Content_Types].xml", parts::CONTENT_TYPES.into()),
        ("_rels/.rels", parts::PACKAGE_RELATIONS.into()),
        ("docProps/core.xml", parts::core(&workbook.meta).into_bytes()),
        ("word/document.xml", body::document(workbook, size).into_bytes()),
        ("word/styles.xml", parts::STYLES.into()),
        ("word/numbering.xml", parts::numbering(body::numbered_lists(workbook)).into_bytes()),
        ("word/settings.xml", parts::SETTINGS.into()),
        ("word/footer1.xml", parts::footer(&workbook.meta).into_bytes()),
        ("word/_rels/document.xml.rels", parts::relations(logo.is_some()).into_bytes()),
    ];
    if let Some((bytes, _, _)) = logo {
        files.push(("word/media/logo.png", bytes.to_vec()));
    }
    Ok(packed(&files)?)
}

fn packed(files: &[(&str, Vec<u8>)]) -> std::io::Result<Vec<u8>> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    let options = SimpleFileOptions::default()
        .compression_method(CompressionMethod::Deflated)
        .last_modified_time(DateTime::default());
    for (name, bytes) in files {
        zip.start_file(*name, options)?;
        zip.write_all(bytes)?;
    }
    Ok(zip.finish()?.into_inner())
}
