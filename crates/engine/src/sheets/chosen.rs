//! Which sheets of a view a format shows: a workbook has room for all, a page or a single table has not.

use surety_aims::derive::{gap::Gap, soa::Soa};
use surety_catalog::Framework;
use surety_reports::{Format, Sheet, views};

/// AI systems up to which the matrix is shown on a page; a workbook shows it whole.
const COLUMNS_ON_A_PAGE: usize = 12;

pub fn soa(
    soa: &Soa<'_>,
    framework: &Framework,
    names: &views::Names<'_>,
    format: Format,
) -> Vec<Sheet> {
    match format {
        // One long table holds everything that a single sheet can.
        Format::Csv => vec![views::soa::cells(soa, framework, names)],
        Format::Table | Format::Markdown => {
            let mut sheets = vec![views::soa::statement(soa, framework, names)];
            if soa.systems.len() <= COLUMNS_ON_A_PAGE {
                sheets.push(views::soa::matrix(soa, framework));
            } else {
                sheets.push(views::soa::systems(soa, names));
            }
            sheets
        }
        // The cells in long form would be hundreds of pages.
        Format::Pdf | Format::Docx => vec![
            views::soa::statement(soa, framework, names),
            views::soa::matrix(soa, framework),
            views::soa::systems(soa, names),
        ],
        // The only format that comes back.
        Format::Xlsx => {
            let mut sheets = views::soa::sheets(soa, framework, names);
            sheets.push(views::soa::decisions(soa, names));
            sheets
        }
        Format::Json => views::soa::sheets(soa, framework, names),
    }
}

/// `summarised`: a page gives one line for each framework, as nobody named one.
pub fn gap(
    gaps: &[&Gap<'_>],
    summarised: bool,
    names: &views::Names<'_>,
    format: Format,
) -> Vec<Sheet> {
    match format {
        Format::Csv => vec![views::gap::conditions(gaps)],
        Format::Table | Format::Markdown if summarised => vec![views::gap::summary(gaps)],
        Format::Table
        | Format::Markdown
        | Format::Xlsx
        | Format::Json
        | Format::Pdf
        | Format::Docx => views::gap::sheets(gaps, names),
    }
}
