//! The calendar as an iCalendar file (RFC 5545), for the calendar programs that people use.
//!
//! Names of systems are left out unless asked for: calendar files are mailed, published and synchronised.

use jiff::Timestamp;

use super::{CalendarEntry, Occasion, why::list};

/// Octets of a line of a file, without its end (RFC 5545, section 3.1).
const LINE_OCTETS: usize = 75;

/// Provisions named in a description before it says how many there are.
const NAMED_PROVISIONS: usize = 12;

/// What a file may say about the organisation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Naming {
    /// Nothing about our systems.
    Anonymous,
    /// The systems as their subjects are called.
    WithSystems,
}

/// The entries as all-day events. `name`: what calendar programs call the calendar; `stamp`: when the file was made
/// (RFC 5545, section 3.8.7.2). The UID of an event follows from its day, occasion and regime, so that a newer file
/// updates what an older one brought.
pub fn ics(entries: &[CalendarEntry<'_>], name: &str, stamp: Timestamp, naming: Naming) -> String {
    let mut lines = Lines::default();
    lines.raw("BEGIN:VCALENDAR");
    lines.raw("VERSION:2.0");
    lines.raw("PRODID:-//Surety//Law calendar//EN");
    lines.raw("CALSCALE:GREGORIAN");
    lines.raw("METHOD:PUBLISH");
    lines.text("X-WR-CALNAME", name);
    for entry in entries {
        event(entry, stamp, naming, &mut lines);
    }
    lines.raw("END:VCALENDAR");
    lines.file
}

fn event(entry: &CalendarEntry<'_>, stamp: Timestamp, naming: Naming, lines: &mut Lines) {
    let compact = |date: jiff::civil::Date| date.strftime("%Y%m%d").to_string();
    lines.raw("BEGIN:VEVENT");
    lines.raw(&format!("UID:{}", uid(entry)));
    lines.raw(&format!("DTSTAMP:{}", stamp.strftime("%Y%m%dT%H%M%SZ")));
    lines.raw(&format!("DTSTART;VALUE=DATE:{}", compact(entry.date)));
    if let Ok(next) = entry.date.tomorrow() {
        lines.raw(&format!("DTEND;VALUE=DATE:{}", compact(next)));
    }
    lines.text("SUMMARY", &summary(entry));
    lines.text("DESCRIPTION", &description(entry, naming));
    lines.raw("CLASS:PUBLIC");
    lines.raw("TRANSP:TRANSPARENT");
    lines.raw("END:VEVENT");
}

/// Stable over files: nothing in it depends on when or for whom the file is made.
fn uid(entry: &CalendarEntry<'_>) -> String {
    let regime = if entry.regime.is_empty() { entry.version } else { entry.regime };
    format!("{}-{}-{regime}@law.surety", entry.date, occasion_id(entry.occasion))
}

fn occasion_id(occasion: Occasion) -> &'static str {
    match occasion {
        Occasion::VersionInForce => "version",
        Occasion::Reworded => "reworded",
        Occasion::FormallyApplies => "formal",
        Occasion::Starts => "starts",
        Occasion::Ends => "ends",
        Occasion::Deadline => "deadline",
    }
}

fn summary(entry: &CalendarEntry<'_>) -> String {
    let about = about(entry);
    match entry.occasion {
        Occasion::VersionInForce => format!("In force: {about}"),
        Occasion::Reworded => format!("New wording: {about}"),
        Occasion::FormallyApplies => format!("Applies formally, not yet in effect: {about}"),
        Occasion::Starts => format!("Starts to bind: {about}"),
        Occasion::Ends => format!("No longer binds: {about}"),
        Occasion::Deadline => {
            let titles: Vec<&str> = entry.provisions.iter().map(|one| one.title.as_str()).collect();
            format!("Deadline: {}", list(&titles, "and"))
        }
    }
}

/// The provisions and for which scopes, unless for all.
fn about(entry: &CalendarEntry<'_>) -> String {
    let scopes: Vec<String> =
        entry.scopes.iter().filter(|one| **one != "all").map(|one| one.replace('_', " ")).collect();
    if scopes.is_empty() {
        return entry.summary.to_owned();
    }
    format!("{} ({})", entry.summary, list(&scopes, "and"))
}

fn description(entry: &CalendarEntry<'_>, naming: Naming) -> String {
    let mut parts = Vec::new();
    let mut part = |name: &str, items: &[&str]| {
        if !items.is_empty() {
            parts.push(format!("{name}: {}", items.join(", ")));
        }
    };
    part("For", &entry.roles.iter().copied().collect::<Vec<_>>());
    part("Of", &entry.tiers.iter().copied().collect::<Vec<_>>());
    let named: Vec<&str> =
        entry.provisions.iter().take(NAMED_PROVISIONS).map(|one| one.reference.as_str()).collect();
    part("Provisions", &named);
    let more = entry.provisions.len().saturating_sub(named.len());
    if more > 0 {
        parts.push(format!("and {more} more"));
    }
    let mut part = |name: &str, items: &[&str]| {
        if !items.is_empty() {
            parts.push(format!("{name}: {}", items.join("; ")));
        }
    };
    part("Basis", &entry.citations.iter().copied().collect::<Vec<_>>());
    match naming {
        Naming::Anonymous => {}
        Naming::WithSystems => {
            part("Systems", &entry.systems.iter().map(String::as_str).collect::<Vec<_>>());
        }
    }
    parts.push(format!("Law version: {}", entry.version));
    parts.join("\n")
}

/// Content lines, folded and ended as RFC 5545, section 3.1, asks.
#[derive(Default)]
struct Lines {
    file: String,
}

impl Lines {
    /// A property whose value is text.
    fn text(&mut self, name: &str, value: &str) {
        self.raw(&format!("{name}:{}", escaped(value)));
    }

    /// A whole content line; folded without cutting a character.
    fn raw(&mut self, line: &str) {
        let mut octets: usize = 0;
        for character in line.chars() {
            let width = character.len_utf8();
            if octets.saturating_add(width) > LINE_OCTETS {
                self.file.push_str("\r\n ");
                octets = 1;
            }
            self.file.push(character);
            octets = octets.saturating_add(width);
        }
        self.file.push_str("\r\n");
    }
}

/// Text as a value (RFC 5545, section 3.3.11). Other control characters may not stand in a file and are left out.
fn escaped(text: &str) -> String {
    let mut value = String::with_capacity(text.len());
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '\\' => value.push_str("\\\\"),
            ';' => value.push_str("\\;"),
            ',' => value.push_str("\\,"),
            '\r' => {
                characters.next_if_eq(&'\n');
                value.push_str("\\n");
            }
            '\n' => value.push_str("\\n"),
            '\t' => value.push('\t'),
            other if other.is_control() => {}
            other => value.push(other),
        }
    }
    value
}
