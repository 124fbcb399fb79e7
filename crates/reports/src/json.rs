//! A sheet as JSON: an array of objects, one for each data row, keyed by column key in column order.
//!
//! Stable: keys, types and order are a promise to programs. Dates are `YYYY-MM-DD`, instants RFC 3339, lists arrays,
//! empty cells `null`. A row with reasons has `_why`: an object from column key to reason. Marks, group headings and
//! totals are for people and are left out.

use serde::ser::{SerializeMap, SerializeSeq};
use serde::{Serialize, Serializer};

use crate::ReportError;
use crate::sheet::{Cell, CellValue, Column, Meta, Sheet, Workbook};

/// The rows of `sheet` as a pretty-printed JSON array, with a final line end.
///
/// # Errors
/// [`ReportError::Json`] if a value cannot be written.
pub fn write(sheet: &Sheet) -> Result<String, ReportError> {
    pretty(&Rows(sheet))
}

/// The whole workbook: `{organisation, title, as_of, made_at, ledger: {size, root}, sheets: [{name, title, rows}]}`.
///
/// # Errors
/// [`ReportError::Json`] if a value cannot be written.
pub fn write_workbook(workbook: &Workbook) -> Result<String, ReportError> {
    pretty(&Whole(workbook))
}

fn pretty(value: &impl Serialize) -> Result<String, ReportError> {
    let mut text = serde_json::to_string_pretty(value)?;
    text.push('\n');
    Ok(text)
}

struct Whole<'a>(&'a Workbook);

impl Serialize for Whole<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Meta {
            organisation,
            title,
            as_of,
            made_at,
            ledger_size,
            ledger_root,
            logo: _,
            front: _,
        } = &self.0.meta;
        let mut map = serializer.serialize_map(Some(6))?;
        map.serialize_entry("organisation", organisation)?;
        map.serialize_entry("title", title)?;
        map.serialize_entry("as_of", as_of)?;
        map.serialize_entry("made_at", made_at)?;
        map.serialize_entry(
            "ledger",
            &serde_json::json!({ "size": ledger_size, "root": ledger_root }),
        )?;
        map.serialize_entry("sheets", &self.0.sheets.iter().map(Named).collect::<Vec<_>>())?;
        map.end()
    }
}

struct Named<'a>(&'a Sheet);

impl Serialize for Named<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(3))?;
        map.serialize_entry("name", &self.0.name)?;
        map.serialize_entry("title", &self.0.title)?;
        map.serialize_entry("rows", &Rows(self.0))?;
        map.end()
    }
}

struct Rows<'a>(&'a Sheet);

impl Serialize for Rows<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut sequence = serializer.serialize_seq(None)?;
        for cells in self.0.data() {
            sequence.serialize_element(&Object { columns: &self.0.columns, cells })?;
        }
        sequence.end()
    }
}

struct Object<'a> {
    columns: &'a [Column],
    cells: &'a [Cell],
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (index, column) in self.columns.iter().enumerate() {
            let cell = self.cells.get(index).unwrap_or(&Cell::EMPTY);
            map.serialize_entry(&column.key, &Value(&cell.value))?;
        }
        let reasons = Reasons(self);
        if reasons.iter().next().is_some() {
            map.serialize_entry("_why", &reasons)?;
        }
        map.end()
    }
}

struct Reasons<'a>(&'a Object<'a>);

impl Reasons<'_> {
    fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        let pairs = self.0.columns.iter().zip(self.0.cells);
        pairs.filter_map(|(column, cell)| Some((column.key.as_ref(), cell.why.as_deref()?)))
    }
}

impl Serialize for Reasons<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

struct Value<'a>(&'a CellValue);

impl Serialize for Value<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self.0 {
            CellValue::Empty => serializer.serialize_none(),
            CellValue::Text(text) => serializer.serialize_str(text),
            CellValue::List(items) => items.serialize(serializer),
            CellValue::Int(number) => serializer.serialize_i64(*number),
            CellValue::Decimal(number) => match number.to_string().parse::<f64>() {
                Ok(parsed) => serializer.serialize_f64(parsed),
                Err(_) => serializer.collect_str(number),
            },
            CellValue::Date(date) => date.serialize(serializer),
            CellValue::Instant(instant) => instant.serialize(serializer),
            CellValue::Bool(answer) => serializer.serialize_bool(*answer),
        }
    }
}
