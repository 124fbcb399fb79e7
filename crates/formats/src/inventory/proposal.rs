//! What a reading yields: proposals, links between them, problems, and where in the file each was found.
//!
//! A proposal states only what its file states. It says nothing about records that exist already: matching, defaults
//! and decisions belong to whoever takes the proposals in.

use std::fmt;

use serde::Serialize;
use serde_json::{Map, Value};

/// A kind of file that can be read into proposals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// Text with separated values, one table.
    Csv,
    /// Office Open XML workbook, one table a sheet.
    Xlsx,
    /// CycloneDX 1.5 to 1.7 in JSON.
    CycloneDx,
    /// SPDX 3.0 in JSON-LD with the AI and Dataset profiles.
    Spdx3,
    /// Hugging Face model card: Markdown, with or without YAML front matter.
    ModelCard,
    /// Hugging Face dataset card.
    DatasetCard,
    /// `MLCommons` Croissant 1.0 or 1.1 in JSON-LD.
    Croissant,
}

impl Format {
    pub const ALL: [Format; 7] = [
        Format::Csv,
        Format::Xlsx,
        Format::CycloneDx,
        Format::Spdx3,
        Format::ModelCard,
        Format::DatasetCard,
        Format::Croissant,
    ];

    /// As in options and JSON: `cyclone_dx`.
    pub fn name(self) -> &'static str {
        match self {
            Format::Csv => "csv",
            Format::Xlsx => "xlsx",
            Format::CycloneDx => "cyclone_dx",
            Format::Spdx3 => "spdx3",
            Format::ModelCard => "model_card",
            Format::DatasetCard => "dataset_card",
            Format::Croissant => "croissant",
        }
    }

    /// The format that a person names, whatever the case and punctuation: `CycloneDX`, `model-card`.
    pub fn named(name: &str) -> Option<Format> {
        let plain = |text: &str| -> String {
            text.chars().filter(char::is_ascii_alphanumeric).flat_map(char::to_lowercase).collect()
        };
        let wanted = plain(name);
        Format::ALL.into_iter().find(|format| plain(format.name()) == wanted)
    }
}

impl fmt::Display for Format {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Format::Csv => "CSV table",
            Format::Xlsx => "XLSX workbook",
            Format::CycloneDx => "CycloneDX bill of materials",
            Format::Spdx3 => "SPDX 3 document",
            Format::ModelCard => "model card",
            Format::DatasetCard => "dataset card",
            Format::Croissant => "Croissant description",
        })
    }
}

/// How a file is to be read. The default recognises everything from the content.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Instead of the recognised format.
    pub format: Option<Format>,
    /// The record kind of each row of a table, instead of the guessed one: `supplier`.
    pub kind: Option<String>,
    /// Column to field. A column is named by its header, by its letter (`C`) or by its number (`3`); a field as `purpose`,
    /// or as `supplier.contract` to apply to tables of that kind only; `-` leaves the column out.
    pub map: Vec<(String, String)>,
    /// The one sheet to read. Default: every visible sheet that holds a table of a known kind.
    pub sheet: Option<String>,
    /// Names the register that a table is a copy of, so that the next copy under another file name updates the same
    /// records. Default: the file name without dates, versions and "copy" ([`crate::inventory::table_identity`]).
    pub table: Option<String>,
    /// Also propose the ordinary software components of a bill of materials, as tooling resources.
    pub components: bool,
}

/// All that a file holds for the inventory.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Reading {
    pub format: Format,
    /// In the order of the file. A link may point forward.
    pub proposals: Vec<Proposal>,
    /// In the order of the file.
    pub problems: Vec<Problem>,
    /// Things to know that are nobody's fault: sheets left out, components counted, an assumption for the whole file.
    pub notices: Vec<String>,
    /// Columns or keys that fill no field. Their values are in [`Proposal::original`].
    pub unmapped: Vec<Unmapped>,
}

/// One record that the file suggests.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Proposal {
    /// Record kind: `ai_system`.
    pub kind: &'static str,
    /// The scheme that `external_id` belongs to: `table:REGISTER`, `purl`, `cyclonedx`, `huggingface`, `spdx`,
    /// `croissant`, or `name` for what is known by its name only. (kind, source, external id) is the same whenever the
    /// same file, or a later version of it, is read.
    pub source: String,
    pub external_id: String,
    /// What people call it; the same as its title field in `body`, if the kind has one.
    pub name: String,
    /// Only named by another record of the file (a vendor, an owner). Take it in if nothing of that kind has this name;
    /// never change an existing record because of it.
    pub mention: bool,
    /// Name and address of a person: they belong beside the ledger, never into `body`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub identity: Option<Identity>,
    /// Fields of the record kind as the file states them; references are in `links` instead.
    pub body: Map<String, Value>,
    /// The life-cycle state that the file says the thing is in. A wish: gates and guards still apply.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub state: Option<String>,
    pub links: Vec<Link>,
    pub place: Place,
    /// What the file says beyond the fields, under its own names.
    pub original: Map<String, Value>,
    /// The record stands for the file itself: attach the bytes to it.
    pub attach_file: bool,
}

impl Proposal {
    /// Nothing but its kind and place.
    pub(crate) fn new(kind: &'static str, place: Place) -> Proposal {
        Proposal {
            kind,
            source: String::new(),
            external_id: String::new(),
            name: String::new(),
            mention: false,
            identity: None,
            body: Map::new(),
            state: None,
            links: Vec::new(),
            place,
            original: Map::new(),
            attach_file: false,
        }
    }

