//! An organisation's own files as proposals for its inventory.
//!
//! [`recognise`] tells what a file is from its content, [`read`] turns it into [`Proposal`]s: AI systems, data sets,
//! suppliers, resources, risks, evidence and what else tables hold. Everything here is pure and total: bytes in, values
//! out, no clock, no network, and no file makes it panic or take more than the [`crate::limits`] allow. The same bytes
//! under the same name always give the same proposals in the same order.
//!
//! A reading knows nothing of records that exist. Whoever takes it in looks up each proposal by (kind, source, external
//! id), then by name ([`fold_name`]), and creates or changes a record. Personal names and addresses are in
//! [`Proposal::identity`], in [`Target::Named`] and in the external ids of people, and in nothing else that goes onto a
//! ledger.

mod card;
mod croissant;
mod cyclonedx;
mod fold;
mod json;
mod mention;
mod proposal;
mod spdx3;
mod table;
mod terms;
mod values;
mod vocabulary;

use serde_json::Value;

pub use fold::fold_name;
pub use proposal::{
    Column, Format, Identity, InventoryError, Link, Options, Place, Problem, Proposal, Reading,
    Severity, Target, Unmapped,
};
pub use table::table_identity;
pub(crate) use table::{converted, is_workbook, measure};

use crate::limits::check_size;

/// What a file is, by its content; its name only helps where Markdown and text tables leave doubt. `None`: nothing that
/// [`read`] understands; its error says what the file seems to be.
pub fn recognise(name: &str, bytes: &[u8]) -> Option<Format> {
    if check_size(bytes).is_err() {
        return None;
    }
    match seen(name, bytes) {
        Seen::Known(format, _) => Some(format),
        Seen::Foreign { .. } => None,
    }
}

/// Reads a file into proposals.
///
/// # Errors
/// If the file as a whole cannot be read: of no known format, broken, of an unsupported version, too large, without a
/// table, or with options that do not fit it. What is wrong with single rows and values is in [`Reading::problems`].
pub fn read(name: &str, bytes: &[u8], options: &Options) -> Result<Reading, InventoryError> {
    check_size(bytes).map_err(|error| InventoryError::TooLarge {
        file: name.to_owned(),
        what: error.to_string(),
    })?;
    let (format, tree) = match (options.format, seen(name, bytes)) {
        (Some(format), Seen::Known(found, tree)) if found == format => (format, tree),
        (Some(format), _) => (format, None),
        (None, Seen::Known(format, tree)) => (format, tree),
        (None, Seen::Foreign { hint }) => {
            return Err(InventoryError::Unrecognised { file: name.to_owned(), hint });
        }
    };
    let tree = |format: Format| match tree {
        Some(tree) => Ok(tree),
        None => json::parse(bytes).map_err(|reason| InventoryError::Unreadable {
            file: name.to_owned(),
            format,
            reason,
        }),
    };
    match format {
        Format::Csv => table::read_csv(name, bytes, options),
        Format::Xlsx => table::read_xlsx(name, bytes, options),
        Format::CycloneDx => cyclonedx::read(name, &tree(format)?, options),
        Format::Spdx3 => spdx3::read(name, &tree(format)?),
        Format::Croissant => croissant::read(name, &tree(format)?),
        Format::ModelCard | Format::DatasetCard => card::read(name, bytes, format),
    }
}

/// The record kinds that a row of a table can stand for, with the fields that a column can fill.
pub fn table_kinds() -> Vec<(&'static str, Vec<&'static str>)> {
    vocabulary::KINDS
        .iter()
        .map(|kind| (kind.name, kind.fields.iter().map(|field| field.name).collect()))
        .collect()
}

/// What a look at a file finds.
enum Seen {
    /// With the tree, if it had to be parsed for that.
    Known(Format, Option<Value>),
    /// What it seems to be and what to do.
    Foreign { hint: String },
}

