//! Entries to append as the rows that they become, checked as far as that needs no database.

use std::borrow::Cow;
use std::collections::HashMap;

use jiff::Timestamp;
use surety_ledger::{EntryFault, HeaderRef};

use crate::column;
use crate::error::StoreError;
use crate::ledger::{NewEntry, Redaction};

/// One row of the log.
pub(crate) struct Row<'a> {
    pub(crate) seq: i64,
    pub(crate) instant: i64,
    pub(crate) idempotency_key: Option<Cow<'a, str>>,
    pub(crate) subject: Option<&'a str>,
    pub(crate) header: &'a [u8],
    pub(crate) salt: Option<&'a [u8]>,
    pub(crate) payload: Option<&'a [u8]>,
}

/// Rows with consecutive numbers and instants that do not run backwards.
pub(crate) struct Batch<'a> {
    pub(crate) rows: Vec<Row<'a>>,
    pub(crate) redactions: Vec<Redaction>,
    /// Instants of the first and the last row.
    pub(crate) span: (Timestamp, Timestamp),
}

impl<'a> Batch<'a> {
    /// The rows of `entries` from number `first_seq` on; none if there are no entries.
    pub(crate) fn of(
        organisation: &str,
        first_seq: u64,
        entries: &'a [NewEntry],
    ) -> Result<Option<Self>, StoreError> {
        let mut rows = Vec::with_capacity(entries.len());
        let mut redactions = Vec::new();
        let mut span = None;
        for (seq, new) in (first_seq..).zip(entries) {
            let header = header_at(organisation, seq, new)?;
            let (first, before) = span.unwrap_or((header.instant, header.instant));
            if header.instant < before {
                return Err(StoreError::ClockBackwards { seq, instant: header.instant, before });
            }
            span = Some((first, header.instant));
            if let Some(redacted) = new.redacts {
                if redacted >= seq {
                    return Err(StoreError::NotBefore { seq: redacted, redacted_by: seq });
                }
                redactions.push(Redaction { seq: redacted, redacted_by: seq });
            }
            rows.push(Row {
                seq: column::to_column(seq)?,
                instant: header.instant.as_microsecond(),
                idempotency_key: header.idempotency_key,
                subject: new.subject.as_deref(),
                header: &new.entry.header,
                salt: new.entry.salt.as_ref().map(|salt| salt.as_bytes().as_slice()),
                payload: new.entry.payload.as_deref(),
            });
        }
        let Some(span) = span else { return Ok(None) };
        let batch = Self { rows, redactions, span };
        batch.check_keys(first_seq)?;
        Ok(Some(batch))
    }

    /// The idempotency keys of the rows that have one.
    pub(crate) fn keys(&self) -> Vec<&str> {
        self.rows.iter().filter_map(|row| row.idempotency_key.as_deref()).collect()
    }

    fn check_keys(&self, first_seq: u64) -> Result<(), StoreError> {
        let mut seen = HashMap::with_capacity(self.rows.len());
        for (seq, row) in (first_seq..).zip(&self.rows) {
            let Some(key) = row.idempotency_key.as_deref() else { continue };
            if let Some(seq) = seen.insert(key, seq) {
                return Err(StoreError::DuplicateKey { key: key.to_owned(), seq });
            }
        }
        Ok(())
    }
}

/// The header of `new`, which must be that of entry `seq`.
fn header_at<'a>(
    organisation: &str,
    seq: u64,
    new: &'a NewEntry,
) -> Result<HeaderRef<'a>, StoreError> {
    let misfit = |source| StoreError::Misfit { seq, source };
    let header =
        HeaderRef::parse(&new.entry.header).map_err(|error| misfit(EntryFault::Header(error)))?;
    if header.organisation != organisation {
        return Err(misfit(EntryFault::Organisation { found: header.organisation.into_owned() }));
    }
    if header.seq != seq {
        return Err(misfit(EntryFault::Seq { found: header.seq }));
    }
    if new.entry.salt.is_some() != new.entry.payload.is_some() {
        return Err(misfit(EntryFault::HalfRedacted));
    }
    Ok(header)
}