    /// Sets a field unless the value is empty.
    pub(crate) fn set(&mut self, field: &str, value: impl Into<Value>) {
        let value = value.into();
        let empty = match &value {
            Value::Null => true,
            Value::String(text) => text.trim().is_empty(),
            Value::Array(items) => items.is_empty(),
            Value::Object(members) => members.is_empty(),
            Value::Bool(_) | Value::Number(_) => false,
        };
        if !empty {
            self.body.insert(field.to_owned(), value);
        }
    }

    /// Keeps a fact that no field holds.
    pub(crate) fn keep(&mut self, name: &str, value: impl Into<Value>) {
        let value = value.into();
        if !value.is_null() {
            self.original.insert(name.to_owned(), value);
        }
    }

    /// A link to this proposal.
    pub(crate) fn as_target(&self) -> Target {
        Target::External {
            kind: self.kind,
            source: self.source.clone(),
            external_id: self.external_id.clone(),
        }
    }
}

/// Who a person proposal stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Identity {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
}

/// A reference field of a proposal and what it refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Link {
    /// Field of the proposal's kind: `suppliers`.
    pub field: &'static str,
    /// The field holds a list; several links may fill it.
    pub many: bool,
    pub target: Target,
}

/// What a link refers to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Target {
    /// A proposal of this reading, or the record that an earlier reading of it became.
    External { kind: &'static str, source: String, external_id: String },
    /// Whatever of this kind has this name: compare with [`crate::inventory::fold_name`], people by e-mail first.
    /// The reading holds a [`Proposal::mention`] or a full proposal of that name.
    Named {
        kind: &'static str,
        name: String,
        #[serde(skip_serializing_if = "Option::is_none")]
        email: Option<String>,
    },
    /// A record that exists already, by its readable id: `SUP-3`.
    Record { kind: &'static str, id: String },
}

/// Where in a file something stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Place {
    pub file: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// 1-based: the row as a spreadsheet program shows it (a quoted line break does not count), in cards the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<Column>,
    /// In JSON and YAML: `components[3].modelCard.considerations`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
}

/// A column of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Column {
    /// 1-based.
    pub number: u32,
    /// Its header, empty if it has none.
    pub name: String,
}

impl Place {
    pub(crate) fn file(file: &str) -> Place {
        Place { file: file.to_owned(), ..Place::default() }
    }

    pub(crate) fn path(file: &str, path: impl Into<String>) -> Place {
        Place { path: Some(path.into()), ..Place::file(file) }
    }

    pub(crate) fn line(file: &str, line: u32) -> Place {
        Place { line: Some(line), ..Place::file(file) }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if let Some(sheet) = &self.sheet {
            write!(f, ", sheet \"{sheet}\"")?;
        }
        if let Some(line) = self.line {
            write!(f, ", line {line}")?;
        }
        if let Some(Column { number, name }) = &self.column {
            write!(f, ", column {number}")?;
            if !name.is_empty() {
                write!(f, " ({name})")?;
            }
        }
        if let Some(path) = &self.path {
            write!(f, ", {path}")?;
        }
        Ok(())
    }
}

/// Something in the file that could not be taken as it stands.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Problem {
    pub place: Place,
    pub severity: Severity,
    /// As it stands in the file, shortened.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong and what to do.
    pub message: String,
}

/// How much was lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// Taken, on an assumption that a person should check.
    Warning,
    /// Not taken: the value, or the whole row where the message says so.
    Error,
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let severity = match self.severity {
            Severity::Warning => "warning",
            Severity::Error => "error",
        };
        write!(f, "{}: {severity}: {}", self.place, self.message)
    }
}

/// A column or key that fills no field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Unmapped {
    pub place: Place,
    /// Header or key.
    pub name: String,
    /// In how many rows or objects it holds a value.
    pub filled: u32,
    /// The first value, shortened.
    pub example: String,
}

/// Why a file cannot be read at all.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InventoryError {
    #[error("{file}: is of no known format; {hint}")]
    Unrecognised { file: String, hint: String },
    #[error("{file}: {found}; {hint}")]
    Unsuitable { file: String, found: String, hint: String },
    #[error("{file}: exceeds a limit: {what}")]
    TooLarge { file: String, what: String },
    #[error("{file}: is not a readable {format}: {reason}")]
    Unreadable { file: String, format: Format, reason: String },
    #[error("{file}: {format} of version {version} is not supported; {hint}")]
    Version { file: String, format: Format, version: String, hint: String },
    #[error("{file}: no table found: {reason}")]
    NoTable { file: String, reason: String },
    #[error("{file}: has no visible sheet \"{sheet}\"; it has {}", sheets.join(", "))]
    NoSheet { file: String, sheet: String, sheets: Vec<String> },
    #[error("no record kind \"{kind}\" can be read from a table; known are {}", known.join(", "))]
    UnknownKind { kind: String, known: Vec<&'static str> },
    #[error("the kind {kind} has no field \"{field}\" that a column can fill; it has {}", known.join(", "))]
    UnknownField { kind: &'static str, field: String, known: Vec<&'static str> },
    #[error("{file}: has no column \"{column}\" to map; it has {}", columns.join(", "))]
    UnknownColumn { file: String, column: String, columns: Vec<String> },
}
