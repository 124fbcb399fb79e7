//! The reader of an audit pack: one HTML page that opens from a disk, for whoever has no Surety.
//!
//! The page is whole in itself: no address outside it is ever asked, and its content security policy allows only its
//! own style and script, named by hash. Tables are there without JavaScript; with it they can be searched and sorted,
//! and a record opens with its history and proofs. The page proves nothing by itself and says so: it names the
//! commands that do.
//!
//! Knows how a page is built and how foreign text is kept from becoming markup. It must not know what a record means,
//! nor check a signature.

mod data;
mod html;
mod page;
mod table;

use jiff::Timestamp;
use serde_json::value::RawValue;

use crate::ReportError;
use crate::sheet::{Mark, Meta, Sheet};

/// What the page shows.
#[derive(Clone, Debug)]
pub struct ReaderInput {
    /// Where the figures come from; `ledger_root` in base64, as the checkpoint writes it.
    pub meta: Meta,
    /// Further facts for the head of the page, as label and value: law versions, catalogs, evidence files.
    pub facts: Vec<(String, String)>,
    /// The signed checkpoint (C2SP tlog-checkpoint), as text.
    pub checkpoint: String,
    /// How to verify the pack; [`usual_steps`] gives the two commands that every pack has.
    pub steps: Vec<Step>,
    /// The tables, in reading order.
    pub sections: Vec<Section>,
    /// The records. Their ids become links wherever a table names them.
    pub records: Vec<ReaderRecord>,
}

/// A command that the reader may run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// The command line.
    pub command: String,
    /// What it does and what it needs.
    pub says: String,
}

/// A table with its own heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Anchor in the page, lower-case letters, digits and hyphens; others are replaced.
    pub anchor: String,
    /// What the table answers, in a sentence or two.
    pub lead: String,
    /// The table; its title is the heading.
    pub sheet: Sheet,
}

/// A record with its history.
#[derive(Clone, Debug)]
pub struct ReaderRecord {
    /// Readable id, `SYS-12`; unique in the pack.
    pub id: String,
    /// The kind in words, `AI system`.
    pub kind: String,
    /// What people call it.
    pub title: String,
    /// State of its life cycle.
    pub state: String,
    /// Shape and colour role of the state, if it is a judgement.
    pub mark: Option<Mark>,
    /// The record as it stood: a JSON object, shown in the order of its fields.
    pub body: Box<RawValue>,
    /// Its entries, oldest first.
    pub history: Vec<HistoryEntry>,
}

/// One ledger entry of a record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HistoryEntry {
    /// Index of the leaf in the ledger, from 0.
    pub seq: u64,
    /// Instant of the entry.
    pub at: Timestamp,
    /// Who made it.
    pub actor: String,
    /// What happened, in words: `stated`, `moved to approved`.
    pub action: String,
    /// The reason given, if any.
    pub reason: String,
    /// Leaf hash (RFC 6962 section 2.1), base64.
    pub leaf_hash: String,
    /// Inclusion proof in the checkpoint's tree (RFC 6962 section 2.1.1): hashes from the leaf upwards, base64. `None`
    /// if the pack keeps it in a file only.
    pub proof: Option<Vec<String>>,
}

/// The two commands that verify the pack `file`.
pub fn usual_steps(file: &str) -> Vec<Step> {
    let file = page::shell_word(file);
    vec![
        Step {
            command: format!("surety verify {file}"),
            says: "Recomputes every hash, proof and signature. Needs the pack only.".to_owned(),
        },
        Step {
            command: format!("python3 verify_pack.py {file}"),
            says: "The same by a second, independent program of a few hundred lines that you can read; it lies in \
                   the pack and needs Python with the package cryptography."
                .to_owned(),
        },
    ]
}

/// The page.
///
/// # Errors
/// [`ReportError::Json`] if a record cannot be written as JSON.
pub fn write(input: &ReaderInput) -> Result<String, ReportError> {
    page::write(input)
}
