//! Whether a piece of evidence still counts (ISO/IEC 42001 7.5.3, 9.1).

use jiff::civil::Date;

use super::due::evidence_is_superseded;
use crate::{Book, Record, of, records::EvidenceItem};

/// Days before its last day from which newer evidence should be collected.
pub const SOON_DAYS: i32 = 30;

/// How a piece of evidence stands on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Freshness {
    /// Nobody has accepted it, so it shows nothing yet.
    NotAccepted,
    /// It counts, and has no last day.
    Lasting,
    /// It counts, for longer than [`SOON_DAYS`].
    Current,
    /// It counts, for so many days more.
    Soon(i32),
    /// Its last day has passed, and newer evidence shows all that it showed.
    Superseded,
    /// Its last day has passed, and something that it showed is shown by nothing newer.
    Lapsed,
}

/// How a piece of evidence stands on a day; `None` for other records.
pub fn freshness(book: &Book, record: &Record, on: Date) -> Option<Freshness> {
    let evidence = of::<EvidenceItem>(record)?;
    if record.effective().is_none() {
        return Some(Freshness::NotAccepted);
    }
    let Some(until) = evidence.fresh_until else { return Some(Freshness::Lasting) };
    let days = (until - on).get_days();
    Some(match days {
        ..0 if evidence_is_superseded(book, record.id, evidence) => Freshness::Superseded,
        ..0 => Freshness::Lapsed,
        0..=SOON_DAYS => Freshness::Soon(days),
        _ => Freshness::Current,
    })
}
