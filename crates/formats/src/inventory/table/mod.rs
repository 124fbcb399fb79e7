//! Tables: CSV and XLSX registers, one record a row.
//!
//! The sheets become grids of cells; for each grid the header row, the record kind and the meaning of the columns are
//! found; then each row becomes a proposal. Nothing of a row is dropped in silence: what fills no field stays in
//! `original`, what cannot be read is a problem.

mod cells;
mod delimited;
mod grid;
mod header;
mod identity;
mod mapping;
mod rows;
mod workbook;

use std::collections::HashMap;

use self::{
    grid::Grid,
    header::{Hints, Layout, is_questionnaire, layout},
    mapping::Mapping,
};
use super::{
    fold::{fold_word, shortened},
    mention::Mentions,
    proposal::{Format, InventoryError, Options, Reading},
    vocabulary::{KINDS, Kind},
};

pub(crate) use delimited::{decoded, is_tabular};
pub(crate) use workbook::{converted, is_workbook, measure};

/// Reads a CSV file.
pub(crate) fn read_csv(
    file: &str,
    bytes: &[u8],
    options: &Options,
) -> Result<Reading, InventoryError> {
    let table = delimited::read(bytes).map_err(|error| InventoryError::TooLarge {
        file: file.to_owned(),
        what: error.to_string(),
    })?;
    Tables { file, options, grids: vec![table.grid], notices: table.notices, format: Format::Csv }
        .read()
}

/// Reads an XLSX workbook.
pub(crate) fn read_xlsx(
    file: &str,
    bytes: &[u8],
    options: &Options,
) -> Result<Reading, InventoryError> {
    let book = workbook::read(bytes, options.sheet.as_deref()).map_err(|error| match error {
        workbook::WorkbookError::Limit(what) => {
            InventoryError::TooLarge { file: file.to_owned(), what }
        }
        workbook::WorkbookError::Unreadable(reason) => {
            InventoryError::Unreadable { file: file.to_owned(), format: Format::Xlsx, reason }
        }
    })?;
    Tables { file, options, grids: book.grids, notices: book.notices, format: Format::Xlsx }.read()
}

/// The name of the register that a file is a copy of: its name without directory, extension, dates, versions and
/// words like "final" and "copy". `AI_Inventory 2026-03-01 v2 (final).xlsx` is a copy of `ai-inventory`.
pub fn table_identity(file: &str) -> String {
    let name = file.rsplit(['/', '\\']).next().unwrap_or(file);
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let folded = fold_word(stem);
    let words: Vec<&str> = folded.split(' ').filter(|word| !is_edition(word)).collect();
    if words.is_empty() { folded.replace(' ', "-") } else { words.join("-") }
}

fn is_edition(word: &str) -> bool {
    const WORDS: &[&str] = &[
        "final", "draft", "copy", "kopie", "copie", "neu", "new", "latest", "export", "entwurf",
        "old", "alt", "rev",
    ];
    let numbered = |rest: &str| rest.bytes().all(|byte| byte.is_ascii_digit());
    WORDS.contains(&word) || numbered(word.strip_prefix(['v', 'q']).unwrap_or(word))
}

struct Tables<'a> {
    file: &'a str,
    options: &'a Options,
    grids: Vec<Grid>,
    notices: Vec<String>,
    format: Format,
}

