//! The records as the JSON that the page's script reads.

use serde::Serialize;
use serde_json::value::RawValue;

use crate::ReportError;
use crate::sheet::Tone;

use super::{HistoryEntry, ReaderInput, ReaderRecord};

#[derive(Serialize)]
struct Document<'a> {
    ledger: Ledger<'a>,
    records: Vec<Record<'a>>,
}

#[derive(Serialize)]
struct Ledger<'a> {
    size: u64,
    root: &'a str,
}

#[derive(Serialize)]
struct Record<'a> {
    id: &'a str,
    kind: &'a str,
    title: &'a str,
    state: &'a str,
    symbol: Option<char>,
    tone: Option<&'static str>,
    body: &'a RawValue,
    history: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    seq: u64,
    at: jiff::Timestamp,
    actor: &'a str,
    action: &'a str,
    reason: &'a str,
    leaf_hash: &'a str,
    proof: Option<&'a [String]>,
}

/// The JSON of everything that the script shows.
pub(super) fn document(input: &ReaderInput) -> Result<String, ReportError> {
    Ok(serde_json::to_string(&Document {
        ledger: Ledger { size: input.meta.ledger_size, root: &input.meta.ledger_root },
        records: input.records.iter().map(record).collect(),
    })?)
}

fn record(record: &ReaderRecord) -> Record<'_> {
    Record {
        id: &record.id,
        kind: &record.kind,
        title: &record.title,
        state: &record.state,
        symbol: record.mark.map(|mark| mark.symbol),
        tone: record.mark.map(|mark| mark.tone).map(Tone::word),
        body: &record.body,
        history: record.history.iter().map(entry).collect(),
    }
}

fn entry(entry: &HistoryEntry) -> Entry<'_> {
    Entry {
        seq: entry.seq,
        at: entry.at,
        actor: &entry.actor,
        action: &entry.action,
        reason: &entry.reason,
        leaf_hash: &entry.leaf_hash,
        proof: entry.proof.as_deref(),
    }
}
