//! Instants in the local time of a place, and how they are read and written.
//!
//! Time zones come from the IANA rules that are built in, so that the same question has the same answer on every machine.

use std::{fmt, str::FromStr};

use jiff::{
    Timestamp, Zoned,
    civil::DateTime,
    fmt::temporal::{Pieces, TimeZoneAnnotationKind},
    tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase},
};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{ClockError, holiday};

/// An instant with the offset of the place where it is read: `2026-11-19T10:20:00+01:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LocalInstant {
    at: Timestamp,
    offset: Offset,
}

impl LocalInstant {
    pub fn new(at: Timestamp, timezone: &TimeZone) -> LocalInstant {
        LocalInstant { at, offset: timezone.to_offset(at) }
    }

    pub fn at(self) -> Timestamp {
        self.at
    }

    /// Date and time as a clock on the wall shows them there.
    pub fn on_the_wall(self) -> DateTime {
        self.offset.to_datetime(self.at)
    }
}

impl From<&Zoned> for LocalInstant {
    fn from(zoned: &Zoned) -> LocalInstant {
        LocalInstant { at: zoned.timestamp(), offset: zoned.offset() }
    }
}

impl fmt::Display for LocalInstant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.at.display_with_offset(self.offset))
    }
}

impl FromStr for LocalInstant {
    type Err = ClockError;

    fn from_str(text: &str) -> Result<LocalInstant, ClockError> {
        let wrong = || ClockError::NotAnInstant { text: shortened(text) };
        let pieces = Pieces::parse(text).map_err(|_| wrong())?;
        let offset = pieces.to_numeric_offset().ok_or_else(wrong)?;
        let at = text.parse().map_err(|_| wrong())?;
        Ok(LocalInstant { at, offset })
    }
}

impl Serialize for LocalInstant {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for LocalInstant {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

impl schemars::JsonSchema for LocalInstant {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        "LocalInstant".into()
    }

    fn inline_schema() -> bool {
        true
    }

    fn json_schema(_: &mut schemars::SchemaGenerator) -> schemars::Schema {
        schemars::json_schema!({ "type": "string", "format": "date-time" })
    }
}

/// The time zone of this IANA name, from the rules that are built in.
pub fn timezone(name: &str) -> Result<TimeZone, ClockError> {
    let unknown = || ClockError::UnknownTimezone { name: shortened(name) };
    if name.is_empty() || name.len() > 64 {
        return Err(unknown());
    }
    TimeZoneDatabase::bundled().get(name).map_err(|_| unknown())
}

/// The instant that `text` means in a time zone: ISO 8601 with date and time. With an offset it is what it says;
/// without one it is local time, and an error where that does not exist or occurs twice.
pub fn instant(text: &str, timezone: &TimeZone) -> Result<Timestamp, ClockError> {
    let wrong = || ClockError::NotAnInstant { text: shortened(text) };
    let pieces = Pieces::parse(text).map_err(|_| wrong())?;
    let local = pieces.date().to_datetime(pieces.time().ok_or_else(wrong)?);
    let zone = timezone.iana_name().unwrap_or_default();
    if let Some(named) = pieces.time_zone_annotation() {
        let named = annotation(named.kind());
        if !named.eq_ignore_ascii_case(zone) {
            let (text, timezone) = (shortened(text), zone.to_owned());
            return Err(ClockError::OtherTimezone { text, named, timezone });
        }
    }
    let at = match pieces.to_numeric_offset() {
        Some(offset) => offset.to_timestamp(local).map_err(|_| wrong())?,
        None => only_once(local, timezone, text)?,
    };
    let year = at.to_zoned(timezone.clone()).year();
    if holiday::YEARS.contains(&year) { Ok(at) } else { Err(ClockError::Year { year }) }
}

fn annotation(kind: &TimeZoneAnnotationKind<'_>) -> String {
    match kind {
        TimeZoneAnnotationKind::Named(named) => named.as_str().to_owned(),
        TimeZoneAnnotationKind::Offset(offset) => offset.to_string(),
        _ => String::new(),
    }
}

fn only_once(local: DateTime, timezone: &TimeZone, text: &str) -> Result<Timestamp, ClockError> {
    let zone = || timezone.iana_name().unwrap_or_default().to_owned();
    let ambiguous = timezone.to_ambiguous_timestamp(local);
    match ambiguous.offset() {
        AmbiguousOffset::Unambiguous { offset } => offset
            .to_timestamp(local)
            .map_err(|_| ClockError::NotAnInstant { text: shortened(text) }),
        AmbiguousOffset::Gap { .. } => {
            Err(ClockError::NonexistentLocalTime { text: shortened(text), timezone: zone() })
        }
        AmbiguousOffset::Fold { .. } => {
            Err(ClockError::AmbiguousLocalTime { text: shortened(text), timezone: zone() })
        }
    }
}

/// What a stranger wrote, short enough for a message.
fn shortened(text: &str) -> String {
    text.chars().filter(|one| !one.is_control()).take(60).collect()
}
