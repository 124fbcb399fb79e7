//! The caller's `--map COLUMN=FIELD`.

use super::{
    grid::Grid,
    header::{Layout, Mapped},
};
use crate::inventory::{
    fold::{fold_word, shortened},
    proposal::{InventoryError, Options},
    vocabulary::{Field, KINDS, Kind},
};

/// The mapped columns, checked against the kinds.
#[derive(Debug, Default)]
pub(crate) struct Mapping {
    entries: Vec<Entry>,
}

#[derive(Debug)]
struct Entry {
    column: String,
    /// `None`: any kind that has the field.
    kind: Option<&'static Kind>,
    /// `None`: leave the column out.
    field: Option<String>,
}

impl Mapping {
    pub(crate) fn new(options: &Options) -> Result<Mapping, InventoryError> {
        let forced = options.kind.as_deref().and_then(Kind::named);
        let mut entries = Vec::new();
        for (column, target) in &options.map {
            let (kind, field) = match target.trim().split_once('.') {
                Some((kind, field)) => (Some(named(kind.trim())?), field.trim()),
                None => (None, target.trim()),
            };
            let field = (!matches!(field, "-" | "")).then(|| field.to_owned());
            if let Some(field) = &field {
                check(kind.or(forced), field)?;
            }
            entries.push(Entry { column: column.trim().to_owned(), kind, field });
        }
        Ok(Mapping { entries })
    }

    /// What the caller says of a column in a table of `kind`.
    pub(crate) fn of(&self, kind: &'static Kind, header: &str, index: usize) -> Option<Mapped> {
        let entry = self
            .entries
            .iter()
            .filter(|entry| entry.kind.is_none_or(|only| only.name == kind.name))
            .find(|entry| names(&entry.column, header, index))?;
        match &entry.field {
            None => Some(Mapped::Ignore),
            Some(field) => kind.field(field).map(Mapped::Field),
        }
    }

    /// Refuses a mapping of a column that no table has: most likely a typing slip.
    pub(crate) fn all_used(
        &self,
        file: &str,
        grids: &[&Grid],
        layouts: &[Option<Layout>],
    ) -> Result<(), InventoryError> {
        let tables = || grids.iter().zip(layouts).filter_map(|(_, layout)| layout.as_ref());
        for entry in &self.entries {
            let used = tables().any(|layout| {
                layout
                    .columns
                    .iter()
                    .any(|column| names(&entry.column, &column.header, column.index))
            });
            // A mapping for a kind that the file does not hold belongs to another file of the same call.
            let concerned =
                entry.kind.is_none_or(|kind| tables().any(|layout| layout.kind.name == kind.name));
            if !used && concerned {
                return Err(InventoryError::UnknownColumn {
                    file: file.to_owned(),
                    column: entry.column.clone(),
                    columns: tables()
                        .flat_map(|layout| {
                            layout
                                .columns
                                .iter()
                                .map(|column| format!("\"{}\"", shortened(&column.header, 60)))
                        })
                        .collect(),
                });
            }
        }
        Ok(())
    }
}

fn named(name: &str) -> Result<&'static Kind, InventoryError> {
    Kind::named(name).ok_or_else(|| InventoryError::UnknownKind {
        kind: name.to_owned(),
        known: KINDS.iter().map(|kind| kind.name).collect(),
    })
}

fn check(kind: Option<&'static Kind>, field: &str) -> Result<(), InventoryError> {
    let known = match kind {
        Some(kind) => kind.field(field).is_some(),
        None => KINDS.iter().any(|kind| kind.field(field).is_some()),
    };
    if known {
        return Ok(());
    }
    let kind = kind.or_else(|| KINDS.first().copied());
    Err(InventoryError::UnknownField {
        kind: kind.map(|kind| kind.name).unwrap_or_default(),
        field: field.to_owned(),
        known: kind
            .map(|kind| kind.fields.iter().map(|Field { name, .. }| *name).collect())
            .unwrap_or_default(),
    })
}

/// Whether `column` is this column: by header, else by letter, else by number.
fn names(column: &str, header: &str, index: usize) -> bool {
    if fold_word(column) == fold_word(header) && !fold_word(column).is_empty() {
        return true;
    }
    let number = index.saturating_add(1);
    column == number.to_string()
        || (column.len() <= 3 && letters(number) == column.to_ascii_uppercase())
}

/// The name of a column in spreadsheet programs: 1 is A, 27 is AA.
fn letters(mut number: usize) -> String {
    let mut letters = Vec::new();
    while number > 0 {
        let digit = number.saturating_sub(1) % 26;
        letters.push(b'A'.saturating_add(u8::try_from(digit).unwrap_or_default()));
        number = number.saturating_sub(1) / 26;
    }
    letters.reverse();
    String::from_utf8(letters).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_named_by_header_letter_or_number() {
        assert!(names("system  NAME", "System name", 4));
        assert!(names("C", "Whatever", 2));
        assert!(names("aa", "Whatever", 26));
        assert!(names("3", "Whatever", 2));
        assert!(!names("D", "Whatever", 2));
    }
}
