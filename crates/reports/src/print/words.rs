//! Words as people print them: dates as `2 Dec 2026`, no characters that steer anything, no word wider than its column.

use std::borrow::Cow;

use crate::plain::{without_controls, xml_characters};
use crate::sheet::{Cell, CellValue, Meta};

/// Characters of the root of a ledger that are enough to tell it from others.
const SHORT_ROOT: usize = 12;
/// Characters of a name in the footer.
const IN_FOOTER: usize = 60;

/// The value of a cell in words.
pub(crate) fn printed(cell: &Cell) -> Cow<'_, str> {
    match &cell.value {
        CellValue::Date(date) => Cow::Owned(date.strftime("%-d %b %Y").to_string()),
        CellValue::Instant(instant) => {
            Cow::Owned(instant.strftime("%-d %b %Y %H:%M:%S UTC").to_string())
        }
        CellValue::Empty
        | CellValue::Text(_)
        | CellValue::List(_)
        | CellValue::Int(_)
        | CellValue::Decimal(_)
        | CellValue::Bool(_) => cell.words(),
    }
}

/// Harmless text in which a word of more than `letters` characters can be broken.
pub(crate) fn breakable(text: &str, letters: usize) -> String {
    let clean = without_controls(text);
    let clean = xml_characters(&clean);
    let mut out = String::with_capacity(clean.len());
    let mut run = 0;
    for character in clean.chars() {
        run = if character.is_whitespace() { 0 } else { run + 1 };
        if run > letters {
            out.push('\u{200B}');
            run = 1;
        }
        out.push(character);
    }
    out
}

/// A line about the origin of the figures: what it is called, what it says, and whether it is for machines to compare.
pub(crate) type Fact<'a> = (&'a str, String, bool);

/// What the front of a document says about its figures.
pub(crate) fn facts(meta: &Meta) -> Vec<Fact<'_>> {
    let subject = meta.front.iter().map(|(label, fact)| (label.as_str(), fact.clone(), false));
    let mut facts: Vec<Fact<'_>> = subject.collect();
    let made = meta.made_at.strftime("%-d %B %Y, %H:%M:%S UTC");
    facts.push(("As it stood on", meta.as_of.strftime("%-d %B %Y").to_string(), false));
    facts.push(("Made at", made.to_string(), false));
    if meta.ledger_size > 0 {
        facts.push(("Ledger entries", meta.ledger_size.to_string(), false));
        facts.push(("Ledger root", meta.ledger_root.clone(), true));
    }
    facts
}

/// What every page says, so that a printed one can be traced.
pub(crate) fn footer(meta: &Meta) -> String {
    let organisation = shortened(&meta.organisation);
    let title = shortened(&meta.title);
    let day = meta.as_of.strftime("%-d %b %Y");
    let from = format!("{organisation} · {title} · as of {day}");
    if meta.ledger_size == 0 {
        return from;
    }
    let root: String = meta.ledger_root.chars().take(SHORT_ROOT).collect();
    format!("{from} · ledger of {} entries, root {root}…", meta.ledger_size)
}

fn shortened(text: &str) -> Cow<'_, str> {
    if text.chars().count() <= IN_FOOTER {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().take(IN_FOOTER - 1).chain(['…']).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_words_that_are_too_long_are_broken() {
        assert_eq!(breakable("one three", 5), "one three");
        assert_eq!(breakable("abcdefgh ij", 3), "abc\u{200B}def\u{200B}gh ij");
        assert_eq!(breakable("a\u{202E}b\u{1B}", 9), "a\u{FFFD}b\u{FFFD}");
    }
}