fn seen(name: &str, bytes: &[u8]) -> Seen {
    let foreign = |hint: &str| Seen::Foreign { hint: hint.to_owned() };
    if bytes.starts_with(b"PK\x03\x04") {
        return if table::is_workbook(bytes) {
            Seen::Known(Format::Xlsx, None)
        } else {
            foreign(
                "it is a ZIP archive but no XLSX workbook: unpack it, or save the table as .xlsx or .csv",
            )
        };
    }
    if bytes.starts_with(b"\xd0\xcf\x11\xe0") {
        return foreign(
            "it is an old binary Office file or an encrypted workbook: save it as an unprotected .xlsx",
        );
    }
    if bytes.starts_with(b"%PDF") {
        return foreign(
            "it is a PDF: register it as evidence or as a document, its content is not read",
        );
    }
    let (text, _) = table::decoded(bytes);
    let start = text.trim_start_matches('\u{feff}').trim_start();
    match start.chars().next() {
        None => foreign("it is empty"),
        Some('{' | '[') => seen_json(bytes),
        Some('<') => seen_xml(start),
        Some(_) => seen_text(name, &text),
    }
}

fn seen_json(bytes: &[u8]) -> Seen {
    let value = match json::parse(bytes) {
        Ok(value) => value,
        Err(reason) => {
            return Seen::Foreign { hint: format!("it begins like JSON but is not: {reason}") };
        }
    };
    if cyclonedx::is_cyclonedx(&value) {
        return Seen::Known(Format::CycloneDx, Some(value));
    }
    if spdx3::is_spdx3(&value) {
        return Seen::Known(Format::Spdx3, Some(value));
    }
    if croissant::is_croissant(&value) {
        return Seen::Known(Format::Croissant, Some(value));
    }
    let has = |key: &str| value.get(key).is_some();
    let hint = if has("spdxVersion") {
        "it is SPDX 2, which knows no models and data sets: ask the producer for SPDX 3.0 or a CycloneDX ML-BOM"
    } else if ["catalog", "profile", "mapping-collection", "component-definition"]
        .iter()
        .any(|key| has(key))
    {
        "it is OSCAL: read it with `surety framework import`"
    } else {
        "it is JSON, but neither CycloneDX nor SPDX 3 nor Croissant"
    };
    Seen::Foreign { hint: hint.to_owned() }
}

fn seen_xml(start: &str) -> Seen {
    let head: String = start.chars().take(2_000).collect();
    let hint = if head.contains("cyclonedx.org/schema/bom") {
        "it is CycloneDX in XML: only its JSON form is read, convert it (`cyclonedx convert --output-format json`)"
    } else {
        "it is XML or HTML: save a table as .xlsx or .csv, a bill of materials as JSON"
    };
    Seen::Foreign { hint: hint.to_owned() }
}

fn seen_text(name: &str, text: &str) -> Seen {
    if text.contains('\0') {
        return Seen::Foreign { hint: "it is binary and of no known kind".to_owned() };
    }
    if let Some(format) = card::kind_of(name, text) {
        return Seen::Known(format, None);
    }
    let lower = name.to_lowercase();
    let ends = |endings: &[&str]| endings.iter().any(|ending| lower.ends_with(ending));
    if ends(&[".csv", ".tsv", ".tab"]) {
        return Seen::Known(Format::Csv, None);
    }
    if ends(&[".json", ".jsonl", ".ndjson"]) {
        return Seen::Foreign { hint: "it is named JSON but does not begin like it: CycloneDX, SPDX 3 and Croissant are strict JSON".to_owned() };
    }
    if ends(&[".yaml", ".yml"]) || text.starts_with("urn:") || text.contains("\nurn:") {
        return Seen::Foreign { hint: "it is YAML: a framework library is read with `surety framework import`, records with `surety apply`".to_owned() };
    }
    if ends(&[".md", ".markdown"]) {
        return Seen::Foreign { hint: "it is Markdown but neither a model card nor a dataset card: force the format if it is one".to_owned() };
    }
    let head: String = text.chars().take(100_000).collect();
    if table::is_tabular(&head) {
        return Seen::Known(Format::Csv, None);
    }
    Seen::Foreign { hint: "it is text without a table in it".to_owned() }
}
