//! A workbook as PDF, set by Typst: tagged for screen readers (PDF/UA-1), with fonts embedded, and with where the figures
//! come from on every page.
//!
//! `document.typ` says how it looks; everything that a record holds reaches it as JSON and is shown as text only. Equal
//! input gives equal bytes.

mod data;
mod world;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use typst::diag::SourceDiagnostic;
use typst::foundations::{Datetime, Smart};
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards};

use crate::ReportError;
use crate::sheet::{Meta, Workbook};

/// What the source calls the logo.
const LOGO: &str = "logo";
/// Cells of a document: some hundred pages.
pub const MAX_CELLS: usize = 60_000;

/// `workbook` as the bytes of a PDF.
///
/// # Errors
/// [`ReportError::TooLong`] if it has more than [`MAX_CELLS`] cells, [`ReportError::NoSheet`] if it has no sheet.
pub fn write(workbook: &Workbook) -> Result<Vec<u8>, ReportError> {
    if workbook.sheets.is_empty() {
        return Err(ReportError::NoSheet);
    }
    let sizes = workbook.sheets.iter().map(|sheet| sheet.rows.len() * sheet.columns.len());
    let cells = sizes.sum();
    if cells > MAX_CELLS {
        return Err(ReportError::TooLong { cells, limit: MAX_CELLS });
    }
    let written = set(workbook, true);
    // What was kept while setting is of no use for another document.
    typst::comemo::evict(0);
    match written {
        // A picture can be broken behind its header; the figures are wanted all the same.
        Err(ReportError::Pdf(_)) if workbook.meta.logo.is_some() => {
            let written = set(workbook, false);
            typst::comemo::evict(0);
            written
        }
        written => written,
    }
}

fn set(workbook: &Workbook, with_logo: bool) -> Result<Vec<u8>, ReportError> {
    let logo = workbook.meta.logo.as_ref().filter(|_| with_logo);
    let data = serde_json::to_vec(&data::Document::of(workbook, logo))?;
    let world = world::Document::new(data, logo.map(|logo| logo.bytes.clone()));
    let world = world.ok_or_else(|| ReportError::Pdf("its parts have no names".to_owned()))?;
    let document: PagedDocument = typst::compile(&world).output.map_err(|all| fault(&all))?;
    let accessible = PdfStandards::new(&[PdfStandard::Ua_1]);
    let accessible = accessible.map_err(|error| ReportError::Pdf(error.message().to_string()))?;
    let exported = typst_pdf::pdf(&document, &options(&workbook.meta, accessible));
    // A character that no embedded font has is the one thing that PDF/UA does not let pass; then the document is tagged in
    // the same way and does not claim the standard.
    exported
        .or_else(|_| typst_pdf::pdf(&document, &options(&workbook.meta, PdfStandards::default())))
        .map_err(|all| fault(&all))
}

fn options(meta: &Meta, standards: PdfStandards) -> PdfOptions {
    PdfOptions {
        ident: Smart::Auto,
        creator: Smart::Custom(Some(format!("Surety {}", env!("CARGO_PKG_VERSION")))),
        timestamp: datetime(meta.made_at).map(typst_pdf::Timestamp::new_utc),
        page_ranges: None,
        standards,
        tagged: true,
        pretty: false,
    }
}

fn datetime(instant: Timestamp) -> Option<Datetime> {
    let at = instant.to_zoned(TimeZone::UTC).datetime();
    let part = |part: i8| u8::try_from(part).ok();
    let (month, day) = (part(at.month())?, part(at.day())?);
    let (hour, minute, second) = (part(at.hour())?, part(at.minute())?, part(at.second())?);
    Datetime::from_ymd_hms(i32::from(at.year()), month, day, hour, minute, second)
}

fn fault(all: &[SourceDiagnostic]) -> ReportError {
    let messages: Vec<_> = all.iter().map(|one| one.message.as_str()).collect();
    ReportError::Pdf(messages.join("; "))
}
