//! The words around what was found.

use std::{borrow::Cow, ops::Range};

use serde_json::Value;
use surety_aims::Record;

use super::{
    query::{Fit, Query},
    words::words,
};

/// Characters of an excerpt before and after what was found.
const AROUND: usize = 60;

/// Every text of a record but its title, with the field that holds it.
pub(super) fn each_text(record: &Record, visit: &mut dyn FnMut(Cow<'static, str>, &str)) {
    let title = record.title();
    record.body.texts(&mut |name, text| {
        if text != title {
            visit(Cow::Borrowed(name), text);
        }
    });
    for (name, value) in &record.custom {
        let values = value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice);
        for text in values.iter().filter_map(Value::as_str) {
            visit(Cow::Owned(format!("custom.{name}")), text);
        }
    }
}

/// The text in which most of a query stands, the first of equals: its field, and the words around. Empty if there is none.
pub(super) fn excerpt(query: &Query, record: &Record) -> (Cow<'static, str>, String) {
    let (mut best, mut field, mut excerpt) = (0, Cow::Borrowed(""), String::new());
    each_text(record, &mut |name, text| {
        let (worth, place) = place(query, text);
        if worth > best {
            (best, field, excerpt) = (worth, name, around(text, place));
        }
    });
    (field, excerpt)
}

/// What a text is worth, and where in it the first of the words stands that are sought.
fn place(query: &Query, text: &str) -> (u32, Range<usize>) {
    let words = words(text);
    let mut worth = 0;
    let mut first = None;
    for sought in &query.sought {
        let places = sought.places(&words);
        let best = places.iter().map(|(_, fit)| *fit).max();
        let found = places.into_iter().find(|(_, fit)| Some(*fit) == best);
        worth += match best {
            None => 0,
            Some(Fit::Nearly) => 1,
            Some(Fit::Alike) => 10,
            Some(Fit::Exactly) => 11,
        };
        first = first.or(found.map(|(at, _)| at));
    }
    (worth, first.unwrap_or_default())
}

/// The characters around a place on one line, from and to whole words if there are any.
fn around(text: &str, place: Range<usize>) -> String {
    let before = text.get(..place.start).unwrap_or_default();
    let after = text.get(place.end..).unwrap_or_default();
    let start = before.char_indices().rev().nth(AROUND).map(|(start, _)| {
        let cut = before.get(start..).unwrap_or_default();
        // Where the first whole word of what is shown begins.
        start + cut.find(char::is_whitespace).unwrap_or(cut.len())
    });
    let end = after.char_indices().nth(AROUND).map(|(end, _)| {
        let cut = after.get(..end).unwrap_or_default();
        place.end + cut.rfind(char::is_whitespace).unwrap_or(0)
    });
    let shown = text.get(start.unwrap_or(0)..end.unwrap_or(text.len())).unwrap_or_default();
    let line = shown.split_whitespace().collect::<Vec<_>>().join(" ");
    let dots = |cut: Option<usize>| if cut.is_some() { "..." } else { "" };
    format!("{}{line}{}", dots(start), dots(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_excerpt_is_of_whole_words_around_what_was_found() {
        let query = Query::read("berth").unwrap();
        let shown = |text: &str| around(text, place(&query, text).1);
        assert_eq!(shown("Two ships,\n\tone  berth."), "Two ships, one berth.");
        let long = format!("{}the berth of the harbour{}", "fog ".repeat(40), " ice".repeat(40));
        let shown_long = shown(&long);
        assert_eq!(
            shown_long,
            format!("...{}the berth of the harbour{}...", "fog ".repeat(14), " ice".repeat(11))
        );
        assert_eq!(shown(&format!("{0} berth {0}", "x".repeat(200))), "...berth...");
    }

    #[test]
    fn the_first_of_the_words_is_shown_where_it_fits_best() {
        let query = Query::read("shipping fog").unwrap();
        let text = "shipped in fog; shipping";
        assert_eq!(place(&query, text), (22, 16..24));
    }
}