impl Tables<'_> {
    fn read(mut self) -> Result<Reading, InventoryError> {
        self.refuse_what_is_no_register()?;
        let notices = std::mem::take(&mut self.notices);
        let mapping = Mapping::new(self.options)?;
        let grids = self.wanted()?;
        let layouts = self.layouts(&grids, &mapping)?;
        mapping.all_used(self.file, &grids, &layouts)?;
        let mut reading = Reading {
            format: self.format,
            proposals: Vec::new(),
            problems: Vec::new(),
            notices,
            unmapped: Vec::new(),
        };
        let mut per_kind: HashMap<&str, usize> = HashMap::new();
        for layout in layouts.iter().flatten() {
            let count = per_kind.entry(layout.kind.name).or_default();
            *count = count.saturating_add(1);
        }
        let register = self.options.table.clone().unwrap_or_else(|| table_identity(self.file));
        let mut mentions = Mentions::default();
        for (grid, layout) in grids.iter().zip(&layouts) {
            let Some(layout) = layout else {
                if !grid.rows.is_empty() {
                    let sheet = grid.sheet.as_deref().unwrap_or_default();
                    reading.notices.push(format!(
                        "sheet \"{sheet}\" holds no table of a known kind and was left out"
                    ));
                }
                continue;
            };
            reading.notices.push(understood(grid, layout));
            // Two sheets of one kind may both number their rows from 1.
            let several = per_kind.get(layout.kind.name).is_some_and(|count| *count > 1);
            let source = match &grid.sheet {
                Some(sheet) if several => {
                    format!("table:{register}/{}", fold_word(sheet).replace(' ', "-"))
                }
                Some(_) | None => format!("table:{register}"),
            };
            rows::Rows::new(self.file, grid, layout, source).read(&mut reading, &mut mentions);
        }
        mentions.join(&mut reading.proposals);
        Ok(reading)
    }

    fn refuse_what_is_no_register(&self) -> Result<(), InventoryError> {
        let unsuitable = |found: &str, hint: &str| {
            Err(InventoryError::Unsuitable {
                file: self.file.to_owned(),
                found: found.to_owned(),
                hint: hint.to_owned(),
            })
        };
        let ends = |end: &str| {
            self.grids
                .iter()
                .filter_map(|grid| grid.sheet.as_deref())
                .any(|sheet| sheet.ends_with(end))
        };
        if ends("_meta") && ends("_content") {
            return unsuitable(
                "is the workbook of a CISO Assistant library, not a register",
                "convert it to YAML and read that with `surety framework import`",
            );
        }
        let forced = self.options.kind.is_some() || !self.options.map.is_empty();
        if !forced && self.grids.iter().any(is_questionnaire) {
            return unsuitable(
                "is a questionnaire (it has a question and an answer column), not a register",
                "if its rows are records all the same, say of which kind and which column is the name: `--kind ai_system --map Question=name`",
            );
        }
        Ok(())
    }

    /// The grids to read.
    fn wanted(&self) -> Result<Vec<&Grid>, InventoryError> {
        let Some(wanted) = &self.options.sheet else { return Ok(self.grids.iter().collect()) };
        if self.format == Format::Csv {
            return Ok(self.grids.iter().collect());
        }
        let is_wanted = |grid: &&Grid| {
            grid.sheet
                .as_deref()
                .is_some_and(|sheet| sheet.trim().eq_ignore_ascii_case(wanted.trim()))
        };
        let found: Vec<&Grid> = self.grids.iter().filter(is_wanted).collect();
        if found.is_empty() {
            return Err(InventoryError::NoSheet {
                file: self.file.to_owned(),
                sheet: wanted.clone(),
                sheets: self.grids.iter().filter_map(|grid| grid.sheet.clone()).collect(),
            });
        }
        Ok(found)
    }

    /// What each grid holds. If some are surely registers, those that only might be are left out.
    fn layouts(
        &self,
        grids: &[&Grid],
        mapping: &Mapping,
    ) -> Result<Vec<Option<Layout>>, InventoryError> {
        let kind = match &self.options.kind {
            Some(name) => Some(Kind::named(name).ok_or_else(|| InventoryError::UnknownKind {
                kind: name.clone(),
                known: KINDS.iter().map(|kind| kind.name).collect(),
            })?),
            None => None,
        };
        let mut found: Vec<Option<Layout>> = grids
            .iter()
            .map(|grid| {
                let sheet = grid.sheet.as_deref().unwrap_or_default();
                let names = if sheet.is_empty() { [self.file, ""] } else { [sheet, ""] };
                layout(
                    grid,
                    &Hints {
                        kind,
                        mapped: &|kind, header, index| mapping.of(kind, header, index),
                        names: &names,
                    },
                )
            })
            .collect();
        if found.iter().flatten().any(|layout| layout.sure) {
            for layout in &mut found {
                if layout.as_ref().is_some_and(|layout| !layout.sure) {
                    *layout = None;
                }
            }
        }
        if found.iter().all(Option::is_none) {
            return Err(InventoryError::NoTable {
                file: self.file.to_owned(),
                reason: self.no_table(grids, kind),
            });
        }
        Ok(found)
    }

    fn no_table(&self, grids: &[&Grid], kind: Option<&'static Kind>) -> String {
        let widest = grids
            .iter()
            .flat_map(|grid| grid.rows.iter().take(20))
            .max_by_key(|row| (row.filled(), std::cmp::Reverse(row.line)));
        let Some(row) = widest else { return "it is empty".to_owned() };
        let headers: Vec<String> = row
            .cells
            .iter()
            .filter(|cell| !cell.is_empty())
            .take(12)
            .map(|cell| format!("\"{}\"", shortened(&cell.text(), 40)))
            .collect();
        let (label, title) = kind.map_or(("AI system", "name"), |kind| (kind.label, kind.title));
        format!(
            "no row among the first 20 has a header for the name of an {label} and one more known column; line {} has {}; \
             say which column is the name with `--map COLUMN={title}`",
            row.line,
            headers.join(", "),
        )
    }
}

/// `sheet "Register": AI systems, header in line 3; System → name, Vendor → suppliers`.
fn understood(grid: &Grid, layout: &Layout) -> String {
    let place = grid.sheet.as_ref().map(|sheet| format!("sheet \"{sheet}\": ")).unwrap_or_default();
    let line = grid.rows.get(layout.header).map_or(1, |row| row.line);
    let columns: Vec<String> = layout
        .columns
        .iter()
        .filter_map(|column| Some((column, column.field?)))
        .map(|(column, field)| format!("{} → {}", shortened(&column.header, 40), field.name))
        .collect();
    format!(
        "{place}each row is one {}, header in line {line}; {}",
        layout.kind.label,
        columns.join(", ")
    )
}

#[cfg(test)]
mod tests {
    use super::table_identity;

    #[test]
    fn copies_of_one_register_have_one_identity() {
        for file in [
            "ai_inventory.csv",
            "AI Inventory 2026-11-21.xlsx",
            "/home/anna/AI-Inventory_v2 (final).xlsx",
            "ai inventory - Kopie (1).csv",
        ] {
            assert_eq!(table_identity(file), "ai-inventory", "{file}");
        }
        assert_eq!(table_identity("2026.csv"), "2026");
    }
}
