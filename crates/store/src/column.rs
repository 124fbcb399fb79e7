//! Values as columns hold them. Both databases have 64-bit signed integers and no others.

use jiff::Timestamp;
use jiff::civil::Date;
use surety_ledger::{Entry, EntryError, EntryFault, Salt};

use crate::error::StoreError;

/// A sequence number or a size as a column holds it.
pub(crate) fn to_column(number: u64) -> Result<i64, StoreError> {
    i64::try_from(number).map_err(|_| {
        let source = EntryFault::Header(EntryError::Seq { seq: number });
        StoreError::Misfit { seq: number, source }
    })
}

/// As [`to_column`], for a bound above which nothing lies.
pub(crate) fn bound(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A sequence number or a size from a column.
pub(crate) fn from_column(number: i64) -> Result<u64, StoreError> {
    u64::try_from(number).map_err(|_| StoreError::damaged("number", number))
}

/// An instant in microseconds; what is finer is cut off, towards the past.
pub(crate) fn microseconds(instant: Timestamp) -> i64 {
    // A timestamp has years of four digits, which in microseconds are far from the limits.
    i64::try_from(instant.as_nanosecond().div_euclid(1000)).unwrap_or(i64::MAX)
}

/// An instant from a column.
pub(crate) fn instant(microseconds: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(microseconds)
        .map_err(|_| StoreError::damaged("instant", microseconds))
}

/// An entry from its columns.
pub(crate) fn entry(
    header: Vec<u8>,
    salt: Option<&[u8]>,
    payload: Option<Vec<u8>>,
) -> Result<Entry, StoreError> {
    let salt = salt
        .map(|bytes| Salt::try_from(bytes).map_err(|error| StoreError::damaged("salt", error)))
        .transpose()?;
    Ok(Entry { header, salt, payload })
}

/// A list of texts as a column holds it: JSON.
pub(crate) fn to_texts(texts: &[String]) -> String {
    serde_json::Value::from(texts).to_string()
}

/// A list of texts from a column.
pub(crate) fn texts(column: &str) -> Result<Vec<String>, StoreError> {
    serde_json::from_str(column).map_err(|error| StoreError::damaged("list", error))
}

/// A day from a column.
pub(crate) fn day(column: &str) -> Result<Date, StoreError> {
    column.parse().map_err(|error: jiff::Error| StoreError::damaged("day", error))
}
